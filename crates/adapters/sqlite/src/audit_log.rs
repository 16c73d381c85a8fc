//! `AuditLog` in the orders file.

use crate::database::Database;
use crate::error::{store_error, unreadable};
use crate::order_projection::OrdersMemory;
use crate::schema::audit;
use crate::writer::Session;
use async_trait::async_trait;
use diesel::dsl::max;
use diesel::prelude::*;
use std::sync::Arc;
use tradeport_kernel::{StoreError, Timestamp};
use tradeport_trading::{AuditEntry, AuditLog, AuditRecord};

/// The audit log in the orders file. Cheap to clone; all clones are one log.
#[derive(Clone)]
pub struct SqliteAudit {
    database: Arc<Database<OrdersMemory>>,
}

impl SqliteAudit {
    pub(crate) const fn new(database: Arc<Database<OrdersMemory>>) -> Self {
        Self { database }
    }
}

#[async_trait]
impl AuditLog for SqliteAudit {
    async fn append(&self, entries: &[AuditEntry]) -> Result<(), StoreError> {
        if entries.is_empty() {
            return Ok(());
        }
        let entries = entries.to_vec();
        self.database.write(move |session| entries.iter().try_for_each(|entry| keep(session, entry))).await
    }

    async fn read(&self, after: u64, limit: usize) -> Result<Vec<AuditRecord>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows: Vec<(i64, i64, String, String, String, String)> = self
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
        rows.into_iter()
            .map(|(sequence, at, actor, action, subject, detail)| {
                let entry = AuditEntry { at: Timestamp::from_nanos(at), actor, action, subject, detail };
                Ok(AuditRecord { sequence: u64::try_from(sequence).map_err(unreadable)?, entry })
            })
            .collect()
    }
}

fn keep(session: &mut Session<OrdersMemory>, entry: &AuditEntry) -> Result<(), StoreError> {
    let connection = &mut session.connection;
    let sequence = session
        .memory
        .audit
        .next(|| audit::table.select(max(audit::sequence)).first(connection).map_err(store_error))?;
    diesel::insert_into(audit::table)
        .values((
            audit::sequence.eq(sequence),
            audit::at.eq(entry.at.nanos()),
            audit::actor.eq(&entry.actor),
            audit::action.eq(&entry.action),
            audit::subject.eq(&entry.subject),
            audit::detail.eq(&entry.detail),
        ))
        .execute(connection)
        .map(|_| ())
        .map_err(store_error)
}
