//! When a printed reset is, and the command line over it.

mod command_line;
mod moment;
mod random;

/// A Wednesday afternoon in summer, in Berlin (+02:00).
const NOW: &str = "2026-07-15T14:00:00+02:00";
