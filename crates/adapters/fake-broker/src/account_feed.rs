//! [`AccountFeed`]: the broker's own figures and positions. The fake broker's day never ends: realized gains are those
//! since the beginning. New figures are told with each trade; a quote alone changes them silently.

use crate::FakeBroker;
use crate::queue::queue;
use async_trait::async_trait;
use futures::StreamExt;
use tradeport_kernel::{AccountId, Snapshot};
use tradeport_portfolio::{AccountEvents, AccountFeed, AccountFeedError, AccountSummary, Position};

#[async_trait]
impl AccountFeed for FakeBroker {
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError> {
        let state = self.linked().map_err(AccountFeedError::Unavailable)?;
        Ok(state.exchange.accounts().cloned().collect())
    }

    async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError> {
        let state = self.linked().map_err(AccountFeedError::Unavailable)?;
        match state.exchange.summary(account) {
            None => Err(AccountFeedError::UnknownAccount(account.clone())),
            Some(summary) => summary.map_err(|error| AccountFeedError::Unavailable(Box::new(error))),
        }
    }

    async fn positions(&self, account: &AccountId) -> Result<Snapshot<Position>, AccountFeedError> {
        let state = self.answering()?;
        let unknown = || AccountFeedError::UnknownAccount(account.clone());
        let rows = state.exchange.positions(account).ok_or_else(unknown)?;
        Ok(Snapshot::complete(state.epoch, state.exchange.now(), rows))
    }

    async fn events(&self) -> Result<AccountEvents, AccountFeedError> {
        let mut state = self.linked().map_err(AccountFeedError::Unavailable)?;
        let (sender, reader) = queue();
        state.accounts.push(sender);
        Ok(reader.boxed())
    }
}
