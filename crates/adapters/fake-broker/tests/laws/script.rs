//! Random scripts: three accounts, two instruments and a combo of both, short sessions, every kind of order.

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::Value;
use std::time::Duration;
use tradeport_contracts::{
    Combo, ComboLeg, ComboTerms, Contract, ContractDraft, ContractId, CorporateAction, Instrument, LegAction,
    Session, Stock, TradingSessions,
};
use tradeport_fake_broker::commission::CommissionSchedule;
use tradeport_fake_broker::exchange::{Input, Latency};
use tradeport_fake_broker::{AccountConfig, AccountKind, Exchange, ExchangeConfig, Fault};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{OcaGroup, OrderChange, OrderDraft, OrderKind, Side, TimeInForce, TrailBy};

/// So few that keys meet again.
const KEYS: usize = 24;

/// An input and its moment.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) at: Timestamp,
    pub(crate) input: Input,
}

pub(crate) fn account(number: usize) -> AccountId {
    AccountId::new(["MARGIN", "TIGHT", "CASH"][number]).unwrap()
}

pub(crate) fn symbol(number: usize) -> Symbol {
    match number {
        0 | 1 => Symbol::new(["ONE", "TWO"][number]).unwrap(),
        _ => Instrument::from(combo()).symbol(),
    }
}

/// Two units of the first less one of the second: priced like either of them.
pub(crate) const RATIOS: [(u32, LegAction); 2] = [(2, LegAction::Buy), (1, LegAction::Sell)];

fn combo() -> Combo {
    let legs = (0..2).zip(RATIOS).map(|(number, (ratio, action))| ComboLeg::new(id(number), ratio, action));
    Combo::new("ONE,TWO", legs.collect::<Result<_, _>>().unwrap()).unwrap()
}

fn id(number: usize) -> ContractId {
    ContractId::new(i64::try_from(number).unwrap() + 1)
}

fn key(number: usize) -> OrderKey {
    OrderKey::new(&format!("k{number}")).unwrap()
}

pub(crate) fn submitted(step: &Step) -> Option<OrderKey> {
    match &step.input {
        Input::Submit { intent } => Some(intent.key().clone()),
        _ => None,
    }
}

fn contract(number: usize) -> Contract {
    let session = |index: i64| Session {
        open: Timestamp::from_seconds(100 * index + 20),
        close: Timestamp::from_seconds(100 * index + 100),
    };
    let symbol = symbol(number);
    ContractDraft {
        id: id(number),
        symbol,
        instrument: Stock::new(symbol.as_str()).unwrap().into(),
        name: String::new(),
        currency: Currency::USD,
        price_step: Decimal::new(1, 2),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::new((0..20).map(session).collect()).unwrap(),
        details: Default::default(),
    }
    .check()
    .unwrap()
}

pub(crate) fn exchange(seed: u64) -> Exchange {
    let open = |number, cash: i64, kind| AccountConfig {
        id: account(number),
        cash: Money::new(Decimal::from(cash), Currency::USD),
        kind,
    };
    let accounts = vec![
        open(0, 1_000_000, AccountKind::Margin),
        open(1, 5_000, AccountKind::Margin),
        open(2, 20_000, AccountKind::Cash),
    ];
    let legs = [contract(0), contract(1)];
    let spread = ComboTerms::of(&combo(), &legs).unwrap().contract(&combo()).check().unwrap();
    let mut config = ExchangeConfig::new(seed, accounts, vec![contract(0), contract(1), spread]);
    config.commission = CommissionSchedule::ib_us_stocks_tiered().into();
    if seed.is_multiple_of(2) {
        config.latency = Latency { fixed: Duration::from_millis(20), jitter: Duration::from_secs(2) };
    }
    Exchange::new(config).unwrap()
}

fn price() -> impl Strategy<Value = Price> {
    (9_950..10_050_i64).prop_map(|cents| Price::new(Decimal::new(cents, 2)).unwrap())
}

fn size() -> impl Strategy<Value = Quantity> {
    (1..200_u32).prop_map(|units| Quantity::new(Decimal::from(units)).unwrap())
}

fn level() -> impl Strategy<Value = Option<Level>> {
    prop_oneof![
        8 => (price(), size()).prop_map(|(price, size)| Some(Level::new(price, Some(size)))),
        1 => price().prop_map(|price| Some(Level::new(price, None))),
        1 => Just(None),
    ]
}

fn quote() -> BoxedStrategy<Input> {
    (0..2_usize, level(), level(), any::<bool>())
        .prop_filter_map("one side at least", |(of, a, b, crossed)| {
            let sorted = match (a, b) {
                (Some(a), Some(b)) if (a.price() > b.price()) != crossed => (Some(b), Some(a)),
                sides => sides,
            };
            let quote = Quote::new(symbol(of), Timestamp::EPOCH, sorted.0, sorted.1).ok()?;
            Some(Input::Quote { quote })
        })
        .boxed()
}

fn trail() -> impl Strategy<Value = TrailBy> {
    prop_oneof![
        (1..60_i64).prop_map(|cents| TrailBy::Amount(Decimal::new(cents, 2))),
        (1..60_i64).prop_map(|share| TrailBy::Percent(Decimal::new(share, 2))),
    ]
}

fn kind() -> BoxedStrategy<OrderKind> {
    prop_oneof![
        3 => Just(OrderKind::Market),
        5 => price().prop_map(|limit| OrderKind::Limit { limit }),
        1 => price().prop_map(|stop| OrderKind::Stop { stop }),
        1 => (price(), price()).prop_map(|(stop, limit)| OrderKind::StopLimit { stop, limit }),
        1 => (trail(), proptest::option::of(price())).prop_map(|(by, stop)| OrderKind::Trail { by, stop }),
        1 => (trail(), proptest::option::of(price()), 0..20_i64).prop_map(|(by, stop, offset)| {
            OrderKind::TrailLimit { by, stop, limit_offset: Decimal::new(offset, 2) }
        }),
        1 => Just(OrderKind::MarketOnClose),
        1 => price().prop_map(|limit| OrderKind::LimitOnClose { limit }),
        1 => Just(OrderKind::MarketOnOpen),
        1 => price().prop_map(|limit| OrderKind::LimitOnOpen { limit }),
        1 => price().prop_map(|trigger| OrderKind::MarketIfTouched { trigger }),
        1 => (price(), price()).prop_map(|(trigger, limit)| OrderKind::LimitIfTouched { trigger, limit }),
    ]
    .boxed()
}

fn time_in_force() -> impl Strategy<Value = TimeInForce> {
    prop_oneof![
        4 => Just(TimeInForce::Day),
        4 => Just(TimeInForce::GoodTillCancelled),
        1 => Just(TimeInForce::ImmediateOrCancel),
        1 => Just(TimeInForce::FillOrKill),
        1 => (1..1_000_i64).prop_map(|at| TimeInForce::GoodTillDate(Timestamp::from_seconds(at))),
    ]
}

fn side() -> impl Strategy<Value = Side> {
    prop_oneof![Just(Side::Buy), Just(Side::Sell)]
}

fn submit() -> BoxedStrategy<Input> {
    let what = (0..KEYS, 0..3_usize, 0..3_usize, side(), size(), kind(), time_in_force());
    let family = (proptest::option::weighted(0.3, 1..4_usize), proptest::option::weighted(0.3, 0..3_usize));
    (what, family, proptest::bool::weighted(0.2))
        .prop_filter_map(
            "a good intent",
            |(
                (number, whose, of, side, quantity, kind, time_in_force),
                (parent, group),
                outside_sessions,
            )| {
                let draft = OrderDraft::new(key(number), account(whose), symbol(of), side, quantity, kind);
                let parent = parent.and_then(|back| number.checked_sub(back)).map(key);
                let oca = group.map(|group| OcaGroup::new(OrderKey::new(&format!("g{group}")).unwrap()));
                let draft = OrderDraft { time_in_force, parent, oca, outside_sessions, ..draft };
                Some(Input::Submit { intent: draft.check().ok()? })
            },
        )
        .boxed()
}

fn change() -> BoxedStrategy<Input> {
    let changed = prop_oneof![3 => price().prop_map(|limit| OrderKind::Limit { limit }), 1 => kind()];
    (0..KEYS, proptest::option::of(size()), proptest::option::of(changed))
        .prop_map(|(number, quantity, kind)| Input::Change {
            key: key(number),
            change: Box::new(OrderChange { quantity, kind, ..OrderChange::default() }),
        })
        .boxed()
}

fn fault() -> BoxedStrategy<Fault> {
    prop_oneof![
        Just(Fault::RefuseNext { count: 1, reason: "scripted".to_owned() }),
        (0..5_u64).prop_map(|seconds| Fault::DelayStatus { by: Duration::from_secs(seconds) }),
        Just(Fault::Silent),
        size().prop_map(|quantity| Fault::Slices { quantity }),
    ]
    .boxed()
}

fn input() -> BoxedStrategy<Input> {
    prop_oneof![
        12 => quote(),
        10 => submit(),
        2 => change(),
        2 => (0..KEYS).prop_map(|number| Input::Cancel { key: key(number) }),
        1 => Just(Input::Advance),
        1 => fault().prop_map(|fault| Input::Fault { fault }),
        1 => (0..KEYS, price()).prop_map(|(number, price)| Input::Correct { key: key(number), price }),
        1 => (0..KEYS, size()).prop_map(|(number, quantity)| Input::Trade { key: key(number), quantity }),
        1 => (0..KEYS, proptest::option::of(size()))
            .prop_map(|(number, left)| Input::Bust { key: key(number), left }),
    ]
    .boxed()
}

fn timed(inputs: Vec<(u64, Input)>) -> Vec<Step> {
    let mut at = Timestamp::EPOCH;
    let step = |(millis, input)| {
        at = at.after(Duration::from_millis(millis));
        Step { at, input }
    };
    inputs.into_iter().map(step).collect()
}

/// Up to `most` steps, some of them seconds apart.
pub(crate) fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let pause = prop_oneof![3 => Just(0_u64), 3 => 1..2_000_u64, 1 => 2_000..60_000_u64];
    proptest::collection::vec((pause, input()), 1..most).prop_map(timed)
}

fn wild_number() -> impl Strategy<Value = Decimal> {
    prop_oneof![
        Just(Decimal::MAX),
        Just(Decimal::MIN),
        Just(Price::MAX),
        Just(-Price::MAX),
        Just(Decimal::ZERO),
        Just(Decimal::new(1, 2)),
        Just(Decimal::new(1, 15)),
        (any::<i64>(), 0..16_u32).prop_map(|(number, scale)| Decimal::new(number, scale)),
    ]
}

fn wild_price() -> impl Strategy<Value = Price> {
    wild_number().prop_filter_map("a price", |number| Price::new(number).ok())
}

fn wild_size() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        wild_number().prop_filter_map("a quantity", |number| Quantity::new(number.abs()).ok()),
        Just(Quantity::new(Price::MAX).unwrap()),
        size(),
    ]
}

fn wild_kind() -> BoxedStrategy<OrderKind> {
    prop_oneof![
        kind(),
        wild_price().prop_map(|limit| OrderKind::Limit { limit }),
        (wild_number(), wild_number()).prop_map(|(by, limit_offset)| {
            OrderKind::TrailLimit { by: TrailBy::Amount(by), stop: None, limit_offset }
        }),
        wild_number().prop_map(|by| OrderKind::Trail { by: TrailBy::Percent(by), stop: None }),
    ]
    .boxed()
}

fn wild_input() -> BoxedStrategy<Input> {
    let level = || proptest::option::of((wild_price(), proptest::option::of(wild_size())));
    let quote = (0..2_usize, level(), level()).prop_filter_map("a quote", |(of, bid, ask)| {
        let level =
            |level: Option<(Price, Option<Quantity>)>| level.map(|(price, size)| Level::new(price, size));
        Some(Input::Quote { quote: Quote::new(symbol(of), Timestamp::EPOCH, level(bid), level(ask)).ok()? })
    });
    let submit = (0..KEYS, 0..3_usize, side(), wild_size(), wild_kind(), time_in_force()).prop_filter_map(
        "an intent",
        |(number, whose, side, quantity, kind, time_in_force)| {
            let draft =
                OrderDraft::new(key(number), account(whose), symbol(number % 3), side, quantity, kind);
            Some(Input::Submit { intent: OrderDraft { time_in_force, ..draft }.check().ok()? })
        },
    );
    let split = (0..2_usize, any::<u32>(), any::<u32>()).prop_filter_map("a split", |(of, new, old)| {
        Some(Input::Split { action: CorporateAction::split(symbol(of), Timestamp::EPOCH, new, old).ok()? })
    });
    let change = (0..KEYS, proptest::option::of(wild_size()), proptest::option::of(wild_kind()));
    prop_oneof![
        6 => quote.boxed(),
        6 => submit.boxed(),
        2 => input(),
        1 => split.boxed(),
        1 => change.prop_map(|(number, quantity, kind)| {
            let change = Box::new(OrderChange { quantity, kind, ..OrderChange::default() });
            Input::Change { key: key(number), change }
        }),
        1 => (0..KEYS, wild_price()).prop_map(|(number, price)| Input::Correct { key: key(number), price }),
        1 => (0..KEYS, wild_size()).prop_map(|(number, quantity)| Input::Trade { key: key(number), quantity }),
    ]
    .boxed()
}

/// Up to `most` steps with numbers at the ends of what the types hold.
pub(crate) fn wild_steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec((0..40_000_u64, wild_input()), 1..most).prop_map(timed)
}

/// What a damaged file may hold in the place of a value.
pub(crate) fn damage() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(Value::from(u64::MAX)),
        Just(Value::from("79228162514264337593543950335")),
        Just(Value::from("-1")),
        Just(Value::Array(Vec::new())),
        (0..40_u64).prop_map(Value::from),
        (0..4_u64).prop_map(|number| Value::from(format!("k{number}"))),
    ]
}

/// The document with one of its values, however deep, replaced.
pub(crate) fn damaged(mut document: Value, place: Index, damage: &Value) -> Value {
    let count = count_of(&document);
    replace(&mut document, &mut place.index(count), damage);
    document
}

fn count_of(value: &Value) -> usize {
    1 + match value {
        Value::Array(values) => values.iter().map(count_of).sum(),
        Value::Object(values) => values.values().map(count_of).sum(),
        _ => 0,
    }
}

/// Replaces the value `left` places from here; tells whether it was within this value.
fn replace(value: &mut Value, left: &mut usize, damage: &Value) -> bool {
    if *left == 0 {
        *value = damage.clone();
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(values) => values.iter_mut().any(|value| replace(value, left, damage)),
        Value::Object(values) => values.values_mut().any(|value| replace(value, left, damage)),
        _ => false,
    }
}
