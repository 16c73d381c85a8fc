//! Connecting and handshake.

use crate::house::{House, account, bid, seconds};
use tradeport_connection::calendar::OutageCalendar;
use tradeport_connection::{Held, LinkSettings, LinkStanding, Proof};
use tradeport_fake_broker::Door;
use tradeport_kernel::AccountId;
use tradeport_orders::OrderState;

#[test]
fn scenario_con_01_a_taken_client_id_is_waited_for() {
    let mut house = House::new();
    house.door(Door::ClientIdTaken);
    house.session.start();
    house.run(seconds(200));
    assert!(!house.is_ready());
    assert_eq!(house.called(), ["client id taken"], "one call, after a while");
    house.door(Door::Open);
    house.run(seconds(80));
    assert!(house.is_ready());
    assert_eq!(house.called(), ["client id taken", "-client id taken"]);
}

#[test]
fn scenario_con_03_a_handshake_that_never_comes_is_given_up() {
    let mut house = House::new();
    house.door(Door::Silent);
    house.session.start();
    house.run(seconds(16));
    assert!(
        matches!(house.standing(), LinkStanding::BackingOff { failures: 1, .. }),
        "{:?}",
        house.standing()
    );
    house.door(Door::Open);
    house.run(seconds(5));
    assert!(house.is_ready());
}

#[test]
fn scenario_con_05_a_snapshot_that_is_cut_leaves_nothing_ready() {
    let mut house = House::new();
    house.broker.cut_next_answer();
    house.session.start();
    house.settle();
    assert!(!house.is_ready());
    house.run(seconds(15));
    assert!(house.is_ready(), "a new epoch, whole snapshots: {:?}", house.session.view());
}

#[test]
fn scenario_con_09_a_program_that_warms_up_is_no_alarm() {
    let mut house = House::new();
    house.door(Door::WarmingUp);
    house.session.start();
    house.run(seconds(45));
    house.door(Door::Open);
    house.run(seconds(40));
    assert!(house.is_ready() && house.called().is_empty(), "{:?}", house.called());
}

#[test]
fn scenario_con_12_a_frozen_broker_is_found_within_ten_seconds_while_orders_work() {
    let mut house = House::ready();
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working);
    house.run(seconds(12));
    house.broker.freeze(true);
    house.door(Door::WarmingUp);
    house.run(seconds(10));
    assert_eq!(house.story()[..2], ["established", "lost"]);
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::NotSent, "held, not unknown");
    house.door(Door::Open);
    house.run(seconds(20));
    assert_eq!(house.state("a"), OrderState::Working, "it works at the broker all the while");
    assert!(house.is_ready());
}

#[test]
fn scenario_con_14_hours_of_refusals_are_one_alarm() {
    let mut house = House::new();
    house.quotes_flow(false);
    house.door(Door::Closed);
    house.session.start();
    house.run(seconds(2 * 3_600));
    assert_eq!(house.called(), ["link down"]);
    assert!((90..200).contains(&house.errors()), "{} attempts", house.errors());
}

#[test]
fn scenario_con_17_whoever_asks_while_it_connects_starts_nothing_else() {
    let mut house = House::new();
    for _ in 0..20 {
        house.session.start();
    }
    house.settle();
    house.session.start();
    house.settle();
    assert_eq!(house.session.view().epoch.number(), 1, "one connection was made");
}

#[test]
fn scenario_con_21_another_account_blocks_trading() {
    let stranger = AccountId::new("U9999999").unwrap();
    let calendar = OutageCalendar::default();
    let mut house = House::with(calendar, "2013-01-02T17:00:00Z", LinkSettings::default(), Some(stranger));
    house.session.start();
    house.run(seconds(30));
    assert_eq!(house.session.may_order(), Err(Held::NotProven { missing: vec![Proof::Account] }));
    assert_eq!(house.called(), ["wrong account"]);
    let mut own = House::with(
        OutageCalendar::default(),
        "2013-01-02T17:00:00Z",
        LinkSettings::default(),
        Some(account()),
    );
    own.session.start();
    own.settle();
    assert!(own.is_ready());
}

#[test]
fn connecting_to_a_refusing_port_fails_at_once_with_what_to_check() {
    let settings = LinkSettings { most_attempts: Some(1), ..LinkSettings::default() };
    let mut house = House::with(OutageCalendar::default(), "2013-01-02T17:00:00Z", settings, None);
    house.door(Door::Closed);
    house.session.start();
    house.settle();
    assert_eq!((house.standing(), house.errors()), (LinkStanding::Down, 1), "at once");
    let told = house.calls.alarms();
    for check in ["runs", "host and port", "trusted addresses"] {
        assert!(told[0].text.contains(check), "{}", told[0].text);
    }
}

#[test]
fn ten_thousand_reconnects_leave_nothing_behind() {
    let mut house = House::ready();
    house.quotes_flow(false);
    let heard = house.listen();
    for _ in 0..10_000 {
        house.broker.drop_link();
        house.run(seconds(90));
        assert!(house.is_ready());
    }
    assert_eq!(house.broker.subscribed_symbols(), 1);
    assert!(house.broker.unread_events() <= 4, "{} events wait", house.broker.unread_events());
    assert_eq!(house.session.view().streams.len(), 1);
    drop(heard);
}
