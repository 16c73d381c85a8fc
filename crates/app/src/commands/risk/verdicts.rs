//! What the risk gate said of the orders of the last entries of the journal, and how many there were.

use serde::Serialize;
use std::collections::BTreeMap;
use tradeport_kernel::{AccountId, OrderKey, StrategyId, Timestamp};
use tradeport_orders::{JournalEvent, JournalRecord, OrderBook, OrderInput, OrderJournal, RiskFinding};

/// So many records are read in one go.
const PAGE: usize = 10_000;
const NANOS_PER_DAY: i64 = 86_400_000_000_000;
const NANOS_PER_MINUTE: i64 = 60_000_000_000;

/// One verdict.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Verdict {
    pub(super) at: Timestamp,
    pub(super) key: OrderKey,
    pub(super) approved: bool,
    /// The rule that stopped it.
    pub(super) rule: Option<String>,
    /// What that rule saw.
    pub(super) number: Option<String>,
    /// What it allows.
    pub(super) limit: Option<String>,
    /// Every rule that let it pass, with its number and its limit.
    pub(super) findings: Vec<RiskFinding>,
}

/// What the journal tells about the use of limits.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The last verdicts, the latest first.
    pub(super) verdicts: Vec<Verdict>,
    /// Orders that were sent today and in the last minute, by account.
    pub(super) sent: BTreeMap<AccountId, Sent>,
    /// The same of each strategy in each account.
    pub(super) by_strategy: BTreeMap<(AccountId, StrategyId), Sent>,
    pub(super) working: u32,
    pub(super) unknown: u32,
}

/// How many orders were sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    pub(super) today: u32,
    pub(super) last_minute: u32,
}

impl Sent {
    fn count(&mut self, at: Timestamp, now: Timestamp) {
        let day = |at: Timestamp| at.nanos().div_euclid(NANOS_PER_DAY);
        self.today += u32::from(day(at) == day(now));
        let age = now.nanos().saturating_sub(at.nanos());
        self.last_minute += u32::from((0..=NANOS_PER_MINUTE).contains(&age));
    }
}

/// Reads the journal from its beginning: whose an order is stands in its intent.
pub(super) async fn read(journal: &dyn OrderJournal, now: Timestamp, most: usize) -> anyhow::Result<Told> {
    let (mut told, mut book, mut after) = (Told::default(), OrderBook::default(), 0);
    loop {
        let page = journal.read(after, PAGE).await?;
        for record in &page {
            after = record.sequence;
            book.apply(&record.entry)?;
            take(&mut told, record, &book, now);
            if told.verdicts.len() > most.saturating_mul(2).max(PAGE) {
                told.verdicts.drain(..PAGE.saturating_sub(most));
            }
        }
        if page.len() < PAGE {
            break;
        }
    }
    told.verdicts.reverse();
    told.verdicts.truncate(most);
    for order in book.iter().filter(|order| order.state().may_trade()) {
        told.working += 1;
        told.unknown += u32::from(order.state() == tradeport_orders::OrderState::Unknown);
    }
    Ok(told)
}

fn take(told: &mut Told, record: &JournalRecord, book: &OrderBook, now: Timestamp) {
    let JournalEvent::Happened { input } = &record.entry.event else { return };
    let (at, key) = (record.entry.at, &record.entry.key);
    let verdict = |approved| Verdict {
        at,
        key: key.clone(),
        approved,
        rule: None,
        number: None,
        limit: None,
        findings: Vec::new(),
    };
    match &**input {
        OrderInput::RiskApproved { findings } => {
            told.verdicts.push(Verdict { findings: findings.to_vec(), ..verdict(true) });
        }
        OrderInput::RiskRefused { rule, number, limit } => told.verdicts.push(Verdict {
            rule: Some(rule.clone()),
            number: Some(number.clone()),
            limit: Some(limit.clone()).filter(|limit| !limit.is_empty()),
            ..verdict(false)
        }),
        OrderInput::Sent => {
            let Some(order) = book.get(key) else { return };
            let account = order.intent().account();
            told.sent.entry(account.clone()).or_default().count(at, now);
            if let Some(strategy) = order.intent().strategy() {
                told.by_strategy.entry((account.clone(), strategy.clone())).or_default().count(at, now);
            }
        }
        _ => {}
    }
}
