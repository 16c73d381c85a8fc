//! `OrderJournal` in the orders file: append-only, with the state of each order beside it.

use crate::database::Database;
use crate::error::{store_error, unreadable};
use crate::insert::{Row as Inserted, comma, insert_rows};
use crate::order_projection::{OrdersMemory, project, rebuild, write_states};
use crate::schema::{journal, journal_checkpoint};
use crate::writer::Session;
use async_trait::async_trait;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::result::{DatabaseErrorKind, Error as DieselError};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use tradeport_kernel::{OrderKey, StoreError, Timestamp};
use tradeport_orders::{
    JournalCheckpoint, JournalEntry, JournalError, JournalEvent, JournalReceipt, JournalRecord, OrderJournal,
};
use tradeport_trading::audit::line_of;

pub(crate) const INTENDED: &str = "intended";
pub(crate) const HAPPENED: &str = "happened";
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

/// An entry on its way in; its sequence is given by the writing thread.
struct EntryRow {
    sequence: i64,
    at: i64,
    key: String,
    event: &'static str,
    payload: String,
}

impl EntryRow {
    fn of(entry: &JournalEntry) -> Result<Self, serde_json::Error> {
        Ok(Self {
            sequence: 0,
            at: entry.at.nanos(),
            key: entry.key.as_str().to_owned(),
            event: if is_intent(entry) { INTENDED } else { HAPPENED },
            payload: serde_json::to_string(&entry.event)?,
        })
    }
}

impl Inserted for EntryRow {
    const INSERT_VALUES: &'static str =
        "INSERT OR FAIL INTO journal (sequence, at, key, event, payload) VALUES ";

    fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_bind_param::<BigInt, i64>(&self.sequence)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.at)?;
        for text in [&self.key, self.event, &self.payload] {
            comma(pass);
            pass.push_bind_param::<Text, str>(text)?;
        }
        Ok(())
    }
}

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
        let rows = entries.iter().map(EntryRow::of).collect::<Result<Vec<_>, serde_json::Error>>();
        let mut rows = rows.map_err(unreadable)?;
        let (entries, actor) = (entries.to_vec(), self.audited_for.clone());
        self.database.write(move |session| keep_all(session, &entries, &mut rows, actor.as_deref())).await
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

const fn is_intent(entry: &JournalEntry) -> bool {
    matches!(entry.event, JournalEvent::Intended { .. })
}

fn keep_all(
    session: &mut Session<OrdersMemory>,
    entries: &[JournalEntry],
    rows: &mut [EntryRow],
    actor: Option<&str>,
) -> Result<Vec<JournalReceipt>, JournalError> {
    for row in &mut *rows {
        row.sequence = session.memory.journal.next(|| last_sequence(&mut session.connection))?;
    }
    if let Err(error) = insert_rows(&mut session.connection, rows) {
        return Err(refused(&mut session.connection, entries, rows, error));
    }
    let mut receipts = Vec::with_capacity(entries.len());
    let mut lines = Vec::new();
    let mut last = BTreeMap::new();
    for (entry, row) in entries.iter().zip(rows) {
        let applied = project(session, row.sequence, entry)?;
        let receipt = entry.kept_at(u64::try_from(row.sequence).map_err(unreadable)?);
        lines.extend(actor.map(|actor| line_of(actor, receipt.sequence(), entry, &applied)));
        last.insert(&entry.key, row.sequence);
        receipts.push(receipt);
    }
    write_states(session, &last)?;
    if !lines.is_empty() {
        crate::audit_log::keep(session, lines)?;
    }
    Ok(receipts)
}

/// Why entries did not go in: an index of the file holds one intent for a key. Which it was nobody says, so it is looked for.
fn refused(
    connection: &mut SqliteConnection,
    entries: &[JournalEntry],
    rows: &[EntryRow],
    error: DieselError,
) -> JournalError {
    if !matches!(error, DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) {
        return store_error(error).into();
    }
    let first = rows.first().map_or(0, |row| row.sequence);
    let mut seen = HashSet::new();
    for entry in entries.iter().filter(|entry| is_intent(entry)) {
        match intended_before(connection, &entry.key, first) {
            Ok(false) if seen.insert(&entry.key) => {}
            Ok(_) => return JournalError::DuplicateIntent(entry.key.clone()),
            Err(error) => return store_error(error).into(),
        }
    }
    store_error(error).into()
}

/// Was there an intent of this key before a record?
fn intended_before(connection: &mut SqliteConnection, key: &OrderKey, sequence: i64) -> QueryResult<bool> {
    let before = journal::table.filter(journal::key.eq(key.as_str())).filter(journal::sequence.lt(sequence));
    let intents = before.filter(journal::event.eq(INTENDED));
    diesel::select(diesel::dsl::exists(intents)).get_result(connection)
}

pub(crate) fn last_sequence(connection: &mut SqliteConnection) -> Result<Option<i64>, StoreError> {
    journal::table.select(max(journal::sequence)).first(connection).map_err(store_error)
}

/// At most `limit` records after a sequence, in order.
pub(crate) fn records_after(
    connection: &mut SqliteConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<JournalRecord>, StoreError> {
    rows_after(connection, after, limit)?.iter().map(to_record).collect()
}

/// The same as they lie in the file.
pub(crate) fn rows_after(
    connection: &mut SqliteConnection,
    after: i64,
    limit: i64,
) -> Result<Vec<Row>, StoreError> {
    let rows = journal::table.filter(journal::sequence.gt(after)).order(journal::sequence).limit(limit);
    rows.select((journal::sequence, journal::at, journal::key, journal::payload))
        .load(connection)
        .map_err(store_error)
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

pub(crate) fn to_record((sequence, at, key, payload): &Row) -> Result<JournalRecord, StoreError> {
    let changed =
        |why: String| unreadable(format!("record {sequence} of the journal is not what was kept: {why}"));
    let key = OrderKey::new(key).map_err(|why| changed(why.to_string()))?;
    let event = serde_json::from_str(payload).map_err(|why| changed(why.to_string()))?;
    let entry = JournalEntry { key, at: Timestamp::from_nanos(*at), event };
    Ok(JournalRecord { sequence: u64::try_from(*sequence).map_err(unreadable)?, entry })
}
