//! The calendar of an instrument, from what is said of it.
//!
//! Left out: what only a broker knows of it, such as the exchange behind a number, or its hours on one day.

use super::listing::{Listing, Market, NoCalendar};
use super::market_calendar::Calendar;
use super::schedule::BeyondCalendar;
use crate::{Instrument, InstrumentKind};
use tradeport_kernel::{Currency, Timestamp};

/// Whether an instrument trades is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TradingUnknown {
    /// It is not known which hours it keeps.
    #[error("the calendar of the instrument is not known")]
    Calendar(#[from] NoCalendar),
    /// Its calendar does not reach so far.
    #[error("the calendar of the instrument does not reach so far")]
    Moment(#[from] BeyondCalendar),
}

impl Instrument {
    /// Where it trades, in the words that choose a calendar.
    /// Errors: [`NoCalendar::Unlisted`] when nothing is said of its kind or its exchange.
    pub fn listing(&self) -> Result<Listing<'_>, NoCalendar> {
        let said = self.description();
        let unlisted = || NoCalendar::Unlisted { instrument: self.to_string() };
        let market = market(said.kind.ok_or_else(unlisted)?);
        let exchange = match (&said.exchange, market) {
            (Some(exchange), _) => exchange.as_str(),
            (None, Market::Forex | Market::Crypto | Market::Bond) => "",
            (None, _) => said.primary_exchange.as_deref().ok_or_else(unlisted)?,
        };
        let currency = said.currency.as_ref().map_or("", Currency::as_str);
        let mut listing = Listing::new(exchange, currency, market);
        if let Some(primary) = &said.primary_exchange {
            listing = listing.primarily(primary);
        }
        if let Some(product) = said.symbol.as_ref().or(said.trading_class.as_ref()) {
            listing = listing.product(product);
        }
        Ok(listing)
    }

    /// The bundled calendar that it follows.
    ///
    /// ```
    /// use tradeport_contracts::Instrument;
    /// let calendar = |text: &str| Ok::<_, Box<dyn std::error::Error>>(text.parse::<Instrument>()?.calendar()?.name().to_owned());
    /// assert_eq!(calendar("AAPL")?, "XNYS");
    /// assert_eq!(calendar("VOD@LSE/GBP")?, "XLON");
    /// assert_eq!(calendar("ES 202503@CME")?, "CME_Equity");
    /// assert_eq!(calendar("EUR.USD")?, "FX");
    /// assert!(calendar("id:265598").is_err(), "a number does not tell where it trades");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn calendar(&self) -> Result<&'static Calendar, NoCalendar> {
        self.listing()?.calendar()
    }

    /// Is it within its regular hours, as far as the bundled calendars know? A broker that sends the hours of a contract
    /// knows better: [`Calendar::from_broker`].
    pub fn is_open(&self, at: Timestamp) -> Result<bool, TradingUnknown> {
        Ok(self.calendar()?.is_open(at)?)
    }
}

/// What its hours depend on. Contracts for difference follow what they are made on, which their kind does not tell.
const fn market(kind: InstrumentKind) -> Market {
    match kind {
        InstrumentKind::Stock | InstrumentKind::Warrant | InstrumentKind::StructuredProduct => Market::Stock,
        InstrumentKind::Option => Market::Option,
        InstrumentKind::Future
        | InstrumentKind::ContinuousFuture
        | InstrumentKind::AnyFuture
        | InstrumentKind::FuturesOption => Market::Future,
        InstrumentKind::Forex => Market::Forex,
        InstrumentKind::Crypto => Market::Crypto,
        InstrumentKind::Bond | InstrumentKind::Bill | InstrumentKind::FixedIncome => Market::Bond,
        InstrumentKind::Cfd
        | InstrumentKind::Fund
        | InstrumentKind::Commodity
        | InstrumentKind::Index
        | InstrumentKind::EventContract
        | InstrumentKind::StockBorrow
        | InstrumentKind::SecuritiesLending
        | InstrumentKind::Forward
        | InstrumentKind::Basket
        | InstrumentKind::Icu
        | InstrumentKind::Ics
        | InstrumentKind::Combo
        | InstrumentKind::NewsFeed => Market::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(text: &str) -> Result<String, String> {
        let instrument: Instrument = text.parse().unwrap();
        instrument.calendar().map(|calendar| calendar.name().to_owned()).map_err(|error| error.to_string())
    }

    #[test]
    fn instruments_follow_their_markets() {
        let cases = [
            ("BMW@SMART:IBIS/EUR", "XETR"),
            ("AAPL 20250117C150", "CBOE_Equity_Options"),
            ("SPX 20250117C5000", "CBOE_Index_Options"),
            ("continuous:ES@CME", "CME_Equity"),
            ("futopt:GBL 20230224C138x1000@EUREX/EUR", "XEUR"),
            ("index:DAX@EUREX/EUR", "XEUR"),
            ("crypto:BTC", "24-7"),
            ("bond:IBM", "SIFMAUS"),
        ];
        for (text, name) in cases {
            assert_eq!(calendar(text), Ok(name.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_does_not_name_its_market_is_refused() {
        assert_eq!(calendar("id:265598").unwrap_err(), "id:265598 does not say on which market it trades");
        assert_eq!(
            calendar("cfd:IBM").unwrap_err(),
            "SMART in USD is not one market: name the primary exchange"
        );
    }

    #[test]
    fn an_instrument_is_open_or_closed_or_nobody_knows() {
        let apple: Instrument = "AAPL".parse().unwrap();
        let open = |text: &str| apple.is_open(text.parse().unwrap());
        assert_eq!(open("2025-07-03T16:59:59Z"), Ok(true));
        assert_eq!(open("2025-07-03T17:00:00Z"), Ok(false), "the day before Independence Day ends early");
        let told = |error: &dyn std::error::Error| format!("{error}: {}", error.source().unwrap());
        let beyond = open("2099-01-01T00:00:00Z").unwrap_err();
        assert!(
            told(&beyond).starts_with(
                "the calendar of the instrument does not reach so far: the hours of XNYS are known from "
            ),
            "{}",
            told(&beyond)
        );
        let numbered: Instrument = "id:265598".parse().unwrap();
        assert_eq!(
            told(&numbered.is_open(Timestamp::EPOCH).unwrap_err()),
            "the calendar of the instrument is not known: id:265598 does not say on which market it trades"
        );
    }
}
