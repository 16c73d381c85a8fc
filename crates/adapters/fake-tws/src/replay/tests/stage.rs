//! A server, a client's script, and the recording of what comes of both.

use crate::record::{Event, MAGIC, Record, RecordingReader, Side, put_record};
use crate::replay::{Player, Script};
use crate::server::{Input, Output, Server, ServerSettings, SessionId};
use crate::wire::proto::{self, Contract, Order};
use crate::wire::{Answer, Codec, FrameBuffer, Request};
use std::sync::Arc;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// 2026-11-20 15:00 UTC, a Friday.
pub(super) const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);

/// So long after the connection, what a client sends.
pub(super) type Act = (u64, Vec<u8>);

/// What a client was told: when, and which bytes; and whether it was closed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    pub(super) pieces: Vec<(Timestamp, Vec<u8>)>,
    pub(super) closed: Option<Timestamp>,
}

impl Heard {
    fn push(&mut self, at: Timestamp, bytes: &[u8]) {
        match self.pieces.last_mut() {
            Some((last, all)) if *last == at => all.extend_from_slice(bytes),
            _ => self.pieces.push((at, bytes.to_vec())),
        }
    }

    /// The answers behind the version.
    pub(super) fn answers(&self, version: i32) -> Vec<Answer> {
        let mut buffer = FrameBuffer::opened();
        self.pieces.iter().for_each(|(_, bytes)| buffer.push(bytes));
        buffer.next_frame().expect("a version").expect("a version");
        let mut answers = Vec::new();
        while let Some(frame) = buffer.next_frame().expect("good frames") {
            answers.push(Codec::new(version).answer(frame).expect("a good answer"));
        }
        answers
    }
}

/// The first thing in which both differ, and when.
pub(super) fn same(left: &Heard, right: &Heard, version: i32) {
    assert_eq!(left.closed, right.closed);
    let (lefts, rights) = (left.answers(version), right.answers(version));
    for (place, (one, other)) in lefts.iter().zip(&rights).enumerate() {
        assert_eq!(one, other, "answer {place} of {version}");
    }
    assert_eq!(lefts.len(), rights.len(), "answers of {version}");
    assert_eq!(left.pieces, right.pieces, "bytes or moments of {version}");
}

fn at(millis: u64) -> Timestamp {
    NOW.after(Duration::from_millis(millis))
}

/// A server that is recorded.
pub(super) struct Stage {
    server: Server,
    pub(super) recording: Vec<Record>,
    heard: Heard,
    connection: u64,
}

impl Stage {
    pub(super) fn new(settings: ServerSettings) -> Self {
        let server = Server::new(settings, NOW).expect("good settings");
        Self { server, recording: Vec::new(), heard: Heard::default(), connection: 0 }
    }

    /// One client's session from its connection to `end`; what it heard.
    pub(super) fn session(&mut self, acts: &[Act], end: u64) -> Heard {
        self.connection += 1;
        self.heard = Heard::default();
        let id = SessionId(self.connection);
        self.note(NOW, Event::Connected);
        self.step(Input::Connected(id), NOW);
        for (millis, bytes) in acts {
            self.wait(at(*millis));
            self.note(at(*millis), Event::Sent(Side::Client, bytes.clone()));
            self.step(Input::Received(id, bytes), at(*millis));
        }
        self.wait(at(end));
        if self.heard.closed.is_none() {
            self.note(at(end), Event::Closed(Side::Client, String::new()));
        }
        std::mem::take(&mut self.heard)
    }

    fn wait(&mut self, until: Timestamp) {
        while let Some(wake) = self.server.next_wake().filter(|wake| *wake <= until) {
            self.step(Input::Wake, wake);
        }
    }

    fn step(&mut self, input: Input<'_>, now: Timestamp) {
        let mut out = Vec::new();
        self.server.step(input, now, &mut out);
        for output in out {
            match output {
                Output::Send(_, bytes) => {
                    self.heard.push(now, &bytes);
                    self.note(now, Event::Sent(Side::Server, bytes));
                }
                Output::Close(_, reason) => {
                    self.heard.closed = Some(now);
                    self.note(now, Event::Closed(Side::Server, reason));
                }
            }
        }
    }

    fn note(&mut self, at: Timestamp, event: Event) {
        self.recording.push(Record { at, connection: self.connection, event });
    }

    pub(super) fn script(&self) -> Arc<Script> {
        script(&self.recording)
    }
}

/// Through a file, as it would be.
pub(super) fn script(recording: &[Record]) -> Arc<Script> {
    let mut bytes = MAGIC.to_vec();
    recording.iter().for_each(|record| put_record(record, &mut bytes));
    let (script, error) = Script::read(RecordingReader::new(&bytes[..]).expect("a recording"));
    assert!(error.is_none());
    Arc::new(script)
}

/// The same acts to a player; what it says until `end`.
pub(super) fn played(player: &mut Player, acts: &[Act], end: u64) -> Heard {
    let mut heard = Heard::default();
    let take = |heard: &mut Heard, now, out: Vec<Vec<u8>>, ended: Result<(), String>| {
        out.iter().for_each(|bytes| heard.push(now, bytes));
        if ended.is_err() {
            heard.closed.get_or_insert(now);
        }
    };
    let last = (end, Vec::new());
    for (millis, bytes) in acts.iter().chain([&last]) {
        // At the moment of a request it is the request that wakes.
        let until = if bytes.is_empty() { at(*millis) } else { at(millis.saturating_sub(1)) };
        while let Some(wake) = player.next_wake().filter(|wake| *wake <= until) {
            let mut out = Vec::new();
            let ended = player.wake(wake, &mut out);
            let over = ended.is_err();
            take(&mut heard, wake, out, ended);
            if over {
                return heard;
            }
        }
        if !bytes.is_empty() {
            let mut out = Vec::new();
            let ended = player.receive(bytes, at(*millis), &mut out);
            let over = ended.is_err();
            take(&mut heard, at(*millis), out, ended);
            if over {
                return heard;
            }
        }
    }
    heard
}

/// What a client of a version begins with.
pub(super) fn opening(version: i32) -> Vec<u8> {
    let range = format!("v{}..{version}", version.min(157).max(if version > 200 { 213 } else { 100 }));
    let mut bytes = b"API\0".to_vec();
    bytes.extend_from_slice(&u32::try_from(range.len()).expect("short").to_be_bytes());
    bytes.extend_from_slice(range.as_bytes());
    bytes
}

pub(super) fn frame(version: i32, request: impl Into<Request>) -> Vec<u8> {
    let mut bytes = Vec::new();
    Codec::new(version).put_request(&request.into(), &mut bytes).expect("a good request");
    bytes
}

pub(super) fn start(client_id: i32) -> proto::StartApiRequest {
    proto::StartApiRequest { client_id: Some(client_id), optional_capabilities: None }
}

pub(super) fn stock(symbol: &str) -> Option<Contract> {
    Some(Contract {
        symbol: Some(symbol.to_owned()),
        sec_type: Some("STK".to_owned()),
        exchange: Some("SMART".to_owned()),
        currency: Some("USD".to_owned()),
        ..Contract::default()
    })
}

pub(super) fn details(req_id: i32, symbol: &str) -> proto::ContractDataRequest {
    proto::ContractDataRequest { req_id: Some(req_id), contract: stock(symbol) }
}

pub(super) fn quotes(req_id: i32, symbol: &str) -> proto::MarketDataRequest {
    proto::MarketDataRequest { req_id: Some(req_id), contract: stock(symbol), ..Default::default() }
}

pub(super) fn history(req_id: i32, end: &str) -> proto::HistoricalDataRequest {
    proto::HistoricalDataRequest {
        req_id: Some(req_id),
        contract: stock("AAPL"),
        end_date_time: Some(end.to_owned()).filter(|end| !end.is_empty()),
        bar_size_setting: Some("1 day".to_owned()),
        duration: Some("5 D".to_owned()),
        use_rth: Some(true),
        what_to_show: Some("TRADES".to_owned()),
        format_date: Some(2),
        ..Default::default()
    }
}

pub(super) fn order(order_id: i32, quantity: &str, reference: &str) -> proto::PlaceOrderRequest {
    let order = Order {
        action: Some("BUY".to_owned()),
        total_quantity: Some(quantity.to_owned()),
        order_type: Some("MKT".to_owned()),
        tif: Some("DAY".to_owned()),
        order_ref: Some(reference.to_owned()),
        transmit: Some(true),
        ..Order::default()
    };
    proto::PlaceOrderRequest {
        order_id: Some(order_id),
        contract: stock("AAPL"),
        order: Some(order),
        attached_orders: None,
    }
}
