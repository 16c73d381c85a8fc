//! One who follows one thing of one instrument: with a bounded queue, and a gap in place of what did not fit in.

use crate::queue::{Receiver, Sender, queue};
use tradeport_kernel::{ConnectionEpoch, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{Gap, GapCause, Told};

/// The broker's end: when the last item went out, and the queue.
pub(crate) struct Follower<T> {
    pub(crate) symbol: Symbol,
    last: Timestamp,
    queue: Sender<Told<T>>,
}

impl<T> Follower<T> {
    pub(crate) fn new(symbol: Symbol, now: Timestamp) -> (Self, Receiver<Told<T>>) {
        let (queue, reader) = queue();
        (Self { symbol, last: now, queue }, reader)
    }

    pub(crate) fn is_read(&self) -> bool {
        self.queue.is_read()
    }

    /// Puts an item of this moment in, or counts it as dropped when there is no room.
    pub(crate) fn offer(&mut self, item: T, at: Timestamp, capacity: usize) {
        let (symbol, from) = (self.symbol, self.last);
        if self.queue.len() >= capacity {
            self.queue.leave_word(|words| note_drop(words, symbol, TimeRange::new(from, at)));
            return;
        }
        // The gap ends with the first item that is there again.
        self.queue.leave_word(|words| {
            if let Some(gap) = gap_of(words) {
                gap.range = TimeRange::new(gap.range.start(), at);
            }
        });
        self.last = at;
        self.queue.push(Told::Datum(item));
    }

    pub(crate) fn cut(self, epoch: ConnectionEpoch) {
        self.queue.cut(Some(Told::EpochLost(epoch)));
    }
}

fn gap_of<T>(words: &mut [Told<T>]) -> Option<&mut Gap> {
    words.iter_mut().find_map(|word| match word {
        Told::Gap(gap) => Some(gap),
        _ => None,
    })
}

fn note_drop<T>(words: &mut Vec<Told<T>>, symbol: Symbol, range: TimeRange) {
    if let Some(gap) = gap_of(words) {
        if let GapCause::Dropped { count } = &mut gap.cause {
            *count += 1;
        }
        gap.range = TimeRange::new(gap.range.start(), range.end());
        return;
    }
    words.push(Told::Gap(Gap { symbol, range, cause: GapCause::Dropped { count: 1 } }));
}
