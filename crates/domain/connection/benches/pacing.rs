//! How fast the pacing budget decides: one decision is a request taken in, let go, looked at in vain, or ended.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, Counts, Effect, HistoryPace, Limits, PacingBudget, QueueSettings, Request,
    RequestKey, RetrySettings,
};
use tradeport_kernel::Timestamp;

const ROUNDS: u64 = 10_000;

fn at(nanos: u64) -> Timestamp {
    Timestamp::from_nanos(i64::try_from(nanos).expect("small"))
}

fn budget() -> (PacingBudget, ConnectionId) {
    let mut budget = PacingBudget::new(Limits::default(), QueueSettings::default(), RetrySettings::default());
    let connection = budget.connect().expect("the first one");
    (budget, connection)
}

fn history(number: u64, pace: HistoryPace) -> Class {
    let (series, whole) = (RequestKey::new(number % 50), RequestKey::new(number));
    Class::History { pace, series, whole, counts: Counts::Once }
}

/// A full back-fill: small and large bars, subscriptions and questions of eight callers, in thousands.
fn under_back_fill() -> (PacingBudget, ConnectionId) {
    let (mut budget, connection) = budget();
    for number in 0..4_000_u64 {
        let caller = CallerId::new(u32::try_from(number % 8).expect("small"));
        let class = match number % 4 {
            0 => history(number, HistoryPace::Small),
            1 | 2 => history(number, HistoryPace::Large),
            _ => Class::MarketData,
        };
        budget.ask(Request::new(connection, caller, class), at(0)).expect("there is room");
    }
    (budget, connection)
}

/// Asks, lets go, and ends: three decisions each, with time enough that each may go at once.
fn at_once(budget: &mut PacingBudget, connection: ConnectionId, rounds: u64, class: impl Fn(u64) -> Class) {
    let mut out = Vec::with_capacity(8);
    for number in 0..rounds {
        let now = at(1_000_000_000 + number * 200_000_000);
        let request = Request::new(connection, CallerId::new(9), class(number));
        let ticket = budget.ask(request.by(now.after(Duration::from_secs(1))), now).expect("there is room");
        budget.step(now, &mut out);
        black_box(budget.next_wake());
        for effect in out.drain(..) {
            if let Effect::Go(gone) = effect {
                budget.done(gone, now).expect("it is open");
            }
        }
        black_box(ticket);
    }
}

fn bench_at_once(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pacing_at_once");
    let order = |number| Class::PlaceOrder { order: RequestKey::new(number), side: RequestKey::new(number) };
    group.bench_function("request", |bench| {
        let (mut budget, connection) = budget();
        let mut number = 0;
        bench.iter(|| {
            let now = at(number * 200_000_000);
            number += 1;
            let request = Request::new(connection, CallerId::new(9), Class::Message);
            let ticket = budget.ask(request, now).expect("there is room");
            let mut out = Vec::with_capacity(1);
            budget.step(now, &mut out);
            budget.done(ticket, now).expect("it is open");
            out
        });
    });
    group.bench_function("order_under_back_fill", |bench| {
        // At one moment, at which nothing else may go: what an order pays for the thousands that wait.
        let (mut budget, connection) = under_back_fill();
        let mut out = Vec::new();
        budget.step(at(0), &mut out);
        bench.iter_batched_ref(
            || budget.clone(),
            |budget| {
                out.clear();
                let request = Request::new(connection, CallerId::new(9), order(1));
                let ticket = budget.ask(request, at(1)).expect("there is room");
                budget.step(at(1), &mut out);
                budget.done(ticket, at(1)).expect("it is open")
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

fn bench_decisions(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pacing");
    group.throughput(Throughput::Elements(3 * ROUNDS));
    group.bench_function("messages", |bench| {
        bench.iter_batched_ref(
            budget,
            |(budget, c)| at_once(budget, *c, ROUNDS, |_| Class::Message),
            BatchSize::LargeInput,
        );
    });
    let order = |number| Class::PlaceOrder { order: RequestKey::new(number), side: RequestKey::new(number) };
    group.bench_function("orders_with_keys", |bench| {
        bench.iter_batched_ref(
            budget,
            |(budget, c)| at_once(budget, *c, ROUNDS, order),
            BatchSize::LargeInput,
        );
    });
    group.finish();
    let mut group = criterion.benchmark_group("pacing_back_fill");
    group.throughput(Throughput::Elements(3 * ROUNDS));
    group.bench_function("orders_among_thousands", |bench| {
        bench.iter_batched_ref(
            under_back_fill,
            |(budget, c)| at_once(budget, *c, ROUNDS, order),
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn settings() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3))
}

criterion_group! { name = benches; config = settings(); targets = bench_at_once, bench_decisions }
criterion_main!(benches);
