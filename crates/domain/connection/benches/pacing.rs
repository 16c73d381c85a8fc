//! How fast the pacing budget decides: one decision is a request taken in, let go, looked at in vain, or ended; and what it
//! adds, with the gate of the link, to a request that may go at once.
#![expect(clippy::unwrap_used, reason = "a measurement that fails should stop")]

#[path = "../tests/link/stage.rs"]
#[expect(dead_code, reason = "tests do more with it")]
mod stage;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use futures::FutureExt;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::Pacer;
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, Counts, Effect, HistoryPace, Limits, PacingBudget, QueueSettings, Request,
    RequestKey, RetrySettings,
};
use tradeport_kernel::{Clock, Timestamp};
use tradeport_memory::VirtualClock;

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
        let mut out = Vec::with_capacity(64);
        budget.step(at(0), &mut out);
        let send = |budget: &mut PacingBudget, number| {
            let mut out = Vec::with_capacity(1);
            let request = Request::new(connection, CallerId::new(9), order(number));
            let ticket = budget.ask(request, at(1)).expect("there is room");
            budget.step(at(1), &mut out);
            budget.done(ticket, at(1)).expect("it is open");
            out
        };
        bench.iter_batched_ref(
            // A copy has no room to spare: the first order in it would pay for moving all of its thousands.
            || {
                let mut budget = budget.clone();
                drop(send(&mut budget, 1));
                budget
            },
            |budget| send(budget, 2),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

/// What the gate of the link and the budget add together to a request that may go at once.
fn bench_with_the_link(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("pacing_at_once");
    let order = |number| Class::PlaceOrder { order: RequestKey::new(number), side: RequestKey::new(number) };
    let link = stage::Stage::ready();
    group.bench_function("supervisor_and_budget", |bench| {
        let (mut budget, connection) = budget();
        let (mut number, mut out) = (0, Vec::with_capacity(8));
        bench.iter(|| {
            black_box(link.link.may_order(link.now)).expect("the link stands");
            let now = at(number * 200_000_000);
            number += 1;
            out.clear();
            let request = Request::new(connection, CallerId::new(9), order(number));
            let ticket = budget.ask(request, now).expect("there is room");
            budget.step(now, &mut out);
            budget.done(ticket, now).expect("it is open");
        });
    });
    group.bench_function("supervisor_and_pacer", |bench| {
        let clock = VirtualClock::new(at(0));
        let budget = PacingBudget::new(Limits::default(), QueueSettings::default(), RetrySettings::default());
        let pacer = Pacer::new(budget, Arc::new(clock.clone()));
        let connection = pacer.connect().expect("the first one");
        let mut number = 0;
        bench.iter(|| {
            black_box(link.link.may_order(link.now)).expect("the link stands");
            number += 1;
            clock.advance_to(at(number * 200_000_000));
            let request = Request::new(connection, CallerId::new(9), order(number));
            let permit = pacer.ask(request).now_or_never().expect("at once");
            permit.expect("there is room").done();
            black_box(clock.now())
        });
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

criterion_group! { name = benches; config = settings(); targets = bench_at_once, bench_with_the_link, bench_decisions }
criterion_main!(benches);
