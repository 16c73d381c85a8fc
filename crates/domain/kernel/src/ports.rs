//! What the whole platform asks of the outside: the time.

use crate::Timestamp;
use async_trait::async_trait;

/// Tells the time and waits. Real in production, virtual in tests and simulations: nothing else may ask a clock.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present moment.
    /// Promises: time never goes back between two calls.
    fn now(&self) -> Timestamp;

    /// Returns once `now` has reached `deadline`; where a real clock is put back meanwhile, once as much time has passed as there
    /// was to wait for.
    /// Promises: a deadline in the past returns at once; it never returns before the deadline; sleepers wake in the
    /// order of their deadlines.
    async fn sleep_until(&self, deadline: Timestamp);
}
