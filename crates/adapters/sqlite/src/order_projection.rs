//! Where each order stands, as a table: a projection of the journal, written in the same transaction.

use crate::error::{store_error, unreadable};
use crate::order_journal::{records_after, records_of};
use crate::schema::order_states;
use crate::sequence::LastSequence;
use crate::writer::Session;
use diesel::prelude::*;
use std::collections::HashMap;
use tradeport_kernel::{Money, OrderKey, Price, StoreError};
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

#[derive(Insertable)]
#[diesel(table_name = order_states, treat_none_as_default_value = false)]
struct StateRow<'a> {
    key: &'a str,
    sequence: i64,
    account: &'a str,
    symbol: String,
    order_type: &'static str,
    action: &'static str,
    quantity: Option<String>,
    limit_price: Option<String>,
    stop_price: Option<String>,
    status: &'static str,
    filled_quantity: String,
    avg_fill_price: Option<String>,
    commission: Option<String>,
    created_at: i64,
    updated_at: i64,
    cash_quantity: Option<String>,
    cash_currency: Option<String>,
}

/// Takes in one entry, which has just been kept; what it did to its order. Where the order stands is written by
/// [`write_state`], once for all of its entries.
pub(crate) fn project(
    session: &mut Session<OrdersMemory>,
    sequence: i64,
    entry: &JournalEntry,
) -> Result<Applied, StoreError> {
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

/// Writes where an order stands after its entry at `sequence`; an order that was never intended has nowhere to stand.
pub(crate) fn write_state(
    session: &mut Session<OrdersMemory>,
    sequence: i64,
    key: &OrderKey,
) -> Result<(), StoreError> {
    let orders = &mut session.memory.orders;
    // It may have ended, and been forgotten for others that came with it.
    if !orders.knows(key) {
        known_or_nothing(orders.recall(key, &records_of(&mut session.connection, key)?));
    }
    match orders.order(key) {
        Some(order) => write(&mut session.connection, sequence, order).map_err(store_error),
        None => Ok(()),
    }
}

fn is_before(record: &JournalRecord, sequence: i64) -> bool {
    i64::try_from(record.sequence).is_ok_and(|known| known < sequence)
}

/// Makes the whole table anew from the journal; returns how many orders it holds.
pub(crate) fn rebuild(session: &mut Session<OrdersMemory>) -> Result<u64, StoreError> {
    let connection = &mut session.connection;
    diesel::delete(order_states::table).execute(connection).map_err(store_error)?;
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
    for order in book.iter() {
        let sequence = sequences.get(order.intent().key()).copied().unwrap_or(0);
        write(connection, sequence, order).map_err(store_error)?;
    }
    u64::try_from(book.len()).map_err(unreadable)
}

/// The journal keeps what it is told; an entry about an order that was never intended has no state to show.
fn known_or_nothing<T: Default>(applied: Result<T, OrphanEntry>) -> T {
    applied.unwrap_or_else(|orphan| {
        tracing::warn!(%orphan, "a journal entry without an order");
        T::default()
    })
}

fn write(connection: &mut SqliteConnection, sequence: i64, order: &Order) -> QueryResult<()> {
    let row = to_row(sequence, order);
    diesel::replace_into(order_states::table).values(&row).execute(connection).map(|_| ())
}

fn to_row(sequence: i64, order: &Order) -> StateRow<'_> {
    let text = |price: Price| price.to_string();
    let (intent, kind, cash) = (order.intent(), order.kind(), order.size().cash());
    StateRow {
        key: intent.key().as_str(),
        sequence,
        account: intent.account().as_str(),
        symbol: intent.symbol().to_string(),
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
