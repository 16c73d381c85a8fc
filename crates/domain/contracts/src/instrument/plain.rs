//! Kinds that a symbol names: stocks, funds, bonds, indices and the like.

use super::listed::{checked, kind, priced};
use super::{Description, InstrumentKind, NotAnInstrument};
use crate::{Cusip, Isin};

kind! {
    /// Shares of a company, or units of a fund traded like them.
    ///
    /// **Meaning.** A symbol alone means the listing in US dollars, wherever the broker finds the best price. One symbol has
    /// several listings: [`listed_on`](Self::listed_on) names the exchange where the meant one is at home,
    /// [`on`](Self::on) sends the order to one exchange and nowhere else, and [`in_currency`](Self::in_currency) says what it
    /// is priced in.
    ///
    /// **Units.** Orders are for shares, prices for one share in its currency. (The broker quotes London in pounds, not in pence.)
    ///
    /// **Errors.** A symbol or an exchange that cannot be one is refused at once; whether there is such a share, the catalog
    /// says.
    ///
    /// ```
    /// use tradeport_contracts::Stock;
    ///
    /// let apple = Stock::new("AAPL")?;
    /// assert_eq!(apple.to_string(), "AAPL");
    ///
    /// // In Frankfurt, in euros, by the best route.
    /// let bmw = Stock::new("BMW")?.listed_on("IBIS")?.in_currency("EUR".parse().unwrap());
    /// assert_eq!(bmw.to_string(), "BMW@SMART:IBIS/EUR");
    ///
    /// // On one exchange, and nowhere else.
    /// let direct = Stock::new("AAPL")?.on("ISLAND")?;
    /// assert_eq!(direct.to_string(), "AAPL@ISLAND");
    ///
    /// let refused = Stock::new(" IJR ").unwrap_err();
    /// assert!(refused.to_string().starts_with("the symbol \" IJR \" is unusable"));
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Stock
}

kind! {
    /// A contract for difference on a stock, an index or a currency; for a pair the symbol is what is bought and the
    /// currency what it is priced in.
    ///
    /// ```
    /// use tradeport_contracts::Cfd;
    /// let dax = Cfd::new("IBDE30")?.in_currency("EUR".parse().unwrap());
    /// assert_eq!(dax.to_string(), "cfd:IBDE30/EUR");
    /// let pound_in_dollars = Cfd::new("GBP")?;
    /// assert_eq!(pound_in_dollars.to_string(), "cfd:GBP");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Cfd
}

kind! {
    /// A bond, by the symbol of its issuer, or by its CUSIP or ISIN, which then are its symbol.
    ///
    /// ```
    /// use tradeport_contracts::{Bond, Cusip};
    /// let any_of_ibm = Bond::new("IBM")?;
    /// let this_one = Bond::by_cusip(Cusip::new("449276AA2")?);
    /// assert_eq!(this_one.to_string(), "bond:449276AA2");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Bond
}

kind! {
    /// A treasury bill.
    ///
    /// ```
    /// use tradeport_contracts::{Bill, Isin};
    /// let bill = Bill::new("US-T")?.with_identifier(Isin::new("US912796YB94")?)?;
    /// assert_eq!(bill.to_string(), "bill:US-T;isin=US912796YB94");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Bill
}

kind! {
    /// Fixed income that is neither bond nor bill.
    ///
    /// ```
    /// use tradeport_contracts::FixedIncome;
    /// assert_eq!(FixedIncome::new("US-T")?.to_string(), "fixed:US-T");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    FixedIncome
}

kind! {
    /// A mutual fund.
    ///
    /// ```
    /// use tradeport_contracts::Fund;
    /// assert_eq!(Fund::new("VINIX")?.exchange(), Some("FUNDSERV"));
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Fund
}

kind! {
    /// A commodity at its spot price.
    ///
    /// ```
    /// use tradeport_contracts::Commodity;
    /// assert_eq!(Commodity::new("XAUUSD")?.to_string(), "commodity:XAUUSD");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Commodity
}

kind! {
    /// A cryptocurrency, at `PAXOS` when nothing else is said.
    ///
    /// ```
    /// use tradeport_contracts::Crypto;
    /// let elsewhere = Crypto::new("BTC")?.on("ZEROHASH")?;
    /// assert_eq!(elsewhere.to_string(), "crypto:BTC@ZEROHASH");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Crypto
}

kind! {
    /// An index or a market indicator: quoted, not traded.
    ///
    /// ```
    /// use tradeport_contracts::Index;
    /// assert_eq!(Index::new("SPX", "CBOE")?.to_string(), "index:SPX@CBOE");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Index
}

kind! {
    /// The borrowing of shares ahead of a short sale: bought at the market, at `PREBORROW`.
    ///
    /// ```
    /// use tradeport_contracts::StockBorrow;
    /// let borrow = StockBorrow::new("IBM")?;
    /// assert_eq!((borrow.to_string().as_str(), borrow.exchange()), ("borrow:IBM", Some("PREBORROW")));
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    StockBorrow
}

kind! {
    /// The lending of shares.
    ///
    /// ```
    /// use tradeport_contracts::SecuritiesLending;
    /// assert_eq!(SecuritiesLending::new("IBM")?.to_string(), "lending:IBM");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    SecuritiesLending
}

kind! {
    /// A basket that the broker defined.
    ///
    /// ```
    /// use tradeport_contracts::Basket;
    /// assert_eq!(Basket::new("MINE")?.to_string(), "basket:MINE");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Basket
}

kind! {
    /// What the broker lists as `ICU`, without a description.
    ///
    /// ```
    /// use tradeport_contracts::Icu;
    /// assert_eq!(Icu::new("X")?.to_string(), "icu:X");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Icu
}

kind! {
    /// What the broker lists as `ICS`, without a description.
    ///
    /// ```
    /// use tradeport_contracts::Ics;
    /// assert_eq!(Ics::new("X")?.to_string(), "ics:X");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Ics
}

kind! {
    /// A feed of news, or all feeds of a provider.
    ///
    /// ```
    /// use tradeport_contracts::NewsFeed;
    /// assert_eq!(NewsFeed::new("BRF")?.to_string(), "news:BRF:BRF_ALL@BRF");
    /// assert_eq!(NewsFeed::of_provider("BRFG")?.to_string(), "news:*@BRFG");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    NewsFeed
}

priced!(
    Stock,
    Cfd,
    Bond,
    Bill,
    FixedIncome,
    Fund,
    Commodity,
    Crypto,
    Index,
    StockBorrow,
    SecuritiesLending,
    Basket,
    Icu,
    Ics
);

/// What is usual for the kind, under a symbol.
pub(super) fn named(kind: InstrumentKind, symbol: &str) -> Description {
    Description { symbol: Some(symbol.to_owned()), ..Description::of(kind) }
}

/// Constructors by symbol, with the usual exchange and US dollars.
macro_rules! by_symbol {
    ($($name:ident),+) => { $(
        impl $name {
            /// By its symbol: 1 to 64 printable characters, no blank at either end. Routed as usual for its kind
            /// ([`InstrumentKind::usual_exchange`]), in US dollars.
            pub fn new(symbol: &str) -> Result<Self, NotAnInstrument> {
                checked(named(InstrumentKind::$name, symbol))
            }
        }
    )+ };
}
by_symbol!(
    Stock,
    Cfd,
    Bond,
    Bill,
    FixedIncome,
    Fund,
    Commodity,
    Crypto,
    StockBorrow,
    SecuritiesLending,
    Basket,
    Icu,
    Ics
);

impl Stock {
    /// By its symbol at its exchange alone, in US dollars.
    pub fn by_local_symbol(local_symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        checked(Description {
            local_symbol: Some(local_symbol.to_owned()),
            exchange: Some(exchange.to_owned()),
            ..Description::of(InstrumentKind::Stock)
        })
    }

    /// The ticker; `None` when it is named by its local symbol alone.
    #[must_use]
    pub fn ticker(&self) -> Option<&str> {
        self.description().symbol.as_deref()
    }
}

impl Bond {
    /// By its CUSIP, in US dollars.
    #[must_use]
    pub fn by_cusip(cusip: Cusip) -> Self {
        Self::new(cusip.as_str()).expect("a CUSIP is a symbol")
    }

    /// By its ISIN. Say its currency, unless it is in US dollars.
    #[must_use]
    pub fn by_isin(isin: Isin) -> Self {
        Self::new(isin.as_str()).expect("an ISIN is a symbol")
    }

    /// The same, that matures on a day or in a month.
    pub fn maturing(self, expiry: crate::Expiry) -> Result<Self, NotAnInstrument> {
        self.changed(|it| it.expiry = Some(expiry))
    }
}

impl Index {
    /// By its symbol and the exchange that computes it, in US dollars.
    pub fn new(symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::Index, symbol);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }
}

impl NewsFeed {
    /// Everything of a provider, by its code: `BRF`.
    pub fn new(provider: &str) -> Result<Self, NotAnInstrument> {
        Self::feed(provider, &format!("{provider}_ALL"))
    }

    /// One feed of a provider: `BRF`, `BRF_ALL`.
    pub fn feed(provider: &str, feed: &str) -> Result<Self, NotAnInstrument> {
        let symbol = format!("{provider}:{feed}");
        let description = named(InstrumentKind::NewsFeed, &symbol);
        checked(Description { exchange: Some(provider.to_owned()), ..description })
    }

    /// The feeds that a provider has: a question to the catalog, not a feed.
    pub fn of_provider(provider: &str) -> Result<Self, NotAnInstrument> {
        let description = Description::of(InstrumentKind::NewsFeed);
        checked(Description { exchange: Some(provider.to_owned()), ..description })
    }
}
