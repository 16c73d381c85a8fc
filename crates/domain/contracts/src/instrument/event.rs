//! Yes-or-no contracts.

use super::derivative::with_terms;
use super::listed::{checked, kind, priced};
use super::plain::named;
use super::{Description, InstrumentKind, NotAnInstrument};
use crate::{Expiry, Right};
use tradeport_kernel::Decimal;

kind! {
    /// A contract that pays a fixed sum if a question is answered with yes (or with no): whether a number will be
    /// above a threshold on a day.
    ///
    /// On ForecastEx (`FORECASTX`) it may only be bought; who holds yes and wants out buys no. At the CME group it is
    /// listed beside the options on a future, in trading classes that begin with `EC`.
    ///
    /// The threshold may be zero. Days may fall on weekends.
    ///
    /// ```
    /// use tradeport_contracts::{EventContract, Expiry};
    /// let expiry = Expiry::on(2025, 12, 31)?;
    /// let yes = EventContract::yes("GCE", expiry, "40500".parse().unwrap())?;
    /// assert_eq!(yes.to_string(), "event:GCE 20251231C40500");
    /// let all = EventContract::question("CPIY")?.expiring(Expiry::in_month(2026, 12)?)?;
    /// assert_eq!(all.to_string(), "event:CPIY 202612");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    EventContract
}

priced!(EventContract);

impl EventContract {
    /// Yes, on ForecastEx. `threshold` is zero or above.
    pub fn yes(symbol: &str, expiry: Expiry, threshold: Decimal) -> Result<Self, NotAnInstrument> {
        checked(with_terms(InstrumentKind::EventContract, symbol, expiry, threshold, Right::Call))
    }

    /// No, on ForecastEx. `threshold` is zero or above.
    pub fn no(symbol: &str, expiry: Expiry, threshold: Decimal) -> Result<Self, NotAnInstrument> {
        checked(with_terms(InstrumentKind::EventContract, symbol, expiry, threshold, Right::Put))
    }

    /// All contracts of a question on ForecastEx: a question to the catalog, not a contract.
    pub fn question(symbol: &str) -> Result<Self, NotAnInstrument> {
        checked(named(InstrumentKind::EventContract, symbol))
    }

    /// The same, of one expiry.
    pub fn expiring(self, expiry: Expiry) -> Result<Self, NotAnInstrument> {
        self.changed(|it| it.expiry = Some(expiry))
    }

    /// On whether a future will be above a threshold: yes is a call, no is a put. `trading_class` begins with `EC`.
    ///
    /// ```
    /// use tradeport_contracts::{EventContract, Expiry, Right};
    /// let expiry = Expiry::on(2025, 12, 31)?;
    /// let yes = EventContract::on_future("ES", "ECES", expiry, "6800".parse().unwrap(), Right::Call, "CME")?;
    /// assert_eq!(yes.to_string(), "event:ES 20251231C6800@CME;class=ECES");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    pub fn on_future(
        symbol: &str,
        trading_class: &str,
        expiry: Expiry,
        threshold: Decimal,
        side: Right,
        exchange: &str,
    ) -> Result<Self, NotAnInstrument> {
        checked(Description {
            trading_class: Some(trading_class.to_owned()),
            exchange: Some(exchange.to_owned()),
            ..with_terms(InstrumentKind::EventContract, symbol, expiry, threshold, side)
        })
    }
}
