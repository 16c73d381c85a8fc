//! What TWS computes of options.

use super::FromIbError;
use ibapi::contracts::{OptionComputation as IbComputation, tick_types::TickType};
use tradeport_kernel::{Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{OptionBasis, OptionComputation, OptionValues};

/// A computation, told at this moment; `None` for one of a price that nobody asked about. The library has made TWS's marks
/// for "not computed" to nothing already; an infinity or what is no number is nothing as well, since models divide by what
/// may be zero.
///
/// # Errors
/// When a price is beyond all prices.
pub fn computation_from_ib(
    symbol: Symbol,
    at: Timestamp,
    told: &IbComputation,
) -> Result<Option<OptionComputation>, FromIbError> {
    let basis = match told.field {
        TickType::BidOption | TickType::DelayedBidOption => OptionBasis::Bid,
        TickType::AskOption | TickType::DelayedAskOption => OptionBasis::Ask,
        TickType::LastOption | TickType::DelayedLastOption => OptionBasis::Last,
        TickType::ModelOption | TickType::DelayedModelOption => OptionBasis::Model,
        _ => return Ok(None),
    };
    let number = |of: Option<f64>| of.and_then(rounded);
    let price = |field: &'static str, of: Option<f64>| {
        let made = number(of).map(Price::new).transpose();
        made.map_err(|error| FromIbError::new("OptionComputation", field, of, error))
    };
    let values = OptionValues {
        implied_volatility: number(told.implied_volatility),
        delta: number(told.delta),
        gamma: number(told.gamma),
        vega: number(told.vega),
        theta: number(told.theta),
        price: price("optPrice", told.option_price)?,
        dividends: number(told.present_value_dividend),
        underlying_price: price("undPrice", told.underlying_price)?,
    };
    Ok(Some(OptionComputation { symbol, at, basis, values }))
}

fn rounded(number: f64) -> Option<Decimal> {
    let places = usize::try_from(OptionValues::PLACES).unwrap_or_default();
    let number: Decimal = format!("{number:.places$}").parse().ok()?;
    Some(number.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_computed_is_nothing_and_other_prices_are_none_of_ours() {
        let symbol = Symbol::new("X").unwrap();
        let mut told = IbComputation {
            field: TickType::DelayedModelOption,
            implied_volatility: Some(0.25),
            delta: Some(0.123_456_789_012_3),
            gamma: None,
            vega: Some(f64::NAN),
            theta: Some(f64::NEG_INFINITY),
            option_price: Some(2.5),
            ..IbComputation::default()
        };
        let read = computation_from_ib(symbol, Timestamp::EPOCH, &told).unwrap().unwrap();
        assert_eq!(read.basis, OptionBasis::Model);
        let values = read.values;
        assert_eq!(values.delta.unwrap().to_string(), "0.123456789");
        assert_eq!(values.implied_volatility.unwrap().to_string(), "0.25");
        assert_eq!(
            (values.gamma, values.vega, values.theta, values.underlying_price),
            (None, None, None, None)
        );
        told.option_price = Some(1e15);
        assert_eq!(computation_from_ib(symbol, Timestamp::EPOCH, &told).unwrap_err().field(), "optPrice");
        told.field = TickType::Bid;
        assert_eq!(computation_from_ib(symbol, Timestamp::EPOCH, &told).unwrap(), None);
    }
}
