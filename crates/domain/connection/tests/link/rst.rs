//! Daily restart, nightly reset, weekend.

use crate::stage::{Door, Stage, refused, seconds, unready};
use std::time::Duration;
use tradeport_connection::calendar::{OutageCalendar, OutageKind, Region};
use tradeport_connection::subscriptions::StreamNeeds;
use tradeport_connection::{
    Condition, Effect, Farm, Held, Input, LinkSettings, LinkStanding, NoticeClass, Proof,
};
use tradeport_kernel::{ConnectionEpoch, Timestamp, Zone};

/// New York's calendar, ready, at a moment of UTC.
fn new_york(now: &str) -> Stage {
    let calendar = OutageCalendar::usual(Zone::named("America/New_York").unwrap(), Region::NorthAmerica);
    let mut stage = Stage::with(LinkSettings::default(), calendar, now);
    stage.give(Input::Start);
    stage
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Tuesday the 5th, 23:50 in New York: five minutes before the restart.
const BEFORE: &str = "2026-05-06T03:50:00Z";
const RESTART: &str = "2026-05-06T03:55:00Z";
const OVER: &str = "2026-05-06T04:05:00Z";

#[test]
fn scenario_rst_01_a_restart_right_after_orders_leaves_them_to_be_proven() {
    let mut stage = new_york(BEFORE);
    stage.give(Input::OrdersAtWork { count: 4 });
    stage.forget();
    stage.lose();
    assert_eq!(stage.link.may_order(stage.now), Err(Held::NoLink));
    stage.unproven.extend([Proof::OpenOrders, Proof::Executions]);
    stage.run(seconds(20));
    assert_eq!(stage.missing(), [Proof::OpenOrders, Proof::Executions], "what became of the four decides");
    stage.unproven.clear();
    stage.run(seconds(30));
    assert!(stage.is_ready());
    assert_eq!(stage.story(), ["lost", "recovered"]);
}

#[test]
fn scenario_rst_02_each_connection_is_another_epoch() {
    let mut stage = Stage::ready();
    let mut epochs = vec![stage.link.epoch()];
    for _ in 0..20 {
        stage.lose();
        stage.run(seconds(100));
        epochs.push(stage.link.epoch());
    }
    assert!(epochs.is_sorted_by(|a, b| a < b), "an order id means something within one: {epochs:?}");
    stage.give(Input::Established { epoch: ConnectionEpoch::new(3) });
    assert_eq!(stage.link.epoch(), ConnectionEpoch::new(21), "an epoch that was is no news");
}

#[test]
fn scenario_rst_03_orders_are_held_from_before_the_window_to_its_end() {
    let mut stage = new_york(BEFORE);
    stage.run_until(at(RESTART).before(seconds(61)));
    assert!(stage.is_ready());
    stage.forget();
    stage.run(seconds(1));
    let held = Held::Outage { kind: OutageKind::DailyRestart, until: at("2026-05-06T04:05:00Z") };
    assert_eq!(stage.link.may_order(stage.now), Err(held), "a minute before: none may be on its way");
    assert_eq!(stage.count(|it| matches!(it, Effect::Drain { .. })), 1);
    assert_eq!(stage.count(|it| *it == Effect::HoldOrders), 1);
    assert!(matches!(stage.standing(), LinkStanding::Blackout { epoch: Some(_), .. }));
    stage.run_until(at(OVER).before(Duration::from_nanos(1)));
    assert!(!stage.is_ready());
    assert_eq!(stage.count(|it| *it == Effect::ReleaseOrders), 0);
    // Healthy all the while, it is still proven anew before the first order.
    let proofs = |stage: &Stage| stage.count(|it| matches!(it, Effect::Prove { .. }));
    assert_eq!(proofs(&stage), 0);
    stage.run(seconds(1));
    assert_eq!((stage.is_ready(), proofs(&stage)), (true, 3), "open orders, executions, positions");
    assert_eq!(stage.disconnects(), 0);
}

#[test]
fn scenario_rst_03_at_the_very_end_of_the_window_nothing_leaves_unproven() {
    let mut stage = new_york(BEFORE);
    stage.run_until(at(OVER).before(Duration::from_nanos(1)));
    // The window is over, and nobody has told the supervisor that time has passed: its alarm clock may be late.
    let missing = vec![Proof::OpenOrders, Proof::Executions, Proof::Positions, Proof::Life];
    for late in [at(OVER), at(OVER).after(Duration::from_millis(20))] {
        assert_eq!(stage.link.may_order(late), Err(Held::NotProven { missing: missing.clone() }));
        let epoch = stage.link.epoch();
        assert_eq!(stage.link.standing(late), LinkStanding::Verifying { epoch, missing: missing.clone() });
    }
    stage.run(seconds(1));
    assert!(stage.is_ready());
}

#[test]
fn scenario_rst_03_a_window_that_was_slept_through_is_proven_anew() {
    let mut stage = new_york(BEFORE);
    stage.run_until(at(RESTART).before(seconds(90)));
    assert!(stage.is_ready());
    // The machine slept: nothing was heard of the window, and the socket seems to stand.
    stage.now = at(OVER).after(seconds(60));
    stage.forget();
    stage.give(Input::Tick);
    assert_eq!(stage.count(|it| matches!(it, Effect::Prove { .. })), 3, "open orders, executions, positions");
}

#[test]
fn scenario_rst_04_who_restarts_itself_is_checked_anew() {
    let mut stage = new_york(BEFORE);
    stage.run_until(at(RESTART));
    stage.forget();
    stage.lose();
    stage.door = unready();
    stage.run(seconds(90));
    stage.door = Door::Open;
    stage.unproven.insert(Proof::Account);
    stage.run_until(at("2026-05-06T05:00:00Z").before(seconds(1_000)));
    assert!(stage.missing().contains(&Proof::Account), "{:?}", stage.standing());
    assert_eq!(stage.raised(), [Condition::NotReady]);
}

#[test]
fn scenario_rst_05_the_weekly_login_is_expected_and_asks_for_a_person_once() {
    // Sunday, 00:50 in New York.
    let mut stage = new_york("2026-05-10T04:30:00Z");
    stage.run_until(at("2026-05-10T05:00:00Z"));
    stage.run_until(at("2026-05-10T05:01:00Z"));
    stage.door = refused();
    stage.forget();
    stage.lose();
    stage.run_until(at("2026-05-10T05:15:00Z"));
    assert_eq!(stage.raised(), [], "expected");
    assert!(stage.connects() <= 20, "calm: {}", stage.connects());
    stage.run_until(at("2026-05-10T12:00:00Z"));
    assert_eq!(stage.raised(), [Condition::LoginNeeded], "one alarm, with the reason, for seven hours");
    stage.door = Door::Open;
    stage.run(seconds(100));
    assert!(stage.is_ready());
    assert_eq!(stage.cleared(), [Condition::LoginNeeded]);
}

#[test]
fn scenario_rst_06_a_port_that_stays_closed_after_the_restart_is_an_alarm_within_minutes() {
    let mut stage = new_york(BEFORE);
    stage.run_until(at(RESTART).after(seconds(20)));
    stage.door = refused();
    stage.lose();
    stage.run_until(at(OVER).after(seconds(60)));
    assert_eq!(stage.raised(), []);
    // 00:15 is the reset of the servers: the alarm comes before it.
    stage.run_until(at(OVER).after(seconds(180)));
    assert_eq!(stage.raised(), [Condition::LinkDown]);
}

#[test]
fn scenario_rst_07_flapping_farms_and_repeated_losses_are_one_alarm_each() {
    let mut stage = Stage::streaming(5);
    stage.forget();
    for round in 0..60u64 {
        stage.farm_down(Farm::MarketData, "usfarm");
        if round % 5 == 0 {
            stage.farm_down(Farm::History, "ushmds");
        }
        stage.run(seconds(2));
        stage.farm_up(Farm::MarketData, "usfarm");
        stage.farm_up(Farm::History, "ushmds");
        stage.run(seconds(2));
    }
    assert_eq!(stage.raised(), [], "none lasted");
    assert!(stage.is_ready(), "the order channel is untouched");
    assert_eq!((stage.disconnects(), stage.opens()), (0, 0), "streams that speak are left alone");
    for _ in 0..20 {
        stage.notice(NoticeClass::BrokerOffline);
        stage.run(seconds(9));
    }
    stage.data_flows = false;
    assert_eq!(
        stage.raised().iter().filter(|it| **it == Condition::BrokerOffline).count(),
        0,
        "data flows: it is not"
    );
}

#[test]
fn scenario_rst_08_data_that_is_said_to_flow_must_flow() {
    let mut stage = Stage::streaming(3);
    stage.run(seconds(60));
    stage.forget();
    stage.notice(NoticeClass::BrokerOffline);
    stage.data_flows = false;
    stage.run(seconds(20));
    stage.notice(NoticeClass::BrokerOnline);
    assert_eq!(stage.opens(), 0, "nothing is lost, it says");
    stage.run(seconds(11));
    assert_eq!(stage.opens(), 3, "and nothing came: each is asked for again, once");
    stage.run(seconds(5));
    stage.data_flows = true;
    stage.run(seconds(120));
    assert_eq!((stage.opens(), stage.live()), (3, 3));
    assert_eq!(stage.open.len(), 3, "lines open are lines wanted");
}

#[test]
fn scenario_rst_09_every_wanted_stream_is_asked_for_in_a_new_epoch() {
    let mut stage = Stage::ready();
    stage.want(1, StreamNeeds::QUOTES);
    stage.want(2, StreamNeeds::LIVE_BARS);
    stage.want(3, StreamNeeds::NOTHING);
    for epoch in 2..12 {
        stage.forget();
        stage.lose();
        stage.run(seconds(120));
        for stream in 1..=3 {
            assert_eq!(stage.opens_of(stream), 1, "stream {stream} in epoch {epoch}");
        }
    }
}

#[test]
fn scenario_rst_10_a_contract_that_is_not_found_during_maintenance_proves_nothing() {
    let mut stage = new_york(BEFORE);
    assert!(stage.link.absence_proves(Farm::Definitions, stage.now));
    stage.farm_down(Farm::Definitions, "secdefil");
    assert!(!stage.link.absence_proves(Farm::Definitions, stage.now));
    assert!(stage.link.absence_proves(Farm::History, stage.now));
    stage.farm_up(Farm::Definitions, "secdefil");
    assert!(stage.link.absence_proves(Farm::Definitions, stage.now));
    stage.run_until(at(RESTART));
    assert!(!stage.link.absence_proves(Farm::Definitions, stage.now), "within the window");
}

#[test]
fn scenario_rst_11_a_session_that_is_taken_away_is_no_fight() {
    let mut stage = Stage::ready();
    stage.forget();
    for _ in 0..200 {
        if stage.connected {
            stage.run(seconds(3));
            stage.lose();
        }
        stage.run(seconds(10));
    }
    let times = stage.connect_times();
    let late = times.windows(2).skip(8).map(|pair| pair[1].since(pair[0]));
    assert!(late.clone().all(|wait| wait >= seconds(40)), "slower and slower");
    assert_eq!(stage.raised(), [Condition::Unstable]);
}

#[test]
fn health_is_confirmed_after_a_reset_in_which_the_link_stood() {
    // 00:15 to 01:45 in New York, the servers are reset; the link stands all the while.
    let mut stage = new_york("2026-05-06T04:10:00Z");
    stage.want(1, StreamNeeds::QUOTES);
    stage.run_until(at("2026-05-06T05:44:59Z"));
    let held = stage.link.may_order(stage.now).unwrap_err();
    assert!(matches!(held, Held::Outage { kind: OutageKind::ServerReset, .. }), "{held}");
    stage.unproven.insert(Proof::Positions);
    stage.run_until(at("2026-05-06T05:45:01Z"));
    assert_eq!(stage.missing(), [Proof::Positions], "health is confirmed first");
    stage.unproven.clear();
    stage.run(seconds(60));
    assert!(stage.is_ready());
}
