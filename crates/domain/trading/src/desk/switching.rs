//! Obeying the kill switch.
//!
//! While it is killed nothing leaves but cancels: orders and changes are stopped when they are judged, and once more right
//! before they are handed over. Everything that may trade is asked to be cancelled, whatever is known of it: working, in
//! flight or unknown. That is asked again, later each time, until the broker has proven that each order is dead; a new
//! epoch of the link begins with it. The switch is looked at where it is kept, so that any process may kill it.
//!
//! Left out: the rules of the switch itself (`risk`), and where it is kept (`SwitchStore`).

use super::judging::Stop;
use super::{DeskError, OrderDesk};
use crate::{AuditEntry, PlatformEvent};
use futures::{FutureExt, select_biased};
use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;
use tradeport_kernel::Timestamp;
use tradeport_orders::{CancelError, CancelTag, Order};
use tradeport_risk::{Kill, NotResumed, Resume, ResumeError, Switch, SwitchReason};

/// So often a desk that follows the switch looks at it. Admissions look at it themselves.
pub const SWITCH_LOOKED_AT_EVERY: Duration = Duration::from_millis(100);

/// After the first cancels, the next are asked for so much later; then twice as much each time.
const FIRST_AGAIN: Duration = Duration::from_millis(500);
/// At most so much later.
const LATEST_AGAIN: Duration = Duration::from_secs(30);
/// More orders than that do not fit into one second of the broker's budget: one message cancels everything first.
const MOST_ONE_BY_ONE: usize = 40;

/// What the subject of the switch is called in the audit log.
const SUBJECT: &str = "kill switch";

/// What the desk knows of the switch beside the store.
#[derive(Debug, Default)]
pub(super) struct Latch {
    /// A kill of ours that could not be kept: it holds in here.
    own: Option<Kill>,
    /// How the switch stood when that was last written down.
    noted: Option<Switch>,
    /// So often cancels were asked for under this kill.
    rounds: u32,
    /// When they are asked for again.
    due: Option<Timestamp>,
}

/// What a round of cancels came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sweep {
    /// Orders that could trade before it.
    pub alive: usize,
    /// Cancels of theirs that the broker has got, for all that is known.
    pub passed: usize,
    /// Cancels of theirs that the broker does not take from here, though the orders stand.
    pub refused: usize,
}

impl OrderDesk {
    /// How the switch stands: what is kept, or a kill that could not be.
    pub async fn switch(&self) -> Switch {
        match self.ports.switch.look().await {
            Switch::Open => self.latch().own.clone().map_or(Switch::Open, Switch::Killed),
            killed @ Switch::Killed(_) => killed,
        }
    }

    /// Kills the switch: from here on nothing leaves but cancels, which [`Self::enforce_switch`] or [`Self::sweep`] sends.
    /// The kill that stands: of several the first. Errors: it could not be kept; this desk obeys it all the same.
    pub async fn kill(&self, by: &str, reason: SwitchReason) -> Result<Kill, DeskError> {
        let kill = Kill { at: self.ports.clock.now(), by: by.to_owned(), reason };
        // Before it is kept: whatever becomes of the disk, nothing leaves from here.
        self.latch().own.get_or_insert_with(|| kill.clone());
        let stands = self.ports.switch.kill(&kill).await.map_err(DeskError::SwitchNotKept)?;
        self.latch().own = None;
        if stands != kill {
            self.write_down("killed again", &kill.by, format!("{kill}; what stands: {stands}")).await?;
        }
        self.note_switch(&Switch::Killed(stands.clone())).await?;
        Ok(stands)
    }

    /// Opens the switch again: of the kill that stands now, for a reason. Errors: nothing is killed, or it could not be kept.
    pub async fn resume_switch(&self, by: &str, reason: SwitchReason) -> Result<Resume, DeskError> {
        let open = || DeskError::NotResumed(NotResumed::Open.into());
        let kill = self.switch().await.kill().cloned().ok_or_else(open)?;
        let resume = Resume { kill, at: self.ports.clock.now(), by: by.to_owned(), reason };
        let own = self.latch().own.take();
        match self.ports.switch.resume(&resume).await {
            Ok(()) => {}
            // A kill that could not be kept stood in here alone.
            Err(ResumeError::NotResumed(NotResumed::Open)) if own.is_some() => {}
            Err(error) => {
                self.latch().own = own;
                return Err(DeskError::NotResumed(error));
            }
        }
        self.note_switch(&Switch::Open).await?;
        Ok(resume)
    }

    /// Follows the switch until `stop` completes: kills and resumes are written down, whoever they are from, and under a kill
    /// everything that may trade is asked to be cancelled until it is proven dead.
    pub async fn enforce_switch(&self, stop: impl Future<Output = ()> + Send) {
        let mut stop = std::pin::pin!(stop.fuse());
        loop {
            self.tend_switch().await;
            let next = self.ports.clock.now().after(SWITCH_LOOKED_AT_EVERY);
            select_biased! {
                () = stop => return,
                () = self.ports.clock.sleep_until(next).fuse() => {}
            }
        }
    }

    /// One look at the switch, and what is due under it. What fails is told, and done again with a later look.
    pub async fn tend_switch(&self) {
        let switch = self.switch().await;
        let now = self.ports.clock.now();
        let is_due = {
            let mut latch = self.latch();
            if switch == Switch::Open {
                (latch.rounds, latch.due) = (0, None);
            }
            switch != Switch::Open && latch.due.is_none_or(|due| now >= due)
        };
        if is_due {
            match self.sweep().await {
                Ok(Sweep { alive: 0, .. }) => {}
                Ok(swept) => {
                    tracing::warn!(alive = swept.alive, passed = swept.passed, "the kill switch cancels");
                    self.later(now);
                    if swept.refused > 0 {
                        self.look_what_is_left().await;
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "the kill switch could not cancel everything");
                    self.later(now);
                }
            }
        }
        // Cancels come first: whoever writes it down may have to wait for a disk.
        if let Err(error) = self.note_switch(&switch).await {
            tracing::error!(%error, "how the kill switch stands could not be written down");
        }
    }

    fn later(&self, now: Timestamp) {
        let mut latch = self.latch();
        let wait = FIRST_AGAIN.saturating_mul(1 << latch.rounds.min(10)).min(LATEST_AGAIN);
        latch.rounds = latch.rounds.saturating_add(1);
        latch.due = Some(now.after(wait));
    }

    /// Under a killed switch, asks once to cancel every order that may trade; under an open one it does nothing. A journal that
    /// cannot be written keeps nothing from being cancelled: then everything of the login is.
    pub async fn sweep(&self) -> Result<Sweep, DeskError> {
        if self.switch().await == Switch::Open {
            return Ok(Sweep::default());
        }
        let alive = {
            let state = self.state().await;
            state.alive() + state.awake().count()
        };
        if alive == 0 {
            return Ok(Sweep::default());
        }
        let mut everything = alive > MOST_ONE_BY_ONE && self.cancel_everything().await;
        match self.cancel_all(None, CancelTag::default()).await {
            Ok(asked) => {
                let passed = asked.iter().filter(|cancelled| cancelled.outcome.is_ok()).count();
                let refused = asked.iter().filter(|cancelled| is_refused(&cancelled.outcome)).count();
                // An order of another client of the login is not taken from here, and goes with everything. Not on the
                // first look: what fills in that moment is refused as well, and orders of others would go for it.
                let stands = refused > 0 && self.latch().rounds > 0;
                everything = everything || (stands && self.cancel_everything().await);
                Ok(Sweep { alive, passed: if everything { alive } else { passed }, refused })
            }
            Err(error) => {
                everything = everything || self.cancel_everything().await;
                if !everything {
                    return Err(error);
                }
                tracing::error!(%error, "cancels could not be kept: everything of the login was cancelled");
                Ok(Sweep { alive, passed: alive, refused: 0 })
            }
        }
    }

    /// Of orders of another client, and of those that had ended here, nobody tells what became of them: the broker's lists do.
    pub(super) async fn look_what_is_left(&self) {
        if let Err(error) = self.reconcile(None).await {
            tracing::warn!(%error, "what became of orders whose cancels were refused is not known yet");
        }
    }

    /// Unless the kill is over by now: answers may have taken their time.
    async fn cancel_everything(&self) -> bool {
        if self.switch().await == Switch::Open {
            return false;
        }
        match self.ports.gateway.cancel_everything().await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(%error, "everything was asked to be cancelled at once, and that did not get through");
                false
            }
        }
    }

    /// A loss that the policy wants stopped for good kills the switch.
    pub(super) async fn kill_for(&self, stop: &Stop) {
        let Stop::Risk(refusal) = stop else { return };
        // Somebody who wants out, beside orders that are there already, is no loop that buys and buys: killing would cancel
        // the stops as well.
        if refusal.beside.is_some() || !self.policy().kills(refusal.rule) {
            return;
        }
        if let Err(error) = self.kill("risk gate", SwitchReason::of_words(&refusal.to_string())).await {
            tracing::error!(%error, "the kill switch was killed, and not everybody may know");
        }
    }

    /// Writes down how the switch stands, when that was not written down yet.
    async fn note_switch(&self, switch: &Switch) -> Result<(), DeskError> {
        let before = {
            let mut latch = self.latch();
            if latch.noted.as_ref() == Some(switch) {
                return Ok(());
            }
            latch.noted.replace(switch.clone())
        };
        if before.is_none() && *switch == Switch::Open {
            return Ok(());
        }
        self.bus.publish(&PlatformEvent::Switched { switch: switch.clone() });
        let (what, by, detail) = self.words_of(before.as_ref(), switch).await;
        let written = self.write_down(what, &by, detail).await;
        if written.is_err() {
            self.latch().noted = before;
        }
        written
    }

    async fn words_of(&self, before: Option<&Switch>, switch: &Switch) -> (&'static str, String, String) {
        match switch {
            Switch::Killed(kill) => {
                let what = if before.is_none() { "found killed" } else { "killed" };
                (what, kill.by.clone(), kill.to_string())
            }
            Switch::Open => {
                let last = self.ports.switch.last_resume().await.ok().flatten();
                let of_it = last.filter(|resume| before.and_then(Switch::kill) == Some(&resume.kill));
                let nobody = || ("unknown".to_owned(), "nobody said who resumed it, or why".to_owned());
                let (by, detail) = of_it.map_or_else(nobody, |it| (it.by.clone(), it.to_string()));
                ("resumed", by, detail)
            }
        }
    }

    async fn write_down(&self, what: &str, by: &str, detail: String) -> Result<(), DeskError> {
        let entry = AuditEntry {
            at: self.ports.clock.now(),
            actor: by.to_owned(),
            action: format!("kill switch {what}"),
            subject: SUBJECT.to_owned(),
            detail,
        };
        self.audit_all(vec![entry]).await
    }

    fn latch(&self) -> MutexGuard<'_, Latch> {
        // Every change is whole before the lock is let go.
        self.latch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const fn is_refused(outcome: &Result<Order, DeskError>) -> bool {
    matches!(outcome, Err(DeskError::Cancel(CancelError::Refused { .. })))
}
