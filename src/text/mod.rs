//! From raw terminal bytes to the two texts that everything else works on.
//!
//! `raw` → [`decode`] → [`terminal`] (what a person saw) → [`prefix`] (stamps, gutters and bullets
//! told apart from the text) → [`Clean`] (the text, with a map back to every raw byte) →
//! [`Skeleton`] (the text without all that differs between two printings of the same message).
//! Nothing here knows what an error is.

pub mod clean;
pub mod colour;
pub mod decode;
pub mod find;
pub mod form;
pub mod layout;
pub mod object;
pub mod prefix;
mod row;
mod run;
pub mod skeleton;
pub mod terminal;

pub use clean::{Clean, Line};
pub use skeleton::Skeleton;
