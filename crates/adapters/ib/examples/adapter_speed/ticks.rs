//! Ticks a second, from the bytes on the socket to whoever reads them.

use crate::broker;
use crate::server::Served;
use crate::wire::Wire;
use futures::StreamExt;
use ibapi::Client;
use ibapi::contracts::Contract;
use ibapi::market_data::IgnoreSize;
use ibapi::subscriptions::SubscriptionItem;
use std::time::{Duration, Instant};
use tradeport_connection::BrokerLink;
use tradeport_fake_tws::wire::Codec;
use tradeport_fake_tws::wire::proto::{HistoricalTickBidAsk, TickByTickData};
use tradeport_market_data::{FeedEvent, QuoteFeed};

const TICKS: u32 = 100_000;
const ROUNDS: usize = 7;
/// Everything that is sent may wait to be read, so that nothing is lost, however fast it is read.
const ROOM: usize = 1 << 17;

/// So many quotes of one request, one after the other.
fn frames(request: u64) -> Vec<u8> {
    let mut frames = Vec::new();
    for number in 0..TICKS {
        let tick = HistoricalTickBidAsk {
            time: Some(1_767_366_245),
            tick_attrib_bid_ask: None,
            price_bid: Some(100.0 + f64::from(number % 100) / 100.0),
            price_ask: Some(102.0),
            size_bid: Some("100".to_owned()),
            size_ask: Some("200".to_owned()),
        };
        let data = TickByTickData {
            req_id: i32::try_from(request).ok(),
            tick_type: Some(3),
            historical_tick_bid_ask: Some(tick),
            ..TickByTickData::default()
        };
        Codec::new(226).put_answer(data.into(), &mut frames).unwrap();
    }
    frames
}

/// Prints the rate of the bare library, that of the adapter, and the second by the first.
pub(crate) async fn compare(served: &Served) {
    let wire = Wire::to(([127, 0, 0, 1], served.port()).into()).await;
    let (mut bare, mut own) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        bare = bare.min(of_the_library(&wire).await);
        own = own.min(of_the_adapter(&wire).await);
    }
    let rate = |took: Duration| f64::from(TICKS) / took.as_secs_f64();
    println!("ticks of the bare library: {:.0} messages/s", rate(bare));
    println!("ticks of the adapter: {:.0} messages/s", rate(own));
    println!("ratio of tick rates, adapter to bare library: {:.2}", bare.as_secs_f64() / own.as_secs_f64());
}

async fn of_the_library(wire: &Wire) -> Duration {
    let address = format!("127.0.0.1:{}", wire.port());
    let builder = Client::builder().address(address).client_id(8).channel_capacity(ROOM);
    let client = builder.connect().await.unwrap();
    let stock = Contract::stock("AAPL").build();
    let mut ticks = client.tick_by_tick(&stock, 0).bid_ask(IgnoreSize::No).await.unwrap();
    client.server_time().await.unwrap();
    let frames = frames(u64::try_from(ticks.request_id().unwrap()).unwrap());
    let begin = Instant::now();
    wire.inject(frames);
    let took = tokio::spawn(async move {
        let mut left = TICKS;
        while left > 0 {
            if let Some(Ok(SubscriptionItem::Data(_))) = ticks.next().await {
                left -= 1;
            }
        }
        begin.elapsed()
    });
    let took = took.await.unwrap();
    client.disconnect().await;
    took
}

async fn of_the_adapter(wire: &Wire) -> Duration {
    let broker = broker(wire.port(), 7, |it| it.with_channel_capacity(ROOM).unwrap());
    broker.open().await.unwrap();
    let mut quotes = broker.subscribe(&["AAPL".parse().unwrap()]).await.unwrap();
    let frames = frames(wire.last_line().unwrap());
    let begin = Instant::now();
    wire.inject(frames);
    let took = tokio::spawn(async move {
        let mut left = TICKS;
        while left > 0 {
            match quotes.events.next().await {
                Some(FeedEvent::Quote(_)) => left -= 1,
                other => assert_eq!(other, None, "nothing is dropped"),
            }
        }
        begin.elapsed()
    });
    let took = took.await.unwrap();
    broker.disconnect().await.unwrap();
    wire.cut();
    took
}
