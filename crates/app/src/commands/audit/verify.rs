//! Telling whether the audit log can be trusted.

use super::check::{Found, check};
use super::stores;
use crate::Session;
use crate::cli::VerifyArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::Grid;
use serde::Serialize;
use tradeport_sqlite::{Examined, SchemaDifference, SchemaFault};
use tradeport_trading::audit::{ChainHash, Difference};

/// So many differences are told one by one.
const MOST_TOLD: usize = 20;

#[derive(Serialize)]
struct Verdict {
    whole: bool,
    records: u64,
    head: ChainHash,
    kept_head: Option<u64>,
    broken: Option<String>,
    damage: Option<String>,
    schema: Vec<String>,
    orders: usize,
    verdicts: usize,
    accounts: usize,
    not_compared: usize,
    differences: Vec<DifferenceView>,
}

#[derive(Serialize)]
struct DifferenceView {
    subject: String,
    what: &'static str,
    log: String,
    other: String,
}

/// Checks the log and prints what was found.
pub(super) async fn run(wanted: &VerifyArgs, session: &Session) -> anyhow::Result<Exit> {
    let stores = stores(session)?;
    let found = check(&stores, wanted.head).await?;
    let fault = fault_of(&found, wanted.head);
    if session.output().is_json() {
        session.output().document(&Verdict::of(&found, fault.is_none()))?;
    } else {
        session.output().grid(&facts(&found))?;
    }
    match fault {
        None => Ok(Exit::Done),
        Some(fault) => Err(fault.into()),
    }
}

fn facts(found: &Found) -> Grid {
    let mut grid = Grid::facts();
    grid.fact("records", found.head.sequence.to_string());
    grid.fact("head", found.head.hash.to_string());
    if let Some(kept) = found.kept {
        grid.fact("kept head", format!("record {kept}: nothing up to it has changed"));
    }
    grid.fact("orders rebuilt", found.orders.to_string());
    grid.fact("verdicts rebuilt", found.verdicts.to_string());
    grid.fact("accounts", found.accounts.to_string());
    if found.older > 0 {
        grid.fact("not compared", format!("{} orders from before the log", found.older));
    }
    for difference in all_of(found).take(MOST_TOLD) {
        grid.fact("differs", difference.to_string());
    }
    for difference in found.file.schema.iter().take(MOST_TOLD) {
        grid.fact("schema", difference.to_string());
    }
    grid
}

pub(super) fn fault_of(found: &Found, wanted: Option<ChainHash>) -> Option<Fault> {
    let restore =
        "restore the database from a backup whose head you know, and find out who wrote to this one";
    if let Some(damage) = &found.file.damage {
        let message = format!("the database is damaged: {damage}");
        return Some(Fault::failed(message, "keep a copy of it as it is, then restore a backup"));
    }
    if let Some(broken) = &found.broken {
        let message = format!("the audit log was changed: {broken}");
        return Some(Fault::failed(message, restore));
    }
    if let Some(hash) = wanted.filter(|_| found.kept.is_none()) {
        let message = format!("no record of the audit log has the hash {hash}: it was told anew since then");
        return Some(Fault::failed(message, restore));
    }
    if let Some(forgot) = &found.forgot {
        let message = format!("the audit log is not what it was: {forgot}, by the high-water mark beside it");
        return Some(Fault::failed(message, restore));
    }
    if let Some(unreadable) = &found.unreadable {
        let message = format!("the audit log cannot be rebuilt: {unreadable}");
        return Some(Fault::failed(message, "look at it with tradeport audit show"));
    }
    if let Some(first) = found.differences.first() {
        let message =
            format!("the audit log and the other tables differ: {first}{}", and_more(&found.differences));
        let advice = "trust the log, whose chain holds: look at it with tradeport audit show";
        return Some(Fault::failed(message, advice));
    }
    fault_of_file(&found.file)
}

fn all_of(found: &Found) -> impl Iterator<Item = &Difference> {
    found.differences.iter().chain(&found.file.kept).chain(&found.file.orders)
}

fn and_more<T>(all: &[T]) -> String {
    if all.len() > 1 { format!("; {} more", all.len() - 1) } else { String::new() }
}

/// Journal and log are whole; what is wrong beside them?
fn fault_of_file(file: &Examined) -> Option<Fault> {
    if let Some(unreadable) = &file.unreadable {
        let message = format!("the database cannot be read: {unreadable}");
        return Some(Fault::failed(message, "keep a copy of it as it is, then restore a backup"));
    }
    if let Some(first) = file.schema.first() {
        let message = format!("the schema of the database was changed: {first}{}", and_more(&file.schema));
        let is_made_anew = |it: &SchemaDifference| it.kind != "table" && it.fault != SchemaFault::Foreign;
        let advice = if file.schema.iter().all(is_made_anew) {
            "tradeport audit rebuild makes it anew; find out who wrote to this database"
        } else {
            "keep a copy of it as it is, then restore a backup; tradeport audit rebuild makes indices, triggers and views anew"
        };
        return Some(Fault::failed(message, advice));
    }
    if let Some(first) = file.kept.first() {
        let message = format!("what was kept does not agree with itself: {first}{}", and_more(&file.kept));
        return Some(Fault::failed(
            message,
            "find out who wrote to this database; a backup holds what it was",
        ));
    }
    let first = file.orders.first()?;
    let message =
        format!("the table of orders is not what the journal comes to: {first}{}", and_more(&file.orders));
    let advice =
        "tradeport audit rebuild makes the table of orders anew from the journal, which the log agrees with";
    Some(Fault::failed(message, advice))
}

impl Verdict {
    fn of(found: &Found, whole: bool) -> Self {
        let broken = found.broken.as_ref().map(ToString::to_string);
        let broken = broken.or_else(|| found.forgot.clone()).or_else(|| found.unreadable.clone());
        Self {
            whole,
            records: found.head.sequence,
            head: found.head.hash,
            kept_head: found.kept,
            broken,
            damage: found.file.damage.clone().or_else(|| found.file.unreadable.clone()),
            schema: found.file.schema.iter().map(ToString::to_string).collect(),
            orders: found.orders,
            verdicts: found.verdicts,
            accounts: found.accounts,
            not_compared: found.older,
            differences: all_of(found).map(DifferenceView::of).collect(),
        }
    }
}

impl DifferenceView {
    fn of(difference: &Difference) -> Self {
        let Difference { subject, what, log, other } = difference.clone();
        Self { subject, what, log, other }
    }
}
