//! Accounts: values, positions, and what they earn; told once, on change, or by the second.
//!
//! | request | told again |
//! | --- | --- |
//! | account updates, one account or several | every three minutes, and when a position changes |
//! | account summary | every three minutes, what has changed |
//! | positions | when one changes |
//! | profit and loss | every second |
//!
//! Left out: advisers' groups other than `All`, and models.

mod figures;
mod keys;
mod ledger;
mod pnl;
mod positions;
mod summary;
mod updates;

pub(crate) use pnl::{cancel_pnl, cancel_single, pnl, single};
pub(crate) use positions::{
    cancel_multi as cancel_positions_multi, cancel_positions, multi as positions_multi, positions,
};
pub(crate) use summary::{cancel_summary, summary};
pub(crate) use updates::{cancel_multi, multi, updates};

use super::parts::Parts;
use crate::server::error::ApiError;
use crate::server::session::Session;
use ledger::Ledger;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use time::Date;
use time_tz::{OffsetDateTimeExt, timezones};
use tradeport_contracts::Contract;
use tradeport_fake_broker::exchange::{Effect, ExchangeEvent};
use tradeport_kernel::{AccountId, Decimal, Symbol, Timestamp};
use tradeport_orders::Execution;

/// Between two tellings of what nothing has happened to.
const REFRESH: Duration = Duration::from_secs(180);
/// Between two tellings of what is earned.
const SECOND: Duration = Duration::from_secs(1);

/// What is kept for all connections: what every account holds and has earned.
#[derive(Debug, Default)]
pub(crate) struct Ledgers {
    rows: BTreeMap<(AccountId, Symbol), Ledger>,
    today: Option<Date>,
}

/// What is kept of one connection: what it wants to hear.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    updates: Option<updates::Updates>,
    multi: BTreeMap<i32, updates::Multi>,
    summaries: BTreeMap<i32, summary::Wanted>,
    /// The ids that summaries were ever asked under.
    summary_ids: BTreeSet<i32>,
    positions: bool,
    positions_multi: BTreeMap<i32, positions::Multi>,
    pnl: BTreeMap<i32, AccountId>,
    singles: BTreeMap<i32, (AccountId, i32)>,
    /// When what is earned is told next.
    next_pnl: Option<Timestamp>,
}

impl Heard {
    fn next(&self) -> Option<Timestamp> {
        let earned = !self.pnl.is_empty() || !self.singles.is_empty();
        let updates = self.updates.iter().map(|it| it.next);
        let multi = self.multi.values().map(|it| it.next);
        let summaries = self.summaries.values().map(|it| it.next);
        updates.chain(multi).chain(summaries).chain(self.next_pnl.filter(|_| earned)).min()
    }
}

impl Ledgers {
    /// Takes a trade in; what it earned, when it closed something.
    pub(crate) fn trade(
        &mut self,
        contract: &Contract,
        execution: &Execution,
        commission: Decimal,
    ) -> Option<Decimal> {
        let key = (execution.account.clone(), contract.symbol());
        self.rows.entry(key).or_insert_with(|| Ledger::new(contract.clone())).trade(execution, commission)
    }

    /// Forgets what an account holds of a contract, to reckon it anew.
    pub(crate) fn forget(&mut self, account: &AccountId, symbol: Symbol) {
        self.rows.remove(&(account.clone(), symbol));
    }

    fn of<'a>(&'a self, account: &'a AccountId) -> impl Iterator<Item = &'a Ledger> {
        self.rows.iter().filter(move |((owner, _), _)| owner == account).map(|(_, ledger)| ledger)
    }
}

/// Tells what is due.
pub(crate) fn on_time(parts: &mut Parts<'_>) {
    let now = parts.world.now();
    let due: Vec<_> = parts
        .sessions
        .values()
        .filter(|session| session.kept.account.next().is_some_and(|next| next <= now))
        .map(|session| session.id)
        .collect();
    for id in due {
        updates::tell_due(parts, id);
        summary::tell_due(parts, id);
        pnl::tell_due(parts, id);
    }
}

/// Tells positions that have changed.
pub(crate) fn on_effects(parts: &mut Parts<'_>, effects: &[Effect]) {
    for effect in effects {
        let ExchangeEvent::Position { account, position } = &effect.event else { continue };
        let (symbol, quantity) = (position.symbol(), position.quantity().as_decimal());
        let Some(contract) = parts.world.traded(symbol).cloned() else { continue };
        let key = (account.clone(), symbol);
        let rows = &mut parts.shared.account.rows;
        rows.entry(key).or_insert_with(|| Ledger::new(contract)).now_holds(quantity);
        positions::tell_changed(parts, account, symbol);
        updates::tell_changed(parts, account, symbol);
    }
}

/// When something is due next.
pub(crate) fn next_wake<'a>(sessions: impl Iterator<Item = &'a Session>) -> Option<Timestamp> {
    sessions.filter_map(|session| session.kept.account.next()).min()
}

impl Parts<'_> {
    /// Days begin at midnight in New York. Whatever trades or reckons calls this first.
    pub(crate) fn begin_day(&mut self) {
        let today = self.world.now().to_utc().to_timezone(timezones::db::america::NEW_YORK).date();
        let before = self.shared.account.today.replace(today);
        if before.is_none_or(|before| before == today) {
            return;
        }
        for ledger in self.shared.account.rows.values_mut() {
            let price = self.world.exchange().last_price(ledger.contract.symbol());
            ledger.begin_day(price.map(|price| price.as_decimal()));
        }
    }

    /// The account of a name; the first one for no name.
    fn account_named(&self, id: i32, name: Option<&str>) -> Result<AccountId, ApiError> {
        let accounts = self.world.accounts();
        let found = match name.unwrap_or_default() {
            "" => accounts.first(),
            name => accounts.iter().find(|account| account.as_str() == name),
        };
        found.cloned().ok_or_else(|| {
            ApiError::invalid(id, format!("Invalid account code '{}'", name.unwrap_or_default()))
        })
    }

    /// Lets the exchange see what the market says of everything that an account holds.
    fn refresh_account(&mut self, account: &AccountId) {
        self.begin_day();
        let held: Vec<Contract> = self
            .shared
            .account
            .of(account)
            .filter(|ledger| !ledger.quantity().is_zero())
            .map(|ledger| ledger.contract.clone())
            .collect();
        for contract in held {
            self.world.refresh(&contract);
        }
    }

    fn price_of(&self, ledger: &Ledger) -> Option<Decimal> {
        self.world.exchange().last_price(ledger.contract.symbol()).map(|price| price.as_decimal())
    }
}

#[cfg(test)]
mod tests;
