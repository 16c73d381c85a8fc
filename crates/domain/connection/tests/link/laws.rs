//! What holds whatever happens: random inputs, in any order, true or not.

use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_connection::calendar::{OutageCalendar, OutageKind, OutageRule};
use tradeport_connection::subscriptions::{Generation, StreamId, StreamNeeds, Wish};
use tradeport_connection::{
    AlarmChange, Condition, ConnectFailure, Effect, Farm, Held, Input, LinkChange, LinkSettings,
    LinkStanding, Notice, NoticeClass, Proof, ProofFailure, Remedy, Supervisor,
};
use tradeport_kernel::{ConnectionEpoch, Timestamp, Zone};

/// What somebody does to the supervisor.
#[derive(Clone, Debug)]
enum Deed {
    Start,
    Disconnect,
    Wait(u64),
    ToDeadline,
    /// The attempt that is under way works, or fails, or an old one is answered late.
    Connects,
    Fails(u8),
    FailsLate,
    /// An epoch, so much higher than the highest, or lower.
    Establishes(i8),
    Loses,
    LosesOther(u8),
    Says(NoticeClass, Option<String>),
    /// All that is asked for is answered; or refused.
    Proves,
    Disproves(bool),
    Lives,
    Dies,
    Orders(usize),
    Wants(u64),
    Forgets(u64),
    Speaks,
    StreamFails(u64, u8),
}

fn class() -> impl Strategy<Value = NoticeClass> {
    let farm = prop::sample::select(&Farm::ALL[..]);
    prop_oneof![
        3 => Just(NoticeClass::BrokerOffline),
        3 => Just(NoticeClass::BrokerOnline),
        3 => Just(NoticeClass::DataLost),
        1 => Just(NoticeClass::SessionEnds),
        1 => Just(NoticeClass::Unknown),
        1 => Just(NoticeClass::ReadOnly),
        1 => Just(NoticeClass::Information),
        2 => farm.clone().prop_map(NoticeClass::FarmDown),
        2 => farm.clone().prop_map(NoticeClass::FarmUp),
        1 => farm.prop_map(NoticeClass::FarmIdle),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => Just(Deed::Start),
        1 => Just(Deed::Disconnect),
        4 => (0u64..4_000).prop_map(Deed::Wait),
        12 => Just(Deed::ToDeadline),
        10 => Just(Deed::Connects),
        2 => (0u8..4).prop_map(Deed::Fails),
        1 => Just(Deed::FailsLate),
        1 => (-3i8..3).prop_map(Deed::Establishes),
        1 => Just(Deed::Loses),
        1 => (0u8..9).prop_map(Deed::LosesOther),
        4 => (class(), prop::option::of("[a-c]")).prop_map(|(class, farm)| Deed::Says(class, farm)),
        10 => Just(Deed::Proves),
        1 => any::<bool>().prop_map(Deed::Disproves),
        10 => Just(Deed::Lives),
        1 => Just(Deed::Dies),
        2 => (0usize..3).prop_map(Deed::Orders),
        3 => (0u64..6).prop_map(Deed::Wants),
        1 => (0u64..6).prop_map(Deed::Forgets),
        4 => Just(Deed::Speaks),
        1 => (0u64..6, 0u8..4).prop_map(|(stream, remedy)| Deed::StreamFails(stream, remedy)),
    ]
}

/// An independent checker: it knows what was told and asked, and nothing of how the supervisor works.
struct Checker {
    link: Supervisor,
    calendar: OutageCalendar,
    now: Timestamp,
    attempt: Option<(u64, Timestamp)>,
    old_attempt: Option<tradeport_connection::Attempt>,
    asked: Vec<(ConnectionEpoch, Proof, u64)>,
    question: Option<(ConnectionEpoch, u64)>,
    epochs: Vec<ConnectionEpoch>,
    wanted: bool,
    connected: Option<ConnectionEpoch>,
    alarms: BTreeSet<Condition>,
    good: bool,
    released: bool,
    open: BTreeMap<StreamId, Generation>,
    /// Opens since the last thing that makes a stream be asked for anew.
    opens: BTreeMap<StreamId, u32>,
    /// How often each may be asked for since then.
    allowed: BTreeMap<StreamId, u32>,
    generations: BTreeSet<Generation>,
    attempts: Vec<Timestamp>,
}

impl Checker {
    fn new(seed: u64) -> Self {
        let time = |hour| time::Time::from_hms(hour, 30, 0).unwrap();
        let calendar = OutageCalendar::new(vec![OutageRule::daily(
            OutageKind::DailyRestart,
            time(12),
            time(13),
            Zone::utc(),
        )]);
        Self {
            link: Supervisor::new(LinkSettings::default(), calendar.clone(), seed).unwrap(),
            calendar,
            now: "2026-05-05T12:00:00Z".parse().unwrap(),
            attempt: None,
            old_attempt: None,
            asked: Vec::new(),
            question: None,
            epochs: Vec::new(),
            wanted: false,
            connected: None,
            alarms: BTreeSet::new(),
            good: false,
            released: false,
            open: BTreeMap::new(),
            opens: BTreeMap::new(),
            allowed: BTreeMap::new(),
            generations: BTreeSet::new(),
            attempts: Vec::new(),
        }
    }

    fn give(&mut self, input: Input) {
        let mut effects = Vec::new();
        self.link.step(input, self.now, &mut effects);
        for effect in effects {
            self.check(&effect);
        }
        let free = self.link.may_order(self.now);
        assert_eq!(free.is_ok(), self.released, "told and asked agree: {free:?}");
        if self.calendar.at(self.now).is_some() {
            assert!(!self.released, "an order could leave within a window");
        }
        if !self.wanted {
            assert_eq!(self.link.standing(self.now), LinkStanding::Down, "a disconnect by hand is final");
        }
        let deadline = self.link.next_deadline();
        assert!(deadline.is_some_and(|it| it > self.now), "{deadline:?} is over at {}", self.now);
        assert_eq!(self.link.alarms().standing().map(|it| it.0).collect::<BTreeSet<_>>(), self.alarms);
    }

    fn check(&mut self, effect: &Effect) {
        match effect {
            Effect::Connect { attempt, .. } => {
                assert!(self.wanted, "nobody wants a link");
                assert_eq!((self.attempt, self.connected), (None, None), "one at a time");
                self.attempt = Some((attempt.number(), self.now));
                self.old_attempt = Some(*attempt);
                self.attempts.push(self.now);
                let minute = self.attempts.iter().filter(|at| self.now.since(**at) < Duration::from_secs(60));
                assert!(minute.count() <= LinkSettings::default().attempts_a_minute);
            }
            Effect::Disconnect => {
                self.attempt = None;
                self.end();
            }
            Effect::Prove { epoch, proof, round, .. } => {
                assert_eq!(Some(*epoch), self.connected);
                self.asked.push((*epoch, *proof, *round));
            }
            Effect::Probe { epoch, question, .. } => {
                assert_eq!(Some(*epoch), self.connected);
                self.question = Some((*epoch, *question));
            }
            Effect::Open { epoch, stream, generation } => {
                assert_eq!(Some(*epoch), self.connected);
                assert!(self.generations.insert(*generation), "a generation is one request");
                assert!(self.open.insert(*stream, *generation).is_none(), "no stream holds two lines");
                let opens = self.opens.entry(*stream).or_default();
                *opens += 1;
                let allowed = self.allowed.get(stream).copied().unwrap_or_default();
                assert!(*opens <= allowed, "{stream:?} was asked for {opens} times, {allowed} were due");
            }
            Effect::Drop { stream, generation } => {
                if self.open.get(stream) == Some(generation) {
                    self.open.remove(stream);
                }
            }
            Effect::HoldOrders => assert!(std::mem::take(&mut self.released), "held twice"),
            Effect::ReleaseOrders => {
                assert!(!std::mem::replace(&mut self.released, true), "released twice");
                assert_eq!(self.calendar.at(self.now), None);
            }
            Effect::Alarm(AlarmChange::Raised { condition, .. }) => {
                assert!(self.alarms.insert(*condition), "{condition} was raised twice");
            }
            Effect::Alarm(AlarmChange::Cleared { condition }) => {
                assert!(self.alarms.remove(condition), "{condition} never stood");
            }
            Effect::Tell(LinkChange::Established { .. } | LinkChange::Recovered { .. }) => {
                assert!(!std::mem::replace(&mut self.good, true));
            }
            Effect::Tell(LinkChange::Lost { .. }) => assert!(std::mem::take(&mut self.good)),
            Effect::Tell(LinkChange::Error { .. }) | Effect::Drain { .. } | Effect::RestartGateway => {}
        }
    }

    fn end(&mut self) {
        self.connected = None;
        self.asked.clear();
        self.question = None;
        self.open.clear();
    }

    /// Something happened after which each stream may be asked for once more.
    fn allow(&mut self, each: bool) {
        for stream in (0..6).map(StreamId::new) {
            if each {
                *self.allowed.entry(stream).or_default() += 1;
            }
        }
    }

    fn establish(&mut self, epoch: ConnectionEpoch) {
        let news = epoch > self.epochs.last().copied().unwrap_or_default() && epoch > self.link.epoch();
        if news {
            self.epochs.push(epoch);
            self.end();
            if self.attempt.take().is_some() || self.is_up() {
                self.connected = Some(epoch);
            }
            self.allow(true);
        }
        self.give(Input::Established { epoch });
        if self.link.epoch() != epoch || !self.is_up() {
            self.connected = self.connected.filter(|_| self.is_up());
        }
    }

    fn is_up(&self) -> bool {
        match self.link.standing(self.now) {
            LinkStanding::Verifying { .. } | LinkStanding::Ready { .. } | LinkStanding::Degraded { .. } => {
                true
            }
            LinkStanding::Blackout { epoch, .. } => epoch.is_some(),
            _ => false,
        }
    }

    fn do_it(&mut self, deed: Deed) {
        match deed {
            Deed::Start => {
                let fresh = !std::mem::replace(&mut self.wanted, true);
                if fresh {
                    self.good = false;
                }
                self.give(Input::Start);
            }
            Deed::Disconnect => {
                self.wanted = false;
                self.give(Input::Disconnect);
                self.attempt = None;
                self.end();
            }
            Deed::Wait(by) => {
                self.now = self.now.after(Duration::from_secs(by));
                self.allow(true);
                self.expire();
                self.give(Input::Tick);
            }
            Deed::ToDeadline => {
                let deadline = self.link.next_deadline().unwrap();
                if deadline.since(self.now) > Duration::from_secs(7_200) {
                    return;
                }
                self.now = deadline;
                self.expire();
                self.give(Input::Tick);
            }
            Deed::Connects
            | Deed::Fails(_)
            | Deed::FailsLate
            | Deed::Establishes(_)
            | Deed::Loses
            | Deed::LosesOther(_) => {
                self.connection(deed);
            }
            Deed::Says(class, farm) => self.say(class, farm),
            Deed::Proves | Deed::Disproves(_) | Deed::Lives | Deed::Dies => self.answer(deed),
            Deed::Orders(count) => self.give(Input::OrdersAtWork { count }),
            Deed::Wants(_) | Deed::Forgets(_) | Deed::Speaks | Deed::StreamFails(..) => self.stream(deed),
        }
    }

    /// What becomes of connections and of attempts at one.
    fn connection(&mut self, deed: Deed) {
        match deed {
            Deed::Connects if self.attempt.is_some() => self.establish(self.link.epoch().next()),
            Deed::Fails(kind) => {
                if let (Some(_), Some(attempt)) = (self.attempt.take(), self.old_attempt) {
                    let reason = String::new();
                    let failure = match kind {
                        0 => ConnectFailure::Refused { reason },
                        1 => ConnectFailure::Unready { reason },
                        2 => ConnectFailure::ClientIdTaken,
                        _ => ConnectFailure::WrongAccount { reason },
                    };
                    self.give(Input::ConnectFailed { attempt, failure });
                }
            }
            Deed::FailsLate => {
                if let (None, Some(attempt)) = (self.attempt, self.old_attempt) {
                    self.give(Input::ConnectFailed { attempt, failure: ConnectFailure::ClientIdTaken });
                }
            }
            Deed::Establishes(by) => {
                let number = self.link.epoch().number().saturating_add_signed(i64::from(by));
                self.establish(ConnectionEpoch::new(number));
            }
            Deed::Loses => {
                if let Some(epoch) = self.connected {
                    self.end();
                    self.give(Input::Lost { epoch, reason: String::new() });
                }
            }
            Deed::LosesOther(number) => {
                let epoch = ConnectionEpoch::new(u64::from(number));
                if Some(epoch) != self.connected {
                    if epoch > self.link.epoch() {
                        self.attempt = None;
                    }
                    self.give(Input::Lost { epoch, reason: String::new() });
                }
            }
            _ => {}
        }
    }

    /// What the other end says to what it was asked.
    fn answer(&mut self, deed: Deed) {
        match deed {
            Deed::Proves => {
                for (epoch, proof, round) in std::mem::take(&mut self.asked) {
                    self.give(Input::Proven { epoch, proof, round });
                }
            }
            Deed::Disproves(refuted) => {
                if let Some((epoch, proof, round)) = self.asked.pop() {
                    let reason = String::new();
                    let failure = if refuted {
                        ProofFailure::Refuted { reason }
                    } else {
                        ProofFailure::Unanswered { reason }
                    };
                    self.give(Input::NotProven { epoch, proof, round, failure });
                }
            }
            Deed::Lives => {
                if let Some((epoch, question)) = self.question.take() {
                    self.give(Input::Alive { epoch, question });
                }
            }
            Deed::Dies => {
                if let Some((epoch, question)) = self.question.take() {
                    self.give(Input::Silent { epoch, question });
                }
            }
            _ => {}
        }
    }

    /// What becomes of streams.
    fn stream(&mut self, deed: Deed) {
        match deed {
            Deed::Wants(number) => {
                let stream = StreamId::new(number);
                *self.allowed.entry(stream).or_default() += 1;
                let max_silence = (number % 2 == 0).then_some(Duration::from_secs(10));
                let needs = if number % 3 == 0 { StreamNeeds::LIVE_BARS } else { StreamNeeds::QUOTES };
                self.give(Input::Want { wish: Wish { stream, needs, max_silence } });
            }
            Deed::Forgets(number) => self.give(Input::Forget { stream: StreamId::new(number) }),
            Deed::Speaks => {
                for (stream, generation) in self.open.clone() {
                    self.give(Input::Datum { stream, generation, delayed: false });
                }
            }
            Deed::StreamFails(number, remedy) => self.fail_stream(number, remedy),
            _ => {}
        }
    }

    fn fail_stream(&mut self, number: u64, remedy: u8) {
        let stream = StreamId::new(number);
        let Some(generation) = self.open.get(&stream).copied() else { return };
        let remedy =
            [Remedy::ThrottleAndRetry, Remedy::Resubscribe, Remedy::Refuse, Remedy::DegradeToDelayed]
                [usize::from(remedy)];
        if remedy != Remedy::DegradeToDelayed {
            self.open.remove(&stream);
            *self.allowed.entry(stream).or_default() += 1;
        }
        self.give(Input::StreamFailed { stream, generation, remedy });
    }

    fn say(&mut self, class: NoticeClass, farm: Option<String>) {
        // What puts streams in doubt, or takes them away, may have each asked for once more; what does not, may not.
        let again =
            matches!(class, NoticeClass::DataLost | NoticeClass::BrokerOnline | NoticeClass::FarmUp(_));
        self.allow(again && self.connected.is_some());
        let notice = Notice { class, farm, text: String::new(), at: self.now };
        if class == NoticeClass::SessionEnds {
            self.end_if_up();
        }
        self.give(Input::Noticed { notice });
    }

    fn end_if_up(&mut self) {
        self.question = None;
        self.asked.clear();
    }

    /// The supervisor's own limit for an attempt.
    fn expire(&mut self) {
        let limit = LinkSettings::default().connect_limit;
        if self.attempt.is_some_and(|(_, at)| self.now.since(at) >= limit) {
            self.attempt = None;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_input_breaks_the_laws_of_the_link(seed: u64, deeds in prop::collection::vec(deed(), 1..200)) {
        let mut checker = Checker::new(seed);
        for deed in deeds {
            checker.do_it(deed);
        }
    }

    #[test]
    fn the_same_inputs_give_the_same_effects(seed: u64, waits in prop::collection::vec(0u64..100, 1..50)) {
        let run = || {
            let mut link = Supervisor::new(LinkSettings::default(), OutageCalendar::default(), seed).unwrap();
            let (mut effects, mut now) = (Vec::new(), Timestamp::EPOCH);
            link.step(Input::Start, now, &mut effects);
            for wait in &waits {
                now = now.after(Duration::from_secs(*wait));
                link.step(Input::Tick, now, &mut effects);
            }
            effects
        };
        prop_assert_eq!(run(), run());
    }
}

#[test]
fn the_gate_names_what_is_missing() {
    let mut checker = Checker::new(1);
    checker.do_it(Deed::Wait(7_200));
    for deed in [Deed::Start, Deed::Connects] {
        checker.do_it(deed);
    }
    let held = checker.link.may_order(checker.now).unwrap_err();
    assert_eq!(held, Held::NotProven { missing: Proof::ALL.to_vec() });
    checker.do_it(Deed::Proves);
    let held = checker.link.may_order(checker.now).unwrap_err();
    assert_eq!(held.to_string(), "not proven in this epoch: a sign of life");
    checker.do_it(Deed::Lives);
    assert!(checker.link.may_order(checker.now).is_ok());
}
