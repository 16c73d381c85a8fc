//! The pacing budget: one place that knows every limit of the broker, and says what may be sent when.
//!
//! | module | what it holds |
//! | --- | --- |
//! | `rule`, `limits`, `settings` | which limits there are, their numbers with their sources, what a user may set |
//! | `request`, `charge` | what is asked, and which limits it counts under |
//! | `window`, `meters`, `connections` | counting |
//! | `tickets`, `lanes` | who waits, and whose turn it is |
//! | `budget` | the scheduler |
//! | `retry`, `estimate`, `gauges` | failures, expected waits, and what is shown |
//!
//! What it promises: nothing that goes ever breaks a limit as the receiver counts; the more urgent goes first, but nobody
//! starves; callers of one priority get equal shares; every ticket ends once; queues are bounded.
//!
//! Left out: sending, waiting, and any vendor's message or code.

mod budget;
mod charge;
mod connections;
mod estimate;
mod gauges;
mod lanes;
mod limits;
mod meters;
mod request;
mod retry;
mod rule;
mod settings;
mod tickets;
mod window;

pub use budget::{Effect, HasEnded, PacingBudget, Refused};
pub use estimate::{ExpectedWait, Obstacle};
pub use gauges::{Counters, Gauge, Gauges};
pub use limits::{Limit, Limits, NotALimit};
pub use request::{CallerId, Class, ConnectionId, Counts, HistoryPace, Priority, Request, RequestKey};
pub use retry::Failure;
pub use rule::{Rule, Scope, Shape};
pub use settings::{LimitSettings, Override, Profile, QueueSettings, RetrySettings};
pub use tickets::Ticket;
