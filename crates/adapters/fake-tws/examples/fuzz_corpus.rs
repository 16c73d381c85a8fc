//! Writes seeds for the fuzzers: frames of a real session in both eras. Give it a folder.

#![expect(clippy::print_stdout, reason = "an example speaks through its output")]

use std::error::Error;
use std::path::Path;
use std::time::Duration;
use tradeport_fake_tws::ServerSettings;
use tradeport_fake_tws::record::{Event, MAGIC, Record, Side, put_record};
use tradeport_fake_tws::server::{Input, Output, Server, SessionId};
use tradeport_fake_tws::wire::proto::{self, Contract, Order};
use tradeport_fake_tws::wire::{Codec, FrameBuffer, Request};
use tradeport_kernel::Timestamp;

/// 2026-11-20 15:00 UTC, a Friday.
const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);
const VERSIONS: [i32; 4] = [226, 200, 178, 157];

fn stock() -> Option<Contract> {
    let some = |text: &str| Some(text.to_owned());
    Some(Contract {
        symbol: some("AAPL"),
        sec_type: some("STK"),
        exchange: some("SMART"),
        currency: some("USD"),
        ..Contract::default()
    })
}

fn order() -> Option<Order> {
    let some = |text: &str| Some(text.to_owned());
    Some(Order {
        action: some("BUY"),
        total_quantity: some("10"),
        order_type: some("LMT"),
        lmt_price: Some(600.0),
        tif: some("DAY"),
        transmit: Some(true),
        ..Order::default()
    })
}

/// The requests that need more than a number to be answered.
fn asked() -> Vec<Request> {
    let (req_id, contract) = (Some(7), stock());
    let some = |text: &str| Some(text.to_owned());
    vec![
        proto::MarketDataRequest { req_id, contract: contract.clone(), ..Default::default() }.into(),
        proto::ContractDataRequest { req_id, contract: contract.clone() }.into(),
        proto::MarketDepthRequest {
            req_id,
            contract: contract.clone(),
            num_rows: Some(5),
            ..Default::default()
        }
        .into(),
        proto::HistoricalDataRequest {
            req_id,
            contract: contract.clone(),
            bar_size_setting: some("1 hour"),
            duration: some("1 D"),
            what_to_show: some("TRADES"),
            use_rth: Some(true),
            format_date: Some(2),
            ..Default::default()
        }
        .into(),
        proto::TickByTickRequest {
            req_id,
            contract: contract.clone(),
            tick_type: some("BidAsk"),
            ..Default::default()
        }
        .into(),
        proto::HistoricalTicksRequest {
            req_id,
            contract: contract.clone(),
            end_date_time: some("20261120-14:00:00"),
            number_of_ticks: Some(3),
            what_to_show: some("TRADES"),
            ..Default::default()
        }
        .into(),
        proto::HeadTimestampRequest {
            req_id,
            contract: contract.clone(),
            what_to_show: some("TRADES"),
            ..Default::default()
        }
        .into(),
        proto::PlaceOrderRequest { order_id: Some(1), contract, order: order(), attached_orders: None }
            .into(),
        proto::CancelOrderRequest { order_id: Some(1), order_cancel: None }.into(),
        proto::MatchingSymbolsRequest { req_id, pattern: some("AA") }.into(),
        proto::MarketRuleRequest { market_rule_id: Some(26) }.into(),
        proto::AccountSummaryRequest { req_id, group: some("All"), tags: some("NetLiquidation") }.into(),
        proto::AccountDataRequest { subscribe: Some(true), acct_code: None }.into(),
    ]
}

fn framed(version: i32, request: &Request) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    Codec::new(version).put_request(request, &mut bytes).ok().map(|()| bytes)
}

fn opening(version: i32) -> Vec<u8> {
    let range = format!("v{version}..{version}");
    let length = u32::try_from(range.len()).unwrap_or_default().to_be_bytes();
    [&b"API\0"[..], &length, range.as_bytes()].concat()
}

/// What one session says, both ways.
fn session(version: i32, requests: &[Vec<u8>]) -> Result<Vec<Record>, Box<dyn Error>> {
    let settings = ServerSettings { message_rate: None, ..ServerSettings::default() };
    let (mut server, id, mut now) = (Server::new(settings, NOW)?, SessionId(1), NOW);
    let mut recording = vec![Record { at: now, connection: 1, event: Event::Connected }];
    let start = proto::StartApiRequest { client_id: Some(1), optional_capabilities: None };
    let begin = [opening(version), framed(version, &start.into()).unwrap_or_default()];
    let (mut out, wakes) = (Vec::new(), [Vec::new(), Vec::new()]);
    server.step(Input::Connected(id), now, &mut out);
    for bytes in begin.iter().chain(requests).chain(&wakes) {
        now = now.after(Duration::from_millis(200));
        if bytes.is_empty() {
            server.step(Input::Wake, now, &mut out);
        } else {
            recording.push(Record {
                at: now,
                connection: 1,
                event: Event::Sent(Side::Client, bytes.clone()),
            });
            server.step(Input::Received(id, bytes), now, &mut out);
        }
        for output in out.drain(..) {
            let event = match output {
                Output::Send(_, bytes) => Event::Sent(Side::Server, bytes),
                Output::Close(_, reason) => Event::Closed(Side::Server, reason),
            };
            recording.push(Record { at: now, connection: 1, event });
        }
    }
    Ok(recording)
}

/// The frames that a server said.
fn answers(recording: &[Record]) -> Vec<Vec<u8>> {
    let mut buffer = FrameBuffer::opened();
    for record in recording {
        if let Event::Sent(Side::Server, bytes) = &record.event {
            buffer.push(bytes);
        }
    }
    let mut found = Vec::new();
    while let Ok(Some(body)) = buffer.next_frame() {
        found.push(body.to_vec());
    }
    found
}

fn write(folder: &Path, target: &str, name: &str, parts: &[&[u8]]) -> Result<(), Box<dyn Error>> {
    let folder = folder.join(target);
    std::fs::create_dir_all(&folder)?;
    Ok(std::fs::write(folder.join(name), parts.concat())?)
}

fn seeds(folder: &Path, version: i32) -> Result<(), Box<dyn Error>> {
    let protobuf = version > 200;
    let (target, code) =
        if protobuf { ("protobuf_codec", version - 213) } else { ("text_codec", version - 157) };
    let code = [u8::try_from(code)?];
    let empty = Request::ALL.iter().filter_map(|(id, _)| Request::empty(*id));
    let flags = [u8::from(!protobuf)];
    for (place, request) in asked().into_iter().chain(empty).enumerate() {
        let Some(bytes) = framed(version, &request) else { continue };
        let body = bytes.get(4..).unwrap_or_default();
        let name = format!("{version}-{place:03}-{}", request.name());
        write(folder, target, &name, &[&code, body])?;
        let length = u8::try_from(body.len()).unwrap_or(u8::MAX);
        write(folder, "server", &name, &[&flags, &[2, length], body, &[1, 30]])?;
        let recording = session(version, std::slice::from_ref(&bytes))?;
        for (place, answer) in answers(&recording).iter().skip(1).take(40).enumerate() {
            write(folder, target, &format!("{name}-{place:02}"), &[&code, answer])?;
        }
        if place < 13 {
            let mut file = MAGIC.to_vec();
            recording.iter().for_each(|record| put_record(record, &mut file));
            write(folder, "recording", &name, &[&[0], &file])?;
            write(folder, "frame", &name, &[&[0, 9], &opening(version), &bytes])?;
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("give a folder")?;
    for version in VERSIONS {
        seeds(Path::new(&folder), version)?;
    }
    println!("seeds are in {folder}");
    Ok(())
}
