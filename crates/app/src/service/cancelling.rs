//! Cancels that commands ask of the service: it has the orders, so nobody else can.

use super::Service;
use crate::asking::{Answer, Asked, GOOD_FOR, Taken, Told, Which, Wish, clear, take};
use crate::fault::{Fault, cancel_failed, not_one_contract};
use std::path::PathBuf;
use std::time::Duration;
use tradeport_kernel::{Clock, Timestamp};
use tradeport_orders::CancelTag;
use tradeport_trading::{AuditEntry, AuditLog, OrderDesk};

/// So often it is looked whether somebody asks: a person waits.
const LOOK_EVERY: Duration = Duration::from_millis(200);
/// What is asked for, in the audit log.
const CANCEL_ASKED: &str = "cancel asked";

/// Where to look for wishes.
pub(super) struct Cancelling {
    folder: PathBuf,
}

impl Cancelling {
    /// From now on; whatever an earlier service left undone is not done any more.
    pub(super) fn new(folder: PathBuf) -> Self {
        clear(&folder);
        Self { folder }
    }

    /// When to look again.
    pub(super) fn next_look(clock: &dyn Clock) -> Timestamp {
        clock.now().after(LOOK_EVERY)
    }

    /// Does what was asked for, and answers.
    pub(super) async fn look(&self, service: &Service) -> anyhow::Result<()> {
        for taken in take(&self.folder) {
            let answer: Answer = fulfil(&taken, service).await.map_err(|error| Told::from(&error));
            // What a simulated broker says of it is kept and taken in before anybody is told.
            if service.plant.simulated().is_some() {
                service.take_in().await?;
            }
            if let Err(error) = taken.answer(&answer) {
                tracing::warn!(error = format!("{error:#}"), "what became of a cancel could not be told");
            }
        }
        Ok(())
    }
}

async fn fulfil(taken: &Taken, service: &Service) -> anyhow::Result<Vec<Asked>> {
    let Wish { at, by, cancel } = &taken.wish;
    let now = service.session.clock().now();
    if now > at.after(GOOD_FOR) {
        let message = "the service took the wish too late: nothing was cancelled";
        return Err(Fault::failed(message, "the same again").into());
    }
    let desk = service.board.desk.get().filter(|_| service.handle_is_ready());
    let Some(desk) = desk else {
        let message = "there is no link to the broker: nothing was cancelled";
        let advice = "tradeport status tells more; tradeport risk kill cancels everything once there is one";
        return Err(Fault::failed(message, advice).into());
    };
    let (subject, detail) = match cancel {
        Which::One(key) => (key.to_string(), String::new()),
        Which::All { account, instrument } => {
            let account = account.as_ref().map(|it| format!("account={it}"));
            let instrument = instrument.as_ref().map(|it| format!("instrument={it}"));
            ("all".to_owned(), account.into_iter().chain(instrument).collect::<Vec<_>>().join(" "))
        }
    };
    let entry = AuditEntry { at: now, actor: by.clone(), action: CANCEL_ASKED.to_owned(), subject, detail };
    // Who wanted it is durable before anything leaves.
    service.plant.stores.audit().append(&[entry]).await?;
    cancelled(cancel, desk, service).await
}

async fn cancelled(which: &Which, desk: &OrderDesk, service: &Service) -> anyhow::Result<Vec<Asked>> {
    let done = match which {
        Which::One(key) => {
            let outcome = desk.cancel(key, CancelTag::default()).await;
            outcome.map_err(|error| cancel_failed(key, error))?;
            return Ok(vec![Asked { key: key.clone(), error: None }]);
        }
        Which::All { account, instrument } => {
            let symbol = match instrument {
                Some(instrument) => {
                    let found = service.lines[0].ports.catalog.resolve(instrument).await;
                    Some(found.map_err(|error| not_one_contract(error, instrument, None))?.symbol())
                }
                None => None,
            };
            crate::asking::cancel_all(desk, account.as_ref(), symbol).await?
        }
    };
    let asked = done.into_iter().map(|it| {
        let error = it.outcome.err().map(|error| Told::from(&cancel_failed(&it.key, error)));
        Asked { key: it.key, error }
    });
    Ok(asked.collect())
}
