//! The situations that cost people money, played against two traders: our desk, and a naive one that is written as most
//! scripts are (it sends again when no answer comes, believes what statuses say, and forgets at a restart). Both see
//! the same broker; the broker's own books are the truth that both are held against.
//!
//! The table of it stands in `docs/reliability.md`, and is compared here with what happens.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

mod naive;
mod ours;
mod scenarios;
mod stage;
mod storm;
mod street;
mod table;
