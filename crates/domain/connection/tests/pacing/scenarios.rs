//! The failure scenarios of pacing, at the level of the scheduler. Each is named after its row.

use crate::checker::Allowed;
use crate::driver::{Driver, Fate, at, large, limits, order, request, small};
use std::time::Duration;
use tradeport_connection::NoticeClass;
use tradeport_connection::pacing::{
    Class, ConnectionId, Counts, Failure, Limits, Priority, QueueSettings, Refused, RequestKey, Rule, Ticket,
};

fn standard() -> (Driver, ConnectionId) {
    let mut driver = Driver::new(Limits::default());
    let connection = driver.connect();
    (driver, connection)
}

fn went(driver: &Driver, tickets: &[Ticket]) -> usize {
    tickets.iter().filter(|ticket| !driver.seen[ticket].went.is_empty()).count()
}

/// A pacing answer of the broker: requests like it rest, and the job goes on by itself.
#[test]
fn scenario_his_01_a_pacing_answer_cools_down_and_the_job_is_not_failed() {
    let (mut driver, connection) = standard();
    let job = driver.send(connection, 0, small(1, 1, Counts::Once));
    let cooled = driver.now + 10_000;
    assert!(matches!(driver.fail(job, NoticeClass::Throttle), Some(Failure::Again { .. })));
    let others: Vec<Ticket> =
        (0..5).map(|n| driver.send(connection, 1, small(2 + n, 2 + n, Counts::Twice))).collect();
    driver.run_to(cooled - 1);
    assert_eq!(went(&driver, &others), 0, "nothing like it goes while it is hot");
    driver.run_to(cooled + 20_000);
    assert_eq!(went(&driver, &others), 5);
    assert_eq!(driver.seen[&job].went.len(), 2, "the job went again by itself");
    assert!(driver.done(job));
}

/// A month of one-minute windows of small bars, asked for at once by three callers: the broker never has a reason.
#[test]
fn scenario_his_01_a_back_fill_never_causes_a_pacing_answer() {
    let mut driver = Driver::new(Limits::default());
    let connections = [driver.connect(), driver.connect()];
    for number in 0..360_u32 {
        let counts = if number % 3 == 0 { Counts::Twice } else { Counts::Once };
        // Some windows are asked for twice, and each kind of data of an instrument is a series of its own.
        let class = small(u64::from(number % 6), u64::from(number / 2), counts);
        driver.ask(request(connections[number as usize % 2], number % 3, class)).unwrap();
    }
    driver.drain();
    assert!(driver.seen.values().all(|seen| seen.went.len() == 1));
    let arrivals = driver.arrivals(&[0, 50, 13, 50, 0, 37, 1]);
    assert_eq!(Allowed::STANDARD.broken_by(&arrivals), None);
    assert_eq!(Allowed { messages: (50, 1_000), ..Allowed::STANDARD }.broken_by(&arrivals), None);
}

/// What gets no answer ends when its caller gives it up, and what it kept open is free for the retry.
#[test]
fn scenario_his_04_a_request_without_an_answer_gives_its_place_back() {
    let mut driver = Driver::new(limits(&Allowed { history_open: 1, ..Allowed::STANDARD }, 0));
    let connection = driver.connect();
    let silent = driver.send(connection, 0, large(1));
    let next = driver.send(connection, 0, large(2));
    driver.run_to(60_000);
    assert_eq!(driver.log, [silent]);
    assert!(driver.cancel(silent));
    driver.run_to(60_001);
    assert_eq!(driver.log, [silent, next]);
    assert!(!driver.done(silent), "the late answer finds no ticket");
}

/// The 51st open request waits, with those that are kept up to date.
#[test]
fn scenario_his_06_the_51st_request_waits_for_one_to_end() {
    let (mut driver, connection) = standard();
    let asked: Vec<Ticket> = (0..51).map(|number| driver.send(connection, 0, large(number))).collect();
    driver.run_to(600_000);
    assert_eq!(went(&driver, &asked), 50);
    driver.done(asked[7]);
    driver.run_to(600_000 + 49);
    assert_eq!(went(&driver, &asked), 50, "its end may still be on its way");
    driver.run_to(600_000 + 50);
    assert_eq!(went(&driver, &asked), 51);
}

/// Lines are counted before they are asked for, and the 101st waits until its deadline.
#[test]
fn scenario_mkt_09_no_line_is_asked_for_that_there_is_not() {
    let (mut driver, connection) = standard();
    let lines: Vec<Ticket> = (0..100).map(|_| driver.send(connection, 0, Class::MarketData)).collect();
    driver.run_to(5_000);
    let patience = at(30_000);
    let late = driver
        .ask(request(connection, 1, Class::RealTimeBars { series: RequestKey::new(1) }).by(patience))
        .unwrap();
    driver.run_to(29_999);
    assert_eq!((went(&driver, &lines), driver.seen[&late].fate), (100, Fate::Waits));
    driver.run_to(30_000);
    assert_eq!((went(&driver, &[late]), driver.seen[&late].fate), (0, Fate::Ended));
    let used = driver
        .budget
        .gauges(at(driver.now))
        .limits
        .into_iter()
        .find(|gauge| gauge.rule == Rule::Lines)
        .unwrap();
    assert_eq!((used.used, used.limit.most()), (100, 100));
}

/// Thousands of snapshots, each of which frees its line: the counts stay flat.
#[test]
fn scenario_mkt_10_snapshots_give_their_lines_back() {
    let (mut driver, connection) = standard();
    for _ in 0..2_000 {
        let snapshot = driver.send(connection, 0, Class::MarketData);
        driver.run_to(driver.now + 40);
        driver.done(snapshot);
    }
    driver.drain();
    driver.run_to(driver.now + 2_000);
    let gauges = driver.budget.gauges(at(driver.now));
    assert_eq!((gauges.open, gauges.callers, gauges.keys), (0, 0, 0));
    assert_eq!(gauges.counters.sent, 2_000);
}

/// Whatever is asked at once leaves below the limit, smoothly, and a cancel goes before all of it.
#[test]
fn scenario_mkt_14_no_second_has_more_messages_than_the_limit() {
    let (mut driver, connection) = standard();
    for _ in 0..500 {
        driver.ask(request(connection, 0, Class::Message)).unwrap();
    }
    driver.run_to(3_010);
    let cancel = driver.send(connection, 1, Class::CancelOrder);
    assert_eq!(driver.seen[&cancel].went, [3_010], "a cancel goes at once");
    driver.drain();
    let arrivals = driver.arrivals(&[0, 50, 50, 50, 17, 3]);
    assert_eq!(Allowed::STANDARD.broken_by(&arrivals), None);
    let mut times: Vec<i64> =
        arrivals.iter().filter(|one| one.class == Class::Message).map(|one| one.at).collect();
    times.sort_unstable();
    // Four in a slice of 100 ms, and what comes 50 ms late from the slice before.
    assert!(times.windows(9).all(|nine| nine[8] - nine[0] >= 50), "no bursts");
}

/// A hundred subscriptions at once are spread over seconds, and a sign of life still goes at once.
#[test]
fn scenario_mkt_15_a_hundred_subscriptions_are_spread() {
    let (mut driver, connection) = standard();
    let lines: Vec<Ticket> =
        (0..100).map(|_| driver.ask(request(connection, 0, Class::MarketData)).unwrap()).collect();
    driver.run_to(1_010);
    assert!(went(&driver, &lines) <= 45);
    let asked = driver.now;
    let probe = driver.send(connection, 1, Class::Message);
    driver.run_to(4_000);
    assert!(driver.seen[&probe].went[0] - asked <= 100, "the probe of the link is more urgent");
    assert_eq!(went(&driver, &lines), 100);
}

/// Tick-by-tick: five streams, and the same instrument only every 15 seconds.
#[test]
fn scenario_mkt_19_tick_by_tick_streams_stay_within_their_limits() {
    let (mut driver, connection) = standard();
    let stream = |key| Class::TickByTick { instrument: RequestKey::new(key) };
    let streams: Vec<Ticket> = (0..6).map(|key| driver.send(connection, 0, stream(key))).collect();
    driver.run_to(20_000);
    assert_eq!(went(&driver, &streams), 5);
    driver.done(streams[0]);
    driver.run_to(20_100);
    assert_eq!(went(&driver, &streams), 6);
    driver.done(streams[5]);
    let again = driver.send(connection, 0, stream(5));
    driver.run_to(35_000);
    assert_eq!(went(&driver, &[again]), 0);
    driver.run_to(35_200);
    assert_eq!(went(&driver, &[again]), 1);
}

/// Somebody changes one order again and again: a few go each second, and the others do not stand in anybody's way.
#[test]
fn scenario_ord_26_a_loop_of_changes_is_slowed_down() {
    let queues = QueueSettings { of_a_caller: 50, ..QueueSettings::default() };
    let mut driver = Driver::with(Limits::default(), queues);
    let connection = driver.connect();
    let mut refused = 0;
    for _ in 0..10_000 {
        let change = Class::ChangeOrder { order: RequestKey::new(1) };
        refused += u32::from(matches!(
            driver.ask(request(connection, 0, change)),
            Err(Refused::CallerIsFull { .. })
        ));
        driver.run_to(driver.now + 1);
    }
    assert!(driver.log.len() <= 100, "{} changes in ten seconds", driver.log.len());
    assert!(refused > 9_000, "the caller is told");
    let other = driver.send(connection, 1, order(2));
    assert_eq!(driver.seen[&other].fate, Fate::Went);
}

/// The 21st order on a side is refused at once: a price that waited is a wrong price. A lost link frees no side.
#[test]
fn scenario_ord_the_21st_order_of_a_side_is_refused() {
    let (mut driver, connection) = standard();
    let buy = |number| Class::PlaceOrder { order: RequestKey::new(number), side: RequestKey::new(1) };
    let orders: Vec<Ticket> = (0..20).map(|number| driver.send(connection, 0, buy(number))).collect();
    let refused = |driver: &mut Driver, connection| driver.ask(request(connection, 0, buy(99))).err();
    assert_eq!(refused(&mut driver, connection), Some(Refused::SideIsFull { most: 20 }));
    driver.run_to(5_000);
    driver.disconnect(connection);
    let connection = driver.connect();
    assert_eq!(refused(&mut driver, connection), Some(Refused::SideIsFull { most: 20 }));
    driver.done(orders[3]);
    assert_eq!(refused(&mut driver, connection), None);
}

/// The clock steps back an hour: nothing that counts is forgotten, and nothing goes twice.
#[test]
fn scenario_sys_02_a_clock_that_steps_back_breaks_no_rule() {
    let (mut driver, connection) = standard();
    driver.now = 3_600_000;
    for _ in 0..60 {
        driver.ask(request(connection, 0, Class::Message).with_priority(Priority::Cancel)).unwrap();
    }
    assert_eq!(driver.step(), 45);
    driver.now = 0;
    assert_eq!(driver.step(), 0);
    driver.run_to(3_601_049);
    assert_eq!(driver.log.len(), 45);
    driver.run_to(3_601_050);
    assert_eq!(driver.log.len(), 60);
}

/// Weeks of all kinds of requests: what is remembered is what still counts.
#[test]
fn scenario_sys_05_memory_stays_flat() {
    let mut driver = Driver::new(Limits::default());
    let mut most = 0;
    for day in 0..30_u64 {
        let connection = driver.connect();
        for number in 0..60 {
            let key = day * 1_000 + number;
            driver.ask(request(connection, 0, small(key, key, Counts::Once))).unwrap();
            driver
                .ask(request(connection, 1, Class::TickByTick { instrument: RequestKey::new(key) }))
                .unwrap();
            driver.ask(request(connection, 2, order(key))).unwrap();
        }
        driver.drain();
        let gauges = driver.budget.gauges(at(driver.now));
        most = most.max(gauges.keys);
        driver.disconnect(connection);
        driver.now += 86_400_000;
        driver.seen.clear();
        driver.log.clear();
    }
    assert!(most <= 60 * 4, "{most} keys of one day");
    let gauges = driver.budget.gauges(at(driver.now));
    assert_eq!((gauges.open, gauges.callers, gauges.keys, driver.budget.connections()), (0, 0, 0, 0));
}

/// Everything is full: the rest is refused with what is full, and orders and cancels still get in.
#[test]
fn scenario_sys_11_the_path_of_orders_is_kept_free() {
    let queues = QueueSettings { of_a_priority: 100, of_a_caller: 60, open: 150 };
    let mut driver = Driver::with(Limits::default(), queues);
    let connection = driver.connect();
    let mut ask = |caller, class| driver.ask(request(connection, caller, class)).map(|_| ());
    (0..60).for_each(|number| ask(0, large(number)).unwrap());
    assert_eq!(ask(0, large(99)), Err(Refused::CallerIsFull { most: 60 }));
    (0..40).for_each(|number| ask(1, large(number)).unwrap());
    assert_eq!(ask(2, large(99)), Err(Refused::QueueIsFull { priority: Priority::History, most: 100 }));
    (0..50).for_each(|_| ask(1, Class::MarketData).unwrap());
    assert_eq!(ask(2, Class::Message), Err(Refused::TooManyOpen { most: 150 }));
    (0..20).for_each(|number| ask(3, order(number)).unwrap());
    (0..20).for_each(|_| ask(3, Class::CancelOrder).unwrap());
    driver.step();
    let urgent =
        driver.log.iter().filter(|ticket| driver.seen[ticket].request.priority() <= Priority::Order).count();
    // But for the turns of those who were passed by sixteen times.
    assert!(urgent >= 38, "{urgent}");
}

/// The 33rd connection is refused before the broker does it.
#[test]
fn scenario_con_the_33rd_connection_is_refused() {
    let mut driver = Driver::new(Limits::default());
    let connections: Vec<ConnectionId> = (0..32).map(|_| driver.connect()).collect();
    assert_eq!(driver.budget.connect(), Err(Refused::TooManyConnections { most: 32 }));
    driver.disconnect(connections[5]);
    let fresh = driver.connect();
    assert_ne!(fresh, connections[5], "an old name is not taken for the new connection");
    assert_eq!(driver.ask(request(connections[5], 0, Class::Message)), Err(Refused::NoConnection));
}

/// What is open at the broker already counts, even when there is more of it than there may be.
#[test]
fn scenario_rst_12_adopted_orders_count() {
    let (mut driver, connection) = standard();
    let buy = |number| Class::PlaceOrder { order: RequestKey::new(number), side: RequestKey::new(1) };
    let known: Vec<Ticket> = (0..21)
        .map(|number| driver.budget.adopt(request(connection, 0, buy(number)), at(0)).unwrap())
        .collect();
    let twice = driver.budget.adopt(request(connection, 0, buy(7)), at(0));
    assert_eq!(twice, Err(Refused::IsCounted), "two connections list the same order");
    let ask = |driver: &mut Driver| driver.budget.ask(request(connection, 0, buy(99)), at(0)).is_ok();
    assert!(!ask(&mut driver));
    driver.budget.done(known[0], at(1)).unwrap();
    assert!(!ask(&mut driver));
    driver.budget.done(known[1], at(1)).unwrap();
    assert!(ask(&mut driver));
    let jitter = Duration::from_millis(50);
    assert_eq!(driver.budget.limits().jitter(), jitter);
}
