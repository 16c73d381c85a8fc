//! Positions and cash: compared to the last unit, and to the cent.

use super::finding::{Cause, Finding, Findings, Scope, Subject};
use super::view::{AccountView, Books, BrokerView, Cash};
use std::collections::{BTreeMap, BTreeSet};
use tradeport_kernel::{Decimal, Money, Symbol};

pub(super) fn look(books: &Books<'_>, broker: &BrokerView, findings: &mut Findings) {
    for view in &broker.accounts {
        // What an account held before anybody has read it is not known to us.
        if !books.holdings.cash.contains_key(&view.account) {
            continue;
        }
        positions(books, view, findings);
        cash(books, view, findings);
    }
}

fn positions(books: &Books<'_>, view: &AccountView, findings: &mut Findings) {
    let account = &view.account;
    let Some(told) = &view.positions else {
        findings.cannot_tell(format!("what {account} holds was not told as a whole"));
        return;
    };
    findings.looked_at(Scope::Positions(account.clone()));
    let reported: BTreeMap<Symbol, Decimal> =
        told.iter().map(|it| (it.symbol(), it.quantity().as_decimal())).collect();
    let booked = books.holdings.positions_of(account);
    // The union of both sides: what one of them does not list is zero there.
    let symbols: BTreeSet<Symbol> = booked.keys().chain(reported.keys()).copied().collect();
    for symbol in symbols {
        let of = |side: &BTreeMap<Symbol, Decimal>| side.get(&symbol).copied().unwrap_or_default();
        let (ours, theirs) = (of(&booked), of(&reported));
        if ours != theirs {
            findings.add(Finding {
                subject: Subject::Position { account: account.clone(), symbol },
                cause: Cause::PositionMoved,
                ours: ours.normalize().to_string(),
                broker: theirs.normalize().to_string(),
                difference: Some(theirs - ours),
                scope: Scope::Positions(account.clone()),
            });
        }
    }
}

fn cash(books: &Books<'_>, view: &AccountView, findings: &mut Findings) {
    let account = &view.account;
    let Some(theirs) = view.cash else {
        findings.cannot_tell(format!("the cash of {account} was not told"));
        return;
    };
    let Cash::Known(ours) = books.holdings.cash_of(account) else {
        findings.cannot_tell(format!("the cash of {account} waits for what trades have cost"));
        return;
    };
    if ours.currency() != theirs.currency() {
        findings.cannot_tell(format!(
            "the cash of {account} is told in {}, and is known in {}",
            theirs.currency(),
            ours.currency()
        ));
        return;
    }
    if !view.rates.is_empty() {
        findings.cannot_tell(format!(
            "the cash of {account} is in several currencies, and moves with their rates"
        ));
        return;
    }
    findings.looked_at(Scope::Cash(account.clone()));
    let difference = theirs.amount() - ours.amount();
    if !is_within_a_cent(difference) {
        findings.add(Finding {
            subject: Subject::Cash { account: account.clone(), currency: theirs.currency() },
            cause: Cause::CashMoved,
            ours: shown(ours),
            broker: shown(theirs),
            difference: Some(difference),
            scope: Scope::Cash(account.clone()),
        });
    }
}

pub(super) fn shown(money: Money) -> String {
    money.rounded(2).to_string()
}

/// Brokers tell cash in cents, and trades and their costs more exactly.
pub(super) fn is_within_a_cent(difference: Decimal) -> bool {
    difference.abs() < Decimal::new(1, 2)
}
