//! Words that refusals share.
//!
//! Left out: the refusals themselves.

use crate::TriggerMethod;
use tradeport_contracts::InstrumentKind;

/// With its article.
pub(super) fn a(what: InstrumentKind) -> String {
    let article = if what.name().starts_with(['e', 'i', 'o']) { "an" } else { "a" };
    format!("{article} {what}")
}

/// A trigger method for people.
pub(super) const fn words(method: TriggerMethod) -> &'static str {
    match method {
        TriggerMethod::DoubleBidAsk => "double bid/ask",
        TriggerMethod::Last => "last",
        TriggerMethod::DoubleLast => "double last",
        TriggerMethod::BidAsk => "bid/ask",
        TriggerMethod::LastOrBidAsk => "last or bid/ask",
        TriggerMethod::Midpoint => "midpoint",
    }
}

/// Several of them.
pub(super) fn list(methods: &[TriggerMethod]) -> String {
    methods.iter().copied().map(words).collect::<Vec<_>>().join(", ")
}
