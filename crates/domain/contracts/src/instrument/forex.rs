//! Pairs of currencies.

use super::listed::{checked, kind};
use super::plain::named;
use super::{Description, InstrumentKind, NotAnInstrument};
use tradeport_kernel::Currency;

kind! {
    /// A pair of currencies: so much of one, priced in the other.
    ///
    /// ```
    /// use tradeport_contracts::Forex;
    /// let euro = Forex::new("EUR".parse().unwrap(), "USD".parse().unwrap())?;
    /// assert_eq!(euro.to_string(), "EUR.USD");
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
