//! How many inputs a second the exchange and the order state machine take, on one core.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use tradeport_contracts::{Contract, ContractDraft, ContractId, Stock, TradingSessions};
use tradeport_fake_broker::exchange::Input;
use tradeport_fake_broker::{AccountConfig, AccountKind, Exchange, ExchangeConfig};
use tradeport_kernel::{
    AccountId, Currency, Decimal, Money, OrderKey, PermId, Price, Quantity, Symbol, Timestamp,
};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, Commission, Execution, ExecutionId, Order, OrderDraft, OrderInput,
    OrderIntent, OrderKind, Side, TimeInForce,
};

const SYMBOLS: usize = 100;
const INPUTS: usize = 20_000;

fn symbol(number: usize) -> Symbol {
    Symbol::new(&format!("S{number:03}")).expect("a short name")
}

fn account() -> AccountId {
    AccountId::new("BENCH").expect("a short name")
}

fn cents(cents: i64) -> Price {
    Price::new(Decimal::new(cents, 2)).expect("a small price")
}

fn units(number: i64) -> Quantity {
    Quantity::new(Decimal::from(number)).expect("above zero")
}

fn contract(number: usize) -> Contract {
    let draft = ContractDraft {
        id: ContractId::new(i64::try_from(number).expect("small")),
        symbol: symbol(number),
        instrument: Stock::new(symbol(number).as_str()).expect("a good ticker").into(),
        name: String::new(),
        currency: Currency::USD,
        price_step: Decimal::new(1, 2),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::always(),
        details: Default::default(),
    };
    draft.check().expect("a good contract")
}

fn exchange() -> Exchange {
    let cash = Money::new(Decimal::from(10_000_000_000_i64), Currency::USD);
    let accounts = vec![AccountConfig { id: account(), cash, kind: AccountKind::Cash }];
    let contracts = (0..SYMBOLS).map(contract).collect();
    Exchange::new(ExchangeConfig::new(1, accounts, contracts)).expect("a good configuration")
}

/// A quote whose price swings by 20 cents.
fn quote(number: usize) -> Input {
    let swing = i64::try_from((number / SYMBOLS * 7) % 40).expect("small");
    let bid = 10_000 + (swing - 20).abs();
    let level = |cent| Some(Level::new(cents(cent), Some(units(500))));
    let at = Timestamp::from_nanos(i64::try_from(number).expect("small"));
    let quote = Quote::new(symbol(number % SYMBOLS), at, level(bid), level(bid + 2)).expect("two sides");
    Input::Quote { quote }
}

fn intent(name: &str, number: usize, kind: OrderKind) -> OrderIntent {
    let key = OrderKey::new(name).expect("a good key");
    let draft = OrderDraft::new(key, account(), symbol(number % SYMBOLS), Side::Buy, units(100), kind);
    let draft = OrderDraft { time_in_force: TimeInForce::GoodTillCancelled, ..draft };
    draft.check().expect("a good intent")
}

/// Ten orders for each instrument that rest or sleep away from the market.
fn with_resting_orders() -> Exchange {
    let mut exchange = exchange();
    let mut out = Vec::new();
    for number in 0..SYMBOLS {
        exchange.step(quote(number), Timestamp::EPOCH, &mut out);
    }
    for number in 0..10 * SYMBOLS {
        let far = i64::try_from(number / SYMBOLS).expect("small");
        let kind = if number % 20 < 10 {
            OrderKind::Limit { limit: cents(9_000 + far) }
        } else {
            OrderKind::Stop { stop: cents(11_000 + far) }
        };
        let intent = intent(&format!("rest-{number}"), number, kind);
        exchange.step(Input::Submit { intent }, Timestamp::EPOCH, &mut out);
    }
    exchange
}

/// Quotes with, for every `orders_every`, one order: in turn a market order, a limit order and its cancel.
fn inputs(orders_every: usize) -> Vec<Input> {
    let order = |number: usize| {
        let turn = number / orders_every;
        match turn % 3 {
            0 => Input::Submit { intent: intent(&format!("mkt-{turn}"), number, OrderKind::Market) },
            1 => {
                let kind = OrderKind::Limit { limit: cents(9_500) };
                Input::Submit { intent: intent(&format!("lmt-{turn}"), number, kind) }
            }
            _ => Input::Cancel { key: OrderKey::new(&format!("lmt-{}", turn - 1)).expect("a good key") },
        }
    };
    let input =
        |number: usize| if (number + 1).is_multiple_of(orders_every) { order(number) } else { quote(number) };
    (0..INPUTS).map(input).collect()
}

fn run(exchange: &mut Exchange, inputs: Vec<Input>) -> usize {
    let mut out = Vec::with_capacity(64);
    let mut effects = 0;
    for (number, input) in inputs.into_iter().enumerate() {
        let now = Timestamp::from_nanos(i64::try_from(number).expect("small"));
        exchange.step(input, now, &mut out);
        effects += out.len();
        out.clear();
    }
    effects
}

fn bench_exchange(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exchange");
    group.throughput(Throughput::Elements(INPUTS as u64));
    let ready = with_resting_orders();
    for (name, orders_every) in
        [("quotes", usize::MAX), ("quotes_with_10_percent_orders", 10), ("half_orders", 2)]
    {
        let script = inputs(orders_every);
        group.bench_function(name, |bench| {
            let setup = || (ready.clone(), script.clone());
            bench.iter_batched_ref(
                setup,
                |(exchange, script)| black_box(run(exchange, std::mem::take(script))),
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

/// The inputs of an order that fills in ten parts, each with its cost and a status.
fn life() -> Vec<OrderInput> {
    let perm_id = PermId::new(1);
    let mut life = vec![
        OrderInput::RiskApproved { findings: Vec::new().into() },
        OrderInput::Sent,
        OrderInput::Accepted { perm_id: Some(perm_id), broker_order_id: None },
    ];
    for part in 1..=10_i64 {
        let execution = Execution {
            id: ExecutionId::new(&format!("0001.{part}"), 1),
            key: Some(OrderKey::new("life").expect("a good key")),
            perm_id,
            account: account(),
            symbol: symbol(0),
            side: Side::Buy,
            quantity: units(10),
            price: cents(10_000),
            at: Timestamp::EPOCH,
            part: tradeport_orders::ExecutedPart::Whole,
        };
        let amount = Money::new(Decimal::new(35, 2), Currency::USD);
        let commission = Commission { execution: execution.id.clone(), amount };
        let phase = if part == 10 { BrokerPhase::Filled } else { BrokerPhase::Working };
        let status =
            BrokerStatus { phase, filled: Decimal::from(10 * part), perm_id: Some(perm_id), reason: None };
        life.push(OrderInput::Executed { execution });
        life.push(OrderInput::Charged { commission });
        life.push(OrderInput::Status { status });
    }
    life
}

fn bench_order_state(criterion: &mut Criterion) {
    let life = life();
    let mut group = criterion.benchmark_group("order_state");
    group.throughput(Throughput::Elements(life.len() as u64));
    let fresh = Order::open(intent("life", 0, OrderKind::Market), Timestamp::EPOCH);
    group.bench_function("filled_in_ten_parts", |bench| {
        bench.iter_batched_ref(
            || fresh.clone(),
            |order| {
                for input in &life {
                    black_box(order.apply(input, Timestamp::EPOCH));
                }
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn settings() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(4))
}

criterion_group! { name = benches; config = settings(); targets = bench_exchange, bench_order_state }
criterion_main!(benches);
