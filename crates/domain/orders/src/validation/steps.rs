//! The prices that a contract knows, band by band.
//!
//! Left out: which prices of an order are held against them; that is `prices`.

use crate::Side;
use tradeport_contracts::{Contract, InstrumentKind, PriceBand};
use tradeport_kernel::{Decimal, Price};

/// The prices of an event contract at the broker's own exchange: 0.02 to 0.99 (error 10344).
const FORECAST: (Decimal, Decimal) =
    (Decimal::from_parts(2, 0, 0, false, 2), Decimal::from_parts(99, 0, 0, false, 2));

/// The prices that a contract knows: multiples of a step that may differ from band to band.
///
/// ```
/// # use tradeport_contracts::{Contract, ContractDraft, ContractId, ContractDetails, Instrument, PriceBand, Stock, TradingSessions};
/// # use tradeport_kernel::{Currency, Decimal, Price};
/// use tradeport_orders::validation::PriceSteps;
/// use tradeport_orders::Side;
/// # let bands = vec![
/// #     PriceBand { from: Decimal::ZERO, step: Decimal::new(1, 4) },
/// #     PriceBand { from: Decimal::ONE, step: Decimal::new(1, 2) },
/// # ];
/// # let penny: Contract = ContractDraft {
/// #     id: ContractId::new(7), symbol: "PENNY".parse()?, instrument: Instrument::from(Stock::new("PENNY")?),
/// #     name: "PENNY".to_owned(), currency: Currency::USD, price_step: Decimal::new(1, 4), lot: Decimal::ONE,
/// #     multiplier: Decimal::ONE, sessions: TradingSessions::always(),
/// #     details: ContractDetails { price_bands: bands, ..Default::default() },
/// # }.check()?;
///
/// // In 0.0001 below one dollar, in 0.01 from there on.
/// let steps = PriceSteps::of(&penny);
/// let price = |text: &str| text.parse::<Price>();
/// assert_eq!(steps.nearest(price("0.99995")?, Side::Sell), Some(price("1")?));
/// assert_eq!(steps.nearest(price("1.0001")?, Side::Buy), Some(price("1")?));
/// assert_eq!(steps.nearest(price("1.0001")?, Side::Sell), Some(price("1.01")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PriceSteps<'a> {
    contract: &'a Contract,
}

impl<'a> PriceSteps<'a> {
    /// Those of a contract.
    #[must_use]
    pub const fn of(contract: &'a Contract) -> Self {
        Self { contract }
    }

    /// The smallest step of all bands; what distances between prices are counted in.
    #[must_use]
    pub fn smallest(&self) -> Decimal {
        let bands = self.contract.details().price_bands.iter().map(|band| band.step);
        bands.min().unwrap_or(self.contract.price_step())
    }

    /// Would this price be accepted?
    #[must_use]
    pub fn accepts(&self, price: Price) -> bool {
        self.is_in_range(price.as_decimal()) && self.contract.fits_step(price)
    }

    /// The price itself where it is accepted, else the nearest accepted one that asks no more of the market than it did:
    /// below for a buy limit, above for a sell limit. `None` where there is none on that side.
    #[must_use]
    pub fn nearest(&self, price: Price, side: Side) -> Option<Price> {
        if self.accepts(price) {
            return Some(price);
        }
        match side {
            Side::Buy => self.below(price),
            Side::Sell => self.above(price),
        }
    }

    /// The highest accepted price below one that is not accepted.
    #[must_use]
    pub fn below(&self, price: Price) -> Option<Price> {
        let highest = self.range().1.map_or(price.as_decimal(), |highest| price.as_decimal().min(highest));
        let found = if highest.is_sign_negative() {
            self.up_in_size(highest.abs()).map(|size| -size)
        } else {
            self.down_in_size(highest)
        };
        self.accepted(found?)
    }

    /// The lowest accepted price above one that is not accepted.
    #[must_use]
    pub fn above(&self, price: Price) -> Option<Price> {
        let raw = price.as_decimal();
        let lowest = match self.range().0 {
            Some(Lowest::At(lowest)) => raw.max(lowest),
            Some(Lowest::AboveZero) if raw <= Decimal::ZERO => {
                return self.accepted(self.bands(first_above_zero)?);
            }
            _ => raw,
        };
        let found = if lowest.is_sign_negative() {
            self.down_in_size(lowest.abs()).map(|size| -size)
        } else {
            self.up_in_size(lowest)
        };
        self.accepted(found?)
    }

    /// Does the instrument know no price of zero or below?
    pub(super) fn is_above_zero(&self) -> bool {
        !self.contract.instrument().can_cost_nothing()
    }

    /// The lowest and the highest price of a contract that has both, as event contracts do.
    pub(super) fn bounds(&self) -> Option<(Decimal, Decimal)> {
        let description = self.contract.instrument().description();
        let forecast = description.kind == Some(InstrumentKind::EventContract)
            && description.exchange.as_deref() == Some("FORECASTX");
        forecast.then_some(FORECAST)
    }

    fn range(&self) -> (Option<Lowest>, Option<Decimal>) {
        match self.bounds() {
            Some((lowest, highest)) => (Some(Lowest::At(lowest)), Some(highest)),
            None => (self.is_above_zero().then_some(Lowest::AboveZero), None),
        }
    }

    fn is_in_range(&self, price: Decimal) -> bool {
        let (lowest, highest) = self.range();
        let high_enough = match lowest {
            Some(Lowest::At(lowest)) => price >= lowest,
            Some(Lowest::AboveZero) => price > Decimal::ZERO,
            None => true,
        };
        high_enough && highest.is_none_or(|highest| price <= highest)
    }

    /// Only what is really accepted: a rounding of the arithmetic at the ends of what a decimal holds is not.
    fn accepted(&self, raw: Decimal) -> Option<Price> {
        let raw = if raw.is_zero() { Decimal::ZERO } else { raw.normalize() };
        Price::new(raw).ok().filter(|price| self.accepts(*price))
    }

    /// The bands, in ascending order and never none.
    fn bands<T>(&self, read: impl FnOnce(&[PriceBand]) -> T) -> T {
        let bands = &self.contract.details().price_bands;
        if bands.is_empty() {
            return read(&[PriceBand { from: Decimal::ZERO, step: self.contract.price_step() }]);
        }
        read(bands)
    }

    fn down_in_size(&self, size: Decimal) -> Option<Decimal> {
        self.bands(|bands| down(bands, size))
    }

    fn up_in_size(&self, size: Decimal) -> Option<Decimal> {
        self.bands(|bands| up(bands, size))
    }
}

/// The low end of what is accepted.
enum Lowest {
    /// This price.
    At(Decimal),
    /// The first step above zero.
    AboveZero,
}

/// The band of a size without sign; the first one for what lies below all.
fn band_of(bands: &[PriceBand], size: Decimal) -> usize {
    bands.partition_point(|band| band.from <= size).saturating_sub(1)
}

/// The largest size on a step that is not above `size`. A band whose first price lies above it hands down to the one before.
fn down(bands: &[PriceBand], size: Decimal) -> Option<Decimal> {
    let mut index = band_of(bands, size);
    let mut top = size;
    let mut below_top = false;
    loop {
        let PriceBand { from, step } = *bands.get(index)?;
        let rest = top.checked_rem(step)?;
        let found = top.checked_sub(if below_top && rest.is_zero() { step } else { rest })?;
        if index == 0 || found >= from {
            return Some(found);
        }
        (top, below_top, index) = (from, true, index - 1);
    }
}

/// The smallest size on a step that is not below `size`.
fn up(bands: &[PriceBand], size: Decimal) -> Option<Decimal> {
    climb(bands, band_of(bands, size), size)
}

/// The smallest size on a step that is above zero.
fn first_above_zero(bands: &[PriceBand]) -> Option<Decimal> {
    climb(bands, 0, bands.first()?.step)
}

/// From `bottom` in a band on to the next step. What reaches the next band is counted in its step, from its beginning.
fn climb(bands: &[PriceBand], mut index: usize, mut bottom: Decimal) -> Option<Decimal> {
    loop {
        let step = bands.get(index)?.step;
        let rest = bottom.checked_rem(step)?;
        let found = if rest.is_zero() {
            bottom
        } else {
            bottom.checked_sub(rest).and_then(|on| on.checked_add(step))?
        };
        match bands.get(index + 1) {
            Some(next) if found >= next.from => (bottom, index) = (next.from, index + 1),
            _ => return Some(found),
        }
    }
}
