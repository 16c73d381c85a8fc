//! What the journal says of the same things, by the code that the platform itself uses.

use super::lines::told;
use super::said::Said;
use super::{FactLine, Verdict};
use std::collections::{BTreeMap, HashMap, HashSet};
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{JournalEvent, JournalRecord, Order, OrderBook, OrderInput, OrphanEntry};

/// The journal, replayed, to be held against what the log comes to.
#[derive(Clone, Debug, Default)]
pub struct JournalWitness {
    book: OrderBook,
    verdicts: HashMap<OrderKey, Vec<Verdict>>,
    /// Orders that began before the log did.
    older: HashSet<OrderKey>,
    begun_after: u64,
    last: u64,
    /// What each record says that the log should tell of.
    said: Vec<Said>,
}

impl JournalWitness {
    /// For a log that tells of what the journal holds after this record.
    #[must_use]
    pub fn of_log_begun_after(sequence: u64) -> Self {
        Self { begun_after: sequence, ..Self::default() }
    }

    /// Takes the next record of the journal.
    pub fn take(&mut self, record: &JournalRecord) -> Result<(), OrphanEntry> {
        let entry = &record.entry;
        self.book.apply(entry)?;
        self.last = record.sequence;
        if record.sequence > self.begun_after {
            let (action, line) = told(FactLine::default(), entry);
            self.said.push(Said::of(action, entry.key.as_str(), entry.at, &line.into_facts()));
        }
        match &entry.event {
            JournalEvent::Intended { .. } if record.sequence <= self.begun_after => {
                self.older.insert(entry.key.clone());
            }
            JournalEvent::Intended { .. } | JournalEvent::Split { .. } => {}
            JournalEvent::Happened { input } => {
                let found = verdicts(input);
                if !found.is_empty() {
                    self.verdicts.entry(entry.key.clone()).or_default().extend(found);
                }
            }
        }
        Ok(())
    }

    /// The orders that the log should tell of.
    pub(super) fn orders(&self) -> impl Iterator<Item = &Order> {
        self.book.iter().filter(|order| !self.older.contains(order.intent().key()))
    }

    pub(super) fn verdicts(&self, key: &OrderKey) -> &[Verdict] {
        self.verdicts.get(key).map_or(&[], Vec::as_slice)
    }

    /// What each record says that the log should tell of, from the first.
    pub(super) fn said(&self) -> &[Said] {
        &self.said
    }

    /// The number of that first one.
    pub(super) const fn first(&self) -> u64 {
        self.begun_after.saturating_add(1)
    }

    /// What these orders have traded.
    pub(super) fn traded(&self) -> BTreeMap<(String, String), Decimal> {
        let mut traded = BTreeMap::new();
        for one in self.orders().flat_map(Order::executions).filter(|one| one.part.moves_position()) {
            let of = (one.account.to_string(), one.symbol.to_string());
            *traded.entry(of).or_insert(Decimal::ZERO) += one.side.signed(one.quantity).as_decimal();
        }
        traded
    }

    /// The journal's last record.
    #[must_use]
    pub const fn last(&self) -> u64 {
        self.last
    }

    /// How many orders began before the log did, and are not compared.
    #[must_use]
    pub fn older(&self) -> usize {
        self.older.len()
    }
}

fn verdicts(input: &OrderInput) -> Vec<Verdict> {
    let verdict = |passed, rule: &str, number: String, limit: String| Verdict {
        passed,
        rule: rule.to_owned(),
        number,
        limit,
    };
    match input {
        OrderInput::RiskApproved { findings } => {
            let passed = findings
                .iter()
                .map(|one| verdict(true, &one.rule, one.number.to_string(), one.limit.to_string()));
            passed.collect()
        }
        OrderInput::RiskRefused { rule, number, limit } => {
            vec![verdict(false, rule, number.clone(), limit.clone())]
        }
        _ => Vec::new(),
    }
}
