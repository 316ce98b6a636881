//! What holds for every text.

use diagnose::reset::{Clock, Reset};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::support::cases;

/// Pieces of what is printed, so that random texts are nearly times.
fn piece() -> impl Strategy<Value = String> {
    let known: &[&str] = &[
        "3:45pm",
        "12am",
        "24:61",
        "Oct",
        "Feb",
        "29",
        "31",
        "Mon",
        "2026",
        "9999",
        "0000",
        "2026-02-30",
        "9999-12-31",
        "T23:59:59",
        "Z",
        "-25:59",
        "+14",
        "UTC",
        "GMT-",
        "(",
        ")",
        "(Europe/Berlin)",
        "(Pacific/Apia)",
        "in ",
        "and",
        "5 hours",
        "1e308",
        "tomorrow",
        "midnight",
        "at",
        ",",
        ":",
        "-000044-03-15T00:00:00Z",
        "2026-08-09T00:00:00.5Z",
        "253402300799",
        "9999999999999",
        "é",
    ];
    prop_oneof![4 => proptest::sample::select(known).prop_map(str::to_owned), 1 => "[ -~]{0,6}", 1 => "\\PC{0,3}", 1 => "[0-9]{1,20}"]
}

proptest! {
    #![proptest_config(cases(4_000))]

    #[test]
    fn no_text_panics_and_every_moment_is_a_timestamp(
        pieces in proptest::collection::vec((piece(), "[ ]?"), 0..8),
        now in -62_000_000_000i64..253_402_207_000,
        live: bool,
    ) {
        let text: String = pieces.into_iter().flat_map(|(piece, blank)| [piece, blank]).collect();
        let now = Timestamp::from_second(now).expect("in range");
        let clock = Clock { now, printed: now, zone: TimeZone::get("America/Sao_Paulo").ok(), live };
        if let Some((moment, reset)) = Reset::read(&text, &clock).and_then(|reset| Some((reset.not_before?, reset))) {
            let printed = moment.to_string();
            let shape: Vec<u8> = printed.bytes().map(|b| if b.is_ascii_digit() { b'0' } else { b }).collect();
            prop_assert_eq!(&shape, b"0000-00-00T00:00:00Z", "{}: {}", text, printed);
            prop_assert_eq!(printed.parse::<Timestamp>().expect("it reads back"), moment);
            prop_assert!(moment <= now || reset.after_seconds > 0);
        }
    }
}
