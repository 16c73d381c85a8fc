//! The figures of an account as they change.
//!
//! Brokers push figures when something trades and otherwise every few minutes; prices move in between. So the figures
//! are also asked for at an interval, and what has not changed is not told again.

use futures::future::FutureExt;
use futures::stream::{self, BoxStream, StreamExt};
use std::sync::Arc;
use std::time::Duration;
use tradeport_kernel::{AccountId, Clock};
use tradeport_portfolio::{AccountEvent, AccountEvents, AccountFeed, AccountFeedError, AccountSummary};

/// Follows one account.
#[derive(Clone)]
pub struct LiveAccount {
    feed: Arc<dyn AccountFeed>,
    clock: Arc<dyn Clock>,
    account: AccountId,
    interval: Duration,
}

/// Figures, each different from the ones before in more than their time.
pub type Summaries = BoxStream<'static, Result<AccountSummary, AccountFeedError>>;

struct Following {
    live: LiveAccount,
    events: AccountEvents,
    last: Option<AccountSummary>,
}

impl LiveAccount {
    /// Follows `account`, asking for its figures at least once per `interval`.
    #[must_use]
    pub const fn new(
        feed: Arc<dyn AccountFeed>,
        clock: Arc<dyn Clock>,
        account: AccountId,
        interval: Duration,
    ) -> Self {
        Self { feed, clock, account, interval }
    }

    /// The figures of now, then every change. It ends after the first error: what follows would be a guess.
    pub async fn follow(self) -> Result<Summaries, AccountFeedError> {
        let events = self.feed.events().await?;
        let following = Following { live: self, events, last: None };
        let changes = stream::try_unfold(following, |mut following| async move {
            let summary = following.next_change().await?;
            Ok(summary.map(|summary| (summary, following)))
        });
        Ok(changes.boxed())
    }
}

impl Following {
    /// The next figures that differ; `None` once the broker says no more.
    async fn next_change(&mut self) -> Result<Option<AccountSummary>, AccountFeedError> {
        loop {
            let summary = match self.last {
                None => self.live.feed.summary(&self.live.account).await?,
                Some(_) => match self.wait().await? {
                    None => return Ok(None),
                    Some(summary) => summary,
                },
            };
            if self.last.as_ref().is_none_or(|last| differ(last, &summary)) {
                self.last = Some(summary.clone());
                return Ok(Some(summary));
            }
        }
    }

    /// The figures that are pushed next, or those asked for once the interval is over.
    async fn wait(&mut self) -> Result<Option<AccountSummary>, AccountFeedError> {
        let LiveAccount { feed, clock, account, interval } = &self.live;
        let mut over = clock.sleep_until(clock.now().after(*interval)).fuse();
        loop {
            futures::select_biased! {
                event = self.events.next().fuse() => match event {
                    None => return Ok(None),
                    Some(AccountEvent::Summary(summary)) if summary.account == *account => return Ok(Some(summary)),
                    Some(_) => {}
                },
                () = over => return feed.summary(account).await.map(Some),
            }
        }
    }
}

fn differ(one: &AccountSummary, other: &AccountSummary) -> bool {
    AccountSummary { at: one.at, ..other.clone() } != *one
}
