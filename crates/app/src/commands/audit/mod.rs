//! `tradeport audit`: looking at the audit log, and checking it.
//!
//! It is read beside whoever writes it.

mod check;
mod show;
mod verify;

use crate::Session;
use crate::cli::AuditCommand;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::wiring;
use tradeport_sqlite::SqliteStores;

/// So many records are read in one go.
const PAGE: usize = 10_000;

/// Runs one of the commands about the audit log.
pub(super) async fn run(command: AuditCommand, session: &Session) -> anyhow::Result<Exit> {
    match command {
        AuditCommand::Verify(arguments) => verify::run(&arguments, session).await,
        AuditCommand::Show(arguments) => show::run(&arguments, session).await,
    }
}

fn stores(session: &Session) -> anyhow::Result<SqliteStores> {
    let stores = wiring::read_stores(session.config(), session.clock())?;
    let none =
        || Fault::failed("there is no audit log yet", "it begins with the first order or with the service");
    Ok(stores.ok_or_else(none)?)
}
