//! Connecting and handshake.

use crate::stage::{Door, Stage, refused, seconds, unready};
use tradeport_connection::calendar::OutageCalendar;
use tradeport_connection::clients::{ClientIds, ClientPlan, NoLease};
use tradeport_connection::{
    Backoff, BackoffSettings, Condition, ConnectFailure, Effect, Farm, Held, Input, LinkSettings,
    LinkStanding, NoticeClass, Proof, ProofFailure, Purpose, Supervisor,
};
use tradeport_kernel::{ConnectionEpoch, Timestamp};

const NOON: &str = "2026-05-05T12:00:00Z";

#[test]
fn scenario_con_01_a_taken_client_id_is_waited_for() {
    let mut stage = Stage::new();
    stage.door = Door::Fails(ConnectFailure::ClientIdTaken);
    stage.give(Input::Start);
    stage.run(seconds(300));
    assert!((5..=12).contains(&stage.connects()), "{} attempts in five minutes", stage.connects());
    assert_eq!(stage.raised(), [Condition::ClientIdTaken], "one alarm, after a while");
    assert!(stage.errors()[0].contains("waiting for the end of the dead connection"), "{:?}", stage.errors());
    // The broker's program has noticed at last that our old connection is dead.
    stage.door = Door::Open;
    stage.run(seconds(80));
    assert!(stage.is_ready());
    assert_eq!(stage.cleared(), [Condition::ClientIdTaken]);
}

#[test]
fn scenario_con_02_a_client_id_is_never_changed_for_another() {
    let plan = ClientPlan::from_base(7).unwrap();
    let mut ids = ClientIds::new(plan, Backoff::new(BackoffSettings::default(), 1));
    let mut now = Timestamp::EPOCH;
    for _ in 0..20 {
        let lease = ids.lease(Purpose::Interactive, now).unwrap();
        assert_eq!(lease.id(), 7, "its orders can be cancelled under it alone");
        let retry_at = ids.taken(lease, now);
        assert!(matches!(ids.lease(Purpose::Interactive, now), Err(NoLease::Taken { .. })));
        now = retry_at;
    }
}

#[test]
fn scenario_con_03_a_handshake_that_never_comes_has_a_deadline() {
    let mut stage = Stage::new();
    stage.door = Door::Silent;
    stage.give(Input::Start);
    stage.run(seconds(15));
    assert_eq!(stage.disconnects(), 1, "what is half made is closed");
    stage.run(seconds(185));
    assert_eq!(
        stage.disconnects() + usize::from(matches!(stage.standing(), LinkStanding::Connecting { .. })),
        stage.connects()
    );
    assert_eq!(stage.raised(), [Condition::LinkDown]);
    assert!(!stage.is_ready());
}

#[test]
fn scenario_con_04_no_order_number_is_invented() {
    let mut stage = Stage::new();
    stage.unproven.insert(Proof::OrderNumber);
    stage.give(Input::Start);
    assert_eq!(stage.missing(), [Proof::OrderNumber]);
    stage.run(seconds(59));
    assert_eq!((stage.missing(), stage.connects()), (vec![Proof::OrderNumber], 1));
    stage.unproven.clear();
    stage.run(seconds(10));
    assert_eq!((stage.is_ready(), stage.connects()), (true, 2), "made anew after its deadline");
}

#[test]
fn scenario_con_05_snapshots_have_deadlines_and_nothing_is_ready_without_them() {
    let mut stage = Stage::new();
    stage.unproven.extend([Proof::OpenOrders, Proof::Positions]);
    stage.give(Input::Start);
    stage.run(seconds(75 * 60));
    assert_eq!(stage.missing(), [Proof::OpenOrders, Proof::Positions]);
    assert_eq!(stage.raised(), [Condition::NotReady], "once, for 75 minutes");
    let asked = stage.count(|it| matches!(it, Effect::Prove { proof: Proof::Positions, .. }));
    assert!(asked > 100, "asked for again and again: {asked}");
    assert_eq!(stage.story(), [""; 0], "nobody was told that it stands");
}

#[test]
fn scenario_con_06_one_missing_snapshot_blocks_trading_and_is_named() {
    let mut stage = Stage::new();
    stage.unproven.insert(Proof::Executions);
    stage.want(1, tradeport_connection::subscriptions::StreamNeeds::QUOTES);
    stage.give(Input::Start);
    stage.run(seconds(200));
    assert_eq!(stage.missing(), [Proof::Executions]);
    assert_eq!(stage.live(), 1, "data runs");
    let text = stage.log.iter().find_map(|(_, it)| match it {
        Effect::Alarm(tradeport_connection::AlarmChange::Raised { text, .. }) => Some(text.clone()),
        _ => None,
    });
    assert!(text.unwrap().contains("not proven: executions"));
    assert!(stage.link.may_order(stage.now).unwrap_err().to_string().contains("executions"));
}

#[test]
fn scenario_con_07_notices_before_the_order_number_neither_help_nor_harm() {
    let mut stage = Stage::new();
    stage.door = Door::Silent;
    stage.give(Input::Start);
    for class in [NoticeClass::FarmUp(Farm::MarketData), NoticeClass::FarmDown(Farm::Definitions)] {
        stage.notice(class);
    }
    assert!(matches!(stage.standing(), LinkStanding::Connecting { .. }));
    stage.unproven.insert(Proof::OrderNumber);
    stage.give(Input::Established { epoch: ConnectionEpoch::new(1) });
    stage.notice(NoticeClass::FarmUp(Farm::History));
    assert_eq!(stage.missing(), [Proof::OrderNumber]);
    assert!(stage.raised().is_empty());
}

#[test]
fn scenario_con_09_a_program_that_warms_up_is_no_alarm() {
    let mut stage = Stage::new();
    stage.door = unready();
    stage.give(Input::Start);
    stage.run(seconds(60));
    assert!(stage.connects() <= 6, "{}", stage.connects());
    stage.door = Door::Open;
    stage.run(seconds(75));
    assert!(stage.is_ready());
    assert!(stage.raised().is_empty(), "{:?}", stage.raised());
}

#[test]
fn scenario_con_12_a_half_open_link_is_found_within_ten_seconds_while_orders_work() {
    for idle in 0..30 {
        let mut stage = Stage::ready();
        stage.run(seconds(idle));
        stage.give(Input::OrdersAtWork { count: 1 });
        stage.run(seconds(idle % 7));
        stage.alive = false;
        let frozen_at = stage.now;
        stage.forget();
        stage.run(seconds(10));
        assert_eq!(stage.story(), ["lost"], "frozen {} s into the link", frozen_at);
        assert!(!stage.is_ready());
    }
}

#[test]
fn scenario_con_12_without_orders_it_is_found_by_the_slow_question() {
    let mut stage = Stage::ready();
    stage.run(seconds(29));
    stage.alive = false;
    stage.run(seconds(5));
    assert_eq!(stage.story(), ["established"]);
    stage.run(seconds(1));
    assert_eq!(stage.story(), ["established", "lost"], "asked at 30 s, given up at 35 s");
}

#[test]
fn scenario_con_13_a_proxy_that_takes_connections_makes_nothing_ready() {
    let mut stage = Stage::new();
    stage.door = unready();
    stage.give(Input::Start);
    for _ in 0..6 {
        stage.run(seconds(300));
        assert!(!stage.is_ready());
    }
    assert_eq!(stage.raised(), [Condition::LinkDown], "one alarm in half an hour");
    assert!(stage.story().is_empty());
}

#[test]
fn scenario_con_14_hours_of_refusals_are_one_alarm_and_a_calm_rhythm() {
    let mut stage = Stage::new();
    stage.door = refused();
    stage.give(Input::Start);
    stage.run(seconds(3 * 3_600));
    assert_eq!(stage.raised(), [Condition::LinkDown]);
    let times = stage.connect_times();
    assert!(times.windows(2).all(|pair| pair[1].since(pair[0]) >= seconds(1)));
    let late = times.windows(2).skip(6).map(|pair| pair[1].since(pair[0]));
    assert!(
        late.clone().all(|wait| (seconds(48)..=seconds(72)).contains(&wait)),
        "sixty seconds, with jitter"
    );
    assert!(late.count() > 100);
}

#[test]
fn connecting_to_a_refusing_port_says_at_once_what_to_check() {
    let settings = LinkSettings { most_attempts: Some(1), ..LinkSettings::default() };
    let mut stage = Stage::with(settings, OutageCalendar::default(), NOON);
    stage.door = refused();
    stage.give(Input::Start);
    assert_eq!(stage.standing(), LinkStanding::Down, "a command does not wait");
    let text = &stage.errors()[0];
    for check in ["TWS or IB Gateway runs", "API switched on", "7497", "4002", "trusted addresses"] {
        assert!(text.contains(check), "{text}");
    }
    assert_eq!(stage.connects(), 1);
}

#[test]
fn scenario_con_15_what_is_asked_carries_the_epoch_that_stands() {
    let mut stage = Stage::ready();
    stage.want(1, tradeport_connection::subscriptions::StreamNeeds::QUOTES);
    stage.forget();
    stage.lose();
    stage.run(seconds(5));
    let mut held = false;
    for (_, effect) in &stage.log {
        match effect {
            Effect::HoldOrders => held = true,
            Effect::ReleaseOrders => held = false,
            Effect::Open { epoch, .. } | Effect::Prove { epoch, .. } | Effect::Probe { epoch, .. } => {
                assert_eq!(*epoch, ConnectionEpoch::new(2), "nothing of the old epoch");
                assert!(held, "orders are held until all is proven");
            }
            _ => {}
        }
    }
    assert!(!held && stage.is_ready());
}

#[test]
fn scenario_con_16_answers_of_a_lost_epoch_prove_nothing() {
    let mut stage = Stage::new();
    stage.unproven.insert(Proof::OpenOrders);
    stage.give(Input::Start);
    let round = stage.log.iter().find_map(|(_, it)| match it {
        Effect::Prove { proof: Proof::OpenOrders, round, .. } => Some(*round),
        _ => None,
    });
    stage.lose();
    stage.run(seconds(5));
    assert_eq!(stage.missing(), [Proof::OpenOrders], "a new epoch, and the same silence");
    let (proof, round) = (Proof::OpenOrders, round.unwrap());
    stage.give(Input::Proven { epoch: ConnectionEpoch::new(1), proof, round });
    assert_eq!(stage.missing(), [Proof::OpenOrders]);
    stage.give(Input::Proven { epoch: ConnectionEpoch::new(2), proof, round });
    assert!(stage.is_ready());
}

#[test]
fn scenario_con_17_signals_within_the_loop_start_no_second_one() {
    let mut stage = Stage::new();
    stage.door = Door::Silent;
    stage.give(Input::Start);
    for number in 0..50 {
        stage.give(Input::Start);
        stage.give(Input::Lost { epoch: ConnectionEpoch::new(0), reason: "again".to_owned() });
        stage.notice(NoticeClass::SessionEnds);
        stage.give(Input::Tick);
        assert_eq!(stage.connects(), 1, "after {number} signals");
    }
}

#[test]
fn scenario_con_18_no_more_attempts_than_allowed_and_each_is_closed() {
    let mut stage = Stage::new();
    stage.door = Door::Silent;
    // Even somebody who starts and disconnects by hand, on and on.
    for _ in 0..500 {
        stage.give(Input::Start);
        stage.run(seconds(1));
        stage.give(Input::Disconnect);
    }
    let times = stage.connect_times();
    for (first, at) in times.iter().enumerate() {
        let within = times[first..].iter().take_while(|it| it.since(*at) < seconds(60)).count();
        assert!(
            within <= LinkSettings::default().attempts_a_minute,
            "{within} attempts within a minute of {at}"
        );
    }
    assert_eq!(stage.disconnects(), stage.connects());
}

#[test]
fn scenario_con_19_read_only_blocks_orders_and_nothing_else() {
    let mut stage = Stage::streaming(2);
    stage.notice(NoticeClass::ReadOnly);
    assert_eq!(stage.link.may_order(stage.now), Err(Held::ReadOnly));
    stage.run(seconds(120));
    assert_eq!((stage.live(), stage.raised()), (2, vec![Condition::ReadOnly]));
    stage.give(Input::Acknowledged { condition: Condition::ReadOnly });
    assert!(stage.is_ready());
}

#[test]
fn scenario_con_21_another_account_blocks_trading_with_an_alarm() {
    let mut stage = Stage::new();
    stage.unproven.insert(Proof::Account);
    stage.give(Input::Start);
    let failure = ProofFailure::Refuted { reason: "it manages U1234567".to_owned() };
    let epoch = ConnectionEpoch::new(1);
    stage.give(Input::NotProven { epoch, proof: Proof::Account, round: 1, failure });
    assert_eq!((stage.missing(), stage.raised()), (vec![Proof::Account], vec![Condition::WrongAccount]));
    stage.give(Input::Proven { epoch, proof: Proof::Account, round: 1 });
    assert_eq!(stage.missing(), [Proof::Account], "what was refuted stays so in this epoch");

    let mut stage = Stage::new();
    stage.door = Door::Fails(ConnectFailure::WrongAccount { reason: "it manages U1234567".to_owned() });
    stage.give(Input::Start);
    assert_eq!(stage.raised(), [Condition::WrongAccount], "at once");
}

#[test]
fn scenario_con_22_one_process_stays_within_its_own_connections() {
    let plan = ClientPlan::from_base(1).unwrap();
    let mut ids = ClientIds::new(plan, Backoff::new(BackoffSettings::default(), 1));
    let mut leases = Vec::new();
    for purpose in Purpose::ALL {
        while let Ok(lease) = ids.lease(purpose, Timestamp::EPOCH) {
            leases.push(lease);
        }
        let refusal = ids.lease(purpose, Timestamp::EPOCH).unwrap_err().to_string();
        assert!(refusal.contains("share one"), "{refusal}");
    }
    assert!(leases.len() <= ClientPlan::MOST_CLIENTS);
    // Each of them has its own deadline.
    let mut stage = Stage::new();
    stage.door = Door::Silent;
    stage.give(Input::Start);
    stage.run(LinkSettings::default().connect_limit);
    assert!(matches!(stage.standing(), LinkStanding::BackingOff { .. }));
}

#[test]
fn settings_that_find_a_dead_link_too_late_are_refused() {
    let mut settings = LinkSettings::default();
    settings.pulse.busy_every = seconds(9);
    let error = Supervisor::new(settings, OutageCalendar::default(), 0).unwrap_err().to_string();
    assert!(error.contains("busy_every and busy_limit"), "{error}");
    let zero = LinkSettings { connect_limit: seconds(0), ..LinkSettings::default() };
    assert!(zero.check().is_err());
    let none = LinkSettings { most_attempts: Some(0), ..LinkSettings::default() };
    assert!(none.check().is_err());
}
