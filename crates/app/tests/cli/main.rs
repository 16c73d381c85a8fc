//! The built program, as a person or a script uses it: commands in, exit codes and text out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod audit;
mod away;
mod backup;
mod bad_input;
mod both;
mod bracket;
#[cfg(unix)]
mod by_service;
mod change;
mod comparing;
mod contract;
#[cfg(unix)]
mod crash;
mod demo_replay;
#[cfg(unix)]
mod guard;
mod help;
mod integration;
mod json_keys;
mod limits;
mod looking;
mod orders;
mod outcomes;
mod preview;
#[cfg(unix)]
mod reconcile;
mod recording;
mod refusals;
#[cfg(unix)]
mod risk;
#[cfg(unix)]
mod serve;
mod settings;
mod spread;
#[cfg(unix)]
mod stopping;
mod stores;
mod support;
mod tws;
mod wire;
