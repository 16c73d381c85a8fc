//! A strategy as the broker takes it: the instruments of its legs, and the one combo that trades them together.

use super::{LegOf, Strategy, StrategyLeg};
use crate::Side;
use time::Date;
use tradeport_contracts::{
    Combo, ComboLeg, ContractId, Expiry, Instrument, LegAction, NotALeg, NotAnExpiry, NotAnInstrument,
    OptionContract, Right, Stock,
};
use tradeport_kernel::{Decimal, Price, Symbol};

/// The strategy cannot be turned into what the broker trades.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACombo {
    /// What the underlying is called says nothing that an option could be on.
    #[error("no option can be on {0}: name a stock or an index by its symbol")]
    Underlying(Symbol),
    /// The option cannot be.
    #[error("a leg on {0} is no instrument")]
    Instrument(Symbol, #[source] NotAnInstrument),
    /// The expiry is out of the calendar's range.
    #[error("a leg has an impossible expiry")]
    Expiry(#[from] NotAnExpiry),
    /// The broker's number is unusable.
    #[error("a leg cannot be part of a combo")]
    Leg(#[from] NotALeg),
    /// One contract a leg is needed.
    #[error("{given} contracts for {legs} legs: give one for each, in their order")]
    Count {
        /// How many were given.
        given: usize,
        /// How many are needed.
        legs: usize,
    },
}

impl Strategy {
    /// What each leg trades, in the order of the legs: ask a catalog for these, then make the
    /// [`combo`](Self::combo). Options are those of 100 shares, or of the strategy's own multiplier.
    ///
    /// ```
    /// # use time::macros::date;
    /// # use tradeport_kernel::Symbol;
    /// # use tradeport_orders::strategy::Strategy;
    /// let covered = Strategy::covered_call(Symbol::new("IBM")?, date!(2026 - 12 - 18), "105".parse()?)?;
    /// let names: Vec<_> = covered.instruments()?.iter().map(ToString::to_string).collect();
    /// assert_eq!(names, ["IBM", "IBM 20261218C105"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn instruments(&self) -> Result<Vec<Instrument>, NotACombo> {
        let ticker = self.ticker()?;
        self.legs().iter().map(|leg| self.instrument(leg, &ticker)).collect()
    }

    /// The combo that trades all legs at once, from the broker's numbers of their contracts in the order of the legs.
    /// `exchange` is where it is routed, `SMART` for the broker's choice. Ratios are reduced: brokers refuse 2 to 4.
    pub fn combo(&self, contracts: &[ContractId], exchange: &str) -> Result<Combo, NotACombo> {
        if contracts.len() != self.legs().len() {
            return Err(NotACombo::Count { given: contracts.len(), legs: self.legs().len() });
        }
        let common = self.units_in_combo();
        let leg = |(leg, id): (&StrategyLeg, &ContractId)| {
            let action = if leg.side() == Side::Buy { LegAction::Buy } else { LegAction::Sell };
            ComboLeg::new(*id, leg.ratio().get() / common, action)?.on(exchange)
        };
        let legs = self.legs().iter().zip(contracts).map(leg).collect::<Result<_, _>>()?;
        let combo = Combo::new(&self.ticker()?, legs).map_err(|why| self.no_instrument(why))?;
        combo.in_currency(self.currency()).on(exchange).map_err(|why| self.no_instrument(why))
    }

    /// How many units of the [`combo`](Self::combo) one unit of the strategy is: what its ratios have in common.
    #[must_use]
    pub fn units_in_combo(&self) -> u32 {
        units_in_combo(self.legs().iter().map(|leg| leg.ratio().get()))
    }

    fn ticker(&self) -> Result<String, NotACombo> {
        let unusable = || NotACombo::Underlying(self.underlying());
        let instrument: Instrument = self.underlying().as_str().parse().map_err(|_| unusable())?;
        instrument.description().symbol.clone().ok_or_else(unusable)
    }

    fn instrument(&self, leg: &StrategyLeg, ticker: &str) -> Result<Instrument, NotACombo> {
        let made = match leg.of() {
            LegOf::Stock => Stock::new(ticker).map(|stock| stock.in_currency(self.currency()).into()),
            LegOf::Option { expiry, right, strike } => {
                self.option(ticker, on(expiry)?, strike, right).map(Instrument::from)
            }
        };
        made.map_err(|why| self.no_instrument(why))
    }

    fn option(
        &self,
        ticker: &str,
        expiry: Expiry,
        strike: Price,
        right: Right,
    ) -> Result<OptionContract, NotAnInstrument> {
        let option = OptionContract::new(ticker, expiry, strike.as_decimal(), right)?;
        let option = option.in_currency(self.currency());
        if self.multiplier() == Decimal::ONE_HUNDRED {
            return Ok(option);
        }
        option.with_multiplier(self.multiplier())
    }

    fn no_instrument(&self, why: NotAnInstrument) -> NotACombo {
        NotACombo::Instrument(self.underlying(), why)
    }
}

fn on(day: Date) -> Result<Expiry, NotAnExpiry> {
    Expiry::on(day.year(), day.month().into(), day.day())
}

/// What the ratios of legs have in common; one where there are none.
#[must_use]
pub fn units_in_combo(ratios: impl IntoIterator<Item = u32>) -> u32 {
    ratios.into_iter().fold(0, common_divisor).max(1)
}

const fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
