//! Orders: every one of both sides, told apart by whose it is.

use super::finding::{Cause, Finding, Findings, List, Subject};
use super::origin::Origin;
use super::scope::Scope;
use super::view::{Books, BrokerView};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::mem::discriminant;
use tradeport_kernel::{AccountId, Decimal, OrderKey, PermId};
use tradeport_orders::{BrokerOrder, BrokerPhase, Order, OrderKind};

pub(super) fn look(books: &Books<'_>, broker: &BrokerView, findings: &mut Findings) {
    findings.by_login(&broker.login);
    overfilled(books, findings);
    of_other_logins(books, findings);
    unread(books, broker, findings);
    executions(books, broker, findings);
    let mut numbers: BTreeMap<&OrderKey, BTreeSet<PermId>> = BTreeMap::new();
    let Some(open) = &broker.open else {
        several(books, &numbers, findings);
        findings.cannot_tell("open orders were not told as a whole".to_owned());
        return;
    };
    if broker.proves_absence_in(List::OpenOrders) {
        findings.looked_at(Scope::Orders);
    }
    // A list may show what has just ended: that could not trade any more.
    for row in open.iter().filter(|row| is_live(row.status.phase)) {
        match Origin::of(row, books.orders) {
            Origin::Ours => {
                if let Some(key) = &row.key {
                    numbers.entry(key).or_default().extend(row.perm_id);
                }
                ours(books, row, findings);
            }
            Origin::Orphan => match row.perm_id {
                Some(number) => findings.add(orphan(row, number)),
                None => findings.cannot_tell(format!(
                    "an order that is not known here has no number of the broker yet: {}",
                    told(row)
                )),
            },
            // Whoever they belong to looks after them.
            Origin::ByHand | Origin::OtherClient | Origin::Unknown => {}
        }
    }
    several(books, &numbers, findings);
    gone(books, broker, findings);
}

/// Orders that may trade, of accounts of which this login tells nothing.
fn of_other_logins(books: &Books<'_>, findings: &mut Findings) {
    let mut untold: BTreeMap<&AccountId, usize> = BTreeMap::new();
    for order in books.orders.iter().filter(|order| order.state().may_trade()) {
        let account = order.intent().account();
        if !findings.looked().tells_of(account) {
            *untold.entry(account).or_default() += 1;
        }
    }
    for (account, count) in untold {
        let orders = if count == 1 { "1 order".to_owned() } else { format!("{count} orders") };
        findings.cannot_tell(format!(
            "{account} is no account of this login: nothing tells what became of {orders} of it"
        ));
    }
}

/// What is there and could not be read is named, and is no absence of anything.
fn unread(books: &Books<'_>, broker: &BrokerView, findings: &mut Findings) {
    for (list, rows) in &broker.unread {
        findings.looked_at(Scope::Unread(*list));
        if !rows.is_empty() {
            findings
                .cannot_tell(format!("some of the {list} cannot be read: nothing else is taken for gone"));
        }
        for row in rows {
            let ours = row.key.as_ref().and_then(|key| books.orders.get(key));
            findings.add(Finding {
                subject: Subject::Row { list: *list, name: row.name.clone() },
                cause: Cause::Unread,
                ours: ours.map_or_else(
                    || "nothing that is known".to_owned(),
                    |order| format!("order {}, {}", order.intent().key(), order.state()),
                ),
                broker: row.reason.clone(),
                difference: None,
                scope: Scope::Unread(*list),
            });
        }
    }
}

const fn is_live(phase: BrokerPhase) -> bool {
    matches!(phase, BrokerPhase::Held | BrokerPhase::Working | BrokerPhase::CancelPending)
}

fn subject(order: &Order) -> Subject {
    let intent = order.intent();
    Subject::Order { key: intent.key().clone(), account: intent.account().clone(), symbol: intent.symbol() }
}

fn finding(order: &Order, cause: Cause, scope: Scope, ours: String, broker: String) -> Finding {
    Finding { subject: subject(order), cause, ours, broker, difference: None, scope }
}

/// What an order is that nobody here knows.
fn told(row: &BrokerOrder) -> String {
    let key =
        row.key.as_ref().map_or_else(|| "without a key".to_owned(), |key| format!("under the key {key}"));
    format!("{} {} {}, {key}", row.side, row.size, row.symbol)
}

fn orphan(row: &BrokerOrder, perm_id: PermId) -> Finding {
    let (account, symbol) = (row.account.clone(), row.symbol);
    Finding {
        subject: Subject::BrokerOrder { perm_id, account, symbol },
        cause: Cause::OrphanOrder,
        ours: "nothing".to_owned(),
        broker: told(row),
        difference: None,
        scope: Scope::Orders,
    }
}

/// An order of ours that the broker shows as open.
fn ours(books: &Books<'_>, row: &BrokerOrder, findings: &mut Findings) {
    let Some(order) = row.key.as_ref().and_then(|key| books.orders.get(key)) else { return };
    filled_less(order, row, findings);
    if order.state().is_final() {
        let (ours, broker) = (order.state().to_string(), open_under(row));
        findings.add(finding(order, Cause::EndedHere, Scope::Orders, ours, broker));
        return;
    }
    let intent = order.intent();
    let shown = (&row.account, row.symbol, row.side);
    let units = order.quantity().zip(row.size.quantity());
    // With a change or a twin in the way both wordings count, and nobody can say which is shown.
    let settled = order.pending_change().is_none() && order.twins().next().is_none();
    let as_it_should = |(ours, theirs)| ours == theirs || theirs < ours && may_grow(books, order);
    let same_size = !settled || units.is_none_or(as_it_should);
    let price = if settled { other_price(order, row) } else { None };
    if shown != (intent.account(), intent.symbol(), intent.side()) || !same_size || price.is_some() {
        let (at, told_at) = price.unwrap_or_default();
        let ours =
            format!("{} {} {}{at} of {}", intent.side(), order.size(), intent.symbol(), intent.account());
        let broker = format!("{} {} {}{told_at} of {}", row.side, row.size, row.symbol, row.account);
        findings.add(finding(order, Cause::OtherTerms, Scope::Orders, ours, broker));
    }
}

/// The prices of both, where they differ. Of what says more than its prices, or follows the market, a broker may move them.
fn other_price(order: &Order, row: &BrokerOrder) -> Option<(String, String)> {
    let (ours, told) = (order.kind(), row.kind?);
    let is_plain = order.wording().said().is_none() && discriminant(ours) == discriminant(&told);
    if !is_plain || *ours == told {
        return None;
    }
    Some((prices(ours)?, prices(&told)?))
}

fn prices(kind: &OrderKind) -> Option<String> {
    Some(match kind {
        OrderKind::Limit { limit: price } | OrderKind::Stop { stop: price } => format!(" at {price}"),
        OrderKind::StopLimit { stop, limit } => format!(" at {stop} with a limit of {limit}"),
        _ => return None,
    })
}

/// While some of its parent has traded and more may, a broker lists an order as large as what has come in.
fn may_grow(books: &Books<'_>, order: &Order) -> bool {
    let parent = order.intent().parent().and_then(|key| books.orders.get(key));
    parent.is_some_and(|parent| parent.state().may_trade() && parent.has_traded_in_part())
}

fn open_under(row: &BrokerOrder) -> String {
    row.perm_id.map_or_else(|| "open".to_owned(), |number| format!("open under number {number}"))
}

/// Executions count whatever a status says. But what was told twice under other numbers makes the rest of the order look
/// smaller than it is, and that can still trade. A row that tells of nothing filled may lack its status.
fn filled_less(order: &Order, row: &BrokerOrder, findings: &mut Findings) {
    let (has, told) = (order.filled(), row.status.filled);
    let is_alone = order.twins().next().is_none();
    if is_alone && Decimal::ZERO < told && told < has {
        let (ours, broker) = (has.normalize().to_string(), told.normalize().to_string());
        let found = finding(order, Cause::FilledLessThere, Scope::Orders, ours, broker);
        findings.add(Finding { difference: Some(told - has), ..found });
    }
}

fn several(books: &Books<'_>, shown: &BTreeMap<&OrderKey, BTreeSet<PermId>>, findings: &mut Findings) {
    for order in books.orders.iter() {
        let mut numbers = shown.get(order.intent().key()).cloned().unwrap_or_default();
        let told = numbers.len();
        // What was heard of live since the list was made counts as well.
        if order.has_live_twin() {
            numbers.extend(order.perm_id());
            numbers.extend(order.twins().filter(|(_, twin)| twin.is_live()).map(|(number, _)| number));
        }
        if told > 1 || order.has_live_twin() {
            let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
            let broker = format!("orders {}", numbers.join(" and "));
            findings.add(finding(order, Cause::SeveralOrders, Scope::Orders, "one order".to_owned(), broker));
        }
    }
}

/// Known by the journal alone: no answer of the broker makes it less true.
fn overfilled(books: &Books<'_>, findings: &mut Findings) {
    findings.looked_at(Scope::Person);
    for order in books.orders.iter() {
        let Some(over) = order.overfilled() else { continue };
        let ours = format!("{} ordered", order.size());
        let broker = format!("{} filled", order.filled().normalize());
        let found = finding(order, Cause::Overfilled, Scope::Person, ours, broker);
        findings.add(Finding { difference: Some(over), ..found });
    }
}

fn executions(books: &Books<'_>, broker: &BrokerView, findings: &mut Findings) {
    if broker.executions.is_none() {
        findings.cannot_tell("executions were not told as a whole".to_owned());
        return;
    }
    if broker.proves_absence_in(List::Executions) {
        findings.looked_at(Scope::Executions);
    }
    for order in books.orders.iter() {
        let (has, told) = (order.filled(), order.reported_filled());
        if told > has {
            let (ours, broker) = (has.normalize().to_string(), told.normalize().to_string());
            let found = finding(order, Cause::ExecutionMissing, Scope::Executions, ours, broker);
            findings.add(Finding { difference: Some(told - has), ..found });
        }
    }
}

/// What works here and is in none of the broker's lists. What is in flight or unknown is looked after elsewhere: it is
/// proven, not compared.
fn gone(books: &Books<'_>, broker: &BrokerView, findings: &mut Findings) {
    let (Some(open), Some(completed)) = (&broker.open, &broker.completed) else {
        findings.cannot_tell("orders that have ended were not told as a whole".to_owned());
        return;
    };
    if ![List::OpenOrders, List::CompletedOrders].into_iter().all(|list| broker.proves_absence_in(list)) {
        return;
    }
    findings.looked_at(Scope::AllOrders);
    let shown: HashSet<&OrderKey> = open.iter().chain(completed).filter_map(|row| row.key.as_ref()).collect();
    for order in books.orders.iter() {
        let is_told = findings.looked().tells_of(order.intent().account());
        if order.state().is_at_broker() && is_told && !shown.contains(order.intent().key()) {
            let (ours, broker) = (order.state().to_string(), "nothing".to_owned());
            findings.add(finding(order, Cause::GoneThere, Scope::AllOrders, ours, broker));
        }
    }
}
