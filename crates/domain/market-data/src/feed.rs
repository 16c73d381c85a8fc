//! What comes out of a feed.

use crate::{Gap, OptionComputation, Quote, Tick};
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

/// One thing that a feed of ticks or computations says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<T> {
    /// What was asked for.
    Datum(T),
    /// Some are missing here: they were dropped, or the source was silent.
    Gap(Gap),
    /// The link was lost; nothing of this subscription will follow. Subscribe again in the next epoch.
    EpochLost(ConnectionEpoch),
}

/// What a feed of ticks says.
pub type TickEvent = Told<Tick>;
/// What a feed of computations says.
pub type OptionEvent = Told<OptionComputation>;

/// A subscription to ticks or computations that stands. Dropping its events ends it.
pub struct Following<T> {
    /// The epoch in which it was made.
    pub epoch: ConnectionEpoch,
    /// What it says, in the order in which it arrived.
    pub events: BoxStream<'static, Told<T>>,
}

impl<T> std::fmt::Debug for Following<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Following").field("epoch", &self.epoch).finish_non_exhaustive()
    }
}
