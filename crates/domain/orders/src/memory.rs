//! Orders that were touched lately: what a journal remembers, to say what each entry does to its order.

use crate::{Applied, JournalEntry, JournalRecord, Order, OrderBook, OrphanEntry};
use foldhash::HashMap;
use tradeport_kernel::OrderKey;

/// So many orders are remembered before those that have ended are forgotten.
const REMEMBERED: usize = 10_000;

/// Orders by their keys, each as it stands. Those that may trade are never forgotten; of those that have ended a journal
/// recalls the records when something is said of them.
#[derive(Debug, Default)]
pub struct OrderMemory {
    books: HashMap<OrderKey, OrderBook>,
    /// With so many those that have ended are looked for; never for each entry, however many are alive.
    most: usize,
}

impl OrderMemory {
    /// Is the order remembered? If not, its earlier records are to be recalled before its next entry is taken in.
    #[must_use]
    pub fn knows(&self, key: &OrderKey) -> bool {
        self.books.contains_key(key)
    }

    /// Recalls an order by all its records so far. An error when one of them has no intent before it: that one did nothing,
    /// and the others count.
    pub fn recall<'a>(
        &mut self,
        key: &OrderKey,
        records: impl IntoIterator<Item = &'a JournalRecord>,
    ) -> Result<(), OrphanEntry> {
        self.make_room();
        let book = self.books.entry(key.clone()).or_default();
        let mut recalled = Ok(());
        for record in records {
            recalled = recalled.and(book.apply(&record.entry).map(drop));
        }
        recalled
    }

    /// Takes in the next entry; what it did to its order. An error when the order was never intended: then it did nothing.
    pub fn take_in(&mut self, entry: &JournalEntry) -> Result<Applied, OrphanEntry> {
        self.make_room();
        self.books.entry(entry.key.clone()).or_default().apply(entry)
    }

    /// An order as it stands, if it is remembered.
    #[must_use]
    pub fn order(&self, key: &OrderKey) -> Option<&Order> {
        self.books.get(key)?.get(key)
    }

    fn make_room(&mut self) {
        if self.books.len() >= self.most.max(REMEMBERED) {
            self.books.retain(|key, book| book.get(key).is_some_and(|order| order.state().may_trade()));
            self.most = self.books.len().saturating_mul(2);
        }
    }
}
