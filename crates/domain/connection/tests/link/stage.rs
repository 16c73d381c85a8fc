//! A supervisor, a broker that answers as it is told to, and time that moves only when nothing else is left to do.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_connection::calendar::OutageCalendar;
use tradeport_connection::subscriptions::{FeedState, Generation, StreamId, StreamNeeds, Wish};
use tradeport_connection::{
    AlarmChange, Condition, ConnectFailure, Effect, Farm, Held, Input, LinkChange, LinkSettings,
    LinkStanding, Notice, NoticeClass, Proof, Supervisor,
};
use tradeport_kernel::{ConnectionEpoch, Timestamp};

pub(crate) const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

/// What comes of an attempt to connect.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Door {
    Open,
    Fails(ConnectFailure),
    Silent,
}

pub(crate) fn refused() -> Door {
    Door::Fails(ConnectFailure::Refused { reason: "connection refused".to_owned() })
}

pub(crate) fn unready() -> Door {
    Door::Fails(ConnectFailure::Unready { reason: "connection reset by peer".to_owned() })
}

pub(crate) struct Stage {
    pub(crate) link: Supervisor,
    pub(crate) now: Timestamp,
    pub(crate) log: Vec<(Timestamp, Effect)>,
    pub(crate) door: Door,
    pub(crate) alive: bool,
    pub(crate) unproven: BTreeSet<Proof>,
    /// Streams that say nothing.
    pub(crate) mute: BTreeSet<StreamId>,
    pub(crate) data_flows: bool,
    pub(crate) epoch: u64,
    pub(crate) connected: bool,
    pub(crate) open: BTreeMap<StreamId, Generation>,
    next_datum: Timestamp,
}

const DATUM_EVERY: Duration = seconds(3);

impl Stage {
    /// At noon of a day without anything expected.
    pub(crate) fn new() -> Self {
        Self::with(LinkSettings::default(), OutageCalendar::default(), "2026-05-05T12:00:00Z")
    }

    pub(crate) fn with(settings: LinkSettings, calendar: OutageCalendar, now: &str) -> Self {
        let now = now.parse().unwrap();
        Self {
            link: Supervisor::new(settings, calendar, 11).unwrap(),
            now,
            log: Vec::new(),
            door: Door::Open,
            alive: true,
            unproven: BTreeSet::new(),
            mute: BTreeSet::new(),
            data_flows: true,
            epoch: 0,
            connected: false,
            open: BTreeMap::new(),
            next_datum: now,
        }
    }

    /// Started and ready.
    pub(crate) fn ready() -> Self {
        let mut stage = Self::new();
        stage.give(Input::Start);
        assert!(stage.is_ready(), "{:?}", stage.standing());
        stage
    }

    /// The same with so many streams that speak every few seconds, and may be silent for ten.
    pub(crate) fn streaming(count: u64) -> Self {
        let mut stage = Self::ready();
        for number in 1..=count {
            stage.want(number, StreamNeeds::QUOTES);
        }
        stage.run(seconds(10));
        assert_eq!(stage.live(), usize::try_from(count).unwrap());
        stage
    }

    pub(crate) fn want(&mut self, number: u64, needs: StreamNeeds) {
        let wish = Wish { stream: StreamId::new(number), needs, max_silence: Some(seconds(10)) };
        self.give(Input::Want { wish });
    }

    /// One input, and every answer of the broker to what comes of it.
    pub(crate) fn give(&mut self, input: Input) {
        let mut effects = Vec::new();
        self.link.step(input, self.now, &mut effects);
        let mut answers = Vec::new();
        for effect in effects {
            self.log.push((self.now, effect.clone()));
            self.answer(effect, &mut answers);
        }
        for answer in answers {
            self.give(answer);
        }
    }

    fn answer(&mut self, effect: Effect, answers: &mut Vec<Input>) {
        match effect {
            Effect::Connect { attempt, .. } => match &self.door {
                Door::Open => {
                    self.epoch += 1;
                    self.connected = true;
                    answers.push(Input::Established { epoch: ConnectionEpoch::new(self.epoch) });
                }
                Door::Fails(failure) => {
                    answers.push(Input::ConnectFailed { attempt, failure: failure.clone() });
                }
                Door::Silent => {}
            },
            Effect::Disconnect if self.connected => answers.extend(self.cut("disconnected on request")),
            Effect::Probe { epoch, question, .. } if self.alive => {
                answers.push(Input::Alive { epoch, question });
            }
            Effect::Prove { epoch, proof, round, .. } if self.alive && !self.unproven.contains(&proof) => {
                answers.push(Input::Proven { epoch, proof, round });
            }
            Effect::Open { stream, generation, .. } => {
                self.open.insert(stream, generation);
            }
            Effect::Drop { stream, generation } if self.open.get(&stream) == Some(&generation) => {
                self.open.remove(&stream);
            }
            _ => {}
        }
    }

    fn cut(&mut self, reason: &str) -> Option<Input> {
        if !std::mem::take(&mut self.connected) {
            return None;
        }
        self.open.clear();
        Some(Input::Lost { epoch: ConnectionEpoch::new(self.epoch), reason: reason.to_owned() })
    }

    /// The socket is lost.
    pub(crate) fn lose(&mut self) {
        let lost = self.cut("the socket was closed").unwrap();
        self.give(lost);
    }

    pub(crate) fn notice(&mut self, class: NoticeClass) {
        self.notice_of(class, None);
    }

    pub(crate) fn notice_of(&mut self, class: NoticeClass, farm: Option<&str>) {
        let farm = farm.map(str::to_owned);
        let notice = Notice { class, farm, text: "so it says".to_owned(), at: self.now };
        self.give(Input::Noticed { notice });
    }

    /// Lets time pass, to each deadline and datum in turn.
    pub(crate) fn run(&mut self, by: Duration) {
        let until = self.now.after(by);
        self.run_until(until);
    }

    pub(crate) fn run_until(&mut self, until: Timestamp) {
        let mut steps = 0;
        loop {
            let speaks = self.data_flows && self.open.keys().any(|it| !self.mute.contains(it));
            let datum = if speaks { self.next_datum.max(self.now) } else { Timestamp::MAX };
            let deadline = self.link.next_deadline().unwrap_or(Timestamp::MAX);
            let next = datum.min(deadline);
            if next > until {
                break;
            }
            assert!(next > self.now || steps < 1_000, "time stands still at {next}");
            steps = if next > self.now { 0 } else { steps + 1 };
            self.now = self.now.max(next);
            if datum <= deadline {
                self.speak();
                self.next_datum = self.now.after(DATUM_EVERY);
            } else {
                self.give(Input::Tick);
            }
        }
        self.now = until;
    }

    fn speak(&mut self) {
        let speaking: Vec<_> = self.open.iter().filter(|(it, _)| !self.mute.contains(it)).collect();
        let data: Vec<_> = speaking.into_iter().map(|(stream, generation)| (*stream, *generation)).collect();
        for (stream, generation) in data {
            self.give(Input::Datum { stream, generation, delayed: false });
        }
    }

    pub(crate) fn standing(&self) -> LinkStanding {
        self.link.standing(self.now)
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.link.may_order(self.now).is_ok()
    }

    pub(crate) fn missing(&self) -> Vec<Proof> {
        match self.link.may_order(self.now) {
            Err(Held::NotProven { missing }) => missing,
            _ => Vec::new(),
        }
    }

    pub(crate) fn live(&self) -> usize {
        self.link.streams().states(self.now).filter(|(_, state)| *state == FeedState::Live).count()
    }

    /// Forgets what happened so far.
    pub(crate) fn forget(&mut self) {
        self.log.clear();
    }

    pub(crate) fn count(&self, wanted: impl Fn(&Effect) -> bool) -> usize {
        self.log.iter().filter(|(_, effect)| wanted(effect)).count()
    }

    pub(crate) fn connects(&self) -> usize {
        self.count(|it| matches!(it, Effect::Connect { .. }))
    }

    pub(crate) fn connect_times(&self) -> Vec<Timestamp> {
        let connects = self.log.iter().filter(|(_, it)| matches!(it, Effect::Connect { .. }));
        connects.map(|(at, _)| *at).collect()
    }

    pub(crate) fn disconnects(&self) -> usize {
        self.count(|it| *it == Effect::Disconnect)
    }

    pub(crate) fn opens(&self) -> usize {
        self.count(|it| matches!(it, Effect::Open { .. }))
    }

    pub(crate) fn opens_of(&self, number: u64) -> usize {
        self.count(|it| matches!(it, Effect::Open { stream, .. } if stream.number() == number))
    }

    pub(crate) fn raised(&self) -> Vec<Condition> {
        let raised = self.log.iter().filter_map(|(_, it)| match it {
            Effect::Alarm(AlarmChange::Raised { condition, .. }) => Some(*condition),
            _ => None,
        });
        raised.collect()
    }

    pub(crate) fn cleared(&self) -> Vec<Condition> {
        let cleared = self.log.iter().filter_map(|(_, it)| match it {
            Effect::Alarm(AlarmChange::Cleared { condition }) => Some(*condition),
            _ => None,
        });
        cleared.collect()
    }

    pub(crate) fn told(&self) -> Vec<LinkChange> {
        let told = self.log.iter().filter_map(|(_, it)| match it {
            Effect::Tell(change) => Some(change.clone()),
            _ => None,
        });
        told.collect()
    }

    pub(crate) fn errors(&self) -> Vec<String> {
        let errors = self.told().into_iter().filter_map(|it| match it {
            LinkChange::Error { text } => Some(text),
            _ => None,
        });
        errors.collect()
    }

    /// The words for what everybody was told, errors left out.
    pub(crate) fn story(&self) -> Vec<&'static str> {
        let words = self.told().into_iter().filter_map(|it| match it {
            LinkChange::Established { .. } => Some("established"),
            LinkChange::Lost { .. } => Some("lost"),
            LinkChange::Recovered { .. } => Some("recovered"),
            LinkChange::Error { .. } => None,
        });
        words.collect()
    }

    pub(crate) fn farm_down(&mut self, farm: Farm, name: &str) {
        self.notice_of(NoticeClass::FarmDown(farm), Some(name));
    }

    pub(crate) fn farm_up(&mut self, farm: Farm, name: &str) {
        self.notice_of(NoticeClass::FarmUp(farm), Some(name));
    }
}
