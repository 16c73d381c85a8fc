//! What an order does to positions, each by itself: its own instrument's, or those of all legs of a combo.
//!
//! A combo is never held: its fills are its legs'. Limits of positions look at these, so that no combo brings in what an order
//! for the leg alone may not, and one that only takes out of its legs is a way out.

use super::record::{Record, missing, times};
use super::size::{Reach, Sized};
use crate::{LegView, Permissions, RiskRefusal, Rule, UnitsView};
use tradeport_kernel::{Decimal, Symbol};

/// One leg, with what the order does to the position in it.
pub(super) struct Leg {
    symbol: Symbol,
    unit_value: Option<Decimal>,
    reach: Reach,
}

impl Leg {
    /// A leg of an order for so many combos.
    pub(super) fn new(leg: &LegView, quantity: Decimal) -> Result<Self, RiskRefusal> {
        Self::among(leg, &leg.units, quantity)
    }

    /// The same beside what the order's strategy has alone.
    pub(super) fn of_strategy(leg: &LegView, quantity: Decimal) -> Result<Self, RiskRefusal> {
        let units = leg.of_strategy.as_ref().ok_or_else(|| missing("what the strategy has traded"))?;
        Self::among(leg, units, quantity)
    }

    fn among(leg: &LegView, has: &UnitsView, quantity: Decimal) -> Result<Self, RiskRefusal> {
        let symbol = leg.symbol;
        let held = has.held.ok_or_else(|| missing(format_args!("the position in {symbol}")))?;
        let open = has.open_buys.zip(has.open_sells);
        let open =
            open.ok_or_else(|| missing(format_args!("how many units of {symbol} open orders are for")))?;
        let reach = Reach::new(held, open, leg.side, times(quantity, leg.ratio)?);
        Ok(Self { symbol, unit_value: leg.unit_value, reach })
    }

    /// May the order make the largest possible position in it larger, or turn it?
    pub(super) fn grows(&self) -> bool {
        self.reach.grows()
    }
}

/// The largest positions that a combo may make in its legs: units, and shares of the portfolio.
pub(super) fn check_positions(
    legs: &[Leg],
    sized: &Sized,
    (most_units, most_share): (Option<Decimal>, Option<Decimal>),
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    for leg in legs.iter().filter(|leg| leg.grows()) {
        let (worst, symbol) = (leg.reach.worst(), leg.symbol);
        if let Some(most) = most_units {
            let number = format!("{} of {symbol}", worst.round_dp(6).normalize());
            leg.reach.in_words(record.found(Rule::MaxPositionQuantity, number, most, worst <= most))?;
        }
        if let Some(most) = most_share {
            let value = leg.unit_value.ok_or_else(|| missing(format_args!("what {symbol} is worth")))?;
            let share = sized.share(times(worst, value)?)?;
            let number = format!("{} in {symbol}", share.normalize());
            leg.reach.in_words(record.found(Rule::MaxPositionShare, number, most, share <= most))?;
        }
    }
    Ok(())
}

/// No short position, at the worst that live orders may still bring.
pub(super) fn check_short(
    permissions: &Permissions,
    sized: &Sized,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    if permissions.short_sales {
        return Ok(());
    }
    let is_shorter = |reach: &Reach| reach.shortest_after < reach.shortest_before;
    if sized.legs().is_empty() && is_shorter(&sized.reach) {
        let shortest = sized.reach.shortest_after;
        record.found(Rule::ShortSales, shortest, Decimal::ZERO, shortest >= Decimal::ZERO)?;
    }
    for leg in sized.legs().iter().filter(|leg| is_shorter(&leg.reach)) {
        let shortest = leg.reach.shortest_after;
        let number = format!("{} of {}", shortest.normalize(), leg.symbol);
        record.found(Rule::ShortSales, number, Decimal::ZERO, shortest >= Decimal::ZERO)?;
    }
    Ok(())
}
