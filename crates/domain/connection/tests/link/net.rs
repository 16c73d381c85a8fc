//! The broker's own link, and the socket.

use crate::stage::{Door, Stage, refused, seconds};
use tradeport_connection::subscriptions::{FeedState, StreamId};
use tradeport_connection::{Condition, Effect, Held, Input, LinkStanding, NoticeClass, Proof, Remedy};
use tradeport_kernel::ConnectionEpoch;

#[test]
fn scenario_net_01_back_with_data_maintained_needs_proof_and_no_new_streams() {
    let mut stage = Stage::streaming(4);
    stage.forget();
    stage.notice(NoticeClass::BrokerOffline);
    assert_eq!(stage.link.may_order(stage.now), Err(Held::BrokerOffline));
    assert!(matches!(stage.standing(), LinkStanding::Degraded { .. }));
    stage.data_flows = false;
    stage.run(seconds(20));
    stage.data_flows = true;
    stage.notice(NoticeClass::BrokerOnline);
    stage.run(seconds(60));
    assert_eq!(stage.opens(), 0);
    for proof in [Proof::OpenOrders, Proof::Executions, Proof::Positions] {
        let asked = stage.count(|it| matches!(it, Effect::Prove { proof: asked, .. } if *asked == proof));
        assert_eq!(asked, 1, "{proof} are asked for: something may have traded");
    }
    assert_eq!((stage.story(), stage.live()), (vec!["lost", "recovered"], 4));
}

#[test]
fn scenario_net_02_back_with_data_lost_asks_for_every_stream_once_and_paced() {
    let mut stage = Stage::streaming(100);
    stage.run(seconds(60));
    stage.forget();
    stage.notice(NoticeClass::BrokerOffline);
    stage.run(seconds(5));
    stage.notice(NoticeClass::DataLost);
    stage.run(seconds(120));
    for stream in 1..=100 {
        assert_eq!(stage.opens_of(stream), 1, "stream {stream}");
    }
    let times: Vec<_> =
        stage.log.iter().filter(|(_, it)| matches!(it, Effect::Open { .. })).map(|(at, _)| *at).collect();
    for at in &times {
        let within = times.iter().filter(|it| *it >= at && it.since(*at) < seconds(1)).count();
        assert!(within <= 40, "{within} within a second");
    }
    assert!(times.last().unwrap().since(times[0]) >= seconds(4), "twenty a second");
    assert_eq!(stage.open.len(), 100, "no line is held twice");
}

#[test]
fn scenario_net_03_offline_for_an_hour_is_answered_step_by_step() {
    let mut stage = Stage::ready();
    stage.forget();
    let begin = stage.now;
    stage.notice(NoticeClass::BrokerOffline);
    stage.unproven.extend([Proof::OpenOrders, Proof::Executions, Proof::Positions]);
    stage.run(seconds(3_600));
    assert!(!stage.is_ready());
    let when = |wanted: &dyn Fn(&Effect) -> bool| {
        stage.log.iter().find(|(_, it)| wanted(it)).map(|(at, _)| at.since(begin).as_secs())
    };
    assert_eq!(stage.raised()[0], Condition::BrokerOffline);
    assert_eq!(when(&|it| *it == Effect::Disconnect), Some(600), "first a new connection");
    assert_eq!(when(&|it| *it == Effect::RestartGateway), Some(1_800), "then a new start of the program");
    assert_eq!(stage.count(|it| *it == Effect::RestartGateway), 1);
}

#[test]
fn scenario_net_05_a_new_epoch_forgets_that_the_broker_was_offline() {
    let mut stage = Stage::ready();
    stage.notice(NoticeClass::BrokerOffline);
    stage.lose();
    stage.run(seconds(5));
    assert!(stage.is_ready(), "no notice will ever say that it is back: {:?}", stage.standing());
    assert_eq!(stage.story(), ["established", "lost", "recovered"]);
}

#[test]
fn scenario_net_06_the_same_loss_told_again_and_again_is_one() {
    let mut stage = Stage::ready();
    stage.forget();
    for _ in 0..100 {
        stage.notice(NoticeClass::BrokerOffline);
        stage.run(seconds(3));
    }
    assert_eq!((stage.story(), stage.raised()), (vec!["lost"], vec![Condition::BrokerOffline]));
    stage.notice(NoticeClass::BrokerOnline);
    stage.run(seconds(5));
    assert_eq!(stage.cleared(), [Condition::BrokerOffline]);
}

#[test]
fn scenario_net_07_one_stream_that_fails_holds_no_other_up() {
    let mut stage = Stage::streaming(50);
    stage.run(seconds(60));
    stage.forget();
    stage.mute.insert(StreamId::new(3));
    stage.notice(NoticeClass::DataLost);
    let generation = stage.open[&StreamId::new(3)];
    let stream = StreamId::new(3);
    stage.give(Input::StreamFailed { stream, generation, remedy: Remedy::ThrottleAndRetry });
    stage.run(seconds(20));
    assert_eq!(stage.live(), 49);
    assert_eq!(stage.link.streams().state(stream, stage.now), Some(FeedState::Waiting), "it is told apart");
    stage.mute.clear();
    stage.run(seconds(60));
    assert_eq!((stage.opens_of(3), stage.live()), (2, 50), "it was asked for again");
}

#[test]
fn scenario_net_08_recovered_without_data_is_an_alarm() {
    let mut stage = Stage::streaming(10);
    stage.forget();
    stage.data_flows = false;
    stage.lose();
    stage.run(seconds(60));
    assert_eq!(stage.opens(), 10);
    assert_eq!(stage.raised(), [Condition::StreamsSilent], "connected, and nothing speaks");
    assert_eq!(stage.live(), 0, "live is what shows data, not what was told");
    stage.data_flows = true;
    stage.run(seconds(10));
    assert_eq!((stage.live(), stage.cleared()), (10, vec![Condition::StreamsSilent]));
}

#[test]
fn scenario_net_09_a_loss_whose_end_is_never_told_ends_with_data() {
    let mut stage = Stage::streaming(2);
    stage.forget();
    stage.data_flows = false;
    stage.notice(NoticeClass::BrokerOffline);
    stage.run(seconds(30));
    assert!(!stage.is_ready());
    stage.data_flows = true;
    stage.run(seconds(10));
    assert!(stage.is_ready());
    assert_eq!(stage.story(), ["lost", "recovered"]);
    let proofs = stage.count(|it| matches!(it, Effect::Prove { .. }));
    assert_eq!(proofs, 3, "and the broker has answered for orders, executions and positions");
}

#[test]
fn scenario_net_10_a_quiet_market_is_asked_and_not_restarted() {
    let mut stage = Stage::ready();
    stage.forget();
    stage.run(seconds(600));
    assert_eq!((stage.disconnects(), stage.connects()), (0, 0));
    let asked = stage.count(|it| matches!(it, Effect::Probe { .. }));
    assert!((19..=21).contains(&asked), "each half minute: {asked}");
    assert!(stage.raised().is_empty());
}

#[test]
fn scenario_net_13_what_was_silent_for_long_is_stale_until_it_speaks() {
    let mut stage = Stage::streaming(1);
    let stream = StreamId::new(1);
    stage.data_flows = false;
    stage.run(seconds(12));
    assert_eq!(stage.link.streams().state(stream, stage.now), Some(FeedState::Stale));
    stage.data_flows = true;
    stage.run(seconds(1));
    assert_eq!(stage.link.streams().state(stream, stage.now), Some(FeedState::Live));
    assert_eq!(stage.opens(), 1, "nothing was asked for twice");
}

#[test]
fn scenario_net_14_a_loss_within_our_own_shutdown_changes_nothing() {
    let mut stage = Stage::ready();
    stage.forget();
    stage.give(Input::Stop);
    stage.give(Input::Lost { epoch: ConnectionEpoch::new(1), reason: "reset".to_owned() });
    assert_eq!(stage.link.next_deadline(), None, "it is over");
    stage.give(Input::Start);
    stage.run(seconds(600));
    assert_eq!((stage.connects(), stage.standing()), (0, LinkStanding::Stopping));

    // Nobody tells that the connection has ended: the limit ends the wait.
    let mut stage = Stage::ready();
    stage.connected = false;
    stage.give(Input::Stop);
    assert!(stage.link.next_deadline().is_some());
    stage.run(seconds(5));
    assert_eq!(stage.link.next_deadline(), None);
}

#[test]
fn a_disconnect_by_hand_wins_every_race() {
    // While an attempt is under way; its connection comes up all the same.
    let mut stage = Stage::new();
    stage.door = Door::Silent;
    stage.give(Input::Start);
    stage.give(Input::Disconnect);
    stage.give(Input::Established { epoch: ConnectionEpoch::new(1) });
    assert_eq!(
        (stage.disconnects(), stage.standing()),
        (2, LinkStanding::Down),
        "closed as soon as it stands"
    );
    // While waiting for the next.
    let mut stage = Stage::new();
    stage.door = refused();
    stage.give(Input::Start);
    stage.give(Input::Disconnect);
    stage.run(seconds(3_600));
    assert_eq!((stage.connects(), stage.raised().len()), (1, 0));
    // While it stands, and the loss of it is on its way.
    let mut stage = Stage::ready();
    stage.give(Input::Disconnect);
    stage.run(seconds(3_600));
    assert_eq!((stage.connects(), stage.standing()), (1, LinkStanding::Down));
    assert_eq!(stage.story(), ["established", "lost"]);
    stage.give(Input::Start);
    assert!(stage.is_ready(), "until somebody wants it again");
}

#[test]
fn an_unknown_notice_changes_nothing_and_raises_one_alarm() {
    let mut stage = Stage::streaming(2);
    stage.forget();
    let before = stage.standing();
    for _ in 0..1_000 {
        stage.notice(NoticeClass::Unknown);
    }
    assert_eq!((stage.raised(), stage.standing()), (vec![Condition::UnknownNotice], before));
    assert_eq!(stage.log.len(), 1);
    let seen = stage.link.alarms().standing().map(|(_, _, times)| times).next();
    assert_eq!(seen, Some(1_000), "counted");
    stage.give(Input::Acknowledged { condition: Condition::UnknownNotice });
    assert_eq!(stage.cleared(), [Condition::UnknownNotice]);
}
