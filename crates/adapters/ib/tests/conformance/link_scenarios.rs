//! Rows of the link's families in which the bytes decide: what the adapter makes of them is what the supervisor hears.

use crate::hand_made::next_number;
use crate::link::{at, broker_at, next_notice, notice, notice_about, peer, run};
use crate::stand::{Stand, on_runtime, patient, symbol};
use crate::wire::Fate;
use futures::{FutureExt, StreamExt};
use std::future::Future;
use std::time::Duration;
use tradeport_conformance::fixtures;
use tradeport_connection::{BrokerLink, LinkError, LinkEvent, LinkState, NoticeClass};
use tradeport_ib::{IbBroker, IbSettings};
use tradeport_kernel::{AccountId, Clock, OrderKey, Quantity, TimeRange};
use tradeport_market_data::{BarHistory, BarRequest, BarSize, FeedError, HistoryError, QuoteFeed};
use tradeport_orders::{
    CancelError, ClearedCancel, ClearedOrder, OrderDraft, OrderGateway, OrderKind, PlacedBy, Side,
    SubmitError,
};
use tradeport_portfolio::AccountFeed;

async fn refusal(settings: IbSettings) -> LinkError {
    let (broker, _clock) = broker_at(settings).await;
    connect(&broker).await.unwrap_err()
}

async fn connect(broker: &IbBroker) -> Result<(), LinkError> {
    let broker = broker.clone();
    on_runtime(async move { BrokerLink::connect(&broker).await.map(drop) }).await
}

#[test]
fn scenario_con_01_a_taken_client_id_is_told_as_such() {
    run(async {
        let stand = Stand::linked().await;
        let error = refusal(at("127.0.0.1", stand.wire.port())).await;
        assert!(matches!(error, LinkError::ClientIdTaken(_)), "{error:?}");
        assert_ne!(stand.broker.state(), LinkState::Down, "the first goes on");
    });
}

#[test]
fn scenario_con_09_who_takes_a_connection_and_closes_it_is_not_ready() {
    run(async {
        let error = refusal(at("127.0.0.1", peer(b"", false).await)).await;
        assert!(matches!(error, LinkError::Unready(_)), "{error:?}");
    });
}

#[test]
fn scenario_con_10_a_level_that_we_do_not_speak_is_refused_in_words() {
    run(async {
        let old = b"\0\0\0\x1a200\x0020260102 15:04:05 UTC\0";
        let LinkError::Refused(cause) = refusal(at("127.0.0.1", peer(old, true).await)).await else {
            panic!("it is no use to wait")
        };
        assert!(cause.to_string().contains("update"), "{cause}");
    });
}

#[test]
fn scenario_con_21_another_account_is_told_as_such() {
    run(async {
        let stand = Stand::down().await;
        let wanted = AccountId::new("DU999").unwrap();
        let error = refusal(at("127.0.0.1", stand.wire.port()).with_account(wanted)).await;
        assert!(matches!(error, LinkError::WrongAccount(_)), "{error:?}");
    });
}

#[test]
fn scenario_net_11_a_frame_that_is_cut_leaves_nothing_to_the_next_connection() {
    run(async {
        let stand = Stand::linked().await;
        for _ in 0..5 {
            // A frame of 256 bytes, of which three come.
            stand.wire.inject(vec![0, 0, 1, 0, 1, 2, 3]);
            stand.drop_link().await;
            stand.connect().await;
            stand.settle().await;
            assert!(stand.broker.probe(std::time::Duration::from_secs(60)).await.is_ok());
        }
    });
}

fn order(name: &str, limit: &str) -> ClearedOrder {
    let (account, ten) = (AccountId::new("DU1234567").unwrap(), "10".parse::<Quantity>().unwrap());
    let kind = OrderKind::Limit { limit: limit.parse().unwrap() };
    let draft = OrderDraft::new(OrderKey::new(name).unwrap(), account, symbol("AAPL"), Side::Buy, ten, kind);
    fixtures::cleared_order(draft.check().unwrap())
}

fn cancel(name: &str) -> ClearedCancel {
    fixtures::cleared_cancel(&OrderKey::new(name).unwrap(), None, None)
}

/// A second client of the same TWS.
pub(crate) async fn another_client(stand: &Stand) -> IbBroker {
    let settings = IbSettings::new("127.0.0.1", stand.wire.port(), 8).unwrap().with_waits(patient());
    let clock = std::sync::Arc::new(stand.clock.clone());
    let paced = settings.paced_by(crate::stand::unpaced(&stand.clock));
    let other = on_runtime(async move { IbBroker::new(paced, clock).unwrap() }).await;
    connect(&other).await.unwrap();
    other
}

#[test]
fn scenario_con_02_orders_belong_to_the_client_id_that_placed_them() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&order("ours", "50")).await.unwrap();
        let other = another_client(&stand).await;
        let refused = other.cancel(&cancel("ours")).await.unwrap_err();
        assert!(
            matches!(&refused, CancelError::Refused { reason } if reason.contains("belongs to client ")),
            "{refused:?}"
        );
        let open = stand.broker.open_orders().await.unwrap();
        assert_eq!(open.rows().len(), 1, "it works as before");
        stand.broker.cancel(&cancel("ours")).await.unwrap();
        // Whoever finds its id taken comes again with the same one.
        let (taken, _clock) = broker_at(at("127.0.0.1", stand.wire.port())).await;
        for _ in 0..3 {
            assert!(matches!(connect(&taken).await, Err(LinkError::ClientIdTaken(_))));
            assert_eq!(taken.settings().client_id(), 7);
        }
    });
}

#[test]
fn whose_order_it_is_stands_in_the_list_of_each_client() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&order("ours", "50")).await.unwrap();
        let other = another_client(&stand).await;
        let placed_by = async |broker: &IbBroker| {
            let open = broker.open_orders().await.unwrap();
            assert_eq!(open.rows().len(), 1);
            open.rows()[0].placed_by
        };
        assert_eq!(placed_by(&stand.broker).await, Some(PlacedBy::ThisClient));
        assert_eq!(placed_by(&other).await, Some(PlacedBy::OtherClient));
    });
}

/// Frames that end snapshots: open orders, executions, positions.
const ENDS: [(u32, u32); 3] = [(16, 53), (7, 55), (74, 72)];

async fn snapshot(broker: &IbBroker, asked: u32) -> bool {
    let account = AccountId::new("DU1234567").unwrap();
    match asked {
        16 => broker.open_orders().await.is_ok(),
        7 => broker.executions(tradeport_kernel::Timestamp::EPOCH).await.is_ok(),
        _ => broker.positions(&account).await.is_ok(),
    }
}

/// The answer of something, while time passes whenever nothing else happens.
async fn while_time_passes<T: Send + 'static>(
    stand: &Stand,
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    let mut work = on_runtime(work).boxed();
    for turn in 0.. {
        if let Some(done) = (&mut work).now_or_never() {
            return done;
        }
        stand.tws.with(|_| ()).await.unwrap();
        on_runtime(tokio::task::yield_now()).await;
        if turn % 20 == 19 {
            stand.clock.advance(Duration::from_secs(1));
        }
    }
    unreachable!("it goes on until there is an answer")
}

#[test]
fn scenario_con_05_snapshots_without_an_end_are_no_answer_and_have_their_limit() {
    run(async {
        let stand = Stand::quoted().await;
        stand.wire.script(Box::new(|kind, _| {
            if ENDS.iter().any(|(_, end)| *end == kind) { Fate::Drop } else { Fate::Pass }
        }));
        for (asked, _) in ENDS {
            let (broker, before) = (stand.broker.clone(), stand.clock.now());
            let whole = while_time_passes(&stand, async move { snapshot(&broker, asked).await }).await;
            assert!(!whole, "{asked} was answered without its end");
            let took = stand.clock.now().since(before);
            assert!(took <= Duration::from_secs(60), "{took:?}");
        }
        assert_ne!(stand.broker.state(), LinkState::Down, "what becomes of it is not decided here");
    });
}

#[test]
fn scenario_con_06_one_snapshot_without_an_end_fails_alone() {
    run(async {
        let stand = Stand::quoted().await;
        stand.wire.script(Box::new(|kind, _| if kind == 55 { Fate::Drop } else { Fate::Pass }));
        let broker = stand.broker.clone();
        assert!(!while_time_passes(&stand, async move { snapshot(&broker, 7).await }).await);
        for asked in [16, 74] {
            let broker = stand.broker.clone();
            assert!(
                while_time_passes(&stand, async move { snapshot(&broker, asked).await }).await,
                "{asked}"
            );
        }
        let quotes = stand.broker.subscribe(&[symbol("AAPL")]).await;
        assert!(quotes.is_ok(), "data runs");
    });
}

#[test]
fn scenario_con_15_what_is_sent_as_soon_as_the_link_is_told_is_answered() {
    run(async {
        let stand = Stand::quoted().await;
        for round in 0..10 {
            let mut events = BrokerLink::events(&stand.broker).await.unwrap();
            stand.drop_link().await;
            let broker = stand.broker.clone();
            let sending = on_runtime(async move {
                while let Some(event) = events.next().await {
                    let LinkEvent::Established { epoch, .. } = event else { continue };
                    let name = format!("at-once-{round}");
                    return broker.submit(&order(&name, "50")).await.map(|taken| (epoch, taken.epoch));
                }
                unreachable!("it is established")
            });
            let (sent, ()) = futures::join!(sending, stand.connect());
            let (told, taken) = sent.unwrap();
            assert_eq!(told, taken, "its answer is of the new epoch");
        }
        assert_eq!(stand.broker.open_orders().await.unwrap().rows().len(), 10);
    });
}

#[test]
fn scenario_con_16_questions_of_a_lost_epoch_end_at_once() {
    run(async {
        let stand = Stand::quoted().await;
        stand.wire.mute();
        let asking = ENDS.map(|(asked, _)| {
            let broker = stand.broker.clone();
            on_runtime(async move { snapshot(&broker, asked).await }).boxed()
        });
        let before = stand.clock.now();
        let cutting = async {
            while stand.wire.asked().iter().filter(|kind| [16, 7, 74].contains(*kind)).count() < 2 {
                on_runtime(tokio::task::yield_now()).await;
            }
            stand.drop_link().await;
        };
        let (answers, ()) = futures::join!(futures::future::join_all(asking), cutting);
        assert_eq!(answers, [false; 3]);
        assert_eq!(stand.clock.now(), before, "nobody waited for a limit");
    });
}

#[test]
fn scenario_con_19_read_only_refuses_the_order_and_is_told_of_the_link() {
    run(async {
        let stand = Stand::quoted().await;
        let first = stand.broker.submit(&order("first", "50")).await.unwrap();
        let next = i32::try_from(first.broker_order_id.number()).unwrap() + 1;
        let mut events = BrokerLink::events(&stand.broker).await.unwrap();
        stand.wire.script(Box::new(|kind, _| if [3, 5].contains(&kind) { Fate::Drop } else { Fate::Pass }));
        let broker = stand.broker.clone();
        let placed = stand.wire.asked().len();
        let sending = on_runtime(async move { broker.submit(&order("second", "51")).await });
        let saying = async {
            while !stand.wire.asked()[placed..].contains(&3) {
                on_runtime(tokio::task::yield_now()).await;
            }
            let text =
                "Error validating request.-'bE' : cause - The API interface is currently in Read-Only mode.";
            stand.wire.inject(notice_about(next, 321, text));
        };
        let (answer, ()) = futures::join!(sending, saying);
        assert!(
            matches!(&answer, Err(SubmitError::Refused { reason }) if reason.contains("Read-Only")),
            "{answer:?}"
        );
        let (class, text) = next_notice(&mut events).await;
        assert_eq!(class, NoticeClass::ReadOnly, "{text}");
        assert_ne!(stand.broker.state(), LinkState::Down);
        assert!(stand.broker.subscribe(&[symbol("AAPL")]).await.is_ok(), "data goes on");
    });
}

#[test]
fn scenario_rst_02_order_numbers_that_go_back_are_not_used_again() {
    run(async {
        let stand = Stand::quoted().await;
        let mut used = Vec::new();
        for name in ["a", "b"] {
            used.push(stand.broker.submit(&order(name, "50")).await.unwrap().broker_order_id.number());
        }
        // The program has restarted, and begins far below.
        stand.wire.replace(9, next_number(1));
        stand.reconnect().await;
        for name in ["c", "d"] {
            used.push(stand.broker.submit(&order(name, "50")).await.unwrap().broker_order_id.number());
        }
        assert!(used.is_sorted_by(|a, b| a < b), "{used:?}");
        // Another process of ours has only what the broker lists.
        stand.drop_link().await;
        let (port, clock) = (stand.wire.port(), std::sync::Arc::new(stand.clock.clone()));
        let paced = at("127.0.0.1", port).paced_by(crate::stand::unpaced(&stand.clock));
        let next = on_runtime(async move { IbBroker::new(paced, clock).unwrap() }).await;
        connect(&next).await.unwrap();
        let taken = next.submit(&order("e", "50")).await.unwrap().broker_order_id.number();
        assert!(used.iter().all(|it| *it < taken), "{taken} after {used:?}");
        // Each answer finds its own order.
        for name in ["a", "c", "e"] {
            next.cancel(&cancel(name)).await.unwrap();
        }
        let mut left: Vec<String> = Vec::new();
        for row in next.open_orders().await.unwrap().rows() {
            left.extend(row.key.as_ref().map(ToString::to_string));
        }
        left.sort();
        assert_eq!(left, ["b", "d"]);
    });
}

#[test]
fn scenario_rst_11_a_session_that_is_taken_away_ends_and_says_so() {
    run(async {
        let stand = Stand::linked().await;
        let mut events = BrokerLink::events(&stand.broker).await.unwrap();
        stand.wire.inject(notice(1300, "Socket port has been reset and this connection is being dropped."));
        let (class, _) = next_notice(&mut events).await;
        assert_eq!(class, NoticeClass::SessionEnds);
        stand.drop_link().await;
        assert_eq!(stand.broker.state(), LinkState::Down, "it comes back only when it is told to");
    });
}

#[test]
fn scenario_net_07_one_line_that_is_refused_holds_no_other_up() {
    run(async {
        let stand = Stand::quoted().await;
        let mut lines = Vec::new();
        for name in ["AAPL", "NOPE", "IBM"] {
            lines.push(stand.broker.subscribe(&[symbol(name)]).await);
        }
        assert!(lines[0].is_ok() && lines[2].is_ok());
        assert!(matches!(&lines[1], Err(FeedError::UnknownSymbol(of)) if *of == symbol("NOPE")));
        assert_eq!(stand.wire.lines(), 2);
    });
}

#[test]
fn scenario_his_04_history_that_runs_out_of_time_is_cancelled_at_tws() {
    run(async {
        let (ask, give_up, bars, end) = (20, 25, 17, 108);
        let stand = Stand::linked().await;
        let past = fixtures::plain_bars(symbol("AAPL"), BarSize::DAY, 1);
        stand.tws.with(move |server| server.world_mut().tell_past(past)).await.unwrap();
        stand.wire.script(Box::new(
            move |kind, _| if [bars, end].contains(&kind) { Fate::Drop } else { Fate::Pass },
        ));
        let end = stand.clock.now().before(Duration::from_secs(86_400));
        let range = TimeRange::new(fixtures::moment(0), end);
        let request = BarRequest { symbol: symbol("AAPL"), size: BarSize::DAY, range };
        let broker = stand.broker.clone();
        let answer = while_time_passes(&stand, async move { broker.bars(&request).await }).await;
        assert!(matches!(answer, Err(HistoryError::Unavailable(_))), "{answer:?}");
        assert!(stand.wire.asked().contains(&ask));
        while !stand.wire.asked().contains(&give_up) {
            on_runtime(tokio::task::yield_now()).await;
        }
        assert_eq!(stand.broker.pacer().gauges().open, 0, "its place is given back");
    });
}

#[test]
fn two_hundred_who_ask_of_one_new_name_look_it_up_once() {
    run(async {
        let stand = Stand::linked().await;
        let look_up = 9;
        let times = || stand.wire.asked().into_iter().filter(|it| *it == look_up).count();
        for (name, is_there) in [("MSFT", true), ("NOPE", false)] {
            let before = times();
            let range = TimeRange::new(fixtures::moment(0), fixtures::moment(60));
            let request = BarRequest { symbol: symbol(name), size: BarSize::MINUTE, range };
            let broker = stand.broker.clone();
            // All of them ask before anything is answered: whoever comes after a refusal may ask again.
            let held = stand.wire.hold_answers().await;
            let all = async move {
                let mut asking: Vec<_> = (0..200).map(|_| broker.bars(&request)).collect();
                for one in &mut asking {
                    assert!(futures::poll!(one).is_pending());
                }
                drop(held);
                futures::future::join_all(asking).await
            };
            let answers = on_runtime(tokio::task::unconstrained(all)).await;
            let is_known =
                |answer: &Result<_, HistoryError>| !matches!(answer, Err(HistoryError::UnknownSymbol(_)));
            assert!(answers.iter().all(|answer| is_known(answer) == is_there), "{name}: {:?}", answers[0]);
            assert_eq!(times() - before, 1, "{name}");
        }
        // What was not there may be now.
        drop(stand.broker.snapshot(symbol("NOPE")).await);
        assert_eq!(times(), 3);
    });
}
