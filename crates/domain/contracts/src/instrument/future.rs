//! Futures: of one expiry, continuous, or all of a product; and forwards.
//!
//! Left out: the facts of products (months, ticks, last days of trading).

use super::listed::{checked, kind, priced};
use super::plain::named;
use super::{Description, InstrumentKind, NotAnInstrument};
use crate::Expiry;
use crate::futures::FuturesSpecs;
use time::Month;

kind! {
    /// A future of one expiry.
    ///
    /// **Meaning.** The broker's symbol of the product (`ES`, but `EUR` for the euro that the exchange calls `6E`), the
    /// contract month or the last day of trading, and the exchange: futures are never routed. Where one symbol has several
    /// sizes (silver at 1,000 and 5,000 ounces), [`with_multiplier`](Self::with_multiplier) or
    /// [`with_trading_class`](Self::with_trading_class) says which.
    ///
    /// **Units.** Prices are as the exchange quotes them, some in hundredths of the currency; what one price step is worth
    /// stands in [`FuturesSpecs`](crate::futures::FuturesSpecs). Orders are for contracts. In US dollars unless
    /// [`in_currency`](Self::in_currency) says otherwise.
    ///
    /// **Errors.** A month that the product does not have, a day on which none of its contracts ends (both where the product
    /// is known: the refusal names those that there are), a weekend, an exchange that cannot be one.
    ///
    /// ```
    /// use tradeport_contracts::{Expiry, Future};
    ///
    /// let march = Future::new("ES", Expiry::in_month(2025, 3)?, "CME")?;
    /// assert_eq!(march.to_string(), "ES 202503@CME");
    ///
    /// let april = Future::new("ES", Expiry::in_month(2025, 4)?, "CME");
    /// assert_eq!(april.unwrap_err().to_string(), "ES has no contract of 202504: its months are HMUZ");
    ///
    /// // By its name at the exchange.
    /// let bund = Future::by_local_symbol("FGBL MAR 23", "EUREX")?.in_currency("EUR".parse().unwrap());
    /// assert_eq!(bund.to_string(), "future:* *@EUREX/EUR;local=FGBL MAR 23");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Future
}

kind! {
    /// The front future of a product, whichever that is on the day: for history, not for orders.
    ///
    /// ```
    /// use tradeport_contracts::{ContinuousFuture, Instrument};
    /// let front = Instrument::from(ContinuousFuture::new("ES", "CME")?);
    /// assert_eq!(front.to_string(), "continuous:ES@CME");
    /// assert!(front.check_orderable().is_err());
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    ContinuousFuture
}

kind! {
    /// All futures of a product, the continuous one with them: a question to the catalog, not a contract.
    ///
    /// ```
    /// use tradeport_contracts::AnyFuture;
    /// assert_eq!(AnyFuture::new("GBL", "EUREX")?.to_string(), "futures:GBL@EUREX");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    AnyFuture
}

kind! {
    /// A forward.
    ///
    /// ```
    /// use tradeport_contracts::{Expiry, Forward};
    /// assert_eq!(Forward::new("EUR", Expiry::on(2026, 12, 22)?, "IDEALPRO")?.to_string(), "forward:EUR 20261222@IDEALPRO");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Forward
}

priced!(Future, ContinuousFuture, AnyFuture, Forward);

impl Future {
    /// One future of a product at an exchange, by its month or by its last day of trading, in US dollars. Of the
    /// bundled products, an expiry that is none of theirs is refused: [`FuturesSpecs::check_expiry`]. A product of a
    /// user's own table comes from [`FuturesSpecs::future`], which goes by that table.
    ///
    /// ```
    /// use tradeport_contracts::{Expiry, Future};
    /// assert_eq!(
    ///     Future::new("ES", Expiry::in_month(2025, 4)?, "CME").unwrap_err().to_string(),
    ///     "ES has no contract of 202504: its months are HMUZ"
    /// );
    /// assert_eq!(
    ///     Future::new("ES", Expiry::on(2025, 3, 20)?, "CME").unwrap_err().to_string(),
    ///     "ES has no contract that ends on 20250320: expected 20250321, 20250620 or 20250919"
    /// );
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    pub fn new(symbol: &str, expiry: Expiry, exchange: &str) -> Result<Self, NotAnInstrument> {
        let future = Self::of_any_cycle(symbol, expiry, exchange)?;
        FuturesSpecs::bundled().check_expiry(&future)?;
        Ok(future)
    }

    /// The same for a product of any cycle.
    pub(crate) fn of_any_cycle(
        symbol: &str,
        expiry: Expiry,
        exchange: &str,
    ) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::Future, symbol);
        checked(Description { expiry: Some(expiry), exchange: Some(exchange.to_owned()), ..description })
    }

    /// By its symbol at its exchange alone, which names the month too, in US dollars.
    pub fn by_local_symbol(local_symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        checked(Description {
            local_symbol: Some(local_symbol.to_owned()),
            exchange: Some(exchange.to_owned()),
            ..Description::of(InstrumentKind::Future)
        })
    }

    /// All futures of a product at an exchange: a question to the catalog, not a contract.
    pub fn chain(symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::Future, symbol);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }

    /// The same, if its month is one of these: for products that no table has. A day may lie in the month before the one it is named after.
    ///
    /// ```
    /// use time::Month::{December, June, March, September};
    /// use tradeport_contracts::{Expiry, Future};
    /// let april = Future::new("CC2", Expiry::in_month(2025, 4)?, "LIFFE")?;
    /// let refused = april.in_cycle(&[March, June, September, December]).unwrap_err();
    /// assert_eq!(
    ///     refused.to_string(),
    ///     "CC2 has no contract of 202504: its months are March, June, September, December"
    /// );
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    pub fn in_cycle(self, months: &[Month]) -> Result<Self, NotAnInstrument> {
        let Some(expiry) = self.expiry() else { return Ok(self) };
        let of_next = expiry.day().is_some() && months.contains(&expiry.month().next());
        if months.contains(&expiry.month()) || of_next {
            return Ok(self);
        }
        let months: Vec<String> = months.iter().map(Month::to_string).collect();
        Err(NotAnInstrument::Cycle {
            product: self.product().unwrap_or("this product").to_owned(),
            expiry,
            months: months.join(", "),
        })
    }

    /// The product's symbol; `None` when it is named by its local symbol alone.
    #[must_use]
    pub fn product(&self) -> Option<&str> {
        self.description().symbol.as_deref()
    }

    /// Its month or its last day of trading; `None` when several are meant, or its local symbol says it.
    #[must_use]
    pub fn expiry(&self) -> Option<Expiry> {
        self.description().expiry
    }
}

impl ContinuousFuture {
    /// Of a product at an exchange, in US dollars.
    pub fn new(symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::ContinuousFuture, symbol);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }
}

impl AnyFuture {
    /// Of a product at an exchange, in whatever currency.
    pub fn new(symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::AnyFuture, symbol);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }
}

impl Forward {
    /// On a symbol, to a day or month, at an exchange, in US dollars.
    pub fn new(symbol: &str, expiry: Expiry, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::Forward, symbol);
        checked(Description { expiry: Some(expiry), exchange: Some(exchange.to_owned()), ..description })
    }
}
