//! `tradeport risk`: the limits and their use, the kill switch, and what the gate said last.
//!
//! The switch is a file of the folder, so these commands work beside a service as well as without one.

mod kill;
mod limits;
mod resume;
mod show;
mod verdicts;

use crate::Session;
use crate::cli::RiskCommand;
use crate::exit::Exit;
use tradeport_kernel::{AccountId, Timestamp};
use tradeport_sqlite::SqliteStores;

/// Who does what is done here, for the switch and for the audit log.
const ACTOR: &str = "command line";

/// Runs one of them.
pub(super) async fn run(command: RiskCommand, session: &Session) -> anyhow::Result<Exit> {
    match command {
        RiskCommand::Show(arguments) => show::run(arguments, session).await,
        RiskCommand::Kill(arguments) => kill::run(arguments.reason, session).await,
        RiskCommand::Resume(arguments) => resume::run(arguments.reason, session).await,
    }
}

/// The one account for which orders were sent from here; `None` where there were none yet, or those of several.
pub(super) async fn only_account(stores: &SqliteStores, now: Timestamp) -> anyhow::Result<Option<AccountId>> {
    let told = verdicts::read(&stores.journal(), now, 0).await?;
    let mut accounts = told.sent.into_keys();
    Ok(accounts.next().filter(|_| accounts.next().is_none()))
}
