//! The simulated broker as commands use it: a market that follows from the time, and a state that outlives a process.
//!
//! Left out: the exchange itself, and every port of a broker, which are the adapter's.

mod contracts;
mod durable;
mod keeping;
mod losses;
mod market;

pub use contracts::contracts;
pub use durable::DurableGateway;
pub use keeping::{KeptState, KeptStateError};
pub use losses::Losses;
pub use market::{Listing, SyntheticMarket, TICK};
