//! The queue of a small feed of ticks or computations: bounded, with a gap for what did not fit in.

use std::collections::VecDeque;
use std::task::Poll;
use tradeport_kernel::{ConnectionEpoch, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Gap, GapCause, Told};

pub(super) const LIMIT: usize = 50;
pub(super) const EPOCH: ConnectionEpoch = ConnectionEpoch::new(1);

pub(super) struct Reader<T> {
    pub(super) symbol: Symbol,
    pub(super) events: VecDeque<Told<T>>,
    missed: u64,
    held: Option<T>,
    pub(super) ended: bool,
}

impl<T> Reader<T> {
    pub(super) const fn of(symbol: Symbol) -> Self {
        Self { symbol, events: VecDeque::new(), missed: 0, held: None, ended: false }
    }

    pub(super) fn next(&mut self) -> Poll<Option<Told<T>>> {
        match self.events.pop_front().or_else(|| self.gap()) {
            Some(event) => Poll::Ready(Some(event)),
            None if self.ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }

    fn gap(&mut self) -> Option<Told<T>> {
        let (count, range) =
            (std::mem::take(&mut self.missed), TimeRange::new(Timestamp::MIN, Timestamp::MAX));
        (count > 0).then(|| Told::Gap(Gap { symbol: self.symbol, range, cause: GapCause::Dropped { count } }))
    }

    /// `swaps`: it is held back, and told after the next one that swaps.
    pub(super) fn take(&mut self, datum: T, is_silent: bool, swaps: bool) {
        if self.events.len() >= LIMIT {
            self.missed += u64::from(!is_silent);
            return;
        }
        let gap = self.gap();
        self.events.extend(gap);
        if swaps && self.held.is_none() {
            self.held = Some(datum);
            return;
        }
        self.events.push_back(Told::Datum(datum));
        if swaps {
            self.events.extend(self.held.take().map(Told::Datum));
        }
    }

    pub(super) fn end(&mut self, is_silent: bool) {
        self.ended = true;
        if !is_silent {
            self.events.push_back(Told::EpochLost(EPOCH));
        }
    }
}
