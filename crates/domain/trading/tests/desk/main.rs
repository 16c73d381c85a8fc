//! The desk's laws, held against a broker that says what each test wants.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod breaks;
mod cancels;
mod changes;
mod families;
mod margins;
mod messages;
mod orders;
mod policies;
mod previews;
mod scenarios_rsk;
mod strategies;
mod support;
mod switching;
