//! Prints and mids, one by one.

use super::FromIbError;
use super::number::to_decimal;
use ibapi::market_data::realtime::{MidPoint, Trade};
use tradeport_kernel::{Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Mid, Print, PrintMarks};

fn refuse(
    object: &'static str,
    field: &'static str,
    value: impl std::fmt::Debug,
    reason: impl std::fmt::Display,
) -> FromIbError {
    FromIbError::new(object, field, value, reason)
}

fn price_of(object: &'static str, price: f64) -> Result<Price, FromIbError> {
    let number = to_decimal(price).ok_or_else(|| refuse(object, "price", price, "not a number"))?;
    Price::new(number).map_err(|error| refuse(object, "price", price, error))
}

/// A print. Its moment is a whole second; a size of zero is none.
///
/// # Errors
/// When its moment, price or size is none of ours.
pub fn print_from_ib(symbol: Symbol, tick: &Trade) -> Result<Print, FromIbError> {
    let at = Timestamp::try_from(tick.time).map_err(|error| refuse("Trade", "time", tick.time, error))?;
    let size = to_decimal(tick.size).ok_or_else(|| refuse("Trade", "size", tick.size, "not a number"))?;
    let marks = PrintMarks {
        past_limit: tick.trade_attribute.past_limit,
        unreported: tick.trade_attribute.unreported,
    };
    let print = Print::new(symbol, at, price_of("Trade", tick.price)?, Quantity::new(size).ok());
    Ok(print.on(&tick.exchange).under(&tick.special_conditions).marked(marks))
}

/// A price half way between bid and ask. Its moment is a whole second.
///
/// # Errors
/// When its moment or price is none of ours.
pub fn mid_from_ib(symbol: Symbol, tick: &MidPoint) -> Result<Mid, FromIbError> {
    let at = Timestamp::try_from(tick.time).map_err(|error| refuse("MidPoint", "time", tick.time, error))?;
    Ok(Mid { symbol, at, price: price_of("MidPoint", tick.mid_point)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ibapi::market_data::realtime::TradeAttribute;
    use time::OffsetDateTime;

    #[test]
    fn a_print_keeps_what_was_said_of_it() {
        let symbol = Symbol::new("AAPL").unwrap();
        let mut trade = Trade {
            time: OffsetDateTime::from_unix_timestamp(1_767_366_245).unwrap(),
            price: 187.25,
            size: 100.0,
            trade_attribute: TradeAttribute { past_limit: false, unreported: true },
            exchange: "FINRA".to_owned(),
            special_conditions: " T I".to_owned(),
        };
        let print = print_from_ib(symbol, &trade).unwrap();
        assert_eq!(print.at(), Timestamp::from_seconds(1_767_366_245));
        assert_eq!((print.exchange(), print.conditions()), (Some("FINRA"), Some("T I")));
        assert_eq!(print.size(), "100".parse().ok());
        assert!(print.marks().unreported && !print.marks().past_limit);
        trade.size = 0.0;
        assert_eq!(print_from_ib(symbol, &trade).unwrap().size(), None);
        trade.price = f64::NAN;
        assert_eq!(print_from_ib(symbol, &trade).unwrap_err().field(), "price");
    }
}
