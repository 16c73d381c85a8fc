//! Validation: what is refused and what is warned of, word for word, and the laws of price steps.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod attributes;
mod kinds;
mod laws;
mod prices;
mod sessions;
mod sizes;
mod support;
mod times;
