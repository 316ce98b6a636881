//! From raw terminal bytes to the two texts that everything else works on.
//!
//! Raw bytes → [`decode`] → [`terminal`] (what a person saw) → [`prefix`] (stamps, gutters and bullets
//! told apart from the text) → [`Clean`] (the text, with a map back to the raw bytes) → [`Skeleton`]
//! (the text without all that differs between two printings of one message). [`form`] and [`layout`]
//! describe and recognise how lines are laid out. Nothing here knows what an error is.

pub mod clean;
pub mod colour;
pub mod decode;
pub mod find;
pub mod form;
pub mod layout;
pub mod object;
pub mod prefix;
mod row;
pub mod skeleton;
pub mod terminal;
mod token;
mod walker;

pub use clean::{Clean, Line};
pub use skeleton::Skeleton;
