//! What trading a combo means in terms of its legs: the net price, the multiplier, the step, the hours.
//!
//! Brokers describe no combo: its contract follows from those of its legs, by the rules told at [`ComboTerms`].
//!
//! Left out: quotes of combos (whoever has the legs' quotes implies them) and margins.

use crate::{Combo, Contract, ContractDetails, ContractDraft, ContractId, Instrument, InstrumentKind};
use crate::{LegAction, TradingSessions};
use tradeport_kernel::{Currency, Decimal, Price, Symbol};

/// What a combo's legs make of it.
///
/// Its **multiplier** M is the largest of its legs'. Its **net price** is what one unit of it costs, in units of M:
/// the sum over the legs of `± ratio x multiplier x price / M`, plus for what is bought and minus for what is sold. So a
/// spread of two options is priced like an option, a covered call (100 shares bought, 1 call sold) like a share, and the
/// cash of the legs is net price x quantity x M to the last digit. It is zero or below where the sold legs are worth as
/// much as the bought ones or more: buying such a combo brings money in (a credit). Its **price step** is the smallest of its legs';
/// it trades in whole units, while **all its legs** trade.
///
/// ```
/// # use tradeport_contracts::*;
/// # use tradeport_kernel::{Currency, Decimal};
/// # let call = |id, name: &str| -> Result<Contract, Box<dyn std::error::Error>> {
/// #     let instrument: Instrument = name.parse()?;
/// #     Ok(ContractDraft { id: ContractId::new(id), symbol: instrument.symbol(), instrument, name: String::new(),
/// #         currency: Currency::USD, price_step: "0.05".parse()?, lot: Decimal::ONE, multiplier: 100.into(),
/// #         sessions: TradingSessions::always(), details: Default::default() }.check()?)
/// # };
/// let legs = [call(1, "IBM 20261218C100")?, call(2, "IBM 20261218C110")?];
/// let combo = Combo::new("IBM", vec![
///     ComboLeg::new(ContractId::new(1), 1, LegAction::Buy)?,
///     ComboLeg::new(ContractId::new(2), 1, LegAction::Sell)?,
/// ])?;
/// let terms = ComboTerms::of(&combo, &legs)?;
/// assert_eq!(terms.multiplier(), 100.into());
/// assert_eq!(terms.net(&["4.20".parse()?, "1.35".parse()?]), Some("2.85".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComboTerms {
    legs: Vec<LegTerms>,
    currency: Currency,
    multiplier: Decimal,
    price_step: Decimal,
    sessions: TradingSessions,
}

/// One leg's part in its combo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LegTerms {
    contract: ContractId,
    symbol: Symbol,
    ratio: Decimal,
    multiplier: Decimal,
    weight: Decimal,
}

/// These legs make no combo that can be priced and traded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitLegs {
    /// A leg's contract was not given.
    #[error("its leg of contract {} is not known: resolve and list the legs first", .0.number())]
    Unknown(ContractId),
    /// One contract in two legs.
    #[error("{0} is in two of its legs: put both into one")]
    Twice(Symbol),
    /// Nobody trades it.
    #[error("its leg {0} is of the kind {1}, which is no leg")]
    Kind(Symbol, &'static str),
    /// Legs of several currencies have no common price.
    #[error("its leg {symbol} is priced in {found}, the combo in {expected}")]
    Currency {
        /// The leg.
        symbol: Symbol,
        /// That of the combo.
        expected: Currency,
        /// That of the leg.
        found: Currency,
    },
    /// A ratio between two lots.
    #[error("its leg {symbol} trades in lots of {lot}: a ratio of {ratio} is no whole number of them")]
    Lot {
        /// The leg.
        symbol: Symbol,
        /// Its lot.
        lot: Decimal,
        /// The ratio.
        ratio: Decimal,
    },
    /// Its share in the price is no decimal.
    #[error("its leg {0} has a multiplier that the net price cannot be told in: {1} to {2}")]
    Inexact(Symbol, Decimal, Decimal),
    /// Hedged combos are not priced by their legs alone.
    #[error("it is hedged, so its price is not that of its legs alone: leave the hedge out")]
    Hedged,
}

impl ComboTerms {
    /// Those of a combo, by the contracts of its legs, in any order.
    pub fn of(combo: &Combo, contracts: &[Contract]) -> Result<Self, UnfitLegs> {
        if combo.description().delta_neutral.is_some() {
            return Err(UnfitLegs::Hedged);
        }
        let find = |id: ContractId| contracts.iter().find(|it| it.id() == id).ok_or(UnfitLegs::Unknown(id));
        let found = combo.legs().iter().map(|leg| find(leg.contract())).collect::<Result<Vec<_>, _>>()?;
        let first = found.first().ok_or(UnfitLegs::Unknown(ContractId::new(0)))?;
        let currency = combo.currency().unwrap_or(first.currency());
        let multiplier = found.iter().map(|it| it.multiplier()).max().unwrap_or(Decimal::ONE);
        let mut legs: Vec<LegTerms> = Vec::with_capacity(found.len());
        for (leg, contract) in combo.legs().iter().zip(&found) {
            if legs.iter().any(|other| other.contract == contract.id()) {
                return Err(UnfitLegs::Twice(contract.symbol()));
            }
            check_leg(contract, currency)?;
            legs.push(LegTerms::of(leg.ratio().into(), leg.action(), contract, multiplier)?);
        }
        let hours = found.iter().map(|it| it.sessions().clone());
        let sessions = hours.reduce(|all, its| all.shared_with(&its)).unwrap_or_else(TradingSessions::always);
        let price_step = found.iter().map(|it| it.price_step()).min().unwrap_or(Decimal::ONE);
        Ok(Self { legs, currency, multiplier, price_step, sessions })
    }

    /// The legs, in their order.
    #[must_use]
    pub fn legs(&self) -> &[LegTerms] {
        &self.legs
    }

    /// What one unit of the net price is worth for one unit of the combo.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.multiplier
    }

    /// When all legs trade.
    #[must_use]
    pub const fn sessions(&self) -> &TradingSessions {
        &self.sessions
    }

    /// The net price at these prices of the legs, in their order; `None` when they are too few or too many, or the net
    /// is no price.
    #[must_use]
    pub fn net(&self, prices: &[Price]) -> Option<Price> {
        if prices.len() != self.legs.len() {
            return None;
        }
        let parts =
            self.legs.iter().zip(prices).map(|(leg, price)| leg.weight.checked_mul(price.as_decimal()));
        let net = parts.into_iter().try_fold(Decimal::ZERO, |sum, part| sum.checked_add(part?))?;
        Price::new(net.normalize()).ok()
    }

    /// The contract of the combo, under [its number](ContractId::of_combo). Orders on it are market and limit orders.
    #[must_use]
    pub fn contract(&self, combo: &Combo) -> ContractDraft {
        let instrument = Instrument::from(combo.clone());
        let legs: Vec<_> = self.legs.iter().map(LegTerms::to_string).collect();
        let details = ContractDetails {
            exchanges: combo.exchange().map(str::to_owned).into_iter().collect(),
            order_kinds: ["MKT", "LMT"].map(str::to_owned).to_vec(),
            minimum_size: Some(Decimal::ONE),
            size_increment: Some(Decimal::ONE),
            ..ContractDetails::default()
        };
        ContractDraft {
            id: ContractId::of_combo(combo),
            symbol: instrument.symbol(),
            instrument,
            name: legs.join(", "),
            currency: self.currency,
            price_step: self.price_step,
            lot: Decimal::ONE,
            multiplier: self.multiplier,
            sessions: self.sessions.clone(),
            details,
        }
    }
}

fn check_leg(contract: &Contract, expected: Currency) -> Result<(), UnfitLegs> {
    use InstrumentKind as Kind;
    let (symbol, found) = (contract.symbol(), contract.currency());
    match contract.instrument().kind() {
        Some(
            kind @ (Kind::Index | Kind::ContinuousFuture | Kind::AnyFuture | Kind::NewsFeed | Kind::Combo),
        ) => Err(UnfitLegs::Kind(symbol, kind.name())),
        _ if found != expected => Err(UnfitLegs::Currency { symbol, expected, found }),
        _ => Ok(()),
    }
}

impl LegTerms {
    fn of(ratio: Decimal, action: LegAction, contract: &Contract, of: Decimal) -> Result<Self, UnfitLegs> {
        let (symbol, lot, multiplier) = (contract.symbol(), contract.lot(), contract.multiplier());
        if !ratio.checked_rem(lot).is_some_and(|rest| rest.is_zero()) {
            return Err(UnfitLegs::Lot { symbol, lot, ratio });
        }
        let inexact = UnfitLegs::Inexact(symbol, multiplier, of);
        let units = ratio.checked_mul(multiplier).ok_or_else(|| inexact.clone())?;
        let size = units.checked_div(of).ok_or_else(|| inexact.clone())?.normalize();
        if size.scale() > 6 || size.checked_mul(of) != Some(units) {
            return Err(inexact);
        }
        let weight = if action == LegAction::Buy { size } else { -size };
        Ok(Self { contract: contract.id(), symbol, ratio, multiplier, weight })
    }

    /// Which contract.
    #[must_use]
    pub const fn contract(&self) -> ContractId {
        self.contract
    }

    /// Its name.
    #[must_use]
    pub const fn symbol(&self) -> Symbol {
        self.symbol
    }

    /// How many units for each unit of the combo; above zero.
    #[must_use]
    pub const fn ratio(&self) -> Decimal {
        self.ratio
    }

    /// The contract's own multiplier.
    #[must_use]
    pub const fn multiplier(&self) -> Decimal {
        self.multiplier
    }

    /// What one unit of its price adds to the net price; below zero for what is sold.
    #[must_use]
    pub const fn weight(&self) -> Decimal {
        self.weight
    }

    /// Is it bought when the combo is bought?
    #[must_use]
    pub fn is_bought(&self) -> bool {
        self.weight > Decimal::ZERO
    }
}

impl std::fmt::Display for LegTerms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.is_bought() { '+' } else { '-' };
        write!(f, "{sign}{} {}", self.ratio, self.symbol)
    }
}
