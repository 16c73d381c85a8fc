//! The supervisor: the one owner of a link's life.
//!
//! ```text
//!   Down ──start──▶ Connecting ──established──▶ Up: verifying ──all proven──▶ ready
//!    ▲                │    ▲                     │      ▲                       │
//!    │          failed│    │wait over            │      └──back, or window over─┤ broker offline: degraded
//!    │                ▼    │                     │lost, no sign of life         │
//!    └─disconnect── BackingOff ◀─────────────────┴──────────────────────────────┘
//! ```
//!
//! An expected outage is a mask over that life, not a step of it: the broker's program restarts inside of it, and the link
//! goes through every step underneath while orders are held and nobody is called.
//!
//! Pure: `(state, input, now) -> effects`. Every answer carries the attempt, epoch or question that it belongs to, and one
//! that nobody waits for changes nothing; so a disconnect by hand wins every race, and signals that come while a link is
//! being made start no second one. Left out: connecting, asking and telling, which the caller does.

mod farms;
mod life;
mod outages;
mod proof;
mod pulse;
mod settings;
mod upstream;
mod words;

pub use proof::{Proof, ProofFailure};
pub use settings::{LinkSettings, NotLinkSettings, PulseSettings};
pub use words::{Attempt, ConnectFailure, Effect, Held, Input, LinkChange, LinkStanding};

use crate::calendar::{Outage, OutageCalendar, OutageKind};
use crate::subscriptions::{Register, StreamOrder};
use crate::{AlarmBoard, Backoff, Condition, Farm};
use farms::Farms;
use outages::Outlook;
use proof::Gate;
use pulse::Pulse;
use std::collections::VecDeque;
use tradeport_kernel::{ConnectionEpoch, Timestamp};

/// The life of one link.
#[derive(Clone, Debug)]
pub struct Supervisor {
    settings: LinkSettings,
    phase: Phase,
    /// The highest epoch that was ever heard of.
    epoch: ConnectionEpoch,
    attempt: Attempt,
    /// When the last attempts began.
    attempts: VecDeque<Timestamp>,
    backoff: Backoff,
    outlook: Outlook,
    register: Register,
    alarms: AlarmBoard,
    orders_at_work: usize,
    read_only: bool,
    /// What everybody was told last, and since when the link is not what it should be.
    told: Told,
    unready_since: Option<Timestamp>,
    offline_total_since: Option<Timestamp>,
    restart_wished: bool,
    /// The kind of outage that the link went away in.
    went_in: Option<OutageKind>,
    /// The last attempt failed because of our client id.
    id_taken: bool,
    released: bool,
    /// The end of the last outage after which everything was put into doubt.
    outage_over: Option<Timestamp>,
    wake: Timestamp,
    scratch: Vec<StreamOrder>,
}

#[derive(Clone, Debug)]
enum Phase {
    Down,
    BackingOff { until: Timestamp },
    Connecting { deadline: Timestamp },
    Up(Box<Up>),
    Stopping { deadline: Timestamp },
    Stopped,
}

/// A connection that stands.
#[derive(Clone, Debug)]
struct Up {
    epoch: ConnectionEpoch,
    since: Timestamp,
    gate: Gate,
    pulse: Pulse,
    offline_since: Option<Timestamp>,
    farms: Farms,
}

/// What everybody was told last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Nothing since the link was wanted.
    Nothing,
    Good,
    Lost {
        at: Timestamp,
    },
}

impl Supervisor {
    /// One without a link, and without the wish for one. The seed decides the jitter of waits.
    pub fn new(settings: LinkSettings, calendar: OutageCalendar, seed: u64) -> Result<Self, NotLinkSettings> {
        settings.check()?;
        Ok(Self {
            backoff: Backoff::new(settings.backoff, seed),
            register: Register::new(settings.subscriptions),
            outlook: Outlook::new(calendar, settings.hold_before),
            settings,
            phase: Phase::Down,
            epoch: ConnectionEpoch::default(),
            attempt: Attempt::default(),
            attempts: VecDeque::new(),
            alarms: AlarmBoard::default(),
            orders_at_work: 0,
            read_only: false,
            told: Told::Nothing,
            unready_since: None,
            offline_total_since: None,
            restart_wished: false,
            went_in: None,
            id_taken: false,
            released: false,
            outage_over: None,
            wake: Timestamp::MIN,
            scratch: Vec::new(),
        })
    }

    /// Takes an input in. Effects are added in the order in which they are to happen.
    pub fn step(&mut self, input: Input, now: Timestamp, effects: &mut Vec<Effect>) {
        // What time brings comes before what is told: a limit that is over is over. An answer that was waited for is in
        // time as long as it is told before the tick, so ticks alone end waits.
        self.outlook.look(now);
        match input {
            Input::Datum { stream, generation, delayed } => {
                let before = self.wake;
                self.datum(stream, generation, delayed, now, effects);
                if now < before && self.wake == before {
                    return;
                }
            }
            Input::Tick => {}
            input => self.take(input, now, effects),
        }
        self.pass(now, effects);
    }

    fn take(&mut self, input: Input, now: Timestamp, effects: &mut Vec<Effect>) {
        match input {
            Input::Start => self.start(now, effects),
            Input::Disconnect => self.give_up(now, effects),
            Input::Stop => self.stop(now, effects),
            Input::Established { epoch } => self.established(epoch, now, effects),
            Input::ConnectFailed { attempt, failure } => self.connect_failed(attempt, &failure, now, effects),
            Input::Lost { epoch, reason } => self.lost(epoch, reason, now, effects),
            Input::Noticed { notice } => self.noticed(&notice, now, effects),
            Input::Proven { epoch, proof, round } => self.proven(epoch, proof, round),
            Input::NotProven { epoch, proof, round, failure } => {
                self.not_proven(epoch, (proof, round), &failure, now, effects);
            }
            Input::Alive { epoch, question } => self.alive(epoch, question, now),
            Input::Silent { epoch, question } => self.silent(epoch, question, now, effects),
            Input::OrdersAtWork { count } => self.orders_at_work(count, now),
            Input::Want { wish } => self.register.want(wish, now),
            Input::Forget { stream } => self.register.forget(stream, now),
            Input::StreamFailed { stream, generation, remedy } => {
                self.register.failed(stream, generation, remedy, now);
            }
            Input::Acknowledged { condition } => self.acknowledged(condition, effects),
            Input::Datum { .. } | Input::Tick => {}
        }
    }

    /// When time alone will bring something: give a [`Input::Tick`] then.
    #[must_use]
    pub const fn next_deadline(&self) -> Option<Timestamp> {
        if matches!(self.phase, Phase::Stopped) { None } else { Some(self.wake) }
    }

    /// Where the link stands.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> LinkStanding {
        let epoch = self.up().map(|up| up.epoch);
        if matches!(self.phase, Phase::Stopping { .. } | Phase::Stopped) {
            return LinkStanding::Stopping;
        }
        if matches!(self.phase, Phase::Down) {
            return LinkStanding::Down;
        }
        if let Some(outage) = self.outlook.holding_at(now) {
            return LinkStanding::Blackout { kind: outage.kind, until: outage.range.end(), epoch };
        }
        match &self.phase {
            Phase::BackingOff { until } => {
                LinkStanding::BackingOff { until: *until, failures: self.backoff.failures() }
            }
            Phase::Connecting { .. } => LinkStanding::Connecting { attempt: self.attempt },
            Phase::Up(up) => match up.offline_since {
                Some(since) => LinkStanding::Degraded { epoch: up.epoch, since },
                None => match self.missing(up, now) {
                    missing if missing.is_empty() => LinkStanding::Ready { epoch: up.epoch },
                    missing => LinkStanding::Verifying { epoch: up.epoch, missing },
                },
            },
            Phase::Down | Phase::Stopping { .. } | Phase::Stopped => LinkStanding::Down,
        }
    }

    /// May a new order or a change leave now? Cancels always may.
    pub fn may_order(&self, now: Timestamp) -> Result<ConnectionEpoch, Held> {
        if matches!(self.phase, Phase::Stopping { .. } | Phase::Stopped) {
            return Err(Held::Stopping);
        }
        let Some(up) = self.up() else { return Err(Held::NoLink) };
        if up.offline_since.is_some() {
            return Err(Held::BrokerOffline);
        }
        let stale = up.pulse.fresh_until().is_none_or(|until| until <= now);
        let mut missing = self.missing(up, now);
        if stale && !missing.contains(&Proof::Life) {
            missing.push(Proof::Life);
        }
        if !missing.is_empty() {
            return Err(Held::NotProven { missing });
        }
        if let Some(outage) = self.outlook.holding_at(now) {
            return Err(Held::Outage { kind: outage.kind, until: outage.range.end() });
        }
        if self.read_only {
            return Err(Held::ReadOnly);
        }
        Ok(up.epoch)
    }

    /// Does it prove anything that the broker knows no such thing? Not while it may be blind.
    #[must_use]
    pub fn absence_proves(&self, farm: Farm, now: Timestamp) -> bool {
        self.up().is_some_and(|up| up.offline_since.is_none() && !up.farms.is_down(farm))
            && self.outlook.within(now).is_none()
    }

    /// Must a question that needs such servers wait?
    #[must_use]
    pub fn is_down(&self, farm: Farm) -> bool {
        self.up().is_none_or(|up| up.offline_since.is_some() || up.farms.is_down(farm))
    }

    /// The streams.
    #[must_use]
    pub const fn streams(&self) -> &Register {
        &self.register
    }

    /// The alarms that stand.
    #[must_use]
    pub const fn alarms(&self) -> &AlarmBoard {
        &self.alarms
    }

    /// The epoch of the link that stands, or of the last one.
    #[must_use]
    pub const fn epoch(&self) -> ConnectionEpoch {
        self.epoch
    }

    /// When the broker last gave a sign of life in this epoch.
    #[must_use]
    pub fn last_life(&self) -> Option<Timestamp> {
        self.up()?.pulse.last_life()
    }

    /// The outage that comes next, or is under way.
    #[must_use]
    pub fn outage(&self, now: Timestamp) -> Option<Outage> {
        self.outlook.within(now).or_else(|| self.outlook.next())
    }

    /// What is not proven now. An outage that is over puts into doubt what it can change at its very end, before anybody
    /// has told that time has passed.
    fn missing(&self, up: &Up, now: Timestamp) -> Vec<Proof> {
        if !self.is_over_unseen(now) {
            return up.gate.missing().collect();
        }
        let open: Vec<Proof> = up.gate.missing().collect();
        Proof::ALL.into_iter().filter(|it| !it.outlives_an_outage() || open.contains(it)).collect()
    }

    /// Is an outage over after which nothing was put into doubt yet?
    fn is_over_unseen(&self, now: Timestamp) -> bool {
        self.outlook.over_at(now) > self.outage_over
    }

    fn up(&self) -> Option<&Up> {
        if let Phase::Up(up) = &self.phase { Some(up) } else { None }
    }

    fn up_mut(&mut self) -> Option<&mut Up> {
        if let Phase::Up(up) = &mut self.phase { Some(up) } else { None }
    }

    /// The connection of this epoch, if it stands.
    fn up_in(&mut self, epoch: ConnectionEpoch) -> Option<&mut Up> {
        self.up_mut().filter(|up| up.epoch == epoch)
    }

    fn raise(
        &mut self,
        condition: Condition,
        now: Timestamp,
        effects: &mut Vec<Effect>,
        text: impl FnOnce() -> String,
    ) {
        effects.extend(self.alarms.raise(condition, now, text).map(Effect::Alarm));
    }

    fn clear(&mut self, condition: Condition, effects: &mut Vec<Effect>) {
        effects.extend(self.alarms.clear(condition).map(Effect::Alarm));
    }

    fn acknowledged(&mut self, condition: Condition, effects: &mut Vec<Effect>) {
        if matches!(condition, Condition::UnknownNotice | Condition::ReadOnly) {
            self.read_only &= condition != Condition::ReadOnly;
            self.clear(condition, effects);
        }
    }
}
