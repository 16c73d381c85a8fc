//! How often, and after which losses.

use super::record::{Record, missing};
use crate::ratio::ratio;
use crate::{PolicyDraft, RiskRefusal, RiskView, Rule};
use std::time::Duration;
use tradeport_kernel::Decimal;
use tradeport_orders::OrderIntent;

/// Orders of the day, of the minute, and the same one twice.
pub(super) fn check(
    limits: &PolicyDraft,
    view: &RiskView,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    record.below(Rule::MaxDailyTrades, view.orders_today, Some(limits.max_daily_trades))?;
    record.below(Rule::MaxOrdersPerMinute, view.orders_last_minute, limits.max_orders_per_minute)?;
    // Children of one parent are often alike, and each is meant.
    let (Some(window), None) = (limits.duplicate_window_seconds, intent.parent()) else { return Ok(()) };
    match view.alike {
        Some(age) => {
            let passes = age >= Duration::from_secs(window.into());
            let number = format!("the same order {} s ago", age.as_secs());
            record.found(Rule::DuplicateWindow, number, format!("{window} s"), passes)
        }
        None => record.found(Rule::DuplicateWindow, "none alike", format!("{window} s"), true),
    }
}

/// What was lost today, and since the highest value.
pub(super) fn check_losses(
    limits: &PolicyDraft,
    view: &RiskView,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    if !limits.limits_losses() {
        return Ok(());
    }
    let value = view.portfolio_value.ok_or_else(|| missing("what the portfolio is worth"))?;
    if limits.max_daily_loss.is_some() || limits.max_daily_loss_share.is_some() {
        let lost = view.equity.lost_today(view.now, value);
        let opened = view.equity.opened(view.now, value);
        let (lost, opened) =
            lost.zip(opened).ok_or_else(|| missing("what the portfolio was worth when the day began"))?;
        stopped(record, Rule::MaxDailyLoss, lost, limits.max_daily_loss)?;
        if let Some(limit) = limits.max_daily_loss_share {
            let share =
                ratio(lost, opened).ok_or_else(|| missing("a value above zero when the day began"))?;
            stopped(record, Rule::MaxDailyLossShare, share, Some(limit))?;
        }
    }
    if let Some(limit) = limits.max_drawdown {
        let fallen = view.equity.fallen(value);
        let fallen = fallen.ok_or_else(|| missing("the portfolio's highest value"))?;
        stopped(record, Rule::MaxDrawdown, fallen, Some(limit))?;
    }
    Ok(())
}

/// A loss that has reached its limit stops: the limit is what may be lost, and it is lost.
fn stopped(
    record: &mut Record<'_>,
    rule: Rule,
    lost: Decimal,
    limit: Option<Decimal>,
) -> Result<(), RiskRefusal> {
    limit.map_or(Ok(()), |limit| record.found(rule, lost, limit, lost < limit))
}
