//! Positions and cash: compared to the last unit, and to the cent.

use super::cash::{Cash, compare, shown};
use super::finding::{Cause, Finding, Findings, Subject};
use super::scope::Scope;
use super::view::{AccountView, Books, BrokerView};
use std::collections::{BTreeMap, BTreeSet};
use tradeport_kernel::{Decimal, Symbol};

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
    let theirs = match told(view) {
        Ok(theirs) => theirs,
        Err(why) => return findings.cannot_tell(why),
    };
    let Some(book) = books.holdings.cash_of(account) else { return };
    let compared = compare(account, book, &theirs);
    let scope = |currency| Scope::Cash(account.clone(), currency);
    compared.currencies().for_each(|currency| findings.looked_at(scope(Some(currency))));
    if compared.is_whole {
        findings.looked_at(scope(None));
    }
    for (ours, theirs) in compared.apart {
        let currency = theirs.currency();
        findings.add(Finding {
            subject: Subject::Cash { account: account.clone(), currency },
            cause: Cause::CashMoved,
            ours: shown(ours),
            broker: shown(theirs),
            difference: Some(theirs.amount() - ours.amount()),
            scope: scope(Some(currency)),
        });
    }
    compared.questions.into_iter().for_each(|why| findings.cannot_tell(why));
}

/// What the broker tells of cash. Errors: why it says nothing that can be compared.
fn told(view: &AccountView) -> Result<Cash, String> {
    let account = &view.account;
    match (&view.balances, view.cash) {
        (Some(balances), _) => Ok(Cash::ByCurrency(balances.clone())),
        (None, Some(_)) if !view.rates.is_empty() => Err(format!(
            "the cash of {account} is in several currencies and told in one sum, which moves with their rates"
        )),
        (None, Some(cash)) => Ok(Cash::InAll(cash)),
        (None, None) => Err(format!("the cash of {account} was not told")),
    }
}
