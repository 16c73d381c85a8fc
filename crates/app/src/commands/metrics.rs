//! `tradeport metrics`: how the portfolio has done, by the snapshots that are kept of it.
//!
//! Figures are of daily returns: from the last snapshot of one UTC day to the last of the next.

mod benchmark;

use crate::Session;
use crate::cli::MetricsArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::Grid;
use crate::wiring;
use benchmark::Benchmark;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use std::collections::BTreeMap;
use tradeport_analytics::{AnnualRate, Basis, Performance, PeriodsPerYear, TailProbability, simple_returns};
use tradeport_kernel::{AccountId, Money, TimeRange, Timestamp};
use tradeport_market_data::TickStore;
use tradeport_portfolio::{PortfolioSnapshot, PortfolioStore};
use tradeport_sqlite::SqliteStores;

const NANOS_PER_DAY: i64 = 86_400_000_000_000;

#[derive(Serialize)]
struct View {
    account: AccountId,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    snapshots: usize,
    days: usize,
    value: Option<Money>,
    commissions: Option<Money>,
    risk_free_rate: f64,
    performance: Option<Performance>,
    cvar_money: Option<f64>,
    benchmark: Benchmark,
}

/// What the portfolio was worth when a UTC day was last looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Close {
    at: Timestamp,
    value: f64,
}

/// Prints the figures of a stretch of time.
pub(super) async fn run(arguments: &MetricsArgs, session: &Session) -> anyhow::Result<Exit> {
    let range = range(arguments)?;
    let stores = wiring::read_orders(session)?;
    let account = &wanted(arguments, stores.as_ref(), session).await?;
    let snapshots = match &stores {
        Some(stores) => stores.portfolio().snapshots(account, range).await?,
        None => Vec::new(),
    };
    let settings = &session.config().performance;
    let symbol = arguments.benchmark.unwrap_or(settings.benchmark_symbol);
    let rate = settings.risk_free_rate.fraction();
    let basis = Basis::new(PeriodsPerYear::DAILY, AnnualRate::new(rate)?);
    let closes = daily_closes(&snapshots);
    let ticks = stores.as_ref().filter(|it| it.without_market().is_none()).map(SqliteStores::ticks);
    let ticks = ticks.as_ref().map(|ticks| ticks as &dyn TickStore);
    let benchmark = Benchmark::of(symbol, &closes, ticks, basis).await?;
    let view = View::of(account, &snapshots, &closes, (rate, basis), benchmark)?;
    if session.output().is_json() {
        session.output().document(&view)?;
    } else {
        session.output().grid(&view.grid())?;
        if snapshots.is_empty() {
            session
                .output()
                .say("nothing is kept of this account and time: trade first, or name another --account or --data-dir");
        }
    }
    Ok(Exit::Done)
}

/// The account that was named, or the only one of which there are orders here.
async fn wanted(
    arguments: &MetricsArgs,
    stores: Option<&SqliteStores>,
    session: &Session,
) -> anyhow::Result<AccountId> {
    let named = arguments.account.as_ref().or_else(|| session.config().known_account());
    let account = match (named, stores) {
        (None, Some(stores)) => super::risk::only_account(stores, session.clock().now()).await?,
        (named, _) => named.cloned(),
    };
    let unknown =
        || Fault::usage("whose figures are wanted is not known", "name the account: --account or IB_ACCOUNT");
    Ok(account.ok_or_else(unknown)?)
}

fn range(arguments: &MetricsArgs) -> anyhow::Result<TimeRange> {
    let from = arguments.from.map_or(Timestamp::MIN, |moment| moment.timestamp());
    let to = arguments.to.map_or(Timestamp::MAX, |moment| moment.timestamp());
    if from >= to {
        let message = format!("--from {from} is not before --to {to}");
        return Err(Fault::usage(message, "give --from an earlier moment than --to").into());
    }
    Ok(TimeRange::new(from, to))
}

impl View {
    fn of(
        account: &AccountId,
        snapshots: &[PortfolioSnapshot],
        closes: &[Close],
        (rate, basis): (f64, Basis),
        benchmark: Benchmark,
    ) -> anyhow::Result<Self> {
        let performance = figures(closes, basis)?;
        let last = snapshots.last();
        let value = closes.last().map(|close| close.value);
        Ok(Self {
            account: account.clone(),
            from: snapshots.first().map(|snapshot| snapshot.at),
            to: last.map(|snapshot| snapshot.at),
            snapshots: snapshots.len(),
            days: closes.len(),
            value: last.map(|snapshot| snapshot.total_value),
            commissions: last.map(|snapshot| snapshot.commissions),
            risk_free_rate: rate,
            cvar_money: performance
                .as_ref()
                .zip(value)
                .and_then(|(figures, value)| figures.cvar_in_money(value)),
            performance,
            benchmark,
        })
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::facts();
        let moment = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let money =
            |amount: Option<Money>| amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string());
        let of = |figure: fn(&Performance) -> Option<f64>| self.performance.as_ref().and_then(figure);
        grid.fact("account", self.account.as_str());
        grid.fact("first snapshot", moment(self.from));
        grid.fact("last snapshot", moment(self.to));
        grid.fact("snapshots", format!("{} on {} days", self.snapshots, self.days));
        grid.fact("value", money(self.value));
        grid.fact("commissions", money(self.commissions));
        grid.fact("total return", percent(of(|it| it.total_return)));
        grid.fact("return a year", percent(of(|it| it.cagr)));
        grid.fact("volatility a year", percent(of(|it| it.annual_volatility)));
        grid.fact("Sharpe ratio", ratio(of(|it| it.sharpe)));
        grid.fact("Sortino ratio", ratio(of(|it| it.sortino)));
        grid.fact("Omega ratio", ratio(of(|it| it.omega)));
        grid.fact("maximum drawdown", percent(of(|it| it.max_drawdown)));
        grid.fact("CVaR (95 %, a day)", percent(of(|it| it.cvar_historical)));
        grid.fact("CVaR in money", self.cvar_in_money());
        grid.fact("risk-free rate", percent(Some(self.risk_free_rate)));
        self.benchmark.facts(&mut grid, self.days);
        grid
    }
}

impl View {
    fn cvar_in_money(&self) -> String {
        let currency = self.value.map(|value| value.currency());
        self.cvar_money
            .zip(currency)
            .map_or_else(|| "-".to_owned(), |(loss, currency)| format!("{loss:.2} {currency}"))
    }
}

impl Close {
    fn of(snapshot: &PortfolioSnapshot) -> Option<Self> {
        Some(Self { at: snapshot.at, value: snapshot.total_value.amount().to_f64()? })
    }

    fn day_start(&self) -> Timestamp {
        let into = self.at.nanos().rem_euclid(NANOS_PER_DAY);
        Timestamp::from_nanos(self.at.nanos().saturating_sub(into))
    }
}

fn percent(number: Option<f64>) -> String {
    number.map_or_else(|| "-".to_owned(), |it| format!("{:.2} %", it * 100.0))
}

fn ratio(number: Option<f64>) -> String {
    number.map_or_else(|| "-".to_owned(), |it| format!("{it:.3}"))
}

/// The last value of each UTC day.
fn daily_closes(snapshots: &[PortfolioSnapshot]) -> Vec<Close> {
    let closes = snapshots.iter().filter_map(Close::of);
    let by_day: BTreeMap<Timestamp, Close> = closes.map(|close| (close.day_start(), close)).collect();
    by_day.into_values().collect()
}

fn figures(closes: &[Close], basis: Basis) -> anyhow::Result<Option<Performance>> {
    if closes.len() < 2 {
        return Ok(None);
    }
    let values: Vec<f64> = closes.iter().map(|close| close.value).collect();
    let returns = simple_returns(&values)?;
    Ok(Some(Performance::of(&returns, basis, TailProbability::FIVE_PERCENT)))
}
