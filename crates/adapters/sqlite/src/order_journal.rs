//! `OrderJournal` in the orders file: append-only, with the state of each order beside it.

use crate::database::Database;
use crate::error::{store_error, unreadable};
use crate::order_projection::{OrdersMemory, project, rebuild, write_state};
use crate::schema::{journal, journal_checkpoint};
use crate::writer::Session;
use async_trait::async_trait;
use diesel::dsl::max;
use diesel::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;
use tradeport_kernel::{OrderKey, StoreError, Timestamp};
use tradeport_orders::{
    Applied, JournalCheckpoint, JournalEntry, JournalError, JournalEvent, JournalReceipt, JournalRecord,
    OrderJournal,
};
use tradeport_trading::audit::line_of;

const INTENDED: &str = "intended";
const HAPPENED: &str = "happened";
/// The one row of the checkpoint.
const ONE: i64 = 1;

/// The journal of orders in the orders file. Cheap to clone; all clones are one journal.
#[derive(Clone)]
pub struct SqliteJournal {
    database: Arc<Database<OrdersMemory>>,
    /// On whose behalf the audit log is told of each entry, if it is.
    audited_for: Option<Arc<str>>,
}

/// A record as it lies in the file: sequence, moment, key, payload.
pub(crate) type Row = (i64, i64, String, String);

impl SqliteJournal {
    pub(crate) const fn new(database: Arc<Database<OrdersMemory>>) -> Self {
        Self { database, audited_for: None }
    }

    /// The same journal, telling the audit log of each entry that it keeps, on behalf of `actor`: in the same transaction,
    /// so that both have it or neither.
    #[must_use]
    pub fn audited(self, actor: &str) -> Self {
        Self { audited_for: Some(Arc::from(actor)), ..self }
    }

    /// Makes the table of current states anew from the journal, which alone is the truth; returns how many orders it
    /// holds. All or nothing.
    pub async fn rebuild_projections(&self) -> Result<u64, StoreError> {
        self.database.write(rebuild).await
    }
}

#[async_trait]
impl OrderJournal for SqliteJournal {
    async fn append(&self, entries: &[JournalEntry]) -> Result<Vec<JournalReceipt>, JournalError> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let entries = entries
            .iter()
            .map(|entry| Ok((entry.clone(), serde_json::to_string(&entry.event)?)))
            .collect::<Result<Vec<_>, serde_json::Error>>()
            .map_err(unreadable)?;
        let actor = self.audited_for.clone();
        self.database.write(move |session| keep_all(session, &entries, actor.as_deref())).await
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<JournalRecord>, JournalError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.database.read(move |connection| records_after(connection, after, limit)).await?)
    }

    async fn of(&self, key: &OrderKey) -> Result<Vec<JournalRecord>, JournalError> {
        let key = key.clone();
        Ok(self.database.read(move |connection| records_of(connection, &key)).await?)
    }

    async fn last(&self) -> Result<u64, JournalError> {
        let last = self.database.read(last_sequence).await?.unwrap_or(0);
        Ok(u64::try_from(last).map_err(unreadable)?)
    }

    async fn keep_checkpoint(&self, checkpoint: &JournalCheckpoint) -> Result<(), JournalError> {
        let sequence = i64::try_from(checkpoint.sequence).map_err(unreadable)?;
        let document = checkpoint.document.clone();
        self.database.write(move |session| replace_checkpoint(session, sequence, &document)).await
    }

    async fn checkpoint(&self) -> Result<Option<JournalCheckpoint>, JournalError> {
        let row: Option<(i64, String)> = self.database.read(kept_checkpoint).await?;
        let read = |(sequence, document)| {
            let sequence = u64::try_from(sequence).map_err(unreadable)?;
            Ok(JournalCheckpoint { sequence, document })
        };
        row.map(read).transpose()
    }
}

fn replace_checkpoint(
    session: &mut Session<OrdersMemory>,
    sequence: i64,
    document: &str,
) -> Result<(), JournalError> {
    let row = (
        journal_checkpoint::one.eq(ONE),
        journal_checkpoint::sequence.eq(sequence),
        journal_checkpoint::document.eq(document),
    );
    let kept = diesel::replace_into(journal_checkpoint::table).values(row).execute(&mut session.connection);
    Ok(kept.map(|_| ()).map_err(store_error)?)
}

fn kept_checkpoint(connection: &mut SqliteConnection) -> Result<Option<(i64, String)>, StoreError> {
    let row = journal_checkpoint::table.find(ONE);
    row.select((journal_checkpoint::sequence, journal_checkpoint::document))
        .first(connection)
        .optional()
        .map_err(store_error)
}

fn keep_all(
    session: &mut Session<OrdersMemory>,
    entries: &[(JournalEntry, String)],
    actor: Option<&str>,
) -> Result<Vec<JournalReceipt>, JournalError> {
    let mut receipts = Vec::with_capacity(entries.len());
    let mut lines = Vec::new();
    let mut last = BTreeMap::new();
    for (entry, payload) in entries {
        let (sequence, applied) = keep(session, entry, payload)?;
        let receipt = entry.kept_at(u64::try_from(sequence).map_err(unreadable)?);
        lines.extend(actor.map(|actor| line_of(actor, receipt.sequence(), entry, &applied)));
        last.insert(&entry.key, sequence);
        receipts.push(receipt);
    }
    for (key, sequence) in last {
        write_state(session, sequence, key)?;
    }
    if !lines.is_empty() {
        crate::audit_log::keep(session, &lines)?;
    }
    Ok(receipts)
}

fn keep(
    session: &mut Session<OrdersMemory>,
    entry: &JournalEntry,
    payload: &str,
) -> Result<(i64, Applied), JournalError> {
    let connection = &mut session.connection;
    let event = match &entry.event {
        JournalEvent::Intended { .. } => {
            refuse_second_intent(connection, &entry.key)?;
            INTENDED
        }
        JournalEvent::Happened { .. } => HAPPENED,
    };
    let sequence = session.memory.journal.next(|| last_sequence(connection))?;
    diesel::insert_into(journal::table)
        .values((
            journal::sequence.eq(sequence),
            journal::at.eq(entry.at.nanos()),
            journal::key.eq(entry.key.as_str()),
            journal::event.eq(event),
            journal::payload.eq(payload),
        ))
        .execute(connection)
        .map_err(store_error)?;
    Ok((sequence, project(session, sequence, entry)?))
}

fn refuse_second_intent(connection: &mut SqliteConnection, key: &OrderKey) -> Result<(), JournalError> {
    let first = journal::table.filter(journal::key.eq(key.as_str())).filter(journal::event.eq(INTENDED));
    let first: Option<i64> =
        first.select(journal::sequence).first(connection).optional().map_err(store_error)?;
    match first {
        Some(_) => Err(JournalError::DuplicateIntent(key.clone())),
        None => Ok(()),
    }
}

fn last_sequence(connection: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
    journal::table.select(max(journal::sequence)).first(connection).map_err(store_error)
}

/// At most `limit` records after a sequence, in order.
pub(crate) fn records_after(
    connection: &mut SqliteConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<JournalRecord>, StoreError> {
    let rows: Vec<Row> = journal::table
        .filter(journal::sequence.gt(after))
        .order(journal::sequence)
        .limit(limit)
        .select((journal::sequence, journal::at, journal::key, journal::payload))
        .load(connection)
        .map_err(store_error)?;
    rows.iter().map(to_record).collect()
}

/// The records of one order, in order.
pub(crate) fn records_of(
    connection: &mut SqliteConnection,
    key: &OrderKey,
) -> Result<Vec<JournalRecord>, StoreError> {
    let rows: Vec<Row> = journal::table
        .filter(journal::key.eq(key.as_str()))
        .order(journal::sequence)
        .select((journal::sequence, journal::at, journal::key, journal::payload))
        .load(connection)
        .map_err(store_error)?;
    rows.iter().map(to_record).collect()
}

fn to_record((sequence, at, key, payload): &Row) -> Result<JournalRecord, StoreError> {
    let key = OrderKey::new(key).map_err(unreadable)?;
    let event = serde_json::from_str(payload).map_err(unreadable)?;
    let entry = JournalEntry { key, at: Timestamp::from_nanos(*at), event };
    Ok(JournalRecord { sequence: u64::try_from(*sequence).map_err(unreadable)?, entry })
}
