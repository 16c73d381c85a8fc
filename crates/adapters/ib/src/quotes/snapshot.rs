//! The top of a book as TWS tells it, side by side: for streams, and for one quote of now.

use crate::translate::level_from_ib;
use futures::StreamExt;
use ibapi::contracts::{Contract, tick_types::TickType};
use ibapi::market_data::realtime::TickTypes;
use ibapi::subscriptions::SubscriptionItem;
use ibapi::{Client, Error};
use tradeport_kernel::{Symbol, Timestamp};
use tradeport_market_data::Quote;

/// What was told of both sides, as the library gives it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sides {
    bid: Side,
    ask: Side,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Side {
    price: Option<f64>,
    size: f64,
}

/// Asks for a snapshot, and reads it to its end.
pub(super) async fn ticks(client: &Client, contract: &Contract) -> Result<Sides, Error> {
    let mut ticks = client.market_data(contract).snapshot().subscribe().await?;
    let mut sides = Sides::default();
    while let Some(item) = ticks.next().await {
        match item? {
            SubscriptionItem::Data(TickTypes::SnapshotEnd) => return Ok(sides),
            SubscriptionItem::Data(tick) => drop(sides.hear(&tick)),
            SubscriptionItem::Notice(notice) => tracing::info!(code = notice.code, text = %notice.message),
        }
    }
    Err(Error::UnexpectedEndOfStream)
}

impl Sides {
    /// Takes a tick in; does it say anything new about either side?
    pub(super) fn hear(&mut self, tick: &TickTypes) -> bool {
        let before = *self;
        match tick {
            TickTypes::Price(it) => {
                if let Some(side) = self.side(&it.tick_type) {
                    side.price = Some(it.price);
                }
            }
            TickTypes::Size(it) => {
                if let Some(side) = self.side(&it.tick_type) {
                    side.size = it.size;
                }
            }
            TickTypes::PriceSize(it) => {
                if let Some(side) = self.side(&it.price_tick_type) {
                    *side = Side { price: Some(it.price), size: it.size };
                }
            }
            _ => {}
        }
        before != *self
    }

    fn side(&mut self, of: &TickType) -> Option<&mut Side> {
        match of {
            TickType::Bid | TickType::BidSize | TickType::DelayedBid | TickType::DelayedBidSize => {
                Some(&mut self.bid)
            }
            TickType::Ask | TickType::AskSize | TickType::DelayedAsk | TickType::DelayedAskSize => {
                Some(&mut self.ask)
            }
            _ => None,
        }
    }

    /// `None` where neither side has a price.
    pub(super) fn quote(self, symbol: Symbol, at: Timestamp) -> Option<Quote> {
        let level = |side: Side| level_from_ib(side.price?, side.size).ok().flatten();
        Quote::new(symbol, at, level(self.bid), level(self.ask)).ok()
    }
}
