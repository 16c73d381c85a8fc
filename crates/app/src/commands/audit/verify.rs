//! Telling whether the audit log can be trusted.

use super::check::{Found, check};
use super::stores;
use crate::Session;
use crate::cli::VerifyArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::Grid;
use serde::Serialize;
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
    for difference in found.differences.iter().take(MOST_TOLD) {
        grid.fact("differs", difference.to_string());
    }
    grid
}

pub(super) fn fault_of(found: &Found, wanted: Option<ChainHash>) -> Option<Fault> {
    let restore =
        "restore the database from a backup whose head you know, and find out who wrote to this one";
    if let Some(broken) = &found.broken {
        let message = format!("the audit log was changed: {broken}");
        return Some(Fault::failed(message, restore));
    }
    if let Some(hash) = wanted.filter(|_| found.kept.is_none()) {
        let message = format!("no record of the audit log has the hash {hash}: it was told anew since then");
        return Some(Fault::failed(message, restore));
    }
    if let Some(unreadable) = &found.unreadable {
        let message = format!("the audit log cannot be rebuilt: {unreadable}");
        return Some(Fault::failed(message, "look at it with tradeport audit show"));
    }
    let first = found.differences.first()?;
    let more = found.differences.len() - 1;
    let and = if more > 0 { format!("; {more} more") } else { String::new() };
    let message = format!("the audit log and the other tables differ: {first}{and}");
    Some(Fault::failed(message, "trust the log, whose chain holds: look at it with tradeport audit show"))
}

impl Verdict {
    fn of(found: &Found, whole: bool) -> Self {
        let broken = found.broken.as_ref().map(ToString::to_string).or_else(|| found.unreadable.clone());
        Self {
            whole,
            records: found.head.sequence,
            head: found.head.hash,
            kept_head: found.kept,
            broken,
            orders: found.orders,
            verdicts: found.verdicts,
            accounts: found.accounts,
            not_compared: found.older,
            differences: found.differences.iter().map(DifferenceView::of).collect(),
        }
    }
}

impl DifferenceView {
    fn of(difference: &Difference) -> Self {
        let Difference { subject, what, log, other } = difference.clone();
        Self { subject, what, log, other }
    }
}
