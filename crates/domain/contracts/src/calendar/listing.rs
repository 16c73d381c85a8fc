//! Which calendar an instrument follows, from the broker's words for where it is listed.
//!
//! Left out: instruments themselves. Who has one hands over its exchange, currency and product.

use super::market_calendar::Calendar;
use super::products;

/// What kind of instrument is listed, as far as its hours depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Market {
    /// Shares and funds traded like them, and certificates on them.
    Stock,
    /// Options on shares, funds and indices.
    Option,
    /// Futures, and options on futures.
    Future,
    /// Pairs of currencies.
    Forex,
    /// Digital coins.
    Crypto,
    /// Bonds and bills.
    Bond,
    /// Anything else.
    Other,
}

/// Where an instrument trades, in the broker's words.
///
/// ```
/// use tradeport_contracts::calendar::{Listing, Market};
/// let calendar = |listing: Listing| listing.calendar().map(|calendar| calendar.name().to_owned());
/// assert_eq!(calendar(Listing::new("SMART", "USD", Market::Stock))?, "XNYS");
/// assert_eq!(calendar(Listing::new("SMART", "USD", Market::Stock).primarily("ISLAND"))?, "XNAS");
/// assert_eq!(calendar(Listing::new("CME", "USD", Market::Future).product("ES"))?, "CME_Equity");
/// assert_eq!(calendar(Listing::new("IDEALPRO", "USD", Market::Forex))?, "FX");
/// assert!(calendar(Listing::new("SMART", "EUR", Market::Stock)).is_err(), "the euro has many exchanges");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing<'a> {
    exchange: &'a str,
    primary: Option<&'a str>,
    currency: &'a str,
    market: Market,
    product: Option<&'a str>,
}

/// It is not known which calendar an instrument follows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCalendar {
    /// There is no bundled calendar of this exchange.
    #[error("no calendar is bundled for the exchange {exchange}; the broker's trading hours would tell")]
    Exchange {
        /// Its name at the broker.
        exchange: String,
    },
    /// The exchange's stocks have a calendar, its futures keep other hours.
    #[error(
        "the bundled calendar of {exchange} is that of its stocks, not of its futures; the broker's trading hours would tell"
    )]
    StocksOnly {
        /// Its name at the broker.
        exchange: String,
    },
    /// The route of the broker needs a primary exchange to tell the market.
    #[error("{exchange} in {currency} is not one market: name the primary exchange")]
    Route {
        /// The route.
        exchange: String,
        /// The currency.
        currency: String,
    },
    /// The exchange keeps several hours, and the product is not a known one.
    #[error("the hours of {product} on {exchange} are not known; the broker's trading hours would tell")]
    Product {
        /// The exchange.
        exchange: String,
        /// The product's symbol.
        product: String,
    },
    /// Nothing is said of where it is listed.
    #[error("{instrument} does not say on which market it trades")]
    Unlisted {
        /// The instrument.
        instrument: String,
    },
}

impl<'a> Listing<'a> {
    /// A listing by the broker's exchange (`SMART`, `NYSE`, `CME`) and currency.
    #[must_use]
    pub const fn new(exchange: &'a str, currency: &'a str, market: Market) -> Self {
        Self { exchange, primary: None, currency, market, product: None }
    }

    /// With the exchange on which it is at home, for instruments that the broker routes.
    #[must_use]
    pub const fn primarily(self, exchange: &'a str) -> Self {
        Self { primary: Some(exchange), ..self }
    }

    /// With the symbol of its product or underlying, at the broker or at the exchange: `ES`, `EUR` or `6E`, `SPX`.
    #[must_use]
    pub const fn product(self, symbol: &'a str) -> Self {
        Self { product: Some(symbol), ..self }
    }

    /// The bundled calendar that it follows. Never a guess: what is not known is an error.
    pub fn calendar(&self) -> Result<&'static Calendar, NoCalendar> {
        Ok(Calendar::named(self.name()?).expect("every name of the lists is bundled, as a test shows"))
    }

    /// The name of that calendar.
    pub fn name(&self) -> Result<&'static str, NoCalendar> {
        match self.market {
            Market::Forex => return Ok("FX"),
            Market::Crypto => return Ok("24-7"),
            Market::Bond if self.currency == "USD" => return Ok("SIFMAUS"),
            Market::Option if self.is_us_options_exchange() => return Ok(products::us_option(self.product)),
            _ => {}
        }
        let exchange = match self.primary {
            Some(primary) if is_route(self.exchange) => primary,
            _ => self.exchange,
        };
        if is_route(exchange) {
            return self.routed();
        }
        if products::is_cme(exchange) {
            return self.cme_product(exchange);
        }
        let name =
            exchange_calendar(exchange).ok_or_else(|| NoCalendar::Exchange { exchange: shown(exchange) })?;
        if self.market == Market::Future && !FUTURES_CALENDARS.contains(&name) {
            return Err(NoCalendar::StocksOnly { exchange: shown(exchange) });
        }
        Ok(name)
    }

    fn is_us_options_exchange(&self) -> bool {
        self.currency == "USD" && (is_route(self.exchange) || US_OPTION_EXCHANGES.contains(&self.exchange))
    }

    fn routed(&self) -> Result<&'static str, NoCalendar> {
        // A currency with one main exchange; the euro is not among them.
        let by_currency = [
            ("USD", "XNYS"),
            ("CAD", "XTSE"),
            ("GBP", "XLON"),
            ("CHF", "XSWX"),
            ("SEK", "XSTO"),
            ("NOK", "XOSL"),
            ("DKK", "XCSE"),
            ("PLN", "XWAR"),
            ("CZK", "XPRA"),
            ("HUF", "XBUD"),
            ("ILS", "XTAE"),
            ("JPY", "XTKS"),
            ("HKD", "XHKG"),
            ("AUD", "XASX"),
            ("SGD", "XSES"),
            ("KRW", "XKRX"),
            ("TWD", "XTAI"),
            ("MXN", "XMEX"),
            ("BRL", "BVMF"),
            ("ZAR", "XJSE"),
        ];
        let stock = matches!(self.market, Market::Stock);
        let found = by_currency.iter().find(|(currency, _)| stock && *currency == self.currency);
        found.map(|(_, name)| *name).ok_or_else(|| NoCalendar::Route {
            exchange: shown(self.exchange),
            currency: shown(self.currency),
        })
    }

    fn cme_product(&self, exchange: &str) -> Result<&'static str, NoCalendar> {
        let Some(product) = self.product else { return Ok(products::whole_cme(exchange)) };
        products::cme(exchange, product)
            .ok_or_else(|| NoCalendar::Product { exchange: shown(exchange), product: shown(product) })
    }
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

fn is_route(exchange: &str) -> bool {
    matches!(exchange, "" | "SMART" | "BEST" | "IBKRATS" | "OVERNIGHT" | "IBEOS" | "CSFBALGO" | "JEFFALGO")
}

const US_OPTION_EXCHANGES: &[&str] = &[
    "AMEX", "BATS", "BOX", "CBOE", "CBOE2", "EDGX", "EMERALD", "GEMINI", "ISE", "MEMX", "MERCURY", "MIAX",
    "NASDAQBX", "NASDAQOM", "PEARL", "PHLX", "PSE", "SAPPHIRE",
];

/// The broker's names of exchanges by calendar.
const EXCHANGES: &[(&str, &[&str])] = &[
    (
        "XNYS",
        &[
            "NYSE",
            "ARCA",
            "AMEX",
            "BATS",
            "BYX",
            "BEX",
            "CHX",
            "DRCTEDGE",
            "EDGEA",
            "EDGX",
            "FOXRIVER",
            "IEX",
            "LTSE",
            "MEMX",
            "NYSENAT",
            "NYSEFLOOR",
            "NYSEDARK",
            "OTCLNKECN",
            "PEARL",
            "PINK",
            "PSX",
            "T24X",
            "VALUE",
        ],
    ),
    ("XNAS", &["NASDAQ", "ISLAND", "NASDAQDARK"]),
    ("XTSE", &["TSE", "TSX", "VENTURE", "ALPHA", "AEQLIT", "CHIX_CA", "OMEGA", "PURE", "TSELIT", "CDE"]),
    ("XMEX", &["MEXI", "MEXDER"]),
    ("BVMF", &["B3", "BVMF", "BOVESPA"]),
    ("XLON", &["LSE", "LSEETF", "LSEIOB1", "BATEUK", "CHIXUK", "TRQXUK"]),
    ("XDUB", &["ISED", "EDIR"]),
    ("XETR", &["IBIS", "IBIS2", "XETRA"]),
    ("XFRA", &["FWB", "FWB2"]),
    ("XSTU", &["SWB", "SWB2"]),
    ("XPAR", &["SBF", "SBVM"]),
    ("XAMS", &["AEB"]),
    ("XBRU", &["ENEXT.BE"]),
    ("XLIS", &["BVL"]),
    ("XMIL", &["BVME", "BVME.ETF"]),
    ("XMAD", &["BM"]),
    ("XSTO", &["SFB"]),
    ("XHEL", &["HEX", "OMH"]),
    ("XCSE", &["CPH"]),
    ("XOSL", &["OSE"]),
    ("XTAL", &["N.TALLINN"]),
    ("XRIS", &["N.RIGA"]),
    ("XLIT", &["N.VILNIUS"]),
    ("XSWX", &["EBS", "VIRTX"]),
    ("XWBO", &["VSE"]),
    ("XWAR", &["WSE"]),
    ("XPRA", &["PRA"]),
    ("XBUD", &["BUX"]),
    ("XTAE", &["TASE"]),
    ("XSAU", &["TADAWUL"]),
    ("XJSE", &["JSE"]),
    ("XMOS", &["MOEX"]),
    ("XTKS", &["TSEJ", "CHIXJ", "JPNNEXT"]),
    ("XHKG", &["SEHK"]),
    ("XASX", &["ASX", "ASXCEN", "CHIXAU"]),
    ("XSES", &["SGX"]),
    ("XNSE", &["NSE"]),
    ("XBOM", &["BSE"]),
    ("XKRX", &["KSE", "KRX"]),
    ("XTAI", &["TWSE"]),
    ("XKLS", &["BURSA"]),
    ("XBKK", &["SET"]),
    ("XIDX", &["IDX"]),
    ("XEUR", &["EUREX", "DTB"]),
    ("IEPA", &["NYBOT", "ICEUS"]),
    ("XCBF", &["CFE"]),
    ("CBOE_Index_Options", &["CBOE"]),
    ("FX", &["IDEALPRO", "IDEAL", "FXCONV", "IBFX"]),
    ("24-7", &["PAXOS", "ZEROHASH"]),
];

/// Those of exchanges that list futures, with the hours of these. Left out, since no source has them: Hong Kong (`HKFE`), Osaka
/// (`OSE.JPN`), Sydney (`SNFE`), London (`IPE`, `ICEEU`), and the broker's own exchange of event contracts.
const FUTURES_CALENDARS: &[&str] = &["XEUR", "IEPA", "XCBF"];

fn exchange_calendar(exchange: &str) -> Option<&'static str> {
    EXCHANGES.iter().find(|(_, theirs)| theirs.contains(&exchange)).map(|(name, _)| *name)
}

#[cfg(test)]
#[path = "listing_tests.rs"]
mod tests;
