//! The limits of the order's strategy, after those of all orders and of its account.
//!
//! They count what the strategy's own orders have done and may still do in that account, and nothing else: an order that
//! shrinks the account's position may make the strategy's larger. Losses are no affair of theirs: a strategy has no equity
//! of its own.

use super::collar;
use super::legs::{self, Leg};
use super::record::{Record, missing};
use super::size::{self, Reach, Sized};
use crate::{RiskPolicy, RiskRefusal, RiskView, Rule, StrategyView, Tighter};
use tradeport_kernel::StrategyId;
use tradeport_orders::OrderIntent;

/// What the limits of its strategy say of an order; nothing, of one that names none.
pub(super) fn check<'a>(
    policy: &RiskPolicy,
    view: &RiskView,
    sized: &Sized,
    intent: &'a OrderIntent,
    record: &mut Record<'a>,
) -> Result<(), RiskRefusal> {
    let Some(strategy) = intent.strategy() else { return Ok(()) };
    let Some(limits) = policy.of_strategy(strategy) else { return unnamed(policy, sized, strategy, record) };
    let seen = view.strategy.ok_or_else(|| missing("what the strategy has traded"))?;
    record.turn_to(Some(strategy));
    record.below(Rule::MaxDailyTrades, seen.orders_today, limits.max_daily_trades)?;
    record.below(Rule::MaxOrdersPerMinute, seen.orders_last_minute, limits.max_orders_per_minute)?;
    record.at_most(Rule::MaxOrderQuantity, sized.quantity().round_dp(6), limits.max_order_quantity)?;
    size::check_value(limits.max_order_value, sized, (view, intent), record)?;
    collar::check(limits.price_collar, sized, intent, record)?;
    check_position(limits, (view, &seen), sized, intent, record)?;
    record.turn_to(None);
    Ok(())
}

/// The position that the strategy's own orders may make.
fn check_position(
    limits: &Tighter,
    (view, seen): (&RiskView, &StrategyView),
    sized: &Sized,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    if limits.max_position_quantity.is_none() && limits.max_position_share.is_none() {
        return Ok(());
    }
    let held = seen.held.ok_or_else(|| missing("the strategy's position"))?;
    let open = seen.open_buys.zip(seen.open_sells);
    let open = open.ok_or_else(|| missing("how many units the strategy's open orders are for"))?;
    let reach = Reach::new(held, open, intent.side(), sized.quantity());
    let legs = view.legs.iter().flatten().map(|leg| Leg::of_strategy(leg, sized.quantity()));
    let legs = legs.collect::<Result<Vec<_>, _>>()?;
    let grows = if legs.is_empty() { reach.grows() } else { legs.iter().any(Leg::grows) };
    if !grows {
        return Ok(());
    }
    let worst = reach.worst();
    let most = limits.max_position_quantity.filter(|_| legs.is_empty());
    let units = record.at_most(Rule::MaxPositionQuantity, worst.round_dp(6), most);
    reach.in_words(units)?;
    let share = sized.share(sized.value_of(worst)?)?;
    reach.in_words(record.at_most(Rule::MaxPositionShare, share, limits.max_position_share))?;
    legs::check_positions(&legs, sized, (limits.max_position_quantity, limits.max_position_share), record)
}

/// Where strategies have limits, another name is a slip of the pen: it would pass them by.
fn unnamed(
    policy: &RiskPolicy,
    sized: &Sized,
    strategy: &StrategyId,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    let named = &policy.limits().strategies;
    if named.is_empty() || !sized.grows() {
        return Ok(());
    }
    let names: Vec<&str> = named.keys().map(StrategyId::as_str).collect();
    sized.in_words(record.found(Rule::Strategies, strategy.to_string(), names.join(", "), false))
}
