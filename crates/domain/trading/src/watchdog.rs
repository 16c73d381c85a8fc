//! Watching over another process: does it live, does it hang, has it died, or ended in good order?
//!
//! A pure state machine: what was seen and when goes in, what changed comes out. The other's clock is not trusted: it lives
//! while what it says changes. Left out: where it says so, and what is done when it is dead.

use std::time::Duration;
use tradeport_kernel::Timestamp;

/// So much of the time between two looks is silence at most. Whoever did not look for longer was asleep, as the whole machine may
/// have been, or its clock was set: that says nothing of the other.
const LONGEST_LOOK: Duration = Duration::from_secs(1);

/// The last sign of life of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beat {
    /// Whose.
    pub process: u32,
    /// Of when, by its own clock: it differs from beat to beat.
    pub at: Timestamp,
    /// It ends in good order, or has.
    pub stopped: bool,
}

/// What was seen at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// Is there such a process?
    pub exists: bool,
    /// Its last beat; `None` when there is none that can be read.
    pub beat: Option<Beat>,
}

/// Something that whoever watches is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WatchChange {
    /// Somebody lives, and is watched from now on.
    Lives {
        /// Who.
        process: u32,
    },
    /// It ended in good order.
    Ended {
        /// Who.
        process: u32,
    },
    /// It does not exist any more, and has not said that it ends.
    Died {
        /// Who.
        process: u32,
    },
    /// It exists, and has said nothing for so long.
    Hangs {
        /// Who.
        process: u32,
        /// How long.
        silent_for: Duration,
    },
}

/// Watches over one process at a time.
#[derive(Clone, Debug)]
pub struct Watchdog {
    silence: Duration,
    watched: Watched,
}

#[derive(Clone, Copy, Debug)]
enum Watched {
    /// Nobody has been seen alive; the beat is one that was there before, and proves nothing.
    Nobody { old: Option<Beat> },
    /// It has said nothing new for so long, when it was looked at last.
    Alive { beat: Beat, silent_for: Duration, seen_at: Timestamp },
    /// It was told to be dead, hanging, or ended, with this beat as its last.
    Gone { last: Beat },
}

impl Watchdog {
    /// Whoever says nothing for so long hangs.
    #[must_use]
    pub const fn new(silence: Duration) -> Self {
        Self { silence, watched: Watched::Nobody { old: None } }
    }

    /// Is somebody alive, as far as is known?
    #[must_use]
    pub const fn is_watching(&self) -> bool {
        matches!(self.watched, Watched::Alive { .. })
    }

    /// Takes in what was seen now.
    pub fn see(&mut self, sighting: Sighting, now: Timestamp) -> Option<WatchChange> {
        match self.watched {
            Watched::Alive { beat, silent_for, seen_at } => {
                let silent_for = silent_for + now.since(seen_at).min(LONGEST_LOOK);
                self.see_alive(sighting, beat, silent_for, now)
            }
            Watched::Nobody { old: None } => {
                self.watched = Watched::Nobody { old: sighting.beat };
                None
            }
            Watched::Nobody { old } => self.see_new(sighting, old, now),
            Watched::Gone { last } => self.see_new(sighting, Some(last), now),
        }
    }

    /// A beat that differs from the last one proves life.
    fn see_new(&mut self, sighting: Sighting, last: Option<Beat>, now: Timestamp) -> Option<WatchChange> {
        let beat = sighting.beat.filter(|beat| sighting.exists && !beat.stopped && Some(*beat) != last)?;
        self.watched = Watched::Alive { beat, silent_for: Duration::ZERO, seen_at: now };
        Some(WatchChange::Lives { process: beat.process })
    }

    fn see_alive(
        &mut self,
        sighting: Sighting,
        last: Beat,
        silent_for: Duration,
        now: Timestamp,
    ) -> Option<WatchChange> {
        let process = last.process;
        let beat = sighting.beat.unwrap_or(last);
        if beat.stopped {
            self.watched = Watched::Gone { last: beat };
            return Some(WatchChange::Ended { process });
        }
        if !sighting.exists {
            self.watched = Watched::Gone { last: beat };
            return Some(WatchChange::Died { process });
        }
        if beat != last {
            self.watched = Watched::Alive { beat, silent_for: Duration::ZERO, seen_at: now };
            return None;
        }
        if silent_for < self.silence {
            self.watched = Watched::Alive { beat, silent_for, seen_at: now };
            return None;
        }
        self.watched = Watched::Gone { last };
        Some(WatchChange::Hangs { process, silent_for })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SILENCE: Duration = Duration::from_secs(5);

    struct Stage {
        dog: Watchdog,
        now: Timestamp,
        beats: i64,
    }

    impl Stage {
        fn new() -> Self {
            Self { dog: Watchdog::new(SILENCE), now: Timestamp::EPOCH, beats: 0 }
        }

        fn beat(&self, stopped: bool) -> Option<Beat> {
            Some(Beat { process: 7, at: Timestamp::from_seconds(self.beats), stopped })
        }

        fn see(&mut self, exists: bool, beat: Option<Beat>) -> Option<WatchChange> {
            self.now = self.now.after(Duration::from_millis(250));
            self.dog.see(Sighting { exists, beat }, self.now)
        }

        fn alive(&mut self) -> Option<WatchChange> {
            self.beats += 1;
            self.see(true, self.beat(false))
        }

        /// Says nothing for so long, and exists; the first change.
        fn silent(&mut self, length: Duration) -> Option<WatchChange> {
            let end = self.now.after(length);
            let mut told = None;
            while self.now < end {
                told = told.or(self.see(true, self.beat(false)));
            }
            told
        }
    }

    fn watched() -> Stage {
        let mut stage = Stage::new();
        assert_eq!(stage.alive(), None, "one beat may be of long ago");
        assert_eq!(stage.alive(), Some(WatchChange::Lives { process: 7 }));
        stage
    }

    #[test]
    fn who_falls_silent_hangs_after_the_limit_and_no_earlier() {
        let mut stage = watched();
        assert_eq!(stage.silent(SILENCE - Duration::from_millis(250)), None);
        assert_eq!(stage.alive(), None, "a beat in time");
        let told = stage.silent(SILENCE + Duration::from_secs(60));
        assert_eq!(told, Some(WatchChange::Hangs { process: 7, silent_for: SILENCE }), "told once");
        assert_eq!(stage.see(false, stage.beat(false)), None, "dead is dead");
        assert_eq!(stage.alive(), Some(WatchChange::Lives { process: 7 }), "it woke");
    }

    #[test]
    fn who_vanishes_without_a_word_has_died_at_once() {
        let mut stage = watched();
        assert_eq!(stage.see(false, stage.beat(false)), Some(WatchChange::Died { process: 7 }));
        assert!(!stage.dog.is_watching());
    }

    #[test]
    fn who_ends_in_good_order_has_not_died_however_long_it_takes() {
        for exists in [true, false] {
            let mut stage = watched();
            assert_eq!(stage.see(exists, stage.beat(true)), Some(WatchChange::Ended { process: 7 }));
            for _ in 0..100 {
                assert_eq!(stage.see(true, stage.beat(true)), None);
            }
            assert_eq!(stage.see(false, stage.beat(true)), None);
            assert_eq!(stage.alive(), Some(WatchChange::Lives { process: 7 }), "the next one");
        }
    }

    #[test]
    fn what_was_there_before_proves_no_life() {
        let mut stage = Stage::new();
        for exists in [false, true, false] {
            for _ in 0..100 {
                assert_eq!(stage.see(exists, stage.beat(false)), None);
            }
        }
        let mut stage = Stage::new();
        assert_eq!(stage.see(false, None), None);
        assert_eq!(stage.alive(), None, "the first that is seen");
        assert_eq!(stage.alive(), Some(WatchChange::Lives { process: 7 }));
    }

    /// A machine that sleeps, or whose clock is set, stops both of them.
    #[test]
    fn while_nobody_looks_nobody_is_silent() {
        for jump in [Duration::from_secs(3_600), SILENCE + Duration::from_secs(1)] {
            let mut stage = watched();
            stage.now = stage.now.after(jump);
            assert_eq!(stage.see(true, stage.beat(false)), None, "it has had no time to say anything");
            assert_eq!(stage.alive(), None);
            stage.now = stage.now.after(jump);
            let told = stage.silent(SILENCE);
            assert!(matches!(told, Some(WatchChange::Hangs { .. })), "it says nothing after that: {told:?}");
        }
        let mut stage = watched();
        stage.now = stage.now.before(Duration::from_secs(3_600));
        let told = stage.silent(SILENCE + Duration::from_secs(1));
        assert!(matches!(told, Some(WatchChange::Hangs { .. })), "the clock was set back: {told:?}");
    }

    #[test]
    fn a_beat_that_cannot_be_read_is_silence() {
        let mut stage = watched();
        let end = stage.now.after(SILENCE);
        let mut told = None;
        while stage.now < end {
            told = told.or(stage.see(true, None));
        }
        assert_eq!(told, Some(WatchChange::Hangs { process: 7, silent_for: SILENCE }));
    }
}
