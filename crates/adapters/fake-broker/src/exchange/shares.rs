//! Orders that several accounts share: how what trades is handed out among them.
//!
//! Each account has a weight, and with it a target: its part of the order's quantity, in whole lots. Whatever trades is
//! handed out at once, so that everybody comes as near to his part of all that has traded as whole lots allow; what is
//! left over goes lot by lot to whoever lacks the most, to the first of equals. What somebody has got is never taken
//! back, and when the order has filled everybody has exactly the target.
//!
//! Each part is an execution of its own, of its account, which is charged for it as for an order of that size. A shared
//! order keeps no money of anybody: each account is asked for its part when the order comes, and cash accounts again when
//! it trades. Combos are not shared.

use super::admission::Refusal;
use super::order::{LiveOrder, Running, Slot};
use super::{Effect, Exchange};
use serde::{Deserialize, Serialize};
use tradeport_kernel::{AccountId, Decimal, Price, Quantity};
use tradeport_orders::{BrokerPhase, Execution};

/// What one account has of a shared order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Share {
    pub(crate) account: usize,
    weight: Decimal,
    /// What it has when the order has filled.
    target: Decimal,
    /// What it has got, and what that cost.
    running: Running,
}

/// Hands out `units`, in whole lots, to those who have got so much already, by their weights: see the module for the
/// rule. What does not make a whole lot goes to whoever lacks the most. `None` when nobody has a weight, or the numbers
/// are too large to compute with.
#[must_use]
pub fn share_out(weights: &[Decimal], got: &[Decimal], units: Decimal, lot: Decimal) -> Option<Vec<Decimal>> {
    let add = |sum: Decimal, next: &Decimal| sum.checked_add(*next);
    let weight = weights.iter().try_fold(Decimal::ZERO, add)?;
    let total = got.iter().try_fold(units, add)?;
    if weight <= Decimal::ZERO || lot <= Decimal::ZERO || weights.len() != got.len() {
        return None;
    }
    let mut lacks = Vec::with_capacity(weights.len());
    for (own, got) in weights.iter().zip(got) {
        let part = total.checked_mul(*own)?.checked_div(weight)?;
        lacks.push(part.checked_sub(*got)?);
    }
    let whole = |lack: &Decimal| {
        let lack = (*lack).max(Decimal::ZERO);
        Some(lack - lack.checked_rem(lot)?)
    };
    let mut given: Vec<Decimal> = lacks.iter().map(whole).collect::<Option<_>>()?;
    lacks.iter_mut().zip(&given).for_each(|(lack, given)| *lack -= *given);
    let mut rest = units.checked_sub(given.iter().try_fold(Decimal::ZERO, add)?)?;
    while rest < Decimal::ZERO {
        let has = |at: &usize| given[*at] > Decimal::ZERO;
        let least = (0..given.len()).filter(has).min_by(|a, b| lacks[*a].cmp(&lacks[*b]))?;
        let back = lot.min(given[least]).min(-rest);
        (given[least], lacks[least], rest) = (given[least] - back, lacks[least] + back, rest + back);
    }
    while rest > Decimal::ZERO {
        let most = (0..given.len()).rev().max_by(|a, b| lacks[*a].cmp(&lacks[*b]))?;
        let more = lot.min(rest);
        (given[most], lacks[most], rest) = (given[most] + more, lacks[most] - more, rest - more);
    }
    Some(given.into_iter().map(|units| units.normalize()).collect())
}

impl LiveOrder {
    /// Are there no shares, or is everything that has traded theirs?
    pub(super) fn shares_add_up(&self) -> bool {
        let sum = |of: fn(&Share) -> Decimal| {
            self.shares.iter().map(of).try_fold(Decimal::ZERO, |sum, next| sum.checked_add(next))
        };
        self.shares.is_empty()
            || sum(|it| it.running.filled) == Some(self.filled)
                && sum(|it| it.target) == Some(self.quantity.as_decimal())
                && self
                    .shares
                    .iter()
                    .all(|it| it.running.filled <= it.target && !it.weight.is_sign_negative())
    }
}

impl Exchange {
    /// The shares of an order that was just taken; none when nobody shares it.
    pub(super) fn shares_for(
        &self,
        market: usize,
        quantity: Quantity,
        weights: &[(AccountId, Decimal)],
    ) -> Result<Vec<Share>, Refusal> {
        if weights.is_empty() {
            return Ok(Vec::new());
        }
        let contract = &self.markets[market].contract;
        if self.is_combo(market) {
            return Err(Refusal::SharedCombo(contract.symbol()));
        }
        let mut shares: Vec<Share> = Vec::with_capacity(weights.len());
        for (id, weight) in weights {
            let account = self.account_of(id).ok_or_else(|| Refusal::Account(id.clone()))?;
            self.check_currency(market, account)?;
            let known = shares.iter().any(|share| share.account == account);
            if known || weight.is_sign_negative() {
                return Err(Refusal::Shares(weights.len(), quantity));
            }
            let (weight, target, running) = (*weight, Decimal::ZERO, Running::default());
            shares.push(Share { account, weight, target, running });
        }
        let aims = aims(&shares, quantity, contract.lot());
        let aims = aims.ok_or(Refusal::Shares(weights.len(), quantity))?;
        shares.iter_mut().zip(aims).for_each(|(share, aim)| share.target = aim);
        Ok(shares)
    }

    /// The quantity of an order is another one: so are the targets of those who share it.
    pub(super) fn share_anew(&mut self, slot: Slot) {
        let order = &mut self.orders[slot];
        let lot = self.markets[order.market].contract.lot();
        if let Some(aims) = aims(&order.shares, order.quantity, lot) {
            order.shares.iter_mut().zip(aims).for_each(|(share, aim)| share.target = aim);
        }
    }

    /// Can every account bear what is still to come of its part?
    pub(super) fn check_shares(&self, order: &LiveOrder) -> Result<(), Refusal> {
        for share in &order.shares {
            let Ok(rest) = Quantity::new(share.target - share.running.filled) else { continue };
            let mut part = order.clone();
            (part.account, part.quantity, part.held_units) = (share.account, rest, rest.as_decimal());
            (part.filled, part.shares) = (Decimal::ZERO, Vec::new());
            (part.traded_value, part.base_commission, part.charged) = Default::default();
            self.reserve_for(&part)?;
        }
        Ok(())
    }

    /// Trades `quantity` of a shared order at `price`, if the accounts that get it can bear it; otherwise the order ends.
    /// Tells whether it has traded.
    pub(super) fn fill_shared(
        &mut self,
        slot: Slot,
        quantity: Quantity,
        price: Price,
        out: &mut Vec<Effect>,
    ) -> bool {
        let parts = match self.trade_parts(slot, quantity, price) {
            Ok(parts) => parts,
            Err(reason) => {
                self.end(slot, BrokerPhase::Cancelled, Some(&reason), out);
                return false;
            }
        };
        self.release(slot);
        self.orders[slot].filled += quantity.as_decimal();
        self.keep(slot);
        for (_, execution, due) in &parts {
            self.executions.push(execution.clone());
            self.report(slot, execution.clone(), *due, out);
        }
        let market = self.orders[slot].market;
        self.after_fill(slot, quantity, out);
        for (account, ..) in parts {
            self.say_position(account, market, out);
        }
        true
    }

    /// Takes a trade in, part by part: all of it, or nothing.
    fn trade_parts(
        &mut self,
        slot: Slot,
        quantity: Quantity,
        price: Price,
    ) -> Result<Vec<(usize, Execution, Decimal)>, String> {
        let order = &self.orders[slot];
        let market = order.market;
        let lot = self.markets[market].contract.lot();
        let weights: Vec<Decimal> = order.shares.iter().map(|share| share.target).collect();
        let got: Vec<Decimal> = order.shares.iter().map(|share| share.running.filled).collect();
        let given = share_out(&weights, &got, quantity.as_decimal(), lot);
        let given = given.ok_or("what has traded cannot be shared out")?;
        let mut shares = order.shares.clone();
        let mut parts = Vec::new();
        for (share, units) in shares.iter_mut().zip(given) {
            let Ok(units) = Quantity::new(units) else { continue };
            let (execution, cost) = self.price_fill(slot, share.account, share.running, units, price)?;
            share.running = share.running.after(units.as_decimal(), &cost);
            let due = self.accounts[share.account].in_currency_of(market, cost.due);
            parts.push((share.account, execution, due));
        }
        let before: Vec<_> =
            parts.iter().map(|(account, ..)| (*account, self.accounts[*account].clone())).collect();
        for (account, execution, due) in &parts {
            if let Err(error) = self.accounts[*account].trade(market, execution, *due) {
                before.into_iter().for_each(|(account, was)| self.accounts[account] = was);
                return Err(error.to_string());
            }
        }
        self.orders[slot].shares = shares;
        Ok(parts)
    }
}

/// What each is to have in the end: never less than it has got.
fn aims(shares: &[Share], quantity: Quantity, lot: Decimal) -> Option<Vec<Decimal>> {
    let weights: Vec<Decimal> = shares.iter().map(|share| share.weight).collect();
    let got: Vec<Decimal> = shares.iter().map(|share| share.running.filled).collect();
    let has = got.iter().try_fold(Decimal::ZERO, |sum, next| sum.checked_add(*next))?;
    let more = share_out(&weights, &got, quantity.as_decimal().checked_sub(has)?, lot)?;
    Some(got.iter().zip(more).map(|(got, more)| got + more).collect())
}
