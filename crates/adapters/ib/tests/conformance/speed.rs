//! What the adapter costs beside the bare library, side by side in one run: connecting, ticks, orders.
//!
//! `cargo test --release -p tradeport-ib --test conformance speed -- --ignored --nocapture`
//!
//! Left out: limits. The figures depend on the machine; what is asserted is that everything arrives.

use crate::stand::{NOON, Stand, on_runtime, patient, symbol};
use futures::StreamExt;
use ibapi::Client;
use ibapi::contracts::Contract;
use ibapi::market_data::IgnoreSize;
use ibapi::orders::{Action, Order, OrderUpdate};
use ibapi::subscriptions::SubscriptionItem;
use std::time::{Duration, Instant};
use tradeport_conformance::fixtures;
use tradeport_fake_tws::wire::Codec;
use tradeport_fake_tws::wire::proto::{HistoricalTickBidAsk, TickByTickData};
use tradeport_ib::IbSettings;
use tradeport_kernel::{AccountId, OrderKey, Quantity};
use tradeport_market_data::{FeedEvent, QuoteFeed};
use tradeport_orders::{OrderDraft, OrderGateway, OrderKind, Side};

const TICKS: u32 = 50_000;
const ORDERS: usize = 200;
/// Nothing is dropped: what is compared is how fast it is read.
const ROOM: usize = 1 << 17;

#[expect(clippy::disallowed_methods, reason = "how long something takes is what is measured")]
fn now() -> Instant {
    Instant::now()
}

/// So many quotes of one request, one after the other.
fn ticks(request: u64) -> Vec<u8> {
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

async fn bare(stand: &Stand) -> Client {
    let address = format!("127.0.0.1:{}", stand.wire.port());
    on_runtime(async move {
        let builder = Client::builder().address(address).client_id(8).channel_capacity(ROOM);
        builder.connect().await.unwrap()
    })
    .await
}

async fn ticks_of_the_library(stand: &Stand) -> Duration {
    let client = bare(stand).await;
    let (client, mut ticks_in) = on_runtime(async move {
        let stock = Contract::stock("AAPL").build();
        let ticks = client.tick_by_tick(&stock, 0).bid_ask(IgnoreSize::No).await.unwrap();
        client.server_time().await.unwrap();
        (client, ticks)
    })
    .await;
    let request = u64::try_from(ticks_in.request_id().unwrap()).unwrap();
    let blob = ticks(request);
    let begin = now();
    stand.wire.inject(blob);
    let took = on_runtime(async move {
        let mut left = TICKS;
        while left > 0 {
            if let Some(Ok(SubscriptionItem::Data(_))) = ticks_in.next().await {
                left -= 1;
            }
        }
        begin.elapsed()
    });
    let took = took.await;
    drop(client);
    took
}

async fn ticks_of_the_adapter(stand: &Stand) -> Duration {
    stand.connect().await;
    let mut quotes = stand.broker.subscribe(&[symbol("AAPL")]).await.unwrap();
    let request = stand.wire.last_line().unwrap();
    let blob = ticks(request);
    let begin = now();
    stand.wire.inject(blob);
    let took = on_runtime(async move {
        let mut left = TICKS;
        while left > 0 {
            match quotes.events.next().await {
                Some(FeedEvent::Quote(_)) => left -= 1,
                other => assert_eq!(other, None, "nothing is dropped"),
            }
        }
        begin.elapsed()
    });
    took.await
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}

async fn orders_of_the_library(stand: &Stand) -> Duration {
    let client = bare(stand).await;
    on_runtime(async move {
        let mut updates = client.order_update_stream().await.unwrap();
        let stock = Contract::stock("AAPL").build();
        let mut all = Vec::new();
        for _ in 0..ORDERS {
            let number = client.next_order_id();
            let order = Order {
                order_id: number,
                action: Action::Buy,
                order_type: "MKT".to_owned(),
                total_quantity: 1.0,
                ..Order::default()
            };
            let begin = now();
            client.submit_order(number, &stock, &order).await.unwrap();
            while let Some(update) = updates.next().await {
                if matches!(&update, Ok(SubscriptionItem::Data(OrderUpdate::OpenOrder(it))) if it.order_id == number) {
                    break;
                }
            }
            all.push(begin.elapsed());
        }
        median(all)
    })
    .await
}

async fn orders_of_the_adapter(stand: &Stand) -> Duration {
    let broker = stand.broker.clone();
    on_runtime(async move {
        let (account, one) = (AccountId::new("DU1234567").unwrap(), "1".parse::<Quantity>().unwrap());
        let mut all = Vec::new();
        for number in 0..=ORDERS {
            let key = OrderKey::new(&format!("speed-{number}")).unwrap();
            let draft =
                OrderDraft::new(key, account.clone(), symbol("AAPL"), Side::Buy, one, OrderKind::Market);
            let order = fixtures::cleared_order(draft.check().unwrap());
            let begin = now();
            broker.submit(&order).await.unwrap();
            all.push(begin.elapsed());
        }
        // The first asks what TWS has of us.
        median(all.split_off(1))
    })
    .await
}

async fn connecting(stand: &Stand) -> Duration {
    let mut all = Vec::new();
    for _ in 0..20 {
        let begin = now();
        stand.connect().await;
        all.push(begin.elapsed());
        stand.drop_link().await;
    }
    median(all)
}

#[test]
#[ignore = "it measures; alone and in a release build it says something"]
fn beside_the_bare_library() {
    futures::executor::block_on(async {
        let room = |settings: IbSettings| settings.with_channel_capacity(ROOM).unwrap();
        let stand = Stand::with(NOON, patient(), room).await;
        stand.quote("AAPL").await;
        println!("connected and ready: {:?}", connecting(&stand).await);
        let bare = ticks_of_the_library(&stand).await;
        stand.forgotten().await;
        let own = ticks_of_the_adapter(&stand).await;
        let rate = |took: Duration| f64::from(TICKS) / took.as_secs_f64();
        println!(
            "ticks a second: {:.0} bare, {:.0} here ({:.0} %)",
            rate(bare),
            rate(own),
            100.0 * bare.as_secs_f64() / own.as_secs_f64()
        );
        let own = orders_of_the_adapter(&stand).await;
        stand.drop_link().await;
        let bare = orders_of_the_library(&stand).await;
        println!("an order and its first word: {bare:?} bare, {own:?} here");
    });
}
