//! Recordings of the wire: made, shown, and served again.

use crate::support::{Place, Ran, Running};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::PathBuf;
use std::time::Duration;
use tradeport_fake_tws::record::{Event, MAGIC, Record, Side, put_record};
use tradeport_fake_tws::wire::proto::{
    AccountValue, Contract, ContractDataRequest, ErrorMessage, ManagedAccounts, MarketDataRequest, Order,
    PlaceOrderRequest, PositionsRequest, StartApiRequest, TickPrice,
};
use tradeport_fake_tws::wire::{Answer, Codec, FrameBuffer, Request};
use tradeport_kernel::Timestamp;

/// Nobody waits longer than this for an answer on the same machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn start(client_id: i32) -> StartApiRequest {
    StartApiRequest { client_id: Some(client_id), optional_capabilities: None }
}

fn apple() -> Option<Contract> {
    let some = |text: &str| Some(text.to_owned());
    Some(Contract {
        symbol: some("AAPL"),
        sec_type: some("STK"),
        exchange: some("SMART"),
        currency: some("USD"),
        ..Contract::default()
    })
}

fn details(req_id: i32) -> ContractDataRequest {
    ContractDataRequest { req_id: Some(req_id), contract: apple() }
}

fn order(order_id: i32) -> PlaceOrderRequest {
    let some = |text: &str| Some(text.to_owned());
    let order = Order {
        action: some("BUY"),
        total_quantity: some("7"),
        order_type: some("MKT"),
        tif: some("DAY"),
        account: some("DU1234567"),
        order_ref: some("a-secret-plan"),
        transmit: Some(true),
        ..Order::default()
    };
    PlaceOrderRequest {
        order_id: Some(order_id),
        contract: apple(),
        order: Some(order),
        attached_orders: None,
    }
}

fn frame(version: i32, request: impl Into<Request>) -> Vec<u8> {
    let mut bytes = Vec::new();
    Codec::new(version).put_request(&request.into(), &mut bytes).unwrap();
    bytes
}

fn said(version: i32, answer: impl Into<Answer>) -> Vec<u8> {
    let mut bytes = Vec::new();
    Codec::new(version).put_answer(answer.into(), &mut bytes).unwrap();
    bytes
}

fn opening(version: i32) -> Vec<u8> {
    let range = format!("v{version}..{version}");
    [&b"API\0\0\0\0"[..], &[u8::try_from(range.len()).unwrap()], range.as_bytes()].concat()
}

fn greeting(version: i32) -> Vec<u8> {
    let body = format!("{version}\x0020260102 15:04:05 UTC\0");
    [&[0, 0, 0, u8::try_from(body.len()).unwrap()], body.as_bytes()].concat()
}

/// A client that speaks a version, and keeps every frame that it is told.
struct Client {
    stream: TcpStream,
    buffer: FrameBuffer,
    version: i32,
    heard: Vec<Vec<u8>>,
}

impl Client {
    fn connect(port: u16, version: i32) -> Self {
        let stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let mut client = Self { stream, buffer: FrameBuffer::opened(), version, heard: Vec::new() };
        client.stream.write_all(&opening(version)).unwrap();
        client.hear().unwrap();
        client.ask(start(1));
        client
    }

    fn ask(&mut self, request: impl Into<Request>) {
        self.stream.write_all(&frame(self.version, request)).unwrap();
    }

    /// The next frame; `None` when the connection has ended.
    fn hear(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(frame) = self.buffer.next_frame().unwrap() {
                let frame = frame.to_vec();
                self.heard.push(frame.clone());
                return Some(frame);
            }
            let mut bytes = [0; 4_096];
            match self.stream.read(&mut bytes).unwrap() {
                0 => return None,
                read => self.buffer.push(&bytes[..read]),
            }
        }
    }

    /// Reads up to an answer of this name.
    fn until(&mut self, name: &str) -> Answer {
        loop {
            let frame = self.hear().unwrap_or_else(|| panic!("closed before {name}"));
            let answer = Codec::new(self.version).answer(&frame).unwrap();
            if answer.name() == name {
                return answer;
            }
        }
    }

    /// Reads up to an error or a notice with this code.
    fn error(&mut self, code: i32) -> ErrorMessage {
        loop {
            let Answer::ErrorMessage(error) = self.until("ERR_MSG") else { panic!("an error") };
            if error.error_code == Some(code) {
                return *error;
            }
        }
    }

    /// A session with an order that is filled; every frame that was heard.
    fn session(mut self) -> Vec<Vec<u8>> {
        self.ask(details(1));
        self.until("CONTRACT_DATA_END");
        self.ask(order(1));
        self.until("COMMISSION_AND_FEES_REPORT");
        self.ask(PositionsRequest {});
        self.until("POSITION_END");
        self.stream.shutdown(Shutdown::Write).unwrap();
        while self.hear().is_some() {}
        self.heard
    }
}

/// A program that serves, and the port that it tells.
#[cfg(unix)]
pub(crate) fn served(place: &Place, typed: &str) -> (Running, u16) {
    let mut running = Running::start(place.command(&format!("--json {typed}")));
    let mut document = String::new();
    while !document.ends_with("}\n") {
        let line = running.line();
        assert!(!line.is_empty(), "it ended: {}", running.end().err);
        document.push_str(&line);
    }
    let document: Value = serde_json::from_str(&document).unwrap();
    (running, u16::try_from(document["port"].as_u64().unwrap()).unwrap())
}

/// Ends it as a person would.
#[cfg(unix)]
pub(crate) fn stopped(running: Running) -> Ran {
    running.signal("INT");
    running.end()
}

#[cfg(unix)]
#[test]
fn a_recorded_session_is_shown_without_what_is_private_and_served_again() {
    for version in [178, 226] {
        let place = Place::new();
        let (server, port) = served(&place, "fake-tws --port 0 --record s.wire");
        let heard = Client::connect(port, version).session();
        let ran = stopped(server);
        assert_eq!(ran.code, Some(130), "{}", ran.err);

        let shown = place.run("wire show s.wire");
        assert_eq!(shown.code, Some(0), "{}", shown.err);
        let whole = place.run("wire show s.wire --orders").out;
        for name in ["placeOrder", "CONTRACT_DATA", "EXECUTION_DATA", "POSITION_DATA", "closed"] {
            assert!(shown.out.contains(name), "{name} is missing in {}", shown.out);
        }
        for private in ["DU1234567", "a-secret-plan", "total_quantity=7", "shares=7", "BOT"] {
            assert!(!shown.out.contains(private), "{private} is told in {}", shown.out);
            assert!(whole.contains(private), "{private} is missing in {whole}");
        }
        assert_eq!(shown.out.lines().count(), whole.lines().count());

        let (replay, port) = served(&place, "fake-tws --port 0 --replay s.wire --speed 100");
        for _ in 0..2 {
            assert_eq!(Client::connect(port, version).session(), heard, "version {version}");
        }
        let mut other = Client::connect(port, version);
        other.ask(MarketDataRequest { req_id: Some(9), contract: apple(), ..Default::default() });
        let error = loop {
            let Answer::ErrorMessage(error) = other.until("ERR_MSG") else { panic!("an error") };
            // The notices about farms come in between.
            if error.id != Some(-1) {
                break error;
            }
        };
        assert_eq!((error.id, error.error_code), (Some(9), Some(320)));
        let ran = stopped(replay);
        assert!(ran.err.contains("never recorded"), "{}", ran.err);
    }
}

/// What goes wrong is in a file: a notice half a second after a client has started, and a placement without an answer.
#[cfg(unix)]
#[test]
fn a_scenario_is_played_to_whoever_connects() {
    for version in [178, 226] {
        let place = Place::new();
        place.file(
            "night.toml",
            "[[rule]]\non = \"start\"\nafter = \"500ms\"\ndo = [{ notice = { code = 1100 } }]\n\
             [[rule]]\non = \"received\"\nmessage = \"placeOrder\"\ndo = [{ refuse = { code = 201 } }]\n",
        );
        let (server, port) = served(&place, "fake-tws --port 0 --scenario night.toml");
        let mut client = Client::connect(port, version);
        assert_eq!(client.error(1100).id, Some(-1), "version {version}");
        client.ask(order(1));
        assert_eq!(client.error(201).id, Some(1), "version {version}");
        let ran = stopped(server);
        assert_eq!(ran.code, Some(130), "{}", ran.err);
    }
    let place = Place::new();
    place.file("odd.toml", "[[rule]]\non = \"never\"\n");
    place.run("fake-tws --port 0 --scenario odd.toml").fails(1, &["odd.toml", "cannot be played"]);
    place.run("fake-tws --port 0 --scenario none.toml").fails(1, &["none.toml", "cannot be read"]);
}

#[cfg(unix)]
#[test]
fn a_proxy_records_what_goes_to_a_tws_and_back() {
    let place = Place::new();
    let (server, port) = served(&place, "fake-tws --port 0");
    let (proxy, door) = served(&place, &format!("wire record --upstream 127.0.0.1:{port} --port 0 p.wire"));
    let heard = Client::connect(door, 178).session();
    stopped(server);
    let ran = stopped(proxy);
    assert_eq!(ran.code, Some(130), "{}", ran.err);
    let shown = place.run("--json wire show p.wire").out;
    let lines: Vec<Value> = shown.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let from_server = lines.iter().filter(|line| line["from"] == "server" && line["name"] != "closed");
    assert_eq!(from_server.count(), heard.len());
    let (replay, port) = served(&place, "fake-tws --port 0 --replay p.wire --speed 100");
    assert_eq!(Client::connect(port, 178).session(), heard);
    stopped(replay);
}

#[cfg(unix)]
#[test]
fn a_proxy_without_a_tws_closes_its_clients_and_says_so() {
    let place = Place::new();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (proxy, door) = served(&place, &format!("wire record --upstream {nobody} --port 0 p.wire"));
    let mut stream = TcpStream::connect(("127.0.0.1", door)).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    assert!(matches!(stream.read(&mut [0; 8]), Ok(0) | Err(_)));
    let ran = stopped(proxy);
    assert!(ran.err.contains("cannot be reached"), "{}", ran.err);
    assert!(place.run("wire show p.wire").out.contains("closed"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_the_session_goes_on() {
    let place = Place::new();
    let (server, port) = served(&place, "fake-tws --port 0 --record /dev/full");
    assert!(Client::connect(port, 178).session().len() > 10);
    let ran = stopped(server);
    assert_eq!(ran.code, Some(1), "{}", ran.err);
    assert!(ran.err.contains("the session goes on") && ran.err.contains("is not whole"), "{}", ran.err);
}

/// A small recording whose every byte is known.
pub(crate) fn recording(place: &Place) -> PathBuf {
    let record = |millis: i64, event| Record {
        at: Timestamp::from_nanos(1_767_366_245_000_000_000 + millis * 1_000_000),
        connection: 1,
        event,
    };
    let client = |bytes| Event::Sent(Side::Client, bytes);
    let server = |bytes| Event::Sent(Side::Server, bytes);
    let accounts = ManagedAccounts { accounts_list: Some("DU1234567".to_owned()) };
    let tick = TickPrice { req_id: Some(5), tick_type: Some(1), price: Some(549.98), ..TickPrice::default() };
    let value = AccountValue {
        key: Some("NetLiquidation".to_owned()),
        value: Some("1000000.00".to_owned()),
        currency: Some("USD".to_owned()),
        account_name: Some("DU1234567".to_owned()),
    };
    let refused = ErrorMessage {
        id: Some(1),
        error_code: Some(201),
        error_msg: Some("Order rejected - reason:\x1b[2JDU1234567 has no money".to_owned()),
        ..ErrorMessage::default()
    };
    let events = [
        record(0, Event::Connected),
        record(1, client(opening(226))),
        record(2, server(greeting(226))),
        record(3, client(frame(226, start(7)))),
        record(4, server([said(226, accounts), said(226, tick)].concat())),
        record(5, client(frame(226, order(1)))),
        record(6, server([said(226, refused), said(226, value)].concat())),
        record(7, server(vec![0, 0, 0, 5, 0, 0, 0, 9, 1])),
        record(8, server(vec![0xff; 6])),
        record(9, Event::Closed(Side::Server, "it was time".to_owned())),
    ];
    let mut bytes = MAGIC.to_vec();
    events.iter().for_each(|record| put_record(record, &mut bytes));
    let path = place.path().join("small.wire");
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn a_recording_is_shown_as_it_was() {
    let place = Place::new();
    recording(&place);
    let shown = |typed: &str| {
        let ran = place.run(typed);
        assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
        ran.out
    };
    insta::assert_snapshot!("wire_show", shown("wire show small.wire"));
    insta::assert_snapshot!("wire_show_orders", shown("wire show small.wire --orders"));
    insta::assert_snapshot!("wire_show_json", shown("--json wire show small.wire"));
}

#[test]
fn what_is_no_recording_or_not_whole_is_told() {
    let place = Place::new();
    place.run("wire show none.wire").fails(1, &["none.wire"]);
    place.file("other.wire", "GET / HTTP/1.1");
    place.run("wire show other.wire").fails(1, &["no recording"]);
    place.run("fake-tws --port 0 --replay other.wire").fails(1, &["no recording"]);
    let bytes = std::fs::read(recording(&place)).unwrap();
    std::fs::write(place.path().join("torn.wire"), &bytes[..bytes.len() - 40]).unwrap();
    let ran = place.run("wire show torn.wire");
    ran.fails(1, &["cut off", "not whole"]);
    assert!(ran.out.contains("placeOrder"), "{}", ran.out);
    let mut damaged = bytes.clone();
    damaged[60] ^= 1;
    std::fs::write(place.path().join("damaged.wire"), damaged).unwrap();
    place.run("wire show damaged.wire").fails(1, &["damaged at byte"]);
}

#[test]
fn a_recording_is_never_written_over_and_flags_must_agree() {
    let place = Place::new();
    let path = recording(&place);
    let before = std::fs::read(&path).unwrap();
    place.run("fake-tws --port 0 --record small.wire").fails(1, &["small.wire", "never written over"]);
    place.run("wire record --upstream 127.0.0.1:1 --port 0 small.wire").fails(1, &["never written over"]);
    assert_eq!(std::fs::read(&path).unwrap(), before);
    place.run("fake-tws --replay small.wire --seed 3").fails(2, &["--seed"]);
    place.run("fake-tws --replay small.wire --record other.wire").fails(2, &["--record"]);
    for wrong in ["127.0.0.1", ":4001", "host:0", "host:x"] {
        place.run(&format!("wire record --upstream {wrong} x.wire")).fails(2, &["a host and a port"]);
    }
    place.run("fake-tws --record no/such/folder/x.wire").fails(1, &["cannot be made"]);
}
