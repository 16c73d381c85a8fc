//! Judging one intent.

use crate::{RiskPolicy, RiskRefusal, RiskVerdict, RiskView, Rule};
use tradeport_kernel::Decimal;
use tradeport_orders::{OrderIntent, Side};

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
    price: Decimal,
    unit_value: Decimal,
    portfolio_value: Decimal,
    worst_before: Decimal,
    worst_after: Decimal,
}

fn check(policy: &RiskPolicy, view: &RiskView, intent: &OrderIntent) -> Result<u32, RiskRefusal> {
    let limits = policy.limits();
    let quantity = intent.quantity().as_decimal();
    if view.orders_today >= limits.max_daily_trades {
        return Err(refusal(Rule::MaxDailyTrades, view.orders_today, limits.max_daily_trades));
    }
    at_most(Rule::MaxOrderQuantity, quantity, limits.max_order_quantity)?;
    let sized = sizes(view, intent)?;
    let order_value = times(quantity, sized.unit_value)?;
    at_most(Rule::MaxOrderValue, order_value, limits.max_order_value)?;
    collar(limits.price_collar, sized.price, intent)?;
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
    let mid = quote.mid().filter(|mid| mid.is_positive()).ok_or_else(|| missing("a price above zero"))?;
    // It may trade at its limit or at the market: the higher of the two sizes it.
    let price = intent.kind().limit_price().map_or(mid, |limit| limit.max(mid)).as_decimal();
    let multiplier = view.multiplier.ok_or_else(|| missing("the contract"))?;
    let held = view.held.ok_or_else(|| missing("the position"))?;
    let portfolio_value = view
        .portfolio_value
        .map(|value| value.amount())
        .filter(|value| *value > Decimal::ZERO)
        .ok_or_else(|| missing("a portfolio value above zero"))?;
    let longest = held + view.open_buys;
    let shortest = held - view.open_sells;
    let quantity = intent.quantity().as_decimal();
    let (longest_after, shortest_after) = match intent.side() {
        Side::Buy => (longest + quantity, shortest),
        Side::Sell => (longest, shortest - quantity),
    };
    Ok(Sized {
        price: mid.as_decimal(),
        unit_value: times(price, multiplier)?,
        portfolio_value,
        worst_before: longest.abs().max(shortest.abs()),
        worst_after: longest_after.abs().max(shortest_after.abs()),
    })
}

fn collar(collar: Option<Decimal>, mid: Decimal, intent: &OrderIntent) -> Result<(), RiskRefusal> {
    let (Some(collar), Some(limit)) = (collar, intent.kind().limit_price()) else { return Ok(()) };
    let beyond = match intent.side() {
        Side::Buy => limit.as_decimal() - mid,
        Side::Sell => mid - limit.as_decimal(),
    };
    let beyond = beyond.checked_div(mid).ok_or_else(|| missing("a computable distance"))?;
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
