//! Greetings that are late, halved, of another time or of another version: what becomes of each is told in words.

use crate::hand_made::{HandMade, Says, account, greeting, hand_made, next_number};
use crate::link::{at, broker_at, failure, next_notice, notice, peer, run};
use crate::stand::{Stand, on_runtime};
use futures::FutureExt;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tradeport_connection::pacing::{Limits, PacingBudget, QueueSettings, RetrySettings, Rule};
use tradeport_connection::{BrokerLink, LinkError, LinkState, NoticeClass, Pacer};
use tradeport_ib::{ConnectError, IbBroker, NEWEST_SERVER, OLDEST_SERVER, Waits};
use tradeport_kernel::{AccountId, ConnectionEpoch};

const NOW: &str = "20260102 15:04:05 UTC";

async fn open(broker: &IbBroker) -> Result<ConnectionEpoch, ConnectError> {
    let broker = broker.clone();
    on_runtime(async move { broker.open().await }).await
}

/// Connects to somebody who speaks so; nobody waits.
async fn opened(says: Says) -> (Result<ConnectionEpoch, ConnectError>, IbBroker, HandMade) {
    let made = hand_made(says).await;
    let (broker, _clock) = broker_at(at("127.0.0.1", made.port)).await;
    (open(&broker).await, broker, made)
}

/// Waits until nobody is connected there.
async fn left(made: &HandMade) {
    while made.open.load(Ordering::Acquire) > 0 {
        on_runtime(tokio::task::yield_now()).await;
    }
}

#[test]
fn scenario_con_04_no_order_number_is_invented() {
    run(async {
        // It never comes, and nothing else does.
        let silent = hand_made(Says { then: account(), ..Says::usual(226, NOW) }).await;
        let (error, took) = failure(at("127.0.0.1", silent.port)).await;
        assert!(matches!(error, ConnectError::Silent { .. }), "{error:?}");
        assert!(took >= Waits::default().connect, "{took:?}");
        left(&silent).await;
        // It never comes, while everything else does.
        let chatter = notice(2104, "Market data farm connection is OK:usfarm").repeat(150);
        let then = [account(), chatter].concat();
        let (answer, broker, made) = opened(Says { then, ..Says::usual(226, NOW) }).await;
        let error = answer.unwrap_err();
        assert!(error.to_string().contains("does not tell the number of the next order"), "{error}");
        assert_eq!(broker.state(), LinkState::Down);
        left(&made).await;
        assert!(
            matches!(BrokerLink::connect(&broker).await, Err(LinkError::Unready(_))),
            "it is tried again"
        );
    });
}

#[test]
fn a_program_without_accounts_is_not_ready() {
    run(async {
        let chatter = notice(2104, "Market data farm connection is OK:usfarm").repeat(150);
        let then = [next_number(7), chatter].concat();
        let error = opened(Says { then, ..Says::usual(226, NOW) }).await.0.unwrap_err();
        assert!(error.to_string().contains("does not tell its accounts"), "{error}");
    });
}

#[test]
fn scenario_con_07_notices_before_the_order_number_neither_help_nor_harm() {
    run(async {
        let notices = [
            notice(2103, "Market data farm connection is broken:usfarm"),
            notice(2106, "HMDS data farm connection is OK:ushmds"),
            account(),
            notice(2158, "Sec-def data farm connection is OK:secdefil"),
        ];
        let then = [notices.concat(), next_number(9)].concat();
        let (answer, broker, _made) = opened(Says { then, ..Says::usual(226, NOW) }).await;
        assert_eq!(answer.unwrap().number(), 1);
        while broker.upstream().broken().next().is_none() {
            on_runtime(tokio::task::yield_now()).await;
        }
        assert_eq!(
            broker.upstream().broken().collect::<Vec<_>>(),
            ["usfarm"],
            "what was said early is heard"
        );
    });
}

#[test]
fn scenario_con_08_a_greeting_in_pieces_is_a_greeting() {
    run(async {
        let (answer, broker, _made) = opened(Says { in_bytes: true, ..Says::usual(226, NOW) }).await;
        assert_eq!(answer.unwrap().number(), 1);
        assert!(matches!(broker.state(), LinkState::Up { .. }));
        // Half of one is none: it has its deadline, and says that nothing came.
        let whole = greeting(226, NOW);
        let half = Says { greeting: whole[..whole.len() / 2].to_vec(), ..Says::default() };
        let made = hand_made(half).await;
        let (error, took) = failure(at("127.0.0.1", made.port)).await;
        assert!(matches!(error, ConnectError::Silent { .. }), "{error:?}");
        assert!(took >= Waits::default().connect, "not taken for a refusal before: {took:?}");
        left(&made).await;
    });
}

#[test]
fn scenario_con_11_a_level_above_ours_is_refused_in_words() {
    run(async {
        let (answer, _broker, made) = opened(Says::usual(300, NOW)).await;
        let error = answer.unwrap_err();
        assert!(matches!(error, ConnectError::TooNew { version: 300, .. }), "{error:?}");
        assert!(error.to_string().contains("speaks version 300, and 213 to 226 were offered"), "{error}");
        left(&made).await;
        // What we announce is what we hold answers against.
        let announced = format!("v{OLDEST_SERVER}..{NEWEST_SERVER}");
        let heard = made.heard.lock().unwrap()[0].clone();
        assert!(String::from_utf8_lossy(&heard).contains(&announced), "{heard:?}");
        // The newest that was announced is taken.
        let newest = u32::try_from(NEWEST_SERVER).unwrap();
        assert!(opened(Says::usual(newest, NOW)).await.0.is_ok());
    });
}

#[test]
fn scenario_con_13_a_proxy_that_takes_connections_makes_none() {
    run(async {
        let (error, took) = failure(at("127.0.0.1", peer(b"", false).await)).await;
        assert!(matches!(error, ConnectError::Rejected { .. }), "{error:?}");
        assert_eq!(took, Duration::ZERO, "closed at once is told at once");
        let (error, _) = failure(at("127.0.0.1", peer(b"", true).await)).await;
        assert!(matches!(error, ConnectError::Silent { .. }), "{error:?}");
        let (broker, _clock) = broker_at(at("127.0.0.1", peer(b"", false).await)).await;
        for _ in 0..3 {
            let own = broker.clone();
            let answer = on_runtime(async move { BrokerLink::connect(&own).await }).await;
            assert!(matches!(answer, Err(LinkError::Unready(_))), "{answer:?}");
            assert_eq!(broker.state(), LinkState::Down, "a socket is no link");
        }
    });
}

#[test]
fn scenario_con_18_every_attempt_that_fails_is_closed() {
    run(async {
        for says in [
            Says::usual(300, NOW),
            Says::usual(200, NOW),
            Says { greeting: vec![0xff; 64], ..Says::default() },
        ] {
            let made = hand_made(says).await;
            let (broker, _clock) = broker_at(at("127.0.0.1", made.port)).await;
            for _ in 0..20 {
                assert!(open(&broker).await.is_err());
            }
            left(&made).await;
            assert_eq!(broker.alive(), tradeport_ib::Alive::default());
        }
        let stand = Stand::linked().await;
        let (broker, _clock) = broker_at(at("127.0.0.1", stand.wire.port())).await;
        let wrong = at("127.0.0.1", stand.wire.port()).with_account(AccountId::new("DU999").unwrap());
        let (other, _clock) = broker_at(wrong).await;
        for _ in 0..20 {
            assert!(matches!(open(&broker).await, Err(ConnectError::ClientIdInUse { .. })));
            assert!(open(&other).await.is_err());
        }
        while stand.tws.connections().await.unwrap() > 1 {
            on_runtime(tokio::task::yield_now()).await;
        }
        assert_ne!(stand.broker.state(), LinkState::Down, "the one that stands goes on");
    });
}

#[test]
fn scenario_con_20_a_zone_that_nobody_knows_is_told_and_the_connection_stands() {
    run(async {
        for time in ["20250408 01:25:20 Middle Earth Summer Time", "20250408 01:25:20", ""] {
            let made = hand_made(Says::usual(226, time)).await;
            let (broker, _clock) = broker_at(at("127.0.0.1", made.port)).await;
            let mut events = BrokerLink::events(&broker).await.unwrap();
            open(&broker).await.unwrap();
            let (class, text) = next_notice(&mut events).await;
            assert_eq!(class, NoticeClass::Unknown, "one alarm, and nothing else: {text}");
            assert!(text.contains("time zone"), "{text}");
        }
        let made = hand_made(Says::usual(226, "20250408 01:25:20 US/Eastern")).await;
        let (broker, _clock) = broker_at(at("127.0.0.1", made.port)).await;
        let mut events = BrokerLink::events(&broker).await.unwrap();
        open(&broker).await.unwrap();
        on_runtime(tokio::task::yield_now()).await;
        assert!(next_notice(&mut events).now_or_never().is_none(), "a known one is nothing to tell");
    });
}

#[test]
fn scenario_con_22_a_connection_more_than_there_may_be_is_refused_at_once() {
    run(async {
        let made = hand_made(Says::usual(226, NOW)).await;
        let (_, clock) = broker_at(at("127.0.0.1", made.port)).await;
        let limits = Limits::default().with(Rule::Connections, 3, None).unwrap();
        let budget = PacingBudget::new(limits, QueueSettings::default(), RetrySettings::default());
        let pacer = Pacer::new(budget, std::sync::Arc::new(clock.clone()));
        let mut brokers = Vec::new();
        for _ in 0..3 {
            let (broker, _) = broker_at(at("127.0.0.1", made.port).paced_by(pacer.clone())).await;
            open(&broker).await.unwrap();
            brokers.push(broker);
        }
        let (fourth, _) = broker_at(at("127.0.0.1", made.port).paced_by(pacer)).await;
        let error = open(&fourth).await.unwrap_err();
        assert!(matches!(error, ConnectError::TooManyConnections(_)), "it does not hang: {error:?}");
        let first = brokers.remove(0);
        BrokerLink::disconnect(&first).await.unwrap();
        assert!(open(&fourth).await.is_ok(), "the place of another is its own");
    });
}
