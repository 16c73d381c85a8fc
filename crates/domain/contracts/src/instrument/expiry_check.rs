//! Whether an instrument can end when it is said to, as far as the platform knows products and holidays.
//!
//! Left out: expiries of options on futures, warrants and structured products, which only their issuers and exchanges know.

use super::{Description, Instrument, InstrumentKind, NotAnInstrument};
use crate::Expiry;
use crate::calendar::Calendar;
use crate::futures::FuturesSpecs;
use time::Date;

/// The calendars of American options begin with this.
const AMERICAN_OPTIONS: &str = "CBOE_";

impl Instrument {
    /// Refuses what no broker lists, before one is asked: a future whose expiry is none of its product's
    /// ([`FuturesSpecs::check_expiry`]), and an American option that would end on a holiday: exchanges let those end on
    /// the trading day before. What is not known is let through, and so is what a contract id names.
    ///
    /// ```
    /// use tradeport_contracts::Instrument;
    /// use tradeport_contracts::futures::FuturesSpecs;
    /// let friday: Instrument = "AAPL 20260403C250".parse()?;
    /// assert_eq!(
    ///     friday.check_expiry(FuturesSpecs::bundled()).unwrap_err().to_string(),
    ///     "an option cannot expire on 20260403, a holiday of its exchange: expected 20260402, the trading day before"
    /// );
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    pub fn check_expiry(&self, specs: &FuturesSpecs) -> Result<(), NotAnInstrument> {
        match self {
            Self::Future(future) => specs.check_expiry(future),
            Self::Option(option) => match self.holiday(option.description()) {
                Some((expiry, expected)) => {
                    Err(NotAnInstrument::Holiday { kind: InstrumentKind::Option, expiry, expected })
                }
                None => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// The expiry on a holiday, and the trading day before it.
    fn holiday(&self, said: &Description) -> Option<(Expiry, Expiry)> {
        if said.id.is_some() {
            return None;
        }
        let expiry = said.expiry?;
        let name = self.listing().ok()?.name().ok()?;
        let calendar = name.starts_with(AMERICAN_OPTIONS).then(|| Calendar::named(name).ok())??;
        let before = trading_day_before(calendar, expiry.day()?)?;
        Some((expiry, Expiry::try_from(before).ok()?))
    }
}

/// The trading day before a day on which the market is closed; `None` when it is open, or when that is not known.
fn trading_day_before(calendar: &Calendar, closed: Date) -> Option<Date> {
    const LONGEST: usize = 10;
    let days = std::iter::successors(Some(closed), |day| day.previous_day());
    let mut open =
        days.take(LONGEST).map_while(|day| Some((day, calendar.trading_day_on(day).ok()?.is_some())));
    if open.next()?.1 {
        return None;
    }
    open.find(|(_, open)| *open).map(|(day, _)| day)
}
