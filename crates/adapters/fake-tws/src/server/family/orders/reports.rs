//! Executions and what they cost: told when they happen, and again when somebody asks.
//!
//! An execution's number is that of TWS in shape: `00000001.0000002a.01.01`, the last two digits its revision. A revision
//! takes the place of the one before.
//!
//! A combo's trade is told as one of the combo, which fills its order, and one of each leg, which the account holds and is
//! charged for.

use super::held::{Held, PermId, Place};
use super::tell::{plain, zoned};
use crate::server::chaos::Note;
use crate::server::family::parts::Parts;
use crate::server::lookup;
use crate::server::session::SessionId;
use crate::translate::number::to_float;
use crate::wire::proto;
use std::collections::BTreeMap;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_fake_broker::exchange::Input;
use tradeport_kernel::{Decimal, OrderKey, Price};
use tradeport_orders::{Commission, Execution, ExecutionId, OrderChange, OrderKind, Side};

/// So many executions are remembered.
const MOST: usize = 100_000;
/// Takes from what stands in the book.
const REMOVED: i32 = 2;

/// An execution, as it is told.
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) perm_id: PermId,
    pub(crate) execution: Execution,
    pub(crate) contract: Contract,
    /// Does it change what the account holds?
    pub(crate) moves_position: bool,
    pub(crate) details: proto::ExecutionDetails,
    pub(crate) cost: Option<Decimal>,
    /// What it earned, if it closed something.
    pub(crate) realized: Option<Decimal>,
}

/// The executions that count, in the order in which they happened.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    rows: BTreeMap<u64, Report>,
    /// Where the execution of each root stands.
    by_root: BTreeMap<String, u64>,
    next: u64,
}

impl Reports {
    pub(crate) fn all(&self) -> impl Iterator<Item = &Report> {
        self.rows.values()
    }

    /// Has anything with this symbol traded?
    pub(crate) fn has_symbol(&self, symbol: &str) -> bool {
        self.rows
            .values()
            .any(|row| row.details.contract.as_ref().and_then(|it| it.symbol.as_deref()) == Some(symbol))
    }

    fn find(&mut self, id: &ExecutionId) -> Option<&mut Report> {
        self.rows.get_mut(self.by_root.get(id.root())?)
    }

    fn add(&mut self, report: Report) {
        if let Some(known) = self.find(&report.execution.id) {
            *known = report;
            return;
        }
        self.by_root.insert(report.execution.id.root().to_owned(), self.next);
        self.rows.insert(self.next, report);
        self.next += 1;
        if self.rows.len() > MOST
            && let Some((_, oldest)) = self.rows.pop_first()
        {
            self.by_root.remove(oldest.execution.id.root());
        }
    }

    fn remove(&mut self, id: &ExecutionId) -> Option<Report> {
        self.rows.remove(&self.by_root.remove(id.root())?)
    }

    #[cfg(test)]
    pub(super) fn kept(&self) -> [usize; 2] {
        [self.rows.len(), self.by_root.len()]
    }
}

/// An execution's number, as TWS has them.
fn exec_id(id: &ExecutionId) -> String {
    format!("{}.01.{:02}", id.root(), id.revision())
}

impl Report {
    /// What it cost and earned, for whoever is told; `None` while that is not known.
    pub(crate) fn commission(&self) -> Option<proto::CommissionAndFeesReport> {
        Some(proto::CommissionAndFeesReport {
            exec_id: Some(exec_id(&self.execution.id)),
            commission_and_fees: Some(to_float(self.cost?)),
            currency: Some(self.contract.currency().to_string()),
            realized_pnl: self.realized.map(|earned| to_float(earned.round_dp(6))),
            bond_yield: None,
            yield_redemption_date: None,
        })
    }
}

impl Parts<'_> {
    /// Some of an order has traded, or the exchange reports an earlier trade anew.
    pub(super) fn executed(&mut self, execution: &Execution, commission: Option<Commission>) {
        let cost = commission.map(|it| it.amount.amount());
        let Some(known) = self.shared.orders.reports.find(&execution.id).map(|it| it.clone()) else {
            return self.first_report(execution, cost);
        };
        if known.execution.id.revision() == execution.id.revision() {
            // Told twice: it counts once.
            let to = self.hearers_of(&known);
            return self.say(&to, known.details);
        }
        self.correct(known, execution);
    }

    fn first_report(&mut self, execution: &Execution, cost: Option<Decimal>) {
        let Some(perm_id) = execution.key.as_ref().and_then(|key| self.shared.orders.of_key(key)) else {
            return;
        };
        let leg = self.world.traded(execution.symbol).cloned();
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        let whole = held.contract.symbol() == execution.symbol;
        let is_combo = held.contract.instrument().kind() == Some(InstrumentKind::Combo);
        if whole {
            held.trade(execution.quantity.as_decimal(), execution.price.as_decimal());
        }
        let client_id = held.client_id;
        let mut details = details(held, execution);
        let contract = match leg.filter(|_| !whole) {
            Some(leg) => {
                details.contract = Some(lookup::contract_of(&leg));
                leg
            }
            None => held.contract.clone(),
        };
        let moves_position = !(whole && is_combo);
        let realized = if moves_position {
            self.shared.account.trade(&contract, execution, cost.unwrap_or_default())
        } else {
            None
        };
        self.outbox.note(Note::Execution { perm_id: perm_id.0, client_id });
        let traded = (execution.quantity.as_decimal(), execution.price);
        let execution = execution.clone();
        let report = Report { perm_id, execution, contract, moves_position, details, cost, realized };
        self.tell_report(report);
        self.grow_hedges(perm_id);
        if whole {
            self.limit_the_rest(perm_id, traded.1);
            self.neutralise(perm_id, traded.0).unwrap_or_default();
        }
    }

    /// What is left of a market-to-limit order has the price of its first trade for a limit.
    fn limit_the_rest(&mut self, perm_id: PermId, price: Price) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        let is_open = held.place == Place::Exchange && !held.remaining().is_zero();
        let is_first = held.wording.wire.lmt_price.is_none_or(|limit| limit == 0.0);
        let has_none = matches!(held.wording.intent.kind(), OrderKind::MarketToLimit { limit: None });
        if !(is_open && is_first && has_none) {
            return;
        }
        held.wording.wire.lmt_price = Some(to_float(price.as_decimal()));
        let change = OrderChange { kind: Some(OrderKind::Limit { limit: price }), ..OrderChange::default() };
        self.world.input(Input::Change { key: held.key.clone(), change: Box::new(change) });
    }

    fn tell_report(&mut self, report: Report) {
        let to = self.hearers_of(&report);
        self.say(&to, report.details.clone());
        self.shared.orders.reports.add(report);
    }

    fn hearers_of(&self, report: &Report) -> Vec<SessionId> {
        let client_id = report.details.execution.as_ref().and_then(|it| it.client_id);
        self.hearers(client_id.unwrap_or_default())
    }

    /// A later revision of an execution: price or quantity were wrong.
    fn correct(&mut self, known: Report, execution: &Execution) {
        let (old, new) = (&known.execution, execution);
        let mut details = known.details.clone();
        if let Some(held) = self.shared.orders.live_mut(known.perm_id) {
            held.trade(-old.quantity.as_decimal(), old.price.as_decimal());
            held.trade(new.quantity.as_decimal(), new.price.as_decimal());
        }
        if let Some(told) = &mut details.execution {
            told.exec_id = Some(exec_id(&new.id));
            told.price = Some(to_float(new.price.as_decimal()));
            told.shares = Some(plain(new.quantity.as_decimal()));
            let less = old.quantity.as_decimal() - new.quantity.as_decimal();
            let sum: Option<Decimal> = told.cum_qty.as_deref().and_then(|it| it.parse().ok());
            told.cum_qty = sum.map(|sum| plain(sum - less));
        }
        self.tell_report(Report { execution: new.clone(), details, ..known.clone() });
        self.reckon_again(&known);
    }

    /// An execution counts no more.
    pub(super) fn busted(&mut self, execution: &Execution) {
        let Some(report) = self.shared.orders.reports.remove(&execution.id) else { return };
        if let Some(held) = self.shared.orders.live_mut(report.perm_id) {
            held.trade(-execution.quantity.as_decimal(), execution.price.as_decimal());
        }
        self.reckon_again(&report);
    }

    /// Reckons anew what an account holds and has earned of a contract, from all its trades.
    fn reckon_again(&mut self, of: &Report) {
        let (account, symbol) = (&of.execution.account, of.execution.symbol);
        self.shared.account.forget(account, symbol);
        let same = |row: &&mut Report| {
            row.moves_position && row.execution.account == *account && row.execution.symbol == symbol
        };
        for row in self.shared.orders.reports.rows.values_mut().filter(same) {
            let cost = row.cost.unwrap_or_default();
            row.realized = self.shared.account.trade(&row.contract, &row.execution, cost);
        }
    }

    /// Tells what trades cost.
    pub(super) fn tell_costs(&mut self, costs: &[(OrderKey, Commission)]) {
        for (_, commission) in costs {
            let Some(report) = self.shared.orders.reports.find(&commission.execution) else { continue };
            report.cost = Some(commission.amount.amount());
            let (report, told) = (report.clone(), report.commission());
            let to = self.hearers_of(&report);
            if let Some(told) = told {
                self.say(&to, told);
            }
        }
    }
}

fn details(held: &Held, it: &Execution) -> proto::ExecutionDetails {
    let primary = held.contract.details().primary_exchange.clone();
    let execution = proto::Execution {
        order_id: Some(if held.order_id == 0 { i32::MAX } else { held.order_id }),
        exec_id: Some(exec_id(&it.id)),
        time: Some(zoned(it.at)),
        acct_number: Some(it.account.as_str().to_owned()),
        exchange: primary.or_else(|| held.asked.exchange.clone()),
        side: Some(if it.side == Side::Buy { "BOT" } else { "SLD" }.to_owned()),
        shares: Some(plain(it.quantity.as_decimal())),
        price: Some(to_float(it.price.as_decimal())),
        perm_id: Some(held.perm_id.0),
        client_id: Some(held.client_id),
        is_liquidation: None,
        cum_qty: Some(plain(held.filled)),
        avg_price: Some(to_float(held.average_price())),
        order_ref: held.wording.wire.order_ref.clone(),
        ev_rule: None,
        ev_multiplier: None,
        model_code: held.wording.wire.model_code.clone(),
        last_liquidity: Some(REMOVED),
        is_price_revision_pending: None,
        submitter: held.wording.wire.submitter.clone(),
        opt_exercise_or_lapse_type: None,
    };
    proto::ExecutionDetails {
        req_id: Some(-1),
        contract: Some(held.asked.clone()),
        execution: Some(execution),
    }
}
