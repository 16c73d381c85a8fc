//! Connections by purpose: each has a range of client ids of its own, so that a command never fights the running service.
//!
//! Orders belong to the client id that placed them: an id is never changed to get around somebody who has it. A taken id
//! is answered by waiting for the end of the connection that has it, which is mostly a dead one of ours.
//!
//! Left out: connecting, and the ids of other programs.

mod ids;
mod plan;

pub use ids::{ClientIds, Lease, NoLease};
pub use plan::{ClientPlan, IdRange, NotAPlan, Purpose};

#[cfg(test)]
mod tests;
