//! Placing option strategies: legs found in the catalog, and all of them traded as one order.
//!
//! Left out: whether a strategy is a good one; what it can earn and lose is told by
//! [`Strategy::risk_at`](tradeport_orders::strategy::Strategy::risk_at).

use super::{DeskError, OrderDesk, Placed};
use time::Date;
use tradeport_contracts::{
    CatalogError, Combo, Contract, ContractDraft, ContractId, Instrument, Right, TradingSessions,
};
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Quantity, Symbol};
use tradeport_orders::strategy::{NotAStrategy, Strategy};
use tradeport_orders::{OrderDraft, OrderIntent, OrderKind, Side, TimeInForce};

/// Where combos are routed: the broker chooses.
const ROUTE: &str = "SMART";

/// A strategy to be bought as one order. To sell one, buy it [`reversed`](Strategy::reversed).
#[derive(Clone, Debug)]
pub struct StrategyOrder {
    /// Our identity of it.
    pub key: OrderKey,
    /// For whom.
    pub account: AccountId,
    /// What.
    pub strategy: Strategy,
    /// How many units of the strategy.
    pub quantity: Quantity,
    /// How. Prices are those of one combo, for each share behind its options, below zero for a credit; ratios that have a
    /// factor in common are divided by it first ([`Strategy::units_in_combo`]).
    pub kind: OrderKind,
    /// How long.
    pub time_in_force: TimeInForce,
}

/// A vertical spread at a limit: one option bought and one sold, of one right and expiry.
#[derive(Clone, Debug)]
pub struct VerticalSpread {
    /// Our identity of it.
    pub key: OrderKey,
    /// For whom.
    pub account: AccountId,
    /// On what the options are.
    pub symbol: Symbol,
    /// When both expire.
    pub expiry: Date,
    /// Both calls, or both puts.
    pub right: Right,
    /// The strike bought.
    pub long_strike: Price,
    /// The strike sold.
    pub short_strike: Price,
    /// How many spreads.
    pub quantity: Quantity,
    /// The most to pay for each share behind one spread; below zero is the least to get.
    pub limit: Price,
}

impl VerticalSpread {
    /// The same as a strategy to be ordered, for the day.
    pub fn into_order(self) -> Result<StrategyOrder, NotAStrategy> {
        let strikes = (self.long_strike, self.short_strike);
        let strategy = Strategy::vertical(self.symbol, self.expiry, self.right, strikes.0, strikes.1)?;
        Ok(StrategyOrder {
            key: self.key,
            account: self.account,
            strategy,
            quantity: self.quantity,
            kind: OrderKind::Limit { limit: self.limit },
            time_in_force: TimeInForce::Day,
        })
    }
}

impl OrderDesk {
    /// Places a vertical spread as one order.
    pub async fn place_vertical_spread(&self, spread: VerticalSpread) -> Result<Placed, DeskError> {
        let order = spread.into_order()?;
        self.place_strategy(&order).await
    }

    /// Places a strategy as one order: either all of its legs trade, or none.
    pub async fn place_strategy(&self, order: &StrategyOrder) -> Result<Placed, DeskError> {
        let intent = self.strategy_intent(order).await?;
        self.submit(intent).await
    }

    /// The one order that trades a strategy, ready to be previewed or placed: its legs are looked up, and what its symbol
    /// means is known to the desk from then on.
    pub async fn strategy_intent(&self, order: &StrategyOrder) -> Result<OrderIntent, DeskError> {
        let mut legs = Vec::new();
        for instrument in order.strategy.instruments()? {
            legs.push(self.resolve(&instrument).await?);
        }
        let ids: Vec<ContractId> = legs.iter().map(Contract::id).collect();
        let combo = order.strategy.combo(&ids, ROUTE)?;
        let contract = self.combo_contract(combo, &order.strategy, &legs).await?;
        let (symbol, instrument) = (contract.symbol(), contract.instrument().clone());
        for known in legs.into_iter().chain([contract]) {
            self.know(known).await;
        }
        let units = Decimal::from(order.strategy.units_in_combo());
        let quantity = order.quantity.as_decimal().checked_mul(units).and_then(|all| Quantity::new(all).ok());
        let quantity = quantity.ok_or(DeskError::TooLarge(order.key.clone()))?;
        let (key, account) = (order.key.clone(), order.account.clone());
        let draft = OrderDraft::new(key, account, symbol, Side::Buy, quantity, order.kind).of(instrument);
        Ok(draft.with_time_in_force(order.time_in_force).check()?)
    }

    pub(super) async fn resolve(&self, instrument: &Instrument) -> Result<Contract, DeskError> {
        match self.ports.catalog.resolve(instrument).await {
            Ok(contract) => Ok(contract),
            Err(CatalogError::NotFound(_)) => Err(DeskError::UnknownSymbol(instrument.symbol())),
            Err(other) => Err(DeskError::Catalog(other)),
        }
    }

    /// The broker's description of a combo; from its legs where the broker has none, since combos are made by whoever
    /// orders them.
    async fn combo_contract(
        &self,
        combo: Combo,
        strategy: &Strategy,
        legs: &[Contract],
    ) -> Result<Contract, DeskError> {
        let instrument = Instrument::from(combo);
        match self.ports.catalog.resolve(&instrument).await {
            Ok(contract) => return Ok(contract),
            Err(CatalogError::NotFound(_) | CatalogError::Unsupported(_)) => {}
            Err(other) => return Err(DeskError::Catalog(other)),
        }
        let steps = legs.iter().map(Contract::price_step);
        let draft = ContractDraft {
            // Combos have no number of their own.
            id: ContractId::new(0),
            symbol: instrument.symbol(),
            name: format!("{} {}", strategy.underlying(), strategy.kind()),
            currency: strategy.currency(),
            price_step: steps.min().unwrap_or(Decimal::ONE),
            lot: Decimal::ONE,
            multiplier: strategy.multiplier(),
            sessions: legs.first().map_or_else(TradingSessions::always, |leg| leg.sessions().clone()),
            details: Default::default(),
            instrument,
        };
        Ok(draft.check().expect("the steps of contracts and the multiplier of a strategy are above zero"))
    }
}
