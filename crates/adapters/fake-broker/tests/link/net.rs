//! The broker's own link, and the socket.

use crate::house::{House, bid, gaps_in, quotes_in, seconds};
use tradeport_connection::{Held, LinkStanding, NoticeClass};
use tradeport_fake_broker::{Door, WayFault};
use tradeport_orders::OrderState;

#[test]
fn scenario_net_01_back_with_data_maintained_makes_no_second_subscription() {
    let mut house = House::ready();
    let heard = house.listen();
    house.run(seconds(60));
    house.say(NoticeClass::BrokerOffline);
    assert_eq!(house.session.may_order(), Err(Held::BrokerOffline));
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::NotSent);
    house.run(seconds(5));
    house.say(NoticeClass::BrokerOnline);
    house.run(seconds(60));
    assert_eq!((gaps_in(&heard), house.broker.subscribed_symbols()), (0, 1));
    assert_eq!(house.story(), ["established", "lost", "recovered"]);
    assert_eq!(house.submit(bid("b", 10, "90")), OrderState::Working);
}

#[test]
fn scenario_net_02_back_with_data_lost_asks_once_and_notes_the_gap() {
    let mut house = House::ready();
    let heard = house.listen();
    house.run(seconds(60));
    house.say(NoticeClass::BrokerOffline);
    house.quotes_flow(false);
    house.run(seconds(5));
    house.say(NoticeClass::DataLost);
    house.run(seconds(2));
    house.quotes_flow(true);
    let before = quotes_in(&heard);
    house.run(seconds(60));
    assert_eq!((gaps_in(&heard), house.broker.subscribed_symbols()), (1, 1));
    assert!((20..=21).contains(&(quotes_in(&heard) - before)), "each quote once");
}

#[test]
fn scenario_net_03_an_hour_offline_calls_and_asks_for_a_restart() {
    let mut house = House::ready();
    house.quotes_flow(false);
    house.say(NoticeClass::BrokerOffline);
    for _ in 0..7 {
        house.run(seconds(300));
        house.say(NoticeClass::BrokerOffline);
    }
    assert!(house.called().contains(&"broker offline".to_owned()), "{:?}", house.called());
    assert!(house.session.view().epoch.number() > 1, "a new connection was tried");
}

#[test]
fn scenario_net_04_fills_around_a_loss_are_counted_once() {
    let mut house = House::ready();
    house.quote("99.99", "100.01");
    assert_eq!(house.submit(bid("a", 10, "100.01")), OrderState::Working);
    house.say(NoticeClass::BrokerOffline);
    assert_eq!(house.state("a"), OrderState::Filled, "money beats status");
    house.broker.repeat_execution(&crate::house::key("a"));
    house.say(NoticeClass::BrokerOnline);
    house.run(seconds(5));
    assert_eq!(house.state("a"), OrderState::Filled);
    let desk = house.desk.clone().unwrap();
    let held = house.wait(async move { desk.portfolio(&crate::house::account()).await });
    let held = held.unwrap().position(crate::house::symbol()).map(|it| it.quantity().to_string());
    assert_eq!(held.as_deref(), Some("10"), "replayed, and not counted twice");
}

#[test]
fn scenario_net_05_a_new_epoch_forgets_the_loss_before() {
    let mut house = House::ready();
    house.say(NoticeClass::BrokerOffline);
    house.broker.drop_link();
    house.run(seconds(5));
    assert!(house.is_ready(), "{:?}", house.standing());
}

#[test]
fn scenario_net_06_repeated_losses_are_one() {
    let mut house = House::ready();
    house.quotes_flow(false);
    for _ in 0..60 {
        house.say(NoticeClass::BrokerOffline);
        house.run(seconds(3));
    }
    assert_eq!(
        (house.story(), house.called()),
        (vec!["established", "lost"], vec!["broker offline".to_owned()])
    );
}

#[test]
fn scenario_net_09_data_ends_a_loss_whose_end_is_never_told() {
    let mut house = House::ready();
    let _heard = house.listen();
    house.say(NoticeClass::BrokerOffline);
    house.quotes_flow(false);
    house.run(seconds(20));
    assert!(!house.is_ready());
    house.quotes_flow(true);
    house.run(seconds(10));
    assert!(house.is_ready());
}

#[test]
fn scenario_net_10_a_quiet_market_is_no_reason_to_reconnect() {
    let mut house = House::ready();
    house.quotes_flow(false);
    house.run(seconds(600));
    assert_eq!((house.story(), house.session.view().epoch.number()), (vec!["established"], 1));
    assert!(house.session.view().life_age.unwrap() <= seconds(35));
}

#[test]
fn scenario_net_12_an_order_whose_answer_was_lost_is_found_again() {
    let mut house = House::ready();
    house.broker.arm_way(WayFault::AnswerLost);
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Unknown);
    house.broker.drop_link();
    house.run(seconds(5));
    assert_eq!(house.state("a"), OrderState::Working, "by its key");
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working, "the same intent is the same order");
}

#[test]
fn scenario_net_14_a_loss_within_the_shutdown_ends_it() {
    let mut house = House::ready();
    house.session.stop();
    house.broker.drop_link();
    house.run(seconds(6));
    assert!(matches!(house.ended.try_recv(), Ok(Some(()))), "the driver has returned");
    assert_eq!(house.standing(), LinkStanding::Stopping);
}

#[test]
fn a_disconnect_by_hand_wins() {
    let mut house = House::new();
    house.door(Door::Silent);
    house.session.start();
    house.settle();
    house.session.disconnect();
    house.door(Door::Open);
    house.run(seconds(300));
    assert_eq!(house.standing(), LinkStanding::Down);
    assert_eq!(house.story(), [""; 0]);
}

#[test]
fn an_unknown_notice_is_one_alarm() {
    let mut house = House::ready();
    for _ in 0..100 {
        house.say(NoticeClass::Unknown);
    }
    assert!(house.is_ready());
    assert_eq!(house.called(), ["unknown notice"]);
}
