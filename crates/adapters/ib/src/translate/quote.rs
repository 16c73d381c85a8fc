//! Quotes.

use super::FromIbError;
use super::number::to_decimal;
use ibapi::market_data::realtime::BidAsk;
use tradeport_kernel::{Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("BidAsk", field, value, reason)
}

/// A quote of ticks one by one; `None` where neither side has a price. Its moment is a whole second.
///
/// # Errors
/// When a price or a size is no number of ours.
pub fn quote_from_ib(symbol: Symbol, tick: &BidAsk) -> Result<Option<Quote>, FromIbError> {
    let at = Timestamp::try_from(tick.time).map_err(|error| refuse("time", tick.time, error))?;
    let bid = level_from_ib(tick.bid_price, tick.bid_size)?;
    let ask = level_from_ib(tick.ask_price, tick.ask_size)?;
    Ok(Quote::new(symbol, at, bid, ask).ok())
}

/// One side of a quote. TWS marks a side that nobody stands on by a price of zero or -1 and no size; combos may trade at
/// such prices, with a size.
///
/// # Errors
/// When the price or the size is no number of ours.
pub fn level_from_ib(price: f64, size: f64) -> Result<Option<Level>, FromIbError> {
    let amount = to_decimal(size).ok_or_else(|| refuse("size", size, "not a number"))?;
    let size = Quantity::new(amount).ok();
    let is_marked = price.total_cmp(&-1.0).is_eq() || price == 0.0 || price >= f64::MAX;
    if is_marked && size.is_none() {
        return Ok(None);
    }
    let number = to_decimal(price).ok_or_else(|| refuse("price", price, "not a number"))?;
    let price = Price::new(number).map_err(|error| refuse("price", price, error))?;
    Ok(Some(Level::new(price, size)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_for_nobody_are_no_levels() {
        for (price, size) in [(-1.0, 0.0), (0.0, 0.0), (f64::MAX, 0.0), (-1.0, -1.0)] {
            assert_eq!(level_from_ib(price, size).unwrap(), None, "{price} x {size}");
        }
        let level = level_from_ib(-1.0, 5.0).unwrap().unwrap();
        assert_eq!((level.price().to_string().as_str(), level.size().is_some()), ("-1", true));
        assert_eq!(level_from_ib(187.25, 0.0).unwrap().unwrap().size(), None, "a price without a size");
        assert!(level_from_ib(f64::NAN, 1.0).is_err() && level_from_ib(1.0, f64::NAN).is_err());
    }
}
