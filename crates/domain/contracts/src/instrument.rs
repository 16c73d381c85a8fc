//! What is meant by an order or a subscription, before any broker was asked.

use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::{Currency, NotASymbol, Symbol};

/// Something that can be traded.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Instrument {
    /// Shares of a company or of a fund traded like one.
    Stock(Stock),
}

/// Shares, by ticker, currency and route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stock {
    ticker: Symbol,
    exchange: String,
    currency: Currency,
}

/// The description cannot be an instrument.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAnInstrument {
    /// The ticker is not a symbol.
    #[error("the ticker is unusable")]
    Ticker(#[from] NotASymbol),
    /// The exchange is not a name of 1 to 16 capital letters, digits or dots.
    #[error("{0:?} is not an exchange: expected 1 to 16 capital letters, digits or dots such as SMART")]
    Exchange(String),
}

impl Stock {
    /// A stock in US dollars, routed by the broker (`SMART`).
    pub fn new(ticker: &str) -> Result<Self, NotAnInstrument> {
        Ok(Self { ticker: Symbol::new(ticker)?, exchange: "SMART".to_owned(), currency: Currency::USD })
    }

    /// The same stock in another currency.
    #[must_use]
    pub fn in_currency(self, currency: Currency) -> Self {
        Self { currency, ..self }
    }

    /// The same stock on one exchange.
    pub fn on(self, exchange: &str) -> Result<Self, NotAnInstrument> {
        let good = |c: u8| c.is_ascii_uppercase() || c.is_ascii_digit() || c == b'.';
        if exchange.is_empty() || exchange.len() > 16 || !exchange.bytes().all(good) {
            return Err(NotAnInstrument::Exchange(exchange.chars().take(40).collect()));
        }
        Ok(Self { exchange: exchange.to_owned(), ..self })
    }

    /// The ticker.
    #[must_use]
    pub const fn ticker(&self) -> Symbol {
        self.ticker
    }

    /// Where it is routed to.
    #[must_use]
    pub fn exchange(&self) -> &str {
        &self.exchange
    }

    /// What it is priced in.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.currency
    }
}

impl Instrument {
    /// The platform's name: the ticker alone for a US stock on the broker's own route, else with what tells it apart
    /// (`VOD@LSE/GBP`).
    pub fn symbol(&self) -> Result<Symbol, NotASymbol> {
        let Self::Stock(stock) = self;
        if stock.exchange == "SMART" && stock.currency == Currency::USD {
            return Ok(stock.ticker);
        }
        Symbol::new(&self.to_string())
    }
}

impl From<Stock> for Instrument {
    fn from(stock: Stock) -> Self {
        Self::Stock(stock)
    }
}

impl fmt::Display for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Stock(stock) = self;
        write!(f, "{}@{}/{}", stock.ticker, stock.exchange, stock.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_simple_stock_is_named_by_its_ticker() {
        let apple = Instrument::from(Stock::new("AAPL").unwrap());
        assert_eq!(apple.symbol().unwrap().as_str(), "AAPL");
        let vodafone = Stock::new("VOD").unwrap().on("LSE").unwrap().in_currency("GBP".parse().unwrap());
        assert_eq!(Instrument::from(vodafone).symbol().unwrap().as_str(), "VOD@LSE/GBP");
    }

    #[test]
    fn an_empty_ticker_and_a_lower_case_exchange_are_refused() {
        assert!(matches!(Stock::new(""), Err(NotAnInstrument::Ticker(_))));
        assert!(matches!(Stock::new("AAPL").unwrap().on("smart"), Err(NotAnInstrument::Exchange(_))));
    }
}
