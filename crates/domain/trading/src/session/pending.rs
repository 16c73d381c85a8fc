//! What the driver has still to do, bounded: what is overtaken is dropped, and no change of a state is.
//!
//! | effect | what waits of it |
//! | --- | --- |
//! | connect, disconnect | a disconnect overtakes what was asked before it |
//! | probe, proofs, hold and release, drain, restart | the newest of each |
//! | alarms | for each condition at most its end and its next beginning; one that came and went calls nobody |
//! | changes of the link | all; errors up to [`MOST_ERRORS`], then the oldest are dropped |
//!
//! Streams wait elsewhere: one command each. Left out: doing any of it.

use std::collections::VecDeque;
use tradeport_connection::{AlarmChange, Condition, Effect, LinkChange};

/// So many errors wait to be told at most.
pub(super) const MOST_ERRORS: usize = 64;

/// Effects in their order.
#[derive(Debug, Default)]
pub(super) struct Pending(VecDeque<Effect>);

impl Pending {
    pub(super) fn push(&mut self, effect: Effect) {
        match &effect {
            Effect::Disconnect => {
                self.drop_all(|it| matches!(it, Effect::Disconnect | Effect::Connect { .. }));
            }
            Effect::Connect { .. } => self.drop_all(|it| matches!(it, Effect::Connect { .. })),
            Effect::Probe { .. } => self.drop_all(|it| matches!(it, Effect::Probe { .. })),
            Effect::Prove { proof, .. } => {
                let asked = *proof;
                self.drop_all(|it| matches!(it, Effect::Prove { proof, .. } if *proof == asked));
            }
            Effect::HoldOrders | Effect::ReleaseOrders => {
                self.drop_all(|it| matches!(it, Effect::HoldOrders | Effect::ReleaseOrders));
            }
            Effect::Drain { .. } => self.drop_all(|it| matches!(it, Effect::Drain { .. })),
            Effect::RestartGateway => self.drop_all(|it| matches!(it, Effect::RestartGateway)),
            Effect::Alarm(AlarmChange::Cleared { condition }) if self.take_back(*condition) => return,
            Effect::Tell(LinkChange::Error { .. }) => self.make_room_for_error(),
            _ => {}
        }
        self.0.push_back(effect);
    }

    pub(super) fn pop(&mut self) -> Option<Effect> {
        self.0.pop_front()
    }

    fn drop_all(&mut self, overtaken: impl Fn(&Effect) -> bool) {
        self.0.retain(|it| !overtaken(it));
    }

    /// An alarm that is over before anybody was called; true when there was one.
    fn take_back(&mut self, over: Condition) -> bool {
        let raised = |it: &Effect| matches!(it, Effect::Alarm(AlarmChange::Raised { condition, .. }) if *condition == over);
        let found = self.0.iter().rposition(raised);
        found.is_some_and(|place| self.0.remove(place).is_some())
    }

    fn make_room_for_error(&mut self) {
        let error = |it: &Effect| matches!(it, Effect::Tell(LinkChange::Error { .. }));
        if self.0.iter().filter(|it| error(it)).count() >= MOST_ERRORS
            && let Some(oldest) = self.0.iter().position(error)
        {
            self.0.remove(oldest);
        }
    }

    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use std::time::Duration;
    use tradeport_connection::calendar::OutageCalendar;
    use tradeport_connection::{Attempt, LinkSettings, Proof, Supervisor};
    use tradeport_kernel::ConnectionEpoch;

    const CONDITIONS: [Condition; 3] = [Condition::LinkDown, Condition::NotReady, Condition::Unstable];

    fn effect(kind: u8, number: usize) -> Effect {
        let epoch = ConnectionEpoch::default();
        let limit = Duration::from_secs(1);
        let condition = CONDITIONS[number % CONDITIONS.len()];
        match kind {
            0 => Effect::Connect { attempt: Attempt::default(), limit },
            1 => Effect::Disconnect,
            2 => Effect::Probe { epoch, question: number as u64, limit },
            3 => Effect::Prove { epoch, proof: Proof::ALL[number % 6], round: number as u64, limit },
            4 => Effect::HoldOrders,
            5 => Effect::ReleaseOrders,
            6 => Effect::Alarm(AlarmChange::Raised { condition, text: String::new() }),
            7 => Effect::Alarm(AlarmChange::Cleared { condition }),
            8 => Effect::Tell(LinkChange::Error { text: number.to_string() }),
            _ => Effect::RestartGateway,
        }
    }

    /// What stands after all of these: connected or not, held or not, which alarms.
    fn outcome(effects: &[Effect]) -> (Option<bool>, Option<bool>, BTreeSet<Condition>) {
        let (mut connected, mut held, mut alarms) = (None, None, BTreeSet::new());
        for effect in effects {
            match effect {
                Effect::Connect { .. } => connected = Some(true),
                Effect::Disconnect => connected = Some(false),
                Effect::HoldOrders => held = Some(true),
                Effect::ReleaseOrders => held = Some(false),
                Effect::Alarm(AlarmChange::Raised { condition, .. }) => drop(alarms.insert(*condition)),
                Effect::Alarm(AlarmChange::Cleared { condition }) => drop(alarms.remove(condition)),
                _ => {}
            }
        }
        (connected, held, alarms)
    }

    proptest! {
        #[test]
        fn it_stays_small_and_comes_to_the_same(
            told in prop::collection::vec((0u8..10, 0usize..50), 0..2_000),
        ) {
            let mut pending = Pending::default();
            let (mut all, mut standing) = (Vec::new(), BTreeSet::new());
            for (kind, number) in told {
                let effect = effect(kind, number);
                // The board raises what does not stand, and clears what does.
                let fits = match &effect {
                    Effect::Alarm(AlarmChange::Raised { condition, .. }) => standing.insert(*condition),
                    Effect::Alarm(AlarmChange::Cleared { condition }) => standing.remove(condition),
                    _ => true,
                };
                if fits {
                    all.push(effect.clone());
                    pending.push(effect);
                }
                prop_assert!(pending.len() <= MOST_ERRORS + 2 + 1 + 6 + 1 + 1 + 2 * CONDITIONS.len());
            }
            let left: Vec<Effect> = std::iter::from_fn(|| pending.pop()).collect();
            prop_assert_eq!(outcome(&left), outcome(&all));
        }
    }

    #[test]
    fn a_change_of_the_link_is_never_overtaken() {
        let mut pending = Pending::default();
        for number in 1..=1_000 {
            let epoch = ConnectionEpoch::new(number);
            pending.push(Effect::Tell(LinkChange::Lost { epoch, reason: String::new() }));
            pending.push(Effect::Tell(LinkChange::Error { text: number.to_string() }));
        }
        let left: Vec<Effect> = std::iter::from_fn(|| pending.pop()).collect();
        let changes = left.iter().filter(|it| matches!(it, Effect::Tell(LinkChange::Lost { .. }))).count();
        assert_eq!((changes, left.len()), (1_000, 1_000 + MOST_ERRORS));
    }

    /// Whoever starts and stops without end, while the driver does nothing, fills no memory.
    #[test]
    fn a_driver_that_sleeps_finds_one_thing_to_do() {
        use tradeport_connection::Input;
        let mut supervisor = Supervisor::new(LinkSettings::default(), OutageCalendar::default(), 1).unwrap();
        let (mut pending, mut effects) = (Pending::default(), Vec::new());
        let mut now = tradeport_kernel::Timestamp::EPOCH;
        for _ in 0..1_000 {
            for input in [Input::Start, Input::Disconnect] {
                now = now.after(Duration::from_secs(30));
                supervisor.step(input, now, &mut effects);
                effects.drain(..).for_each(|effect| pending.push(effect));
            }
        }
        assert!(pending.len() <= 2, "{pending:?}");
    }
}
