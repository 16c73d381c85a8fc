//! Orders as clients see them, message by message.

mod basics;
mod endings;
mod families;
mod follows;
mod law;
mod questions;
mod sharing;
pub(in crate::server) mod stage;
