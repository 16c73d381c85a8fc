//! From what a run left behind to the report about it.

use super::benchmark::{self, float};
use super::data::Market;
use super::settings::{self, RunSettings};
use crate::report::{
    AccountFigures, Comparison, DatabaseFile, DayValue, DemoReport, ListedInstrument, OrderFigures,
    OutcomeCount, Period, PositionLine, RecordingFigures, TableCount,
};
use anyhow::{Context, ensure};
use std::collections::BTreeMap;
use std::path::Path;
use time::Date;
use tradeport_analytics::AnnualRate;
use tradeport_kernel::{Decimal, TimeRange};
use tradeport_market_data::TickStore;
use tradeport_orders::{Order, OrderJournal};
use tradeport_portfolio::{Portfolio, PortfolioSnapshot, PortfolioStore};
use tradeport_sqlite::SqliteStores;
use tradeport_trading::RecorderReport;

/// What a run left behind.
pub(super) struct Outcome {
    /// The portfolio at the last close.
    pub(super) snapshot: PortfolioSnapshot,
    /// The same with what closed positions earned.
    pub(super) portfolio: Portfolio,
    /// Every order, in the order of their keys.
    pub(super) orders: Vec<Order>,
    /// The portfolio's value at each close.
    pub(super) closes: Vec<(Date, Decimal)>,
    /// How often it was put right.
    pub(super) rebalancings: usize,
    /// What the recorder stored.
    pub(super) recording: RecorderReport,
    /// Rows by database, as the databases tell; empty until they are counted.
    pub(super) rows: Rows,
}

/// How many rows lie in what analysts read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rows {
    quotes: u64,
    journal: u64,
    snapshots: u64,
    performance: u64,
}

impl Rows {
    /// So many snapshots were acknowledged; the rest is counted later.
    pub(super) fn with_snapshots(snapshots: u64) -> Self {
        Self { snapshots, ..Self::default() }
    }
}

/// So many journal records are read at once.
const PAGE: usize = 10_000;

impl Outcome {
    /// Counts what was stored by reading it back.
    pub(super) async fn with_row_counts(
        mut self,
        stores: &SqliteStores,
        settings: &RunSettings,
    ) -> anyhow::Result<Self> {
        let ticks = stores.ticks();
        for symbol in ticks.symbols().await? {
            self.rows.quotes += ticks.count(symbol).await?;
        }
        let journal = stores.journal();
        loop {
            let page = journal.read(self.rows.journal, PAGE).await?;
            self.rows.journal += page.len() as u64;
            if page.len() < PAGE {
                break;
            }
        }
        let performance = stores.portfolio().performance(&settings.account, TimeRange::ALL).await?;
        self.rows.performance = performance.len() as u64;
        ensure!(
            self.rows.quotes == self.recording.stored,
            "{} quotes were acknowledged, {} are in the database",
            self.recording.stored,
            self.rows.quotes,
        );
        Ok(self)
    }

    fn databases(&self, folder: &Path) -> Vec<DatabaseFile> {
        let table = |name: &str, rows: u64| TableCount { name: name.to_owned(), rows };
        let file =
            |name: &str, tables| DatabaseFile { path: folder.join(name).display().to_string(), tables };
        let orders = vec![
            table("journal", self.rows.journal),
            table("orders", self.orders.len() as u64),
            table("portfolio_snapshots", self.rows.snapshots),
            table("performance_metrics", self.rows.performance),
        ];
        vec![file("market.db", vec![table("bid_ask_data", self.rows.quotes)]), file("orders.db", orders)]
    }
}

/// The report. Errors: the money does not add up, or a value has no place on a curve.
pub(super) fn report(
    market: &Market,
    settings: &RunSettings,
    outcome: &Outcome,
    folder: &Path,
) -> anyhow::Result<DemoReport> {
    let account = account(settings, &outcome.snapshot)?;
    let curve = curve(market, settings, outcome);
    let risk_free = AnnualRate::new(settings.risk_free_rate)?;
    let performance = Comparison::of(&curve, float(settings.cash), risk_free)?;
    let first = curve.first().context("no session was traded")?.day;
    let last = curve.last().context("no session was traded")?.day;
    let instruments = market.instruments().into_iter();
    Ok(DemoReport {
        settings: settings::described(settings, market),
        period: Period { first, last, sessions: curve.len() },
        instruments: instruments
            .map(|(symbol, (first, sessions))| ListedInstrument { symbol, first, sessions })
            .collect(),
        positions: positions(outcome)?,
        account,
        orders: orders(market, outcome),
        performance,
        curve,
        recording: recording(&outcome.recording),
        databases: outcome.databases(folder),
        provenance: market.origin.provenance(),
        caveats: settings::caveats(market),
        next: next(folder, settings),
    })
}

fn account(settings: &RunSettings, snapshot: &PortfolioSnapshot) -> anyhow::Result<AccountFigures> {
    let figures = AccountFigures {
        account: snapshot.account.to_string(),
        currency: snapshot.total_value.currency().to_string(),
        starting_cash: settings.cash,
        cash: snapshot.cash.amount(),
        positions: snapshot.positions.iter().map(|position| position.value.amount()).sum(),
        net_liquidation: snapshot.total_value.amount(),
        realized: snapshot.realized_pnl.amount(),
        unrealized: snapshot.unrealized_pnl.amount(),
        commissions: snapshot.commissions.amount(),
    };
    let earned = figures.starting_cash + figures.realized + figures.unrealized - figures.commissions;
    ensure!(
        figures.net_liquidation == figures.cash + figures.positions && figures.net_liquidation == earned,
        "the money does not add up: cash {} and positions {} are {}, gains less commissions make {earned}",
        figures.cash,
        figures.positions,
        figures.net_liquidation,
    );
    Ok(figures)
}

fn curve(market: &Market, settings: &RunSettings, outcome: &Outcome) -> Vec<DayValue> {
    let benchmark = benchmark::values(market, settings.cash);
    let days = outcome.closes.iter().zip(benchmark);
    days.map(|((day, portfolio), benchmark)| DayValue { day: *day, portfolio: float(*portfolio), benchmark })
        .collect()
}

fn positions(outcome: &Outcome) -> anyhow::Result<Vec<PositionLine>> {
    let total = outcome.snapshot.total_value.amount();
    let line = |held: &tradeport_portfolio::SnapshotPosition| {
        let position =
            outcome.portfolio.position(held.symbol).context("a position is in the snapshot alone")?;
        let value = held.value.amount();
        Ok(PositionLine {
            symbol: held.symbol,
            quantity: held.quantity.as_decimal(),
            average_price: held.average_price.map(|price| price.as_decimal()),
            price: held.price.as_decimal(),
            value,
            share: value.checked_div(total).unwrap_or_default().round_dp(6),
            unrealized: value - position.cost().amount(),
            realized: position.realized().amount(),
        })
    };
    outcome.snapshot.positions.iter().map(line).collect()
}

fn orders(market: &Market, outcome: &Outcome) -> OrderFigures {
    let mut outcomes: BTreeMap<(String, String), usize> = BTreeMap::new();
    let (mut executions, mut in_parts, mut turnover) = (0, 0, Decimal::ZERO);
    for order in &outcome.orders {
        // Of a combo its own trades are counted, and what its legs moved is turned over.
        let parts = order.executions().filter(|it| it.part.fills_order()).count();
        executions += parts;
        in_parts += usize::from(parts > 1);
        let moved = order.executions().filter(|it| it.part.moves_position());
        turnover += moved.map(|it| it.price.as_decimal() * it.quantity.as_decimal()).sum::<Decimal>();
        *outcomes.entry((ended(order), order.kind().name().to_owned())).or_default() += 1;
    }
    let mut outcomes: Vec<OutcomeCount> = outcomes
        .into_iter()
        .map(|((outcome, kind), orders)| OutcomeCount { outcome, kind, orders })
        .collect();
    outcomes.sort_by_key(|row| std::cmp::Reverse(row.orders));
    OrderFigures {
        orders: outcome.orders.len(),
        executions,
        in_parts,
        rebalancings: outcome.rebalancings,
        splits: market.splits.len(),
        outcomes,
        turnover,
    }
}

/// The state, and whether some of it traded where that is not said by the state.
fn ended(order: &Order) -> String {
    let partly = order.filled() > Decimal::ZERO && order.open_quantity() != Some(Decimal::ZERO);
    format!("{}{}", order.state(), if partly { ", in part" } else { "" })
}

fn recording(report: &RecorderReport) -> RecordingFigures {
    RecordingFigures {
        stored: report.stored,
        marked: report.marked,
        refused: report.refused,
        dropped: report.dropped,
        gaps: report.gaps,
    }
}

fn next(folder: &Path, settings: &RunSettings) -> Vec<String> {
    let shown = |path: &Path| shell_word(&path.display().to_string());
    let folder_word = shown(folder);
    vec![
        format!("tradeport metrics --data-dir {folder_word} --account {}", settings.account),
        format!("tradeport order list --all --data-dir {folder_word}"),
        format!("sqlite3 {} 'select * from bid_ask_data limit 5'", shown(&folder.join("market.db"))),
    ]
}

/// A word that a shell takes as it is.
fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%,".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_survive_the_shell() {
        assert_eq!(shell_word("/data/demo"), "/data/demo");
        assert_eq!(shell_word("/my data/it's"), r"'/my data/it'\''s'");
        assert_eq!(shell_word(""), "''");
    }
}
