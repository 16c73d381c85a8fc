//! Judging one intent.

use crate::{RiskPolicy, RiskRefusal, RiskVerdict, RiskView, Rule};
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{OrderIntent, OrderSize, Side};

/// Judges `intent` on `view`: the first rule that it breaks refuses it.
#[must_use]
pub fn judge(policy: &RiskPolicy, view: &RiskView, intent: &OrderIntent) -> RiskVerdict {
    match check(policy, view, intent) {
        Ok(rules) => RiskVerdict::Approved { rules },
        Err(refusal) => RiskVerdict::Refused(refusal),
    }
}

/// The numbers that the sized rules share, all of them known.
struct Sized {
    mid: Decimal,
    /// What distances from the middle are shares of: the middle itself, or what is at stake.
    scale: Decimal,
    quantity: Decimal,
    unit_value: Decimal,
    portfolio_value: Decimal,
    worst_before: Decimal,
    worst_after: Decimal,
}

fn check(policy: &RiskPolicy, view: &RiskView, intent: &OrderIntent) -> Result<u32, RiskRefusal> {
    let limits = policy.limits();
    if view.orders_today >= limits.max_daily_trades {
        return Err(refusal(Rule::MaxDailyTrades, view.orders_today, limits.max_daily_trades));
    }
    // Before any price is asked for: too many units are too many, whatever they cost.
    if let Some(quantity) = intent.quantity() {
        at_most(Rule::MaxOrderQuantity, quantity.as_decimal(), limits.max_order_quantity)?;
    }
    let sized = sizes(view, intent)?;
    at_most(Rule::MaxOrderQuantity, sized.quantity.round_dp(6), limits.max_order_quantity)?;
    let order_value = match intent.size() {
        OrderSize::Cash(cash) => cash.amount(),
        _ => times(sized.quantity, sized.unit_value)?,
    };
    at_most(Rule::MaxOrderValue, order_value, limits.max_order_value)?;
    collar(limits.price_collar, &sized, intent)?;
    // An order that cannot make the worst case worse only shrinks the position.
    if sized.worst_after > sized.worst_before {
        let value = times(sized.worst_after, sized.unit_value)?;
        at_most(Rule::MaxPositionShare, share(value, &sized)?, Some(limits.max_position_share))?;
        if let Some(limit) = limits.max_portfolio_risk {
            let other = view.other_exposure.ok_or_else(|| missing("the value of the other positions"))?;
            let exposure = other.checked_add(value).ok_or_else(|| missing("a computable exposure"))?;
            let loss = share(times(exposure, limits.stress_move)?, &sized)?;
            at_most(Rule::MaxPortfolioRisk, loss, Some(limit))?;
        }
    }
    Ok(u32::try_from(Rule::ALL.len()).expect("there are a handful of rules"))
}

fn sizes(view: &RiskView, intent: &OrderIntent) -> Result<Sized, RiskRefusal> {
    let quote = view.quote.as_ref().map_err(|why| missing(&why.to_string()))?;
    let mid = quote.mid().map(Price::as_decimal);
    let scale = view.at_stake.or(mid).filter(|scale| *scale > Decimal::ZERO);
    let (mid, scale) = mid.zip(scale).ok_or_else(|| missing("a price above zero"))?;
    // It may trade at its limit or at the market: the higher of the two sizes it.
    let price = intent.kind().limit_price().map_or(scale, |limit| limit.as_decimal().max(scale));
    let multiplier = view.multiplier.ok_or_else(|| missing("the contract"))?;
    let held = view.held.ok_or_else(|| missing("the position"))?;
    let portfolio_value = view
        .portfolio_value
        .map(|value| value.amount())
        .filter(|value| *value > Decimal::ZERO)
        .ok_or_else(|| missing("a portfolio value above zero"))?;
    let open = || missing("how many units the open orders are for");
    let longest = held + view.open_buys.ok_or_else(open)?;
    let shortest = held - view.open_sells.ok_or_else(open)?;
    let unit_value = times(price, multiplier)?;
    let quantity = units(intent, unit_value, view)?;
    let (longest_after, shortest_after) = match intent.side() {
        Side::Buy => (longest + quantity, shortest),
        Side::Sell => (longest, shortest - quantity),
    };
    Ok(Sized {
        mid,
        scale,
        quantity,
        unit_value,
        portfolio_value,
        worst_before: longest.abs().max(shortest.abs()),
        worst_after: longest_after.abs().max(shortest_after.abs()),
    })
}

/// How many units the intent is for; money is worth what it is, at the price that sizes the order.
fn units(intent: &OrderIntent, unit_value: Decimal, view: &RiskView) -> Result<Decimal, RiskRefusal> {
    match intent.size() {
        OrderSize::Units(quantity) => Ok(quantity.as_decimal()),
        OrderSize::Cash(cash) => {
            let same = view.portfolio_value.is_some_and(|value| value.currency() == cash.currency());
            if !same {
                return Err(missing("what the order's cash is worth in the portfolio's currency"));
            }
            cash.amount().checked_div(unit_value).ok_or_else(|| missing("a computable quantity"))
        }
        OrderSize::FollowsParent => Err(missing("how many units the order is for")),
    }
}

fn collar(collar: Option<Decimal>, sized: &Sized, intent: &OrderIntent) -> Result<(), RiskRefusal> {
    let (Some(collar), Some(limit)) = (collar, intent.kind().limit_price()) else { return Ok(()) };
    let beyond = match intent.side() {
        Side::Buy => limit.as_decimal() - sized.mid,
        Side::Sell => sized.mid - limit.as_decimal(),
    };
    let beyond = beyond.checked_div(sized.scale).ok_or_else(|| missing("a computable distance"))?;
    at_most(Rule::PriceCollar, beyond.round_dp(6), Some(collar))
}

fn share(value: Decimal, sized: &Sized) -> Result<Decimal, RiskRefusal> {
    let share = value.checked_div(sized.portfolio_value).ok_or_else(|| missing("a computable share"))?;
    Ok(share.round_dp(6))
}

fn times(left: Decimal, right: Decimal) -> Result<Decimal, RiskRefusal> {
    left.checked_mul(right).ok_or_else(|| missing("a computable value"))
}

fn at_most(rule: Rule, number: Decimal, limit: Option<Decimal>) -> Result<(), RiskRefusal> {
    match limit {
        Some(limit) if number > limit => Err(refusal(rule, number.normalize(), limit.normalize())),
        _ => Ok(()),
    }
}

fn refusal(rule: Rule, number: impl ToString, limit: impl ToString) -> RiskRefusal {
    RiskRefusal { rule, number: number.to_string(), limit: limit.to_string() }
}

fn missing(what: &str) -> RiskRefusal {
    refusal(Rule::KnownInputs, format!("missing: {what}"), "every input known")
}

#[cfg(test)]
mod tests;
