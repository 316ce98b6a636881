//! When a printed reset is: from the words of a message to a moment, where it can be known for
//! certain, and to nothing where not.
//!
//! No clock is read but by [`Clock::system`]; the caller says what time it is. The rules, each of
//! which keeps a script from sleeping until the wrong moment:
//! - Epochs and timestamps with an offset are moments by themselves. A zone that is printed wins;
//!   a name that is in no time zone database makes the whole unreadable.
//! - Without a zone, a time is that of this machine, but only for live input: a file may come from
//!   anywhere.
//! - A span counts from when it was printed. For live input that is now. For a file it is unknown,
//!   and so is the end of the span; but to wait the whole span from now is then more than enough,
//!   which is why the span itself is kept.
//! - A time of day is the next one, and so is a day of the week. See `civil` for dates without a
//!   year and for clocks that are put forward or back.

mod civil;
mod clock;
mod fields;
mod hint;
mod phrase;
mod read;
mod span;

pub use clock::Clock;
pub(crate) use hint::{Hint, hints};
pub(crate) use phrase::{length, past, when};
pub use read::Reset;
