//! What the simulated broker lists and what it costs: a market that follows from a seed and the time.
//!
//! [`Catalog`] knows hundreds of thousands of contracts by the rules of their kinds, [`SyntheticMarket`] has a quote for each
//! of them at every moment. Both are values: who asks twice for the same moment gets the same answer.
//!
//! Left out: who trades. The exchange lists what somebody asks for and takes these quotes as its market.

mod catalog;
mod computing;
mod extremes;
mod hours;
mod market;
mod option_model;
mod path;
mod quoting;
mod rates;
mod tape;

pub use catalog::{Catalog, NotListed, list_futures};
pub use hours::FakeHours;
pub use market::{Listing, SyntheticMarket, TICK, mix};
pub use option_model::{Greeks, OptionModel};
pub use tape::{Print, Tape};
