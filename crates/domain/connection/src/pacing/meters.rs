//! What the connections of one session share: its rates, what is open at once, and what counts by key.
//!
//! Left out: the messages of single connections (`lanes`), and who goes first.

use super::charge::{Kind, by_key};
use super::request::{Class, RequestKey};
use super::window::{Hold, Window};
use super::{Limits, Rule};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// Until when a rule holds something back.
pub(super) type Wait = (Rule, Timestamp);

const RULES: usize = Rule::ALL.len();

#[derive(Clone, Debug)]
pub(super) struct Meters {
    limits: Limits,
    kept: [Option<(u32, Duration)>; RULES],
    rates: [Window; RULES],
    holds: [Hold; RULES],
    /// What counts by key, as long as it counts.
    keyed: BTreeMap<(Rule, RequestKey), Window>,
    /// When a key has something to forget, for each rule in order.
    fading: [VecDeque<(Timestamp, RequestKey)>; RULES],
    sides: BTreeMap<RequestKey, u32>,
    /// Until when a kind rests after the broker said: too fast.
    cooling: [Timestamp; Kind::ALL.len()],
    /// All of it counts until then, at least.
    counts_until: Timestamp,
}

impl Meters {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            kept: Rule::ALL.map(|rule| limits.kept(rule)),
            limits,
            rates: std::array::from_fn(|_| Window::default()),
            holds: std::array::from_fn(|_| Hold::default()),
            keyed: BTreeMap::new(),
            fading: std::array::from_fn(|_| VecDeque::new()),
            sides: BTreeMap::new(),
            cooling: [Timestamp::MIN; Kind::ALL.len()],
            counts_until: Timestamp::MAX,
        }
    }

    pub(super) const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A rate as it is kept here.
    pub(super) const fn kept(&self, rule: Rule) -> Option<(u32, Duration)> {
        self.kept[rule.index()]
    }

    /// Forgets what no longer counts.
    pub(super) fn prune(&mut self, now: Timestamp) {
        if now < self.counts_until {
            return;
        }
        let rates = self.rates.iter_mut().map(|window| window.prune(now)).fold(Timestamp::MAX, Ord::min);
        let holds = self.holds.iter_mut().map(|hold| hold.prune(now)).fold(rates, Ord::min);
        let keyed = [Rule::HistorySeries, Rule::HistoryIdentical, Rule::TickByTickAgain, Rule::OrderActs];
        self.counts_until = keyed.into_iter().map(|rule| self.prune_keys(rule, now)).fold(holds, Ord::min);
    }

    fn prune_keys(&mut self, rule: Rule, now: Timestamp) -> Timestamp {
        while let Some((until, key)) = self.fading[rule.index()].front().copied() {
            if until > now {
                return until;
            }
            self.fading[rule.index()].pop_front();
            self.fade((rule, key), now);
        }
        Timestamp::MAX
    }

    fn fade(&mut self, key: (Rule, RequestKey), now: Timestamp) {
        if let Some(window) = self.keyed.get_mut(&key) {
            window.prune(now);
            if window.is_empty() {
                self.keyed.remove(&key);
            }
        }
    }

    /// When the limits that all of a kind share let one more go; [`Timestamp::MIN`] at once, [`Timestamp::MAX`] when
    /// somebody must end first.
    pub(super) fn kind_free_at(&self, kind: Kind) -> Timestamp {
        let rates = kind.rates().iter().map(|(rule, weight)| match self.kept(*rule) {
            Some((most, _)) => self.rates[rule.index()].free_at(most, *weight),
            None => Timestamp::MIN,
        });
        let hold = kind.holds().and_then(|rule| {
            let most = self.limits.get(rule)?.most();
            Some(self.holds[rule.index()].free_at(most))
        });
        rates.chain(hold).fold(self.cooling[kind.index()], Ord::max)
    }

    /// When the limits of its keys let a request go.
    pub(super) fn key_free_at(&self, class: &Class) -> Timestamp {
        let frees = by_key(class, &self.limits).into_iter().flatten().map(|(rule, key, weight)| {
            match (self.kept(rule), self.keyed.get(&(rule, key))) {
                (Some((most, _)), Some(window)) => window.free_at(most, weight),
                _ => Timestamp::MIN,
            }
        });
        frees.fold(Timestamp::MIN, Ord::max)
    }

    /// Counts a request that goes now.
    pub(super) fn charge(&mut self, class: &Class, now: Timestamp) {
        let kind = Kind::of(class);
        for (rule, weight) in kind.rates() {
            if let Some((_, span)) = self.kept(*rule) {
                self.rates[rule.index()].charge(now, span, *weight);
                self.counts_until = self.counts_until.min(now.after(span));
            }
        }
        if let Some(rule) = kind.holds() {
            self.holds[rule.index()].take();
        }
        for (rule, key, weight) in by_key(class, &self.limits).into_iter().flatten() {
            if let Some((_, span)) = self.kept(rule) {
                self.keyed.entry((rule, key)).or_default().charge(now, span, weight);
                self.fading[rule.index()].push_back((now.after(span), key));
                self.counts_until = self.counts_until.min(now.after(span));
            }
        }
    }

    /// Gives back what a sent request kept open.
    pub(super) fn give_back(&mut self, class: &Class, now: Timestamp) {
        if let Some(rule) = Kind::of(class).holds() {
            self.holds[rule.index()].give_back(now, self.limits.jitter());
            self.counts_until = self.counts_until.min(now.after(self.limits.jitter()));
        }
    }

    /// Takes a place for an order; an error is how many there are at most.
    pub(super) fn take_side(&mut self, class: &Class) -> Result<(), u32> {
        let Class::PlaceOrder { side, .. } = class else { return Ok(()) };
        let most = self.limits.get(Rule::OrdersPerSide).map_or(u32::MAX, super::Limit::most);
        let open = self.sides.get(side).copied().unwrap_or(0);
        if open >= most {
            return Err(most);
        }
        self.sides.insert(*side, open + 1);
        Ok(())
    }

    /// Counts what is open already.
    pub(super) fn adopt(&mut self, class: &Class) {
        if let Some(rule) = Kind::of(class).holds() {
            self.holds[rule.index()].take();
        }
        if let Class::PlaceOrder { side, .. } = class {
            let open = self.sides.entry(*side).or_default();
            *open = open.saturating_add(1);
        }
    }

    pub(super) fn leave_side(&mut self, class: &Class) {
        let Class::PlaceOrder { side, .. } = class else { return };
        match self.sides.get_mut(side) {
            Some(open) if *open > 1 => *open -= 1,
            _ => {
                self.sides.remove(side);
            }
        }
    }

    pub(super) fn cool(&mut self, kind: Kind, until: Timestamp) {
        let cooling = &mut self.cooling[kind.index()];
        *cooling = until.max(*cooling);
    }

    /// Under each rule, about when the last of `ahead + 1` requests like this one will have been let go;
    /// [`Timestamp::MAX`] when somebody must end first.
    pub(super) fn waits(&self, class: &Class, ahead: u32, now: Timestamp, out: &mut Vec<Wait>) {
        let kind = Kind::of(class);
        let cooled = self.cooling[kind.index()].max(now);
        for (rule, weight) in kind.rates() {
            if let Some((most, span)) = self.kept(*rule) {
                let units = ahead.saturating_add(1).saturating_mul(*weight);
                out.push((*rule, cooled.max(self.rates[rule.index()].reaches(most, span, units, now))));
            }
        }
        let held = kind.holds().and_then(|rule| Some((rule, self.limits.get(rule)?)));
        if let Some((rule, limit)) = held {
            let free = self.holds[rule.index()].free_at(limit.most().saturating_sub(ahead));
            out.push((rule, cooled.max(free)));
        }
        for (rule, key, weight) in by_key(class, &self.limits).into_iter().flatten() {
            if let (Some((most, _)), Some(window)) = (self.kept(rule), self.keyed.get(&(rule, key))) {
                out.push((rule, window.free_at(most, weight)));
            }
        }
        let limit = self.limits.get(Rule::OrdersPerSide).map_or(u32::MAX, super::Limit::most);
        if matches!(class, Class::PlaceOrder { .. }) && self.used_by(Rule::OrdersPerSide, class) >= limit {
            out.push((Rule::OrdersPerSide, Timestamp::MAX));
        }
    }

    /// What counts under a rule of what a request would count with.
    pub(super) fn used_by(&self, rule: Rule, class: &Class) -> u32 {
        if let (Rule::OrdersPerSide, Class::PlaceOrder { side, .. }) = (rule, class) {
            return self.sides.get(side).copied().unwrap_or(0);
        }
        let charges = by_key(class, &self.limits).into_iter().flatten();
        match charges.into_iter().find(|(of, ..)| *of == rule) {
            Some((_, key, _)) => self.keyed.get(&(rule, key)).map_or(0, Window::used),
            None => self.rates[rule.index()].used().max(self.holds[rule.index()].used()),
        }
    }

    /// What counts under a rule at present, all keys together for one that counts by key: the fullest key.
    pub(super) fn used(&self, rule: Rule) -> u32 {
        if rule == Rule::OrdersPerSide {
            return self.sides.values().copied().max().unwrap_or(0);
        }
        let keys = self.keyed.range((rule, RequestKey::new(0))..=(rule, RequestKey::new(u64::MAX)));
        let fullest = keys.map(|(_, window)| window.used()).max().unwrap_or(0);
        fullest.max(self.rates[rule.index()].used()).max(self.holds[rule.index()].used())
    }

    /// How many keys are remembered.
    pub(super) fn keys(&self) -> usize {
        self.keyed.len() + self.sides.len()
    }
}
