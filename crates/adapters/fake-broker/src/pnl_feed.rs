//! [`PnlFeed`]: what accounts and positions have gained, told when it changes.
//!
//! The fake broker's day never ends: what is gained today is what was gained since the beginning. Commissions are no part
//! of it. A reader who has not read is told the newest figures alone.

use crate::FakeBroker;
use crate::queue::{Receiver, Sender, queue};
use crate::state::State;
use async_trait::async_trait;
use futures::StreamExt;
use tradeport_kernel::{AccountId, ConnectionEpoch, Currency, Money, Symbol};
use tradeport_portfolio::{
    AccountPnl, Gains, PnlEvent, PnlFeed, PnlFeedError, PnlStream, Position, PositionPnl,
};

/// One who is told how gains stand.
pub(crate) enum PnlWatcher {
    Account {
        account: AccountId,
        told: Option<Gains>,
        queue: Sender<PnlEvent<AccountPnl>>,
    },
    Position {
        account: AccountId,
        symbol: Symbol,
        told: Option<PositionPnl>,
        queue: Sender<PnlEvent<PositionPnl>>,
    },
}

impl PnlWatcher {
    pub(crate) fn is_read(&self) -> bool {
        match self {
            Self::Account { queue, .. } => queue.is_read(),
            Self::Position { queue, .. } => queue.is_read(),
        }
    }

    pub(crate) fn cut(self, epoch: ConnectionEpoch) {
        match self {
            Self::Account { queue, .. } => queue.cut(Some(PnlEvent::EpochLost(epoch))),
            Self::Position { queue, .. } => queue.cut(Some(PnlEvent::EpochLost(epoch))),
        }
    }

    /// Tells how it stands, unless that was told.
    fn tell(&mut self, state: &State) {
        match self {
            Self::Account { account, told, queue } => {
                let Some(stands) = state.gains_of(account) else { return };
                if told.replace(stands.gains) != Some(stands.gains) {
                    queue.replace(PnlEvent::Stands(stands));
                }
            }
            Self::Position { account, symbol, told, queue } => {
                let Some(stands) = state.gains_of_position(account, *symbol) else { return };
                let same =
                    told.as_ref().is_some_and(|it| PositionPnl { at: stands.at, ..it.clone() } == stands);
                if !same {
                    *told = Some(stands.clone());
                    queue.replace(PnlEvent::Stands(stands));
                }
            }
        }
    }
}

impl State {
    /// Tells everybody who watches what has changed.
    pub(crate) fn tell_gains(&mut self) {
        if self.gains.is_empty() {
            return;
        }
        let mut watchers = std::mem::take(&mut self.gains);
        watchers.retain(PnlWatcher::is_read);
        watchers.iter_mut().for_each(|watcher| watcher.tell(self));
        self.gains = watchers;
    }

    fn watch<T>(&mut self, mut watcher: PnlWatcher, reader: Receiver<PnlEvent<T>>) -> PnlStream<T>
    where
        T: Send + 'static,
    {
        watcher.tell(self);
        self.gains.push(watcher);
        reader.boxed()
    }

    /// `None` for an account that is not ours, and for figures that are too large to compute with.
    fn gains_of(&self, account: &AccountId) -> Option<AccountPnl> {
        let summary = self.exchange.summary(account)?.ok()?;
        let (unrealized, realized) = (summary.unrealized_pnl, summary.realized_pnl);
        Some(AccountPnl { account: account.clone(), at: summary.at, gains: gains(unrealized, realized) })
    }

    fn gains_of_position(&self, account: &AccountId, symbol: Symbol) -> Option<PositionPnl> {
        let at = self.exchange.now();
        let held = self.exchange.position(account, symbol)?;
        let price = self.exchange.last_price(symbol);
        let value = if held.quantity().is_flat() {
            Some(Money::zero(currency_of(held)))
        } else {
            price.and_then(|price| held.value_at(price).ok())
        };
        let unrealized = value.and_then(|value| value.minus(held.cost()).ok());
        let told = match unrealized {
            Some(unrealized) => gains(unrealized, held.realized()),
            None => Gains { realized: Some(held.realized()), ..Gains::default() },
        };
        let (account, quantity) = (account.clone(), held.quantity());
        Some(PositionPnl { account, symbol, at, quantity, gains: told, value })
    }
}

fn currency_of(position: &Position) -> Currency {
    position.cost().currency()
}

fn gains(unrealized: Money, realized: Money) -> Gains {
    let daily = unrealized.plus(realized).ok();
    Gains { daily, unrealized: Some(unrealized), realized: Some(realized) }
}

#[async_trait]
impl PnlFeed for FakeBroker {
    async fn of_account(&self, account: &AccountId) -> Result<PnlStream<AccountPnl>, PnlFeedError> {
        let mut state = self.linked().map_err(PnlFeedError::Unavailable)?;
        if state.exchange.summary(account).is_none() {
            return Err(PnlFeedError::UnknownAccount(account.clone()));
        }
        let (queue, reader) = queue();
        Ok(state.watch(PnlWatcher::Account { account: account.clone(), told: None, queue }, reader))
    }

    async fn of_position(
        &self,
        account: &AccountId,
        symbol: Symbol,
    ) -> Result<PnlStream<PositionPnl>, PnlFeedError> {
        let mut state = self.linked().map_err(PnlFeedError::Unavailable)?;
        if state.exchange.summary(account).is_none() {
            return Err(PnlFeedError::UnknownAccount(account.clone()));
        }
        if state.exchange.contract(symbol).is_none() {
            return Err(PnlFeedError::UnknownSymbol(symbol));
        }
        let (queue, reader) = queue();
        let watcher = PnlWatcher::Position { account: account.clone(), symbol, told: None, queue };
        Ok(state.watch(watcher, reader))
    }
}
