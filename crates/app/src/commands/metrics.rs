//! `tradeport metrics`: how the portfolio has done, by the snapshots that are kept of it.
//!
//! Figures are of daily returns: from the last snapshot of one UTC day to the last of the next.

use crate::Session;
use crate::cli::MetricsArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::Grid;
use crate::wiring;
use rust_decimal::prelude::ToPrimitive;
use serde::Serialize;
use std::collections::BTreeMap;
use tradeport_analytics::{AnnualRate, Basis, Performance, PeriodsPerYear, TailProbability, simple_returns};
use tradeport_kernel::{AccountId, Money, TimeRange, Timestamp};
use tradeport_portfolio::{PortfolioSnapshot, PortfolioStore};

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
}

/// Prints the figures of a stretch of time.
pub(super) async fn run(arguments: &MetricsArgs, session: &Session) -> anyhow::Result<Exit> {
    let range = range(arguments)?;
    let account = arguments.account.as_ref().unwrap_or_else(|| session.config().account());
    let snapshots = match wiring::read_stores(session.config(), session.clock())? {
        Some(stores) => stores.portfolio().snapshots(account, range).await?,
        None => Vec::new(),
    };
    let view = View::of(account, &snapshots, session)?;
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
    fn of(account: &AccountId, snapshots: &[PortfolioSnapshot], session: &Session) -> anyhow::Result<Self> {
        let rate = session.config().performance.risk_free_rate.fraction();
        let closes = daily_closes(snapshots);
        let performance = figures(&closes, rate)?;
        let last = snapshots.last();
        let value = closes.last().copied();
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
        })
    }

    fn grid(&self) -> Grid {
        let mut grid = Grid::facts();
        let moment = |at: Option<Timestamp>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let money =
            |amount: Option<Money>| amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string());
        let percent =
            |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |it| format!("{:.2} %", it * 100.0));
        let ratio = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |it| format!("{it:.3}"));
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

/// The last value of each UTC day.
fn daily_closes(snapshots: &[PortfolioSnapshot]) -> Vec<f64> {
    let value = |snapshot: &PortfolioSnapshot| snapshot.total_value.amount().to_f64();
    let by_day: BTreeMap<i64, f64> = snapshots
        .iter()
        .filter_map(|snapshot| Some((snapshot.at.nanos().div_euclid(NANOS_PER_DAY), value(snapshot)?)))
        .collect();
    by_day.into_values().collect()
}

fn figures(closes: &[f64], rate: f64) -> anyhow::Result<Option<Performance>> {
    if closes.len() < 2 {
        return Ok(None);
    }
    let returns = simple_returns(closes)?;
    let basis = Basis::new(PeriodsPerYear::DAILY, AnnualRate::new(rate)?);
    Ok(Some(Performance::of(&returns, basis, TailProbability::FIVE_PERCENT)))
}
