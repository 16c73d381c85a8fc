//! Making, losing and giving up connections, and what time brings.

use super::{
    Attempt, ConnectFailure, Effect, Farms, Gate, LinkChange, Phase, Proof, ProofFailure, Pulse, Supervisor,
    Told, Up, pulse::Beat,
};
use crate::{Condition, Farm};
use std::time::Duration;
use tradeport_kernel::{ConnectionEpoch, Timestamp};

const MINUTE: Duration = Duration::from_secs(60);

impl Supervisor {
    pub(super) fn start(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !matches!(self.phase, Phase::Down) {
            return;
        }
        self.backoff.reset();
        self.told = Told::Nothing;
        self.unready_since = Some(now);
        self.phase = Phase::BackingOff { until: self.next_allowed(now) };
        self.connect_when_due(now, effects);
    }

    /// A disconnect by hand: whatever is under way, its answer will find nobody.
    pub(super) fn give_up(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Stopping { .. } | Phase::Stopped) {
            return;
        }
        self.hang_up("disconnected on request", now, effects);
        self.phase = Phase::Down;
        self.forget_worries(effects);
    }

    pub(super) fn stop(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if matches!(self.phase, Phase::Stopping { .. } | Phase::Stopped) {
            return;
        }
        let had_link = matches!(self.phase, Phase::Up(_) | Phase::Connecting { .. });
        self.hang_up("the platform stops", now, effects);
        self.phase = if had_link {
            Phase::Stopping { deadline: now.after(self.settings.stop_limit) }
        } else {
            Phase::Stopped
        };
        self.forget_worries(effects);
    }

    /// Nobody wants a link, so nothing about it is wrong.
    fn forget_worries(&mut self, effects: &mut Vec<Effect>) {
        self.unready_since = None;
        self.offline_total_since = None;
        self.restart_wished = false;
        self.went_in = None;
        self.read_only = false;
        let standing: Vec<Condition> = self.alarms.standing().map(|(condition, ..)| condition).collect();
        for condition in standing.into_iter().filter(|it| *it != Condition::UnknownNotice) {
            self.clear(condition, effects);
        }
    }

    /// Ends what stands or is being made, and tells so.
    fn hang_up(&mut self, reason: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Phase::Up(up) = &self.phase {
            let epoch = up.epoch;
            self.tell_lost(epoch, reason, now, effects);
            self.register.epoch_ends();
        }
        if matches!(self.phase, Phase::Up(_) | Phase::Connecting { .. }) {
            effects.push(Effect::Disconnect);
        }
    }

    fn tell_lost(&mut self, epoch: ConnectionEpoch, reason: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        self.hold(effects);
        self.unready_since.get_or_insert(now);
        if self.told == Told::Good {
            self.told = Told::Lost { at: now };
            effects.push(Effect::Tell(LinkChange::Lost { epoch, reason: reason.to_owned() }));
        }
    }

    pub(super) fn tell_lost_here(&mut self, reason: &str, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some(epoch) = self.up().map(|up| up.epoch) {
            self.tell_lost(epoch, reason, now, effects);
        }
    }

    fn hold(&mut self, effects: &mut Vec<Effect>) {
        if std::mem::take(&mut self.released) {
            effects.push(Effect::HoldOrders);
        }
    }

    /// The first moment at which one more attempt is not one too many.
    fn next_allowed(&mut self, now: Timestamp) -> Timestamp {
        while self.attempts.front().is_some_and(|at| now.since(*at) >= MINUTE) {
            self.attempts.pop_front();
        }
        let most = self.settings.attempts_a_minute;
        if self.attempts.len() < most {
            return now;
        }
        let oldest = self.attempts[self.attempts.len() - most];
        oldest.after(MINUTE)
    }

    fn connect_when_due(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let Phase::BackingOff { until } = self.phase else { return };
        if until > now {
            return;
        }
        let allowed = self.next_allowed(now);
        if allowed > now {
            self.phase = Phase::BackingOff { until: allowed };
            return;
        }
        self.attempts.push_back(now);
        self.attempt = Attempt(self.attempt.0 + 1);
        let limit = self.settings.connect_limit;
        self.phase = Phase::Connecting { deadline: now.after(limit) };
        effects.push(Effect::Connect { attempt: self.attempt, limit });
    }

    pub(super) fn established(&mut self, epoch: ConnectionEpoch, now: Timestamp, effects: &mut Vec<Effect>) {
        if epoch <= self.epoch {
            return;
        }
        self.epoch = epoch;
        match self.phase {
            Phase::Connecting { .. } => {}
            // It stands although nobody waits for it: whoever made it was told to stop.
            Phase::Down | Phase::BackingOff { .. } | Phase::Stopping { .. } | Phase::Stopped => {
                effects.push(Effect::Disconnect);
                return;
            }
            // One epoch ends before the next begins; its end was not told.
            Phase::Up(_) => {
                self.hang_up_quietly(now, effects);
            }
        }
        self.phase = Phase::Up(Box::new(Up {
            epoch,
            since: now,
            gate: Gate::closed(now),
            pulse: Pulse::new(now, self.orders_at_work > 0),
            offline_since: None,
            farms: Farms::default(),
        }));
        self.read_only = false;
        self.register.epoch_begins(now);
        for condition in [Condition::ClientIdTaken, Condition::WrongAccount, Condition::LoginNeeded] {
            self.clear(condition, effects);
        }
        self.clear(Condition::ReadOnly, effects);
        for farm in Farm::ALL {
            self.clear(Condition::FarmDown(farm), effects);
        }
    }

    fn hang_up_quietly(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.tell_lost_here("another epoch began", now, effects);
        self.register.epoch_ends();
    }

    pub(super) fn connect_failed(
        &mut self,
        attempt: Attempt,
        failure: &ConnectFailure,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        if attempt != self.attempt {
            return;
        }
        match self.phase {
            Phase::Connecting { .. } => self.attempt_failed(failure, now, effects),
            Phase::Stopping { .. } => self.phase = Phase::Stopped,
            _ => {}
        }
    }

    fn attempt_failed(&mut self, failure: &ConnectFailure, now: Timestamp, effects: &mut Vec<Effect>) {
        effects.push(Effect::Tell(LinkChange::Error { text: failure.to_string() }));
        if let ConnectFailure::WrongAccount { .. } = failure {
            self.raise(Condition::WrongAccount, now, effects, || failure.to_string());
        }
        self.id_taken = *failure == ConnectFailure::ClientIdTaken;
        self.went_in = self.outlook.within(now).map(|it| it.kind).or(self.went_in);
        self.back_off(now);
        let tried = self.backoff.failures();
        if self.settings.most_attempts.is_some_and(|most| tried >= most) {
            self.phase = Phase::Down;
            self.unready_since = None;
            self.raise(Condition::LinkDown, now, effects, || {
                format!("gave up after {tried} attempts: {failure}")
            });
        }
    }

    fn back_off(&mut self, now: Timestamp) {
        let mut wait = self.backoff.failed();
        if self.is_calm(now) {
            wait = wait.max(self.settings.backoff.most);
        }
        self.phase = Phase::BackingOff { until: now.after(wait) };
    }

    /// Nobody hurries where the link is expected to be gone, or waits for a person to sign in.
    fn is_calm(&self, now: Timestamp) -> bool {
        self.outlook.within(now).is_some() && self.backoff.failures() > 2
    }

    pub(super) fn lost(
        &mut self,
        epoch: ConnectionEpoch,
        reason: String,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        match &self.phase {
            Phase::Up(up) if up.epoch == epoch => self.end_epoch(&reason, false, now, effects),
            // It came and went before we were told that it stood.
            Phase::Connecting { .. } if epoch > self.epoch => {
                self.epoch = epoch;
                self.attempt_failed(&ConnectFailure::Unready { reason }, now, effects);
            }
            Phase::Stopping { .. } if epoch >= self.epoch => self.phase = Phase::Stopped,
            _ => {}
        }
        self.epoch = self.epoch.max(epoch);
    }

    /// The epoch is over: by itself, or because we say so.
    pub(super) fn end_epoch(&mut self, reason: &str, by_us: bool, now: Timestamp, effects: &mut Vec<Effect>) {
        let Phase::Up(up) = &self.phase else { return };
        let (epoch, lasted) = (up.epoch, now.since(up.since));
        self.tell_lost(epoch, reason, now, effects);
        self.register.epoch_ends();
        self.clear(Condition::StreamsSilent, effects);
        self.clear(Condition::NotReady, effects);
        if by_us {
            effects.push(Effect::Disconnect);
        }
        self.went_in = self.outlook.within(now).map(|it| it.kind);
        if lasted >= self.settings.stable_after {
            self.backoff.reset();
            self.clear(Condition::Unstable, effects);
        } else if self.backoff.failures() >= 3 && self.went_in.is_none() {
            self.raise(Condition::Unstable, now, effects, || {
                format!("connections are lost soon after they are made, last: {reason}; is somebody else signed in?")
            });
        }
        self.back_off(now);
    }

    pub(super) fn proven(&mut self, epoch: ConnectionEpoch, proof: Proof, round: u64) {
        if let Some(up) = self.up_in(epoch).filter(|up| proof != Proof::Life && up.gate.round() == round) {
            up.gate.proven(proof);
        }
    }

    pub(super) fn not_proven(
        &mut self,
        epoch: ConnectionEpoch,
        (proof, round): (Proof, u64),
        failure: &ProofFailure,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let again = now.after(self.settings.proof_pause);
        let Some(up) = self.up_in(epoch).filter(|up| up.gate.round() == round) else { return };
        let (refuted, reason) = match failure {
            ProofFailure::Unanswered { reason } => (false, reason),
            ProofFailure::Refuted { reason } => (true, reason),
        };
        if !up.gate.failed(proof, refuted, again) {
            return;
        }
        let text = format!("no proof of {proof}: {reason}");
        effects.push(Effect::Tell(LinkChange::Error { text: text.clone() }));
        if refuted {
            let condition =
                if proof == Proof::Account { Condition::WrongAccount } else { Condition::NotReady };
            self.raise(condition, now, effects, || text);
        }
    }

    pub(super) fn alive(&mut self, epoch: ConnectionEpoch, question: u64, now: Timestamp) {
        let pulse = self.settings.pulse;
        if let Some(up) = self.up_in(epoch)
            && up.pulse.answered(question, now, &pulse)
        {
            up.gate.proven(Proof::Life);
        }
    }

    pub(super) fn silent(
        &mut self,
        epoch: ConnectionEpoch,
        question: u64,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let pulse = self.settings.pulse;
        let Some(up) = self.up_in(epoch) else { return };
        if up.pulse.unanswered(question, now, &pulse) == Beat::Gone {
            self.end_epoch("no sign of life", true, now, effects);
        }
    }

    pub(super) fn orders_at_work(&mut self, count: usize, now: Timestamp) {
        self.orders_at_work = count;
        let settings = self.settings.pulse;
        if let Some(up) = self.up_mut() {
            up.pulse.set_busy(count > 0, now, &settings);
        }
    }

    /// What time brings.
    pub(super) fn pass(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if self.is_over_unseen(now) {
            self.outage_over = self.outlook.over_at(now);
            self.doubt(now);
        }
        match &self.phase {
            Phase::Connecting { deadline } if *deadline <= now => {
                effects.push(Effect::Disconnect);
                let reason = format!("nothing within {} ms", self.settings.connect_limit.as_millis());
                self.attempt_failed(&ConnectFailure::Unready { reason }, now, effects);
            }
            Phase::Stopping { deadline } if *deadline <= now => self.phase = Phase::Stopped,
            Phase::BackingOff { .. } => self.connect_when_due(now, effects),
            Phase::Up(_) => self.look_after(now, effects),
            _ => {}
        }
        self.worry(now, effects);
        self.judge(now, effects);
        self.wake = self.next_wake(now);
    }

    /// Whatever stood is to be shown to stand.
    pub(super) fn doubt(&mut self, now: Timestamp) {
        if let Some(up) = self.up_mut() {
            up.gate.doubt(now);
            up.pulse.ask_anew(now);
            self.register.doubt(None, now);
        }
    }

    /// A connection that stands: is it alive, is it proven, do its streams speak?
    fn look_after(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let settings = self.settings.pulse;
        let busy = self.orders_at_work > 0;
        let Some(up) = self.up_mut() else { return };
        let epoch = up.epoch;
        match up.pulse.beat(now, &settings) {
            Beat::Ask(question) => {
                effects.push(Effect::Probe { epoch, question, limit: settings.limit(busy) });
            }
            Beat::Gone => return self.end_epoch("no sign of life", true, now, effects),
            Beat::Rest => {}
        }
        let (limit, pause) = (self.settings.proof_limit, self.settings.proof_pause);
        let handshake = self.settings.handshake_limit;
        let Some(up) = self.up_mut() else { return };
        let round = up.gate.round();
        // A program that has lost the broker can prove nothing.
        let due = if up.offline_since.is_none() { up.gate.due(now, limit, pause) } else { Vec::new() };
        for proof in due {
            // Signs of life are asked for by themselves.
            if proof == Proof::Life {
                up.pulse.hurry(now);
            } else {
                effects.push(Effect::Prove { epoch, proof, round, limit });
            }
        }
        if let Beat::Ask(question) = up.pulse.beat(now, &settings) {
            effects.push(Effect::Probe { epoch, question, limit: settings.limit(busy) });
        }
        let unnumbered = up.gate.missing().any(|it| it == Proof::OrderNumber);
        if unnumbered && now.since(up.since) >= handshake {
            return self.end_epoch("the broker never told the next order number", true, now, effects);
        }
        self.look_upstream(now, effects);
        self.look_after_streams(now, effects);
    }

    /// Tells what has become of the link, and holds or releases orders.
    fn judge(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let proven =
            self.up().filter(|up| up.gate.is_open() && up.offline_since.is_none()).map(|up| up.epoch);
        if let Some(epoch) = proven {
            match self.told {
                Told::Nothing => effects.push(Effect::Tell(LinkChange::Established { epoch })),
                Told::Lost { at } => {
                    effects.push(Effect::Tell(LinkChange::Recovered { epoch, after: now.since(at) }));
                }
                Told::Good => {}
            }
            self.told = Told::Good;
            self.unready_since = None;
            self.offline_total_since = None;
            self.restart_wished = false;
            self.went_in = None;
            for condition in [Condition::LinkDown, Condition::NotReady, Condition::BrokerOffline] {
                self.clear(condition, effects);
            }
        }
        let free = self.may_order(now).is_ok();
        if free != self.released {
            self.released = free;
            effects.push(if free { Effect::ReleaseOrders } else { Effect::HoldOrders });
        }
        if self.up().is_some()
            && let Some(outage) = self.outlook.take_drain(now)
        {
            effects.push(Effect::Drain { outage });
        }
        if let Some(up) = self.up()
            && now.since(up.since) >= self.settings.stable_after
        {
            self.backoff.reset();
            self.clear(Condition::Unstable, effects);
        }
    }
}
