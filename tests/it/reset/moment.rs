//! Every form that is known to occur, the clock changes, and the roll-overs.

use diagnose::reset::{Clock, Reset};
use jiff::tz::TimeZone;

use super::NOW;

/// Input that was printed at a time in a zone: just now and here, or into a file.
fn clock(now: &str, zone: &str, live: bool) -> Clock {
    let now = now.parse().expect("a time");
    Clock { now, printed: now, zone: Some(TimeZone::get(zone).expect("a zone")), live }
}

fn not_before(text: &str, clock: &Clock) -> String {
    Reset::read(text, clock)
        .and_then(|reset| reset.not_before)
        .map_or("null".into(), |moment| moment.to_string())
}

/// Checks `text => not_before` lines, all of them before it fails.
fn check(table: &str, clock: &Clock) {
    let rows: Vec<(&str, &str)> = table
        .lines()
        .map(|line| line.split_once("=>").unwrap_or_else(|| panic!("no moment: {line}")))
        .map(|(text, moment)| (text.trim(), moment.trim()))
        .collect();
    let wrong: Vec<String> = rows
        .iter()
        .map(|(text, moment)| (text, moment, not_before(text, clock)))
        .filter(|(_, moment, got)| *moment != got)
        .map(|(text, moment, got)| format!("{text}: {moment}, got {got}"))
        .collect();
    assert!(!rows.is_empty() && wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_printed_form_is_a_moment() {
    check(
        "3:45pm                          => 2026-07-15T13:45:00Z
         3pm                             => 2026-07-15T13:00:00Z
         7pm                             => 2026-07-15T17:00:00Z
         9:30 AM                         => 2026-07-16T07:30:00Z
         9:30 a.m.                       => 2026-07-16T07:30:00Z
         15:45                           => 2026-07-15T13:45:00Z
         15:45:30                        => 2026-07-15T13:45:30Z
         12:30am                         => 2026-07-15T22:30:00Z
         12:30pm                         => 2026-07-16T10:30:00Z
         noon                            => 2026-07-16T10:00:00Z
         midnight                        => 2026-07-15T22:00:00Z
         3pm (America/New_York)          => 2026-07-15T19:00:00Z
         10pm (America/Los_Angeles)      => 2026-07-16T05:00:00Z
         3pm (America/Santiago)          => 2026-07-15T19:00:00Z
         3am (Europe/London)             => 2026-07-16T02:00:00Z
         4:50am (Europe/Rome)            => 2026-07-16T02:50:00Z
         11:30am (Asia/Calcutta)         => 2026-07-16T06:00:00Z
         11:30am (asia/kolkata)          => 2026-07-16T06:00:00Z
         10am (Asia/Seoul)               => 2026-07-16T01:00:00Z
         2am (UTC)                       => 2026-07-16T02:00:00Z
         2pm (GMT+2)                     => null
         3pm (GMT+2)                     => 2026-07-15T13:00:00Z
         3pm (UTC-05:00)                 => 2026-07-15T20:00:00Z
         3pm +0530                       => 2026-07-16T09:30:00Z
         15:45 UTC                       => 2026-07-15T15:45:00Z
         15:45Z                          => 2026-07-15T15:45:00Z
         3pm EST                         => 2026-07-15T20:00:00Z
         at 7pm                          => 2026-07-15T17:00:00Z
         today at 9pm                    => 2026-07-15T19:00:00Z
         tomorrow at 9am                 => 2026-07-16T07:00:00Z
         tomorrow                        => 2026-07-15T22:00:00Z
         Mon 12:00am                     => 2026-07-19T22:00:00Z
         Monday                          => 2026-07-19T22:00:00Z
         on Thursday at 9am              => 2026-07-16T07:00:00Z
         Wed 3pm                         => 2026-07-15T13:00:00Z
         Wed 9am                         => 2026-07-22T07:00:00Z
         Oct 31, 9am                     => 2026-10-31T08:00:00Z
         Sep 15 at 7pm                   => 2026-09-15T17:00:00Z
         Nov 26, 2am (UTC)               => 2026-11-26T02:00:00Z
         Jul 31, 2am (UTC)               => 2026-07-31T02:00:00Z
         July 31st                       => 2026-07-30T22:00:00Z
         31 July 2026, 9am               => 2026-07-31T07:00:00Z
         Fri, Jul 31, 9am                => 2026-07-31T07:00:00Z
         2026-08-01                      => 2026-07-31T22:00:00Z
         2026-08-09 00:00 UTC            => 2026-08-09T00:00:00Z
         2026-04-01 at 00:00 UTC         => 2026-04-01T00:00:00Z
         2026-08-09T00:00:00Z            => 2026-08-09T00:00:00Z
         2026-08-09T00:00:00.25Z         => 2026-08-09T00:00:01Z
         2026-08-09T02:00:00+02:00       => 2026-08-09T00:00:00Z
         2026-08-09T02:00                => 2026-08-09T00:00:00Z
         Wed, 21 Oct 2026 07:28:00 GMT   => 2026-10-21T07:28:00Z
         1753063200                      => 2025-07-21T02:00:00Z
         1753063200000                   => 2025-07-21T02:00:00Z
         in 5 hours                      => 2026-07-15T17:00:00Z
         2 days                          => 2026-07-17T12:00:00Z
         1h 30m                          => 2026-07-15T13:30:00Z
         2m10s                           => 2026-07-15T12:02:10Z
         2.59s                           => 2026-07-15T12:00:03Z
         1 day and 2 hours               => 2026-07-16T14:00:00Z",
        &clock(NOW, "Europe/Berlin", true),
    );
}

#[test]
fn what_says_too_little_or_too_much_is_no_moment() {
    check(
        "                                => null
         soon                            => null
         3                               => null
         0                               => null
         175306320                       => null
         13pm                            => null
         0am                             => null
         24:00                           => null
         12:60                           => null
         3pm 4pm                         => null
         3pm (Mars/Phobos)               => null
         3pm (local time)                => null
         3pm PT                          => null
         3pm IST                         => null
         Feb 30, 9am                     => null
         Mon, Jul 31, 9am                => null
         Mon, 21 Oct 2026 07:28:00 GMT   => null
         Jul 31 midnight                 => null
         Jul                             => null
         2026                            => null
         (UTC)                           => null
         in a few minutes                => null
         999 weeks                       => null
         1969-12-31T23:59:59Z            => null",
        &clock(NOW, "Europe/Berlin", true),
    );
}

/// A log says nothing of the zone of the machine that wrote it, nor when a span began.
#[test]
fn a_file_has_no_zone_and_no_present() {
    let file = clock(NOW, "Europe/Berlin", false);
    check(
        "3:45pm                          => null
         Monday                          => null
         Oct 31, 9am                     => null
         2026-08-01                      => null
         tomorrow at 9am (UTC)           => null
         in 5 hours                      => null
         3pm (America/New_York)          => 2026-07-15T19:00:00Z
         Nov 26, 2am (UTC)               => 2026-11-26T02:00:00Z
         2026-08-09 00:00 UTC            => 2026-08-09T00:00:00Z
         1753063200                      => 2025-07-21T02:00:00Z",
        &file,
    );
    assert_eq!(
        Reset::read("in 5 hours", &file).map(|reset| (reset.not_before, reset.after_seconds)),
        Some((None, 18_000)),
        "the whole span is always enough"
    );
    let nowhere = Clock { zone: None, live: true, ..file };
    check(
        "3:45pm => null\n in 5 hours => 2026-07-15T17:00:00Z\n 3pm (UTC) => 2026-07-15T15:00:00Z",
        &nowhere,
    );
}

#[test]
fn an_old_file_names_times_of_its_own_day() {
    let written = "2026-07-01T10:00:00Z".parse().expect("a time");
    let old = Clock { printed: written, ..clock(NOW, "Europe/Berlin", false) };
    check(
        "3pm (UTC) => 2026-07-01T15:00:00Z\n 9am (UTC) => 2026-07-02T09:00:00Z\n Jul 3, 2am (UTC) => 2026-07-03T02:00:00Z",
        &old,
    );
    assert_eq!(
        Reset::read("3pm (UTC)", &old).map(|reset| reset.after_seconds),
        Some(0),
        "it has passed"
    );
}

/// In 2026 Berlin's clocks skip 02:00 to 03:00 on 29 March, and show it twice on 25 October. Nobody
/// can say which is meant.
#[test]
fn clock_changes_are_respected() {
    check(
        "2:30am                          => null
         3:30am                          => 2026-03-29T01:30:00Z
         1:30am                          => 2026-03-29T00:30:00Z
         Mar 29, 2:30am                  => null
         Mar 30, 2:30am                  => 2026-03-30T00:30:00Z
         in 24 hours                     => 2026-03-29T20:00:00Z
         tomorrow at 9pm                 => 2026-03-29T19:00:00Z
         2:30am (UTC)                    => 2026-03-29T02:30:00Z",
        &clock("2026-03-28T21:00:00+01:00", "Europe/Berlin", true),
    );
    check(
        "2:30am                          => null
         1:30am                          => 2026-10-24T23:30:00Z
         3:30am                          => 2026-10-25T02:30:00Z
         2026-10-25T02:30:00+01:00       => 2026-10-25T01:30:00Z
         Oct 26, 2:30am                  => 2026-10-26T01:30:00Z",
        &clock("2026-10-24T21:00:00+02:00", "Europe/Berlin", true),
    );
    // Between the two half past two, and after both.
    check("2:30am => null", &clock("2026-10-25T02:45:00+02:00", "Europe/Berlin", true));
    check(
        "2:30am => 2026-10-26T01:30:00Z",
        &clock("2026-10-25T12:00:00+01:00", "Europe/Berlin", true),
    );
    // In Cairo the clock is put forward at midnight: the day begins at one.
    check("Apr 24 => 2026-04-23T22:00:00Z", &clock("2026-04-20T12:00:00Z", "Africa/Cairo", true));
}

#[test]
fn years_and_days_roll_over() {
    check(
        "Jan 2, 9am (UTC)                => 2027-01-02T09:00:00Z
         Dec 31, 9am (UTC)               => 2026-12-31T09:00:00Z
         Dec 29, 9am (UTC)               => 2026-12-29T09:00:00Z
         Oct 31, 9am (UTC)               => null
         Feb 29, 9am (UTC)               => null
         Jan 2, 2026, 9am (UTC)          => 2026-01-02T09:00:00Z
         3am (UTC)                       => 2026-12-31T03:00:00Z
         Fri 9am (UTC)                   => 2027-01-01T09:00:00Z",
        &clock("2026-12-30T23:00:00Z", "UTC", false),
    );
    check(
        "Dec 30, 9am (UTC) => 2025-12-30T09:00:00Z",
        &clock("2026-01-02T12:00:00Z", "UTC", false),
    );
    check(
        "Feb 29, 9am (UTC) => 2028-02-29T09:00:00Z",
        &clock("2028-02-20T12:00:00Z", "UTC", false),
    );
    // Whether what passed a minute ago is just over or a day ahead, nobody can tell.
    check(
        "3pm => null\n 2:45pm => 2026-07-16T14:45:00Z\n Wed 3pm => null",
        &clock("2026-07-15T15:01:00Z", "UTC", true),
    );
}
