//! Breaks: what does not fit, kept and told until it is solved.
//!
//! The most usual one is a position at the broker that nothing which was told accounts for. A broker tells the executions
//! of its day. What traded while nobody listened and is told no more, such as a late fill of yesterday, shows only as a
//! position that has moved. The broker's position counts from then on; that it moved without a word is a break, so that a
//! person looks the trade up in a statement.
//!
//! Left out: making up an execution for it. Orders stay as they were told.

use super::state::{DeskState, anomaly};
use super::{DeskError, OrderDesk};
use crate::AuditEntry;
use crate::reconciliation::{
    Acknowledgement, Books, Break, BreakChange, BreakRegister, BrokerView, Cause, Finding, Findings,
    Holdings, Patience, Scope, Subject, reconcile,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;
use tradeport_kernel::{AccountId, Decimal, Symbol, Timestamp};
use tradeport_orders::{Execution, JournalEntry, Order, OrderInput};
use tradeport_portfolio::{Portfolio, PortfolioSnapshot};

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
        let of_symbol: Vec<&Execution> = trades.iter().copied().filter(|it| it.symbol == symbol).collect();
        let reported = of(&reported, symbol);
        if let Some(expected) = not_expected(of(&kept, symbol), last.at, reported, &of_symbol) {
            breaks.push(PositionBreak { account: last.account.clone(), symbol, expected, reported });
        }
    }
    breaks
}

/// What there would be by trades, in the order of their times, since a moment at which there was so much; `None` where that may
/// be what is reported.
fn not_expected(there: Decimal, at: Timestamp, reported: Decimal, trades: &[&Execution]) -> Option<Decimal> {
    let after = |at: Timestamp| trades.iter().filter(move |execution| execution.at > at);
    let expected = there + after(at).map(|it| signed(it)).sum::<Decimal>();
    // Of the trades around that moment the later ones may have come after it.
    let mut held = there + after(at.after(CLOCK_MARGIN)).map(|it| signed(it)).sum::<Decimal>();
    let mut fits = held == reported;
    let around = after(at.before(CLOCK_MARGIN)).filter(|it| it.at <= at.after(CLOCK_MARGIN));
    for second in around.collect::<Vec<_>>().chunk_by(|one, other| one.at == other.at).rev() {
        fits |= may_come_to(reported - held, second);
        held += second.iter().map(|it| signed(it)).sum::<Decimal>();
    }
    (!fits).then_some(expected)
}

/// By how much a position has moved without a word since an earlier process found a break of it last.
fn moved_since_kept(found: &PositionBreak, state: &DeskState) -> Decimal {
    let is_it = |it: &&Break| matches!(it.subject(), Subject::Position { account, symbol } if *account == found.account && *symbol == found.symbol);
    let Some(it) = state.recalled.iter().find(is_it) else { return Decimal::ZERO };
    let Ok(there) = it.broker().parse::<Decimal>() else { return Decimal::ZERO };
    let is_of = |trade: &&Execution| {
        trade.account == found.account && trade.symbol == found.symbol && trade.part.moves_position()
    };
    let mut trades: Vec<&Execution> = state.all_executions().filter(is_of).collect();
    trades.sort_by_key(|execution| execution.at);
    let expected = not_expected(there, it.found_at(), found.reported, &trades);
    expected.map_or(Decimal::ZERO, |expected| found.reported - expected)
}

/// So many sums are looked through.
const MOST_SUMS: usize = 10_000;

/// Can some of these trades come to this? Brokers stamp whole seconds: which of one second came first, nobody knows. Where
/// there are too many to tell, anything within their reach may be.
fn may_come_to(moved: Decimal, trades: &[&&Execution]) -> bool {
    let mut sums = BTreeSet::from([Decimal::ZERO]);
    for size in trades.iter().map(|it| signed(it)) {
        sums.extend(sums.iter().map(|sum| sum + size).collect::<Vec<_>>());
        if sums.len() > MOST_SUMS {
            let reach =
                |side: fn(&Decimal) -> bool| trades.iter().map(|it| signed(it)).filter(side).sum::<Decimal>();
            return (reach(|it| *it < Decimal::ZERO)..=reach(|it| *it > Decimal::ZERO)).contains(&moved);
        }
    }
    sums.contains(&moved)
}

/// What everything that was told comes to, once the broker has told these executions as well; orders know nothing of them
/// yet.
pub(super) fn expected(state: &DeskState, told: &[Execution]) -> Holdings {
    let mut holdings = state.holdings();
    for execution in told.iter().filter(|it| it.part.moves_position()) {
        let known = state.known_execution(execution);
        if known.is_some_and(|known| known.id.revision() >= execution.id.revision()) {
            continue;
        }
        if let Some(known) = known {
            holdings.moved(&known.account, known.symbol, -signed(known));
        }
        holdings.moved(&execution.account, execution.symbol, signed(execution));
        // What it cost is told apart from it.
        holdings.lose_cash(&execution.account);
    }
    holdings
}

/// A move that was not told, on top of what stands: what was kept may have held some of it already.
fn as_finding(found: &PositionBreak, last: &PortfolioSnapshot, state: &DeskState) -> Finding {
    let subject = Subject::Position { account: found.account.clone(), symbol: found.symbol };
    let moved = found.reported - found.expected;
    let stands = state.register.standing().find(|it| *it.subject() == subject);
    let before = |it: &Break| it.difference().unwrap_or_default();
    let difference = match stands {
        Some(it) if it.first_seen() > last.at => moved,
        // What it came to say later holds some of the move: only what came after that is on top of it.
        Some(it) if it.changed_at() > last.at => before(it) + moved_since_kept(found, state),
        Some(it) => before(it) + moved,
        None => moved,
    };
    let ours = (found.reported - difference).normalize().to_string();
    Finding {
        subject,
        cause: Cause::PositionMoved,
        ours,
        broker: found.reported.normalize().to_string(),
        difference: Some(difference),
        scope: Scope::Positions(found.account.clone()),
    }
}

impl OrderDesk {
    /// Holds an account against what was kept of it last, by whatever process, and against every trade that is known since;
    /// to be asked once, before anything trades here. Each break is kept in the audit log and told.
    pub async fn breaks_since(&self, last: &PortfolioSnapshot) -> Result<Vec<PositionBreak>, DeskError> {
        let mut state = self.state().await;
        self.recall_since(&mut state, last.at).await?;
        let breaks = unexplained(last, &state);
        let mut findings = Findings::default();
        breaks.iter().for_each(|it| findings.add(as_finding(it, last, &state)));
        let now = self.ports.clock.now();
        state.take_in(&findings, now, Patience::NONE);
        // Of the other accounts what was kept is still to be asked for.
        state.recalled.retain(|it| it.subject().account() != Some(&last.account));
        // The account is the broker's from the desk's opening on.
        let accounts = state.portfolios().map(|it| it.account().clone()).collect();
        state.register.taken_over(&accounts);
        self.keep_breaks(&mut state).await?;
        Ok(breaks)
    }

    /// The breaks that stand, in the order in which they were found.
    pub async fn breaks(&self) -> Vec<Break> {
        self.state().await.register.standing().cloned().collect()
    }

    /// A person ends a break, by its short name: from then on what there is counts. An order that the broker's lists have not shown
    /// ends with it.
    pub async fn solve_break(&self, id: &str, by: &str, reason: &str) -> Result<Break, DeskError> {
        let mut state = self.state().await;
        let at = self.ports.clock.now();
        self.give_up(&mut state, id, by, reason).await?;
        let word = Acknowledgement { by: by.to_owned(), at, reason: reason.to_owned() };
        let change = state.register.acknowledge(id, word)?;
        let ended = change.of().clone();
        state.unkept_changes.push(change);
        self.keep_breaks(&mut state).await?;
        Ok(ended)
    }

    /// A break that says of an order that it is gone is ended by a person who knows what became of it. The order goes first: its
    /// break does not come back.
    async fn give_up(
        &self,
        state: &mut DeskState,
        id: &str,
        by: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        let is_it = |it: &&Break| it.id() == id && it.cause() == Cause::GoneThere;
        let Some(Subject::Order { key, .. }) =
            state.register.standing().find(is_it).map(Break::subject).cloned()
        else {
            return Ok(());
        };
        if !state.book().get(&key).is_some_and(|order| order.state().is_at_broker()) {
            return Ok(());
        }
        let input = OrderInput::GivenUp { by: by.to_owned(), reason: reason.to_owned() };
        let entry = JournalEntry::happened(key, input, self.ports.clock.now());
        self.keep(state, &[entry]).await.map(drop)
    }

    /// Takes in the breaks that an earlier process has kept, and what it did not tell the audit log of them.
    pub(super) async fn recall_breaks(&self) -> Result<(), DeskError> {
        let register = self.ports.breaks.kept().await.map(BreakRegister::of).map_err(DeskError::Breaks)?;
        let mut state = self.state().await;
        state.unkept_changes = register.untold();
        state.recalled = register.standing().cloned().collect();
        state.register = register;
        Ok(())
    }

    /// What the broker has just said may be wrong in itself, whatever its snapshots say: more than was ordered, or two
    /// orders in the place of one.
    pub(super) async fn look_for_alarms(
        &self,
        state: &mut DeskState,
        entries: &[JournalEntry],
    ) -> Result<(), DeskError> {
        let order = |entry: &JournalEntry| state.book().get(&entry.key);
        let odd = |order: &Order| order.overfilled().is_some() || order.has_live_twin();
        if !entries.iter().filter_map(order).any(odd) {
            return Ok(());
        }
        let nothing_told = BrokerView::default();
        let findings = reconcile(&Books::of(state.book(), Holdings::default()), &nothing_told);
        state.take_in(&findings, self.ports.clock.now(), Patience::NONE);
        self.keep_breaks(state).await
    }

    /// What became of breaks and is not kept yet; when this fails, it is still there for the next try. They are kept first, and the
    /// audit log told then: whoever is stopped in between leaves breaks that say so, and the next process tells it.
    pub(super) async fn keep_breaks(&self, state: &mut DeskState) -> Result<(), DeskError> {
        if state.unkept_changes.is_empty() {
            return Ok(());
        }
        self.ports.breaks.keep(&state.register.to_keep()).await.map_err(DeskError::Breaks)?;
        let (now, actor) = (self.ports.clock.now(), &self.settings.actor);
        let lines = state.unkept_changes.iter().map(|change| line_of(change, now, actor)).collect();
        self.audit_all(lines).await?;
        let changes = std::mem::take(&mut state.unkept_changes);
        state.register.told();
        if let Err(error) = self.ports.breaks.keep(&state.register.to_keep()).await {
            tracing::warn!(%error, "after a restart the audit log will be told of some breaks once more");
        }
        for change in changes {
            let it = change.of();
            match &change {
                BreakChange::Found(_) | BreakChange::Changed(_) => {
                    tracing::warn!(subject = %it.subject(), "{it}");
                    self.bus.publish(&anomaly(None, &it));
                }
                BreakChange::Solved(_) | BreakChange::Acknowledged(_) => {
                    tracing::info!(subject = %it.subject(), cause = %it.cause(), "a break is solved");
                }
            }
        }
        Ok(())
    }
}

/// What the audit log says of it.
fn line_of(change: &BreakChange, at: Timestamp, actor: &str) -> AuditEntry {
    let it = change.of();
    let (action, actor, detail) = match change {
        BreakChange::Found(_) | BreakChange::Changed(_) => (it.cause().as_str(), actor, it.to_string()),
        BreakChange::Solved(_) => ("break solved", actor, it.cause().to_string()),
        BreakChange::Acknowledged(_) => {
            let (by, reason) = it.acknowledged().map_or((actor, ""), |word| (&word.by, &word.reason));
            ("break acknowledged", by, format!("{}: {reason}", it.cause()))
        }
    };
    AuditEntry {
        at,
        actor: actor.to_owned(),
        action: action.to_owned(),
        subject: it.subject().to_string(),
        detail,
    }
}
