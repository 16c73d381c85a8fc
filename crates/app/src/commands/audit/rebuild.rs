//! Making anew what is made of the journal, where somebody has changed it: the table of orders, indices, triggers and views.

use super::check::check;
use super::verify::fault_of;
use crate::Session;
use crate::exit::Exit;
use crate::output::Grid;
use crate::wiring::{Access, actor_of_run, open_orders};
use serde::Serialize;
use tradeport_sqlite::Examined;
use tradeport_trading::{AuditEntry, AuditLog};

/// On whose behalf.
const ACTOR: &str = "command line";

/// What was made anew, for JSON.
#[derive(Serialize)]
struct Rebuilt {
    orders: u64,
    schema: Vec<String>,
}

/// Makes it anew, once journal and log are found to agree. Errors: they do not, or a service has the databases.
pub(super) async fn run(session: &Session) -> anyhow::Result<Exit> {
    let stores = open_orders(session, Access::Write)?;
    let mut found = check(&stores, None).await?;
    // What is to be mended is no reason not to.
    found.file = Examined { damage: found.file.damage.take(), ..Examined::default() };
    if let Some(fault) = fault_of(&found, None) {
        return Err(fault.into());
    }
    let (mended, orders) = stores.make_anew().await?;
    let rebuilt = Rebuilt { orders, schema: mended.iter().map(ToString::to_string).collect() };
    let entry = AuditEntry {
        at: session.clock().now(),
        actor: actor_of_run(ACTOR, session),
        action: "tables rebuilt".to_owned(),
        subject: "database".to_owned(),
        detail: rebuilt.schema.join("; "),
    };
    stores.audit().append(&[entry]).await?;
    if session.output().is_json() {
        session.output().document(&rebuilt)?;
    } else {
        let mut grid = Grid::facts();
        grid.fact("orders", format!("{orders}, from the journal"));
        rebuilt.schema.iter().for_each(|what| grid.fact("made anew", what.clone()));
        session.output().grid(&grid)?;
    }
    Ok(Exit::Done)
}
