//! The broker's description of an instrument.

use crate::details::WrongDetail;
use crate::{Combo, ContractDetails, Instrument, TradingSessions};
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Currency, Decimal, Price, Symbol, fnv1a};

/// The broker's durable number of a contract.
///
/// ```
/// use tradeport_contracts::{ById, ContractId};
/// let apple = ContractId::new(265_598);
/// assert_eq!(ById::new(apple)?.to_string(), "id:265598");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContractId(i64);

impl ContractId {
    /// The id with this number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
    }

    /// The number of a combo, of which a broker has none: from 2^52 on, below which nothing else has numbers, and the same
    /// wherever it is asked for. It is the FNV-1a sum of its notation, folded to 52 bits.
    #[must_use]
    pub fn of_combo(combo: &Combo) -> Self {
        const BITS: u32 = 52;
        let sum = fnv1a(combo.to_string().bytes());
        let folded = (sum >> BITS) ^ (sum & ((1 << BITS) - 1));
        Self(i64::try_from((1 << BITS) | folded).expect("53 bits fit"))
    }

    /// Its number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// What a catalog knows of one instrument; made from a [`ContractDraft`], which is checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ContractDraft", into = "ContractDraft")]
pub struct Contract(ContractDraft);

/// The fields of a contract, before they are checked.
///
/// ```
/// use tradeport_contracts::{Contract, ContractDetails, ContractDraft, ContractId, Future, TradingSessions};
/// use tradeport_kernel::{Currency, Money};
///
/// // Corn: 5,000 bushels, quoted in cents. One quoted unit, a cent, is worth 50 dollars to a contract.
/// let corn: Contract = ContractDraft {
///     id: ContractId::new(532_513_368),
///     symbol: "ZC".parse()?,
///     instrument: Future::new("ZC", "202612".parse()?, "CBOT")?.into(),
///     name: "Corn Futures".to_owned(),
///     currency: Currency::USD,
///     price_step: "0.25".parse()?,
///     lot: "1".parse()?,
///     multiplier: "50".parse()?,
///     sessions: TradingSessions::always(),
///     details: ContractDetails { price_magnifier: Some(100), ..ContractDetails::default() },
/// }
/// .check()?;
/// let two = Money::of("450.25".parse()?, "2".parse()?, corn.multiplier(), corn.currency())?;
/// assert_eq!(two.to_string(), "45025.00 USD");
/// assert!(!corn.fits_step("450.30".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractDraft {
    /// The broker's number.
    pub id: ContractId,
    /// The platform's name.
    pub symbol: Symbol,
    /// What it is.
    pub instrument: Instrument,
    /// Its name for people, such as `APPLE INC`.
    pub name: String,
    /// What it is settled in. Prices are in it or in hundredths of it: see [`multiplier`](Contract::multiplier).
    pub currency: Currency,
    /// The smallest step between two prices as they are quoted, in whatever band of prices; above zero.
    pub price_step: Decimal,
    /// The smallest step between two quantities; above zero.
    pub lot: Decimal,
    /// What one quoted unit of price is worth to one unit traded, in the currency; above zero, 1 for most stocks. See
    /// [`Contract::multiplier`].
    pub multiplier: Decimal,
    /// When it trades.
    pub sessions: TradingSessions,
    /// What else is known of it.
    #[serde(default)]
    pub details: ContractDetails,
}

/// A number of the description cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAContract {
    /// A step, a lot, a size or a multiplier is not above zero.
    #[error("{symbol} is described with a {field} of {value}: it must be above zero")]
    NotPositive {
        /// Of which contract.
        symbol: Symbol,
        /// Which number.
        field: &'static str,
        /// What it is.
        value: Decimal,
    },
    /// The bands of price steps are not in order.
    #[error(
        "{symbol} is described with a price band from {from}: bands begin at zero or above, each above the last"
    )]
    BandOrder {
        /// Of which contract.
        symbol: Symbol,
        /// Where the band begins.
        from: Decimal,
    },
}

impl ContractDraft {
    /// Refuses steps, lots, sizes and multipliers that are not above zero, and price bands out of order.
    pub fn check(self) -> Result<Contract, NotAContract> {
        let symbol = self.symbol;
        let steps = [("price step", self.price_step), ("lot", self.lot), ("multiplier", self.multiplier)];
        if let Some((field, value)) = steps.into_iter().find(|(_, value)| *value <= Decimal::ZERO) {
            return Err(NotAContract::NotPositive { symbol, field, value });
        }
        match self.details.check() {
            Ok(()) => Ok(Contract(self)),
            Err(WrongDetail::NotPositive(field, value)) => {
                Err(NotAContract::NotPositive { symbol, field, value })
            }
            Err(WrongDetail::BandOrder(from)) => Err(NotAContract::BandOrder { symbol, from }),
        }
    }
}

impl Contract {
    /// The broker's number.
    #[must_use]
    pub const fn id(&self) -> ContractId {
        self.0.id
    }

    /// The platform's name.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.0.symbol
    }

    /// What it is.
    #[must_use]
    pub const fn instrument(&self) -> &Instrument {
        &self.0.instrument
    }

    /// Its name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// What it is settled in. Prices are in it or in hundredths of it: see [`multiplier`](Self::multiplier).
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.0.currency
    }

    /// The smallest step between two prices as they are quoted, in whatever band of prices.
    #[must_use]
    pub const fn price_step(&self) -> Decimal {
        self.0.price_step
    }

    /// The smallest step between two quantities.
    #[must_use]
    pub const fn lot(&self) -> Decimal {
        self.0.lot
    }

    /// What one quoted unit of price is worth to one unit traded, in the currency of the contract.
    ///
    /// So price x quantity x multiplier is money, for every contract alike: nobody else has to know which products are
    /// quoted in hundredths. Where prices are in units of the currency it is the number of units of the underlying: 1 for
    /// a share, 100 for most options, 50 for a future on 50 times an index. Where they are in hundredths it is a
    /// hundredth of that: 50 for corn (5,000 bushels, quoted in cents), 0.01 for a share that London quotes in pence.
    ///
    /// The multiplier that an [`Instrument`] may name is the exchange's, undivided (5000 for corn): it tells contracts
    /// apart and is never reckoned with.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.0.multiplier
    }

    /// When it trades.
    #[must_use]
    pub const fn sessions(&self) -> &TradingSessions {
        &self.0.sessions
    }

    /// What else is known of it.
    #[must_use]
    pub const fn details(&self) -> &ContractDetails {
        &self.0.details
    }

    /// The step between prices around `price`: that of its band, else the contract's one step.
    #[must_use]
    pub fn price_step_at(&self, price: Price) -> Decimal {
        self.0.details.band_of(price.as_decimal()).map_or(self.0.price_step, |band| band.step)
    }

    /// Is `price` a whole number of the price steps of its band?
    #[must_use]
    pub fn fits_step(&self, price: Price) -> bool {
        price.as_decimal().checked_rem(self.price_step_at(price)).is_some_and(|rest| rest.is_zero())
    }
}

impl TryFrom<ContractDraft> for Contract {
    type Error = NotAContract;
    fn try_from(draft: ContractDraft) -> Result<Self, Self::Error> {
        draft.check()
    }
}

impl From<Contract> for ContractDraft {
    fn from(contract: Contract) -> Self {
        contract.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PriceBand, Stock};

    fn number(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn with(details: ContractDetails) -> Result<Contract, NotAContract> {
        let instrument = Instrument::from(Stock::new("PENNY").unwrap());
        ContractDraft {
            id: ContractId::new(7),
            symbol: Symbol::new("PENNY").unwrap(),
            instrument,
            name: "PENNY LTD".to_owned(),
            currency: Currency::USD,
            price_step: number("0.0001"),
            lot: Decimal::ONE,
            multiplier: Decimal::ONE,
            sessions: TradingSessions::always(),
            details,
        }
        .check()
    }

    fn bands(of: &[(&str, &str)]) -> ContractDetails {
        let bands = of.iter().map(|(from, step)| PriceBand { from: number(from), step: number(step) });
        ContractDetails { price_bands: bands.collect(), ..ContractDetails::default() }
    }

    #[test]
    fn the_step_is_that_of_the_band() {
        let contract = with(bands(&[("0", "0.0001"), ("1", "0.01"), ("100", "0.05")])).unwrap();
        let cases = [("0.9999", "0.0001"), ("1", "0.01"), ("99.99", "0.01"), ("100", "0.05"), ("-2", "0.01")];
        for (price, step) in cases {
            assert_eq!(contract.price_step_at(price.parse().unwrap()), number(step), "at {price}");
        }
        assert!(contract.fits_step("0.9999".parse().unwrap()));
        assert!(!contract.fits_step("1.0001".parse().unwrap()));
        let plain = with(ContractDetails::default()).unwrap();
        assert_eq!(plain.price_step_at("100".parse().unwrap()), number("0.0001"));
    }

    #[test]
    fn impossible_numbers_are_refused_by_name() {
        let said = |details| with(details).unwrap_err().to_string();
        let unordered =
            "PENNY is described with a price band from 1: bands begin at zero or above, each above the last";
        assert_eq!(said(bands(&[("1", "0.01"), ("1", "0.05")])), unordered);
        let flat = "PENNY is described with a price band's step of 0: it must be above zero";
        assert_eq!(said(bands(&[("0", "0")])), flat);
        let none = ContractDetails { minimum_size: Some(Decimal::ZERO), ..ContractDetails::default() };
        assert_eq!(said(none), "PENNY is described with a minimum size of 0: it must be above zero");
    }

    #[test]
    fn a_document_without_details_is_read() {
        let contract = with(ContractDetails::default()).unwrap();
        let mut document = serde_json::to_value(&contract).unwrap();
        document.as_object_mut().unwrap().remove("details");
        assert_eq!(serde_json::from_value::<Contract>(document).unwrap(), contract);
    }
}
