//! How fast clients read is their affair: who stops is dropped, who reads hears everything, and nobody waits for another.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tradeport_fake_tws::server::Limits;
use tradeport_fake_tws::wire::proto::{
    CancelMarketData, Contract, CurrentTimeRequest, MarketDataRequest, StartApiRequest,
};
use tradeport_fake_tws::wire::{Answer, Codec, FrameBuffer, Request};
use tradeport_fake_tws::{Builder, FakeTws, ServerSettings};
use tradeport_kernel::{Decimal, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::VirtualClock;

/// 2026-11-20 15:00 UTC.
const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);
const BID: i32 = 1;

struct Client {
    stream: TcpStream,
    codec: Codec,
    buffer: FrameBuffer,
}

impl Client {
    async fn connect(tws: &FakeTws, id: i32) -> Self {
        let mut stream = TcpStream::connect(tws.address()).await.unwrap();
        stream.write_all(b"API\0\0\0\0\x09v157..226").await.unwrap();
        let mut greeting = [0; 128];
        assert!(stream.read(&mut greeting).await.unwrap() > 4);
        let mut client = Self { stream, codec: Codec::new(226), buffer: FrameBuffer::opened() };
        client.ask(StartApiRequest { client_id: Some(id), optional_capabilities: None }).await;
        client
    }

    async fn ask(&mut self, request: impl Into<Request>) {
        let mut bytes = Vec::new();
        self.codec.put_request(&request.into(), &mut bytes).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    async fn subscribe(&mut self, lines: i32) {
        let contract = Contract {
            symbol: Some("AAPL".into()),
            sec_type: Some("STK".into()),
            currency: Some("USD".into()),
            exchange: Some("SMART".into()),
            ..Contract::default()
        };
        for id in 0..lines {
            let contract = Some(contract.clone());
            self.ask(MarketDataRequest { req_id: Some(id), contract, ..MarketDataRequest::default() }).await;
        }
    }

    /// The next answer; `None` when the connection has ended.
    async fn answer(&mut self) -> Option<Answer> {
        loop {
            if let Some(frame) = self.buffer.next_frame().unwrap() {
                return Some(self.codec.answer(frame).unwrap());
            }
            let mut bytes = vec![0; 65_536];
            match self.stream.read(&mut bytes).await {
                Ok(0) | Err(_) => return None,
                Ok(read) => self.buffer.push(&bytes[..read]),
            }
        }
    }

    /// The next bid.
    async fn bid(&mut self) -> f64 {
        loop {
            match self.answer().await.expect("it is not dropped") {
                Answer::TickPrice(tick) if tick.tick_type == Some(BID) => return tick.price(),
                _ => {}
            }
        }
    }
}

fn builder() -> Builder {
    let limits = Limits { market_data_lines: 1_000, ..Limits::default() };
    FakeTws::builder().settings(ServerSettings { limits, message_rate: None, ..ServerSettings::default() })
}

fn quote(cents: i64) -> Quote {
    let level = |cents: i64| {
        let price = Price::new(Decimal::new(cents, 2)).unwrap();
        Some(Level::new(price, Quantity::new(Decimal::ONE_HUNDRED).ok()))
    };
    Quote::new(Symbol::new("AAPL").unwrap(), NOW, level(cents), level(cents + 1)).unwrap()
}

#[tokio::test]
async fn who_stops_reading_is_dropped_when_its_queue_is_full_and_others_hear_everything() {
    let clock = Arc::new(VirtualClock::new(NOW));
    let tws = builder().queue_bytes(256 * 1024).start(clock).await.unwrap();
    let mut reader = Client::connect(&tws, 1).await;
    reader.subscribe(1).await;
    reader.bid().await;
    // It asks for the same many times over, so that its queue fills soon.
    let mut sleeper = Client::connect(&tws, 2).await;
    sleeper.subscribe(400).await;
    sleeper.bid().await;
    let mut left = None;
    for number in 1..=3_000 {
        tws.publish(quote(50_000 + number)).await.unwrap();
        let heard = reader.bid().await;
        assert_eq!(heard.to_bits(), (f64::from(50_000 + i32::try_from(number).unwrap()) / 100.0).to_bits());
        if tws.connections().await.unwrap() == 1 {
            left.get_or_insert(number);
        }
        if left.is_some_and(|left| number >= left + 100) {
            break;
        }
    }
    let left = left.expect("the sleeper was dropped");
    // 400 lines of two prices are more than 20,000 bytes each time: thirteen of those are the queue, the rest is what the
    // system holds.
    assert!(left >= 13, "it was dropped after {left}, before its queue was full");
    while sleeper.answer().await.is_some() {}
}

#[tokio::test]
async fn a_market_that_runs_as_fast_as_it_is_read_needs_no_clock() {
    let clock = Arc::new(VirtualClock::new(NOW));
    let tws = builder().as_fast_as_read().start(clock).await.unwrap();
    let mut client = Client::connect(&tws, 1).await;
    client.ask(CurrentTimeRequest {}).await;
    let time = |answer| match answer {
        Answer::CurrentTime(it) => it.current_time,
        _ => None,
    };
    let mut times = Vec::new();
    client.subscribe(5).await;
    for _ in 0..20_000 {
        times.extend(time(client.answer().await.unwrap()));
    }
    for id in 0..5 {
        client.ask(CancelMarketData { req_id: Some(id) }).await;
    }
    client.ask(CurrentTimeRequest {}).await;
    while times.len() < 2 {
        times.extend(time(client.answer().await.unwrap()));
    }
    let start = NOW.nanos() / 1_000_000_000;
    assert_eq!(times[0], start);
    // Five lines tell some twenty ticks in a quarter of a second.
    assert!(times[1] > start + 100, "the market has run for {} seconds", times[1] - start);
    // Nobody looks any more, so the clock holds again: it stands still.
    client.ask(CurrentTimeRequest {}).await;
    assert_eq!(time(client.answer().await.unwrap()), Some(times[1]));
}

#[tokio::test]
async fn a_market_that_is_read_waits_for_its_slowest_reader_and_drops_who_has_stopped() {
    let clock = Arc::new(VirtualClock::new(NOW));
    let tws =
        builder().as_fast_as_read().queue_bytes(256 * 1024).start(Arc::<VirtualClock>::clone(&clock)).await;
    let tws = tws.unwrap();
    let mut sleeper = Client::connect(&tws, 2).await;
    sleeper.subscribe(200).await;
    sleeper.bid().await;
    let mut reader = Client::connect(&tws, 1).await;
    reader.subscribe(1).await;
    let heard = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&heard);
    tokio::spawn(async move {
        while reader.answer().await.is_some() {
            count.fetch_add(1, Ordering::Relaxed);
        }
    });
    // Until nothing comes any more: everybody waits for the sleeper.
    let mut before = u64::MAX;
    while std::mem::replace(&mut before, heard.load(Ordering::Relaxed)) != before || before == 0 {
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        assert_eq!(tws.connections().await.unwrap(), 2);
    }
    for _ in 0..100 {
        clock.advance(Duration::from_secs(1));
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        if tws.connections().await.unwrap() == 1 {
            break;
        }
    }
    assert_eq!(tws.connections().await.unwrap(), 1, "the sleeper is dropped, the reader is not");
    while heard.load(Ordering::Relaxed) < before + 1_000 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_clock_that_leaps_is_followed_tick_by_tick() {
    let clock = Arc::new(VirtualClock::new(NOW));
    let tws = builder().start(Arc::<VirtualClock>::clone(&clock)).await.unwrap();
    let mut client = Client::connect(&tws, 1).await;
    client.subscribe(1).await;
    client.bid().await;
    clock.advance(Duration::from_secs(3_600));
    client.ask(CurrentTimeRequest {}).await;
    let mut seconds = Vec::new();
    let now = loop {
        match client.answer().await.unwrap() {
            Answer::CurrentTime(it) => break it.current_time(),
            // The second of the last trade.
            Answer::TickString(it) if it.tick_type == Some(45) => seconds.extend(it.value().parse::<i64>()),
            _ => {}
        }
    };
    let start = NOW.nanos() / 1_000_000_000;
    assert_eq!(now, start + 3_600);
    // Every second has a trade, and the last one is that of this moment.
    seconds.retain(|second| *second > start);
    assert_eq!(seconds, (start + 1..=now).collect::<Vec<_>>());
}
