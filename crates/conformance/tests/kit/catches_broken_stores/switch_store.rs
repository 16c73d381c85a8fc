use crate::catching::catches;
use async_trait::async_trait;
use tradeport_conformance::switch_store::Harness;
use tradeport_kernel::StoreError;
use tradeport_memory::MemorySwitch;
use tradeport_risk::{Kill, NotResumed, Resume, ResumeError, Switch, SwitchReason, SwitchStore};

catches! { switch_store, switch_store_conformance:
    BeginsKilled: a_fresh_switch_is_open,
    TakesGarbageForOpen: a_switch_that_cannot_be_read_is_killed,
    ForgetsKills: a_kill_survives_reopening,
    ShortensReasons: a_kill_comes_back_exactly_as_it_was_given,
    LastKillStands: of_several_kills_the_first_stands,
    ForgetsResumes: a_switch_that_was_resumed_is_open_and_stays_so_after_reopening,
    ResumesWhatIsOpen: a_switch_that_is_open_is_not_resumed,
    ResumesWhateverStands: of_another_kill_than_the_one_that_stands_it_is_not_resumed,
    NeverResumesGarbage: a_switch_that_cannot_be_read_can_be_resumed,
    ForgetsWhoResumed: the_last_resume_comes_back_exactly_as_it_was_given,
}

struct Broken {
    honest: MemorySwitch,
    fault: Fault,
    garbled: std::sync::atomic::AtomicBool,
    reopened_as: Option<Kill>,
}

impl Broken {
    fn is_garbled(&self) -> bool {
        self.garbled.load(std::sync::atomic::Ordering::Relaxed)
    }
}

struct Fixture<const FAULT: usize>(Broken);

impl<const FAULT: usize> Harness for Fixture<FAULT> {
    type Store = Broken;
    async fn fresh() -> Self {
        let honest = MemorySwitch::default();
        Self(Broken { honest, fault: FAULTS[FAULT], garbled: false.into(), reopened_as: None })
    }
    fn store(&self) -> &Broken {
        &self.0
    }
    async fn reopen(mut self) -> Self {
        match self.0.fault {
            Fault::ForgetsKills => self.0.honest = MemorySwitch::default(),
            Fault::ForgetsResumes => {
                let last = self.0.honest.last_resume().await.unwrap();
                self.0.reopened_as = last.map(|resume| resume.kill);
            }
            _ => {}
        }
        self
    }
    async fn garble(&self) {
        self.0.garbled.store(true, std::sync::atomic::Ordering::Relaxed);
        self.0.honest.garble();
    }
}

#[async_trait]
impl SwitchStore for Broken {
    async fn look(&self) -> Switch {
        let seen = self.honest.look().await;
        match (self.fault, &self.reopened_as) {
            (Fault::BeginsKilled, _) if seen == Switch::Open => {
                Switch::Killed(tradeport_conformance::fixtures::kills().swap_remove(0))
            }
            (Fault::TakesGarbageForOpen, _) if self.is_garbled() => Switch::Open,
            (_, Some(kill)) => Switch::Killed(kill.clone()),
            _ => seen,
        }
    }
    async fn kill(&self, kill: &Kill) -> Result<Kill, StoreError> {
        let mut kill = kill.clone();
        match self.fault {
            Fault::ShortensReasons => {
                let short: String = kill.reason.as_str().chars().take(8).collect();
                kill.reason = SwitchReason::of_words(&short);
            }
            Fault::LastKillStands => self.honest.forget(),
            _ => {}
        }
        self.honest.kill(&kill).await
    }
    async fn resume(&self, resume: &Resume) -> Result<(), ResumeError> {
        let stands = self.honest.look().await;
        match (self.fault, &stands) {
            (Fault::ResumesWhatIsOpen, Switch::Open) => Ok(()),
            (Fault::ResumesWhateverStands, Switch::Killed(_)) => {
                self.honest.forget();
                Ok(())
            }
            (Fault::NeverResumesGarbage, _) if self.is_garbled() => {
                Err(NotResumed::AnotherKill(resume.kill.clone()).into())
            }
            _ => self.honest.resume(resume).await,
        }
    }
    async fn last_resume(&self) -> Result<Option<Resume>, StoreError> {
        let last = self.honest.last_resume().await?;
        Ok(last.filter(|_| self.fault != Fault::ForgetsWhoResumed))
    }
}
