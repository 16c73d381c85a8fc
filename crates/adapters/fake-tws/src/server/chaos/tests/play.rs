//! A server that plays a scenario, clients on it, and what they hear, byte for byte and in short words.

use crate::chaos::Scenario;
use crate::server::family::orders::tests::stage::words;
use crate::server::session::SessionId;
use crate::server::{Input, Output, Server, ServerSettings};
use crate::wire::proto::{MarketDataRequest, StartApiRequest};
use crate::wire::{Answer, Codec, FrameBuffer, Request};
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::{Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};

pub(super) use crate::server::family::orders::tests::stage::{START, apple, cancel, limit, market, place};

/// The last version of text, and the newest of protobuf.
pub(super) const ERAS: [i32; 2] = [178, 226];

/// One client's side.
#[derive(Default)]
struct Heard {
    codec: Option<Codec>,
    buffer: FrameBuffer,
    answers: Vec<Answer>,
    /// Each piece of bytes, and when.
    pieces: Vec<(Timestamp, Vec<u8>)>,
    is_closed: bool,
}

pub(super) struct Play {
    pub(super) server: Server,
    pub(super) now: Timestamp,
    version: i32,
    clients: BTreeMap<u64, Heard>,
}

impl Play {
    /// A server that plays a document.
    pub(super) fn of(version: i32, document: &str) -> Self {
        Self::with(version, document.parse().unwrap())
    }

    pub(super) fn with(version: i32, scenario: Scenario) -> Self {
        let settings = ServerSettings { message_rate: None, scenario, ..ServerSettings::default() };
        let server = Server::new(settings, START).unwrap();
        let mut play = Self { server, now: START, version, clients: BTreeMap::new() };
        play.quote("430.00", "430.10");
        play
    }

    /// Connects a client and starts it under the same number; what it hears of that.
    pub(super) fn connect(&mut self, client: u64) -> Vec<String> {
        self.open(client);
        self.start(client, i32::try_from(client).unwrap())
    }

    /// Connects, and says which versions it speaks.
    pub(super) fn open(&mut self, client: u64) {
        let version = self.version;
        self.clients.insert(client, Heard { buffer: FrameBuffer::opened(), ..Heard::default() });
        self.step(Input::Connected(SessionId(client)));
        let opening = format!("API\0\0\0\0\x09v{version}..{version}");
        self.step(Input::Received(SessionId(client), opening.as_bytes()));
    }

    pub(super) fn start(&mut self, client: u64, client_id: i32) -> Vec<String> {
        self.ask(client, StartApiRequest { client_id: Some(client_id), optional_capabilities: None })
    }

    /// Asks; what the client hears now and has not been asked about yet.
    pub(super) fn ask(&mut self, client: u64, request: impl Into<Request>) -> Vec<String> {
        let bytes = self.bytes_of(request);
        self.step(Input::Received(SessionId(client), &bytes));
        self.heard(client)
    }

    pub(super) fn bytes_of(&self, request: impl Into<Request>) -> Vec<u8> {
        let mut bytes = Vec::new();
        Codec::new(self.version).put_request(&request.into(), &mut bytes).unwrap();
        bytes
    }

    pub(super) fn pass(&mut self, millis: u64) {
        self.now = self.now.after(Duration::from_millis(millis));
        self.step(Input::Wake);
    }

    pub(super) fn hang_up(&mut self, client: u64) {
        self.step(Input::Closed(SessionId(client)));
    }

    pub(super) fn step(&mut self, input: Input<'_>) {
        let mut out = Vec::new();
        self.server.step(input, self.now, &mut out);
        for output in out {
            match output {
                Output::Send(id, bytes) => {
                    let now = self.now;
                    let heard = self.clients.get_mut(&id.0).unwrap();
                    assert!(!heard.is_closed, "nothing is said behind the end");
                    heard.take(bytes, now);
                }
                Output::Close(id, _) => self.clients.get_mut(&id.0).unwrap().is_closed = true,
            }
        }
    }

    /// What a client heard since the last time, in short words; its quotes only as `ticks`.
    pub(super) fn heard(&mut self, client: u64) -> Vec<String> {
        let answers = std::mem::take(&mut self.clients.get_mut(&client).unwrap().answers);
        let mut words = words(&answers);
        for word in &mut words {
            if ["TICK_PRICE", "TICK_SIZE", "TICK_STRING", "TICK_GENERIC"].contains(&word.as_str()) {
                "ticks".clone_into(word);
            }
        }
        words.dedup_by(|next, before| next == before && next == "ticks");
        words
    }

    /// The whole answers that a client heard since the last time.
    pub(super) fn answers(&mut self, client: u64) -> Vec<Answer> {
        std::mem::take(&mut self.clients.get_mut(&client).unwrap().answers)
    }

    /// The pieces of bytes that a client got since the last time, each with its moment in milliseconds from the start.
    pub(super) fn pieces(&mut self, client: u64) -> Vec<(u128, Vec<u8>)> {
        let pieces = std::mem::take(&mut self.clients.get_mut(&client).unwrap().pieces);
        pieces.into_iter().map(|(at, bytes)| (at.since(START).as_millis(), bytes)).collect()
    }

    pub(super) fn is_closed(&self, client: u64) -> bool {
        self.clients[&client].is_closed
    }

    /// Bytes of a frame that is not whole.
    pub(super) fn rest(&self, client: u64) -> usize {
        self.clients[&client].buffer.waiting().len()
    }

    /// A stream of Apple's quotes.
    pub(super) fn watch(&mut self, client: u64, id: i32) -> Vec<String> {
        let request =
            MarketDataRequest { req_id: Some(id), contract: Some(apple()), ..MarketDataRequest::default() };
        self.ask(client, request)
    }

    /// Apple is quoted so from now on.
    pub(super) fn quote(&mut self, bid: &str, ask: &str) {
        let size: Option<Quantity> = "10000".parse().ok();
        let level = |price: &str| Some(Level::new(price.parse::<Price>().unwrap(), size));
        let quote = Quote::new(Symbol::new("AAPL").unwrap(), self.now, level(bid), level(ask));
        self.server.world_mut().hold(quote.unwrap());
        self.step(Input::Wake);
    }
}

impl Heard {
    fn take(&mut self, bytes: Vec<u8>, now: Timestamp) {
        self.buffer.push(&bytes);
        self.pieces.push((now, bytes));
        while let Some(frame) = self.buffer.next_frame().unwrap() {
            let Some(codec) = self.codec else {
                let version = frame.split(|byte| *byte == 0).next().unwrap();
                let version = std::str::from_utf8(version).unwrap().parse().unwrap();
                self.codec = Some(Codec::new(version));
                continue;
            };
            // What cannot be read is left out: some acts make frames so.
            self.answers.extend(codec.answer(frame).ok());
        }
    }
}
