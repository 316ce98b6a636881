//! The integration tests, in one binary: linking one for each file would take minutes. One topic is
//! run with `cargo test --test it gate::`.

mod support;

#[cfg(unix)]
mod action;
mod advice;
#[cfg(unix)]
mod attack;
mod brute_force;
mod catalog;
mod cli;
#[cfg(unix)]
mod faults;
mod follow;
mod formats;
mod gate;
mod house;
mod inputs;
#[cfg(unix)]
mod integrations;
mod last;
mod manual;
#[cfg(unix)]
mod packages;
mod paths;
#[cfg(unix)]
mod plugin;
mod properties;
mod provenance;
mod readme;
#[cfg(unix)]
mod recipes;
mod records;
mod reset;
#[cfg(unix)]
mod run;
mod summary;
mod transcripts;
mod user_catalogs;
