//! Orders beyond the kit: families, combos, and what a new process knows of the old one's.

use crate::stand::{Stand, on_runtime, patient, symbol, unpaced};
use crate::wire::Fate;
use futures::task::{ArcWake, waker};
use futures::{FutureExt, StreamExt};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Context;
use tradeport_conformance::{drain, fixtures};
use tradeport_contracts::Instrument;
use tradeport_ib::{IbBroker, IbSettings};
use tradeport_kernel::{AccountId, OrderKey, Quantity, Timestamp};
use tradeport_orders::{
    BrokerNews, BrokerPhase, CancelError, ClearedOrder, ExecutedPart, Execution, OrderChange, OrderDraft,
    OrderGateway, OrderKind, Side, SubmitError,
};

const EXECUTION: u32 = 11;
const ENDED_ORDER: u32 = 101;

fn run(test: impl Future<Output = ()>) {
    futures::executor::block_on(test);
}

fn key(name: &str) -> OrderKey {
    OrderKey::new(name).unwrap()
}

fn limit(price: &str) -> OrderKind {
    OrderKind::Limit { limit: price.parse().unwrap() }
}

fn draft(name: &str, side: Side, kind: OrderKind) -> OrderDraft {
    let (account, ten) = (AccountId::new("DU1234567").unwrap(), "10".parse::<Quantity>().unwrap());
    OrderDraft::new(key(name), account, symbol("AAPL"), side, ten, kind)
}

fn cleared(draft: OrderDraft) -> ClearedOrder {
    fixtures::cleared_order(draft.check().unwrap())
}

#[test]
fn a_child_follows_its_parent() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&cleared(draft("parent", Side::Buy, limit("50")))).await.unwrap();
        let child = OrderDraft { parent: Some(key("parent")), ..draft("child", Side::Sell, limit("200")) };
        stand.broker.submit(&cleared(child)).await.unwrap();
        let orphan = OrderDraft { parent: Some(key("nobody")), ..draft("orphan", Side::Sell, limit("200")) };
        let refused = stand.broker.submit(&cleared(orphan)).await;
        assert!(matches!(refused, Err(SubmitError::Refused { .. })), "{refused:?}");
        let open = stand.broker.open_orders().await.unwrap();
        let phase = |name: &str| {
            let order = open.rows().iter().find(|order| order.key == Some(key(name))).unwrap();
            order.status.phase
        };
        assert_eq!(phase("child"), BrokerPhase::Held, "until its parent fills");
        let cancel = fixtures::cleared_cancel(&key("parent"), None, None);
        stand.broker.cancel(&cancel).await.unwrap();
        stand.settle().await;
        assert_eq!(stand.broker.open_orders().await.unwrap().rows(), [], "the child went with it");
    });
}

/// A market order whose child, `child`, is to protect it.
fn parent() -> ClearedOrder {
    cleared(draft("parent", Side::Buy, OrderKind::Market)).held_back()
}

fn child(name: &str) -> OrderDraft {
    OrderDraft { parent: Some(key("parent")), ..draft(name, Side::Sell, limit("200")) }
}

async fn phases(broker: &IbBroker) -> Vec<(String, BrokerPhase)> {
    let open = broker.open_orders().await.unwrap().into_rows();
    open.iter().map(|order| (order.key.as_ref().unwrap().to_string(), order.status.phase)).collect()
}

#[test]
fn a_parent_that_is_held_back_trades_with_its_last_child() {
    run(async {
        let stand = Stand::quoted().await;
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();
        stand.broker.submit(&parent()).await.unwrap();
        stand.broker.submit(&cleared(child("first")).held_back()).await.unwrap();
        for _ in 0..3 {
            stand.quote("AAPL").await;
            stand.settle().await;
        }
        let held = |name: &str| (name.to_owned(), BrokerPhase::Held);
        assert_eq!(phases(&stand.broker).await, [held("parent"), held("first")]);
        assert_eq!(stand.broker.executions(Timestamp::EPOCH).await.unwrap().rows(), []);
        // A change does not let it go.
        let fewer = OrderChange { quantity: "5".parse().ok(), ..OrderChange::default() };
        stand.broker.change(&fixtures::cleared_change(&key("parent"), fewer)).await.unwrap();
        stand.settle().await;
        assert_eq!(stand.broker.executions(Timestamp::EPOCH).await.unwrap().rows(), []);
        stand.broker.submit(&cleared(child("last"))).await.unwrap();
        stand.quote("AAPL").await;
        stand.settle().await;
        let executions = stand.broker.executions(Timestamp::EPOCH).await.unwrap().into_rows();
        assert_eq!(executions.iter().map(|it| it.key.clone()).collect::<Vec<_>>(), [Some(key("parent"))]);
        assert_eq!(phases(&stand.broker).await.len(), 2, "its children are there");
        let told = drain(&mut events).items;
        let refused = |it: &&tradeport_orders::BrokerEvent| matches!(&it.news, BrokerNews::Status(it) if it.phase == BrokerPhase::Refused);
        assert_eq!(told.iter().find(refused), None);
    });
}

/// A bracket may stand for weeks: TWS lists its exits by the number of an entry of which it says nothing any more.
#[test]
fn a_child_is_changed_however_long_ago_its_parent_has_traded() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&parent()).await.unwrap();
        stand.broker.submit(&cleared(child("target"))).await.unwrap();
        for _ in 0..3 {
            stand.quote("AAPL").await;
            stand.settle().await;
        }
        assert_eq!(phases(&stand.broker).await.len(), 1, "the parent has traded");
        stand.drop_link().await;
        let told = [EXECUTION, ENDED_ORDER];
        stand
            .wire
            .script(Box::new(move |kind, _| if told.contains(&kind) { Fate::Drop } else { Fate::Pass }));
        let broker = successor(&stand).await;
        let (wanted, other) = (OrderChange::to_kind(limit("190")), OrderChange::to_kind(limit("195")));
        let wanted = fixtures::cleared_change(&key("target"), wanted);
        let unknown = broker.change(&wanted).await;
        assert!(
            matches!(unknown, Err(SubmitError::Refused { .. })),
            "nobody says whose child it is: {unknown:?}"
        );
        let wording = child("target").check().unwrap();
        broker.change(&wanted.of(wording.clone())).await.unwrap();
        let open = broker.open_orders().await.unwrap().into_rows();
        assert_eq!(open.iter().map(|it| it.kind).collect::<Vec<_>>(), [Some(limit("190"))]);
        broker.change(&fixtures::cleared_change(&key("target"), other).of(wording)).await.unwrap();
        broker.cancel(&fixtures::cleared_cancel(&key("target"), None, None)).await.unwrap();
    });
}

/// The link dies with the parent there and the child not: nothing of it trades, and a new process lets it go.
#[test]
fn a_family_that_was_cut_off_neither_works_nor_trades() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&parent()).await.unwrap();
        stand.drop_link().await;
        let unsent = stand.broker.submit(&cleared(child("last"))).await;
        assert!(matches!(unsent, Err(SubmitError::NotSent(_))), "{unsent:?}");
        for _ in 0..3 {
            stand.quote("AAPL").await;
            stand.clock.advance(std::time::Duration::from_secs(1));
        }
        let broker = successor(&stand).await;
        assert_eq!(phases(&broker).await.len(), 1);
        assert_eq!(broker.executions(Timestamp::EPOCH).await.unwrap().rows(), []);
        broker.cancel(&fixtures::cleared_cancel(&key("parent"), None, None)).await.unwrap();
        stand.quote("AAPL").await;
        stand.tws.with(|_| ()).await.unwrap();
        assert_eq!(phases(&broker).await, []);
        assert_eq!(broker.executions(Timestamp::EPOCH).await.unwrap().rows(), []);
    });
}

#[test]
fn a_combo_is_told_as_a_whole_and_leg_by_leg() {
    run(async {
        let stand = Stand::quoted().await;
        let mut events = OrderGateway::events(&stand.broker).await.unwrap();
        let combo: Instrument = "combo:AAPL,IBM;leg=+1x265598@SMART;leg=-1x8314@SMART".parse().unwrap();
        let name = combo.symbol();
        let order = OrderDraft { symbol: name, ..draft("pair", Side::Buy, limit("0.10")) }.of(combo);
        stand.broker.submit(&cleared(order)).await.unwrap();
        for _ in 0..5 {
            stand.quote("AAPL").await;
            stand.quote("IBM").await;
            stand.settle().await;
        }
        let told = drain(&mut events).items;
        let executions: Vec<Execution> = told
            .iter()
            .filter_map(|event| match &event.news {
                BrokerNews::Executed(execution) => Some(execution.clone()),
                _ => None,
            })
            .collect();
        let of =
            |part| executions.iter().filter(|it| it.part == part).map(|it| it.symbol).collect::<Vec<_>>();
        assert_eq!(of(ExecutedPart::Combo), [name], "{told:?}");
        let mut legs = of(ExecutedPart::Leg);
        legs.sort();
        assert_eq!(legs, [symbol("AAPL"), symbol("IBM")]);
        let charged = |it: &Execution| {
            told.iter()
                .any(|event| matches!(&event.news, BrokerNews::Charged(cost) if cost.execution == it.id))
        };
        for execution in &executions {
            assert_eq!(charged(execution), execution.part == ExecutedPart::Leg, "{execution:?}");
        }
        let mut again = stand.broker.executions(Timestamp::EPOCH).await.unwrap().into_rows();
        again.retain(|it| it.part != ExecutedPart::Whole);
        assert_eq!(again.len(), 3, "{again:?}");
    });
}

/// Another process with the same client id: it has seen nothing.
async fn successor(stand: &Stand) -> IbBroker {
    let (port, clock) = (stand.wire.port(), stand.clock.clone());
    on_runtime(async move {
        let settings = IbSettings::new("127.0.0.1", port, 7).unwrap().with_waits(patient());
        let settings = settings.paced_by(unpaced(&clock));
        let broker = IbBroker::new(settings, Arc::new(clock)).unwrap();
        broker.open().await.unwrap();
        broker
    })
    .await
}

#[test]
fn a_new_process_adopts_the_orders_of_the_old_one() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&cleared(draft("old", Side::Buy, limit("50")))).await.unwrap();
        stand.broker.submit(&cleared(draft("filled", Side::Buy, OrderKind::Market))).await.unwrap();
        stand.settle().await;
        stand.drop_link().await;
        let broker = successor(&stand).await;
        for known in ["old", "filled"] {
            let again = broker.submit(&cleared(draft(known, Side::Buy, limit("50")))).await;
            assert!(matches!(again, Err(SubmitError::Refused { .. })), "{known}: {again:?}");
        }
        let dearer = fixtures::cleared_change(&key("old"), OrderChange::to_kind(limit("51")));
        broker.change(&dearer).await.unwrap();
        let open = broker.open_orders().await.unwrap().into_rows();
        assert_eq!(open.iter().map(|order| order.kind).collect::<Vec<_>>(), [Some(limit("51"))]);
        let number =
            broker.submit(&cleared(draft("new", Side::Buy, limit("50")))).await.unwrap().broker_order_id;
        let numbers: Vec<_> = open.iter().filter_map(|order| order.broker_order_id).collect();
        assert!(numbers.iter().all(|old| *old < number), "{numbers:?} before {number:?}");
        broker.cancel(&fixtures::cleared_cancel(&key("old"), None, None)).await.unwrap();
        let gone = broker.cancel(&fixtures::cleared_cancel(&key("filled"), None, None)).await;
        assert!(matches!(gone, Err(CancelError::NoSuchOrder(_))), "{gone:?}");
        assert_eq!(broker.executions(Timestamp::EPOCH).await.unwrap().rows().len(), 1);
    });
}

/// What TWS tells of open orders from now on: does it name this exchange?
fn told_to_go(stand: &Stand, exchange: &'static str) -> Arc<Mutex<Vec<bool>>> {
    const OPEN_ORDER: u32 = 5;
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    stand.wire.script(Box::new(move |kind, body| {
        if kind == OPEN_ORDER {
            let names_it = body.windows(exchange.len()).any(|bytes| bytes == exchange.as_bytes());
            heard.lock().unwrap().push(names_it);
        }
        Fate::Pass
    }));
    told
}

/// What is held of a share is the same wherever it was bought, and an order goes where it was sent however often it changes.
#[test]
fn an_order_goes_to_its_exchange_and_trades_its_symbol() {
    run(async {
        let stand = Stand::quoted().await;
        let told = told_to_go(&stand, "ISLAND");
        let direct = |name, kind| draft(name, Side::Buy, kind).routed_to("ISLAND".parse().unwrap());
        stand.broker.submit(&cleared(direct("rests", limit("50")))).await.unwrap();
        stand.broker.submit(&cleared(direct("trades", OrderKind::Market))).await.unwrap();
        stand.settle().await;
        let open = stand.broker.open_orders().await.unwrap().into_rows();
        assert_eq!(open.iter().map(|it| it.symbol).collect::<Vec<_>>(), [symbol("AAPL")]);
        let traded = stand.broker.executions(Timestamp::EPOCH).await.unwrap();
        assert_eq!(traded.rows().iter().map(|it| it.symbol).collect::<Vec<_>>(), [symbol("AAPL")]);
        let seen = told.lock().unwrap().split_off(0);
        assert!(!seen.is_empty() && seen.iter().all(|it| *it), "{seen:?}");

        stand.drop_link().await;
        let broker = successor(&stand).await;
        let dearer = |price| fixtures::cleared_change(&key("rests"), OrderChange::to_kind(limit(price)));
        // By TWS's own words, then by ours.
        broker.change(&dearer("51")).await.unwrap();
        broker.change(&dearer("52").of(direct("rests", limit("51")).check().unwrap())).await.unwrap();
        let open = broker.open_orders().await.unwrap().into_rows();
        assert_eq!(open.iter().map(|it| it.kind).collect::<Vec<_>>(), [Some(limit("52"))]);
        let seen = told.lock().unwrap().split_off(0);
        assert!(!seen.is_empty() && seen.iter().all(|it| *it), "{seen:?}");
        broker.submit(&cleared(draft("best", Side::Buy, limit("50")))).await.unwrap();
        stand.settle().await;
        assert!(told.lock().unwrap().contains(&false), "an order of the same share goes its own way");
    });
}

/// Was it woken?
#[derive(Default)]
struct Woken(AtomicBool);

impl ArcWake for Woken {
    fn wake_by_ref(this: &Arc<Self>) {
        this.0.store(true, Ordering::Release);
    }
}

#[test]
fn who_waits_for_an_answer_and_does_not_look_keeps_nobody_from_hearing() {
    run(async {
        let stand = Stand::quoted().await;
        stand.broker.submit(&cleared(draft("first", Side::Buy, limit("50")))).await.unwrap();
        stand.settle().await;
        let mut events = stand.broker.events().await.unwrap();
        let (reader, idle) = (Arc::<Woken>::default(), Arc::<Woken>::default());
        let reading = waker(Arc::clone(&reader));
        while events.poll_next_unpin(&mut Context::from_waker(&reading)).is_ready() {}
        reader.0.store(false, Ordering::Release);
        let silence = stand.wire.hold_answers().await;
        // Neither is polled from here on.
        let order = cleared(draft("second", Side::Buy, limit("50")));
        let mut submit = stand.broker.submit(&order);
        assert!(submit.poll_unpin(&mut Context::from_waker(&waker(Arc::clone(&idle)))).is_pending());
        drop(silence);
        for _ in 0..100 {
            stand.settle().await;
            if reader.0.load(Ordering::Acquire) {
                break;
            }
        }
        assert!(reader.0.load(Ordering::Acquire), "nobody told the reader of the order");
        assert!(idle.0.load(Ordering::Acquire), "nor whoever waits that there is an answer");
        submit.await.unwrap();
    });
}
