//! Counting: what was sent within a stretch of time, and what is open at once.
//!
//! Left out: which requests count where (`charge`), and what the numbers are (`limits`).

use std::collections::VecDeque;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// At most so much in any stretch of time of a length. A stretch has a first moment and none that is its last: what is
/// sent exactly one length later is in the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    used: u32,
    /// When each stops counting, and what it counts; the oldest first.
    sent: VecDeque<(Timestamp, u32)>,
}

impl Window {
    /// Forgets what no longer counts, and tells when the next of it does not.
    pub(super) fn prune(&mut self, now: Timestamp) -> Timestamp {
        while let Some((until, weight)) = self.sent.front().copied() {
            if until > now {
                return until;
            }
            self.used -= weight;
            self.sent.pop_front();
        }
        Timestamp::MAX
    }

    pub(super) fn charge(&mut self, now: Timestamp, span: Duration, weight: u32) {
        self.sent.push_back((now.after(span), weight));
        self.used = self.used.saturating_add(weight);
    }

    pub(super) const fn used(&self) -> u32 {
        self.used
    }

    pub(super) fn is_empty(&self) -> bool {
        self.sent.is_empty()
    }

    /// When `weight` more fits under `most`; [`Timestamp::MIN`] when it fits already.
    pub(super) fn free_at(&self, most: u32, weight: u32) -> Timestamp {
        let room = most.saturating_sub(weight);
        if self.used <= room {
            return Timestamp::MIN;
        }
        let mut used = self.used;
        for (until, each) in &self.sent {
            used -= each;
            if used <= room {
                return *until;
            }
        }
        Timestamp::MAX
    }

    /// The same for a window in which everything weighs one: without a search.
    pub(super) fn free_for_one(&self, most: u32) -> Timestamp {
        let over = self.sent.len().checked_sub(usize::try_from(most).unwrap_or(usize::MAX));
        over.and_then(|place| self.sent.get(place)).map_or(Timestamp::MIN, |(until, _)| *until)
    }

    /// About when the last of `units` more will have gone, when they go as soon as they may.
    pub(super) fn reaches(&self, most: u32, span: Duration, units: u32, now: Timestamp) -> Timestamp {
        let (most, last) = (most.max(1), units.saturating_sub(1));
        let (rounds, place) = (last / most, last % most);
        let room = most.saturating_sub(self.used);
        // First what fits, then a piece for each that falls out; after that the same again, one window later.
        let first = match place.checked_sub(room) {
            None => now,
            Some(over) => self.free_at(self.used, over + 1).max(now),
        };
        first.after(span.saturating_mul(rounds))
    }
}

/// At most so much open at once. What is given back is free a little later: it may arrive after what is sent next.
#[derive(Clone, Debug, Default)]
pub(super) struct Hold {
    open: u32,
    settling: VecDeque<Timestamp>,
}

impl Hold {
    /// Forgets what has settled, and tells when the next of it will have.
    pub(super) fn prune(&mut self, now: Timestamp) -> Timestamp {
        while self.settling.front().is_some_and(|free| *free <= now) {
            self.settling.pop_front();
        }
        self.settling.front().copied().unwrap_or(Timestamp::MAX)
    }

    pub(super) fn take(&mut self) {
        self.open = self.open.saturating_add(1);
    }

    pub(super) fn give_back(&mut self, now: Timestamp, settle: Duration) {
        self.open = self.open.saturating_sub(1);
        if !settle.is_zero() {
            self.settling.push_back(now.after(settle));
        }
    }

    pub(super) fn used(&self) -> u32 {
        self.open.saturating_add(u32::try_from(self.settling.len()).unwrap_or(u32::MAX))
    }

    /// When one more fits: [`Timestamp::MIN`] when it fits already, [`Timestamp::MAX`] when somebody must end first.
    pub(super) fn free_at(&self, most: u32) -> Timestamp {
        let over = self.used().saturating_add(1).saturating_sub(most);
        match usize::try_from(over).unwrap_or(usize::MAX).checked_sub(1) {
            None => Timestamp::MIN,
            Some(place) => self.settling.get(place).copied().unwrap_or(Timestamp::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPAN: Duration = Duration::from_secs(10);

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    #[test]
    fn a_window_says_when_there_is_room() {
        let mut window = Window::default();
        for (second, weight) in [(0, 2), (1, 1), (2, 2)] {
            window.charge(at(second), SPAN, weight);
        }
        assert_eq!(window.free_at(6, 1), Timestamp::MIN);
        assert_eq!(window.free_at(5, 1), at(10));
        assert_eq!(window.free_at(5, 3), at(11));
        assert_eq!(window.free_at(5, 5), at(12));
        assert_eq!(window.free_at(5, 6), at(12), "what never fits goes when nothing else is there");
        window.prune(at(10));
        assert_eq!((window.used(), window.free_at(5, 2)), (3, Timestamp::MIN));
        window.prune(at(12));
        assert!(window.is_empty());
    }

    #[test]
    fn what_waits_in_line_goes_as_the_window_turns() {
        let mut window = Window::default();
        window.charge(at(0), SPAN, 1);
        window.charge(at(4), SPAN, 1);
        let reaches = |units| window.reaches(2, SPAN, units, at(5));
        assert_eq!([1, 2, 3, 4, 5].map(reaches), [10, 14, 20, 24, 30].map(at));
        assert_eq!(window.reaches(3, SPAN, 1, at(5)), at(5));
    }

    #[test]
    fn what_is_given_back_settles_first() {
        let mut hold = Hold::default();
        hold.take();
        hold.take();
        assert_eq!(hold.free_at(3), Timestamp::MIN);
        assert_eq!(hold.free_at(2), Timestamp::MAX);
        hold.give_back(at(1), SPAN);
        assert_eq!((hold.used(), hold.free_at(2)), (2, at(11)));
        hold.prune(at(11));
        assert_eq!((hold.used(), hold.free_at(2)), (1, Timestamp::MIN));
    }
}
