//! Data farms.

use crate::house::{House, bid, gaps_in, seconds};
use tradeport_connection::{Farm, NoticeClass};
use tradeport_orders::OrderState;

#[test]
fn scenario_frm_01_a_farm_that_is_back_and_silent_is_asked_again() {
    let mut house = House::ready();
    let heard = house.listen();
    house.run(seconds(60));
    house.say(NoticeClass::FarmDown(Farm::MarketData));
    house.quotes_flow(false);
    house.run(seconds(3));
    house.say(NoticeClass::FarmUp(Farm::MarketData));
    house.run(seconds(12));
    assert_eq!(gaps_in(&heard), 1, "asked for again");
    house.run(seconds(12));
    assert_eq!(house.called(), ["streams silent"]);
    house.quotes_flow(true);
    house.run(seconds(12));
    assert_eq!(house.called(), ["streams silent", "-streams silent"]);
}

#[test]
fn scenario_frm_02_orders_go_on_while_a_farm_is_down() {
    let mut house = House::ready();
    house.say(NoticeClass::FarmDown(Farm::MarketData));
    house.run(seconds(120));
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working);
    assert_eq!(house.session.view().epoch.number(), 1);
    assert_eq!(house.called(), ["market data servers down"]);
}

#[test]
fn scenario_frm_03_each_kind_waits_for_itself() {
    let mut house = House::ready();
    house.say(NoticeClass::FarmDown(Farm::History));
    assert!(house.session.is_down(Farm::History) && !house.session.is_down(Farm::MarketData));
    assert_eq!(house.session.view().farms_down, [Farm::History]);
}

#[test]
fn scenario_frm_04_a_sleeping_farm_is_no_outage() {
    let mut house = House::ready();
    house.say(NoticeClass::FarmIdle(Farm::History));
    house.run(seconds(300));
    assert!(house.called().is_empty() && house.session.view().farms_down.is_empty());
}

#[test]
fn scenario_frm_05_look_ups_wait_and_prove_nothing_meanwhile() {
    let mut house = House::ready();
    house.say(NoticeClass::FarmDown(Farm::Definitions));
    assert!(house.session.is_down(Farm::Definitions));
    assert!(!house.session.absence_proves(Farm::Definitions));
    assert_eq!(house.submit(bid("a", 10, "90")), OrderState::Working, "known contracts go on");
}

#[test]
fn scenario_frm_06_data_ends_the_outage_of_a_farm() {
    let mut house = House::ready();
    let _heard = house.listen();
    house.say(NoticeClass::FarmDown(Farm::MarketData));
    house.run(seconds(20));
    assert!(!house.session.is_down(Farm::MarketData), "quotes come: it cannot be down");
}

#[test]
fn scenario_frm_08_flapping_asks_for_nothing_while_data_flows() {
    let mut house = House::ready();
    let heard = house.listen();
    for _ in 0..50 {
        house.say(NoticeClass::FarmDown(Farm::MarketData));
        house.run(seconds(1));
        house.say(NoticeClass::FarmUp(Farm::MarketData));
        house.run(seconds(2));
    }
    assert_eq!((gaps_in(&heard), house.called().len()), (0, 0));
}
