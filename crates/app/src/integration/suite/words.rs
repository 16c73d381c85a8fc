//! What was seen, in words: whoever reads that something is otherwise than expected should see what it was.

use crate::commands::order::{kind_words, phase_words};
use std::fmt::Display;
use tradeport_connection::LinkState;
use tradeport_kernel::Timestamp;
use tradeport_orders::{BrokerOrder, OrderKind};
use tradeport_trading::ChangeOutcome;

/// What is told of something that is not there.
pub(super) const NOT_THERE: &str = "not there";

/// `3 of 3`.
pub(super) fn of(some: usize, all: usize) -> String {
    format!("{some} of {all}")
}

/// One after the other; `none` of nothing.
pub(super) fn listed<T: Display>(all: impl IntoIterator<Item = T>) -> String {
    let all: Vec<String> = all.into_iter().map(|it| it.to_string()).collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}

/// From the first to the last, or where one is older than the one before.
pub(super) fn in_time(moments: impl IntoIterator<Item = Timestamp>) -> (bool, String) {
    let moments: Vec<Timestamp> = moments.into_iter().collect();
    if let Some([before, after]) = moments.array_windows().find(|[before, after]| before > after) {
        return (false, format!("{after} after {before}"));
    }
    let text = match (moments.first(), moments.last()) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "none".to_owned(),
    };
    (true, text)
}

/// What became of a change.
pub(super) fn change(outcome: &ChangeOutcome) -> String {
    match outcome {
        ChangeOutcome::Made => "made".to_owned(),
        ChangeOutcome::StoppedByRisk(refusal) => format!("stopped by risk: {refusal}"),
        ChangeOutcome::Invalid(refusals) => format!("not valid: {refusals}"),
        ChangeOutcome::Refused { reason } => format!("refused: {reason}"),
        ChangeOutcome::NotSent { reason } => format!("not sent: {reason}"),
        ChangeOutcome::Unknown { reason } => format!("unknown: {reason}"),
    }
}

/// `up, epoch 3`.
pub(super) fn link(state: LinkState) -> String {
    match state {
        LinkState::Up { epoch } => format!("up, epoch {}", epoch.number()),
        LinkState::Down => "down".to_owned(),
    }
}

/// A kind as the broker holds it, where it can be read.
pub(super) fn kind(kind: Option<&OrderKind>) -> String {
    kind.map_or_else(|| "of a kind that is not read".to_owned(), kind_words)
}

/// An order as the broker holds it: `buy 1 AAPL LMT 303.58 DAY, working`.
pub(super) fn held(order: Option<&BrokerOrder>) -> String {
    let Some(order) = order else { return NOT_THERE.to_owned() };
    let (kind, phase) = (kind(order.kind.as_ref()), phase_words(order.status.phase));
    let lasts = order.time_in_force.map_or("for an unknown time", |it| it.name());
    format!("{} {} {} {kind} {lasts}, {phase}", order.side, order.size, order.symbol)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_from_the_first_to_the_last_and_by_the_one_that_is_out_of_order() {
        let moments = |seconds: &[i64]| in_time(seconds.iter().map(|it| Timestamp::from_seconds(*it)));
        assert_eq!(moments(&[]), (true, "none".to_owned()));
        let in_order = "1970-01-01T00:00:01Z to 1970-01-01T00:00:03Z".to_owned();
        assert_eq!(moments(&[1, 1, 3]), (true, in_order));
        let out_of_order = "1970-01-01T00:00:01Z after 1970-01-01T00:00:02Z".to_owned();
        assert_eq!(moments(&[2, 1, 3]), (false, out_of_order));
    }

    #[test]
    fn an_order_that_is_not_there_is_told_as_such() {
        assert_eq!(held(None), "not there");
        assert_eq!(kind(None), "of a kind that is not read");
    }
}
