//! What the audit log says: one line for everything that happens to an order, and one for what an account is found to hold.
//!
//! The details are [`Facts`](super::Facts): complete, and readable by programs that know nothing of orders.

use super::FactLine;
use crate::AuditEntry;
use std::fmt::Display;
use tradeport_kernel::{AccountId, Timestamp};
use tradeport_orders::{
    Applied, BrokerPhase, ExecutedPart, Execution, JournalEntry, JournalEvent, OrderChange, OrderInput,
    OrderIntent, RiskFinding,
};
use tradeport_portfolio::{Balances, Portfolio};

/// What an account was found to hold, by the broker's word.
pub const ACCOUNT_READ: &str = "account read";
/// An execution of an order that is not ours.
pub const FOREIGN_EXECUTION: &str = "foreign execution";
/// So many new shares stand for each old one.
pub const SHARES_SPLIT: &str = "shares split";
/// What the journal holds up to here was kept before the log told of it.
pub const LOG_BEGUN: &str = "log begun";

/// What the log says of a journal's entry that is kept at `sequence`, and of what it did to its order.
#[must_use]
pub fn line_of(actor: &str, sequence: u64, entry: &JournalEntry, applied: &Applied) -> AuditEntry {
    let (action, facts) = told(FactLine::default().with("journal", sequence), entry);
    let facts = match applied.moved {
        Some((from, to)) => facts.with("from", from).with("to", to),
        None => facts,
    };
    let facts = facts.with_some("anomaly", applied.anomaly.map(|anomaly| format!("{anomaly:?}")));
    AuditEntry {
        at: entry.at,
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: entry.key.to_string(),
        detail: facts.into_line(),
    }
}

/// What happened, and everything that an entry says of it by itself.
pub(super) fn told(facts: FactLine, entry: &JournalEntry) -> (&'static str, FactLine) {
    match &entry.event {
        JournalEvent::Intended { intent } => ("order intended", intended(facts, intent)),
        JournalEvent::Happened { input } => (action_of(input), happened(facts, input)),
        JournalEvent::Split { action } => {
            let facts = facts.with("symbol", action.symbol()).with("ratio", action.ratio());
            (SHARES_SPLIT, facts.with("effective", action.effective()))
        }
    }
}

/// What an account holds by the broker's word, from here on.
#[must_use]
pub fn account_line(actor: &str, at: Timestamp, portfolio: &Portfolio) -> AuditEntry {
    let cash = portfolio.cash();
    let facts = FactLine::default().with("cash", cash.amount()).with("currency", cash.currency());
    let balances = portfolio.balances().into_iter().flat_map(Balances::iter);
    let facts = balances.fold(facts, |facts, balance| {
        facts.with("balance", balance.amount()).with("balance_currency", balance.currency())
    });
    let facts = portfolio.held().fold(facts, |facts, position| {
        facts.with("symbol", position.symbol()).with("quantity", position.quantity().as_decimal())
    });
    line(actor, at, ACCOUNT_READ, portfolio.account(), facts)
}

/// An execution of an order that is not ours; it moves the account all the same.
#[must_use]
pub fn foreign_line(actor: &str, at: Timestamp, execution: &Execution) -> AuditEntry {
    let key = execution.key.as_ref();
    let facts = executed(FactLine::default().with_some("order", key), execution);
    line(actor, at, FOREIGN_EXECUTION, &execution.account, facts)
}

/// A split, and what an account holds after it.
#[must_use]
pub fn split_line(actor: &str, at: Timestamp, what: &str, portfolio: &Portfolio) -> AuditEntry {
    let mut entry = account_line(actor, at, portfolio);
    entry.detail = format!("{} {}", FactLine::default().with("split", what).into_line(), entry.detail);
    entry
}

fn line(actor: &str, at: Timestamp, action: &str, account: &AccountId, facts: FactLine) -> AuditEntry {
    AuditEntry {
        at,
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: account.to_string(),
        detail: facts.into_line(),
    }
}

const fn action_of(input: &OrderInput) -> &'static str {
    match input {
        OrderInput::RiskApproved { .. } => "order approved",
        OrderInput::RiskRefused { .. } => "order refused by risk",
        OrderInput::ValidationRefused { .. } => "order refused by validation",
        OrderInput::Previewed { .. } => "order previewed",
        OrderInput::Sent => "order sent",
        OrderInput::HeldBack => "order held back",
        OrderInput::Released => "order released",
        OrderInput::Accepted { .. } => "order accepted",
        OrderInput::Refused { .. } => "order refused",
        OrderInput::NotSent { .. } => "order not sent",
        OrderInput::OutcomeUnknown { .. } => "order outcome unknown",
        OrderInput::Status { .. } => "order status",
        OrderInput::Executed { .. } => "order executed",
        OrderInput::Charged { .. } => "order charged",
        OrderInput::ChangeRequested { .. } => "order change requested",
        OrderInput::Changed { .. } => "order changed",
        OrderInput::ChangeRefused { .. } => "order change refused",
        OrderInput::ChangeOutcomeUnknown { .. } => "order change unknown",
        OrderInput::CancelRequested { .. } => "order cancel requested",
        OrderInput::CancelRefused { .. } => "order cancel refused",
        OrderInput::LinkLost => "order lost link",
        OrderInput::ProvenAbsent => "order proven absent",
        OrderInput::TwinGone { .. } => "order twin gone",
        OrderInput::GivenUp { .. } => "order given up",
    }
}

/// What an intent wants. Prices have names of their own; whatever else it says stands in `said`, for people.
pub(super) fn intended(facts: FactLine, intent: &OrderIntent) -> FactLine {
    let kind = intent.kind();
    facts
        .with("account", intent.account())
        .with_some("strategy", intent.strategy())
        .with("side", intent.side())
        .with("size", intent.size())
        .with("symbol", intent.symbol())
        .with_some("route", intent.route())
        .with("type", kind.name())
        .with_some("limit", kind.limit_price())
        .with_some("trigger", kind.trigger_price())
        .with("tif", intent.time_in_force().name())
        .with_some("until", intent.time_in_force().end())
        .with_some("parent", intent.parent())
        .with("terms", format_args!("{kind:?}"))
        .with_some("said", intent.said().map(|said| format!("{said:?}")))
}

fn happened(facts: FactLine, input: &OrderInput) -> FactLine {
    match input {
        OrderInput::RiskApproved { findings } => findings
            .iter()
            .fold(facts.with("verdict", "approved"), |facts, RiskFinding { rule, number, limit }| {
                verdict(facts, rule, number, limit)
            }),
        OrderInput::RiskRefused { rule, number, limit } => {
            verdict(facts.with("verdict", "refused"), rule, number, limit)
        }
        OrderInput::ValidationRefused { broken } => broken
            .iter()
            .fold(facts, |facts, broken| facts.with("broken", &broken.rule).with("words", &broken.words)),
        OrderInput::Previewed { margin } => {
            facts.with("initial_margin", margin.initial).with("maintenance_margin", margin.maintenance)
        }
        OrderInput::Accepted { perm_id, broker_order_id } => {
            facts.with_some("perm_id", *perm_id).with_some("broker_order_id", *broker_order_id)
        }
        OrderInput::Refused { reason }
        | OrderInput::NotSent { reason }
        | OrderInput::OutcomeUnknown { reason }
        | OrderInput::ChangeRefused { reason, .. }
        | OrderInput::ChangeOutcomeUnknown { reason }
        | OrderInput::CancelRefused { reason, .. } => facts.with("reason", reason),
        OrderInput::Status { status } => facts
            .with("phase", phase(status.phase))
            .with("filled", status.filled)
            .with_some("perm_id", status.perm_id)
            .with_some("reason", status.reason.as_ref()),
        OrderInput::Executed { execution } => executed(facts, execution),
        OrderInput::Charged { commission } => facts
            .with("execution", commission.execution.root())
            .with("revision", commission.execution.revision())
            .with("amount", commission.amount.amount())
            .with("currency", commission.amount.currency()),
        OrderInput::ChangeRequested { change } | OrderInput::Changed { change } => changed(facts, change),
        OrderInput::TwinGone { perm_id } => facts.with("perm_id", perm_id),
        OrderInput::GivenUp { by, reason } => facts.with("by", by).with("reason", reason),
        OrderInput::CancelRequested { tag } => {
            facts.with_some("operator", tag.operator.as_ref()).with_some("asked_at", tag.asked_at)
        }
        OrderInput::Sent
        | OrderInput::HeldBack
        | OrderInput::Released
        | OrderInput::LinkLost
        | OrderInput::ProvenAbsent => facts,
    }
}

fn verdict(facts: FactLine, rule: impl Display, number: impl Display, limit: impl Display) -> FactLine {
    facts.with("rule", rule).with("number", number).with("limit", limit)
}

fn executed(facts: FactLine, execution: &Execution) -> FactLine {
    facts
        .with("execution", execution.id.root())
        .with("revision", execution.id.revision())
        .with("account", &execution.account)
        .with("side", execution.side)
        .with("quantity", execution.quantity.as_decimal())
        .with("symbol", execution.symbol)
        .with("price", execution.price.as_decimal())
        .with("part", part(execution.part))
        .with("traded_at", execution.at)
        .with("perm_id", execution.perm_id)
}

fn changed(facts: FactLine, change: &OrderChange) -> FactLine {
    let facts = facts.with_some("size", change.quantity);
    let facts = match &change.kind {
        Some(kind) => facts
            .with("type", kind.name())
            .with_some("limit", kind.limit_price())
            .with_some("trigger", kind.trigger_price())
            .with("terms", format_args!("{kind:?}")),
        None => facts,
    };
    facts
        .with_some("tif", change.time_in_force.map(|time| time.name()))
        .with_some("outside_sessions", change.outside_sessions)
        .with_some("conditions", change.conditions.as_ref().map(|it| format!("{it:?}")))
}

const fn part(part: ExecutedPart) -> &'static str {
    match part {
        ExecutedPart::Whole => "whole",
        ExecutedPart::Combo => "combo",
        ExecutedPart::Leg => "leg",
    }
}

const fn phase(phase: BrokerPhase) -> &'static str {
    match phase {
        BrokerPhase::Held => "held",
        BrokerPhase::Working => "working",
        BrokerPhase::CancelPending => "cancel_pending",
        BrokerPhase::Filled => "filled",
        BrokerPhase::Cancelled => "cancelled",
        BrokerPhase::Expired => "expired",
        BrokerPhase::Refused => "refused",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_kernel::Money;

    #[test]
    fn an_account_is_told_with_its_cash_in_each_currency() {
        let money = |amount: i64, currency: &str| Money::new(amount.into(), currency.parse().unwrap());
        let account = AccountId::new("DU1").unwrap();
        let portfolio = Portfolio::new(account, money(130, "USD"));
        let of = |portfolio: &Portfolio| account_line("us", Timestamp::EPOCH, portfolio).detail;
        assert_eq!(of(&portfolio), "cash=130 currency=USD");
        let balances = [money(5, "USD"), money(100, "EUR")].into_iter().collect();
        let told = of(&portfolio.with_balances(Some(balances)));
        let each = "balance=100 balance_currency=EUR balance=5 balance_currency=USD";
        assert_eq!(told, format!("cash=130 currency=USD {each}"));
    }

    #[test]
    fn parts_and_phases_have_the_words_that_logs_are_read_by() {
        let parts = [ExecutedPart::Whole, ExecutedPart::Combo, ExecutedPart::Leg].map(part);
        assert_eq!(parts, ["whole", "combo", "leg"]);
        use BrokerPhase as P;
        let all = [P::Held, P::Working, P::CancelPending, P::Filled, P::Cancelled, P::Expired, P::Refused];
        let words = ["held", "working", "cancel_pending", "filled", "cancelled", "expired", "refused"];
        assert_eq!(all.map(phase), words);
    }
}
