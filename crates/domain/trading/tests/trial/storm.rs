//! Storms: everything that can happen between a desk and a broker, in any order, and at the end the truth.
//!
//! The situations of the table were collected from what happened to people. A storm is made of the same pieces, put together
//! by chance: at no moment may more be on order than was wanted, and once the line stands, the desk must believe what is so.

use crate::ours::Ours;
use crate::stage::{Trial, key};
use crate::street::Way;
use proptest::prelude::*;
use tradeport_orders::BrokerPhase;

/// What may be wanted: each name always means the same.
const WANTED: [(&str, u32, &str); 4] = [("a", 10, "99"), ("b", 5, "98"), ("c", 7, "97"), ("d", 3, "96")];

/// One thing that happens. Orders are named by their place in what is wanted.
#[derive(Clone, Copy, Debug)]
enum Act {
    Want(usize),
    Reprice(usize),
    Resize(usize, u32),
    Cancel(usize),
    Hear,
    /// So many units trade, or as many as there are; the status may be lost.
    Fill(usize, u32, bool),
    /// It is told to be cancelled, and units turn out to have traded before.
    CancelThenFill(usize, u32),
    /// A status that was so once is told again.
    SayAgain(usize, BrokerPhase),
    End(usize, BrokerPhase),
    RepeatExecutions,
    /// The last execution turns out to have been smaller; the first may be told once more after it.
    Correct(bool),
    /// What becomes of the next request.
    Next(Way),
    FailSnapshots(usize),
    Freeze,
    LoseLink,
    /// A new connection, whose numbers may begin anew.
    Link(bool),
    Restart,
}

fn act() -> impl Strategy<Value = Act> {
    let of = 0..WANTED.len();
    let ends = prop_oneof![Just(BrokerPhase::Cancelled), Just(BrokerPhase::Expired)];
    let olds = prop_oneof![Just(BrokerPhase::Held), Just(BrokerPhase::Working)];
    let ways = prop_oneof![
        Just(Way::AnswerLost),
        Just(Way::RequestLost),
        Just(Way::Refused),
        Just(Way::DiesBefore),
        Just(Way::DiesAfter),
    ];
    prop_oneof![
        6 => of.clone().prop_map(Act::Want),
        1 => of.clone().prop_map(Act::Reprice),
        2 => (of.clone(), 1..15_u32).prop_map(|(of, units)| Act::Resize(of, units)),
        2 => of.clone().prop_map(Act::Cancel),
        4 => Just(Act::Hear),
        4 => (of.clone(), 1..6_u32, any::<bool>()).prop_map(|(of, units, told)| Act::Fill(of, units, told)),
        1 => (of.clone(), 1..6_u32).prop_map(|(of, units)| Act::CancelThenFill(of, units)),
        1 => (of.clone(), olds).prop_map(|(of, phase)| Act::SayAgain(of, phase)),
        1 => (of, ends).prop_map(|(of, phase)| Act::End(of, phase)),
        1 => Just(Act::RepeatExecutions),
        1 => any::<bool>().prop_map(Act::Correct),
        3 => ways.prop_map(Act::Next),
        1 => (1..4_usize).prop_map(Act::FailSnapshots),
        1 => Just(Act::Freeze),
        1 => Just(Act::LoseLink),
        2 => any::<bool>().prop_map(Act::Link),
        1 => Just(Act::Restart),
    ]
}

impl Trial {
    fn act(&mut self, act: Act) {
        let named = |of: usize| WANTED[of].0;
        match act {
            Act::Want(of) => {
                let (name, units, limit) = WANTED[of];
                self.want(name, units, limit);
            }
            Act::Reprice(of) => self.trader.reprice(named(of), "95"),
            Act::Resize(of, units) => self.resize(named(of), units),
            Act::Cancel(of) => self.trader.cancel(named(of)),
            Act::Hear => {}
            Act::Fill(of, units, told) => {
                if let Some(units) = self.street.tradable(named(of), units) {
                    self.street.fill(named(of), units, told);
                }
            }
            Act::CancelThenFill(of, units) => {
                if let Some(units) = self.street.tradable(named(of), units) {
                    self.street.cancel_then_fill(named(of), units);
                }
            }
            Act::SayAgain(of, phase) => {
                if self.street.has_had(named(of)) {
                    self.street.say_status(named(of), phase, 0);
                }
            }
            Act::End(of, phase) => {
                if self.street.live_orders(&key(named(of))) > 0 {
                    self.street.end(named(of), phase);
                }
            }
            Act::RepeatExecutions => self.street.repeat_executions(),
            Act::Correct(first_again) => self.street.correct_last_down(first_again),
            Act::Next(way) => self.street.next(way),
            Act::FailSnapshots(count) => self.street.fail_snapshots(count),
            Act::Freeze => self.street.freeze(),
            Act::LoseLink => self.street.lose_link(),
            Act::Link(anew) => {
                // What a dead connection took may still be done once its peer wakes up.
                self.street.thaw();
                self.relink(anew.then_some(1));
            }
            Act::Restart => self.trader.restart(),
        }
        if matches!(act, Act::Hear) {
            self.hear();
        }
        self.check();
    }

    /// The line stands from now on, and every request is taken.
    fn calm(&mut self) {
        self.street.forget_ways();
        self.street.fail_snapshots(0);
        self.street.thaw();
        self.relink(None);
        self.hear();
        self.hear();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_storm_the_desk_believes_what_is_so(acts in prop::collection::vec(act(), 1..60)) {
        let mut trial = Trial::new(|street| Box::new(Ours::new(street)));
        acts.iter().for_each(|act| trial.act(*act));
        trial.calm();
        prop_assert_eq!(trial.judge(), Vec::<String>::new());
        prop_assert_eq!(trial.trader.doubts(), Vec::<String>::new());
        // The journal alone says the same.
        trial.trader.restart();
        prop_assert_eq!(trial.judge(), Vec::<String>::new(), "after a new start");
        prop_assert_eq!(trial.trader.doubts(), Vec::<String>::new(), "after a new start");
    }
}
