//! Reconciliation while the service runs: on a timer, and when somebody asks.

use crate::reconciling::{answer_with, asked, fulfil};
use crate::wiring::Plant;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::Held;
use tradeport_kernel::{Clock, Timestamp};
use tradeport_trading::OrderDesk;

/// So often it is looked whether somebody asks.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What the alarm is about.
const CONDITION: &str = "reconciliation";

/// When it is due.
pub(super) struct Reconciling {
    clock: Arc<dyn Clock>,
    every: Duration,
    folder: PathBuf,
    actor: String,
    due: Timestamp,
}

impl Reconciling {
    pub(super) fn new(clock: Arc<dyn Clock>, every: Duration, folder: PathBuf, actor: &str) -> Self {
        let due = clock.now().after(every);
        Self { clock, every, folder, actor: actor.to_owned(), due }
    }

    /// When there is something to look at.
    pub(super) fn next_look(&self) -> Timestamp {
        self.due.min(self.clock.now().after(LOOK_EVERY))
    }

    /// Does what is due and what was asked for, on a link that stands; else this is why it does not.
    pub(super) async fn look(&mut self, desk: &OrderDesk, plant: &Plant, unready: Option<Held>) {
        let ready = unready.is_none();
        if let Some(wish) = asked(&self.folder) {
            let done = match (unready, plant.keep()) {
                (Some(why), _) => Err(anyhow::anyhow!("{why}: tradeport status tells more")),
                (None, Err(error)) => Err(error),
                (None, Ok(())) => fulfil(desk, &wish, &self.actor).await,
            };
            if let Err(error) = answer_with(&self.folder, &wish, done) {
                tracing::warn!(%error, "what was found could not be told");
            }
        }
        if self.clock.now() < self.due || !ready {
            return;
        }
        self.due = self.clock.now().after(self.every);
        // What a simulated broker has said is kept by itself before it is taken in.
        let reconciled = match plant.keep() {
            Ok(()) => desk.reconcile(None).await.map_err(anyhow::Error::from),
            Err(error) => Err(error),
        };
        match reconciled {
            Ok(_) => plant.alarms.clear(CONDITION, self.clock.now()),
            Err(error) => {
                let text = format!("what is known could not be held against the broker: {error:#}");
                plant.alarms.note(CONDITION, text, self.clock.now());
            }
        }
    }
}
