//! Orders as clients see them, message by message.

mod adjusts;
mod advisers;
mod basics;
mod breaking;
mod echo;
mod endings;
mod families;
mod follows;
mod hedges;
mod law;
mod questions;
mod scales;
mod sharing;
pub(in crate::server) mod stage;
mod terms;
mod working;
