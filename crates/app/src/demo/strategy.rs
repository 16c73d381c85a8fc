//! What the demo wants to hold: equal parts of everything that trades, put right once a month.
//!
//! Left out: any opinion on prices. The point is the way that orders take, not the money that they earn.

use anyhow::Context;
use time::Date;
use tradeport_kernel::{Decimal, OrderKey, Price, Quantity, Symbol};
use tradeport_market_data::Quote;
use tradeport_orders::{OrderKind, Side};
use tradeport_portfolio::TargetPercent;

/// The share of the portfolio that is invested; the rest pays for commissions and for prices that move meanwhile.
pub(crate) const INVESTED: Decimal = Decimal::from_parts(95, 0, 0, false, 2);
/// Trades below this share of the portfolio are not in a hurry: they wait for a better price.
pub(crate) const PATIENT: Decimal = Decimal::from_parts(5, 0, 0, false, 3);
/// How much better than its own side of the market a price must be that is waited for.
pub(crate) const BETTER: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Is this the first session of its month?
pub(crate) fn begins_a_month(before: Option<Date>, day: Date) -> bool {
    before.is_none_or(|before| (before.year(), before.month()) != (day.year(), day.month()))
}

/// The share of each of `instruments` instruments, cut to a hundredth of a percent.
pub(crate) fn equal_share(instruments: usize) -> anyhow::Result<TargetPercent> {
    let share = INVESTED.checked_div(Decimal::from(instruments)).context("nothing trades")?;
    Ok(TargetPercent::new(share.trunc_with_scale(4))?)
}

/// The name of the order that puts one instrument right on one day.
pub(crate) fn order_key(day: Date, symbol: Symbol) -> anyhow::Result<OrderKey> {
    // A key holds no blanks, as some symbols do (BRK B).
    let symbol = symbol.as_str().replace(' ', "_");
    Ok(OrderKey::new(&format!("rebalance-{day}:{symbol}"))?)
}

/// How to trade: at once at the market; or, when the trade is small, by a limit order a little better than its own side
/// of the quote, on the price step, which may well not fill. `None` for a quote without that side.
pub(crate) fn order_kind(
    trade: &Trade,
    portfolio: Decimal,
    quote: &Quote,
    price_step: Decimal,
) -> Option<OrderKind> {
    if trade.value >= portfolio * PATIENT {
        return Some(OrderKind::Market);
    }
    let near = if trade.side == Side::Buy { quote.bid() } else { quote.ask() }?;
    let buys = trade.side == Side::Buy;
    let factor = if buys { Decimal::ONE - BETTER } else { Decimal::ONE + BETTER };
    let steps = near.price().as_decimal().checked_mul(factor)?.checked_div(price_step)?;
    // Away from the market, never towards it.
    let steps = if buys { steps.floor() } else { steps.ceil() };
    let limit = Price::new(steps.checked_mul(price_step)?).ok().filter(|limit| limit.is_positive())?;
    Some(OrderKind::Limit { limit })
}

/// Something to trade.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trade {
    pub(crate) side: Side,
    pub(crate) quantity: Quantity,
    /// At the middle of the market.
    pub(crate) value: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;
    use tradeport_kernel::Timestamp;
    use tradeport_market_data::Level;

    #[test]
    fn shares_are_equal_and_leave_the_buffer() {
        let share = |instruments| equal_share(instruments).unwrap().fraction();
        assert_eq!(share(5), Decimal::new(19, 2));
        assert_eq!(share(3), "0.3166".parse().unwrap());
        for instruments in 1..100 {
            assert!(share(instruments) * Decimal::from(instruments) <= INVESTED);
        }
        assert!(equal_share(0).is_err());
    }

    #[test]
    fn a_month_begins_with_its_first_session_whatever_its_day() {
        assert!(begins_a_month(None, date!(2012 - 05 - 18)));
        assert!(begins_a_month(Some(date!(2012 - 08 - 31)), date!(2012 - 09 - 04)));
        assert!(begins_a_month(Some(date!(2011 - 09 - 04)), date!(2012 - 09 - 04)));
        assert!(!begins_a_month(Some(date!(2012 - 09 - 04)), date!(2012 - 09 - 05)));
    }

    #[test]
    fn small_trades_wait_for_a_better_price_and_large_ones_do_not() {
        let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
        let symbol = Symbol::new("IBM").unwrap();
        let quote = Quote::new(symbol, Timestamp::EPOCH, level("99.915"), level("100.105")).unwrap();
        let trade = |side, value: i64| Trade { side, quantity: "1".parse().unwrap(), value: value.into() };
        let cent = Decimal::new(1, 2);
        let kind = |side, value| order_kind(&trade(side, value), Decimal::from(1_000_000), &quote, cent);
        let limit = |text: &str| Some(OrderKind::Limit { limit: text.parse().unwrap() });
        assert_eq!(kind(Side::Buy, 5_000), Some(OrderKind::Market));
        assert_eq!(kind(Side::Buy, 4_999), limit("98.91"));
        assert_eq!(kind(Side::Sell, 4_999), limit("101.11"));
        let asks_only = Quote::new(symbol, Timestamp::EPOCH, None, level("100.1")).unwrap();
        assert_eq!(order_kind(&trade(Side::Buy, 1), Decimal::from(1_000), &asks_only, cent), None);
    }

    #[test]
    fn keys_name_the_day_and_the_instrument() {
        let key = order_key(date!(2012 - 09 - 04), Symbol::new("GOOG").unwrap()).unwrap();
        assert_eq!(key.as_str(), "rebalance-2012-09-04:GOOG");
        let key = order_key(date!(2012 - 09 - 04), Symbol::new("BRK B").unwrap()).unwrap();
        assert_eq!(key.as_str(), "rebalance-2012-09-04:BRK_B");
    }
}
