//! The report as a plain value.

use super::Comparison;
use serde::{Serialize, Serializer};
use time::Date;
use tradeport_kernel::{Decimal, Symbol};

/// Everything that a demo run has to show. Amounts are in the account's currency.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DemoReport {
    /// What the run was told to do.
    pub(crate) settings: Vec<Setting>,
    /// Which days it covers.
    pub(crate) period: Period,
    /// What was traded.
    pub(crate) instruments: Vec<ListedInstrument>,
    /// The account at the end.
    pub(crate) account: AccountFigures,
    /// What it holds at the end, in the order of the symbols.
    pub(crate) positions: Vec<PositionLine>,
    /// What became of the orders.
    pub(crate) orders: OrderFigures,
    /// How good it was, against the benchmark.
    pub(crate) performance: Comparison,
    /// The value of portfolio and benchmark at each close.
    pub(crate) curve: Vec<DayValue>,
    /// What was recorded.
    pub(crate) recording: RecordingFigures,
    /// Where it all lies.
    pub(crate) databases: Vec<DatabaseFile>,
    /// Where the prices come from.
    pub(crate) provenance: String,
    /// What to keep in mind when reading the figures.
    pub(crate) caveats: Vec<String>,
    /// Commands to try next.
    pub(crate) next: Vec<String>,
}

/// A name and a value.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Setting {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// Days from the first session to the last.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Period {
    #[serde(serialize_with = "iso")]
    pub(crate) first: Date,
    #[serde(serialize_with = "iso")]
    pub(crate) last: Date,
    pub(crate) sessions: usize,
}

/// An instrument and the first session that the run knows of it.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct ListedInstrument {
    pub(crate) symbol: Symbol,
    #[serde(serialize_with = "iso")]
    pub(crate) first: Date,
    pub(crate) sessions: usize,
}

/// The account's money. `net_liquidation = cash + positions = starting_cash + realized + unrealized - commissions`.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct AccountFigures {
    pub(crate) account: String,
    pub(crate) currency: String,
    pub(crate) starting_cash: Decimal,
    pub(crate) cash: Decimal,
    pub(crate) positions: Decimal,
    pub(crate) net_liquidation: Decimal,
    pub(crate) realized: Decimal,
    pub(crate) unrealized: Decimal,
    pub(crate) commissions: Decimal,
}

/// One position at the last close.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PositionLine {
    pub(crate) symbol: Symbol,
    pub(crate) quantity: Decimal,
    pub(crate) average_price: Option<Decimal>,
    pub(crate) price: Decimal,
    pub(crate) value: Decimal,
    /// Of the whole account, 0.19 for 19 %.
    pub(crate) share: Decimal,
    pub(crate) unrealized: Decimal,
    pub(crate) realized: Decimal,
}

/// What became of the orders.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct OrderFigures {
    pub(crate) orders: usize,
    pub(crate) executions: usize,
    /// Orders that took more than one execution.
    pub(crate) in_parts: usize,
    pub(crate) rebalancings: usize,
    pub(crate) splits: usize,
    /// Counts by outcome and kind, the most frequent first.
    pub(crate) outcomes: Vec<OutcomeCount>,
    /// What was bought and sold, in money.
    pub(crate) turnover: Decimal,
}

/// So many orders of one kind ended like this.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct OutcomeCount {
    pub(crate) outcome: String,
    pub(crate) kind: String,
    pub(crate) orders: usize,
}

/// Values at one close.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct DayValue {
    #[serde(serialize_with = "iso")]
    pub(crate) day: Date,
    pub(crate) portfolio: f64,
    pub(crate) benchmark: f64,
}

/// What the recorder says.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct RecordingFigures {
    pub(crate) stored: u64,
    pub(crate) marked: u64,
    pub(crate) refused: u64,
    pub(crate) dropped: u64,
    pub(crate) gaps: u64,
}

/// One database file. Its size is left out: it depends on how writing was grouped, which differs from run to run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DatabaseFile {
    pub(crate) path: String,
    pub(crate) tables: Vec<TableCount>,
}

/// How many rows a table or view shows.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct TableCount {
    pub(crate) name: String,
    pub(crate) rows: u64,
}

fn iso<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

#[cfg(test)]
pub(crate) mod sample;
