//! Alarms in memory: for tests that ask what a person would have been told.

use crate::shared::Shared;
use async_trait::async_trait;
use tradeport_trading::{Alarm, Notifier, NotifyError};

/// Collects alarms instead of calling anybody.
#[derive(Clone, Debug, Default)]
pub struct MemoryNotifier(Shared<Vec<Alarm>>);

impl MemoryNotifier {
    /// Every alarm so far, first to last.
    #[must_use]
    pub fn alarms(&self) -> Vec<Alarm> {
        self.0.lock().clone()
    }
}

#[async_trait]
impl Notifier for MemoryNotifier {
    async fn notify(&self, alarm: &Alarm) -> Result<(), NotifyError> {
        self.0.lock().push(alarm.clone());
        Ok(())
    }
}
