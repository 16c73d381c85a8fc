//! The built program, as a person or a script uses it: commands in, exit codes and text out.

mod bad_input;
mod help;
mod looking;
mod orders;
mod recording;
mod settings;
mod support;
