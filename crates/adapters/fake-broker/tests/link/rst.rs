//! Daily restart, nightly reset, weekend.

use crate::house::{House, bid, gaps_in, offer, quotes_in, seconds};
use tradeport_connection::calendar::{OutageCalendar, OutageKind, Region};
use tradeport_connection::{Held, LinkSettings, NoticeClass};
use tradeport_fake_broker::{Door, WayFault};
use tradeport_kernel::{Timestamp, Zone};
use tradeport_orders::OrderState;
use tradeport_trading::DrainPolicy;

/// Wednesday, 14:50 in New York: five minutes before a restart at 14:55.
pub(crate) fn before_the_restart() -> House {
    let time = |minute| time::Time::from_hms(14, minute, 0).unwrap();
    let zone = Zone::named("America/New_York").unwrap();
    let rule =
        tradeport_connection::calendar::OutageRule::daily(OutageKind::DailyRestart, time(55), time(59), zone);
    let calendar = OutageCalendar::new(vec![rule]);
    House::with(calendar, "2013-01-02T19:50:00Z", LinkSettings::default(), None).open()
}

#[test]
fn scenario_rst_01_orders_right_before_a_restart_are_unknown_until_proven() {
    let mut house = before_the_restart();
    house.broker.arm_way(WayFault::AnswerLost);
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Unknown, "not refused: nobody knows");
    house.broker.arm_way(WayFault::RequestLost);
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::Unknown);
    house.broker.drop_link();
    house.run(seconds(10));
    assert_eq!(house.state("a"), OrderState::Working, "it had arrived");
    assert_eq!(house.state("b"), OrderState::NotSent, "proven absent: its intent is free");
}

#[test]
fn scenario_rst_03_orders_are_held_in_the_window_and_cancels_leave() {
    let mut house = before_the_restart();
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working);
    house.run(seconds(300));
    let held = house.session.may_order().unwrap_err();
    assert!(matches!(held, Held::Outage { kind: OutageKind::DailyRestart, .. }), "{held}");
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::NotSent);
    let desk = house.desk.clone().unwrap();
    let cancelled = house.wait(async move { desk.cancel(&crate::house::key("a"), Default::default()).await });
    assert!(cancelled.is_ok());
    assert_eq!(house.state("a"), OrderState::Cancelled, "a cancel may always leave");
    house.run(seconds(300));
    assert_eq!(house.submit(bid("c", 10, "90")), OrderState::Working);
}

#[test]
fn scenario_rst_03_what_protects_nothing_is_called_off_before_the_window() {
    let mut house = before_the_restart();
    house.drain_by(DrainPolicy::CancelUnprotective);
    house.submit(bid("held", 10, "100.01"));
    assert_eq!(house.state("held"), OrderState::Filled);
    assert_eq!(house.submit(offer("protects", 10, "105")), OrderState::Working);
    assert_eq!(house.submit(bid("rests", 10, "95")), OrderState::Working);
    house.run(seconds(230));
    assert_eq!(house.state("rests"), OrderState::Working, "a minute before it is soon enough");
    house.run(seconds(30));
    assert_eq!(house.state("rests"), OrderState::Cancelled);
    assert_eq!(house.state("protects"), OrderState::Working, "it makes the position smaller");
    house.run(seconds(400));
    assert!(house.is_ready());
    assert_eq!(house.state("protects"), OrderState::Working);
}

#[test]
fn scenario_rst_05_the_weekly_login_calls_for_a_person_once() {
    let new_york = Zone::named("America/New_York").unwrap();
    let calendar = OutageCalendar::usual(new_york, Region::NorthAmerica);
    // Sunday the 6th, one second past midnight in New York.
    let mut house = House::with(calendar, "2013-01-06T05:06:00Z", LinkSettings::default(), None);
    house.quotes_flow(false);
    house.session.start();
    house.run(seconds(55 * 60));
    house.door(Door::Closed);
    house.broker.drop_link();
    house.run(seconds(30 * 60));
    assert!(house.called().is_empty(), "expected: {:?}", house.called());
    house.run(seconds(4 * 3_600));
    assert_eq!(house.called(), ["login needed"]);
    house.door(Door::Open);
    house.run(seconds(80));
    assert!(house.is_ready());
}

#[test]
fn scenario_rst_08_data_that_is_said_to_flow_is_asked_for_when_it_does_not() {
    let mut house = House::ready();
    let heard = house.listen();
    house.run(seconds(60));
    house.say(NoticeClass::BrokerOffline);
    house.quotes_flow(false);
    house.say(NoticeClass::BrokerOnline);
    house.run(seconds(12));
    assert_eq!(gaps_in(&heard), 1, "given up, and asked for again");
    assert_eq!(house.broker.subscribed_symbols(), 1);
    house.quotes_flow(true);
    let before = quotes_in(&heard);
    house.run(seconds(30));
    assert!(quotes_in(&heard) > before);
    assert_eq!(gaps_in(&heard), 1);
}

#[test]
fn scenario_rst_09_streams_are_back_in_each_new_epoch() {
    let mut house = House::ready();
    let heard = house.listen();
    for epoch in 2..8 {
        house.broker.drop_link();
        house.run(seconds(100));
        assert_eq!(gaps_in(&heard), epoch - 1, "one gap for each interruption");
        assert_eq!(house.broker.subscribed_symbols(), 1);
        let before = quotes_in(&heard);
        house.run(seconds(30));
        assert_eq!(quotes_in(&heard) - before, 10, "each quote once");
    }
}

#[test]
fn scenario_rst_12_working_orders_of_yesterday_are_adopted() {
    let mut house = before_the_restart();
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working);
    house.state("a");
    house.run(seconds(300));
    let kept = house.broker.exchange_snapshot();
    house.broker.restore(kept);
    house.run(seconds(300));
    assert_eq!(house.state("a"), OrderState::Working);
    let desk = house.desk.clone().unwrap();
    house.wait(async move { desk.cancel(&crate::house::key("a"), Default::default()).await.unwrap() });
    assert_eq!(house.state("a"), OrderState::Cancelled, "cancellable in its new epoch");
}

#[test]
fn scenario_rst_14_a_cold_start_sends_nothing() {
    let mut house = before_the_restart();
    assert_eq!(house.submit(bid("b", 10, "100.01")), OrderState::Working);
    house.state("b");
    // The same account, and a platform that knows nothing of it.
    house.journal = Default::default();
    let before = house.broker.exchange_snapshot().now();
    let fresh = house.open();
    let orders = {
        let desk = fresh.desk.clone().unwrap();
        let mut fresh = fresh;
        let orders = fresh.wait(async move { desk.orders().await.len() });
        assert_eq!(fresh.position(), "10");
        orders
    };
    assert_eq!(orders, 0, "what is there is not ours since {before}");
}

#[test]
fn time_zones_of_the_calendar_hold_in_the_shell() {
    let at: Timestamp = "2013-07-03T03:56:00Z".parse().unwrap();
    let zone = Zone::named("America/New_York").unwrap();
    let calendar = OutageCalendar::usual(zone, Region::NorthAmerica);
    assert!(calendar.at(at).is_some(), "23:56 in summer");
}
