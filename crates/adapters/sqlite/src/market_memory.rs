//! What the market file's writing thread remembers, so that it need not ask the file for every batch.

use crate::error::{store_error, unreadable};
use crate::high_water::Remembered;
use crate::schema::{symbols, tick_blocks};
use diesel::prelude::*;
use std::collections::HashMap;
use tradeport_kernel::{StoreError, Symbol};
use tradeport_trading::audit::AuditHead;

/// How many sequences a block covers before the next begins.
const BLOCK_ROWS: i64 = 1_000;
/// How long a block may be open, so that its `recorded_at` holds for all of it to within this; in nanoseconds.
const BLOCK_NANOS: i64 = 10_000_000_000;

/// Ids of symbols, and the block of ticks that is being filled.
#[derive(Default)]
pub(crate) struct MarketMemory {
    symbols: HashMap<Symbol, i64>,
    blocks: Option<Blocks>,
}

/// Nobody notes how far it has come: a quote that is lost costs nothing.
impl Remembered for MarketMemory {
    fn reached(&self) -> (Option<u64>, Option<AuditHead>) {
        (None, None)
    }
}

/// Where the next tick goes.
#[derive(Clone, Copy)]
struct Blocks {
    next_sequence: i64,
    open: Option<Block>,
}

/// A stretch of sequences and the moments that they span.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Insertable, Selectable)]
#[diesel(table_name = tick_blocks)]
pub(crate) struct Block {
    first_sequence: i64,
    last_sequence: i64,
    first_at: i64,
    last_at: i64,
    recorded_at: i64,
}

/// The span of the moments of one batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    /// How many ticks.
    pub(crate) rows: i64,
    /// The earliest.
    pub(crate) first_at: i64,
    /// The latest.
    pub(crate) last_at: i64,
    /// When it is being kept.
    pub(crate) recorded_at: i64,
}

impl MarketMemory {
    /// The id of a symbol, given to it when it is new.
    pub(crate) fn symbol_id(
        &mut self,
        connection: &mut SqliteConnection,
        symbol: Symbol,
    ) -> Result<i64, StoreError> {
        if let Some(id) = self.symbols.get(&symbol) {
            return Ok(*id);
        }
        diesel::insert_or_ignore_into(symbols::table)
            .values(symbols::name.eq(symbol.as_str()))
            .execute(connection)
            .map_err(store_error)?;
        let id = find_symbol(connection, symbol)?
            .ok_or_else(|| unreadable(format!("the symbol {symbol} was kept and is not there")))?;
        self.symbols.insert(symbol, id);
        Ok(id)
    }

    /// Reserves the sequences of a batch, returns the first, and notes their span.
    pub(crate) fn reserve(
        &mut self,
        connection: &mut SqliteConnection,
        batch: Batch,
    ) -> Result<i64, StoreError> {
        let blocks = match self.blocks {
            Some(blocks) => blocks,
            None => last_block(connection)?,
        };
        let first = blocks.next_sequence;
        let next_sequence = first
            .checked_add(batch.rows)
            .ok_or_else(|| StoreError::Full("no sequence is left for another tick".into()))?;
        let block = match blocks.open.filter(|open| open.takes(first, &batch)) {
            Some(open) => open.with(next_sequence - 1, &batch),
            None => Block::new(first, next_sequence - 1, &batch),
        };
        diesel::replace_into(tick_blocks::table).values(block).execute(connection).map_err(store_error)?;
        self.blocks = Some(Blocks { next_sequence, open: Some(block) });
        Ok(first)
    }
}

impl Block {
    const fn new(first_sequence: i64, last_sequence: i64, batch: &Batch) -> Self {
        let Batch { first_at, last_at, recorded_at, .. } = *batch;
        Self { first_sequence, last_sequence, first_at, last_at, recorded_at }
    }

    fn takes(&self, next: i64, batch: &Batch) -> bool {
        let age = batch.recorded_at.saturating_sub(self.recorded_at);
        next - self.first_sequence + batch.rows <= BLOCK_ROWS && (0..BLOCK_NANOS).contains(&age)
    }

    fn with(self, last_sequence: i64, batch: &Batch) -> Self {
        let (first_at, last_at) = (self.first_at.min(batch.first_at), self.last_at.max(batch.last_at));
        Self { last_sequence, first_at, last_at, ..self }
    }
}

/// The id of a symbol that has one.
pub(crate) fn find_symbol(
    connection: &mut SqliteConnection,
    symbol: Symbol,
) -> Result<Option<i64>, StoreError> {
    symbols::table
        .filter(symbols::name.eq(symbol.as_str()))
        .select(symbols::id)
        .first(connection)
        .optional()
        .map_err(store_error)
}

fn last_block(connection: &mut SqliteConnection) -> Result<Blocks, StoreError> {
    let open: Option<Block> = tick_blocks::table
        .order(tick_blocks::first_sequence.desc())
        .first(connection)
        .optional()
        .map_err(store_error)?;
    let next_sequence = open.map_or(1, |block| block.last_sequence.saturating_add(1));
    Ok(Blocks { next_sequence, open })
}
