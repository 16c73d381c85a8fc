//! The simulated broker as commands use it: a catalog of what it lists, a market that follows from the time, and a state
//! that outlives a process.
//!
//! Left out: the exchange itself, and every port of a broker but its catalog, which are the adapter's.

mod catalog;
mod durable;
mod keeping;
mod listing;
mod losses;
mod market;
mod quoting;

pub use catalog::{Catalog, NotListed, list_futures};
pub use durable::DurableGateway;
pub use keeping::{KeptState, KeptStateError};
pub use listing::FakeCatalog;
pub use losses::Losses;
pub use market::{Listing, SyntheticMarket, TICK};
