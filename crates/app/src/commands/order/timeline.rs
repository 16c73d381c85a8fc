//! The life of an order, moment by moment: what happened, who proves it, and what it did to the order.
//!
//! It is told from the journal: the same records that a restart goes by.

use super::view::{named, order_words};
use crate::output::{Column, Grid, Tone, counted};
use serde::Serialize;
use tradeport_kernel::{Decimal, Timestamp};
use tradeport_orders::{
    Applied, BrokerPhase, JournalEvent, JournalRecord, Order, OrderBook, OrderChange, OrderInput, OrderState,
    RefusedBy,
};

/// A line of a table is never longer than a terminal of 110 columns, details included.
const DETAIL_WIDTH: usize = 42;

/// What the broker's word about where an order stands is called.
const STATUS: &str = "status";

/// One thing that happened.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Moment {
    sequence: u64,
    at: Timestamp,
    what: &'static str,
    detail: String,
    /// Who says so.
    proof: &'static str,
    from: Option<OrderState>,
    to: Option<OrderState>,
    /// What did not fit.
    anomaly: Option<String>,
}

/// The life that these records of one order tell, in order.
pub(super) fn timeline_of(records: &[JournalRecord]) -> Vec<Moment> {
    let mut book = OrderBook::default();
    records
        .iter()
        .map(|record| {
            let entry = &record.entry;
            let applied = book.apply(entry).unwrap_or_default();
            let order = book.get(&entry.key);
            let (what, proof, detail) = match &entry.event {
                JournalEvent::Intended { intent } => (
                    "wanted",
                    "us",
                    order_words(intent.side(), &intent.size(), &named(intent), intent.kind()),
                ),
                JournalEvent::Happened { input } => told(input, order),
                JournalEvent::Split { action } => ("shares split", "us", action.symbol().to_string()),
            };
            moment(record, what, proof, detail, &applied)
        })
        .collect()
}

fn moment(
    record: &JournalRecord,
    what: &'static str,
    proof: &'static str,
    detail: String,
    applied: &Applied,
) -> Moment {
    let born = matches!(record.entry.event, JournalEvent::Intended { .. }).then_some(OrderState::Recorded);
    Moment {
        sequence: record.sequence,
        at: record.entry.at,
        what,
        detail,
        proof,
        from: applied.moved.map(|(from, _)| from),
        to: applied.moved.map(|(_, to)| to).or(born),
        anomaly: applied.anomaly.map(|anomaly| format!("{anomaly:?}")),
    }
}

/// What happened, who proves it, and the numbers.
fn told(input: &OrderInput, order: Option<&Order>) -> (&'static str, &'static str, String) {
    match input {
        OrderInput::RiskApproved { findings } => {
            ("approved", "risk", format!("{} looked at it", counted(findings.len(), "rule")))
        }
        OrderInput::RiskRefused { rule, number, limit } => {
            ("stopped", "risk", format!("{rule}: {number} against a limit of {limit}"))
        }
        OrderInput::ValidationRefused { broken } => {
            let words: Vec<_> = broken.iter().map(|one| one.words.as_str()).collect();
            ("stopped", "validation", words.join("; "))
        }
        OrderInput::Previewed { margin } => {
            let detail = format!("margins: {} initial, {} maintenance", margin.initial, margin.maintenance);
            ("previewed", "broker", detail)
        }
        OrderInput::Sent => ("sent", "us", String::new()),
        OrderInput::HeldBack => ("held back", "us", "until the last of its family is there".into()),
        OrderInput::Released => ("released", "us", "the last of its family is there".into()),
        OrderInput::Accepted { perm_id, .. } => {
            ("accepted", "broker", perm_id.map_or_else(String::new, |id| format!("perm id {id}")))
        }
        OrderInput::Refused { reason } => ("refused", "broker", reason.clone()),
        OrderInput::NotSent { reason } => ("not sent", "us", reason.clone()),
        OrderInput::OutcomeUnknown { reason } => ("no answer", "us", reason.clone()),
        OrderInput::Status { status } => (STATUS, "broker", status_words(status)),
        OrderInput::Executed { execution } => {
            let filled = order.map_or(Decimal::ZERO, Order::filled).normalize();
            let (quantity, price) = (execution.quantity.as_decimal(), execution.price.as_decimal());
            let detail = format!(
                "{} {} {} at {}; {filled} in all",
                execution.side,
                quantity.normalize(),
                execution.symbol,
                price.normalize()
            );
            ("traded", "execution", detail)
        }
        OrderInput::Charged { commission } => ("charged", "broker", commission.amount.to_string()),
        OrderInput::ChangeRequested { change } => ("change asked", "us", change_words(change)),
        OrderInput::Changed { change } => ("changed", "broker", change_words(change)),
        OrderInput::ChangeRefused { reason, by } => ("change refused", prover(*by), reason.clone()),
        OrderInput::ChangeOutcomeUnknown { reason } => {
            ("no answer", "us", format!("to the change: {reason}"))
        }
        OrderInput::CancelRequested { tag } => {
            let by = tag.operator.as_ref().map(|operator| format!("by {operator}"));
            ("cancel asked", "us", by.unwrap_or_default())
        }
        OrderInput::CancelRefused { reason, by } => ("cancel refused", prover(*by), reason.clone()),
        OrderInput::LinkLost => ("link lost", "us", "while it was in flight".into()),
        OrderInput::TwinGone { perm_id } => {
            ("one gone", "snapshots", format!("the broker has number {perm_id} no more"))
        }
        OrderInput::GivenUp { by, reason } => ("given up", "us", format!("by {by}: {reason}")),
        OrderInput::ProvenAbsent => ("absent", "snapshots", "the broker has no trace of it".into()),
    }
}

const fn prover(by: RefusedBy) -> &'static str {
    match by {
        RefusedBy::Broker => "broker",
        RefusedBy::Us => "us",
        RefusedBy::Snapshots => "snapshots",
    }
}

/// Where the broker says that an order stands.
pub(crate) const fn phase_words(phase: BrokerPhase) -> &'static str {
    match phase {
        BrokerPhase::Held => "held",
        BrokerPhase::Working => "working",
        BrokerPhase::CancelPending => "being cancelled",
        BrokerPhase::Filled => "filled",
        BrokerPhase::Cancelled => "cancelled",
        BrokerPhase::Expired => "expired",
        BrokerPhase::Refused => "refused",
    }
}

fn status_words(status: &tradeport_orders::BrokerStatus) -> String {
    let phase = phase_words(status.phase);
    let reason = status.reason.as_deref().filter(|reason| !reason.is_empty());
    let reason = reason.map_or_else(String::new, |reason| format!(": {reason}"));
    format!("{phase}, {} filled{reason}", status.filled.normalize())
}

fn change_words(change: &OrderChange) -> String {
    let size = change.quantity.map(|quantity| format!("quantity {}", quantity.as_decimal().normalize()));
    let kind = change.kind.as_ref().map(super::kind_words::kind_words);
    let time = change.time_in_force.map(|time| time.name().to_owned());
    let outside =
        change.outside_sessions.map(|may| if may { "outside of sessions" } else { "in sessions" }.to_owned());
    let conditions = change.conditions.as_ref().map(|_| "other conditions".to_owned());
    [size, kind, time, outside, conditions].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// The broker's word once more, which changed nothing.
fn is_repeat(before: &Moment, again: &Moment) -> bool {
    let changes = again.to.is_some() || again.anomaly.is_some() || before.anomaly.is_some();
    again.what == STATUS && before.what == STATUS && again.detail == before.detail && !changes
}

/// The life as a table. What a broker repeats word for word stands in one line.
pub(super) fn drawn(timeline: &[Moment]) -> Grid {
    let columns = vec![
        Column::Words("when (UTC)"),
        Column::Words("what"),
        Column::Words("proof"),
        Column::Words("details"),
        Column::Words("state"),
    ];
    let mut grid = Grid::new(columns);
    let mut day = None;
    for repeated in timeline.chunk_by(is_repeat) {
        let Some(moment) = repeated.first() else { continue };
        let state = match (moment.from, moment.to) {
            (Some(from), Some(to)) => format!("{from} -> {to}"),
            (None, Some(to)) => to.to_string(),
            _ => String::new(),
        };
        let tone = match moment.to {
            Some(OrderState::Filled) => Tone::Good,
            Some(OrderState::Refused | OrderState::NotSent | OrderState::Unknown) => Tone::Bad,
            _ => Tone::Plain,
        };
        let doubt = moment.anomaly.as_ref().map(|anomaly| format!("does not fit: {anomaly}"));
        let times = (repeated.len() > 1).then(|| format!("told {} times", repeated.len()));
        let said = Some(moment.detail.clone()).filter(|detail| !detail.is_empty());
        let detail = [said, times, doubt.clone()].into_iter().flatten().collect::<Vec<_>>().join("; ");
        let at = moment.at.to_utc();
        let time = format!("{:02}:{:02}:{:02}.{:03}", at.hour(), at.minute(), at.second(), at.millisecond());
        let time =
            if day.replace(at.date()) == Some(at.date()) { time } else { format!("{} {time}", at.date()) };
        grid.toned([
            // Times stand under each other, the day only where it changes.
            (format!("{time:>23}"), Tone::Plain),
            (moment.what.to_owned(), Tone::Plain),
            (moment.proof.to_owned(), Tone::Plain),
            (folded(&detail), if doubt.is_some() { Tone::Bad } else { Tone::Plain }),
            (state, tone),
        ]);
    }
    grid
}

/// In lines that fit, broken between words where there are any.
fn folded(text: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().filter(|letter| !letter.is_control()).collect();
        for (at, piece) in letters.chunks(DETAIL_WIDTH).enumerate() {
            let fits = lines.last().is_some_and(|line| {
                let used = line.chars().count();
                at == 0 && (used == 0 || used + 1 + piece.len() <= DETAIL_WIDTH)
            });
            match lines.last_mut() {
                Some(line) if fits => {
                    if !line.is_empty() {
                        line.push(' ');
                    }
                    line.extend(piece);
                }
                _ => lines.push(piece.iter().collect()),
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What never reached the broker is not the broker's word.
    #[test]
    fn who_refused_a_change_or_a_cancel_is_named_as_the_proof() {
        let cases =
            [(RefusedBy::Broker, "broker"), (RefusedBy::Us, "us"), (RefusedBy::Snapshots, "snapshots")];
        for (by, proof) in cases {
            let reason = || "it was stopped here".to_owned();
            let change = OrderInput::ChangeRefused { reason: reason(), by };
            let cancel = OrderInput::CancelRefused { reason: reason(), by };
            assert_eq!(told(&change, None), ("change refused", proof, reason()));
            assert_eq!(told(&cancel, None), ("cancel refused", proof, reason()));
        }
    }

    #[test]
    fn a_word_that_the_broker_repeats_stands_in_one_line() {
        let moment = |sequence, detail: &str, to| Moment {
            sequence,
            at: Timestamp::EPOCH,
            what: STATUS,
            detail: detail.to_owned(),
            proof: "broker",
            from: None,
            to,
            anomaly: None,
        };
        let working = Some(OrderState::Working);
        let life = [
            moment(1, "working, 0 filled", working),
            moment(2, "working, 0 filled", None),
            moment(3, "working, 0 filled", None),
            moment(4, "working, 5 filled", None),
            moment(5, "working, 5 filled", working),
        ];
        let lengths: Vec<usize> = life.chunk_by(is_repeat).map(<[Moment]>::len).collect();
        assert_eq!(lengths, [3, 1, 1], "what changes something stands by itself");
        assert!(drawn(&life).render(false).contains("working, 0 filled; told 3 times"));
    }

    #[test]
    fn a_long_reason_is_folded_between_words_and_within_the_width() {
        let text = format!("one {} end", "x".repeat(100));
        let lines = folded(&text);
        assert!(lines.lines().all(|line| line.chars().count() <= DETAIL_WIDTH), "{lines}");
        assert_eq!(lines.replace(['\n', ' '], ""), text.replace(' ', ""));
        assert_eq!(folded("short words"), "short words");
        assert_eq!(folded(""), "");
    }
}
