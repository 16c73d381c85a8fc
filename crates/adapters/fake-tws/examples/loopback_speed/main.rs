//! What the server does over a real socket of this machine: ticks a second, orders' answers, connections, memory.
//!
//! The server has one thread; the clients have threads of their own, and do no more than count. The market runs as fast as
//! its clients read ([`Builder::as_fast_as_read`]), so what is measured is the whole way from the market to the client.
//! Whatever else the machine does makes figures worse and never better: of several rounds the best one counts.
//!
//! ```text
//! cargo run --release -p tradeport-fake-tws --example loopback_speed [SECONDS A ROUND]
//! ```
//!
//! [`Builder::as_fast_as_read`]: tradeport_fake_tws::Builder::as_fast_as_read
#![expect(clippy::print_stdout, reason = "a measurement is told")]
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

mod client;

use client::{Client, Era, PROTOBUF, TEXT, share};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::runtime::Runtime;
use tradeport_fake_tws::server::Limits;
use tradeport_fake_tws::wire::Answer;
use tradeport_fake_tws::wire::proto::{CancelOrderRequest, Order, PlaceOrderRequest};
use tradeport_fake_tws::{FakeTws, ServerSettings};
use tradeport_kernel::{Clock, Timestamp};

/// The name of the server's thread.
const SERVER: &str = "server";
const ROUNDS: usize = 5;
/// As many as an account has without paying for more.
const LINES: i32 = 100;
const ORDERS: i32 = 1_000;
const CONNECTIONS: i32 = 100;
const CLIENTS: u16 = 32;
const SUBSCRIPTIONS: i32 = 1_000;

/// The machine's clock.
struct Real;

#[async_trait::async_trait]
impl Clock for Real {
    fn now(&self) -> Timestamp {
        Timestamp::EPOCH.after(SystemTime::now().duration_since(UNIX_EPOCH).unwrap())
    }
    async fn sleep_until(&self, deadline: Timestamp) {
        tokio::time::sleep(deadline.since(self.now())).await;
    }
}

/// A server with one thread.
struct Served {
    tws: FakeTws,
    runtime: Runtime,
}

impl Served {
    fn start(as_read: bool) -> Self {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(1).thread_name(SERVER).enable_all().build().unwrap();
        let limits = Limits { market_data_lines: 1_000, ..Limits::default() };
        let settings = ServerSettings { limits, message_rate: None, ..ServerSettings::default() };
        let builder = FakeTws::builder().settings(settings);
        let builder = if as_read { builder.as_fast_as_read() } else { builder };
        let tws = runtime.block_on(builder.start(Arc::new(Real))).unwrap();
        Self { tws, runtime }
    }

    fn address(&self) -> SocketAddr {
        self.tws.address()
    }

    fn connections(&self) -> usize {
        self.runtime.block_on(self.tws.connections()).unwrap()
    }
}

fn main() {
    let seconds = std::env::args().nth(1).map_or(2.0, |text| text.parse().unwrap());
    let round = Duration::from_secs_f64(seconds);
    for era in [PROTOBUF, TEXT] {
        let name = era.name;
        let rounds: Vec<_> = (0..ROUNDS).map(|_| stream(era, round)).collect();
        let ticks = rounds.iter().map(|it| it.0).fold(0.0, f64::max);
        println!("ticks to one client, {name}: {ticks:.0} messages/s");
        if let Some(nanos) = rounds.iter().filter_map(|it| it.1).reduce(f64::min) {
            println!("server's own time a tick, {name}: {nanos:.0} ns");
        }
        let (median, late) = (0..ROUNDS).map(|_| orders(era)).fold((f64::MAX, f64::MAX), least);
        println!("acknowledgement p50, {name}: {median:.0} us");
        println!("acknowledgement p99, {name}: {late:.0} us");
        let (median, most) = (0..ROUNDS).map(|_| connect(era)).fold((f64::MAX, f64::MAX), least);
        println!("connect to ready p50, {name}: {median:.2} ms");
        println!("connect to ready longest, {name}: {most:.2} ms");
        many(era, round);
    }
    memory();
}

fn least(one: (f64, f64), other: (f64, f64)) -> (f64, f64) {
    (one.0.min(other.0), one.1.min(other.1))
}

/// Ticks a second that one client gets, and how many nanoseconds the server's thread works for each: what else the machine
/// does slows the first and hardly the second.
fn stream(era: Era, round: Duration) -> (f64, Option<f64>) {
    let served = Served::start(true);
    let mut client = Client::connect(served.address(), 1, era);
    client.subscribe(LINES);
    let (start, worked) = (Instant::now(), worked());
    let mut ticks = 0;
    while start.elapsed() < round {
        ticks += client.count();
    }
    let speed = ticks as f64 / start.elapsed().as_secs_f64();
    let nanos = worked.zip(self::worked()).map(|(before, after)| (after - before) / ticks as f64);
    (speed, nanos)
}

/// For how many nanoseconds the server's threads have had a processor, where the system tells.
fn worked() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let of_server = threads.filter_map(|thread| {
        let folder = thread.ok()?.path();
        let name = std::fs::read_to_string(folder.join("comm")).ok()?;
        let spent = std::fs::read_to_string(folder.join("schedstat")).ok()?;
        (name.trim() == SERVER).then_some(spent.split_whitespace().next()?.parse::<f64>().ok()?)
    });
    Some(of_server.sum())
}

/// From the bytes of an order to its first answer, in microseconds: the median, and the 99th of a hundred.
fn orders(era: Era) -> (f64, f64) {
    let served = Served::start(false);
    let mut client = Client::connect(served.address(), 1, era);
    let order = Order {
        action: Some("BUY".to_owned()),
        order_type: Some("LMT".to_owned()),
        total_quantity: Some("100".to_owned()),
        lmt_price: Some(1.0),
        ..Order::default()
    };
    let place = |id: i32| PlaceOrderRequest {
        order_id: Some(id),
        contract: Some(share(0)),
        order: Some(order.clone()),
        attached_orders: None,
    };
    let mut times: Vec<f64> = (1..=ORDERS)
        .map(|id| {
            let start = Instant::now();
            client.ask(place(id));
            wait_for(&mut client, |answer| matches!(answer, Answer::OpenOrder(it) if it.order_id == Some(id)));
            let time = start.elapsed().as_secs_f64() * 1e6;
            // Only so many orders may rest on one side.
            client.ask(CancelOrderRequest { order_id: Some(id), order_cancel: None });
            wait_for(&mut client, |answer| {
                matches!(answer, Answer::OrderStatus(it) if it.order_id == Some(id) && it.status() == "Cancelled")
            });
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn wait_for(client: &mut Client, is_it: impl Fn(&Answer) -> bool) {
    while !is_it(&client.answer()) {}
}

/// From nothing to a client that knows its accounts and its next number, in milliseconds: the median, and the longest.
fn connect(era: Era) -> (f64, f64) {
    let served = Served::start(false);
    let mut times: Vec<f64> = (1..=CONNECTIONS)
        .map(|id| {
            let start = Instant::now();
            let client = Client::connect(served.address(), id % 16, era);
            let time = start.elapsed().as_secs_f64() * 1e3;
            drop(client);
            while served.connections() > 0 {}
            time
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() - 1])
}

/// Many clients at once, each with its share of the subscriptions.
fn many(era: Era, round: Duration) {
    let served = Served::start(true);
    let address = served.address();
    let [begin, end] = [(); 2].map(|()| Arc::new(AtomicBool::new(false)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|id| {
            let (begin, end) = (Arc::clone(&begin), Arc::clone(&end));
            let (id, clients) = (i32::from(id), i32::from(CLIENTS));
            let lines = SUBSCRIPTIONS / clients + i32::from(id < SUBSCRIPTIONS % clients);
            std::thread::spawn(move || {
                let mut client = Client::connect(address, id, era);
                client.subscribe(lines);
                // Who has its data reads on, so that nobody waits for it.
                while !begin.load(Ordering::Relaxed) {
                    client.count();
                }
                let (start, mut ticks) = (Instant::now(), 0);
                while !end.load(Ordering::Relaxed) {
                    ticks += client.count();
                }
                (client, ticks as f64 / start.elapsed().as_secs_f64())
            })
        })
        .collect();
    while served.connections() < usize::from(CLIENTS) {}
    for signal in [begin, end] {
        std::thread::sleep(round);
        signal.store(true, Ordering::Relaxed);
    }
    let ended: Vec<_> = clients.into_iter().map(|client| client.join().unwrap()).collect();
    let rates = || ended.iter().map(|(_, rate)| *rate);
    let name = era.name;
    println!("32 clients with 1000 lines, {name}, all: {:.0} messages/s", rates().sum::<f64>());
    println!(
        "32 clients with 1000 lines, {name}, slowest: {:.0} messages/s",
        rates().fold(f64::MAX, f64::min)
    );
    println!("32 clients with 1000 lines, {name}, fastest: {:.0} messages/s", rates().fold(0.0, f64::max));
    println!("dropped of 32 clients, {name}: {} clients", usize::from(CLIENTS) - served.connections());
}

/// What the program holds after one million ticks and after ten.
fn memory() {
    let served = Served::start(true);
    let mut client = Client::connect(served.address(), 1, PROTOBUF);
    client.subscribe(LINES);
    let mut ticks = 0;
    let [first, last] = [1_000_000, 10_000_000].map(|most| {
        while ticks < most {
            ticks += client.count();
        }
        resident()
    });
    println!("memory after 1 million ticks: {first:.1} MB");
    println!("memory after 10 million ticks: {last:.1} MB");
    println!("memory growth from 1 to 10 million ticks: {:.1} %", (last / first - 1.0) * 100.0);
}

/// Resident memory in megabytes, where the system tells.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1024.0 / 1e6
}
