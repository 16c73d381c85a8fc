//! The broker's data servers, as its notices tell: each by kind and name, believed when it lasts.
//!
//! Left out: the order channel, which no data server touches, and streams, which learn from here that they are in doubt.

use crate::Farm;
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// So many names are kept; further ones count as one.
const MOST_NAMES: usize = 64;

/// What is known of the data servers in one epoch.
#[derive(Clone, Debug, Default)]
pub(super) struct Farms(BTreeMap<(Farm, String), State>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Down(Timestamp),
    Up(Timestamp),
}

impl Farms {
    pub(super) fn down(&mut self, farm: Farm, name: &str, now: Timestamp) {
        let name = self.known(farm, name);
        let state = self.0.entry((farm, name)).or_insert(State::Down(now));
        if matches!(state, State::Up(_)) {
            *state = State::Down(now);
        }
    }

    /// True when it is news: nobody had said that it was up.
    pub(super) fn up(&mut self, farm: Farm, name: &str, now: Timestamp) -> bool {
        let name = self.known(farm, name);
        let before = self.0.insert((farm, name), State::Up(now));
        matches!(before, Some(State::Down(_)))
    }

    /// Data came that only servers of this kind send: names are hints, data is none.
    pub(super) fn shown(&mut self, farm: Farm, now: Timestamp, settle: Duration) {
        for ((kind, _), state) in &mut self.0 {
            if *kind == farm && matches!(state, State::Down(since) if now.since(*since) >= settle) {
                *state = State::Up(now);
            }
        }
    }

    fn known(&self, farm: Farm, name: &str) -> String {
        let full = self.0.len() >= MOST_NAMES && !self.0.contains_key(&(farm, name.to_owned()));
        if full { String::new() } else { name.to_owned() }
    }

    /// Is one of this kind down?
    pub(super) fn is_down(&self, farm: Farm) -> bool {
        self.of(farm).any(|state| matches!(state, State::Down(_)))
    }

    /// Since when, if one of them is down for as long as it takes to be believed.
    pub(super) fn down_since(&self, farm: Farm, now: Timestamp, settle: Duration) -> Option<Timestamp> {
        let long = self.of(farm).filter_map(|state| match state {
            State::Down(since) if now.since(since) >= settle => Some(since),
            _ => None,
        });
        long.min()
    }

    /// All of this kind that was down is up, for as long as it takes to be believed.
    pub(super) fn is_settled(&self, farm: Farm, now: Timestamp, settle: Duration) -> bool {
        self.of(farm).all(|state| matches!(state, State::Up(since) if now.since(since) >= settle))
    }

    /// The names of those that are down.
    pub(super) fn names_down(&self, farm: Farm) -> Vec<&str> {
        let down =
            self.0.iter().filter(|((kind, _), state)| *kind == farm && matches!(state, State::Down(_)));
        down.map(|((_, name), _)| name.as_str()).collect()
    }

    fn of(&self, farm: Farm) -> impl Iterator<Item = State> {
        self.0.iter().filter(move |((kind, _), _)| *kind == farm).map(|(_, state)| *state)
    }

    pub(super) fn next_deadline(&self, now: Timestamp, settle: Duration) -> Option<Timestamp> {
        let changes = self.0.values().map(|state| match state {
            State::Down(since) | State::Up(since) => since.after(settle),
        });
        changes.filter(|at| *at > now).min()
    }
}
