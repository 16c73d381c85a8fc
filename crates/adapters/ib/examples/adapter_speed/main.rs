//! What the adapter costs beside the bare library, side by side in one run: connecting, ticks, orders, memory.
//!
//! The simulated TWS is a process of its own, so that only the client's side is measured. Each round measures the library
//! and then the adapter. Of rates the best round counts, since whatever else the machine does makes them worse and never better;
//! of differences the middle one.
//!
//! ```text
//! cargo run --release -p tradeport-ib --example adapter_speed
//! ```
#![expect(clippy::print_stdout, reason = "a measurement is told")]
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

mod memory;
mod orders;
mod server;
mod ticks;
#[path = "../../tests/conformance/wire.rs"]
#[expect(dead_code, reason = "tests do more with it")]
mod wire;

use server::{Real, Served};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tradeport_connection::pacing::{Limits, PacingBudget, QueueSettings, RetrySettings};
use tradeport_connection::{BrokerLink, Pacer};
use tradeport_ib::{IbBroker, IbSettings, Waits};

const CONNECTIONS: usize = 100;
/// So many market-data lines, from which the other limits follow: half as many messages a second.
const LINES: u32 = 2_000_000;

fn main() {
    if std::env::args().nth(1).as_deref() == Some(server::SERVE) {
        return server::serve();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        // First, while the process is small: what later parts have given back would be used again, and nothing would grow.
        memory::measure(&Served::start()).await;
        let served = Served::start();
        connecting(&served).await;
        ticks::compare(&served).await;
        orders::compare(&served).await;
    });
}

/// An adapter with all the limits of an account that may speak very fast.
fn broker(port: u16, client_id: i32, change: impl FnOnce(IbSettings) -> IbSettings) -> IbBroker {
    let waits = Waits { heartbeat: None, ..Waits::default() };
    let settings = IbSettings::new("127.0.0.1", port, client_id).unwrap().with_waits(waits);
    let budget =
        PacingBudget::new(Limits::documented(LINES), QueueSettings::default(), RetrySettings::default());
    let settings = change(settings.paced_by(Pacer::new(budget, Arc::new(Real))));
    IbBroker::new(settings, Arc::new(Real)).unwrap()
}

/// From nothing to a link that is up, in milliseconds: the median, and the longest.
async fn connecting(served: &Served) {
    let mut times = Vec::new();
    for client_id in 0..CONNECTIONS {
        let broker = broker(served.port(), i32::try_from(client_id).unwrap(), |it| it);
        let begin = Instant::now();
        broker.open().await.unwrap();
        times.push(begin.elapsed());
        broker.disconnect().await.unwrap();
    }
    let longest = times.iter().max().copied().unwrap();
    println!("connect to ready p50, adapter: {:.2} ms", median(times).as_secs_f64() * 1e3);
    println!("connect to ready longest, adapter: {:.2} ms", longest.as_secs_f64() * 1e3);
}

fn median(mut all: Vec<Duration>) -> Duration {
    all.sort();
    all[all.len() / 2]
}
