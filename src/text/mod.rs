//! From raw terminal bytes to the two texts that everything else works on.
//!
//! Raw bytes → [`decode`] → [`terminal`] (what a person saw) → [`prefix`] (stamps, gutters and bullets
//! told apart from the text) → [`Clean`] (the text, with a map back to the raw bytes) → [`Skeleton`]
//! (the text without all that differs between two printings of one message). [`form`] and [`layout`]
//! describe and recognise how lines are laid out. Nothing here knows what an error is.

pub(crate) mod clean;
pub(crate) mod colour;
pub(crate) mod decode;
pub(crate) mod find;
pub(crate) mod form;
pub(crate) mod layout;
pub(crate) mod object;
pub(crate) mod piece;
pub(crate) mod prefix;
mod row;
pub(crate) mod skeleton;
pub(crate) mod terminal;
mod token;
mod walker;

pub use clean::Clean;
pub(crate) use clean::Line;
pub use skeleton::Skeleton;
