//! Options strategies of several legs: from their names, with what they can earn and lose before they are ordered.
//!
//! A [`Strategy`] says which legs, in the words of traders; [`Strategy::risk_at`] tells the most that it earns, the most that
//! it loses and where it breaks even; [`Strategy::combo`] makes the one instrument that is ordered, so that the legs
//! trade together or not at all. Their strikes are given, or counted from the money in what a chain lists ([`FromChain`]).
//! The named ones are what the Options Industry Council's strategy pages call so.
//!
//! Left out: what an option is worth before it expires, and the Greeks (`analytics`).

mod combo;
mod from_chain;
mod kind;
mod leg;
mod named;
mod notation;
mod payoff;
mod refusal;
mod risk;
mod shape;

pub use combo::{NotACombo, units_in_combo};
pub use from_chain::{FromChain, NotFromChain};
pub use kind::StrategyKind;
pub use leg::{LegOf, MAX_RATIO, StrategyLeg};
pub use named::Strategy;
pub use notation::NotANotation;
pub use payoff::{Extreme, Holding, NotAPayoff, Payoff, PricedLeg};
pub use refusal::{MAX_LEGS, NotAStrategy};
pub use risk::{Estimate, NotPriced, StrategyRisk};
pub use shape::Shape;
