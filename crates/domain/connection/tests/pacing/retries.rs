//! What becomes of requests that the broker did not serve.

use crate::checker::Allowed;
use crate::driver::{Driver, Fate, at, large, limits, order, request, small};
use tradeport_connection::pacing::{Class, Counts, Failure};
use tradeport_connection::{Farm, NoticeClass};

fn driver() -> (Driver, tradeport_connection::pacing::ConnectionId) {
    let mut driver = Driver::new(limits(&Allowed::STANDARD, 0));
    let connection = driver.connect();
    (driver, connection)
}

#[test]
fn what_was_too_fast_goes_again_later_each_time_and_then_no_more() {
    let (mut driver, connection) = driver();
    let ticket = driver.send(connection, 0, small(1, 1, Counts::Once));
    let mut last_went = 0;
    for failures in 1..5 {
        let Some(Failure::Again { failures: told, .. }) = driver.fail(ticket, NoticeClass::Throttle) else {
            panic!("given up after {failures}");
        };
        assert_eq!(told, failures);
        let failed = driver.now;
        driver.run_to(failed + 600_000);
        let went = *driver.seen[&ticket].went.last().unwrap();
        assert!(went - failed >= 1_000 << failures, "{failures}: {} ms", went - failed);
        assert!(went - last_went >= 15_000, "the very same request keeps its distance");
        last_went = went;
    }
    assert_eq!(driver.fail(ticket, NoticeClass::Throttle), Some(Failure::Final));
    assert_eq!(driver.fail(ticket, NoticeClass::Throttle), None, "it ended once");
}

#[test]
fn what_is_refused_does_not_go_again() {
    // What was lost is asked for again by whoever keeps streams and connections: twice would be once too often.
    let lost = [NoticeClass::StreamEnded, NoticeClass::DataLost, NoticeClass::SessionEnds];
    let refused =
        [NoticeClass::Refused, NoticeClass::Unknown, NoticeClass::Delayed, NoticeClass::Information];
    for class in lost.into_iter().chain(refused) {
        let (mut driver, connection) = driver();
        let ticket = driver.send(connection, 0, large(1));
        assert_eq!(driver.fail(ticket, class), Some(Failure::Final));
    }
}

#[test]
fn what_servers_that_are_down_did_not_serve_goes_again() {
    for class in [NoticeClass::BrokerOffline, NoticeClass::FarmDown(Farm::History)] {
        let (mut driver, connection) = driver();
        let ticket = driver.send(connection, 0, large(1));
        assert!(matches!(driver.fail(ticket, class), Some(Failure::Again { .. })), "{class:?}");
        driver.run_to(10_000);
        assert_eq!(driver.seen[&ticket].went, [0, 2_000], "{class:?}");
    }
}

#[test]
fn an_order_is_never_sent_twice() {
    for class in [
        order(1),
        Class::ChangeOrder { order: tradeport_connection::pacing::RequestKey::new(1) },
        Class::CancelOrder,
    ] {
        for notice in
            [NoticeClass::Throttle, NoticeClass::BrokerOffline, NoticeClass::FarmDown(Farm::Definitions)]
        {
            let (mut driver, connection) = driver();
            let ticket = driver.send(connection, 0, class);
            assert_eq!(driver.fail(ticket, notice), Some(Failure::Final));
            driver.run_to(3_600_000);
            assert_eq!(driver.log, [ticket]);
        }
    }
}

#[test]
fn too_fast_rests_what_is_like_it_and_never_orders() {
    let (mut driver, connection) = driver();
    let history = driver.send(connection, 0, small(1, 1, Counts::Once));
    let message = driver.send(connection, 0, Class::Message);
    driver.fail(history, NoticeClass::Throttle);
    driver.fail(message, NoticeClass::Throttle);
    let waits = [small(2, 2, Counts::Once), small(3, 3, Counts::Twice), Class::Message];
    let waits = waits.map(|class| driver.send(connection, 1, class));
    let goes = [order(1), Class::CancelOrder].map(|class| driver.send(connection, 1, class));
    driver.run_to(9_999);
    assert!(goes.iter().all(|ticket| driver.seen[ticket].fate == Fate::Went));
    assert!(waits.iter().all(|ticket| driver.seen[ticket].fate == Fate::Waits));
    driver.run_to(11_000);
    assert!(waits.iter().all(|ticket| driver.seen[ticket].fate == Fate::Went));
}

#[test]
fn what_could_not_go_again_by_its_deadline_ends_at_once() {
    let (mut driver, connection) = driver();
    let ticket = driver.ask(request(connection, 0, large(1)).by(at(1_500))).unwrap();
    driver.step();
    assert_eq!(driver.fail(ticket, NoticeClass::Throttle), Some(Failure::Final));
    let ticket = driver.ask(request(connection, 0, Class::MarketData).by(at(2_500))).unwrap();
    driver.step();
    assert!(matches!(driver.fail(ticket, NoticeClass::BrokerOffline), Some(Failure::Again { .. })));
    driver.run_to(5_000);
    assert_eq!(driver.seen[&ticket].went, [0, 2_000]);
}
