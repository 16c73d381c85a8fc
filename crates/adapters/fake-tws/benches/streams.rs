//! How many ticks a second the server tells one client, without the socket, in both eras; and how fast bars are made.
//!
//! A tick's cost is everything: the market's prices, what has changed, and the bytes of the frame. The throughput that
//! is shown is in answers.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use tradeport_fake_tws::server::{Input, Limits, Output, Server, ServerSettings, SessionId};
use tradeport_fake_tws::wire::proto::{Contract, HistoricalDataRequest, MarketDataRequest, StartApiRequest};
use tradeport_fake_tws::wire::{Codec, FrameBuffer, Request};
use tradeport_kernel::Timestamp;

/// 2026-11-20 15:00 UTC.
const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);
/// Between two ticks of the market.
const TICK: Duration = Duration::from_millis(250);
const CLIENT: SessionId = SessionId(1);

fn contract(number: i32) -> Option<Contract> {
    Some(Contract { con_id: Some(number), exchange: Some("SMART".to_owned()), ..Contract::default() })
}

/// A server with one client of a version that has asked for something.
fn server(range: &str, version: i32, requests: impl IntoIterator<Item = Request>) -> (Server, Codec) {
    let limits = Limits { market_data_lines: 100_000, pacing: None, ..Limits::default() };
    let settings = ServerSettings { limits, ..ServerSettings::default() };
    let mut server = Server::new(settings, NOW).expect("good settings");
    let mut out = Vec::new();
    server.step(Input::Connected(CLIENT), NOW, &mut out);
    let mut opening = b"API\0".to_vec();
    opening.extend_from_slice(&u32::try_from(range.len()).expect("short").to_be_bytes());
    opening.extend_from_slice(range.as_bytes());
    server.step(Input::Received(CLIENT, &opening), NOW, &mut out);
    let codec = Codec::new(version);
    let start = StartApiRequest { client_id: Some(1), optional_capabilities: None }.into();
    // Below fifty messages a second.
    for (number, request) in std::iter::once(start).chain(requests).enumerate() {
        let now = NOW.after(Duration::from_millis(25 * u64::try_from(number).expect("few")));
        let mut bytes = Vec::new();
        codec.put_request(&request, &mut bytes).expect("a good request");
        server.step(Input::Received(CLIENT, &bytes), now, &mut out);
    }
    (server, codec)
}

fn lines(count: i32) -> impl Iterator<Item = Request> {
    let shares = (1_001..1_030).chain(2_001..2_027);
    shares.cycle().zip(0..count).map(|(number, id)| {
        MarketDataRequest { req_id: Some(id), contract: contract(number), ..MarketDataRequest::default() }
            .into()
    })
}

fn answers(out: &[Output], codec: Codec) -> u64 {
    let mut buffer = FrameBuffer::opened();
    for output in out {
        if let Output::Send(_, bytes) = output {
            buffer.push(bytes);
        }
    }
    let mut count = 0;
    while let Some(frame) = buffer.next_frame().expect("good frames") {
        codec.answer(frame).expect("a good answer");
        count += 1;
    }
    count
}

fn streams(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("ticks");
    for (era, range, version) in [("protobuf", "v213..226", 226), ("text", "v157..200", 200)] {
        for count in [50, 1_000] {
            let (mut server, codec) = server(range, version, lines(count));
            let mut now = NOW.after(Duration::from_secs(60));
            let mut out = Vec::new();
            server.step(Input::Wake, now, &mut out);
            // What four ticks of the market, a second, tell on average.
            let mut told = 0;
            for _ in 0..40 {
                out.clear();
                now = now.after(TICK);
                server.step(Input::Wake, now, &mut out);
                told += answers(&out, codec);
            }
            group.throughput(Throughput::Elements(told / 10));
            group.bench_function(format!("{era}/{count} lines"), |bencher| {
                bencher.iter(|| {
                    for _ in 0..4 {
                        out.clear();
                        now = now.after(TICK);
                        server.step(Input::Wake, now, &mut out);
                        black_box(&out);
                    }
                });
            });
        }
    }
    group.finish();
}

fn bars(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bars");
    for (duration, size) in [("1 D", "1 min"), ("1 M", "1 hour"), ("1 Y", "1 day"), ("10 Y", "1 month")] {
        let (mut server, codec) = server("v213..226", 226, std::iter::empty());
        let request: Request = HistoricalDataRequest {
            req_id: Some(1),
            contract: contract(1_018),
            bar_size_setting: Some(size.to_owned()),
            duration: Some(duration.to_owned()),
            use_rth: Some(true),
            what_to_show: Some("TRADES".to_owned()),
            format_date: Some(2),
            ..HistoricalDataRequest::default()
        }
        .into();
        let mut bytes = Vec::new();
        codec.put_request(&request, &mut bytes).expect("a good request");
        let mut now = NOW.after(Duration::from_secs(60));
        group.bench_function(format!("{duration} of {size}"), |bencher| {
            bencher.iter_batched_ref(
                Vec::new,
                |out| {
                    now = now.after(Duration::from_secs(1));
                    server.step(Input::Received(CLIENT, &bytes), now, out);
                    assert!(!out.is_empty(), "bars were told");
                },
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, streams, bars);
criterion_main!(benches);
