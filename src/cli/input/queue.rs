//! Many jobs on as many threads as can run at the same time, whose results come out in the order
//! of the jobs.
//!
//! A job may turn out to be an archive: then its members are tasks of their own, so that one large
//! archive keeps all threads busy. Few results wait for one before them: whoever is that far ahead
//! pauses, so memory does not grow with the number of jobs.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;

/// Results that may wait for one before them.
const WAITING: usize = 64;

/// What a job turned out to be.
pub(super) enum Opened<A, O> {
    /// Done, with this result.
    Done(O),
    /// An archive of so many members, at least one.
    Archive(A, usize),
}

/// A result's place: the number of the job, and of the member in it.
type Place = (usize, usize);

/// One thing to do.
enum Task<J, A> {
    Job(usize, J),
    Member(Place, Arc<A>, bool),
}

/// An archive with members that nobody has taken yet.
struct Untaken<A> {
    archive: Arc<A>,
    next: usize,
    count: usize,
}

struct State<I, A, O> {
    /// The jobs that nobody has taken yet, until they end.
    jobs: Option<I>,
    next: usize,
    /// Jobs that may still turn out to be archives.
    opening: usize,
    archives: BTreeMap<usize, Untaken<A>>,
    /// Results that are ready, and whether each is the last of its job.
    results: BTreeMap<Place, (O, bool)>,
    /// Tasks that were taken, less the results that were told.
    ahead: usize,
    /// The place of the result that is told next.
    head: Place,
    stopped: bool,
}

impl<J, I: Iterator<Item = J>, A, O> State<I, A, O> {
    /// The next task that may be begun now.
    fn take(&mut self) -> Option<Task<J, A>> {
        let has_room = self.ahead < WAITING;
        if let Some(mut first) = self.archives.first_entry() {
            let number = *first.key();
            let untaken = first.get_mut();
            let member = untaken.next;
            // What is told next may always begin, or everybody would wait for it.
            if !has_room && (number != self.head.0 || member >= self.head.1 + WAITING) {
                return None;
            }
            untaken.next += 1;
            let is_last = untaken.next == untaken.count;
            let archive = Arc::clone(&untaken.archive);
            if is_last {
                first.remove();
            }
            self.ahead += 1;
            return Some(Task::Member((number, member), archive, is_last));
        }
        if !has_room && self.next != self.head.0 {
            return None;
        }
        let Some(job) = self.jobs.as_mut()?.next() else {
            self.jobs = None;
            return None;
        };
        self.next += 1;
        self.ahead += 1;
        self.opening += 1;
        Some(Task::Job(self.next - 1, job))
    }

    /// Whether nothing is left to take, and nothing will be.
    fn is_done(&self) -> bool {
        self.stopped || (self.jobs.is_none() && self.opening == 0 && self.archives.is_empty())
    }

    fn expand(&mut self, number: usize, archive: A, count: usize) {
        // The task was the opening; its results are those of the members.
        self.ahead -= 1;
        self.archives.insert(number, Untaken { archive: Arc::new(archive), next: 0, count });
    }
}

struct Queue<I, A, O> {
    state: Mutex<State<I, A, O>>,
    changed: Condvar,
}

impl<J, I: Iterator<Item = J>, A, O> Queue<I, A, O> {
    fn lock(&self) -> MutexGuard<'_, State<I, A, O>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, change: impl FnOnce(&mut State<I, A, O>)) {
        change(&mut self.lock());
        self.changed.notify_all();
    }

    fn task(&self) -> Option<Task<J, A>> {
        let mut state = self.lock();
        loop {
            if state.stopped {
                return None;
            }
            if let Some(task) = state.take() {
                return Some(task);
            }
            if state.is_done() {
                self.changed.notify_all();
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// The result that comes next, and whether it is the last of its job.
    fn result(&self) -> Option<(O, bool)> {
        let mut state = self.lock();
        loop {
            let head = state.head;
            if let Some((result, is_last)) = state.results.remove(&head) {
                state.head = if is_last { (head.0 + 1, 0) } else { (head.0, head.1 + 1) };
                state.ahead -= 1;
                self.changed.notify_all();
                return Some((result, is_last));
            }
            if state.stopped || (state.ahead == 0 && state.is_done()) {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// Ends the work of all when it is dropped.
struct Stop<'q, J, I: Iterator<Item = J>, A, O>(&'q Queue<I, A, O>);

impl<J, I: Iterator<Item = J>, A, O> Drop for Stop<'_, J, I, A, O> {
    fn drop(&mut self) {
        self.0.update(|state| state.stopped = true);
    }
}

/// Does all jobs and tells their results in order, with whether each is the last of its job; ends
/// early where telling fails. Each thread has a buffer of its own.
pub(super) fn in_order<J: Send, A: Send + Sync, O: Send>(
    mut jobs: impl Iterator<Item = J> + Send,
    on_one_thread: bool,
    open: impl Fn(J, &mut Vec<u8>) -> Opened<A, O> + Sync,
    member: impl Fn(&A, usize) -> O + Sync,
    mut tell: impl FnMut(O, bool) -> Result<()>,
) -> Result<()> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    if on_one_thread || threads == 1 {
        let mut buffer = Vec::new();
        return jobs.try_for_each(|job| match open(job, &mut buffer) {
            Opened::Done(result) => tell(result, true),
            Opened::Archive(archive, count) => {
                (0..count).try_for_each(|n| tell(member(&archive, n), n + 1 == count))
            }
        });
    }
    // A single job needs no other thread, unless it is an archive.
    let (first, second) = (jobs.next(), jobs.next());
    let mut archives = BTreeMap::new();
    let mut waiting = [first, second];
    let mut next = 0;
    if waiting[1].is_none() {
        let Some(job) = waiting[0].take() else { return Ok(()) };
        match open(job, &mut Vec::new()) {
            Opened::Done(result) => return tell(result, true),
            Opened::Archive(archive, count) => {
                archives.insert(0, Untaken { archive: Arc::new(archive), next: 0, count });
                next = 1;
            }
        }
    }
    let state = State {
        jobs: Some(waiting.into_iter().flatten().chain(jobs)),
        next,
        opening: 0,
        archives,
        results: BTreeMap::new(),
        ahead: 0,
        head: (0, 0),
        stopped: false,
    };
    let queue = Queue { state: Mutex::new(state), changed: Condvar::new() };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&queue, &open, &member));
        }
        let _stop = Stop(&queue);
        while let Some((result, is_last)) = queue.result() {
            tell(result, is_last)?;
        }
        Ok(())
    })
}

/// What one thread does.
fn work<J, I: Iterator<Item = J>, A, O>(
    queue: &Queue<I, A, O>,
    open: impl Fn(J, &mut Vec<u8>) -> Opened<A, O>,
    member: impl Fn(&A, usize) -> O,
) {
    let mut buffer = Vec::new();
    // A thread that panics must not leave the others waiting for its result.
    let stop = Stop(queue);
    while let Some(task) = queue.task() {
        match task {
            Task::Job(number, job) => {
                let opened = open(job, &mut buffer);
                queue.update(|state| {
                    state.opening -= 1;
                    match opened {
                        Opened::Done(result) => {
                            state.results.insert((number, 0), (result, true));
                        }
                        Opened::Archive(archive, count) => state.expand(number, archive, count),
                    }
                });
            }
            Task::Member(place, archive, is_last) => {
                let result = member(&archive, place.1);
                queue.update(|state| {
                    state.results.insert(place, (result, is_last));
                });
            }
        }
    }
    std::mem::forget(stop);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every third job is an archive of as many members as its number; the results as they were
    /// told.
    fn run(jobs: usize, on_one_thread: bool) -> Vec<(usize, usize, bool)> {
        let mut told = Vec::new();
        in_order(
            0..jobs,
            on_one_thread,
            |job, _| match job {
                job if job % 3 == 2 => Opened::Archive(job, job),
                job => Opened::Done((job, 0)),
            },
            |archive, n| (*archive, n),
            |(job, n), is_last| {
                told.push((job, n, is_last));
                Ok(())
            },
        )
        .expect("nothing fails");
        told
    }

    #[test]
    fn the_order_is_that_of_one_thread_and_far_more_results_than_may_wait_pass() {
        for jobs in [0, 1, 2, 3, 200] {
            assert_eq!(run(jobs, false), run(jobs, true));
        }
        assert_eq!(run(3, true), [(0, 0, true), (1, 0, true), (2, 0, false), (2, 1, true)]);
    }

    #[test]
    fn a_failure_ends_the_work() {
        let mut told = 0;
        let result = in_order(
            0..,
            false,
            |job: usize, _| Opened::Done::<(), _>(job),
            |(), _| 0,
            |_, _| {
                told += 1;
                anyhow::ensure!(told < 100, "enough");
                Ok(())
            },
        );
        assert_eq!((told, result.is_err()), (100, true));
    }
}
