//! `tradeport backup`: the databases and what lies beside them, copied while they are in use, and checked.
//!
//! Left out: when to make one, and keeping it elsewhere.

use super::audit::{Checked, checked};
use crate::Session;
use crate::cli::BackupArgs;
use crate::exit::Exit;
use crate::fake::KeptState;
use crate::fault::Fault;
use crate::output::Grid;
use crate::wiring;
use anyhow::Context;
use serde::Serialize;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use tradeport_files::replace_file;
use tradeport_orders::OrderJournal;
use tradeport_sqlite::{OpenError, SqliteConfig, SqliteStores};
use tradeport_trading::audit::ChainHash;

/// What a data folder keeps beside its databases: copied after them, so that none of it is older.
const BESIDE: [&str; 2] = ["kill-switch.json", "breaks.json"];

/// What was copied.
#[derive(Serialize)]
struct Copied {
    folder: PathBuf,
    files: Vec<CopiedFile>,
    journal_records: u64,
    audit_records: u64,
    head: ChainHash,
    orders: usize,
}

#[derive(Serialize)]
struct CopiedFile {
    name: String,
    bytes: u64,
}

/// Makes a backup and prints what is in it.
pub(super) async fn run(arguments: &BackupArgs, session: &Session) -> anyhow::Result<Exit> {
    let folder = std::path::absolute(&arguments.folder).context("this folder has no name")?;
    if folder.to_str().is_none() {
        let message = format!("{} cannot hold a backup: its name is not UTF-8", folder.display());
        return Err(Fault::usage(message, "another name").into());
    }
    check_free(&folder)?;
    let none = || Fault::failed("there is nothing to copy yet", "record or trade something first");
    let stores = wiring::read_orders(session)?.ok_or_else(none)?;
    can_be_copied(&stores)?;
    session.output().say("copying the databases; they stay in use meanwhile");
    stores.backup(&folder).await?;
    copy_beside(&session.storage()?.folder, &folder)?;
    let copied = looked_through(folder, session).await?;
    if session.output().is_json() {
        session.output().document(&copied)?;
    } else {
        session.output().grid(&facts(&copied))?;
        let storage = session.storage()?;
        session.output().say(&format!(
            "to restore it: stop the service, move {} and {} with all that begins with their names away, and copy orders.db \
             and market.db there under these names, and the other files beside them; then tradeport reconcile",
            storage.orders.display(),
            storage.market.display()
        ));
    }
    Ok(Exit::Done)
}

/// A backup without market data is no backup, unless there is none.
fn can_be_copied(stores: &SqliteStores) -> anyhow::Result<()> {
    match stores.without_market() {
        None | Some(OpenError::Missing { .. }) => Ok(()),
        Some(why) => {
            let advice = "move the file of market data away, and the same again copies what else there is";
            Err(Fault::failed(format!("nothing was copied: {why}"), advice).into())
        }
    }
}

/// A folder that is there must be empty: what is in it may be the only backup.
fn check_free(folder: &Path) -> anyhow::Result<()> {
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            let message = format!("{} is no folder for a backup", folder.display());
            return Err(Fault::failed(message, "name a new folder").because(error).into());
        }
    };
    match entries.next() {
        None => Ok(()),
        Some(_) => {
            let message = format!("{} is there already, and nothing in it is overwritten", folder.display());
            Err(Fault::failed(message, "name a new folder").into())
        }
    }
}

fn copy_beside(from: &Path, to: &Path) -> anyhow::Result<()> {
    let simulated = KeptState::within(from).path().file_name().map(PathBuf::from);
    for name in BESIDE.into_iter().map(PathBuf::from).chain(simulated) {
        let bytes = match fs::read(from.join(&name)) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", name.display())),
        };
        replace_file(&to.join(&name), &[&bytes])
            .with_context(|| format!("{} cannot be copied", name.display()))?;
    }
    Ok(())
}

/// Opens the copy as whoever restores it will, and checks its log.
async fn looked_through(folder: PathBuf, session: &Session) -> anyhow::Result<Copied> {
    let of_copy = || format!("the copy in {} is not to be trusted", folder.display());
    let stores = SqliteStores::open_orders_read_only(&SqliteConfig::in_folder(&folder)?, session.clock())
        .with_context(of_copy)?;
    let Checked { records, head, orders } = checked(&stores).await.with_context(of_copy)?;
    let journal_records = stores.journal().last().await?;
    drop(stores);
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        files.push(CopiedFile { name, bytes: entry.metadata()?.len() });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Copied { folder, files, journal_records, audit_records: records, head, orders })
}

fn facts(copied: &Copied) -> Grid {
    let mut grid = Grid::facts();
    grid.fact("backup", copied.folder.display().to_string());
    for file in &copied.files {
        grid.fact("file", format!("{}, {} bytes", file.name, file.bytes));
    }
    grid.fact("journal", format!("{} records", copied.journal_records));
    grid.fact("audit log", format!("{} records, its chain is whole", copied.audit_records));
    grid.fact("head", copied.head.to_string());
    grid.fact("orders rebuilt", copied.orders.to_string());
    grid
}
