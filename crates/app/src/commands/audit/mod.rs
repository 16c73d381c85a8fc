//! `tradeport audit`: looking at the audit log, and checking it.
//!
//! It is read beside whoever writes it.

mod check;
mod rebuild;
mod show;
mod verify;

use crate::Session;
use crate::cli::AuditCommand;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::wiring;
use tradeport_sqlite::SqliteStores;
use tradeport_trading::audit::ChainHash;

/// So many records are read in one go.
const PAGE: usize = 10_000;

/// Runs one of the commands about the audit log.
pub(super) async fn run(command: AuditCommand, session: &Session) -> anyhow::Result<Exit> {
    match command {
        AuditCommand::Verify(arguments) => verify::run(&arguments, session).await,
        AuditCommand::Show(arguments) => show::run(&arguments, session).await,
        AuditCommand::Rebuild => rebuild::run(session).await,
    }
}

/// What a log comes to that is whole.
pub(super) struct Checked {
    pub(super) records: u64,
    pub(super) head: ChainHash,
    pub(super) orders: usize,
}

/// Checks the log of these databases as `audit verify` does. Errors: what it would say of one that is not whole.
pub(super) async fn checked(stores: &SqliteStores) -> anyhow::Result<Checked> {
    let found = check::check(stores, None).await?;
    match verify::fault_of(&found, None) {
        Some(fault) => Err(fault.into()),
        None => Ok(Checked { records: found.head.sequence, head: found.head.hash, orders: found.orders }),
    }
}

fn stores(session: &Session) -> anyhow::Result<SqliteStores> {
    let stores = wiring::read_orders(session)?;
    let none =
        || Fault::failed("there is no audit log yet", "it begins with the first order or with the service");
    Ok(stores.ok_or_else(none)?)
}
