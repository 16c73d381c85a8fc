//! Printing records of the audit log, with all details.

use super::{PAGE, stores};
use crate::Session;
use crate::cli::ShowArgs;
use crate::exit::Exit;
use serde::Serialize;
use std::collections::{BTreeMap, VecDeque};
use tradeport_kernel::Timestamp;
use tradeport_trading::audit::{ChainHash, Facts};
use tradeport_trading::{AuditLog, AuditRecord};

#[derive(Serialize)]
struct RecordView<'a> {
    sequence: u64,
    at: Timestamp,
    actor: &'a str,
    action: &'a str,
    subject: &'a str,
    detail: &'a str,
    /// The detail by its names; `null` where it is but a text.
    facts: Option<BTreeMap<String, Vec<String>>>,
    hash: ChainHash,
}

/// Prints the latest records that are asked for, the oldest first.
pub(super) async fn run(wanted: &ShowArgs, session: &Session) -> anyhow::Result<Exit> {
    let audit = stores(session)?.audit();
    let most = usize::try_from(wanted.limit)?;
    let mut found: VecDeque<AuditRecord> = VecDeque::new();
    let mut after = 0;
    loop {
        let page = audit.read(after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.sequence;
        for record in page.into_iter().filter(|record| is_wanted(record, wanted)) {
            if found.len() == most {
                found.pop_front();
            }
            found.push_back(record);
        }
    }
    if session.output().is_json() {
        let views: Vec<_> = found.iter().map(RecordView::of).collect();
        session.output().document(&views)?;
    } else if found.is_empty() {
        session.output().say("no such records");
    } else {
        for record in &found {
            session.output().row(&words(record))?;
        }
    }
    Ok(Exit::Done)
}

fn is_wanted(record: &AuditRecord, wanted: &ShowArgs) -> bool {
    let entry = &record.entry;
    let of_order = wanted.order.as_ref().is_none_or(|key| {
        let facts = || entry.detail.parse::<Facts>().ok();
        entry.subject == key.as_str() || facts().is_some_and(|facts| facts.get("order") == Some(key.as_str()))
    });
    of_order && wanted.since.is_none_or(|since| entry.at >= since.timestamp())
}

/// One line that says what, and one with the details.
fn words(record: &AuditRecord) -> String {
    let entry = &record.entry;
    let (actor, subject) = (one_line(&entry.actor), one_line(&entry.subject));
    let head =
        format!("{:>6}  {}  {}: {} {subject}", record.sequence, entry.at, actor, one_line(&entry.action));
    if entry.detail.is_empty() { head } else { format!("{head}\n        {}", one_line(&entry.detail)) }
}

/// What is in a log must not move the cursor of whoever reads it.
fn one_line(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

impl<'a> RecordView<'a> {
    fn of(record: &'a AuditRecord) -> Self {
        let entry = &record.entry;
        let facts = entry.detail.parse::<Facts>().ok().map(|facts| {
            let mut named: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, value) in facts.iter() {
                named.entry(name.to_owned()).or_default().push(value.to_owned());
            }
            named
        });
        Self {
            sequence: record.sequence,
            at: entry.at,
            actor: &entry.actor,
            action: &entry.action,
            subject: &entry.subject,
            detail: &entry.detail,
            facts,
            hash: record.hash,
        }
    }
}
