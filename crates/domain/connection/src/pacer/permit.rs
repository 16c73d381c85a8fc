//! What a request holds from its question to its end. Each ends its ticket once: by a word, or by being dropped.

use super::{NotPaced, Shared};
use crate::NoticeClass;
use crate::pacing::{Effect, Failure, Ticket};
use futures::channel::oneshot;
use std::sync::Arc;

/// A ticket that is given up when it is dropped.
pub(super) struct Held {
    shared: Arc<Shared>,
    ticket: Ticket,
    is_open: bool,
}

impl Held {
    pub(super) const fn new(shared: Arc<Shared>, ticket: Ticket) -> Self {
        Self { shared, ticket, is_open: true }
    }

    /// Waits until it may go.
    pub(super) async fn until(mut self, told: oneshot::Receiver<Effect>) -> Result<Permit, NotPaced> {
        match told.await {
            Ok(Effect::Go(_)) => Ok(Permit::new(self)),
            Ok(Effect::TimedOut(_)) => {
                self.is_open = false;
                Err(NotPaced::TimedOut)
            }
            Ok(Effect::Lost(_)) | Err(oneshot::Canceled) => {
                self.is_open = false;
                Err(NotPaced::Lost)
            }
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if self.is_open {
            self.shared.enter(|state, now| {
                state.waiting.remove(&self.ticket);
                // It may have ended by itself meanwhile, with its connection.
                state.budget.cancel(self.ticket, now).ok();
            });
        }
    }
}

/// The right to send one request now, and to keep open what it opens. Dropping it says that it is over.
#[must_use = "what is dropped is given up"]
pub struct Permit {
    held: Held,
}

/// What becomes of a request that failed.
pub enum AfterFailure {
    /// It may go again, with this permit: at once.
    Again(Permit),
    /// It is over.
    Over,
}

impl Permit {
    pub(super) const fn new(held: Held) -> Self {
        Self { held }
    }

    /// It has its answer, or what it opened is closed.
    pub fn done(mut self) {
        self.held.is_open = false;
        // It may have ended by itself, with its connection.
        self.held.shared.enter(|state, now| state.budget.done(self.held.ticket, now).ok());
    }

    /// The broker did not serve it. Waits until it may go again, when the class of the notice allows that.
    pub async fn failed(mut self, class: NoticeClass) -> Result<AfterFailure, NotPaced> {
        let (sender, told) = oneshot::channel();
        let ticket = self.held.ticket;
        let failure = self.held.shared.enter(|state, now| {
            let failure = state.budget.failed(ticket, class, now);
            if let Ok(Failure::Again { .. }) = failure {
                state.waiting.insert(ticket, sender);
            }
            failure
        });
        match failure {
            Ok(Failure::Again { .. }) => self.held.until(told).await.map(AfterFailure::Again),
            Ok(Failure::Final) => {
                self.held.is_open = false;
                Ok(AfterFailure::Over)
            }
            Err(_) => {
                self.held.is_open = false;
                Err(NotPaced::Lost)
            }
        }
    }
}

impl std::fmt::Debug for Permit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Permit").field("ticket", &self.held.ticket).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for AfterFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Again(_) => "Again",
            Self::Over => "Over",
        })
    }
}
