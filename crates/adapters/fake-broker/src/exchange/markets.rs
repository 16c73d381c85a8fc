//! The markets of an exchange, and where each symbol is among them: one is looked for with every quote and every order.

use super::market::Market;
use serde::{Deserialize, Serialize, Serializer};
use std::ops::{Deref, DerefMut};
use tradeport_kernel::Symbol;

/// All markets, sorted by symbol. Who has one in hand leaves its symbol as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<Market>")]
pub(crate) struct Markets {
    rows: Vec<Market>,
    /// Their symbols side by side: a search goes through these, and not through the markets.
    symbols: Vec<Symbol>,
}

impl Markets {
    /// The place of a symbol's market.
    pub(crate) fn find(&self, symbol: Symbol) -> Option<usize> {
        self.symbols.binary_search(&symbol).ok()
    }

    /// The place at which a market of this symbol belongs.
    pub(crate) fn place_for(&self, symbol: Symbol) -> usize {
        self.symbols.partition_point(|other| *other < symbol)
    }

    pub(crate) fn insert(&mut self, place: usize, market: Market) {
        self.symbols.insert(place, market.contract.symbol());
        self.rows.insert(place, market);
    }
}

/// For markets that are sorted.
impl From<Vec<Market>> for Markets {
    fn from(rows: Vec<Market>) -> Self {
        let symbols = rows.iter().map(|market| market.contract.symbol()).collect();
        Self { rows, symbols }
    }
}

impl Serialize for Markets {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl Deref for Markets {
    type Target = [Market];
    fn deref(&self) -> &[Market] {
        &self.rows
    }
}

impl DerefMut for Markets {
    fn deref_mut(&mut self) -> &mut [Market] {
        &mut self.rows
    }
}
