//! What comes out of a feed.

use crate::{Gap, Quote};
use futures::stream::BoxStream;
use tradeport_kernel::ConnectionEpoch;

/// One thing that a feed says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FeedEvent {
    /// A quote.
    Quote(Quote),
    /// Quotes are missing here: they were dropped, or the source was silent.
    Gap(Gap),
    /// The link was lost; nothing of this subscription will follow. Subscribe again in the next epoch.
    EpochLost(ConnectionEpoch),
}

/// The events of a subscription, in the order in which they arrived. Dropping it ends the subscription.
pub type QuoteStream = BoxStream<'static, FeedEvent>;

/// A subscription that stands.
pub struct Subscription {
    /// The epoch in which it was made.
    pub epoch: ConnectionEpoch,
    /// What it says.
    pub events: QuoteStream,
}

impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}
