//! The desk's laws, held against a broker that says what each test wants.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod brackets;
mod breaks;
mod bursts;
mod by_strategy;
mod cancels;
mod changes;
mod checkpoints;
mod cover;
mod draining;
mod families;
mod gone;
mod half_families;
mod heartbeat;
mod listening;
mod margin_limits;
mod margins;
mod messages;
mod money;
mod opening;
mod orders;
mod others;
mod owed;
mod paced;
mod policies;
mod previews;
mod reconciling;
mod repeats;
mod resuming;
mod scenarios_db;
mod scenarios_exe;
mod scenarios_ord;
mod scenarios_rsk;
mod shrunk;
mod statements;
mod stopped;
mod strategies;
mod support;
mod switching;
mod targets;
mod worth;
