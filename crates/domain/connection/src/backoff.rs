//! How long to wait before the next attempt: twice as long after each failure, up to a limit, and never in step with
//! others.
//!
//! Left out: what is attempted.

use std::time::Duration;

/// How waits grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BackoffSettings {
    /// After the first failure.
    pub first: Duration,
    /// At most.
    pub most: Duration,
    /// By so many percent a wait is longer or shorter than it would be; below 100.
    pub jitter_percent: u32,
}

impl Default for BackoffSettings {
    fn default() -> Self {
        Self { first: Duration::from_secs(2), most: Duration::from_secs(60), jitter_percent: 20 }
    }
}

/// The waits of one attempt after the other. The same seed gives the same waits.
#[derive(Clone, Debug)]
pub struct Backoff {
    settings: BackoffSettings,
    failures: u32,
    random: u64,
}

impl Backoff {
    /// Begins without a failure.
    #[must_use]
    pub const fn new(settings: BackoffSettings, seed: u64) -> Self {
        Self { settings, failures: 0, random: seed }
    }

    /// How often it failed since it last worked.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// It works.
    pub const fn reset(&mut self) {
        self.failures = 0;
    }

    /// It failed once more: how long to wait.
    pub fn failed(&mut self) -> Duration {
        let doublings = self.failures.min(30);
        self.failures = self.failures.saturating_add(1);
        let plain = self.settings.first.saturating_mul(1 << doublings).min(self.settings.most);
        let jitter = self.settings.jitter_percent.min(99);
        // Uniform over 100 - jitter to 100 + jitter percent, in thousandths of a percent.
        let spread = u64::from(jitter) * 2_000 + 1;
        let thousandths = u64::from(100 - jitter) * 1_000 + self.next_random() % spread;
        let nanos = plain.as_nanos().saturating_mul(u128::from(thousandths)) / 100_000;
        Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }

    /// SplitMix64: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
    const fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn waits_double_up_to_the_limit_and_stay_within_the_jitter(seed: u64) {
            let settings = BackoffSettings::default();
            let mut backoff = Backoff::new(settings, seed);
            for failure in 0..40u32 {
                let plain = Duration::from_secs(2u64.saturating_pow(failure + 1).min(60));
                let wait = backoff.failed();
                prop_assert!(wait >= plain.mul_f64(0.799) && wait <= plain.mul_f64(1.201), "{failure}: {wait:?}");
            }
            backoff.reset();
            prop_assert!(backoff.failed() <= Duration::from_millis(2_401));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_waits_and_others_differ() {
        let waits = |seed| {
            let mut backoff = Backoff::new(BackoffSettings::default(), seed);
            (0..8).map(|_| backoff.failed()).collect::<Vec<_>>()
        };
        assert_eq!(waits(7), waits(7));
        assert_ne!(waits(7), waits(8));
    }
}
