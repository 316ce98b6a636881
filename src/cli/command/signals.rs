//! Signals that reach us while the command runs are passed on to it, and do not end us before it.

use std::io;
use std::process::{Child, ExitStatus};
use std::time::Duration;

pub(crate) use system::Signals;

/// The exit status that tells of a signal: 128 plus its number, as in a shell.
pub(crate) fn status(signal: i32) -> u8 {
    u8::try_from(signal).map_or(u8::MAX, |signal| signal.saturating_add(128))
}

#[cfg(unix)]
mod system {
    use std::fs::{self, File};
    use std::os::fd::AsFd;
    use std::sync::mpsc::{Receiver, channel};
    use std::thread;
    use std::time::Instant;

    use rustix::process::{Pid, Signal, kill_process};
    use signal_hook::consts::{
        SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH,
    };
    use signal_hook::iterator::Signals as Caught;

    use super::{Child, Duration, ExitStatus, io};
    use crate::cli::command::terminal::foreground;

    /// Signals that ask for the end of a program.
    const ENDING: [i32; 4] = [SIGHUP, SIGINT, SIGQUIT, SIGTERM];

    /// The signals that came, in their order.
    pub(crate) struct Signals(Receiver<i32>);

    impl Signals {
        pub(crate) fn listen() -> io::Result<Self> {
            let ignored = ignored();
            let wanted = ENDING
                .into_iter()
                .chain([SIGUSR1, SIGUSR2])
                .filter(|signal| ignored >> (signal - 1) & 1 == 0);
            let mut caught = Caught::new(wanted.chain([SIGCHLD, SIGWINCH]))?;
            let (sender, receiver) = channel();
            thread::spawn(move || caught.forever().try_for_each(|signal| sender.send(signal)));
            Ok(Self(receiver))
        }

        /// Waits for the end of the command; returns whether somebody asked for it. The same thread
        /// signals the command and learns of its end, so no signal can hit a process that came
        /// after it.
        pub(crate) fn wait(
            &self,
            child: &mut Child,
            resized: impl Fn(),
        ) -> io::Result<(ExitStatus, bool)> {
            let mut interrupted = false;
            loop {
                if let Some(status) = child.try_wait()? {
                    return Ok((status, interrupted));
                }
                match self.0.recv() {
                    Ok(SIGWINCH) => resized(),
                    Ok(SIGCHLD) => {}
                    Ok(number) => {
                        interrupted |= ENDING.contains(&number);
                        let is_key = matches!(number, SIGINT | SIGQUIT);
                        if let Some(signal) = Signal::from_named_raw(number)
                            && !(is_key && typed())
                        {
                            // It may have ended just now.
                            let _ = kill_process(Pid::from_child(child), signal);
                        }
                    }
                    Err(_) => return Ok((child.wait()?, interrupted)),
                }
            }
        }

        /// Waits for a signal that asks for our end, at most for `time`.
        pub(crate) fn within(&self, time: Duration) -> Option<i32> {
            let until = Instant::now() + time;
            loop {
                let left = until.saturating_duration_since(Instant::now());
                match self.0.recv_timeout(left) {
                    Ok(signal) if ENDING.contains(&signal) => return Some(signal),
                    Ok(_) => {}
                    Err(_) => return None,
                }
            }
        }
    }

    /// Whether Ctrl-C would reach the command without us: it does if our process group is the one
    /// that the terminal listens to. Sent on, it would arrive twice, and twice means something else
    /// to many programs.
    fn typed() -> bool {
        File::open("/dev/tty").is_ok_and(|terminal| foreground(terminal.as_fd()))
    }

    /// The set of signals that whoever started us wants ignored (`nohup`, a script's background
    /// job). They stay so, for the command too, which inherits that. Only Linux tells without
    /// `unsafe`.
    fn ignored() -> u64 {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
    }
}

#[cfg(not(unix))]
mod system {
    use super::{Child, Duration, ExitStatus, io};

    /// Here the system itself sends Ctrl-C to all who share the console.
    pub(crate) struct Signals;

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "on Unix they are needed")]
    impl Signals {
        pub(crate) fn listen() -> io::Result<Self> {
            Ok(Self)
        }

        pub(crate) fn wait(
            &self,
            child: &mut Child,
            _: impl Fn(),
        ) -> io::Result<(ExitStatus, bool)> {
            Ok((child.wait()?, false))
        }

        pub(crate) fn within(&self, time: Duration) -> Option<i32> {
            std::thread::sleep(time);
            None
        }
    }
}
