//! Data farms.

use crate::stage::{Stage, seconds};
use tradeport_connection::subscriptions::{FeedState, StreamId, StreamNeeds};
use tradeport_connection::{Condition, Farm, Input, NoticeClass, Remedy};

#[test]
fn scenario_frm_01_a_farm_that_is_back_must_show_it() {
    let mut stage = Stage::streaming(3);
    stage.run(seconds(60));
    stage.forget();
    stage.farm_down(Farm::MarketData, "usfarm");
    stage.mute.extend([StreamId::new(1), StreamId::new(2)]);
    stage.run(seconds(3));
    stage.farm_up(Farm::MarketData, "usfarm");
    stage.run(seconds(11));
    assert_eq!((stage.opens_of(1), stage.opens_of(2), stage.opens_of(3)), (1, 1, 0), "the silent ones alone");
    stage.run(seconds(11));
    assert_eq!(stage.raised(), [Condition::StreamsSilent], "and they stay silent");
    stage.mute.clear();
    stage.run(seconds(10));
    assert_eq!((stage.live(), stage.cleared()), (3, vec![Condition::StreamsSilent]));
}

#[test]
fn scenario_frm_02_a_farm_that_is_down_closes_no_socket() {
    let mut stage = Stage::streaming(1);
    stage.forget();
    stage.farm_down(Farm::MarketData, "usfarm");
    stage.data_flows = false;
    stage.run(seconds(3_600));
    assert_eq!((stage.disconnects(), stage.is_ready()), (0, true));
    let farms = stage.raised().into_iter().filter(|it| *it == Condition::FarmDown(Farm::MarketData));
    assert_eq!(farms.count(), 1, "one alarm for an hour");
}

#[test]
fn scenario_frm_03_each_kind_of_farm_fails_by_itself() {
    let mut stage = Stage::ready();
    stage.farm_down(Farm::History, "ushmds");
    assert!(stage.link.is_down(Farm::History) && !stage.link.is_down(Farm::MarketData));
    stage.want(1, StreamNeeds::QUOTES);
    stage.want(2, StreamNeeds::LIVE_BARS);
    stage.run(seconds(5));
    assert_eq!((stage.opens_of(1), stage.opens_of(2)), (1, 0), "bars that go on need both");
    stage.farm_up(Farm::History, "ushmds");
    stage.run(seconds(1));
    assert_eq!(stage.opens_of(2), 1);
}

#[test]
fn scenario_frm_04_a_farm_that_sleeps_is_no_outage() {
    let mut stage = Stage::streaming(1);
    stage.forget();
    stage.notice_of(NoticeClass::FarmIdle(Farm::History), Some("ushmds"));
    stage.notice_of(NoticeClass::FarmIdle(Farm::MarketData), Some("cashfarm"));
    stage.run(seconds(300));
    assert!(stage.raised().is_empty() && !stage.link.is_down(Farm::History));
    assert_eq!(stage.opens(), 0);
}

#[test]
fn scenario_frm_05_without_definitions_only_look_ups_wait() {
    let mut stage = Stage::streaming(2);
    stage.farm_down(Farm::Definitions, "secdefil");
    assert!(stage.link.is_down(Farm::Definitions), "look-ups wait");
    stage.run(seconds(60));
    assert_eq!((stage.live(), stage.is_ready()), (2, true));
    stage.farm_up(Farm::Definitions, "secdefil");
    assert!(!stage.link.is_down(Farm::Definitions));
}

#[test]
fn scenario_frm_06_data_clears_a_farm_that_came_back_under_another_name() {
    let mut stage = Stage::streaming(1);
    stage.farm_down(Farm::MarketData, "usfarm");
    stage.data_flows = false;
    stage.run(seconds(40));
    assert!(stage.raised().contains(&Condition::FarmDown(Farm::MarketData)));
    stage.farm_up(Farm::MarketData, "usfarm.nj");
    assert!(stage.link.is_down(Farm::MarketData), "a name is a hint");
    stage.data_flows = true;
    stage.run(seconds(30));
    assert!(!stage.link.is_down(Farm::MarketData), "data is none");
    assert!(stage.cleared().contains(&Condition::FarmDown(Farm::MarketData)));
}

#[test]
fn scenario_frm_07_errors_of_an_older_request_are_ignored() {
    let mut stage = Stage::streaming(1);
    let stream = StreamId::new(1);
    let old = stage.open[&stream];
    stage.run(seconds(60));
    stage.notice(NoticeClass::DataLost);
    stage.run(seconds(10));
    assert_ne!(stage.open[&stream], old);
    stage.forget();
    stage.give(Input::StreamFailed { stream, generation: old, remedy: Remedy::Resubscribe });
    stage.run(seconds(100));
    assert_eq!((stage.opens(), stage.live()), (0, 1));
}

#[test]
fn scenario_frm_08_flapping_asks_for_each_line_at_most_once_in_its_time() {
    let mut stage = Stage::streaming(20);
    stage.run(seconds(60));
    stage.forget();
    stage.data_flows = false;
    for _ in 0..50 {
        stage.farm_down(Farm::MarketData, "usfarm");
        stage.run(seconds(1));
        stage.farm_up(Farm::MarketData, "usfarm");
        stage.run(seconds(1));
    }
    for stream in 1..=20 {
        let opens = stage.opens_of(stream);
        assert!(opens <= 4, "stream {stream} was asked for {opens} times in 100 s, which settles in 30");
    }
    stage.data_flows = true;
    stage.run(seconds(60));
    assert_eq!(stage.live(), 20);
}

#[test]
fn a_refused_stream_is_dead_until_the_next_epoch() {
    let mut stage = Stage::streaming(1);
    let stream = StreamId::new(1);
    let generation = stage.open[&stream];
    stage.forget();
    stage.open.clear();
    stage.give(Input::StreamFailed { stream, generation, remedy: Remedy::Refuse });
    stage.run(seconds(600));
    assert_eq!(stage.opens(), 0);
    assert_eq!(stage.link.streams().state(stream, stage.now), Some(FeedState::Dead));
    stage.lose();
    stage.run(seconds(10));
    assert_eq!((stage.opens(), stage.live()), (1, 1));
}

#[test]
fn delayed_data_is_told_apart_from_live() {
    let mut stage = Stage::streaming(1);
    let stream = StreamId::new(1);
    let generation = stage.open[&stream];
    stage.give(Input::StreamFailed { stream, generation, remedy: Remedy::DegradeToDelayed });
    stage.give(Input::Datum { stream, generation, delayed: true });
    assert_eq!(stage.link.streams().state(stream, stage.now), Some(FeedState::Delayed));
}
