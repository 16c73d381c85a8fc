//! What a program and its broker do while they are maintained, and after.

use crate::house::{House, bid, key, seconds};
use crate::rst::before_the_restart;
use tradeport_conformance::fixtures;
use tradeport_connection::{Farm, Held, NoticeClass, Proof};
use tradeport_fake_broker::Door;
use tradeport_orders::{OrderGateway, OrderState};
use tradeport_trading::AuditLog;

#[test]
fn scenario_rst_02_orders_of_two_epochs_are_never_taken_for_each_other() {
    let mut house = before_the_restart();
    for name in ["a", "b"] {
        assert_eq!(house.submit(bid(name, 10, "90")), OrderState::Working);
    }
    house.run(seconds(300));
    house.broker.drop_link();
    house.run(seconds(400));
    for name in ["c", "d"] {
        assert_eq!(house.submit(bid(name, 10, "90")), OrderState::Working);
    }
    let desk = house.desk.clone().unwrap();
    for name in ["a", "c"] {
        let desk = desk.clone();
        house.wait(async move { desk.cancel(&key(name), Default::default()).await.unwrap() });
    }
    house.broker.trade_with(&key("b"), "10".parse().unwrap());
    let states = ["a", "b", "c", "d"].map(|name| house.state(name));
    let (gone, filled, works) = (OrderState::Cancelled, OrderState::Filled, OrderState::Working);
    assert_eq!(states, [gone, filled, gone, works]);
    let mut ids: Vec<_> = house
        .wait(async move { desk.orders().await })
        .iter()
        .map(|order| (order.perm_id(), order.intent().key().clone()))
        .collect();
    ids.sort();
    ids.dedup_by_key(|(perm_id, _)| *perm_id);
    assert_eq!(ids.len(), 4, "each has its own: {ids:?}");
}

#[test]
fn scenario_rst_04_after_a_restart_the_account_is_proven_anew() {
    let mut house = before_the_restart();
    assert!(house.doubts.asked_in(1).contains(&Proof::Account));
    house.run(seconds(300));
    house.door(Door::WarmingUp);
    house.broker.drop_link();
    house.run(seconds(90));
    house.door(Door::Open);
    house.run(seconds(300));
    assert!(house.doubts.asked_in(2).contains(&Proof::Account), "of whoever came back");
    assert!(house.is_ready());
    // Somebody else came back.
    house.doubts.refute(Proof::Account);
    house.broker.drop_link();
    house.run(seconds(30));
    assert_eq!(house.session.may_order(), Err(Held::NotProven { missing: vec![Proof::Account] }));
    assert_eq!(house.called(), ["wrong account"]);
}

#[test]
fn scenario_rst_06_a_port_that_stays_closed_is_an_alarm_within_minutes_of_the_restart() {
    let mut house = before_the_restart();
    house.quotes_flow(false);
    house.run(seconds(310));
    house.door(Door::Closed);
    house.broker.drop_link();
    house.run(seconds(200));
    assert!(house.called().is_empty(), "within the window it is expected: {:?}", house.called());
    house.run(seconds(240));
    assert_eq!(house.called(), ["link down"], "minutes after it");
    house.run(seconds(3_600));
    assert_eq!(house.called(), ["link down"]);
}

#[test]
fn scenario_rst_07_flapping_farms_and_repeated_losses_leave_orders_alone() {
    let mut house = House::ready();
    let _heard = house.listen();
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working);
    for round in 0..60 {
        house.say(NoticeClass::FarmDown(Farm::MarketData));
        if round % 5 == 0 {
            house.say(NoticeClass::FarmDown(Farm::History));
        }
        house.run(seconds(2));
        house.say(NoticeClass::FarmUp(Farm::MarketData));
        house.say(NoticeClass::FarmUp(Farm::History));
        house.run(seconds(2));
    }
    assert_eq!(house.called(), [""; 0], "none lasted");
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::Working, "the way of orders is untouched");
    assert_eq!((house.session.view().epoch.number(), house.broker.subscribed_symbols()), (1, 1));
    assert_eq!(house.state("a"), OrderState::Working);
}

#[test]
fn scenario_rst_10_that_nothing_is_found_during_maintenance_proves_nothing() {
    let mut house = before_the_restart();
    assert!(house.session.absence_proves(Farm::Definitions));
    house.say(NoticeClass::FarmDown(Farm::Definitions));
    assert!(!house.session.absence_proves(Farm::Definitions));
    house.say(NoticeClass::FarmUp(Farm::Definitions));
    assert!(house.session.absence_proves(Farm::Definitions));
    house.run(seconds(300));
    assert!(!house.session.absence_proves(Farm::Definitions), "within the window");
    house.run(seconds(300));
    assert!(house.session.absence_proves(Farm::Definitions));
}

#[test]
fn scenario_rst_11_a_session_that_is_taken_away_again_and_again_is_no_fight() {
    let mut house = House::ready();
    house.quotes_flow(false);
    for _ in 0..100 {
        house.broker.drop_link();
        house.run(seconds(20));
    }
    assert_eq!(house.called(), ["link unstable"], "one alarm");
    let epochs = house.session.view().epoch.number();
    assert!(epochs < 60, "{epochs} connections in 2000 s");
}

/// What the audit log says of breaks.
fn breaks(house: &mut House) -> Vec<String> {
    let audit = house.audit.clone();
    let kept = house.wait(async move { audit.read(0, 1_000).await }).unwrap();
    let entries = kept.into_iter().map(|record| record.entry).filter(|it| it.action == "position break");
    entries.map(|entry| entry.detail).collect()
}

#[test]
fn scenario_rst_13_a_fill_that_is_told_no_more_is_a_break_that_is_kept() {
    let mut house = House::ready();
    house.submit(bid("ours", 5, "100.01"));
    assert_eq!(house.state("ours"), OrderState::Filled);
    // By hand, in the broker's own program; it trades while the link is down, and three days go by.
    let by_hand = fixtures::cleared_order(bid("by-hand", 10, "90"));
    let broker = house.broker.clone();
    house.wait(async move { broker.submit(&by_hand).await }).unwrap();
    house.quotes_flow(false);
    house.door(Door::Closed);
    house.broker.drop_link();
    house.settle();
    house.broker.trade_with(&key("by-hand"), "10".parse().unwrap());
    house.run(seconds(3 * 86_400));
    assert_eq!(breaks(&mut house), [""; 0]);
    house.door(Door::Open);
    house.run(seconds(100));
    assert!(house.is_ready(), "{:?}", house.session.view());
    let told = breaks(&mut house);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("would hold 5 of AAPL, and the broker says 15"), "{told:?}");
    let desk = house.desk.clone().unwrap();
    let held = house.wait(async move { desk.portfolio(&crate::house::account()).await }).unwrap();
    assert_eq!(held.position(crate::house::symbol()).unwrap().quantity().to_string(), "15", "it counts");
    house.broker.drop_link();
    house.run(seconds(100));
    assert_eq!(breaks(&mut house).len(), 1, "once");
}

#[test]
fn scenario_rst_13_a_fill_while_the_link_was_down_that_is_told_is_none() {
    let mut house = House::ready();
    assert_eq!(house.submit(bid("ours", 10, "90")), OrderState::Working);
    house.door(Door::Closed);
    house.broker.drop_link();
    house.settle();
    house.broker.trade_with(&key("ours"), "10".parse().unwrap());
    house.run(seconds(60));
    house.door(Door::Open);
    house.run(seconds(100));
    assert_eq!(house.state("ours"), OrderState::Filled);
    assert_eq!(breaks(&mut house), [""; 0]);
}
