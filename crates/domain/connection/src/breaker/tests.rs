//! The laws of a breaker, against a plain reading of its rules.

use super::*;
use proptest::prelude::*;
use std::time::Duration;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

/// Opens at 3 failures within 10 s, rests 5 s up to 20 s, closes after 2 trials of at most 4 s.
fn settings() -> BreakerSettings {
    let seconds = Duration::from_secs;
    let settings = BreakerSettings::default().opening(3, seconds(10)).unwrap();
    settings.resting(seconds(5), seconds(20)).unwrap().closing(2, seconds(4)).unwrap()
}

const WHAT: Capability = Capability::History;

fn use_once(breakers: &mut Breakers, report: Report, now: i64) -> Option<Change> {
    let pass = breakers.ask(WHAT, at(now)).unwrap();
    breakers.report(pass, report, at(now))
}

#[test]
fn it_opens_rests_is_tried_and_closes() {
    let mut breakers = Breakers::new(settings());
    assert_eq!(use_once(&mut breakers, Report::Failed, 0), None);
    assert_eq!(use_once(&mut breakers, Report::Failed, 1), None);
    let opened = Change::Opened { capability: WHAT, until: at(7) };
    assert_eq!(use_once(&mut breakers, Report::Failed, 2), Some(opened));
    assert_eq!(breakers.ask(WHAT, at(6)), Err(Rests { capability: WHAT, until: at(7) }));
    assert!(breakers.ask(Capability::LiveData, at(6)).is_ok(), "the others go on");
    let trial = breakers.ask(WHAT, at(7)).unwrap();
    assert_eq!(breakers.ask(WHAT, at(8)), Err(Rests { capability: WHAT, until: at(11) }), "one at a time");
    assert_eq!(breakers.report(trial, Report::Worked, at(9)), None);
    assert_eq!(breakers.state(WHAT, at(9)), BreakerState::HalfOpen);
    assert_eq!(use_once(&mut breakers, Report::Worked, 9), Some(Change::Closed { capability: WHAT }));
    assert_eq!(breakers.state(WHAT, at(9)), BreakerState::Closed);
}

#[test]
fn failures_far_apart_do_not_open_it() {
    let mut breakers = Breakers::new(settings());
    for turn in 0..20 {
        assert_eq!(use_once(&mut breakers, Report::Failed, turn * 5), None, "two in any ten seconds");
    }
}

#[test]
fn each_failed_trial_doubles_the_rest_and_closing_forgets_it() {
    let mut breakers = Breakers::new(settings());
    for _ in 0..3 {
        use_once(&mut breakers, Report::Failed, 0);
    }
    let mut now = 5;
    for rest in [10, 20, 20] {
        let until = at(now + rest);
        assert_eq!(
            use_once(&mut breakers, Report::Failed, now),
            Some(Change::Opened { capability: WHAT, until })
        );
        now += rest;
    }
    use_once(&mut breakers, Report::Worked, now);
    use_once(&mut breakers, Report::Worked, now);
    let last = (0..3).filter_map(|_| use_once(&mut breakers, Report::Failed, now)).last();
    assert_eq!(last, Some(Change::Opened { capability: WHAT, until: at(now + 5) }));
}

#[test]
fn what_takes_risk_away_is_never_stopped() {
    assert_eq!(Capability::of(&Class::CancelOrder), None);
    assert_eq!(Capability::of(&Class::Message), None, "nor the probe that finds out whether it works again");
}

#[test]
fn settings_that_make_no_breaker_are_refused() {
    let some = Duration::from_secs(1);
    assert!(BreakerSettings::default().opening(0, some).is_err());
    assert!(BreakerSettings::default().opening(1, Duration::ZERO).is_err());
    assert!(BreakerSettings::default().resting(Duration::MAX, some).is_err());
    assert!(BreakerSettings::default().closing(0, some).is_err());
}

/// What is done with a breaker: ask and keep the pass, report one of those that are kept, or let time pass.
#[derive(Clone, Debug)]
enum Act {
    Ask,
    Report(usize, Report),
    Pass(i64),
}

fn act() -> impl Strategy<Value = Act> {
    let report = prop_oneof![Just(Report::Worked), Just(Report::Failed), Just(Report::Nothing)];
    prop_oneof![
        3 => Just(Act::Ask),
        4 => (0_usize..6, report).prop_map(|(which, report)| Act::Report(which, report)),
        2 => (0_i64..9).prop_map(Act::Pass),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Never a pass while it rests; at most one trial at a time; open only by enough failures; alarms in turn; and it can
    /// always be closed again.
    #[test]
    fn the_laws_hold_in_every_life(acts in prop::collection::vec(act(), 1..120)) {
        let mut breakers = Breakers::new(settings());
        let (mut now, mut held, mut rests, mut is_open, mut failures) = (0, Vec::new(), None, false, Vec::new());
        let mut last_trial = None;
        for act in acts {
            match act {
                Act::Pass(seconds) => now += seconds,
                Act::Ask => match breakers.ask(WHAT, at(now)) {
                    Ok(pass) => {
                        prop_assert!(rests.is_none_or(|until| until <= at(now)), "a pass while it rests");
                        if is_open {
                            prop_assert!(last_trial.is_none_or(|until| until <= now), "two trials at once");
                            last_trial = Some(now + 4);
                        }
                        held.push(pass);
                    }
                    Err(said) => prop_assert!(is_open && said.until > at(now), "{said:?}"),
                },
                Act::Report(which, report) if !held.is_empty() => {
                    let pass = held.swap_remove(which % held.len());
                    if pass_is_of_now(&breakers, &pass, at(now)) {
                        last_trial = None;
                        if report == Report::Failed { failures.push(now); }
                    }
                    match breakers.report(pass, report, at(now)) {
                        Some(Change::Opened { until, .. }) => {
                            if !is_open {
                                let recent = failures.iter().filter(|failed| **failed > now - 10).count();
                                prop_assert!(recent >= 3, "{recent} failures opened it");
                            }
                            (is_open, rests) = (true, Some(until));
                        }
                        Some(Change::Closed { .. }) => {
                            prop_assert!(is_open, "closed twice");
                            (is_open, rests, last_trial) = (false, None, None);
                            failures.clear();
                        }
                        None => {}
                    }
                }
                Act::Report(..) => {}
            }
        }
        now += 1_000;
        for _ in 0..2 {
            let pass = breakers.ask(WHAT, at(now));
            prop_assert!(pass.is_ok(), "it never passes again");
            breakers.report(pass.unwrap(), Report::Worked, at(now));
        }
        prop_assert_eq!(breakers.state(WHAT, at(now)), BreakerState::Closed);
    }
}

/// Does what came of this pass still say something?
fn pass_is_of_now(breakers: &Breakers, pass: &Pass, now: Timestamp) -> bool {
    let mut asked = breakers.clone();
    let before = format!("{asked:?}");
    let copy = Pass { capability: pass.capability, turn: pass.turn, trial: pass.trial };
    asked.report(copy, Report::Failed, now);
    format!("{asked:?}") != before
}
