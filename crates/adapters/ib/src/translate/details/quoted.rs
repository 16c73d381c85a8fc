//! Prices as they are quoted, and what they are worth.
//!
//! The broker tells steps, bands and multipliers in units of the currency, and quotes and takes prices in units that are
//! smaller by the magnifier: corn with a step of 0.0025 dollars, 5,000 bushels and a magnifier of 100 is quoted in cents, in
//! steps of 0.25, and a cent of its price is worth 50 dollars a contract. Here everything is in quoted units; the
//! platform's multiplier is what one of them is worth.
//!
//! Left out: strikes, which are in quoted units on both sides.

use super::refuse;
use crate::translate::FromIbError;
use crate::translate::number::to_decimal;
use tradeport_contracts::PriceBand;
use tradeport_kernel::Decimal;

/// More places than any multiplier divided by any magnifier needs, and fewer than an endless fraction has.
const EXACT_PLACES: u32 = 20;

/// How many quoted units make one unit of the currency; above zero.
#[derive(Clone, Copy)]
pub(super) struct Magnifier(u32);

impl Magnifier {
    /// Zero is how the broker says nothing: then prices are in units of the currency.
    pub(super) fn new(number: i32) -> Result<Self, FromIbError> {
        let by = u32::try_from(number)
            .map_err(|_| refuse("price_magnifier", number, "it must be above zero, or zero for none"))?;
        Ok(Self(by.max(1)))
    }

    /// As it is told to the platform: nothing where prices are in units of the currency.
    pub(super) fn told(self, number: i32) -> Option<u32> {
        (number != 0).then_some(self.0)
    }

    /// A price, an edge or a step in units of the currency, as it is quoted.
    fn quoted(self, field: &'static str, number: Decimal) -> Result<Decimal, FromIbError> {
        let quoted = number.checked_mul(Decimal::from(self.0));
        quoted.map(|quoted| quoted.normalize()).ok_or_else(|| refuse(field, number, "too large a price"))
    }

    /// The step between two quoted prices.
    pub(super) fn price_step(self, min_tick: f64) -> Result<Decimal, FromIbError> {
        let step = to_decimal(min_tick).ok_or_else(|| refuse("min_tick", min_tick, "no number"))?;
        self.quoted("min_tick", step)
    }

    /// The bands of a market rule, in quoted units.
    pub(super) fn bands(self, rule: &[PriceBand]) -> Result<Vec<PriceBand>, FromIbError> {
        let field = "market_rule_ids";
        let band = |it: &PriceBand| {
            Ok(PriceBand { from: self.quoted(field, it.from)?, step: self.quoted(field, it.step)? })
        };
        rule.iter().map(band).collect()
    }

    /// What one quoted unit is worth to one unit traded. The broker leaves the multiplier of 1 out.
    pub(super) fn unit_value(self, multiplier: &str) -> Result<Decimal, FromIbError> {
        let units = match multiplier.trim() {
            "" | "0" => Decimal::ONE,
            text => text.parse::<Decimal>().map_err(|error| refuse("multiplier", text, error))?,
        };
        let by = Decimal::from(self.0);
        let value = units.checked_div(by).map(|value| value.normalize());
        // An endless fraction fills all the digits that a decimal has.
        let exact = |value: &Decimal| value.scale() <= EXACT_PLACES && value.checked_mul(by) == Some(units);
        value.filter(exact).ok_or_else(|| {
            refuse(
                "multiplier",
                multiplier,
                format!("no decimal divided by the price magnifier of {}", self.0),
            )
        })
    }
}
