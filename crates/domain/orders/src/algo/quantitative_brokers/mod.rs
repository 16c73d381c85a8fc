//! Quantitative Brokers' algos, for futures. An order for one of them is routed to `QBALGO`; live accounts only.
//!
//! The names `STROBE` and `Octane` are certain; `BOLT` and `CLOSER` are made like the first.

pub(super) mod futures;
mod words;

pub use futures::{Bolt, Closer, Octane, Strobe};
pub use words::{Benchmark, EventPause, Mode, Urgency};
