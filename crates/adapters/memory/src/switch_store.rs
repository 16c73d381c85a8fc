//! The kill switch, in memory.

use crate::shared::Shared;
use async_trait::async_trait;
use tradeport_kernel::{StoreError, Timestamp};
use tradeport_risk::{Kill, Resume, ResumeError, Switch, SwitchReason, SwitchStore};

/// Keeps the switch for as long as a handle of it lives.
#[derive(Clone, Debug, Default)]
pub struct MemorySwitch(Shared<Kept>);

#[derive(Debug, Default)]
struct Kept {
    switch: Switch,
    last_resume: Option<Resume>,
}

impl MemorySwitch {
    /// Makes what is kept unreadable, for tests: a switch of which nobody can say how it stands is killed.
    pub fn garble(&self) {
        self.0.lock().switch = Switch::Killed(Kill {
            at: Timestamp::EPOCH,
            by: "nobody".to_owned(),
            reason: SwitchReason::of_words("what is kept of the switch cannot be read"),
        });
    }

    /// Forgets what is kept, for tests: as if nobody had ever touched it.
    pub fn forget(&self) {
        *self.0.lock() = Kept::default();
    }
}

#[async_trait]
impl SwitchStore for MemorySwitch {
    async fn look(&self) -> Switch {
        self.0.lock().switch.clone()
    }

    async fn kill(&self, kill: &Kill) -> Result<Kill, StoreError> {
        let mut kept = self.0.lock();
        kept.switch = std::mem::take(&mut kept.switch).killed(kill.clone());
        Ok(kept.switch.kill().unwrap_or(kill).clone())
    }

    async fn resume(&self, resume: &Resume) -> Result<(), ResumeError> {
        let mut kept = self.0.lock();
        kept.switch = kept.switch.resumed(resume)?;
        kept.last_resume = Some(resume.clone());
        Ok(())
    }

    async fn last_resume(&self) -> Result<Option<Resume>, StoreError> {
        Ok(self.0.lock().last_resume.clone())
    }
}
