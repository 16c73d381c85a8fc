//! How large: the order, the position that it may make, and all positions together.

use super::collar;
use super::legs::Leg;
use super::record::{Record, missing, times};
use crate::ratio::ratio;
use crate::{ContractFacts, PolicyDraft, RiskRefusal, RiskView, Rule};
use tradeport_kernel::{Currency, Decimal, Price};
use tradeport_orders::{OrderIntent, OrderSize, Side};

/// The numbers that the sized rules share, all of them known.
pub(super) struct Sized {
    mid: Decimal,
    /// What distances from the middle are shares of: the middle itself, or what is at stake.
    scale: Decimal,
    quantity: Decimal,
    /// What one unit is worth in the portfolio's currency, if that can be told: whoever only wants out is not asked.
    unit_value: Result<Decimal, RiskRefusal>,
    /// Likewise.
    portfolio_value: Result<Decimal, RiskRefusal>,
    pub(super) reach: Reach,
    /// What a combo does to each position that it trades in; none of any other instrument.
    legs: Vec<Leg>,
}

/// How far a position may go either way, without an order and with it.
pub(super) struct Reach {
    worst_before: Decimal,
    worst_after: Decimal,
    /// The order takes out more than is held, with all that may still be taken out beside it: they may open a position on the
    /// other side.
    turns: bool,
    /// What may be taken out beside it, where only that makes it turn.
    beside: Option<Decimal>,
    /// The least that may be held, below zero when short.
    pub(super) shortest_before: Decimal,
    pub(super) shortest_after: Decimal,
}

impl Reach {
    /// What is held, and may still be bought and sold, beside an order of so many units.
    pub(super) fn new(
        held: Decimal,
        (buys, sells): (Decimal, Decimal),
        side: Side,
        quantity: Decimal,
    ) -> Self {
        let (longest, shortest) = (held + buys, held - sells);
        let (longest_after, shortest_after) = match side {
            Side::Buy => (longest + quantity, shortest),
            Side::Sell => (longest, shortest - quantity),
        };
        let (to_take_out, beside) = match side {
            Side::Buy => (-held, buys),
            Side::Sell => (held, sells),
        };
        let to_take_out = to_take_out.max(Decimal::ZERO);
        let turns = quantity + beside > to_take_out;
        Self {
            worst_before: longest.abs().max(shortest.abs()),
            worst_after: longest_after.abs().max(shortest_after.abs()),
            turns,
            beside: (turns && quantity <= to_take_out).then_some(beside),
            shortest_before: shortest,
            shortest_after,
        }
    }

    /// May the order make the largest possible position larger, or turn it? Only what is neither is a way out: from 100 long
    /// to 100 short is no smaller risk, and a strategy that turns with each signal would trade on through any loss. Two exits
    /// that are each for all of it are no way out either: both of them may trade.
    pub(super) fn grows(&self) -> bool {
        self.turns || self.worst_after > self.worst_before
    }

    /// A refusal says what other live orders may take out, where the order is a way out but for them.
    pub(super) fn in_words(&self, found: Result<(), RiskRefusal>) -> Result<(), RiskRefusal> {
        found.map_err(|refusal| RiskRefusal { beside: self.beside, ..refusal })
    }

    /// What other live orders may take out, where the order would be a way out but for them.
    pub(super) const fn beside(&self) -> Option<Decimal> {
        self.beside
    }

    /// The largest possible position with the order.
    pub(super) const fn worst(&self) -> Decimal {
        self.worst_after
    }
}

impl Sized {
    pub(super) fn new(view: &RiskView, intent: &OrderIntent) -> Result<Self, RiskRefusal> {
        let quote = view.quote.as_ref().map_err(missing)?;
        let mid = quote.mid().map(Price::as_decimal);
        let scale = view.at_stake.or(mid).filter(|scale| *scale > Decimal::ZERO);
        let (mid, scale) = mid.zip(scale).ok_or_else(|| missing("a price above zero"))?;
        // It may trade at its limit or at the market: the higher of the two sizes it.
        let price = worst_limit(intent).map_or(scale, |limit| limit.max(scale));
        let contract = view.contract.ok_or_else(|| missing("the contract"))?;
        let held = view.held.ok_or_else(|| missing("the position"))?;
        let portfolio_value = view
            .portfolio_value
            .map(|value| value.amount())
            .filter(|value| *value > Decimal::ZERO)
            .ok_or_else(|| missing("a portfolio value above zero"));
        let open = || missing("how many units the open orders are for");
        let mut unit_value = value_at(price, &contract, view);
        let quantity = units(intent, price, &contract, view)?;
        let open = view.open_buys.zip(view.open_sells).ok_or_else(open)?;
        let reach = Reach::new(held, open, intent.side(), quantity);
        // One that sleeps trades at what the market is when it wakes up. What protects a position is not kept from it by that.
        if let Some(wakes) = intent.kind().trigger_price().filter(|_| reach.grows()) {
            unit_value = value_at(price.max(wakes.as_decimal()), &contract, view);
        }
        let legs = view.legs.as_ref().ok_or_else(|| missing("what the combo is made of"))?;
        let legs = legs.iter().map(|leg| Leg::new(leg, quantity)).collect::<Result<_, _>>()?;
        Ok(Self { mid, scale, quantity, unit_value, portfolio_value, reach, legs })
    }

    /// May the order make the largest possible position larger, or turn it? A combo does what it does to its legs.
    pub(super) fn grows(&self) -> bool {
        if self.legs.is_empty() { self.reach.grows() } else { self.legs.iter().any(Leg::grows) }
    }

    /// What a combo does to each position that it trades in; none of any other instrument.
    pub(super) fn legs(&self) -> &[Leg] {
        &self.legs
    }

    /// What a rule found that asks nothing of a way out; a refusal says why the order is none, if only others keep it
    /// from being one.
    pub(super) fn in_words(&self, found: Result<(), RiskRefusal>) -> Result<(), RiskRefusal> {
        if self.legs.is_empty() { self.reach.in_words(found) } else { found }
    }

    /// What may be taken out beside it, where only together they turn a position. A combo's legs are positions of their own.
    pub(super) fn turns_beside(&self) -> Option<Decimal> {
        if self.legs.is_empty() { self.reach.beside() } else { None }
    }

    /// The middle of the market of now.
    pub(super) const fn mid(&self) -> Decimal {
        self.mid
    }

    /// What distances from the middle are shares of.
    pub(super) const fn scale(&self) -> Decimal {
        self.scale
    }

    /// How many units the order is for.
    pub(super) const fn quantity(&self) -> Decimal {
        self.quantity
    }

    /// What so many units are worth.
    pub(super) fn value_of(&self, units: Decimal) -> Result<Decimal, RiskRefusal> {
        times(units, self.unit_value.clone()?)
    }

    /// What the order is worth, in the portfolio's currency.
    pub(super) fn order_value(&self, view: &RiskView, intent: &OrderIntent) -> Result<Decimal, RiskRefusal> {
        match intent.size() {
            // Money is worth what it is.
            OrderSize::Cash(cash) if is_own(view, cash.currency()) => Ok(cash.amount()),
            _ => self.value_of(self.quantity),
        }
    }

    /// The share of the portfolio that a value is.
    pub(super) fn share(&self, value: Decimal) -> Result<Decimal, RiskRefusal> {
        ratio(value, self.portfolio_value.clone()?).ok_or_else(|| missing("a computable share"))
    }
}

/// The worst price that its limit allows: beyond it, by so much as it may trade at its discretion.
pub(super) fn worst_limit(intent: &OrderIntent) -> Option<Decimal> {
    let limit = intent.kind().limit_price()?.as_decimal();
    let discretion = intent.attributes().handling.discretionary_amount.unwrap_or_default();
    Some(match intent.side() {
        Side::Buy => limit.saturating_add(discretion),
        Side::Sell => limit.saturating_sub(discretion),
    })
}

fn is_own(view: &RiskView, currency: Currency) -> bool {
    view.portfolio_value.is_some_and(|value| value.currency() == currency)
}

/// What one unit at a price is worth in the portfolio's currency.
fn value_at(price: Decimal, contract: &ContractFacts, view: &RiskView) -> Result<Decimal, RiskRefusal> {
    times(times(price, contract.multiplier)?, rate_of(contract, view)?)
}

fn rate_of(contract: &ContractFacts, view: &RiskView) -> Result<Decimal, RiskRefusal> {
    contract.rate.filter(|rate| *rate > Decimal::ZERO).ok_or_else(|| {
        let own = view.portfolio_value.map_or_else(String::new, |value| format!(" in {}", value.currency()));
        missing(format_args!("what one {} is worth{own}", contract.currency))
    })
}

/// Units that the order names itself.
pub(super) fn check_units(
    limits: &PolicyDraft,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    intent.quantity().map_or(Ok(()), |quantity| {
        record.at_most(Rule::MaxOrderQuantity, quantity.as_decimal(), limits.max_order_quantity)
    })
}

/// The order alone.
pub(super) fn check_order(
    limits: &PolicyDraft,
    sized: &Sized,
    intent: &OrderIntent,
    view: &RiskView,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    if intent.quantity().is_none() {
        record.at_most(Rule::MaxOrderQuantity, sized.quantity.round_dp(6), limits.max_order_quantity)?;
    }
    check_value(limits.max_order_value, sized, (view, intent), record)?;
    collar::check(limits.price_collar, sized, intent, record)
}

/// What the order is worth, where that is limited.
pub(super) fn check_value(
    limit: Option<Decimal>,
    sized: &Sized,
    (view, intent): (&RiskView, &OrderIntent),
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    match limit {
        Some(_) => record.at_most(Rule::MaxOrderValue, sized.order_value(view, intent)?, limit),
        None => Ok(()),
    }
}

/// The position that the order may make, alone and beside the others.
pub(super) fn check_position(
    limits: &PolicyDraft,
    view: &RiskView,
    sized: &Sized,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    let worst = sized.reach.worst();
    // Units of a combo are those of its legs.
    let most = limits.max_position_quantity.filter(|_| sized.legs.is_empty());
    record.at_most(Rule::MaxPositionQuantity, worst.round_dp(6), most)?;
    let value = sized.value_of(worst)?;
    record.at_most(Rule::MaxPositionShare, sized.share(value)?, Some(limits.max_position_share))?;
    if limits.max_gross_share.is_none() && limits.max_portfolio_risk.is_none() {
        return Ok(());
    }
    let other = view.other_exposure.ok_or_else(|| missing("the value of the other positions"))?;
    let exposure = other.checked_add(value).ok_or_else(|| missing("a computable exposure"))?;
    record.at_most(Rule::MaxGrossShare, sized.share(exposure)?, limits.max_gross_share)?;
    let loss = sized.share(times(exposure, limits.stress_move)?)?;
    record.at_most(Rule::MaxPortfolioRisk, loss, limits.max_portfolio_risk)
}

/// How many units the intent is for; money buys what it does at the price that sizes the order.
fn units(
    intent: &OrderIntent,
    price: Decimal,
    contract: &ContractFacts,
    view: &RiskView,
) -> Result<Decimal, RiskRefusal> {
    match intent.size() {
        OrderSize::Units(quantity) => Ok(quantity.as_decimal()),
        OrderSize::Cash(cash) => {
            let unit = if cash.currency() == contract.currency {
                times(price, contract.multiplier)?
            } else if is_own(view, cash.currency()) {
                value_at(price, contract, view)?
            } else {
                return Err(missing("what the order's cash is worth in the portfolio's currency"));
            };
            cash.amount().checked_div(unit).ok_or_else(|| missing("a computable quantity"))
        }
        OrderSize::FollowsParent => Err(missing("how many units the order is for")),
    }
}
