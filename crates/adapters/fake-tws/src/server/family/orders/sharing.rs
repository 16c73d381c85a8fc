//! Orders of an adviser for a group: which accounts share one, and by which weights.
//!
//! | method | an account's weight |
//! | --- | --- |
//! | `Equal`, `EqualQuantity` | one |
//! | `NetLiq` | its net liquidation value |
//! | `AvailableEquity` | its available funds |
//! | `ContractsOrShares` | its units, which must add up to the order's |
//! | `Ratio`, `Percent`, `MonetaryAmount` | its number; percentages must add up to 100 |
//! | `PctChange` | what the percentage makes of its position, which also gives the order its size |
//!
//! The exchange hands out what trades; see `tradeport_fake_broker::exchange::share_out` for the rule. Who has one account
//! is no adviser: a group is then told back and changes nothing.

use crate::server::error::{ApiError, Code};
use crate::server::family::advisor::Group;
use crate::server::family::parts::Parts;
use crate::translate::number::to_decimal;
use crate::wire::proto;
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal};

/// The accounts that share an order, with their weights; none for an order of one account.
pub(super) type Shares = Vec<(AccountId, Decimal)>;

impl Parts<'_> {
    /// The group that an order names, if there is one and it means something.
    pub(super) fn group_of(&self, id: i32, order: &proto::Order) -> Result<Option<Group>, ApiError> {
        let name = order.fa_group.as_deref().unwrap_or_default();
        let accounts: Vec<String> =
            self.world.accounts().iter().map(|account| account.as_str().to_owned()).collect();
        if name.is_empty() || accounts.len() < 2 {
            return Ok(None);
        }
        let mut groups = self.shared.advisor.groups(&accounts);
        groups.retain(|group| group.name == name);
        let Some(mut group) = groups.pop() else {
            return Err(ApiError::invalid(id, format!("Invalid FA group {name}")));
        };
        if let Some(method) = order.fa_method.clone().filter(|method| !method.is_empty()) {
            group.method = method;
        }
        if group.accounts.is_empty() {
            return Err(ApiError::about(id, Code::NoAllocation, "You must specify an allocation."));
        }
        Ok(Some(group))
    }

    /// The first account of a group: the order's own.
    pub(super) fn first_of(&self, id: i32, group: &Group) -> Result<AccountId, ApiError> {
        let first = group.accounts.first().and_then(|(name, _)| AccountId::new(name).ok());
        first.ok_or_else(|| ApiError::about(id, Code::NoAllocation, "You must specify an allocation."))
    }

    /// Who gets how much of an order, and the order with the size that its group gives it.
    pub(super) fn shares_of(
        &mut self,
        id: i32,
        group: &Group,
        order: &proto::Order,
        contract: &Contract,
    ) -> Result<(Shares, proto::Order), ApiError> {
        let mut shares = Shares::new();
        for (name, amount) in &group.accounts {
            let account = AccountId::new(name).map_err(|error| ApiError::invalid(id, error))?;
            let weight = self.weight(id, &account, amount.as_deref(), group, order, contract)?;
            shares.push((account, weight));
        }
        let add = |sum: Decimal, (_, next): &(AccountId, Decimal)| sum.checked_add(*next);
        let sum = shares.iter().try_fold(Decimal::ZERO, add);
        let Some(sum) = sum.filter(|sum| *sum > Decimal::ZERO) else {
            return Err(ApiError::invalid(id, format!("group {} gives nothing to anybody", group.name)));
        };
        check_sum(id, group, order, sum)?;
        let mut order = order.clone();
        if group.method == "PctChange" {
            (order.total_quantity, order.cash_qty) = (Some(super::tell::plain(sum)), None);
        }
        Ok((shares, order))
    }

    fn weight(
        &mut self,
        id: i32,
        account: &AccountId,
        amount: Option<&str>,
        group: &Group,
        order: &proto::Order,
        contract: &Contract,
    ) -> Result<Decimal, ApiError> {
        let weight = match group.method.as_str() {
            "Equal" | "EqualQuantity" => Some(Decimal::ONE),
            "NetLiq" => self.worth_of(account).map(|(worth, _)| worth),
            "AvailableEquity" => self.worth_of(account).map(|(_, available)| available),
            "ContractsOrShares" | "Ratio" | "Percent" | "MonetaryAmount" => {
                amount.and_then(|amount| Decimal::from_str_exact(amount.trim()).ok())
            }
            "PctChange" => self.change_of(account, order, contract),
            other => return Err(ApiError::invalid(id, format!("Invalid FA method {other}"))),
        };
        let weight = weight.map(|weight| weight.max(Decimal::ZERO));
        weight.ok_or_else(|| {
            let (method, name) = (&group.method, &group.name);
            ApiError::invalid(id, format!("group {name} says nothing of {account} by {method}"))
        })
    }

    /// What a percentage makes of a position: a purchase adds to what is held or takes from what is sold short, a sale
    /// the other way round; nothing where the position is on the other side.
    fn change_of(&self, account: &AccountId, order: &proto::Order, contract: &Contract) -> Option<Decimal> {
        let percent = Decimal::from_str_exact(order.fa_percentage.as_deref()?.trim()).ok()?;
        let held = self.world.exchange().positions(account)?;
        let held = held.iter().find(|position| position.symbol() == contract.symbol());
        let held = held.map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
        let buys = order.action.as_deref() == Some("BUY");
        if held.is_sign_positive() != (buys == percent.is_sign_positive()) {
            return Some(Decimal::ZERO);
        }
        let units = held.checked_mul(percent)?.abs().checked_div(Decimal::ONE_HUNDRED)?;
        Some(units - units.checked_rem(contract.lot())?)
    }
}

fn check_sum(id: i32, group: &Group, order: &proto::Order, sum: Decimal) -> Result<(), ApiError> {
    let quantity = order.total_quantity.as_deref().and_then(|text| Decimal::from_str_exact(text).ok());
    let quantity = quantity.filter(|quantity| !quantity.is_zero());
    if quantity.is_some_and(|quantity| !quantity.fract().is_zero()) {
        let text = "Fractional quantity is not allowed for allocation orders.";
        return Err(ApiError::about(id, Code::NoFractionsToShare, text));
    }
    let differs = |given: Option<Decimal>| given.is_some_and(|given| given != sum);
    let cash = order.cash_qty.and_then(to_decimal).filter(|cash| !cash.is_zero());
    match group.method.as_str() {
        "ContractsOrShares" if differs(quantity) => {
            let text = "Order size does not match total share allocation.";
            Err(ApiError::about(id, Code::OtherSizeThanShares, text))
        }
        "MonetaryAmount" if differs(cash) => {
            let text = "The cash quantity does not match the total of the group.";
            Err(ApiError::about(id, Code::OtherCashThanShares, text))
        }
        "Percent" if sum != Decimal::ONE_HUNDRED => {
            let text = "The percentages of the group do not add up to 100.";
            Err(ApiError::about(id, Code::BadPercentages, text))
        }
        _ => Ok(()),
    }
}
