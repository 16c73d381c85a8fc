//! Bringing a share of the portfolio to where it should be.

use super::exposure::{OpenUnits, Supposing};
use super::others::is_live;
use super::{DeskError, OrderDesk, Placed, ShownOrder};
use foldhash::HashMap;
use futures::lock::Mutex as AsyncMutex;
use std::sync::{Arc, Mutex, PoisonError};
use tradeport_contracts::Contract;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, SignedQuantity, Symbol};
use tradeport_orders::{Order, OrderDraft, OrderKind, Side};
use tradeport_portfolio::{PortfolioError, TargetInputs, TargetPercent, TargetRules};

/// An open order that may bring about what somebody wants.
#[derive(Clone, Debug, PartialEq)]
pub enum OnItsWay {
    /// One of ours.
    Ours(Box<Order>),
    /// One that was made by hand, or by another program.
    Theirs(ShownOrder),
}

/// Whoever brings an account's share in an instrument to a target, one after the other: the second goes by what the first has placed.
#[derive(Clone, Default)]
pub(super) struct Turns(Arc<Mutex<HashMap<(AccountId, Symbol), Turn>>>);

/// Whoever is at it has this; whoever is stopped lets it go.
type Turn = Arc<AsyncMutex<()>>;

impl Turns {
    fn of(&self, account: &AccountId, symbol: Symbol) -> Turn {
        // Each is put in whole.
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(turns.entry((account.clone(), symbol)).or_default())
    }
}

impl OrderDesk {
    /// Brings the account's share in an instrument to `target` with one market order; `None` when the trade would be too small
    /// to make. What live orders may still trade the same way counts as done, so that nothing is traded twice. What they may
    /// trade the other way does not: a stop that protects a position is no reason to buy it once more. Of several at once each goes
    /// by what those before it have placed, and all by what is proven of the link's epoch.
    pub async fn target(
        &self,
        key: OrderKey,
        account: &AccountId,
        symbol: Symbol,
        target: TargetPercent,
        rules: &TargetRules,
    ) -> Result<Option<Placed>, DeskError> {
        let contract = self.contract(symbol).await?;
        let turn = self.turns.of(account, symbol);
        let _turn = turn.lock().await;
        self.settling.over().await;
        let (inputs, open) = self.target_inputs(account, &contract).await?;
        let Some((wanted, _)) = target.trade(&inputs, rules)? else { return Ok(None) };
        let done = if wanted == Side::Buy { open.buys } else { open.sells.map(|sells| -sells) };
        let done =
            done.ok_or_else(|| DeskError::NoPrice("an open order's quantity is not known".to_owned()))?;
        let held = inputs.held.as_decimal().checked_add(done).and_then(|held| SignedQuantity::new(held).ok());
        let held = held.ok_or_else(|| DeskError::NoPrice("open orders are for too many units".to_owned()))?;
        let rest = target.trade(&TargetInputs { held, ..inputs }, rules)?;
        let Some((side, quantity)) = rest.filter(|(side, _)| *side == wanted) else { return Ok(None) };
        let draft = OrderDraft::new(key, account.clone(), symbol, side, quantity, OrderKind::Market);
        let intent = draft.check().map_err(|error| DeskError::NoPrice(error.to_string()))?;
        self.submit(intent).await.map(Some)
    }

    /// The open orders that are counted as done towards a target: those that may trade the way it asks for. None where what is
    /// held reaches it by itself, or nothing of it is open.
    pub async fn on_its_way(
        &self,
        account: &AccountId,
        symbol: Symbol,
        target: TargetPercent,
        rules: &TargetRules,
    ) -> Result<Vec<OnItsWay>, DeskError> {
        let contract = self.contract(symbol).await?;
        let (inputs, _) = self.target_inputs(account, &contract).await?;
        let Some((wanted, _)) = target.trade(&inputs, rules)? else { return Ok(Vec::new()) };
        let state = self.state().await;
        let ours = state.live_orders(account, symbol).filter(|open| open.side() == wanted);
        let is_awake = |it: &&Order| {
            (it.intent().account(), it.intent().symbol(), it.side()) == (account, symbol, wanted)
        };
        let ours = ours
            .filter_map(|open| state.book().get(open.key()))
            .cloned()
            .chain(state.awake().filter(is_awake).cloned())
            .map(|order| OnItsWay::Ours(Box::new(order)));
        let is_it = |it: &&ShownOrder| {
            (&it.account, it.symbol, it.side) == (account, symbol, wanted) && is_live(it.phase)
        };
        let theirs = state.reconciled.iter().flat_map(|it| &it.others).filter(is_it);
        Ok(ours.chain(theirs.cloned().map(OnItsWay::Theirs)).collect())
    }

    async fn target_inputs(
        &self,
        account: &AccountId,
        contract: &Contract,
    ) -> Result<(TargetInputs, OpenUnits), DeskError> {
        let (now, limit) = (self.ports.clock.now(), self.policy().max_quote_age());
        let symbol = contract.symbol();
        let state = self.state().await;
        let portfolio = state.portfolio(account).ok_or_else(|| DeskError::UnknownAccount(account.clone()))?;
        let price = |symbol: Symbol| -> Result<Price, DeskError> {
            self.quotes(|quotes| quotes.board().fresh_mid(symbol, now, limit))
                .map_err(|why| DeskError::NoPrice(why.to_string()))
        };
        let value = portfolio.value(|symbol| price(symbol).ok())?;
        let (currency, own) = (contract.currency(), portfolio.currency());
        let rate = portfolio.rate_of(currency).ok_or(PortfolioError::NoRate { currency, own })?;
        let multiplier = contract.multiplier().checked_mul(rate);
        let held = portfolio.position(symbol).map_or(Decimal::ZERO, |held| held.quantity().as_decimal());
        let open = state.open(account, symbol, Supposing::default());
        let inputs = TargetInputs {
            symbol,
            portfolio_value: value.total,
            held: SignedQuantity::new(held).map_err(|error| DeskError::NoPrice(error.to_string()))?,
            price: price(symbol)?,
            multiplier: multiplier.ok_or_else(|| DeskError::NoPrice("the rate is too large".to_owned()))?,
            lot: contract.lot(),
        };
        Ok((inputs, open))
    }
}
