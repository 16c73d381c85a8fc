//! The broker's description of an instrument.

use crate::{Instrument, TradingSessions};
use serde::{Deserialize, Serialize};
use tradeport_kernel::{Currency, Decimal, Price, Symbol};

/// The broker's durable number of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContractId(i64);

impl ContractId {
    /// The id with this number.
    #[must_use]
    pub const fn new(number: i64) -> Self {
        Self(number)
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
    /// What it is priced and settled in.
    pub currency: Currency,
    /// The smallest step between two prices; above zero.
    pub price_step: Decimal,
    /// The smallest step between two quantities; above zero.
    pub lot: Decimal,
    /// Units of the underlying in one unit traded; above zero, 1 for stocks.
    pub multiplier: Decimal,
    /// When it trades.
    pub sessions: TradingSessions,
}

/// A step, a lot or a multiplier was not above zero.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{symbol} is described with a {field} of {value}: it must be above zero")]
pub struct NotAContract {
    symbol: Symbol,
    field: &'static str,
    value: Decimal,
}

impl ContractDraft {
    /// Refuses steps, lots and multipliers that are not above zero.
    pub fn check(self) -> Result<Contract, NotAContract> {
        let steps = [("price step", self.price_step), ("lot", self.lot), ("multiplier", self.multiplier)];
        match steps.into_iter().find(|(_, value)| *value <= Decimal::ZERO) {
            Some((field, value)) => Err(NotAContract { symbol: self.symbol, field, value }),
            None => Ok(Contract(self)),
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

    /// What it is priced and settled in.
    #[must_use]
    pub const fn currency(&self) -> Currency {
        self.0.currency
    }

    /// The smallest step between two prices.
    #[must_use]
    pub const fn price_step(&self) -> Decimal {
        self.0.price_step
    }

    /// The smallest step between two quantities.
    #[must_use]
    pub const fn lot(&self) -> Decimal {
        self.0.lot
    }

    /// Units of the underlying in one unit traded.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.0.multiplier
    }

    /// When it trades.
    #[must_use]
    pub const fn sessions(&self) -> &TradingSessions {
        &self.0.sessions
    }

    /// Is `price` a whole number of price steps?
    #[must_use]
    pub fn fits_step(&self, price: Price) -> bool {
        price.as_decimal().checked_rem(self.0.price_step).is_some_and(|rest| rest.is_zero())
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
