//! What CI systems and loggers write before every line.

use std::io::{self, Write as _};

use super::random::Random;

/// The ways to stamp a line.
#[derive(Clone, Copy)]
pub(super) enum Stamp {
    None,
    GitHub,
    GitLab,
    Jenkins,
    Compose,
    Journal,
    Kubernetes,
}

impl Stamp {
    /// Half of all output has no stamp.
    pub(super) const ALL: &[Self] = &[
        Self::None,
        Self::None,
        Self::None,
        Self::None,
        Self::None,
        Self::GitHub,
        Self::GitHub,
        Self::GitLab,
        Self::Jenkins,
        Self::Compose,
        Self::Journal,
        Self::Kubernetes,
    ];
}

/// A clock that goes on with every line.
#[derive(Default)]
pub(super) struct Clock {
    micros: u64,
}

impl Clock {
    /// Writes a line as a field of a logger's object.
    pub(super) fn object(&mut self, text: &str, random: &mut Random, out: &mut Vec<u8>) {
        self.micros += random.number(6);
        let level = random.pick(&["debug", "info", "info", "info", "warn", "error"]);
        let object = serde_json::json!({
            "time": self.micros,
            "level": level,
            "service": "worker",
            "msg": text,
        });
        out.extend_from_slice(object.to_string().as_bytes());
    }

    /// Writes the stamp of the next line.
    pub(super) fn stamp(
        &mut self,
        stamp: Stamp,
        random: &mut Random,
        out: &mut Vec<u8>,
    ) -> io::Result<()> {
        self.micros += random.number(6);
        let (seconds, micros) = (self.micros / 1_000_000, self.micros % 1_000_000);
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        let day = seconds / 86_400;
        // Every month has 28 days: nobody reads the dates, they only have to vary.
        let (month, day) = (1 + day / 28 % 12, 1 + day % 28);
        match stamp {
            Stamp::None => Ok(()),
            Stamp::GitHub => write!(
                out,
                "2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}1Z "
            ),
            Stamp::GitLab => write!(
                out,
                "2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}Z 01O "
            ),
            Stamp::Jenkins => write!(
                out,
                "[2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z] ",
                micros / 1000
            ),
            Stamp::Compose => write!(out, "worker-{}  | ", 1 + day % 4),
            Stamp::Journal => write!(
                out,
                "Nov {day:02} {hour:02}:{minute:02}:{second:02} build{month:02} runner[4{day:02}1]: "
            ),
            Stamp::Kubernetes => {
                write!(
                    out,
                    "[pod/agent-7c9d{month:02}/main] 2026-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micros:06}000Z "
                )
            }
        }
    }
}
