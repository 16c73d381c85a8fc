//! `tradeport risk resume`: orders may leave again.

use super::ACTOR;
use crate::Session;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::wiring::{Access, open_orders, switch_of};
use serde::Serialize;
use tradeport_risk::{Resume, SwitchReason, SwitchStore};
use tradeport_sqlite::OpenError;
use tradeport_trading::{AuditEntry, AuditLog};

/// What was done, for JSON.
#[derive(Serialize)]
struct Resumed {
    resumed: Resume,
}

/// Opens the switch of the kill that stands.
pub(super) async fn run(reason: SwitchReason, session: &Session) -> anyhow::Result<Exit> {
    let switch = switch_of(session)?;
    let Some(kill) = switch.look().await.kill().cloned() else {
        return Err(Fault::failed("the kill switch is open: there is nothing to resume", "nothing").into());
    };
    let resume = Resume { kill, at: session.clock().now(), by: ACTOR.to_owned(), reason };
    switch.resume(&resume).await?;
    write_down(&resume, session).await;
    if session.output().is_json() {
        session.output().document(&Resumed { resumed: resume })?;
    } else {
        session.output().text(&format!("orders may leave again; it was {}", resume.kill))?;
    }
    Ok(Exit::Done)
}

/// A service that runs writes it down by itself; it has the databases then.
async fn write_down(resume: &Resume, session: &Session) {
    let written = async {
        if !session.storage()?.orders.exists() {
            return Ok(());
        }
        let stores = open_orders(session, Access::Write)?;
        let entry = AuditEntry {
            at: resume.at,
            actor: resume.by.clone(),
            action: "kill switch resumed".to_owned(),
            subject: "kill switch".to_owned(),
            detail: resume.to_string(),
        };
        Ok::<_, anyhow::Error>(stores.audit().append(&[entry]).await?)
    };
    match written.await {
        Ok(()) => {}
        Err(error) if matches!(error.downcast_ref(), Some(OpenError::InUse { .. })) => {
            tracing::debug!("whoever has the databases writes it down");
        }
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), "that the switch was resumed was not written down");
        }
    }
}
