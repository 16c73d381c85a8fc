//! The built program, as a person or a script uses it: commands in, exit codes and text out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod bad_input;
#[cfg(unix)]
mod crash;
mod help;
mod looking;
mod orders;
mod recording;
mod settings;
mod support;
