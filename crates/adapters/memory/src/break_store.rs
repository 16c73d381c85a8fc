//! Breaks, in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use tradeport_kernel::StoreError;
use tradeport_trading::BreakStore;
use tradeport_trading::reconciliation::Break;

/// Keeps breaks for as long as a handle of it lives.
#[derive(Clone, Debug, Default)]
pub struct MemoryBreaks(Shared<Kept>);

#[derive(Debug, Default)]
struct Kept {
    breaks: Vec<Break>,
    garbled: bool,
}

impl MemoryBreaks {
    /// Makes what is kept unreadable, for tests.
    pub fn garble(&self) {
        self.0.lock().garbled = true;
    }
}

#[async_trait]
impl BreakStore for MemoryBreaks {
    async fn keep(&self, breaks: &[Break]) -> Result<(), StoreError> {
        *self.0.lock() = Kept { breaks: breaks.to_vec(), garbled: false };
        Ok(())
    }

    async fn kept(&self) -> Result<Vec<Break>, StoreError> {
        let kept = self.0.lock();
        if kept.garbled {
            return Err(StoreError::Corrupt("what is kept cannot be read".into()));
        }
        Ok(kept.breaks.clone())
    }
}
