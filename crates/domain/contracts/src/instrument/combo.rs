//! Several contracts in one order.

use super::description::is_reasonable;
use super::listed::{checked, kind, priced};
use super::plain::named;
use super::{Description, InstrumentKind, NotAnInstrument};
use crate::ContractId;
use tradeport_kernel::{Decimal, Price};

/// The largest ratio of a leg: what the broker's 32-bit count holds.
const MAX_RATIO: u32 = i32::MAX as u32;

kind! {
    /// Several contracts in one order, each by the broker's number, side and ratio.
    ///
    /// **Meaning.** All legs trade together, or none does. A leg's action is what happens to it when the combo is *bought*;
    /// who sells the combo turns every leg round. Options strategies need not be put together by hand: a strategy by its name
    /// makes its combo.
    ///
    /// **Units.** A unit of the combo has `ratio` contracts of each leg. Its price is the net of the legs' prices, each times its
    /// ratio, bought ones less sold ones: it may be zero, and below zero for what brings money in.
    ///
    /// **Errors.** No legs, a leg with a ratio of zero, a name that cannot be one.
    ///
    /// ```
    /// use tradeport_contracts::{Combo, ComboLeg, ContractId, LegAction};
    /// let leg = |id, action| ComboLeg::new(ContractId::new(id), 1, action)?.on("SMART");
    /// let pair = Combo::new("IBKR,MCD", vec![leg(43_645_865, LegAction::Buy)?, leg(9_408, LegAction::Sell)?])?;
    /// assert_eq!(pair.to_string(), "combo:IBKR,MCD;leg=+1x43645865@SMART;leg=-1x9408@SMART");
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    Combo
}

priced!(Combo);

/// What happens to a leg when the combo is bought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegAction {
    /// It is bought.
    Buy,
    /// It is sold.
    Sell,
    /// It is sold short, for accounts that must say so.
    SellShort,
}

impl LegAction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Buy, Self::Sell, Self::SellShort];

    /// Its sign in the notation: `+`, `-` or `!`.
    pub(super) const fn sign(self) -> char {
        match self {
            Self::Buy => '+',
            Self::Sell => '-',
            Self::SellShort => '!',
        }
    }
}

/// Whether a leg opens a position or closes one, for accounts that must say so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LegEffect {
    /// As the combo does: the only choice of private accounts.
    #[default]
    Same,
    /// It opens.
    Open,
    /// It closes.
    Close,
    /// It is not known.
    Unknown,
}

/// Where the shares of a short sale come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShortSale {
    /// The broker holds them.
    HeldByBroker,
    /// Another holds them.
    HeldAt(
        /// Who: 1 to 64 printable characters, no blank at either end.
        String,
    ),
}

/// One leg of a [`Combo`].
///
/// ```
/// use tradeport_contracts::{Combo, ComboLeg, ContractId, LegAction, LegEffect};
///
/// // Two of one option bought for each one of another that is sold, which closes.
/// let bought = ComboLeg::new(ContractId::new(43_645_865), 2, LegAction::Buy)?.on("SMART")?;
/// let sold = ComboLeg::new(ContractId::new(9_408), 1, LegAction::Sell)?.with_effect(LegEffect::Close);
/// let combo = Combo::new("IBKR,MCD", vec![bought, sold])?;
/// assert_eq!(combo.description().legs.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ComboLeg {
    contract: ContractId,
    ratio: u32,
    action: LegAction,
    exchange: Option<String>,
    effect: LegEffect,
    short_sale: Option<ShortSale>,
    exemption: Option<u16>,
}

/// What a combo is hedged with: so much of a stock or future, at a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeltaNeutral {
    contract: ContractId,
    delta: Decimal,
    price: Option<Price>,
}

/// A leg, or a hedge, cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotALeg {
    /// The contract id is not above zero.
    #[error("a leg of contract {0}: a contract id is above zero")]
    Contract(i64),
    /// The ratio is zero or too large.
    #[error("a leg with a ratio of {0}: expected 1 to 2147483647")]
    Ratio(u32),
    /// The exchange is no code.
    #[error("a leg on {0:?}: expected 1 to 24 capital letters, digits, '.', '-' or '_', such as SMART")]
    Exchange(String),
    /// The place of the shares is unusable.
    #[error("shares held at {0:?}: expected 1 to 64 printable ASCII characters, no blank at either end")]
    Location(String),
    /// The delta or the price of a hedge has too many digits.
    #[error("a hedge with a {0} of {1}: expected up to 1,000,000,000 and at most 15 digits")]
    Hedge(&'static str, Decimal),
}

impl ComboLeg {
    /// So many of a contract for each unit of the combo; where it is routed is left to the combo.
    /// Errors: a contract id that is not above zero, a ratio outside of 1 to 2,147,483,647.
    pub fn new(contract: ContractId, ratio: u32, action: LegAction) -> Result<Self, NotALeg> {
        if contract.number() <= 0 {
            return Err(NotALeg::Contract(contract.number()));
        }
        if ratio == 0 || ratio > MAX_RATIO {
            return Err(NotALeg::Ratio(ratio));
        }
        let effect = LegEffect::Same;
        Ok(Self { contract, ratio, action, exchange: None, effect, short_sale: None, exemption: None })
    }

    /// The same, routed to one exchange.
    pub fn on(self, exchange: &str) -> Result<Self, NotALeg> {
        if !super::description::is_exchange(exchange) {
            return Err(NotALeg::Exchange(super::refusal::shown(exchange)));
        }
        Ok(Self { exchange: Some(exchange.to_owned()), ..self })
    }

    /// The same, opening or closing.
    #[must_use]
    pub fn with_effect(self, effect: LegEffect) -> Self {
        Self { effect, ..self }
    }

    /// The same, with the source of the shares that are sold short.
    pub fn with_short_sale(self, short_sale: ShortSale) -> Result<Self, NotALeg> {
        match &short_sale {
            ShortSale::HeldAt(place) if !super::description::is_text(place) => {
                Err(NotALeg::Location(super::refusal::shown(place)))
            }
            _ => Ok(Self { short_sale: Some(short_sale), ..self }),
        }
    }

    /// The same, exempt from the short sale rule by this code.
    #[must_use]
    pub fn with_exemption(self, code: u16) -> Self {
        Self { exemption: Some(code), ..self }
    }

    /// Which contract.
    #[must_use]
    pub const fn contract(&self) -> ContractId {
        self.contract
    }

    /// How many for each unit of the combo; 1 to 2,147,483,647.
    #[must_use]
    pub const fn ratio(&self) -> u32 {
        self.ratio
    }

    /// What happens to it when the combo is bought.
    #[must_use]
    pub const fn action(&self) -> LegAction {
        self.action
    }

    /// Where it is routed to.
    #[must_use]
    pub fn exchange(&self) -> Option<&str> {
        self.exchange.as_deref()
    }

    /// Whether it opens or closes.
    #[must_use]
    pub const fn effect(&self) -> LegEffect {
        self.effect
    }

    /// Where the shares of a short sale come from.
    #[must_use]
    pub const fn short_sale(&self) -> Option<&ShortSale> {
        self.short_sale.as_ref()
    }

    /// The code that exempts it from the short sale rule.
    #[must_use]
    pub const fn exemption(&self) -> Option<u16> {
        self.exemption
    }
}

impl DeltaNeutral {
    /// `delta` units of a stock or future, at the market, or at the model's price.
    /// Errors: a contract id that is not above zero; a delta above 1,000,000,000 or of more than 15 digits.
    pub fn new(contract: ContractId, delta: Decimal) -> Result<Self, NotALeg> {
        if contract.number() <= 0 {
            return Err(NotALeg::Contract(contract.number()));
        }
        if !is_reasonable(delta) {
            return Err(NotALeg::Hedge("delta", delta));
        }
        Ok(Self { contract, delta, price: None })
    }

    /// The same, at a price. Zero means the market's, as saying nothing does.
    /// Errors: a price above 1,000,000,000 or of more than 15 digits.
    pub fn at(self, price: Price) -> Result<Self, NotALeg> {
        if !is_reasonable(price.as_decimal()) {
            return Err(NotALeg::Hedge("price", price.as_decimal()));
        }
        Ok(Self { price: Some(price).filter(|price| !price.as_decimal().is_zero()), ..self })
    }

    /// With what.
    #[must_use]
    pub const fn contract(&self) -> ContractId {
        self.contract
    }

    /// How much of it.
    #[must_use]
    pub const fn delta(&self) -> Decimal {
        self.delta
    }

    /// At which price; `None` for the market's.
    #[must_use]
    pub const fn price(&self) -> Option<Price> {
        self.price
    }
}

impl Combo {
    /// One or more legs under a symbol: that of their common underlying, or all of theirs, with a comma between. In
    /// US dollars, routed by the broker.
    pub fn new(symbol: &str, legs: Vec<ComboLeg>) -> Result<Self, NotAnInstrument> {
        checked(Description { legs, ..named(InstrumentKind::Combo, symbol) })
    }

    /// The same, hedged.
    pub fn hedged_with(self, hedge: DeltaNeutral) -> Result<Self, NotAnInstrument> {
        self.changed(|it| it.delta_neutral = Some(hedge))
    }

    /// Its legs, in the order in which prices of legs are given.
    #[must_use]
    pub fn legs(&self) -> &[ComboLeg] {
        &self.description().legs
    }
}
