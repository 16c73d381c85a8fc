//! The machine's clock: the only place that asks what time it is.

use std::time::Duration;
use tradeport_kernel::{Clock, Timestamp};

/// A wait is cut into pieces of this length: the machine may sleep, or its clock may be set, while we wait.
const LONGEST_NAP: Duration = Duration::from_secs(30);

/// The machine's clock. Waiting needs a tokio runtime.
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
        loop {
            let left = deadline.since(self.now());
            if left.is_zero() {
                return;
            }
            tokio::time::sleep(left.min(LONGEST_NAP)).await;
        }
    }
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
