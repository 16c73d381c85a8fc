//! Breaks: a position at the broker that nothing which was told accounts for.
//!
//! A broker tells the executions of its day. What traded while nobody listened and is told no more, such as a late fill of
//! yesterday, shows only as a position that has moved. The broker's position counts from then on; that it moved without a
//! word is kept in the audit log and told to everybody, so that a person looks the trade up in a statement.
//!
//! Left out: making up an execution for it. Orders stay as they were told.

use super::state::{DeskState, anomaly};
use super::{DeskError, OrderDesk};
use crate::AuditEntry;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_kernel::{AccountId, Decimal, Symbol, Timestamp};
use tradeport_orders::Execution;
use tradeport_portfolio::{Portfolio, PortfolioSnapshot};

/// What is done about it, in the audit log.
const ACTION: &str = "position break";

/// So many breaks are remembered; the audit log has them all.
const MOST_BREAKS: usize = 100;

/// Executions carry the broker's time, and snapshots ours: one within so much of a snapshot may be in it or not.
const CLOCK_MARGIN: Duration = Duration::from_secs(60);

/// A position that moved by more, or by less, than by what was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PositionBreak {
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// What the account would hold by everything that was told; negative when short.
    pub expected: Decimal,
    /// What it holds, as the broker tells.
    pub reported: Decimal,
}

impl std::fmt::Display for PositionBreak {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "by what was told {} would hold {} of {}, and the broker says {}: look the missing trade up in a statement",
            self.account, self.expected, self.symbol, self.reported
        )
    }
}

/// What accounts held before they were read anew, and what is known to have traded since.
pub(super) struct Expectation {
    before: Vec<Portfolio>,
    moves: Vec<(AccountId, Symbol, Decimal)>,
}

impl Expectation {
    /// By what is known before accounts are read anew.
    pub(super) fn of(state: &DeskState) -> Self {
        Self { before: state.portfolios().cloned().collect(), moves: Vec::new() }
    }

    /// And by what the broker told of executions meanwhile; orders know nothing of it yet.
    pub(super) fn with(mut self, state: &DeskState, told: &[Execution]) -> Self {
        for execution in told.iter().filter(|it| it.part.moves_position()) {
            let known = state.known_execution(execution);
            if known.is_some_and(|known| known.id.revision() >= execution.id.revision()) {
                continue;
            }
            self.moves.extend(known.map(|known| (known.account.clone(), known.symbol, -signed(known))));
            self.moves.push((execution.account.clone(), execution.symbol, signed(execution)));
        }
        self
    }

    /// What does not fit what the broker reports.
    pub(super) fn breaks(self, state: &DeskState) -> Vec<PositionBreak> {
        let mut breaks = Vec::new();
        for before in &self.before {
            let Some(reported) = state.portfolio(before.account()) else { continue };
            let mut expected = holdings(before);
            for (account, symbol, by) in &self.moves {
                if account == before.account() {
                    *expected.entry(*symbol).or_default() += by;
                }
            }
            let reported = holdings(reported);
            for symbol in expected.keys().chain(reported.keys()).copied().collect::<BTreeSet<_>>() {
                let of = |held: &BTreeMap<Symbol, Decimal>| held.get(&symbol).copied().unwrap_or_default();
                let (expected, reported) = (of(&expected), of(&reported));
                if expected != reported {
                    breaks.push(PositionBreak {
                        account: before.account().clone(),
                        symbol,
                        expected,
                        reported,
                    });
                }
            }
        }
        breaks
    }
}

fn holdings(portfolio: &Portfolio) -> BTreeMap<Symbol, Decimal> {
    portfolio.held().map(|it| (it.symbol(), it.quantity().as_decimal())).collect()
}

fn signed(execution: &Execution) -> Decimal {
    execution.side.signed(execution.quantity).as_decimal()
}

/// What is not explained by a snapshot of before and the trades since.
fn unexplained(last: &PortfolioSnapshot, state: &DeskState) -> Vec<PositionBreak> {
    let Some(now) = state.portfolio(&last.account) else { return Vec::new() };
    let mut trades: Vec<&Execution> =
        state.all_executions().filter(|it| it.account == last.account && it.part.moves_position()).collect();
    trades.sort_by_key(|execution| execution.at);
    let (reported, mut symbols) = (holdings(now), BTreeSet::new());
    let kept: BTreeMap<Symbol, Decimal> =
        last.positions.iter().map(|it| (it.symbol, it.quantity.as_decimal())).collect();
    symbols.extend(kept.keys().chain(reported.keys()).copied());
    symbols.extend(trades.iter().map(|execution| execution.symbol));
    let of = |held: &BTreeMap<Symbol, Decimal>, symbol| held.get(&symbol).copied().unwrap_or_default();
    let mut breaks = Vec::new();
    for symbol in symbols {
        let of_symbol = trades.iter().filter(|execution| execution.symbol == symbol);
        let after = |at: Timestamp| of_symbol.clone().filter(move |execution| execution.at > at);
        let expected: Decimal = of(&kept, symbol) + after(last.at).map(|it| signed(it)).sum::<Decimal>();
        let reported = of(&reported, symbol);
        // Of the trades around the snapshot the later ones may have come after it.
        let mut held: Decimal =
            of(&kept, symbol) + after(last.at.after(CLOCK_MARGIN)).map(|it| signed(it)).sum::<Decimal>();
        let mut fits = held == reported;
        let around = after(last.at.before(CLOCK_MARGIN)).filter(|it| it.at <= last.at.after(CLOCK_MARGIN));
        for execution in around.collect::<Vec<_>>().into_iter().rev() {
            held += signed(execution);
            fits |= held == reported;
        }
        if !fits {
            breaks.push(PositionBreak { account: last.account.clone(), symbol, expected, reported });
        }
    }
    breaks
}

impl OrderDesk {
    /// Holds an account against what was kept of it last, by whatever process, and against every trade that is known since;
    /// to be asked once, before anything trades here. Each break is kept in the audit log and told.
    pub async fn breaks_since(&self, last: &PortfolioSnapshot) -> Result<Vec<PositionBreak>, DeskError> {
        let mut state = self.state.lock().await;
        let breaks = unexplained(last, &state);
        state.unkept_breaks.extend(breaks.iter().cloned());
        self.keep_breaks(&mut state).await?;
        Ok(breaks)
    }

    /// The breaks that were found since the desk was opened, the latest last; of very many the latest.
    pub async fn breaks(&self) -> Vec<PositionBreak> {
        self.state.lock().await.breaks.iter().cloned().collect()
    }

    /// What was found and is not kept yet; when this fails, it is still there for the next try.
    pub(super) async fn keep_breaks(&self, state: &mut DeskState) -> Result<(), DeskError> {
        if state.unkept_breaks.is_empty() {
            return Ok(());
        }
        let entry = |it: &PositionBreak| AuditEntry {
            at: self.ports.clock.now(),
            actor: self.settings.actor.clone(),
            action: ACTION.to_owned(),
            subject: format!("{} {}", it.account, it.symbol),
            detail: it.to_string(),
        };
        self.audit_all(state.unkept_breaks.iter().map(entry).collect()).await?;
        for it in std::mem::take(&mut state.unkept_breaks) {
            tracing::warn!(account = %it.account, symbol = %it.symbol, "{it}");
            self.bus.publish(&anomaly(None, &it));
            state.breaks.push_back(it);
        }
        while state.breaks.len() > MOST_BREAKS {
            state.breaks.pop_front();
        }
        Ok(())
    }
}
