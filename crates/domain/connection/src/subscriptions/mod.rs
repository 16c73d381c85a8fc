//! The register of streams: which are wanted, which were asked for, and which speak.
//!
//! What is wanted and what was asked for are two things: a lost epoch, or lost data, takes every request away and no wish.
//! Each request is a generation of its stream; news of an older one change nothing. A stream is live only by evidence of
//! data, whatever a notice says.
//!
//! Left out: what a stream carries, and how it is asked for.

mod register;
mod stream;

pub use register::{Register, StreamOrder, SubscriptionSettings};
pub use stream::{FeedState, Generation, StreamId, StreamNeeds, Wish};
