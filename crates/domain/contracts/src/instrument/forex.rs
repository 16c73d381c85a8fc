//! Pairs of currencies.

use super::listed::{checked, kind};
use super::plain::named;
use super::{Description, InstrumentKind, NotAnInstrument};
use tradeport_kernel::Currency;

kind! {
    /// A pair of currencies: so much of one, priced in the other.
    ///
    /// **Meaning.** Who buys `EUR.USD` gets euros and pays dollars. The broker lists each pair one way round: `USD.JPY` is
    /// there, `JPY.USD` is not, and the catalog says so.
    ///
    /// **Units.** Orders are for units of the first currency, prices are what one of them costs in the second.
    ///
    /// **Errors.** A currency against itself.
    ///
    /// ```
    /// use tradeport_contracts::{Forex, Instrument};
    ///
    /// let euro = Forex::new("EUR".parse().unwrap(), "USD".parse().unwrap())?;
    /// assert_eq!(euro.to_string(), "EUR.USD");
    /// assert_eq!("EUR.USD".parse::<Instrument>()?, euro.into());
    ///
    /// // To change cash rather than to hold a position.
    /// let change = Forex::conversion("EUR".parse().unwrap(), "USD".parse().unwrap())?;
    /// assert_eq!(change.to_string(), "EUR.USD@FXCONV");
    ///
    /// let same = Forex::new("EUR".parse().unwrap(), "EUR".parse().unwrap()).unwrap_err();
    /// assert_eq!(same.to_string(), "EUR against EUR is no pair: expected two different currencies");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Forex
}

impl Forex {
    /// `base` priced in `quote`, traded on the interbank market (`IDEALPRO`). Refuses a currency against itself.
    pub fn new(base: Currency, quote: Currency) -> Result<Self, NotAnInstrument> {
        checked(Description { currency: Some(quote), ..named(InstrumentKind::Forex, base.as_str()) })
    }

    /// The same pair as a conversion of cash (`FXCONV`): the balance changes, and no position is shown for it.
    pub fn conversion(base: Currency, quote: Currency) -> Result<Self, NotAnInstrument> {
        Self::new(base, quote)?.on("FXCONV")
    }

    /// What is bought and sold; `None` when the pair is named by its local symbol alone.
    #[must_use]
    pub fn base(&self) -> Option<Currency> {
        self.description().symbol.as_deref().and_then(|symbol| symbol.parse().ok())
    }

    /// What it is priced in.
    #[must_use]
    pub fn quote(&self) -> Option<Currency> {
        self.currency()
    }
}
