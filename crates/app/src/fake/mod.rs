//! The simulated broker as commands use it: its catalog and its past as ports, and a state that outlives a process.
//!
//! Left out: the exchange itself, what it lists and what that costs, and every other port of a broker, which are the
//! adapter's.

mod durable;
mod history;
mod keeping;
mod listing;
mod losses;

pub use durable::DurableGateway;
pub use history::FakeHistory;
pub use keeping::{KeptState, KeptStateError};
pub use listing::FakeCatalog;
pub use losses::Losses;
pub use tradeport_fake_broker::house::{Catalog, Listing, NotListed, SyntheticMarket, TICK, list_futures};
