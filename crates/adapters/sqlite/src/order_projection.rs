//! Where each order stands, as a table: a projection of the journal, written in the same transaction.

use crate::error::{store_error, unreadable};
use crate::high_water::Remembered;
use crate::insert::{Row, comma, insert_rows};
use crate::order_journal::{records_after, records_of};
use crate::schema::order_states;
use crate::sequence::LastSequence;
use crate::writer::Session;
use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::{BigInt, Nullable, Text};
use diesel::sqlite::Sqlite;
use std::collections::{BTreeMap, HashMap};
use tradeport_kernel::{AccountId, Money, OrderKey, Price, StoreError, Symbol};
use tradeport_orders::{
    Applied, JournalEntry, JournalEvent, JournalRecord, Order, OrderBook, OrderMemory, OrphanEntry, Side,
};
use tradeport_trading::audit::AuditHead;

/// How many journal records are read at once.
const PAGE: i64 = 1_000;

/// What the orders file's writing thread remembers.
#[derive(Default)]
pub(crate) struct OrdersMemory {
    /// The journal's last place.
    pub(crate) journal: LastSequence,
    /// Where the audit log ends.
    pub(crate) audit: Option<AuditHead>,
    /// Orders that were touched lately.
    orders: OrderMemory,
}

impl Remembered for OrdersMemory {
    fn reached(&self) -> (Option<u64>, Option<AuditHead>) {
        (self.journal.known().and_then(|last| u64::try_from(last).ok()), self.audit)
    }
}

/// Where an order stands, on its way in.
pub(crate) struct StateRow {
    pub(crate) key: OrderKey,
    pub(crate) sequence: i64,
    pub(crate) account: AccountId,
    pub(crate) symbol: Symbol,
    pub(crate) order_type: &'static str,
    pub(crate) action: &'static str,
    pub(crate) quantity: Option<String>,
    pub(crate) limit_price: Option<String>,
    pub(crate) stop_price: Option<String>,
    pub(crate) status: &'static str,
    pub(crate) filled_quantity: String,
    pub(crate) avg_fill_price: Option<String>,
    pub(crate) commission: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) cash_quantity: Option<String>,
    pub(crate) cash_currency: Option<String>,
}

impl Row for StateRow {
    const INSERT_VALUES: &'static str = "INSERT OR REPLACE INTO order_states (key, account, symbol, order_type, action, \
         status, filled_quantity, quantity, limit_price, stop_price, avg_fill_price, commission, cash_quantity, \
         cash_currency, sequence, created_at, updated_at) VALUES ";

    fn bind<'b>(&'b self, pass: &mut AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        let (key, account, symbol) = (self.key.as_str(), self.account.as_str(), self.symbol.as_str());
        let texts = [key, account, symbol, self.order_type, self.action, self.status, &self.filled_quantity];
        for text in texts {
            pass.push_bind_param::<Text, str>(text)?;
            comma(pass);
        }
        let Self { quantity, limit_price, stop_price, avg_fill_price, commission, .. } = self;
        let Self { cash_quantity, cash_currency, .. } = self;
        let maybe =
            [quantity, limit_price, stop_price, avg_fill_price, commission, cash_quantity, cash_currency];
        for text in maybe {
            pass.push_bind_param::<Nullable<Text>, Option<String>>(text)?;
            comma(pass);
        }
        pass.push_bind_param::<BigInt, i64>(&self.sequence)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.created_at)?;
        comma(pass);
        pass.push_bind_param::<BigInt, i64>(&self.updated_at)
    }
}

/// Takes in one entry, which has just been kept; what it did to its order. Where the order stands is written by
/// [`write_states`], once for all of its entries.
pub(crate) fn project(
    session: &mut Session<OrdersMemory>,
    sequence: i64,
    entry: &JournalEntry,
) -> Result<Applied, StoreError> {
    if matches!(entry.event, JournalEvent::Split { .. }) {
        return Ok(Applied::default());
    }
    let orders = &mut session.memory.orders;
    // There is nothing before an intent.
    let is_new = matches!(entry.event, JournalEvent::Intended { .. });
    if !is_new && !orders.knows(&entry.key) {
        let records = records_of(&mut session.connection, &entry.key)?;
        // The last of them is this entry.
        let earlier = records.iter().filter(|record| is_before(record, sequence));
        known_or_nothing(orders.recall(&entry.key, earlier));
    }
    Ok(known_or_nothing(orders.take_in(entry)))
}

/// Writes where orders stand after their entries at these sequences; one that was never intended has nowhere to stand.
pub(crate) fn write_states(
    session: &mut Session<OrdersMemory>,
    last: &BTreeMap<&OrderKey, i64>,
) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(last.len());
    for (key, sequence) in last {
        let orders = &mut session.memory.orders;
        // It may have ended, and been forgotten for others that came with it.
        if !orders.knows(key) {
            known_or_nothing(orders.recall(key, &records_of(&mut session.connection, key)?));
        }
        rows.extend(orders.order(key).map(|order| to_row(*sequence, order)));
    }
    insert_rows(&mut session.connection, &rows).map_err(store_error)
}

fn is_before(record: &JournalRecord, sequence: i64) -> bool {
    i64::try_from(record.sequence).is_ok_and(|known| known < sequence)
}

/// Makes the whole table anew from the journal; returns how many orders it holds.
pub(crate) fn rebuild(session: &mut Session<OrdersMemory>) -> Result<u64, StoreError> {
    let connection = &mut session.connection;
    diesel::delete(order_states::table).execute(connection).map_err(store_error)?;
    let rows = projected(connection)?;
    insert_rows(connection, &rows).map_err(store_error)?;
    u64::try_from(rows.len()).map_err(unreadable)
}

/// Every row of the table, as the journal comes to it.
pub(crate) fn projected(connection: &mut SqliteConnection) -> Result<Vec<StateRow>, StoreError> {
    let mut book = OrderBook::default();
    let mut sequences: HashMap<OrderKey, i64> = HashMap::new();
    let mut after = 0;
    loop {
        let records = records_after(connection, after, PAGE)?;
        let Some(last) = records.last() else { break };
        after = i64::try_from(last.sequence).map_err(unreadable)?;
        for record in records {
            known_or_nothing(book.apply(&record.entry));
            sequences.insert(record.entry.key, i64::try_from(record.sequence).map_err(unreadable)?);
        }
    }
    let sequence_of = |order: &Order| sequences.get(order.intent().key()).copied().unwrap_or(0);
    Ok(book.iter().map(|order| to_row(sequence_of(order), order)).collect())
}

/// The journal keeps what it is told; an entry about an order that was never intended has no state to show.
fn known_or_nothing<T: Default>(applied: Result<T, OrphanEntry>) -> T {
    applied.unwrap_or_else(|orphan| {
        tracing::warn!(%orphan, "a journal entry without an order");
        T::default()
    })
}

fn to_row(sequence: i64, order: &Order) -> StateRow {
    let text = |price: Price| price.to_string();
    let (intent, kind, cash) = (order.intent(), order.kind(), order.size().cash());
    StateRow {
        key: intent.key().clone(),
        sequence,
        account: intent.account().clone(),
        symbol: intent.symbol(),
        order_type: kind.name(),
        action: if order.side() == Side::Buy { "BUY" } else { "SELL" },
        quantity: order.quantity().map(|units| units.to_string()),
        limit_price: kind.limit_price().map(text),
        stop_price: kind.trigger_price().map(text),
        status: order.state().as_str(),
        filled_quantity: order.filled().to_string(),
        avg_fill_price: order.average_price().map(text),
        commission: commission(order).map(|money| money.amount().to_string()),
        created_at: order.created_at().nanos(),
        updated_at: order.updated_at().nanos(),
        cash_quantity: cash.map(|cash| cash.amount().to_string()),
        cash_currency: cash.map(|cash| cash.currency().to_string()),
    }
}

/// The sum of what was charged; none while nothing was, or when it was charged in several currencies.
fn commission(order: &Order) -> Option<Money> {
    let mut charges = order.commissions();
    let first = charges.next()?;
    charges.try_fold(first, |sum, charge| sum.plus(charge).ok())
}
