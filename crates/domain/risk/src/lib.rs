//! The risk gate: functions that judge an intent on one snapshot of what is known.
//!
//! Law: every order passes every rule, counting what is filled, working, in flight and unknown as if it will all
//! trade. A number that is missing refuses; it is never taken for zero. An order that can only shrink a position is not
//! stopped by rules about size, about losses or about the night.
//!
//! Beside it stands the kill switch ([`Switch`]): while it is killed nothing passes, whatever the rules say.
//!
//! Left out: where the numbers come from, and what is done with the verdict. That is the desk's work.

mod equity;
mod gate;
mod policy;
mod ports;
mod ratio;
mod rule;
mod switch;
mod verdict;
mod view;

pub use equity::Equity;
pub use gate::{asks_for_preview, judge};
pub use policy::{NotAPolicy, Permissions, PolicyDraft, PreviewPolicy, RiskPolicy, Tighter, Unmanaged};
pub use ports::{ResumeError, SwitchStore};
pub use rule::Rule;
pub use switch::{Kill, NotAReason, NotResumed, Resume, Switch, SwitchReason};
pub use tradeport_orders::Figure;
pub use verdict::{Finding, LimitOf, RiskRefusal, RiskVerdict};
pub use view::{ContractFacts, LegView, MarginAfter, Preview, RiskView, StrategyView, UnitsView};
