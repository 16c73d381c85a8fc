//! What a caller reads when settings of the link cannot be, and when a request cannot even wait.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::Display;
use std::time::Duration;
use time::macros::time;
use tradeport_connection::breaker::{BreakerSettings, Breakers, Capability, Report};
use tradeport_connection::calendar::{OutageKind, OutageRule};
use tradeport_connection::clients::{ClientIds, ClientPlan, IdRange};
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, Limits, PacingBudget, Priority, QueueSettings, Request, RequestKey,
    RetrySettings, Rule,
};
use tradeport_connection::{Backoff, BackoffSettings, LinkSettings, Purpose};
use tradeport_kernel::{Timestamp, Zone};

fn said<T, E: Display>(answer: Result<T, E>) -> String {
    answer.err().unwrap().to_string()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

fn budget(limits: Limits, queues: QueueSettings) -> (PacingBudget, ConnectionId) {
    let mut budget = PacingBudget::new(limits, queues, RetrySettings::default());
    let connection = budget.connect().unwrap();
    (budget, connection)
}

fn order(connection: ConnectionId, number: u64) -> Request {
    let side = RequestKey::new(7);
    Request::new(connection, CallerId::new(1), Class::PlaceOrder { order: RequestKey::new(number), side })
}

fn message(connection: ConnectionId) -> Request {
    Request::new(connection, CallerId::new(1), Class::Message)
}

#[test]
fn limits_that_cannot_be() {
    let second = Some(Duration::from_secs(1));
    let limits = Limits::default;
    assert_eq!(
        said(limits().with(Rule::Messages, 0, second)),
        "the limit of Messages must be at least 1, not 0"
    );
    assert_eq!(
        said(limits().with(Rule::Messages, 50, None)),
        "Messages is a rate: it needs a time above zero and up to a day"
    );
    let said_of_lines = "Lines counts what is open at once: it has no time";
    assert_eq!(said(limits().with(Rule::Lines, 100, second)), said_of_lines);
    let all = Limits::documented(100).with_kept(30, 20);
    assert_eq!(said(all), "50 messages are kept for orders and cancels, of 50: the rest needs at least one");
    let jitter = limits().with_jitter(Duration::from_millis(1_001));
    assert_eq!(said(jitter), "a jitter of 1001 ms is more than a second");
}

#[test]
fn requests_that_cannot_even_wait() {
    let (mut first, connection) = budget(Limits::default(), QueueSettings::default());
    let late = message(connection).by(at(9));
    assert_eq!(said(first.ask(late, at(10))), "the deadline is over");
    let ticket = first.ask(message(connection), at(10)).unwrap();
    first.cancel(ticket, at(10)).unwrap();
    assert_eq!(said(first.cancel(ticket, at(10))), "the request has ended before");
    first.disconnect(connection, at(10), &mut Vec::new());
    assert_eq!(said(first.ask(message(connection), at(11))), "the connection is not open");

    let one_caller = QueueSettings { of_a_caller: 1, ..QueueSettings::default() };
    let (mut budget_of_caller, connection) = budget(Limits::default(), one_caller);
    budget_of_caller.ask(message(connection), at(1)).unwrap();
    let full = budget_of_caller.ask(message(connection), at(1));
    assert_eq!(said(full), "1 requests of this caller wait already");

    let one_in_all = QueueSettings { of_a_priority: 1, ..QueueSettings::default() };
    let (mut queue, connection) = budget(Limits::default(), one_in_all);
    queue.ask(message(connection).with_priority(Priority::Control), at(1)).unwrap();
    let full = queue.ask(message(connection).with_priority(Priority::Control), at(1));
    assert_eq!(said(full), "1 requests of priority Control wait already");

    let one_open = QueueSettings { open: 1, ..QueueSettings::default() };
    let (mut open, connection) = budget(Limits::default(), one_open);
    open.ask(message(connection), at(1)).unwrap();
    assert_eq!(said(open.ask(message(connection), at(1))), "1 requests are open already");
}

#[test]
fn what_the_broker_takes_no_more_of() {
    let limits = Limits::documented(100).with(Rule::OrdersPerSide, 1, None).unwrap();
    let (mut sides, connection) = budget(limits, QueueSettings::default());
    sides.ask(order(connection, 1), at(1)).unwrap();
    assert_eq!(
        said(sides.ask(order(connection, 2), at(1))),
        "1 orders work on this side of the contract: the broker takes no more"
    );
    let most = loop {
        if let Err(refused) = sides.connect() {
            break refused.to_string();
        }
    };
    assert_eq!(most, format!("{} connections are open: the broker lets no more in", sides.connections()));
}

#[test]
fn settings_of_the_link_that_cannot_be() {
    let wrong = |change: fn(&mut LinkSettings)| {
        let mut settings = LinkSettings::default();
        change(&mut settings);
        said(settings.check())
    };
    assert_eq!(wrong(|it| it.backoff.first = Duration::ZERO), "the first wait must be longer than nothing");
    assert_eq!(wrong(|it| it.connect_limit = Duration::ZERO), "connect_limit must be longer than nothing");
    assert_eq!(wrong(|it| it.attempts_a_minute = 0), "attempts_a_minute must be at least one");
    assert_eq!(wrong(|it| it.most_attempts = Some(0)), "most_attempts must be at least one");
    assert_eq!(
        wrong(|it| it.pulse.busy_every = Duration::from_secs(10)),
        format!(
            "while orders work a dead link is found after {} ms: busy_every and busy_limit together must be at most 10000 ms",
            10_000 + LinkSettings::default().pulse.busy_limit.as_millis()
        )
    );
    assert_eq!(
        wrong(|it| it.backoff.most = it.backoff.first / 2),
        "the longest wait between attempts is shorter than the first"
    );
    let jitter = "the jitter is 100 percent: it must be below 100";
    assert_eq!(wrong(|it| it.backoff.jitter_percent = 100), jitter);
    assert_eq!(wrong(|it| it.subscriptions.retry.jitter_percent = 100), jitter);
}

#[test]
fn client_ids_that_cannot_be_shared_out() {
    assert_eq!(
        said(IdRange::new(-1, 2)),
        "client ids from -1 on, 2 of them, are no range: they must be zero or above"
    );
    let range = |first, count| IdRange::new(first, count).unwrap();
    let overlap = ClientPlan::new([range(1, 1), range(10, 2), range(11, 2), range(20, 1), range(40, 1)]);
    assert_eq!(said(overlap), "client ids of recorder and of gap filler overlap");
    let many = ClientPlan::new([range(1, 1), range(10, 20), range(30, 10), range(50, 1), range(60, 1)]);
    assert_eq!(said(many), "33 connections are planned, and the broker's program lets 32 in");
}

#[test]
fn client_ids_that_are_gone() {
    let range = |first, count| IdRange::new(first, count).unwrap();
    let plan =
        ClientPlan::new([range(1, 1), range(10, 2), range(20, 2), range(30, 2), range(40, 2)]).unwrap();
    let waits = BackoffSettings { jitter_percent: 0, ..BackoffSettings::default() };
    let mut ids = ClientIds::new(plan, Backoff::new(waits, 1));
    let lease = ids.lease(Purpose::Interactive, at(0)).unwrap();
    assert_eq!(
        said(ids.lease(Purpose::Interactive, at(0))),
        "all 1 interactive connections are in use: share one, or end one first"
    );
    let retry_at = ids.taken(lease, at(0));
    assert_eq!(
        said(ids.lease(Purpose::Interactive, at(0))),
        format!("the broker says that every interactive client id is taken: it is tried again at {retry_at}")
    );
}

#[test]
fn outages_and_capabilities() {
    let never = OutageRule::weekly(OutageKind::Weekend, &[], time!(22:00), time!(23:00), Zone::utc());
    assert_eq!(said(never), "an outage needs at least one day of the week");
    let rest = Duration::from_secs(60);
    let settings = BreakerSettings::default().opening(1, rest).unwrap().resting(rest, rest).unwrap();
    let mut breakers = Breakers::new(settings);
    let pass = breakers.ask(Capability::History, at(0)).unwrap();
    breakers.report(pass, Report::Failed, at(0)).unwrap();
    assert_eq!(
        said(breakers.ask(Capability::History, at(1))),
        "History failed too often and rests until 1970-01-01T00:01:00Z"
    );
}
