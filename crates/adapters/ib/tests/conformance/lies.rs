//! A TWS that lies: says things twice, late, in another order, not at all, or so that nobody can read them. Each lie ends
//! in the truth or in an error, never in a row that is missing.

use crate::chaos::in_the_end as patiently;
use crate::stand::{Stand, on_runtime, symbol};
use crate::wire::Fate;
use futures::FutureExt;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_conformance::{drain, fixtures};
use tradeport_connection::{BrokerLink, LinkState};
use tradeport_contracts::{CatalogError, ContractCatalog, Instrument, Stock};
use tradeport_ib::IbBroker;
use tradeport_kernel::{AccountId, Clock, OrderKey, Quantity, Timestamp};
use tradeport_market_data::{BarHistory, BarRequest, BarSize, FeedEvent, QuoteFeed};
use tradeport_orders::{
    BrokerEvent, BrokerNews, BrokerPhase, CancelError, ClearedOrder, GatewayError, OrderDraft, OrderGateway,
    OrderKind, Side, SubmitError,
};
use tradeport_portfolio::{AccountFeed, AccountFeedError};

const PLACE_ORDER: u32 = 3;
const CANCEL_ORDER: u32 = 4;
const ORDER_STATUS: u32 = 3;
const ERROR: u32 = 4;
const OPEN_ORDER: u32 = 5;
const EXECUTION: u32 = 11;
const COMMISSION: u32 = 59;

fn run(test: impl Future<Output = ()>) {
    futures::executor::block_on(test);
}

fn order(name: &str, kind: OrderKind) -> ClearedOrder {
    let (account, ten) = (AccountId::new("DU1234567").unwrap(), "10".parse::<Quantity>().unwrap());
    let key = OrderKey::new(name).unwrap();
    let draft = OrderDraft::new(key, account, symbol("AAPL"), Side::Buy, ten, kind);
    fixtures::cleared_order(draft.check().unwrap())
}

fn resting(name: &str) -> ClearedOrder {
    order(name, OrderKind::Limit { limit: "50".parse().unwrap() })
}

/// The answer of something that waits for TWS, while time passes as soon as TWS was asked `kind`.
async fn in_the_end<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    stand: &Stand,
    kind: u32,
    question: impl FnOnce(IbBroker) -> F,
) -> T {
    let before = stand.wire.asked().iter().filter(|it| **it == kind).count();
    let mut answer = on_runtime(question(stand.broker.clone())).boxed();
    loop {
        if let Some(answer) = (&mut answer).now_or_never() {
            return answer;
        }
        let asked = stand.wire.asked().iter().filter(|it| **it == kind).count() > before;
        if asked && let Some(deadline) = stand.clock.next_deadline() {
            stand.tws.with(|_| ()).await.unwrap();
            stand.clock.advance_to(deadline);
        }
        on_runtime(tokio::task::yield_now()).await;
    }
}

async fn heard(stand: &Stand, events: &mut tradeport_orders::OrderEvents) -> Vec<BrokerEvent> {
    for _ in 0..3 {
        stand.settle().await;
    }
    drain(events).items
}

fn count(events: &[BrokerEvent], wanted: impl Fn(&BrokerNews) -> bool) -> usize {
    events.iter().filter(|event| wanted(&event.news)).count()
}

#[test]
fn what_is_said_twice_counts_once() {
    run(async {
        let stand = Stand::quoted().await;
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();
        stand.wire.script(Box::new(|kind, _| {
            let doubled = [ORDER_STATUS, OPEN_ORDER, EXECUTION, COMMISSION];
            if doubled.contains(&kind) { Fate::Twice } else { Fate::Pass }
        }));
        stand.broker.submit(&order("twice", OrderKind::Market)).await.unwrap();
        let events = heard(&stand, &mut events).await;
        assert_eq!(count(&events, |news| matches!(news, BrokerNews::Executed(_))), 1, "{events:?}");
        assert_eq!(count(&events, |news| matches!(news, BrokerNews::Charged(_))), 1, "{events:?}");
        let filled =
            |news: &BrokerNews| matches!(news, BrokerNews::Status(it) if it.phase == BrokerPhase::Filled);
        assert_eq!(count(&events, filled), 1, "{events:?}");
        let executions = stand.broker.executions(Timestamp::EPOCH).await.unwrap();
        assert_eq!(executions.rows().len(), 1);
    });
}

#[test]
fn a_cost_that_comes_first_waits_for_its_execution() {
    run(async {
        let stand = Stand::quoted().await;
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();
        stand.wire.script(Box::new(|kind, _| if kind == EXECUTION { Fate::Later } else { Fate::Pass }));
        stand.broker.submit(&order("early", OrderKind::Market)).await.unwrap();
        let events = heard(&stand, &mut events).await;
        let place = |wanted: fn(&BrokerNews) -> bool| events.iter().position(|event| wanted(&event.news));
        let executed = place(|news| matches!(news, BrokerNews::Executed(_)));
        let charged = place(|news| matches!(news, BrokerNews::Charged(_)));
        assert!(executed.is_some() && executed < charged, "{events:?}");
    });
}

#[test]
fn an_order_without_an_answer_is_unknown_and_never_sent_again() {
    run(async {
        let stand = Stand::quoted().await;
        stand.wire.script(Box::new(|kind, _| {
            if [ORDER_STATUS, OPEN_ORDER].contains(&kind) { Fate::Drop } else { Fate::Pass }
        }));
        let answer =
            in_the_end(&stand, PLACE_ORDER, |broker| async move { broker.submit(&resting("lost")).await })
                .await;
        assert!(matches!(answer, Err(SubmitError::OutcomeUnknown(_))), "{answer:?}");
        stand.wire.script(Box::new(|_, _| Fate::Pass));
        let again = stand.broker.submit(&resting("lost")).await;
        assert!(matches!(again, Err(SubmitError::Refused { .. })), "{again:?}");
        assert_eq!(stand.wire.asked().iter().filter(|it| **it == PLACE_ORDER).count(), 1);
        let open = stand.broker.open_orders().await.unwrap();
        let keys: Vec<_> = open.rows().iter().filter_map(|order| order.key.clone()).collect();
        assert_eq!(keys, [OrderKey::new("lost").unwrap()], "the broker has it, and says so");
    });
}

/// TWS may say nothing of what it holds back: then it is looked for among the open orders.
#[test]
fn a_held_order_without_an_answer_is_looked_for() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&resting("first")).await.unwrap();
        let asked_before = stand.wire.asked().len();
        let mut silenced = 2;
        stand.wire.script(Box::new(move |kind, _| {
            if silenced > 0 && [ORDER_STATUS, OPEN_ORDER].contains(&kind) {
                silenced -= 1;
                return Fate::Drop;
            }
            Fate::Pass
        }));
        let held = order("held", OrderKind::Market).held_back();
        let answer = patiently(&stand, move |broker| async move { broker.submit(&held).await });
        let answer = answer.await;
        assert!(answer.is_ok(), "{answer:?}");
        assert_eq!(stand.wire.asked()[asked_before..], [PLACE_ORDER, 16], "it was looked for");
        assert!(stand.clock.now().since(crate::stand::NOON) < Duration::from_secs(5));
    });
}

#[test]
fn a_link_that_is_lost_before_the_answer_leaves_the_order_unknown() {
    run(async {
        let stand = Stand::quoted().await;
        stand.wire.script(Box::new(|kind, _| {
            if [ORDER_STATUS, OPEN_ORDER].contains(&kind) { Fate::Drop } else { Fate::Pass }
        }));
        let broker = stand.broker.clone();
        let submitting = on_runtime(async move { broker.submit(&resting("cut")).await });
        let cutting = async {
            while !stand.wire.asked().contains(&PLACE_ORDER) {
                on_runtime(tokio::task::yield_now()).await;
            }
            stand.tws.with(|_| ()).await.unwrap();
            stand.drop_link().await;
        };
        let (answer, ()) = futures::future::join(submitting, cutting).await;
        assert!(matches!(answer, Err(SubmitError::OutcomeUnknown(_))), "{answer:?}");
    });
}

#[test]
fn a_cancel_without_an_answer_is_unknown() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&resting("kept")).await.unwrap();
        stand.wire.script(Box::new(|kind, _| {
            if [ORDER_STATUS, OPEN_ORDER, ERROR].contains(&kind) { Fate::Drop } else { Fate::Pass }
        }));
        let answer = in_the_end(&stand, CANCEL_ORDER, |broker| async move {
            let cancel = fixtures::cleared_cancel(&OrderKey::new("kept").unwrap(), None, None);
            broker.cancel(&cancel).await
        });
        let answer = answer.await;
        assert!(matches!(answer, Err(CancelError::OutcomeUnknown(_))), "{answer:?}");
    });
}

/// Frames that end an answer, with the question and its number.
#[test]
fn an_answer_without_its_end_is_no_answer() {
    run(async {
        for (asked, end) in [(16, 53), (99, 102), (7, 55), (74, 72), (6, 54), (9, 52)] {
            let stand = Stand::quoted().await;
            stand.broker.submit(&resting("there")).await.unwrap();
            stand.wire.script(Box::new(move |kind, _| if kind == end { Fate::Drop } else { Fate::Pass }));
            let unanswered =
                in_the_end(&stand, asked, move |broker| async move { is_unanswered(&broker, asked).await });
            assert!(unanswered.await, "question {asked} was answered without {end}");
        }
    });
}

/// The library only logs such a message, and drops it: whoever waits for it is not left waiting.
#[test]
fn an_answer_that_nobody_can_place_ends_in_an_error_within_its_limit() {
    run(async {
        // Rows where the library finds the question without their number, ends where it does not.
        for (asked, lost) in [(16, 5), (99, 101), (7, 11), (7, 55), (74, 72), (9, 52)] {
            let stand = Stand::quoted().await;
            stand.broker.submit(&order("traded", OrderKind::Market)).await.unwrap();
            stand.broker.submit(&resting("there")).await.unwrap();
            stand.settle().await;
            stand.wire.script(Box::new(move |kind, _| if kind == lost { Fate::Unplace } else { Fate::Pass }));
            let unanswered =
                in_the_end(&stand, asked, move |broker| async move { is_error(&broker, asked).await });
            assert!(unanswered.await, "question {asked} was answered without {lost}");
            assert!(
                stand.clock.now().since(crate::stand::NOON) < Duration::from_secs(60),
                "within its limit"
            );
        }
    });
}

async fn is_error(broker: &IbBroker, asked: u32) -> bool {
    match asked {
        16 => broker.open_orders().await.is_err(),
        99 => broker.completed_orders().await.is_err(),
        7 => broker.executions(Timestamp::EPOCH).await.is_err(),
        _ => is_unanswered(broker, asked).await,
    }
}

async fn is_unanswered(broker: &IbBroker, asked: u32) -> bool {
    let account = AccountId::new("DU1234567").unwrap();
    match asked {
        16 => matches!(broker.open_orders().await, Err(GatewayError::Unavailable(_))),
        99 => matches!(broker.completed_orders().await, Err(GatewayError::Unavailable(_))),
        7 => matches!(broker.executions(Timestamp::EPOCH).await, Err(GatewayError::Unavailable(_))),
        74 => matches!(broker.positions(&account).await, Err(AccountFeedError::Unavailable(_))),
        6 => matches!(broker.summary(&account).await, Err(AccountFeedError::Unavailable(_))),
        _ => {
            let stock: Instrument = Stock::new("MSFT").unwrap().into();
            matches!(broker.resolve(&stock).await, Err(CatalogError::Unavailable(_)))
        }
    }
}

/// EXE-13: a question that TWS refuses has no answer, above all not an empty one.
#[test]
fn scenario_exe_13_executions_that_tws_refuses_are_an_error_and_not_none() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&order("traded", OrderKind::Market)).await.unwrap();
        stand.settle().await;
        let refusing = "[[rule]]\non = \"received\"\nmessage = \"reqExecutions\"\ntimes = \"always\"\n\
                        do = [{ refuse = { code = 321 } }]\n";
        stand.tws.with(move |server| server.play(&refusing.parse().unwrap())).await.unwrap();
        for _ in 0..2 {
            let answer =
                in_the_end(&stand, 7, |broker| async move { broker.executions(Timestamp::EPOCH).await })
                    .await;
            assert!(matches!(answer, Err(GatewayError::Unavailable(_))), "{answer:?}");
        }
        assert_ne!(stand.broker.state(), LinkState::Down, "what becomes of the link is not decided here");
    });
}

#[test]
fn a_row_that_cannot_be_read_is_an_error() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&resting("there")).await.unwrap();
        let contract_data = 10;
        stand
            .wire
            .script(Box::new(move |kind, _| if kind == contract_data { Fate::Garble } else { Fate::Pass }));
        let answer = in_the_end(&stand, 9, |broker| async move {
            broker.resolve(&Stock::new("MSFT").unwrap().into()).await
        });
        let answer = answer.await;
        assert!(matches!(answer, Err(CatalogError::Unavailable(_))), "{answer:?}");
        stand.wire.script(Box::new(|kind, _| if kind == OPEN_ORDER { Fate::Garble } else { Fate::Pass }));
        let answer = in_the_end(&stand, 16, |broker| async move { broker.open_orders().await }).await;
        assert!(answer.is_err(), "{answer:?}");
    });
}

#[test]
fn an_execution_that_cannot_be_read_ends_the_connection_and_is_there_after_it() {
    run(async {
        let stand = Stand::quoted().await;
        let mut link = BrokerLink::events(&stand.broker).await.unwrap();
        stand.wire.script(Box::new(|kind, _| if kind == EXECUTION { Fate::Garble } else { Fate::Pass }));
        drop(stand.broker.submit(&order("money", OrderKind::Market)).await);
        while stand.broker.state() != LinkState::Down {
            stand.tws.with(|_| ()).await.unwrap();
            on_runtime(tokio::task::yield_now()).await;
        }
        let told = format!("{:?}", drain(&mut link).items);
        assert!(told.contains("stream of orders is broken"), "{told}");
        stand.wire.script(Box::new(|_, _| Fate::Pass));
        stand.reconnect().await;
        let executions = stand.broker.executions(Timestamp::EPOCH).await.unwrap();
        assert_eq!(executions.rows().len(), 1, "money is not lost");
    });
}

/// TWS describes what would be ordered as it describes what is. It may say so in the midst of a list, whoever asked for what.
#[test]
fn what_would_be_ordered_is_no_open_order() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&resting("there")).await.unwrap();
        let described = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&described);
        stand.wire.script(Box::new(move |kind, body| {
            if kind == OPEN_ORDER {
                *kept.lock().unwrap() = body.to_vec();
            }
            Fate::Pass
        }));
        let (account, ten) = (AccountId::new("DU1234567").unwrap(), "10".parse::<Quantity>().unwrap());
        let (key, limit) = (OrderKey::new("asked").unwrap(), "50".parse().unwrap());
        let draft = OrderDraft::new(key, account, symbol("AAPL"), Side::Buy, ten, OrderKind::Limit { limit });
        let preview = fixtures::cleared_preview(draft.check().unwrap());
        stand.broker.preview(&preview).await.unwrap();
        let body = described.lock().unwrap().clone();
        assert!(body.windows(5).any(|it| it == b"asked"), "it was described");

        let (end, list) = (53, 16);
        stand.wire.script(Box::new(move |kind, _| if kind == end { Fate::Hold } else { Fate::Pass }));
        let broker = stand.broker.clone();
        let asking = crate::stand::beside(async move { broker.open_orders().await });
        while !stand.wire.asked().contains(&list) {
            crate::stand::idle();
        }
        stand.tws.with(|_| ()).await.unwrap();
        let length = u32::try_from(4 + body.len()).unwrap().to_be_bytes();
        stand.wire.inject([&length[..], &(OPEN_ORDER + 200).to_be_bytes(), &body].concat());
        stand.wire.let_go();
        let open = asking.await.unwrap().unwrap();
        let keys: Vec<_> = open.rows().iter().filter_map(|row| row.key.clone()).collect();
        assert_eq!(keys, [OrderKey::new("there").unwrap()]);
    });
}

/// TWS may learn new words: one order in a state that nobody knows hides no other, and is not taken for gone.
#[test]
fn an_order_in_a_state_that_nobody_knows_is_named_with_the_word() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&resting("dreams")).await.unwrap();
        stand.wire.rewrite("Submitted", "Submitted", "Dreaming!");
        let open = stand.broker.open_orders().await.unwrap();
        assert_eq!((open.rows(), open.proves_absence()), (&[][..], false));
        let [odd] = open.unread() else { panic!("{open:?}") };
        assert_eq!(odd.key, OrderKey::new("dreams").ok());
        assert!(odd.reason.contains("Dreaming!"), "{odd:?}");
        assert!(odd.name.starts_with("order "), "{odd:?}");
    });
}

/// Whatever was said of its end: what TWS lists may trade, and is not answered with that there is none.
#[test]
fn an_order_that_is_called_cancelled_and_listed_as_open_can_be_cancelled() {
    run(async {
        let stand = Stand::quoted().await;
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();
        stand.wire.rewrite("Submitted", "Submitted", "Cancelled");
        stand.broker.submit(&resting("wakes")).await.unwrap();
        let events = heard(&stand, &mut events).await;
        let ended =
            |news: &BrokerNews| matches!(news, BrokerNews::Status(it) if it.phase == BrokerPhase::Cancelled);
        assert_eq!(count(&events, ended), 1, "{events:?}");
        stand.wire.rewrite_no_more();
        let open = stand.broker.open_orders().await.unwrap();
        assert_eq!(
            open.rows().iter().map(|row| row.status.phase).collect::<Vec<_>>(),
            [BrokerPhase::Working]
        );
        let cancel = fixtures::cleared_cancel(&OrderKey::new("wakes").unwrap(), None, None);
        stand.broker.cancel(&cancel).await.unwrap();
        assert_eq!(stand.broker.open_orders().await.unwrap().rows(), []);
        let gone = stand.broker.cancel(&cancel).await;
        assert!(matches!(gone, Err(CancelError::NoSuchOrder(_))), "{gone:?}");
    });
}

/// What an adviser ordered for a group is no account's. It is listed as such, and its fills end no connection.
#[test]
fn what_strangers_trade_for_no_account_is_named_and_ends_no_connection() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&resting("ours")).await.unwrap();
        // Under client 7 without a reference: it is nobody's key.
        stand.wire.rewrite("nobodys", "DU1234567", "         ");
        stand.wire.rewrite("nobodys", "nobodys", "       ");
        stand.broker.submit(&order("nobodys", OrderKind::Market)).await.unwrap();
        for _ in 0..3 {
            stand.settle().await;
        }
        assert_ne!(stand.broker.state(), LinkState::Down, "the stream of orders goes on");
        let executions = stand.broker.executions(Timestamp::EPOCH).await.unwrap();
        let [odd] = executions.unread() else { panic!("{executions:?}") };
        assert_eq!((executions.rows(), &odd.key), (&[][..], &None));
        assert!(odd.name.starts_with("execution "), "{odd:?}");
        let open = stand.broker.open_orders().await.unwrap();
        assert_eq!(open.rows().len(), 1, "{open:?}");
        let ended = stand.broker.completed_orders().await.unwrap();
        assert_eq!((ended.rows().len(), ended.unread().len()), (0, 1), "{ended:?}");
    });
}

#[test]
fn quotes_that_cannot_be_read_are_told_as_missing() {
    run(async {
        let stand = Stand::linked().await;
        let mut subscription = stand.broker.subscribe(&[symbol("AAPL")]).await.unwrap();
        let tick_by_tick = 99;
        stand
            .wire
            .script(Box::new(move |kind, _| if kind == tick_by_tick { Fate::Garble } else { Fate::Pass }));
        stand.quote("AAPL").await;
        stand.settle().await;
        let events = drain(&mut subscription.events).items;
        assert!(matches!(&events[..], [FeedEvent::Gap(_)]), "{events:?}");
    });
}

#[test]
fn the_beginning_of_the_past_is_asked_for_once_in_a_connection() {
    run(async {
        let stand = Stand::linked().await;
        let bars = fixtures::plain_bars(symbol("AAPL"), BarSize::DAY, 1);
        stand.tws.with(move |server| server.world_mut().tell_past(bars)).await.unwrap();
        let head_timestamp = 87;
        let times = || stand.wire.asked().into_iter().filter(|it| *it == head_timestamp).count();
        let first = stand.broker.earliest(symbol("AAPL"), BarSize::DAY).await.unwrap();
        assert!(first.is_some());
        assert_eq!(stand.broker.earliest(symbol("AAPL"), BarSize::DAY).await.unwrap(), first);
        assert_eq!(times(), 1);
        stand.reconnect().await;
        assert_eq!(stand.broker.earliest(symbol("AAPL"), BarSize::DAY).await.unwrap(), first);
        assert_eq!(times(), 2, "another connection may know more");
        let nothing = stand.broker.earliest(symbol("IBM"), BarSize::DAY).await.unwrap();
        assert_eq!((nothing, times()), (None, 3));
        stand.broker.earliest(symbol("IBM"), BarSize::DAY).await.unwrap();
        assert_eq!(times(), 4, "that there is nothing may change");
    });
}

#[test]
fn bars_without_their_end_are_no_bars() {
    run(async {
        let stand = Stand::linked().await;
        let start = Timestamp::from_seconds(1_767_366_000 - 86_400);
        let bars = fixtures::plain_bars(symbol("AAPL"), BarSize::DAY, 1);
        stand.tws.with(move |server| server.world_mut().tell_past(bars)).await.unwrap();
        let end = 108;
        stand.wire.script(Box::new(move |kind, _| if kind == end { Fate::Drop } else { Fate::Pass }));
        let range = tradeport_kernel::TimeRange::new(fixtures::moment(0), start);
        let request = BarRequest { symbol: symbol("AAPL"), size: BarSize::DAY, range };
        let answer = in_the_end(&stand, 20, move |broker| async move { broker.bars(&request).await }).await;
        assert!(answer.is_err(), "{answer:?}");
    });
}
