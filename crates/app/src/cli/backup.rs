//! A backup, as it is asked for.

use clap::Args;
use std::path::PathBuf;

/// Where to.
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER)]
pub struct BackupArgs {
    /// The folder to make; nothing in it is overwritten
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,
}

const AFTER: &str = "Whoever trades or records goes on meanwhile: each database is copied as it is at one moment, looked through page by
page, and the chain of its audit log is checked before the command ends with 0.
To restore: stop the service, move the files of the data folder away, and copy those of the backup there; or give the
backup with --data-dir. What happened since then the journal does not know: run tradeport reconcile before you trade.";
