//! What is missing, cut or forbidden once a connection stands.

use crate::house::{House, bid, gaps_in, quotes_in, seconds};
use tradeport_connection::{Condition, Farm, Held, LinkStanding, NoticeClass, Proof};
use tradeport_fake_broker::Door;
use tradeport_orders::OrderState;

#[test]
fn scenario_con_04_without_an_order_number_nothing_leaves() {
    let mut house = House::ready();
    house.doubts.withhold(Proof::OrderNumber, true);
    house.broker.drop_link();
    house.run(seconds(100));
    assert_eq!(house.session.may_order(), Err(Held::NotProven { missing: vec![Proof::OrderNumber] }));
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::NotSent, "none is invented");
    assert!(house.session.view().epoch.number() > 2, "made anew after its deadline");
    house.doubts.withhold(Proof::OrderNumber, false);
    house.run(seconds(80));
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::Working);
}

#[test]
fn scenario_con_06_without_executions_orders_wait_and_data_runs() {
    let mut house = House::ready();
    let heard = house.listen();
    house.doubts.withhold(Proof::Executions, true);
    house.broker.drop_link();
    house.run(seconds(200));
    assert_eq!(house.session.may_order(), Err(Held::NotProven { missing: vec![Proof::Executions] }));
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::NotSent);
    assert_eq!(house.called(), ["not ready to trade"]);
    let told = house.calls.alarms();
    assert!(told[0].text.contains("executions"), "the step that blocks is named: {}", told[0].text);
    let before = quotes_in(&heard);
    house.run(seconds(30));
    assert_eq!(quotes_in(&heard) - before, 10, "each quote of half a minute");
}

#[test]
fn scenario_con_07_notices_while_it_connects_neither_help_nor_harm() {
    let mut house = House::new();
    house.door(Door::Silent);
    house.session.start();
    house.settle();
    for class in [NoticeClass::FarmUp(Farm::MarketData), NoticeClass::FarmUp(Farm::Definitions)] {
        house.say(class);
    }
    assert!(matches!(house.standing(), LinkStanding::Connecting { .. }));
    house.door(Door::Open);
    house.run(seconds(30));
    assert!(house.is_ready() && house.called().is_empty(), "{:?}", house.called());
}

#[test]
fn scenario_con_13_a_proxy_that_takes_connections_makes_nothing_ready() {
    let mut house = House::new();
    house.quotes_flow(false);
    house.session.start();
    house.broker.drop_link();
    for round in 0..6 {
        house.door(if round % 2 == 0 { Door::WarmingUp } else { Door::Silent });
        house.run(seconds(300));
        assert!(!house.is_ready(), "in round {round}");
    }
    assert_eq!(house.called(), ["link down"], "one alarm in half an hour");
    house.door(Door::Open);
    house.run(seconds(100));
    assert!(house.is_ready());
}

#[test]
fn scenario_con_15_between_connected_and_proven_nothing_leaves() {
    let mut house = House::ready();
    house.doubts.withhold(Proof::Positions, true);
    house.broker.drop_link();
    house.run(seconds(5));
    assert!(matches!(house.standing(), LinkStanding::Verifying { .. }), "{:?}", house.standing());
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::NotSent, "it was never written");
    house.doubts.withhold(Proof::Positions, false);
    house.run(seconds(60));
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::Working);
    assert_eq!(house.state("a"), OrderState::NotSent, "and never is");
}

#[test]
fn scenario_con_16_a_snapshot_that_is_cut_changes_nothing() {
    let mut house = House::ready();
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working);
    house.submit(bid("b", 10, "100.01"));
    assert_eq!(house.state("b"), OrderState::Filled);
    for _ in 0..5 {
        house.broker.cut_next_answer();
        house.broker.drop_link();
        house.run(seconds(5));
        house.run(seconds(100));
        assert!(house.is_ready(), "{:?}", house.session.view());
        assert_eq!(house.state("a"), OrderState::Working, "what was not told has not ended");
        let desk = house.desk.clone().unwrap();
        let held = house.wait(async move { desk.portfolio(&crate::house::account()).await }).unwrap();
        assert_eq!(held.position(crate::house::symbol()).unwrap().quantity().to_string(), "10");
    }
}

#[test]
fn scenario_con_19_read_only_holds_orders_and_nothing_else() {
    let mut house = House::ready();
    let heard = house.listen();
    house.run(seconds(10));
    house.say(NoticeClass::ReadOnly);
    assert_eq!(house.session.may_order(), Err(Held::ReadOnly));
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::NotSent);
    assert_eq!(house.called(), ["read only"]);
    let before = quotes_in(&heard);
    house.run(seconds(60));
    assert_eq!((quotes_in(&heard) - before, gaps_in(&heard)), (20, 0), "data goes on");
    house.session.acknowledge(Condition::ReadOnly);
    house.settle();
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::Working);
}
