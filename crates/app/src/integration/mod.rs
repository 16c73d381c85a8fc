//! One suite of scenarios for every broker: written once against ports and desk, run on the simulated broker in this
//! process, on the adapter for TWS over a simulated TWS, and on a real TWS or IB Gateway.
//!
//! `suite` has the list. A scenario does what a user would, on a [`Stage`], and notes what it expected beside what it saw;
//! how it ended is a [`Verdict`]. Whatever it placed is cancelled and whatever it bought is sold again before the next one
//! begins, also when it failed or somebody asked to stop. What a broken run left behind is found by its keys and cleared
//! away by the next.
//!
//! Left out: what only one broker can do (the tests of its adapter), and faults in the middle of a call (the simulation).

mod backend;
mod checks;
mod cleaning;
mod levers;
mod report;
mod runner;
mod scenario;
mod stage;
mod suite;
mod way;

pub use backend::{Backend, Target};
pub use checks::Check;
pub use report::{Counts, Paths, Played, Report, write};
pub use runner::run;
pub use scenario::{Halt, Need, Play, Scenario, Verdict};
pub use stage::Stage;
pub use suite::{Resting, chosen, names};

#[cfg(test)]
mod tests;
