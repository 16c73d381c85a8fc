//! The built program, as a person or a script uses it: commands in, exit codes and text out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod bad_input;
mod comparing;
mod contract;
#[cfg(unix)]
mod crash;
mod demo_replay;
mod help;
mod looking;
mod orders;
mod outcomes;
mod recording;
mod settings;
#[cfg(unix)]
mod stopping;
mod support;
