//! Bars of the past.

use super::FromIbError;
use super::number::to_decimal;
use ibapi::market_data::historical as ib;
use tradeport_kernel::{Price, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarPrices, BarSize};

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("Bar", field, value, reason)
}

/// TWS's name of a size; `None` for one that it does not serve.
#[must_use]
pub fn bar_size_to_ib(size: BarSize) -> Option<ib::BarSize> {
    use ib::BarSize as Ib;
    Some(match size.length().as_secs() {
        1 => Ib::Sec,
        5 => Ib::Sec5,
        10 => Ib::Sec10,
        15 => Ib::Sec15,
        30 => Ib::Sec30,
        60 => Ib::Min,
        120 => Ib::Min2,
        180 => Ib::Min3,
        300 => Ib::Min5,
        600 => Ib::Min10,
        900 => Ib::Min15,
        1_200 => Ib::Min20,
        1_800 => Ib::Min30,
        3_600 => Ib::Hour,
        7_200 => Ib::Hour2,
        10_800 => Ib::Hour3,
        14_400 => Ib::Hour4,
        28_800 => Ib::Hour8,
        86_400 => Ib::Day,
        604_800 => Ib::Week,
        2_592_000 => Ib::Month,
        _ => return None,
    })
}

/// A bar. Those of a day and longer bear a date: they start with that day, in UTC. Without a volume (-1), none is known.
///
/// # Errors
/// When a price is none, or open and close lie beyond high and low.
pub fn bar_from_ib(symbol: Symbol, size: BarSize, bar: &ib::Bar) -> Result<Bar, FromIbError> {
    let start = match bar.date {
        ib::BarTimestamp::Date(day) => day.midnight().assume_utc(),
        ib::BarTimestamp::DateTime(at) => at,
    };
    let start = Timestamp::try_from(start).map_err(|error| refuse("date", bar.date, error))?;
    let price = |field, float: f64| {
        let number = to_decimal(float).ok_or_else(|| refuse(field, float, "not a number"))?;
        Price::new(number).map_err(|error| refuse(field, float, error))
    };
    let prices = BarPrices {
        open: price("open", bar.open)?,
        high: price("high", bar.high)?,
        low: price("low", bar.low)?,
        close: price("close", bar.close)?,
    };
    let volume = to_decimal(bar.volume).filter(|volume| !volume.is_sign_negative() || volume.is_zero());
    Bar::new(symbol, size, start, prices, volume).map_err(|error| refuse("close", bar.close, error))
}
