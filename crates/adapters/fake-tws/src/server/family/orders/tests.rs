//! Orders as clients see them, message by message.

mod basics;
mod families;
mod law;
mod questions;
mod sharing;
pub(in crate::server) mod stage;
