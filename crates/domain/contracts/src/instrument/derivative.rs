//! Kinds with an expiry, a strike and a right: options, options on futures, warrants, structured products.

use super::listed::{checked, kind, priced};
use super::plain::named;
use super::{Description, InstrumentKind, NotAnInstrument};
use crate::{Expiry, Right};
use tradeport_kernel::Decimal;

kind! {
    /// An option on a stock or an index, reachable as `Option` in this crate.
    ///
    /// **Meaning.** The right to buy ([`Right::Call`]) or to sell ([`Right::Put`]) what it is on, at the strike, until the
    /// expiry: its last day of trading, or its month where the day does not matter yet. In US dollars and by the best route
    /// unless it says otherwise; where two classes share strike and day (`SPX`, `SPXW`),
    /// [`with_trading_class`](Self::with_trading_class) tells them apart.
    ///
    /// **Units.** The strike and all prices are for one share; a contract is for as many as its multiplier says, mostly 100,
    /// which need not be given. Orders are for contracts.
    ///
    /// **Errors.** A strike that is not above zero, an expiry on a weekend or on a holiday of its exchange (the refusal names
    /// the trading day that was meant), and texts that cannot be a symbol.
    ///
    /// ```
    /// use tradeport_contracts::{self as contracts, Expiry, Right};
    ///
    /// let expiry = Expiry::on(2025, 1, 17)?;
    /// let call = contracts::Option::new("AAPL", expiry, "150".parse().unwrap(), Right::Call)?;
    /// assert_eq!(call.to_string(), "AAPL 20250117C150");
    ///
    /// let free = contracts::Option::new("AAPL", expiry, "0".parse().unwrap(), Right::Put);
    /// assert!(free.unwrap_err().to_string().contains("strike"));
    ///
    /// // At one exchange, and all there are.
    /// let at_box = call.on("BOX")?.with_multiplier("100".parse().unwrap())?;
    /// assert_eq!(at_box.to_string(), "AAPL 20250117C150x100@BOX");
    /// let all = contracts::Option::chain("FISV")?;
    /// assert_eq!(all.to_string(), "option:FISV *");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    OptionContract
}

kind! {
    /// An option on a future.
    ///
    /// ```
    /// use tradeport_contracts::{Expiry, FuturesOption, Right};
    /// let expiry = Expiry::on(2023, 2, 24)?;
    /// let call = FuturesOption::new("GBL", expiry, "138".parse().unwrap(), Right::Call, "EUREX")?
    ///     .in_currency("EUR".parse().unwrap())
    ///     .with_multiplier("1000".parse().unwrap())?;
    /// assert_eq!(call.to_string(), "futopt:GBL 20230224C138x1000@EUREX/EUR");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    FuturesOption
}

kind! {
    /// A warrant: an option that a bank issued.
    ///
    /// ```
    /// use tradeport_contracts::{Expiry, Right, Warrant};
    /// let expiry = Expiry::on(2020, 11, 17)?;
    /// let call = Warrant::new("GOOG", expiry, "1500".parse().unwrap(), Right::Call, "FWB")?
    ///     .in_currency("EUR".parse().unwrap())
    ///     .with_multiplier("0.01".parse().unwrap())?;
    /// assert_eq!(call.to_string(), "warrant:GOOG 20201117C1500x0.01@FWB/EUR");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Warrant
}

kind! {
    /// A structured product, such as a turbo or a Dutch warrant; most often named by its symbol at its exchange.
    ///
    /// ```
    /// use tradeport_contracts::StructuredProduct;
    /// let turbo = StructuredProduct::by_local_symbol("B881G", "SBF")?.in_currency("EUR".parse().unwrap());
    /// assert_eq!(turbo.to_string(), "structured:* *@SBF/EUR;local=B881G");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    StructuredProduct
}

priced!(OptionContract, FuturesOption, Warrant, StructuredProduct);

/// A description with all terms.
pub(super) fn with_terms(
    kind: InstrumentKind,
    symbol: &str,
    expiry: Expiry,
    strike: Decimal,
    right: Right,
) -> Description {
    Description { expiry: Some(expiry), strike: Some(strike), right: Some(right), ..named(kind, symbol) }
}

/// What these kinds share.
macro_rules! derivative {
    ($($name:ident = $kind:ident),+) => { $(
        impl $name {
            /// By its symbol at its exchange alone, in US dollars.
            pub fn by_local_symbol(local_symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
                checked(Description {
                    local_symbol: Some(local_symbol.to_owned()),
                    exchange: Some(exchange.to_owned()),
                    ..Description::of(InstrumentKind::$kind)
                })
            }

            /// The same, of one expiry: no weekend. On [`Self::chain`] it narrows the question.
            pub fn expiring(self, expiry: Expiry) -> Result<Self, NotAnInstrument> {
                self.changed(|it| it.expiry = Some(expiry))
            }

            /// The same, calls or puts. On [`Self::chain`] it narrows the question.
            pub fn of_right(self, right: Right) -> Result<Self, NotAnInstrument> {
                self.changed(|it| it.right = Some(right))
            }

            /// The same, at one strike, above zero. On [`Self::chain`] it narrows the question.
            pub fn struck_at(self, strike: Decimal) -> Result<Self, NotAnInstrument> {
                self.changed(|it| it.strike = Some(strike))
            }

            /// The symbol of what it is on; `None` when it is named by its local symbol alone.
            #[must_use]
            pub fn underlying(&self) -> Option<&str> {
                self.description().symbol.as_deref()
            }

            /// When it ends; `None` when several are meant, or its local symbol says it.
            #[must_use]
            pub fn expiry(&self) -> Option<Expiry> {
                self.description().expiry
            }

            /// Its strike; `None` when several are meant, or its local symbol says it.
            #[must_use]
            pub fn strike(&self) -> Option<Decimal> {
                self.description().strike
            }

            /// Call or put; `None` when both are meant, or its local symbol says it.
            #[must_use]
            pub fn right(&self) -> Option<Right> {
                self.description().right
            }
        }
    )+ };
}
derivative!(
    OptionContract = Option,
    FuturesOption = FuturesOption,
    Warrant = Warrant,
    StructuredProduct = StructuredProduct
);

impl OptionContract {
    /// One option on `symbol`: its last day of trading (no weekend) or its month, its strike (above zero), call or
    /// put. In US dollars, routed by the broker.
    pub fn new(symbol: &str, expiry: Expiry, strike: Decimal, right: Right) -> Result<Self, NotAnInstrument> {
        checked(with_terms(InstrumentKind::Option, symbol, expiry, strike, right))
    }

    /// All options on `symbol`: a question to the catalog, not a contract.
    pub fn chain(symbol: &str) -> Result<Self, NotAnInstrument> {
        checked(named(InstrumentKind::Option, symbol))
    }
}

impl FuturesOption {
    /// One option on the future `symbol` at an exchange: its last day of trading (no weekend) or its month, its
    /// strike (above zero), call or put. In US dollars.
    pub fn new(
        symbol: &str,
        expiry: Expiry,
        strike: Decimal,
        right: Right,
        exchange: &str,
    ) -> Result<Self, NotAnInstrument> {
        let description = with_terms(InstrumentKind::FuturesOption, symbol, expiry, strike, right);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }

    /// All options on the future `symbol` at an exchange: a question to the catalog, not a contract.
    pub fn chain(symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::FuturesOption, symbol);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }
}

impl Warrant {
    /// One warrant on `symbol` at an exchange: its last day of trading (no weekend) or its month, its strike (above
    /// zero), call or put. In US dollars.
    pub fn new(
        symbol: &str,
        expiry: Expiry,
        strike: Decimal,
        right: Right,
        exchange: &str,
    ) -> Result<Self, NotAnInstrument> {
        let description = with_terms(InstrumentKind::Warrant, symbol, expiry, strike, right);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }

    /// All warrants on `symbol` at an exchange: a question to the catalog, not a contract.
    pub fn chain(symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::Warrant, symbol);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }
}

impl StructuredProduct {
    /// All structured products on `symbol` at an exchange: a question to the catalog, not a contract.
    pub fn chain(symbol: &str, exchange: &str) -> Result<Self, NotAnInstrument> {
        let description = named(InstrumentKind::StructuredProduct, symbol);
        checked(Description { exchange: Some(exchange.to_owned()), ..description })
    }
}
