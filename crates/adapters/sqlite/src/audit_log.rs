//! `AuditLog` in the orders file: each record chained to those before it, and the head beside them, in one transaction.

use crate::database::Database;
use crate::error::{store_error, unreadable};
use crate::insert::{Row as Inserted, comma, insert_rows};
use crate::order_projection::OrdersMemory;
use crate::schema::{audit, audit_head};
use crate::writer::Session;
use async_trait::async_trait;
use diesel::dsl::max;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Text};
use diesel::sqlite::Sqlite;
use std::sync::Arc;
use tradeport_kernel::{StoreError, Timestamp};
use tradeport_trading::audit::{AuditHead, ChainHash};
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord};

/// The one row of the head.
const ONE: i64 = 1;

/// The audit log in the orders file. Cheap to clone; all clones are one log.
#[derive(Clone)]
pub struct SqliteAudit {
    database: Arc<Database<OrdersMemory>>,
}

impl SqliteAudit {
    pub(crate) const fn new(database: Arc<Database<OrdersMemory>>) -> Self {
        Self { database }
    }

    /// Where the log had ended when it was opened, as that was noted beside the file after each commit: a log that does not
    /// hold this any more was cut off or told anew. `None` where nothing was noted yet.
    #[must_use]
    pub fn noted_head(&self) -> Option<AuditHead> {
        self.database.noted().map(|noted| noted.audit)
    }
}

type Row = (i64, i64, String, String, String, String, Vec<u8>);

#[async_trait]
impl AuditLog for SqliteAudit {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let entries = entries.to_vec();
        self.database.write(move |session| keep(session, entries.clone())).await
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<Row> = self
            .database
            .read(move |connection| {
                audit::table
                    .filter(audit::sequence.gt(after))
                    .order(audit::sequence)
                    .limit(limit)
                    .load(connection)
                    .map_err(store_error)
            })
            .await?;
        rows.into_iter().map(to_record).collect()
    }

    async fn head(&self) -> Result<AuditHead, StoreError> {
        self.database.read(kept_head).await
    }
}

/// A record on its way in.
struct RecordRow {
    sequence: i64,
    at: i64,
    record: AuditRecord,
}

impl RecordRow {
    fn of(record: AuditRecord) -> Result<Self, StoreError> {
        let full = |_| StoreError::Full("no sequence is left for another entry".into());
        let sequence = i64::try_from(record.sequence).map_err(full)?;
        Ok(Self { sequence, at: record.entry.at.nanos(), record })
    }
}

impl Inserted for RecordRow {
    const INSERT_VALUES: &'static str =
        "INSERT OR FAIL INTO audit (sequence, at, actor, action, subject, detail, hash) VALUES ";

    fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let AuditRecord { entry, hash, .. } = &self.record;
        pass.push_bind_param::<BigInt, i64>(&self.sequence)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.at)?;
        for text in [&entry.actor, &entry.action, &entry.subject, &entry.detail] {
            comma(pass);
            pass.push_bind_param::<Text, str>(text.as_str())?;
        }
        comma(pass);
        pass.push_bind_param::<Binary, [u8]>(hash.as_bytes().as_slice())
    }
}

/// The head's new place. Diesel's own update would be parsed anew each time.
#[derive(QueryId)]
struct MoveHead {
    sequence: i64,
    hash: ChainHash,
}

impl QueryFragment<Sqlite> for MoveHead {
    fn walk_ast<'b>(&'b self, mut pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        pass.push_sql("UPDATE audit_head SET sequence = ");
        pass.push_bind_param::<BigInt, i64>(&self.sequence)?;
        pass.push_sql(", hash = ");
        pass.push_bind_param::<Binary, [u8]>(self.hash.as_bytes().as_slice())?;
        pass.push_sql(" WHERE one = 1");
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for MoveHead {}

/// Chains entries to what is kept, within the caller's transaction.
pub(crate) fn keep(session: &mut Session<OrdersMemory>, entries: Vec<AuditEntry>) -> Result<(), StoreError> {
    let connection = &mut session.connection;
    let mut head = match session.memory.audit {
        Some(head) => head,
        None => head_to_go_on_from(connection)?,
    };
    let mut rows = Vec::with_capacity(entries.len());
    for entry in entries {
        let record = head.record(entry);
        head = AuditHead::of(&record);
        rows.push(RecordRow::of(record)?);
    }
    insert_rows(connection, &rows).map_err(store_error)?;
    let sequence = i64::try_from(head.sequence).map_err(unreadable)?;
    MoveHead { sequence, hash: head.hash }.execute(connection).map_err(store_error)?;
    session.memory.audit = Some(head);
    Ok(())
}

fn kept_head(connection: &mut SqliteConnection) -> Result<AuditHead, StoreError> {
    let row = audit_head::table.find(ONE).select((audit_head::sequence, audit_head::hash));
    let found: Option<(i64, Vec<u8>)> = row.first(connection).optional().map_err(store_error)?;
    let gone =
        || unreadable("the head of the audit log is gone: whoever removed it may have removed records");
    let (sequence, hash) = found.ok_or_else(gone)?;
    Ok(AuditHead {
        sequence: u64::try_from(sequence).map_err(unreadable)?,
        hash: to_hash(&hash, || "the head".to_owned())?,
    })
}

/// The head; past the last record where somebody has meddled with either. Orders and their cancels go on then: the break
/// stays in the chain for ever, and whoever verifies it finds it.
fn head_to_go_on_from(connection: &mut SqliteConnection) -> Result<AuditHead, StoreError> {
    let head = kept_head(connection)?;
    let last: Option<i64> =
        audit::table.select(max(audit::sequence)).first(connection).map_err(store_error)?;
    let last = u64::try_from(last.unwrap_or(0)).map_err(unreadable)?;
    if last != head.sequence {
        tracing::error!(last, head = head.sequence, "the audit log does not end where its head says");
    }
    Ok(AuditHead { sequence: head.sequence.max(last), ..head })
}

fn to_record((sequence, at, actor, action, subject, detail, hash): Row) -> Result<AuditRecord, StoreError> {
    let entry = AuditEntry { at: Timestamp::from_nanos(at), actor, action, subject, detail };
    let hash = to_hash(&hash, || format!("record {sequence}"))?;
    Ok(AuditRecord { sequence: u64::try_from(sequence).map_err(unreadable)?, entry, hash })
}

fn to_hash(bytes: &[u8], whose: impl Fn() -> String) -> Result<ChainHash, StoreError> {
    let other =
        |_| unreadable(format!("{} of the audit log was changed: its hash has another length", whose()));
    Ok(ChainHash::from_bytes(bytes.try_into().map_err(other)?))
}

mod function {
    //! The chain as a function of SQL, for the migration that chains what was kept before there was a chain.

    use diesel::SqliteConnection;
    use diesel::sql_types::{BigInt, Binary, Text};
    use tradeport_kernel::Timestamp;
    use tradeport_trading::AuditEntry;
    use tradeport_trading::audit::ChainHash;

    diesel::define_sql_function! {
        /// The hash of a record after the hash of the one before it.
        fn audit_chain(
            before: Binary, sequence: BigInt, at: BigInt, actor: Text, action: Text, subject: Text, detail: Text
        ) -> Binary;
    }

    type Given = (Vec<u8>, i64, i64, String, String, String, String);

    pub(crate) fn teach(connection: &mut SqliteConnection) -> diesel::QueryResult<()> {
        audit_chain_utils::register_impl(
            connection,
            |before, sequence, at, actor, action, subject, detail| {
                reckon((before, sequence, at, actor, action, subject, detail))
            },
        )
    }

    fn reckon((before, sequence, at, actor, action, subject, detail): Given) -> Vec<u8> {
        let before = before.try_into().map_or(ChainHash::START, ChainHash::from_bytes);
        let entry = AuditEntry { at: Timestamp::from_nanos(at), actor, action, subject, detail };
        before.then(sequence.unsigned_abs(), &entry).as_bytes().to_vec()
    }
}
pub(crate) use function::teach;
