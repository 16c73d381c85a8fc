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
