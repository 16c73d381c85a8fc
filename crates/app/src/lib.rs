//! The program `tradeport`: what is typed, what is configured, how the parts are wired, what is printed.
//!
//! [`run`] is the whole of it: arguments and environment in, exit code out. A command gets a [`Session`] and returns
//! an [`Exit`]; whatever goes wrong on the way is an error that says what to do next.
//!
//! Left out: every rule of trading. Those are in the domain crates; here they are only put together.

pub mod asking;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod config;
pub mod demo;
pub mod exit;
pub mod fake;
pub mod fault;
pub mod futures;
pub mod guard;
pub mod integration;
mod logging;
pub mod output;
pub mod reconciling;
mod report;
pub mod service;
mod session;
pub mod stop;
pub mod wiring;

pub use exit::Exit;
pub use session::{Session, run};
