//! The machine's clock: the only place that asks what time it is.

use std::time::Duration;
use tradeport_kernel::{Clock, Timestamp};

/// A wait is cut into pieces of this length: the machine may sleep, or its clock may be set, while we wait.
const LONGEST_NAP: Duration = Duration::from_secs(30);

/// A clock that is behind by more at the end of a wait was put back meanwhile: it only goes a little slower by itself.
const PUT_BACK: Duration = Duration::from_secs(1);

/// The machine's clock. Waiting needs a tokio runtime, and lasts no longer than it was to last when it began: whoever looks at
/// something each second goes on doing so when the clock is put back by an hour.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[async_trait::async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everybody else asks")]
    fn now(&self) -> Timestamp {
        let now = std::time::SystemTime::now();
        match now.duration_since(std::time::UNIX_EPOCH) {
            Ok(since) => Timestamp::EPOCH.after(since),
            Err(before) => Timestamp::EPOCH.before(before.duration()),
        }
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock on which everybody else waits")]
    async fn sleep_until(&self, deadline: Timestamp) {
        let (begun, length) = (tokio::time::Instant::now(), deadline.since(self.now()));
        while let Some(nap) = next_nap(deadline.since(self.now()), length.saturating_sub(begun.elapsed())) {
            tokio::time::sleep(nap).await;
        }
    }
}

/// How long a wait goes on in one go: so much is left of it by the clock, and so much of what it was to last. `None` once it is over.
fn next_nap(left: Duration, planned: Duration) -> Option<Duration> {
    let was_put_back = planned.is_zero() && left > PUT_BACK;
    let nap = if planned.is_zero() { left } else { left.min(planned) };
    (!left.is_zero() && !was_put_back).then(|| nap.min(LONGEST_NAP))
}

/// A clock that starts at the machine's time, or at another, and runs some times as fast.
#[derive(Clone)]
pub struct FastClock {
    real: std::sync::Arc<dyn Clock>,
    began: Timestamp,
    start: Timestamp,
    speed: f64,
}

impl FastClock {
    /// Runs `speed` times as fast as `real`; 1 is the same clock. A speed that is no number above zero counts as 1.
    #[must_use]
    pub fn new(real: std::sync::Arc<dyn Clock>, speed: f64) -> Self {
        let start = real.now();
        Self::starting(real, start, speed)
    }

    /// Stands at `start` now, and runs `speed` times as fast as `real`. A speed that is no number above zero counts as 1.
    #[must_use]
    pub fn starting(real: std::sync::Arc<dyn Clock>, start: Timestamp, speed: f64) -> Self {
        let began = real.now();
        let speed = if speed.is_finite() && speed > 0.0 { speed } else { 1.0 };
        Self { real, began, start, speed }
    }
}

#[async_trait::async_trait]
impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        self.start.after(self.real.now().since(self.began).mul_f64(self.speed))
    }

    async fn sleep_until(&self, deadline: Timestamp) {
        while self.now() < deadline {
            let left = deadline.since(self.start).div_f64(self.speed);
            // Never short of it by rounding.
            self.real.sleep_until(self.began.after(left + Duration::from_nanos(1))).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tradeport_memory::VirtualClock;

    /// How many seconds a wait lasts where the clock is set after a while, by so many.
    fn lasts(length: i64, set_after: i64, by: i64) -> i64 {
        let seconds = |count: i64| Duration::from_secs(u64::try_from(count).unwrap_or_default());
        let mut elapsed = 0;
        let left = |elapsed: i64| length - elapsed - if elapsed >= set_after { by } else { 0 };
        while let Some(nap) = next_nap(seconds(left(elapsed)), seconds(length - elapsed)) {
            elapsed += i64::try_from(nap.as_secs()).unwrap();
        }
        elapsed
    }

    #[test]
    fn a_wait_lasts_no_longer_when_the_clock_is_put_back() {
        assert_eq!(lasts(5, 0, 0), 5);
        assert_eq!(lasts(5, 2, -3_600), 5);
        assert_eq!(lasts(100, 40, -3_600), 100);
        // It is seen in time when the clock is set forward, or the machine has slept.
        assert_eq!(lasts(7_200, 40, 7_190), 60);
        // A clock that only went a little slower is waited for.
        assert_eq!(lasts(5, 2, -1), 6);
    }

    #[test]
    fn a_fast_clock_begins_with_the_real_one_and_runs_away_from_it() {
        let real = VirtualClock::new(Timestamp::from_seconds(1_000));
        let fast = FastClock::new(Arc::new(real.clone()), 60.0);
        assert_eq!(fast.now(), Timestamp::from_seconds(1_000));
        real.advance(Duration::from_secs(10));
        assert_eq!(fast.now(), Timestamp::from_seconds(1_600));
    }

    #[tokio::test]
    async fn who_sleeps_on_it_wakes_no_earlier() {
        let real = VirtualClock::new(Timestamp::from_seconds(1_000));
        let fast = FastClock::new(Arc::new(real.clone()), 3.0);
        let deadline = Timestamp::from_seconds(1_007);
        let sleeper = {
            let fast = fast.clone();
            tokio::spawn(async move {
                fast.sleep_until(deadline).await;
                fast.now()
            })
        };
        tokio::task::yield_now().await;
        real.advance(Duration::from_millis(2_400));
        assert!(sleeper.await.is_ok_and(|woken| woken >= deadline));
    }
}
