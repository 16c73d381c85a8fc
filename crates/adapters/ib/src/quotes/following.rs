//! Reading one stream of TWS: what it tells, what was missed of it, and its end.
//!
//! A reader polls what the library has received, without a task in between: one that falls behind loses the oldest
//! messages and is told how many. Left out: what messages mean, which is `translate`'s.

use super::reader::dropped;
use crate::session::ends_session;
use crate::translate::FromIbError;
use futures::stream::{Stream, StreamExt};
use ibapi::subscriptions::SubscriptionItem;
use ibapi::{Error, SUBSCRIPTION_LAG_CODE};
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use tradeport_kernel::{ConnectionEpoch, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Gap, GapCause, Told};

/// What the library gives.
pub(super) type Item<M> = Result<SubscriptionItem<M>, Error>;

/// One reader of one stream. `read` says what a message means, and when that was; `guard` is what the stream lives by.
pub(super) struct Reader<M, T, S, F, G> {
    symbol: Symbol,
    epoch: ConnectionEpoch,
    own: S,
    read: F,
    /// What was read before anybody asked.
    first: VecDeque<Option<Item<M>>>,
    ready: VecDeque<Told<T>>,
    last: Timestamp,
    /// So many messages were missed since the last one that was told.
    missed: u64,
    has_ended: bool,
    _guard: G,
}

impl<M, T, S, F, G> Reader<M, T, S, F, G>
where
    S: Stream<Item = Item<M>> + Unpin,
    F: FnMut(M) -> Result<Option<(Timestamp, T)>, FromIbError>,
{
    pub(super) fn new(
        symbol: Symbol,
        (epoch, now): (ConnectionEpoch, Timestamp),
        (own, guard): (S, G),
        read: F,
    ) -> Self {
        let (first, ready) = (VecDeque::new(), VecDeque::new());
        Self { symbol, epoch, own, read, first, ready, last: now, missed: 0, has_ended: false, _guard: guard }
    }

    /// Waits for a refusal of the stream; what comes before is kept for later.
    pub(super) async fn refusal(&mut self) -> Option<Error> {
        loop {
            match self.own.next().await {
                Some(Err(error)) if !ends_session(&error) => return Some(error),
                end @ (Some(Err(_)) | None) => {
                    self.first.push_back(end);
                    return None;
                }
                heard => self.first.push_back(heard),
            }
        }
    }

    fn take(&mut self, heard: Option<Item<M>>) {
        match heard {
            Some(Ok(SubscriptionItem::Data(message))) => match (self.read)(message) {
                Ok(Some((at, datum))) => self.tell(at, datum),
                Ok(None) => {}
                Err(error) => {
                    tracing::warn!(symbol = %self.symbol, %error, "a message cannot be read");
                    self.missed += 1;
                }
            },
            Some(Ok(SubscriptionItem::Notice(notice))) if notice.code == SUBSCRIPTION_LAG_CODE => {
                self.missed += dropped(&notice.message);
            }
            Some(Ok(SubscriptionItem::Notice(notice))) => {
                tracing::info!(symbol = %self.symbol, code = notice.code, text = %notice.message);
            }
            Some(Err(error)) if !ends_session(&error) => {
                tracing::warn!(symbol = %self.symbol, %error, "a stream has ended");
                let (symbol, range) = (self.symbol, TimeRange::new(self.last, Timestamp::MAX));
                self.ready.push_back(Told::Gap(Gap { symbol, range, cause: GapCause::LinkLost }));
                self.has_ended = true;
            }
            Some(Err(_)) | None => {
                self.ready.push_back(Told::EpochLost(self.epoch));
                self.has_ended = true;
            }
        }
    }

    /// A datum, after the gap before it.
    fn tell(&mut self, at: Timestamp, datum: T) {
        let count = std::mem::take(&mut self.missed);
        if count > 0 {
            let (symbol, range) = (self.symbol, TimeRange::new(self.last, at));
            self.ready.push_back(Told::Gap(Gap { symbol, range, cause: GapCause::Dropped { count } }));
        }
        self.last = at;
        self.ready.push_back(Told::Datum(datum));
    }
}

impl<M, T, S, F, G> Stream for Reader<M, T, S, F, G>
where
    M: Unpin,
    T: Unpin,
    S: Stream<Item = Item<M>> + Unpin,
    F: FnMut(M) -> Result<Option<(Timestamp, T)>, FromIbError> + Unpin,
    G: Unpin,
{
    type Item = Told<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Told<T>>> {
        let this = &mut *self;
        loop {
            if let Some(told) = this.ready.pop_front() {
                return Poll::Ready(Some(told));
            }
            if this.has_ended {
                return Poll::Ready(None);
            }
            let heard = match this.first.pop_front() {
                Some(heard) => heard,
                None => std::task::ready!(this.own.poll_next_unpin(context)),
            };
            this.take(heard);
        }
    }
}
