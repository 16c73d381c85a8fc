//! All wanted streams: when each is asked for, once and no more often than it settles.

use super::stream::{FeedState, Generation, Sent, Stream, StreamId, Wish};
use crate::backoff::{Backoff, BackoffSettings};
use crate::{Farm, Remedy};
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// How streams are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SubscriptionSettings {
    /// At most so many requests in a second.
    pub a_second: usize,
    /// Within one epoch a stream is asked for at most once in such a time.
    pub settle: Duration,
    /// Waits between a request that failed and the next.
    pub retry: BackoffSettings,
    /// A stream waits for so long for data servers that are told to be down; then it is asked for all the same.
    pub farm_wait: Duration,
}

impl Default for SubscriptionSettings {
    fn default() -> Self {
        Self {
            a_second: 20,
            settle: Duration::from_secs(30),
            retry: BackoffSettings::default(),
            farm_wait: Duration::from_secs(120),
        }
    }
}

/// What is to be done about one stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamOrder {
    /// Give up a request, so that it holds no line.
    Drop {
        /// Of which stream.
        stream: StreamId,
        /// Which request.
        generation: Generation,
    },
    /// Ask for it.
    Open {
        /// Which stream.
        stream: StreamId,
        /// Under which request.
        generation: Generation,
    },
}

/// The wanted streams.
#[derive(Clone, Debug)]
pub struct Register {
    settings: SubscriptionSettings,
    streams: BTreeMap<StreamId, Stream>,
    generation: Generation,
    /// Whether requests can be made at all.
    open: bool,
    second: (Timestamp, usize),
    next: Option<Timestamp>,
    dropped: Vec<StreamOrder>,
}

impl Register {
    /// An empty one, without a link.
    #[must_use]
    pub const fn new(settings: SubscriptionSettings) -> Self {
        Self {
            settings,
            streams: BTreeMap::new(),
            generation: Generation::new(0),
            open: false,
            second: (Timestamp::MIN, 0),
            next: None,
            dropped: Vec::new(),
        }
    }

    /// Somebody wants a stream. One that is wanted already only has its terms changed.
    pub fn want(&mut self, wish: Wish, now: Timestamp) {
        self.next = Some(now);
        if let Some(stream) = self.streams.get_mut(&wish.stream) {
            stream.wish = wish;
            return;
        }
        let stream = Stream {
            wish,
            sent: None,
            due: self.open.then_some(now),
            held_since: None,
            in_doubt: None,
            failures: 0,
            refused: false,
        };
        self.streams.insert(wish.stream, stream);
    }

    /// Nobody wants it any more.
    pub fn forget(&mut self, stream: StreamId, now: Timestamp) {
        let Some(gone) = self.streams.remove(&stream) else { return };
        if let Some(sent) = gone.sent {
            self.dropped.push(StreamOrder::Drop { stream, generation: sent.generation });
        }
        self.next = Some(now);
    }

    /// A new epoch: every wanted stream is asked for, once.
    pub fn epoch_begins(&mut self, now: Timestamp) {
        self.open = true;
        self.lose_requests();
        for stream in self.streams.values_mut() {
            stream.due = Some(now);
            stream.refused = false;
            stream.failures = 0;
        }
        self.next = Some(now);
    }

    /// The epoch is over, and every request with it; nothing is asked for until the next.
    pub fn epoch_ends(&mut self) {
        self.open = false;
        self.lose_requests();
        self.next = None;
    }

    fn lose_requests(&mut self) {
        self.dropped.clear();
        for stream in self.streams.values_mut() {
            stream.sent = None;
            stream.due = None;
            stream.in_doubt = None;
            stream.held_since = None;
        }
    }

    /// The broker has lost every stream of data, in the same epoch: each is asked for again, once. Streams that need no
    /// data servers stand.
    pub fn data_lost(&mut self, now: Timestamp) {
        if !self.open {
            return;
        }
        let settle = self.settings.settle;
        for stream in
            self.streams.values_mut().filter(|it| Farm::ALL.iter().any(|farm| it.wish.needs.has(*farm)))
        {
            let earliest = stream.sent.map_or(now, |sent| sent.at.after(settle).max(now));
            stream.due = Some(stream.due.map_or(earliest, |due| due.min(earliest)));
            stream.in_doubt = None;
            stream.refused = false;
            stream.failures = 0;
        }
        self.next = Some(now);
    }

    /// Streams are said to go on: each that needs such servers, or any, must show it within its silence.
    pub fn doubt(&mut self, farm: Option<Farm>, now: Timestamp) {
        let needs = |it: &&mut Stream| farm.is_none_or(|farm| it.wish.needs.has(farm));
        for stream in self.streams.values_mut().filter(needs) {
            if stream.sent.is_some() && stream.due.is_none() && stream.in_doubt.is_none() {
                stream.in_doubt = Some(now);
            }
        }
        self.next = Some(now);
    }

    /// A datum came; false when it is of a request that no longer stands.
    pub fn datum(&mut self, stream: StreamId, generation: Generation, delayed: bool, now: Timestamp) -> bool {
        let Some(stream) = self.streams.get_mut(&stream) else { return false };
        let Some(sent) = stream.sent.as_mut().filter(|it| it.generation == generation) else { return false };
        sent.last_datum = Some(now);
        sent.delayed = delayed;
        stream.failures = 0;
        stream.in_doubt = None;
        true
    }

    /// A request failed, or its stream ended. News of an older request change nothing.
    pub fn failed(
        &mut self,
        stream: StreamId,
        generation: Generation,
        remedy: Remedy,
        now: Timestamp,
    ) -> bool {
        let settings = self.settings;
        let Some(stream) = self.streams.get_mut(&stream) else { return false };
        let Some(sent) = stream.sent.filter(|it| it.generation == generation) else { return false };
        match remedy {
            Remedy::DegradeToDelayed | Remedy::Nothing | Remedy::Prove => return true,
            Remedy::Refuse | Remedy::Alarm => {
                stream.refused = true;
                stream.due = None;
            }
            _ => {
                stream.failures = stream.failures.saturating_add(1);
                // A stream that had worked may come back as soon as it has settled; one that fails waits longer each time.
                let seed = generation.number() ^ u64::from(stream.failures);
                let mut backoff = Backoff::new(settings.retry, seed);
                let wait =
                    (0..stream.failures.min(16)).map(|_| backoff.failed()).next_back().unwrap_or_default();
                stream.due = Some(now.after(wait).max(sent.at.after(settings.settle)));
            }
        }
        stream.sent = None;
        stream.in_doubt = None;
        self.next = Some(now);
        true
    }

    /// When [`Self::poll`] has something to do.
    #[must_use]
    pub const fn next_deadline(&self) -> Option<Timestamp> {
        self.next
    }

    /// What is to be done now. `is_down` says whether data servers are told to be down.
    pub fn poll(&mut self, now: Timestamp, is_down: impl Fn(Farm) -> bool, orders: &mut Vec<StreamOrder>) {
        orders.append(&mut self.dropped);
        self.next = None;
        if !self.open {
            return;
        }
        if now.since(self.second.0) >= Duration::from_secs(1) || now < self.second.0 {
            self.second = (now, 0);
        }
        let settings = self.settings;
        let mut next: Option<Timestamp> = None;
        let mut wake = |at: Timestamp| next = Some(next.map_or(at, |sofar| sofar.min(at)));
        for (id, stream) in &mut self.streams {
            ask_again_when_in_doubt(stream, now, settings.settle);
            let down = Farm::ALL.into_iter().any(|farm| stream.wish.needs.has(farm) && is_down(farm));
            let is_due = stream.due.is_some_and(|due| due <= now);
            let is_held = is_due && down && !waited_enough(stream, now, settings.farm_wait);
            match stream.due {
                Some(due) if due > now => wake(due),
                Some(_) if is_held => {
                    wake(stream.held_since.map_or(now, |since| since.after(settings.farm_wait)));
                }
                Some(_) if self.second.1 >= settings.a_second => {
                    wake(self.second.0.after(Duration::from_secs(1)));
                }
                Some(_) => {
                    self.second.1 += 1;
                    self.generation = self.generation.next();
                    ask(stream, *id, self.generation, now, orders);
                }
                None => {}
            }
            if let (Some(since), Some(limit)) = (stream.silent_since(), stream.wish.max_silence) {
                let silent_at =
                    since.max(stream.in_doubt.unwrap_or(since)).after(limit + Duration::from_nanos(1));
                if silent_at > now {
                    wake(silent_at);
                }
            }
        }
        self.next = next;
    }

    /// How a stream does; `None` when nobody wants it.
    #[must_use]
    pub fn state(&self, stream: StreamId, now: Timestamp) -> Option<FeedState> {
        self.streams.get(&stream).map(|it| it.state(now))
    }

    /// The request of a stream that stands.
    #[must_use]
    pub fn generation(&self, stream: StreamId) -> Option<Generation> {
        self.streams.get(&stream)?.sent.map(|it| it.generation)
    }

    /// The data servers that a stream needs.
    pub(crate) fn needs(&self, stream: StreamId) -> Option<super::StreamNeeds> {
        self.streams.get(&stream).map(|it| it.wish.needs)
    }

    /// Every wanted stream and how it does.
    pub fn states(&self, now: Timestamp) -> impl Iterator<Item = (StreamId, FeedState)> {
        self.streams.iter().map(move |(id, stream)| (*id, stream.state(now)))
    }

    /// Streams that should speak and do not.
    pub fn silent(&self, now: Timestamp) -> impl Iterator<Item = StreamId> {
        self.streams.iter().filter(move |(_, it)| !it.refused && it.is_silent(now)).map(|(id, _)| *id)
    }

    /// How many requests stand: the lines that are open at the broker.
    #[must_use]
    pub fn requested(&self) -> usize {
        self.streams.values().filter(|it| it.sent.is_some()).count()
    }
}

fn ask(
    stream: &mut Stream,
    id: StreamId,
    generation: Generation,
    now: Timestamp,
    orders: &mut Vec<StreamOrder>,
) {
    if let Some(old) = stream.sent {
        orders.push(StreamOrder::Drop { stream: id, generation: old.generation });
    }
    stream.sent = Some(Sent { generation, at: now, last_datum: None, delayed: false });
    (stream.due, stream.held_since) = (None, None);
    orders.push(StreamOrder::Open { stream: id, generation });
}

/// In doubt for longer than it may be silent: it is asked for again, once for each doubt.
fn ask_again_when_in_doubt(stream: &mut Stream, now: Timestamp, settle: Duration) {
    let (Some(since), Some(limit)) = (stream.in_doubt, stream.wish.max_silence) else { return };
    let Some(sent) = stream.sent else { return };
    if now.since(since) > limit {
        stream.due = Some(sent.at.after(settle).max(now));
        stream.in_doubt = None;
    }
}

fn waited_enough(stream: &mut Stream, now: Timestamp, limit: Duration) -> bool {
    let since = *stream.held_since.get_or_insert(now);
    now.since(since) >= limit
}
