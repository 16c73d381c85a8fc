//! A recording of a session of the library `ibapi`, served again to a session of the same library: it sees the same.
//!
//! In the oldest and in the newest version that the library speaks; text is older than both. It is the library's own
//! behaviour that is looked at, without anything of the adapter. Time stands still, so that both sessions see the market
//! at one moment.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

use futures::StreamExt;
use ibapi::market_data::historical::{BarSize, ToDuration, WhatToShow};
use ibapi::orders::{Action, ExecutionFilter, Order, OrderStatusKind, OrderUpdate, TimeInForce};
use ibapi::prelude::{Client, Contract, TickTypes};
use ibapi::subscriptions::SubscriptionItemStreamExt;
use std::fmt::Debug;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_fake_tws::record::{Recorder, RecordingReader};
use tradeport_fake_tws::replay::{Replay, Script};
use tradeport_fake_tws::server::ServerSettings;
use tradeport_fake_tws::wire::ServerVersions;
use tradeport_fake_tws::{FakeTws, NEWEST};
use tradeport_kernel::Timestamp;
use tradeport_memory::VirtualClock;

/// The oldest version that the library speaks.
const OLDEST: i32 = 213;
const PATIENCE: Duration = Duration::from_secs(60);
/// A Friday in January 2026, at 15:04:05 UTC.
const NOON: Timestamp = Timestamp::from_seconds(1_767_366_245);

/// A recording in memory.
#[derive(Clone, Default)]
struct Tape(Arc<Mutex<Vec<u8>>>);

impl Write for Tape {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn clock() -> Arc<VirtualClock> {
    Arc::new(VirtualClock::new(NOON))
}

/// What a stream says, up to the first item that ends it.
async fn until<T: Debug, E: Debug>(
    stream: impl futures::Stream<Item = Result<T, E>>,
    ends: impl Fn(&T) -> bool,
) -> Vec<String> {
    let mut stream = std::pin::pin!(stream);
    let mut seen = Vec::new();
    let all = async {
        while let Some(item) = stream.next().await {
            seen.push(format!("{item:?}"));
            if item.as_ref().is_ok_and(&ends) {
                break;
            }
        }
    };
    let ended = tokio::time::timeout(PATIENCE, all).await;
    ended.unwrap_or_else(|_| panic!("nothing more came behind {seen:?}"));
    seen
}

fn order(kind: &str, limit: Option<f64>) -> Order {
    Order {
        action: Action::Buy,
        total_quantity: 10.0,
        order_type: kind.into(),
        limit_price: limit,
        tif: TimeInForce::Day,
        transmit: true,
        ..Order::default()
    }
}

fn is(update: &OrderUpdate, id: i32, status: OrderStatusKind) -> bool {
    matches!(update, OrderUpdate::OrderStatus(it) if it.order_id == id && it.status == status)
}

/// A session, and all that it sees.
async fn session(address: SocketAddr) -> Vec<String> {
    let client = Client::connect(&address.to_string(), 31).await.unwrap();
    let mut seen = vec![format!("{:?}", client.managed_accounts().await.unwrap())];
    let details = client.contract_details(&Contract::stock("AAPL").build()).await.unwrap();
    seen.push(format!("{details:?}"));
    let stock = details[0].contract.clone();
    let bars = client.historical_data(&stock, BarSize::Day).what_to_show(WhatToShow::Trades);
    seen.push(format!("{:?}", bars.duration(5.days()).fetch().await.unwrap()));
    let ticks = client.market_data(&stock).subscribe().await.unwrap();
    seen.extend(until(ticks.filter_data(), |it| matches!(it, TickTypes::Price(it) if it.price > 0.0)).await);
    let mut updates = client.order_update_stream().await.unwrap().filter_data();
    let base = client.next_valid_order_id().await.unwrap();
    seen.push(base.to_string());
    client.submit_order(base, &stock, &order("MKT", None)).await.unwrap();
    let is_cost = |it: &OrderUpdate| matches!(it, OrderUpdate::CommissionReport(_));
    seen.extend(until(updates.by_ref(), is_cost).await);
    client.submit_order(base + 1, &stock, &order("LMT", Some(10.0))).await.unwrap();
    seen.extend(until(updates.by_ref(), |it| is(it, base + 1, OrderStatusKind::Submitted)).await);
    client.cancel_order(base + 1, "").await.map(drop).unwrap();
    seen.extend(until(updates.by_ref(), |it| is(it, base + 1, OrderStatusKind::Cancelled)).await);
    let executions = client.executions(ExecutionFilter::default()).await.unwrap();
    seen.extend(until(executions.filter_data(), |_| true).await);
    let positions = client.positions().await.unwrap();
    seen.extend(until(positions.filter_data(), |_| true).await);
    client.disconnect().await;
    seen
}

/// A session on a server that speaks up to this version, and what is recorded of it.
async fn recorded(version: i32) -> (Vec<String>, Vec<u8>) {
    let tape = Tape::default();
    let recorder = Recorder::over(tape.clone()).unwrap();
    let versions = ServerVersions::between(OLDEST, version).unwrap();
    let settings = ServerSettings { versions, ..ServerSettings::default() };
    let builder = FakeTws::builder().settings(settings).record(recorder.handle());
    let tws = builder.start(clock()).await.unwrap();
    let seen = session(tws.address()).await;
    drop(tws);
    recorder.finish().unwrap();
    let bytes = tape.0.lock().unwrap().clone();
    (seen, bytes)
}

#[tokio::test]
async fn a_recording_is_played_to_the_client_that_made_it() {
    for version in [OLDEST, NEWEST] {
        let (seen, bytes) = recorded(version).await;
        assert!(seen.len() > 12, "{seen:?}");
        let mut reader = RecordingReader::new(bytes.as_slice()).unwrap();
        let (script, cut) = Script::read(std::iter::from_fn(|| reader.next_record().transpose()));
        assert!(cut.is_none(), "{cut:?}");
        assert_eq!(script.versions(), [version]);
        let replay = Replay::start(script, SocketAddr::from(([127, 0, 0, 1], 0)), clock()).await.unwrap();
        // The second time it is played again from its beginning.
        for _ in 0..2 {
            assert_eq!(session(replay.address()).await, seen, "version {version}");
        }
    }
}
