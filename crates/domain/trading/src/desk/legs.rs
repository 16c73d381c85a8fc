//! Combos, leg by leg: what an account has in each, and what live combos may still make of it.
//!
//! A combo is never held; its fills are its legs'. So a combo counts in each instrument that it trades in, beside the orders
//! for that instrument alone.

use super::exposure::{OpenUnits, Supposing};
use super::pricing::Prices;
use super::state::DeskState;
use super::viewing::Asked;
use std::collections::BTreeMap;
use tradeport_contracts::{ComboLeg, Contract, ContractId, LegAction};
use tradeport_kernel::{Decimal, StrategyId, Symbol};
use tradeport_orders::{OrderIntent, Side};
use tradeport_portfolio::Portfolio;
use tradeport_risk::{LegView, UnitsView};

/// How the symbols of combos begin, whatever becomes of the rest of a long one.
const COMBO: &str = "combo:";

/// The legs of a combo; `None` for an order of anything else.
pub(super) fn legs_of_combo(intent: &OrderIntent) -> Option<Vec<ComboLeg>> {
    // Of most orders their names alone tell that they are of none.
    let is_combo = intent.symbol().as_str().starts_with(COMBO);
    is_combo.then(|| intent.instrument()).flatten().map(|it| it.description().legs.clone())
}

impl DeskState {
    /// What live orders may still make of the instrument of an order, with those of combos that trade in it; those of one
    /// strategy, if one is named.
    pub(super) fn with_combos(
        &self,
        open: OpenUnits,
        judged: &OrderIntent,
        supposing: Supposing<'_>,
        strategy: Option<&StrategyId>,
    ) -> OpenUnits {
        if supposing.with.is_empty() && self.live_combos(judged.account()).next().is_none() {
            return open;
        }
        match self.contract(judged.symbol()) {
            Some(contract) => open.plus(self.open_in_combos(contract.id(), judged, supposing, strategy)),
            None => open,
        }
    }

    /// The legs of the combo that an order is for; none of anything else, and `None` where one of them is not known.
    pub(super) fn legs(
        &self,
        intent: &OrderIntent,
        contract: Option<&Contract>,
        portfolio: Option<&Portfolio>,
        supposing: Supposing<'_>,
        prices: &Prices<'_>,
        asked: Asked,
    ) -> Option<Vec<LegView>> {
        let Some(combo) = contract else { return Some(Vec::new()) };
        let legs = &combo.instrument().description().legs;
        let view = |leg: &ComboLeg| {
            let contract = self.contract_by_id(leg.contract())?;
            let of_strategy = intent.strategy().filter(|_| asked.strategy);
            Some(LegView {
                symbol: contract.symbol(),
                underlying: asked.underlying(contract),
                side: side_of(leg, intent.side()),
                ratio: leg.ratio().into(),
                unit_value: portfolio.and_then(|portfolio| unit_value(contract, portfolio, prices)),
                units: self.units_in(contract, leg, intent, supposing, None),
                of_strategy: of_strategy.map(|it| self.units_in(contract, leg, intent, supposing, Some(it))),
            })
        };
        legs.iter().map(view).collect()
    }

    /// What an account, or one strategy in it, has in a leg when the order comes alive.
    fn units_in(
        &self,
        contract: &Contract,
        leg: &ComboLeg,
        intent: &OrderIntent,
        supposing: Supposing<'_>,
        strategy: Option<&StrategyId>,
    ) -> UnitsView {
        let (account, symbol) = (intent.account(), contract.symbol());
        let counted = match strategy {
            Some(strategy) => Some(self.tallies().traded_of(account, strategy, symbol)),
            None => self.portfolio(account).map(|it| held_of(it, symbol)),
        };
        let moved = || {
            let combos = self.moved_before(intent, supposing, strategy)?;
            let units = combos.checked_mul(leg.ratio().into())?;
            Some(if leg.action() == LegAction::Buy { units } else { -units })
        };
        let own = self.traded_by(supposing.without, symbol);
        let held = counted.and_then(|held| held.checked_sub(own)?.checked_add(moved()?));
        let alone = match strategy {
            Some(strategy) => self.open_where(account, symbol, supposing, None, |open| open.is_of(strategy)),
            None => self.open(account, symbol, supposing),
        };
        let open = alone.plus(self.open_in_combos(contract.id(), intent, supposing, strategy));
        UnitsView { held, open_buys: open.buys, open_sells: open.sells }
    }

    /// How much of a contract live combos may still buy and sell, beside an order; those of one strategy, if one is named.
    fn open_in_combos(
        &self,
        contract: ContractId,
        judged: &OrderIntent,
        supposing: Supposing<'_>,
        strategy: Option<&StrategyId>,
    ) -> OpenUnits {
        let account = judged.account();
        let mut combos: BTreeMap<Symbol, Vec<ComboLeg>> =
            self.live_combos(account).map(|(symbol, legs)| (symbol, legs.to_vec())).collect();
        let supposed = supposing.with.iter().filter(|it| it.account() == account);
        combos.extend(supposed.filter_map(|it| Some((it.symbol(), legs_of_combo(it)?))));
        let mut sum = OpenUnits::NONE;
        for (symbol, legs) in combos {
            for leg in legs.iter().filter(|leg| leg.contract() == contract) {
                let open = match strategy {
                    Some(strategy) => {
                        self.open_where(account, symbol, supposing, Some(judged), |open| open.is_of(strategy))
                    }
                    None => self.open_beside(account, symbol, supposing, Some(judged)),
                };
                sum = sum.plus(open.in_leg(leg));
            }
        }
        sum
    }
}

impl OpenUnits {
    /// So many units of one leg trade with so many combos.
    fn in_leg(self, leg: &ComboLeg) -> Self {
        let times = |units: Option<Decimal>| units?.checked_mul(leg.ratio().into());
        let (buys, sells) = (times(self.buys), times(self.sells));
        if leg.action() == LegAction::Buy { Self { buys, sells } } else { Self { buys: sells, sells: buys } }
    }
}

const fn side_of(leg: &ComboLeg, side: Side) -> Side {
    match leg.action() {
        LegAction::Buy => side,
        LegAction::Sell | LegAction::SellShort => side.opposite(),
    }
}

fn held_of(portfolio: &Portfolio, symbol: Symbol) -> Decimal {
    portfolio.position(symbol).map_or(Decimal::ZERO, |position| position.quantity().as_decimal())
}

/// What one unit of a leg is worth in the portfolio's currency.
fn unit_value(contract: &Contract, portfolio: &Portfolio, prices: &Prices<'_>) -> Option<Decimal> {
    let price = prices.size_price(contract.symbol())?.as_decimal();
    price.checked_mul(contract.multiplier())?.checked_mul(portfolio.rate_of(contract.currency())?)
}
