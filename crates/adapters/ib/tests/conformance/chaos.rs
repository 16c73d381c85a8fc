//! Two hundred lives of orders on a wire that loses, repeats and delays what TWS says, and is cut now and then. Whatever the
//! adapter believed meanwhile: once a connection stands again, it reports what the exchange holds to be true.
//!
//! Left out: what each single lie leads to.

use crate::link::run;
use crate::stand::{Stand, on_runtime, symbol};
use crate::wire::Fate;
use futures::FutureExt;
use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;
use tradeport_conformance::{drain, fixtures};
use tradeport_connection::{BrokerLink, LinkState};
use tradeport_ib::IbBroker;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Quantity, Timestamp};
use tradeport_orders::{
    BrokerEvent, BrokerNews, BrokerPhase, OrderChange, OrderDraft, OrderGateway, OrderKind, Side,
};
use tradeport_portfolio::AccountFeed;

const SEEDS: u64 = 200;
const ACTS: usize = 12;
/// Statuses, errors, open orders, executions, costs.
const WORDS_ABOUT_ORDERS: [u32; 5] = [3, 4, 5, 11, 59];
/// So often nothing has happened before time is what is missing.
const PATIENCE: usize = 300;

/// Numbers that follow from a seed (SplitMix64).
#[derive(Clone)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, count: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % count
    }
}

fn account() -> AccountId {
    AccountId::new("DU1234567").unwrap()
}

pub(crate) fn draft(name: &str, side: Side, kind: OrderKind, units: u64) -> OrderDraft {
    let quantity = Quantity::new(Decimal::from(units)).unwrap();
    OrderDraft::new(OrderKey::new(name).unwrap(), account(), symbol("AAPL"), side, quantity, kind)
}

pub(crate) fn limit(cents: u64) -> OrderKind {
    let price = Decimal::new(i64::try_from(cents).unwrap(), 2);
    OrderKind::Limit { limit: tradeport_kernel::Price::new(price).unwrap() }
}

/// What is answered in the end, while time passes whenever everybody waits for it.
pub(crate) async fn in_the_end<T: Send + 'static, F: Future<Output = T> + Send + 'static>(
    stand: &Stand,
    question: impl FnOnce(IbBroker) -> F,
) -> T {
    patiently(stand, on_runtime(question(stand.broker.clone()))).await
}

/// The same of whoever asks by himself.
pub(crate) async fn patiently<T>(stand: &Stand, question: impl Future<Output = T>) -> T {
    let mut answer = Box::pin(question);
    loop {
        for _ in 0..PATIENCE {
            if let Some(answer) = (&mut answer).now_or_never() {
                return answer;
            }
            on_runtime(tokio::task::yield_now()).await;
        }
        stand.tws.with(|_| ()).await.unwrap();
        if let Some(deadline) = stand.clock.next_deadline() {
            stand.clock.advance_to(deadline);
        }
    }
}

/// Lies from now on, as the seed has it.
fn lie(stand: &Stand, seed: u64) {
    let mut chance = Chance(seed ^ 0xdead);
    stand.wire.script(Box::new(move |kind, _| {
        if !WORDS_ABOUT_ORDERS.contains(&kind) {
            return Fate::Pass;
        }
        match chance.below(100) {
            0..=9 => Fate::Drop,
            10..=21 => Fate::Twice,
            22..=33 => Fate::Later,
            34 => Fate::CutAfter,
            _ => Fate::Pass,
        }
    }));
}

/// One thing that somebody does; whatever comes of it.
async fn act(stand: &Stand, chance: &mut Chance, number: usize) {
    let name = format!("order-{number}");
    let side = if chance.below(2) == 0 { Side::Buy } else { Side::Sell };
    let earlier = OrderKey::new(&format!("order-{}", chance.below(number as u64 + 1))).unwrap();
    let units = chance.below(9) + 1;
    match chance.below(8) {
        0 | 1 => {
            let order =
                fixtures::cleared_order(draft(&name, side, OrderKind::Market, units).check().unwrap());
            in_the_end(stand, move |broker| async move { drop(broker.submit(&order).await) }).await;
        }
        2 | 3 => {
            let far = if side == Side::Buy { 9_000 } else { 11_000 };
            let kind = limit(far + chance.below(100));
            let order = fixtures::cleared_order(draft(&name, side, kind, units).check().unwrap());
            in_the_end(stand, move |broker| async move { drop(broker.submit(&order).await) }).await;
        }
        4 => family(stand, &name, units).await,
        5 => {
            let cancel = fixtures::cleared_cancel(&earlier, None, None);
            in_the_end(stand, move |broker| async move { drop(broker.cancel(&cancel).await) }).await;
        }
        6 => {
            let quantity = Quantity::new(Decimal::from(units + 2)).ok();
            let change =
                fixtures::cleared_change(&earlier, OrderChange { quantity, ..OrderChange::default() });
            in_the_end(stand, move |broker| async move { drop(broker.change(&change).await) }).await;
        }
        _ => trade_with_some(stand, units).await,
    }
    stand.quote("AAPL").await;
    if stand.broker.state() == LinkState::Down && chance.below(2) == 0 {
        stand.reconnect().await;
        lie(stand, chance.below(u64::MAX));
    }
}

/// A parent that would trade at once, and the child that comes with it.
async fn family(stand: &Stand, name: &str, units: u64) {
    let parent = draft(name, Side::Buy, OrderKind::Market, units);
    let child = OrderDraft {
        parent: Some(parent.key.clone()),
        ..draft(&format!("{name}-exit"), Side::Sell, limit(12_000), units)
    };
    let parent = fixtures::cleared_order(parent.check().unwrap()).held_back();
    let child = fixtures::cleared_order(child.check().unwrap());
    in_the_end(stand, move |broker| async move {
        if broker.submit(&parent).await.is_ok() {
            drop(broker.submit(&child).await);
        }
    })
    .await;
}

/// Somebody trades with the first order that works.
pub(crate) async fn trade_with_some(stand: &Stand, units: u64) {
    let quantity = Quantity::new(Decimal::from(units)).unwrap();
    let trade = move |server: &mut tradeport_fake_tws::server::Server| {
        let world = server.world_mut();
        let working =
            world.exchange().open_orders().into_iter().find(|(_, it)| it.phase == BrokerPhase::Working);
        let number = working.map(|(order, _)| perm_id(order.intent.key()));
        if let Some(number) = number {
            world.trade_with(number, quantity);
        }
    };
    stand.tws.with(trade).await.unwrap();
}

/// The exchange names an order by the broker's number and how often it was worded anew.
fn perm_id(key: &OrderKey) -> i64 {
    key.as_str().split('-').next().unwrap().parse().unwrap()
}

/// What has traded: the broker's number, how much, at which price, and when.
type Trades = Vec<(i64, Side, Decimal, Decimal, Timestamp)>;

/// TWS tells times of executions in whole seconds.
fn whole_second(at: Timestamp) -> Timestamp {
    Timestamp::from_seconds(at.nanos().div_euclid(1_000_000_000))
}

/// What is so: open orders with what has traded of them, trades, and what the account holds.
#[derive(Debug, PartialEq, Eq)]
struct Truth {
    open: BTreeMap<i64, Decimal>,
    trades: Trades,
    held: Decimal,
}

async fn truth(stand: &Stand) -> Truth {
    let read = |server: &mut tradeport_fake_tws::server::Server| {
        let exchange = server.world_mut().exchange();
        let open = exchange.open_orders();
        let open = open.iter().map(|(order, it)| (perm_id(order.intent.key()), it.filled)).collect();
        let trade = |it: &tradeport_orders::Execution| {
            let number = perm_id(it.key.as_ref().unwrap());
            (number, it.side, it.quantity.as_decimal(), it.price.as_decimal(), whole_second(it.at))
        };
        let mut trades: Trades = exchange.executions().iter().map(trade).collect();
        trades.sort_by_key(|it| (it.0, it.4, it.2, it.3));
        let position = exchange.position(&account(), symbol("AAPL"));
        Truth { open, trades, held: position.map_or(Decimal::ZERO, |it| it.quantity().as_decimal()) }
    };
    stand.tws.with(read).await.unwrap()
}

/// What the adapter reports, in a connection that stands.
async fn reported(stand: &Stand) -> Truth {
    let orders = stand.broker.open_orders().await.unwrap().into_rows();
    // What nobody has passed on is not at the exchange: it is asleep, and nothing of it has traded.
    let untold = |it: &&tradeport_orders::BrokerOrder| it.status.phase == BrokerPhase::Held;
    assert!(orders.iter().filter(untold).all(|it| it.status.filled.is_zero()), "{orders:?}");
    let open = orders.iter().filter(|it| !untold(it));
    let open = open.map(|it| (it.perm_id.unwrap().number(), it.status.filled)).collect();
    let executions = stand.broker.executions(Timestamp::EPOCH).await.unwrap().into_rows();
    let trade = |it: &tradeport_orders::Execution| {
        (it.perm_id.number(), it.side, it.quantity.as_decimal(), it.price.as_decimal(), it.at)
    };
    let mut trades: Trades = executions.iter().map(trade).collect();
    trades.sort_by_key(|it| (it.0, it.4, it.2, it.3));
    let positions = stand.broker.positions(&account()).await.unwrap().into_rows();
    let apple = positions.iter().find(|it| it.symbol() == symbol("AAPL"));
    Truth { open, trades, held: apple.map_or(Decimal::ZERO, |it| it.quantity().as_decimal()) }
}

/// What is so, and what is reported of it: once nothing moves there any more, which it may for a moment on a busy machine.
async fn told_of(stand: &Stand) -> (Truth, Truth) {
    let mut is = truth(stand).await;
    loop {
        let told = reported(stand).await;
        let now = truth(stand).await;
        if now == is {
            return (is, told);
        }
        is = now;
    }
}

/// Every execution was told once at most, and its cost after it.
fn check_told(told: &[BrokerEvent], seed: u64) {
    let mut executed = Vec::new();
    for event in told {
        match &event.news {
            BrokerNews::Executed(it) => {
                assert!(!executed.contains(&it.id), "seed {seed}: {} was told twice", it.id);
                executed.push(it.id.clone());
            }
            BrokerNews::Charged(_) | BrokerNews::Status(_) => {}
        }
    }
}

async fn one_life(seed: u64) {
    let stand = Stand::quoted().await;
    let mut chance = Chance(seed);
    let mut events = OrderGateway::events(&stand.broker).await.unwrap();
    lie(&stand, seed);
    for number in 0..ACTS {
        act(&stand, &mut chance, number).await;
    }
    check_told(&drain(&mut events).items, seed);
    stand.wire.script(Box::new(|_, _| Fate::Pass));
    stand.reconnect().await;
    stand.clock.advance(Duration::from_secs(1));
    stand.settle().await;
    let (is, told) = told_of(&stand).await;
    let mut asleep = is.open.clone();
    asleep.retain(|number, _| !told.open.contains_key(number));
    // Children of a parent that has not traded sleep at the exchange, too.
    assert!(asleep.values().all(Decimal::is_zero), "seed {seed}: {asleep:?} is missing from {:?}", told.open);
    for (number, filled) in &told.open {
        assert_eq!(is.open.get(number), Some(filled), "seed {seed}: order {number} of {:?}", is.open);
    }
    assert_eq!(Truth { open: told.open.clone(), ..is }, told, "seed {seed}");
}

#[test]
fn after_two_hundred_lives_among_lies_the_truth_is_reported() {
    run(async {
        for seed in 0..SEEDS {
            one_life(seed).await;
        }
    });
}
