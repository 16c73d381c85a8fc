//! The laws of the pacing budget, each against something that knows it another way: a log that is counted by hand, every
//! order that there could have been, a stopwatch in virtual time.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod checker;
mod driver;
mod estimates;
mod latency;
mod laws;
mod optimum;
mod retries;
mod scenarios;
mod shares;
