//! Scenarios: what goes wrong, and when.
//!
//! A [`Scenario`] is a list of rules. A rule has a moment or an event that sets it off, how often it does so, and acts:
//!
//! ```
//! use std::time::Duration;
//! use tradeport_fake_tws::chaos::{Act, Event, Restart, Scenario};
//! use tradeport_fake_tws::wire::AnswerKind;
//!
//! # fn main() -> Result<(), tradeport_fake_tws::chaos::ScenarioError> {
//! let scenario = Scenario::new()
//!     // The second status of an order never arrives, and every third commission comes ten seconds late.
//!     .on(Event::sending(AnswerKind::OrderStatus)).nth(2).act(Act::Drop)
//!     .on(Event::sending(AnswerKind::CommissionAndFeesReport)).always().chance(0.33)
//!     .act(Act::Delay(Duration::from_secs(10)))
//!     // A minute after the start the server restarts, and forgets the last five order ids.
//!     .at(Duration::from_secs(60)).act(Act::Restart(Restart { roll_back: 5, ..Restart::default() }))
//!     .done()?;
//!
//! // The same as a document:
//! let read: Scenario = r#"
//!     [[rule]]
//!     on = "sending"
//!     message = "ORDER_STATUS"
//!     nth = 2
//!     do = ["drop"]
//!
//!     [[rule]]
//!     on = "sending"
//!     message = "COMMISSION_AND_FEES_REPORT"
//!     times = "always"
//!     chance = 0.33
//!     do = [{ delay = "10s" }]
//!
//!     [[rule]]
//!     at = "1m"
//!     do = [{ restart = { roll_back = 5 } }]
//! "#.parse()?;
//! assert_eq!(read, scenario);
//! # Ok(())
//! # }
//! ```
//!
//! A test gives it to the server, and does acts while that runs:
//!
//! ```
//! use std::sync::Arc;
//! use tradeport_fake_tws::FakeTws;
//! use tradeport_fake_tws::chaos::{Act, Event, Scenario};
//! use tradeport_fake_tws::wire::RequestKind;
//! # use tradeport_kernel::Timestamp;
//! # use tradeport_memory::VirtualClock;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let clock = VirtualClock::new(Timestamp::from_seconds(1_767_366_245));
//! // The third cancel comes too late: the order fills first.
//! let late = Scenario::new().on(Event::received(RequestKind::CancelOrder)).nth(3).act(Act::Fill).done()?;
//! let tws = FakeTws::builder().scenario(late).start(Arc::new(clock)).await?;
//!
//! // And now the link is half open.
//! tws.act(Act::HalfOpen).await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`WORDS`] is the whole vocabulary. The same scenario, seed and inputs give the same bytes.
//!
//! Left out: how the acts are done (the server), and weather that nobody wrote down: chance decides only whether a rule
//! that has a chance acts.

mod act;
mod builder;
mod daily;
mod error;
mod event;
mod languages;
mod notices;
mod number;
mod params;
mod rule;
mod scenario;
mod span;
mod text;
mod words;

pub use act::{Act, ActKind};
pub use builder::RuleBuilder;
pub use daily::TimeOfDay;
pub use error::ScenarioError;
pub use event::{Asked, Event, Said};
pub use languages::Language;
pub use params::{
    About, Alteration, Bust, ClockOff, Correction, Data, Farm, FarmState, HandOrder, HandSide, Merge, Notice,
    OrderState, Outage, OutageOrders, Port, Refusal, Reorder, Restart, Split, StopData,
};
pub use rule::{Often, Rule, Trigger};
pub use scenario::Scenario;
pub use words::{Part, WORDS, Word, words_table};

pub(crate) use notices::text_of;

#[cfg(test)]
mod tests;
