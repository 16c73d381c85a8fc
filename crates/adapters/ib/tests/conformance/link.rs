//! Connections: what goes wrong with them and what is said about it, how they end, and that nothing is left of them.

use crate::stand::{NOON, Stand, on_runtime, patient, symbol};
use crate::wire::Fate;
use futures::{FutureExt, StreamExt};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tradeport_connection::{BrokerLink, Farm, LinkEvent, LinkEvents, LinkState, NoticeClass};
use tradeport_contracts::{CatalogError, ContractCatalog, Instrument, Stock};
use tradeport_fake_tws::wire::Codec;
use tradeport_fake_tws::wire::proto::ErrorMessage;
use tradeport_ib::{Alive, ConnectError, IbBroker, IbSettings, Waits};
use tradeport_kernel::{AccountId, Clock, Timestamp};
use tradeport_market_data::QuoteFeed;
use tradeport_memory::VirtualClock;
use tradeport_orders::OrderGateway;
use tradeport_portfolio::AccountFeed;

pub(crate) fn run(test: impl Future<Output = ()>) {
    futures::executor::block_on(test);
}

/// Somebody who listens, and does this with every connection; where.
pub(crate) async fn peer(answer: &'static [u8], keeps_open: bool) -> u16 {
    on_runtime(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    // What it is asked does not matter to it.
                    let mut question = [0; 64];
                    assert!(stream.read(&mut question).await.unwrap_or(0) <= question.len());
                    stream.write_all(answer).await.unwrap_or_default();
                    if keeps_open {
                        while stream.read(&mut question).await.unwrap_or(0) > 0 {}
                    }
                });
            }
        });
        port
    })
    .await
}

pub(crate) async fn broker_at(settings: IbSettings) -> (IbBroker, VirtualClock) {
    let clock = VirtualClock::new(NOON);
    let own = clock.clone();
    let broker = on_runtime(async move { IbBroker::new(settings, Arc::new(own)).unwrap() }).await;
    (broker, clock)
}

pub(crate) fn at(host: &str, port: u16) -> IbSettings {
    IbSettings::new(host, port, 7).unwrap().with_waits(patient())
}

/// Connects while time passes whenever everybody waits for it.
pub(crate) async fn failure(settings: IbSettings) -> (ConnectError, Duration) {
    let (broker, clock) = broker_at(settings).await;
    let connecting = on_runtime_now(async move { broker.open().await });
    futures::pin_mut!(connecting);
    loop {
        match (&mut connecting).now_or_never() {
            Some(answer) => return (answer.unwrap_err(), clock.now().since(NOON)),
            None => on_runtime(tokio::task::yield_now()).await,
        }
        if PATIENCE.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 2_000 == 1_999 {
            // Nothing has happened for a while: only time is missing.
            clock.advance(Duration::from_secs(1));
        }
    }
}

static PATIENCE: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);

fn on_runtime_now<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> {
    on_runtime(work)
}

#[test]
fn nobody_listens() {
    run(async {
        let port = on_runtime(async {
            let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
            free.local_addr().unwrap().port()
        })
        .await;
        let (error, took) = failure(at("127.0.0.1", port)).await;
        assert!(took <= Waits::default().connect, "{took:?}");
        assert!(matches!(error, ConnectError::NobodyListens { .. }), "{error:?}");
        let told = format!(
            "nobody listens at 127.0.0.1:{port}: check that TWS or IB Gateway runs and is logged in, that its API is \
             switched on; its host and port (TWS 7497 paper, 7496 live; Gateway 4002 paper, 4001 live); and that it \
             lets this machine in (trusted addresses)"
        );
        assert_eq!(error.to_string(), told);
    });
}

/// Somebody whose queue of connections is full: what knocks on is dropped, as a firewall does it.
#[cfg(target_os = "linux")]
#[test]
fn packets_go_and_none_comes_back() {
    run(async {
        let (_full, _first, port) = on_runtime(async {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let full = socket.listen(0).unwrap();
            let address = full.local_addr().unwrap();
            // The only one that has room; it is never taken.
            let first = tokio::net::TcpStream::connect(address).await.unwrap();
            (full, first, address.port())
        })
        .await;
        let (error, took) = failure(at("127.0.0.1", port)).await;
        assert!(matches!(error, ConnectError::Unreachable { .. }), "{error:?}");
        let limit = Waits::default().connect;
        let told = format!(
            "no answer from 127.0.0.1:{port} within {} ms: check the host, and that no firewall is in between",
            limit.as_millis()
        );
        assert_eq!(error.to_string(), told);
        // Time goes in steps of a second here, and a look at whether anybody is there takes one at most.
        assert!(took >= limit && took <= limit + Duration::from_secs(3), "{took:?}");
    });
}

#[test]
fn nobody_knows_the_host() {
    run(async {
        let (error, took) = failure(at("no..host", 4_002)).await;
        assert!(took <= Waits::default().connect, "{took:?}");
        assert!(matches!(error, ConnectError::UnknownHost { .. }), "{error:?}");
        let told = "the host no..host has no address: check the host's name and the network";
        assert_eq!(error.to_string(), told);
    });
}

#[test]
fn somebody_says_nothing() {
    run(async {
        for beginning in [&b""[..], b"\0\0\0\x1a226\x0020260102 15:04:05 UTC\0"] {
            let port = peer(beginning, true).await;
            let (error, took) = failure(at("127.0.0.1", port)).await;
            assert!(matches!(error, ConnectError::Silent { .. }), "{error:?}");
            let limit = Waits::default().connect;
            let told = format!(
                "127.0.0.1:{port} takes connections and says nothing within {} ms: check that it is TWS or IB Gateway, \
                 that nobody must confirm the connection there, and restart it if it hangs",
                limit.as_millis()
            );
            assert_eq!(error.to_string(), told);
            // Time goes in steps of a second here, and a look at whether anybody is there takes one at most.
            assert!(took >= limit && took <= limit + Duration::from_secs(3), "{took:?}");
        }
    });
}

#[test]
fn somebody_closes_at_once() {
    run(async {
        let port = peer(b"", false).await;
        let (error, took) = failure(at("127.0.0.1", port)).await;
        assert!(took <= Waits::default().connect, "{took:?}");
        assert!(matches!(error, ConnectError::Rejected { .. }), "{error:?}");
        let told = format!(
            "127.0.0.1:{port} closes the connection: check that the API lets this machine in (trusted addresses), that \
             socket clients are enabled, and that TWS or IB Gateway is of 2025 or later (server version 213)"
        );
        assert_eq!(error.to_string(), told);
    });
}

#[test]
fn somebody_is_too_old() {
    run(async {
        for (version, old) in [
            (200, &b"\0\0\0\x1a200\x0020260102 15:04:05 UTC\0"[..]),
            (212, b"\0\0\0\x1a212\x0020260102 15:04:05 UTC\0"),
        ] {
            let port = peer(old, true).await;
            let (error, took) = failure(at("127.0.0.1", port)).await;
            assert!(matches!(error, ConnectError::TooOld { .. }), "{error:?}");
            let told = format!(
                "the server at 127.0.0.1:{port} speaks version {version}, and 213 is needed: update TWS or IB Gateway"
            );
            assert_eq!(error.to_string(), told);
            assert!(took <= Waits::default().connect, "{took:?}");
        }
    });
}

#[test]
fn somebody_speaks_another_language() {
    run(async {
        for garbage in [
            &b"HTTP/1.1 400 Bad Request\r\n\r\n"[..],
            b"\0\0\0\x04abcd",
            b"\0\0\0\x08\xff\xfe\xff\xfe\xff\xfe\xff\xfe",
        ] {
            let port = peer(garbage, true).await;
            let (error, took) = failure(at("127.0.0.1", port)).await;
            assert!(took <= Waits::default().connect, "{took:?}");
            assert!(matches!(error, ConnectError::NotTws { .. }), "{error:?}");
            let told =
                format!("what answers at 127.0.0.1:{port} is no TWS or IB Gateway: check host and port");
            assert_eq!(error.to_string(), told);
        }
    });
}

#[test]
fn somebody_has_our_client_id() {
    run(async {
        let stand = Stand::linked().await;
        let (error, took) = failure(at("127.0.0.1", stand.wire.port())).await;
        assert!(took <= Waits::default().connect, "{took:?}");
        assert!(matches!(error, ConnectError::ClientIdInUse { client_id: 7, .. }), "{error:?}");
        let told = format!(
            "client id 7 is in use at 127.0.0.1:{}: close the other program, or give this one another client id",
            stand.wire.port()
        );
        assert_eq!(error.to_string(), told);
        assert_ne!(stand.broker.state(), LinkState::Down, "the first goes on");
    });
}

#[test]
fn the_account_is_not_there() {
    run(async {
        let stand = Stand::down().await;
        let settings = at("127.0.0.1", stand.wire.port());
        let (error, took) = failure(settings.clone().with_account(AccountId::new("DU999").unwrap())).await;
        assert!(took <= Waits::default().connect, "{took:?}");
        assert!(matches!(error, ConnectError::WrongAccount { .. }), "{error:?}");
        let told = format!(
            "account DU999 is not managed at 127.0.0.1:{}: it manages DU1234567; check the account and the login",
            stand.wire.port()
        );
        assert_eq!(error.to_string(), told);
        stand.forgotten().await;
        let (broker, _clock) = broker_at(settings.with_account(AccountId::new("DU1234567").unwrap())).await;
        on_runtime(async move { broker.open().await.unwrap() }).await;
    });
}

/// Something that TWS says beside all questions.
pub(crate) fn notice(code: i32, text: &str) -> Vec<u8> {
    notice_about(-1, code, text)
}

/// Something that TWS says of a question or an order.
pub(crate) fn notice_about(id: i32, code: i32, text: &str) -> Vec<u8> {
    let error = ErrorMessage {
        id: Some(id),
        error_code: Some(code),
        error_msg: Some(text.to_owned()),
        ..ErrorMessage::default()
    };
    let mut frame = Vec::new();
    Codec::new(226).put_answer(error.into(), &mut frame).unwrap();
    frame
}

pub(crate) async fn next_notice(events: &mut LinkEvents) -> (NoticeClass, String) {
    loop {
        if let Some(LinkEvent::Noticed { notice }) = events.next().await {
            return (notice.class, notice.text);
        }
    }
}

#[test]
fn what_is_behind_tws_is_told_when_it_changes() {
    run(async {
        let stand = Stand::down().await;
        let mut events = BrokerLink::events(&stand.broker).await.unwrap();
        stand.connect().await;
        let say = |code, text| stand.wire.inject(notice(code, text));
        for repeat in [1100, 1100] {
            say(repeat, "Connectivity between IB and Trader Workstation has been lost.");
        }
        say(1102, "Connectivity has been restored - data maintained.");
        say(1101, "");
        say(2103, "Marktdatenfarm-Verbindung ist unterbrochen:usfarm");
        say(2104, "Market data farm connection is OK:usfarm");
        say(77_777, "something new");
        let mut classes = Vec::new();
        while classes.last() != Some(&NoticeClass::Unknown) {
            classes.push(next_notice(&mut events).await.0);
        }
        use NoticeClass::{BrokerOffline, BrokerOnline, DataLost, FarmDown, FarmUp, Unknown};
        let farm = Farm::MarketData;
        assert_eq!(classes, [BrokerOffline, BrokerOnline, DataLost, FarmDown(farm), FarmUp(farm), Unknown]);
        assert!(!stand.broker.upstream().is_offline());
        assert_ne!(stand.broker.state(), LinkState::Down, "the socket stands all the while");
    });
}

#[test]
fn scenario_rst_10_a_contract_that_cannot_be_looked_up_now_is_not_unknown() {
    run(async {
        let stand = Stand::linked().await;
        let nobody: Instrument = Stock::new("NOPE").unwrap().into();
        assert!(matches!(stand.broker.resolve(&nobody).await, Err(CatalogError::NotFound(_))));
        stand.wire.inject(notice(2157, "Sec-def data farm connection is broken:secdefil"));
        while !stand.broker.upstream().is_blind() {
            on_runtime(tokio::task::yield_now()).await;
        }
        let answer = stand.broker.resolve(&nobody).await;
        assert!(matches!(answer, Err(CatalogError::Unavailable(_))), "{answer:?}");
    });
}

#[test]
fn a_connection_without_a_sign_of_life_is_over_within_its_limit() {
    const LIMIT: Duration = Duration::from_secs(45);
    run(async {
        let waits = Waits { heartbeat: Some(Duration::from_secs(30)), ..Waits::default() };
        let stand = Stand::down_at(NOON, waits).await;
        let mut events = BrokerLink::events(&stand.broker).await.unwrap();
        stand.connect().await;
        stand.wire.mute();
        let mut looks = 0_u32;
        let lost = loop {
            match events.next().now_or_never() {
                Some(Some(LinkEvent::Lost { at, reason, .. })) => break (at, reason),
                Some(_) => continue,
                None => {}
            }
            // Time goes only where somebody waits for it, so that nobody is late. Others wait for longer: it goes there only where
            // nobody else comes to wait meanwhile.
            looks += 1;
            let is_due = |deadline: &Timestamp| deadline.since(NOON) <= LIMIT || looks > 10_000;
            if let Some(deadline) = stand.clock.next_deadline().filter(is_due) {
                looks = 0;
                stand.clock.advance_to(deadline);
            }
            on_runtime(tokio::task::yield_now()).await;
        };
        let (at, reason) = lost;
        assert!(reason.contains("no sign of life within 15000 ms"), "{reason}");
        assert_eq!(at.since(NOON), LIMIT, "30 until it is asked, 15 until it is over");
        assert_eq!(stand.broker.state(), LinkState::Down);
        stand.forgotten().await;
    });
}

/// Connects so often, reads everything that can be read, and ends it in every way; then nothing is left.
async fn connect_and_leave(times: usize) {
    let stand = Stand::down().await;
    for round in 0..times {
        // Messages are spaced on this clock.
        stand.clock.advance(Duration::from_secs(1));
        stand.connect().await;
        let quotes = stand.broker.subscribe(&[symbol("AAPL")]).await.unwrap();
        let accounts = AccountFeed::events(&stand.broker).await.unwrap();
        let orders = OrderGateway::events(&stand.broker).await.unwrap();
        match round % 3 {
            0 => {
                drop((quotes, accounts, orders));
                stand.broker.disconnect().await.unwrap();
            }
            1 => {
                stand.broker.disconnect().await.unwrap();
                drop((quotes, accounts, orders));
            }
            _ => {
                stand.drop_link().await;
                drop((quotes, accounts, orders));
            }
        }
        stand.forgotten().await;
    }
    while stand.broker.alive() != Alive::default() {
        on_runtime(tokio::task::yield_now()).await;
    }
    assert_eq!(stand.tws.connections().await.unwrap(), 0);
    let open = stand.broker.pacer().gauges().open;
    assert_eq!(open, 0, "requests that the budget takes for open");
}

/// How many files this process has open; `None` where that cannot be seen.
fn open_files() -> Option<usize> {
    std::fs::read_dir("/proc/self/fd").ok().map(Iterator::count)
}

#[test]
fn nothing_is_left_of_two_hundred_connections() {
    run(connect_and_leave(200));
}

/// What is open and what runs in the whole process, the library's own tasks included.
async fn in_the_process() -> (Option<usize>, usize) {
    let tasks = on_runtime(async { tokio::runtime::Handle::current().metrics().num_alive_tasks() });
    (open_files(), tasks.await)
}

/// It must be alone in its process.
#[test]
#[ignore = "long without optimisation, and counts what the whole process has open: cargo xtask ci --only laws"]
fn nothing_is_left_of_ten_thousand_connections() {
    run(async {
        connect_and_leave(100).await;
        let (files, tasks) = in_the_process().await;
        connect_and_leave(10_000).await;
        let (files_after, tasks_after) = in_the_process().await;
        assert!(
            files_after.unwrap_or(0) <= files.unwrap_or(0) + 8,
            "{files:?} open files, then {files_after:?}"
        );
        assert!(tasks_after <= tasks + 8, "{tasks} tasks, then {tasks_after}");
    });
}

/// A message with a number that nobody gave, and bytes that are no message at all.
#[test]
fn garbage_later_on_is_told_or_ends_the_connection() {
    run(async {
        let stand = Stand::linked().await;
        let mut events = BrokerLink::events(&stand.broker).await.unwrap();
        stand.wire.inject([&12_u32.to_be_bytes()[..], &399_u32.to_be_bytes(), &[1; 8]].concat());
        let (class, text) = next_notice(&mut events).await;
        assert_eq!(class, NoticeClass::Unknown, "{text}");
        assert_ne!(stand.broker.state(), LinkState::Down, "what it means may be known one day");
        stand.wire.inject(vec![0xff; 64]);
        while !matches!(events.next().await, Some(LinkEvent::Lost { .. })) {}
        assert_eq!(stand.broker.state(), LinkState::Down);
        stand.forgotten().await;
        stand.connect().await;
    });
}

/// TWS drops a message that comes too fast, and does not say which.
#[test]
fn a_message_that_was_dropped_ends_the_connection_and_every_question() {
    run(async {
        let stand = Stand::linked().await;
        let mut events = BrokerLink::events(&stand.broker).await.unwrap();
        let (contract, end) = (10, 52);
        stand.wire.script(Box::new(
            move |kind, _| {
                if [contract, end].contains(&kind) { Fate::Drop } else { Fate::Pass }
            },
        ));
        let broker = stand.broker.clone();
        let asking =
            on_runtime(async move { broker.resolve(&Stock::new("MSFT").unwrap().into()).await.map(drop) });
        let saying = async {
            while !stand.wire.asked().contains(&9) {
                on_runtime(tokio::task::yield_now()).await;
            }
            let text = "Max rate of messages per second has been exceeded:max=50 rec=51 (1)";
            stand.wire.inject(notice(100, text));
        };
        let (answer, ()) = futures::future::join(asking, saying).await;
        assert!(matches!(answer, Err(CatalogError::Unavailable(_))), "{answer:?}");
        assert_eq!(stand.clock.now(), NOON, "nobody waits for a limit");
        let reason = loop {
            if let Some(LinkEvent::Lost { reason, .. }) = events.next().await {
                break reason;
            }
        };
        assert!(reason.contains("a message that came too fast"), "{reason}");
        assert_eq!(stand.broker.state(), LinkState::Down);
        stand.forgotten().await;
        stand.wire.script(Box::new(|_, _| Fate::Pass));
        stand.connect().await;
        stand.broker.resolve(&Stock::new("MSFT").unwrap().into()).await.unwrap();
    });
}

#[test]
fn dropping_the_broker_ends_everything() {
    run(async {
        let Stand { broker, wire, tws, clock } = Stand::linked().await;
        let quotes = broker.subscribe(&[symbol("AAPL")]).await.unwrap();
        drop(broker);
        let mut quotes = quotes.events;
        let last = quotes.next().await;
        assert!(matches!(last, Some(tradeport_market_data::FeedEvent::EpochLost(_))), "{last:?}");
        assert_eq!(quotes.next().await, None);
        while tws.connections().await.unwrap() > 0 {
            on_runtime(tokio::task::yield_now()).await;
        }
        drop((wire, clock));
    });
}

#[test]
fn an_adapter_outside_of_a_runtime_is_refused() {
    let clock = Arc::new(VirtualClock::new(NOON));
    assert!(IbBroker::new(at("127.0.0.1", 1), clock).is_err());
    for (host, client) in [("", 1), ("a b", 1), ("here", -1)] {
        assert!(IbSettings::new(host, 1, client).is_err(), "{host:?} {client}");
    }
}
