//! Holding everything against the broker, and against statements, as a command or a service is asked to.
//!
//! A command without a service does it itself. A service is asked by a file beside its databases and answers by another;
//! it alone has the databases. Left out: when a service does it by itself.

mod mail;

pub use mail::{answer, answer_with, ask, asked, clear, take_back};

use crate::fault::Fault;
use crate::service::report::BreakRow;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tradeport_files::read_flex;
use tradeport_kernel::{AccountId, Money, OrderKey, PermId, Symbol, Timestamp};
use tradeport_orders::Side;
use tradeport_portfolio::Statement;
use tradeport_trading::reconciliation::{Origin, Patience};
use tradeport_trading::{OrderDesk, Reconciled, ShownOrder};

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// When it was asked for: it tells one wish from another.
    pub at: Timestamp,
    /// Statements to hold it against, where they are.
    pub flex: Option<PathBuf>,
    /// A break that a person ends, with the reason.
    pub solve: Option<(String, String)>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReconcileReport {
    /// When.
    pub at: Timestamp,
    /// In which epoch of the link.
    pub epoch: u64,
    /// So many open orders at the broker are ours.
    pub ours: usize,
    /// Its other open orders.
    pub others: Vec<OtherRow>,
    /// What could not be compared, and why.
    pub open_questions: Vec<String>,
    /// The statements that it was held against.
    pub statements: Vec<StatementRow>,
    /// What does not fit.
    pub breaks: Vec<BreakRow>,
}

/// An open order at the broker that is none of ours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherRow {
    /// Where it comes from.
    pub origin: Origin,
    /// The broker's durable number, once it has given one.
    pub perm_id: Option<PermId>,
    /// What it carries in the place of a key of ours.
    pub key: Option<OrderKey>,
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// Which way.
    pub side: Side,
    /// How much.
    pub size: String,
}

/// A statement that everything was held against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRow {
    /// Whose.
    pub account: AccountId,
    /// From which day.
    pub from: String,
    /// To which.
    pub to: String,
    /// So many trades are in both and say the same.
    pub trades: usize,
    /// So many positions are the same.
    pub positions: usize,
    /// The cash of each currency in which it could be compared and is the same to the cent.
    pub cash: Vec<Money>,
}

impl From<&ShownOrder> for OtherRow {
    fn from(it: &ShownOrder) -> Self {
        Self {
            origin: it.origin,
            perm_id: it.perm_id,
            key: it.key.clone(),
            account: it.account.clone(),
            symbol: it.symbol,
            side: it.side,
            size: it.size.to_string(),
        }
    }
}

/// The statements of a wish. Errors: they cannot be used.
pub fn statements_of(wish: &Wish) -> anyhow::Result<Vec<Statement>> {
    let Some(path) = &wish.flex else { return Ok(Vec::new()) };
    let all = read_flex(path).with_context(|| format!("{} is no statement", path.display()))?;
    let says_nothing = |it: &&Statement| it.trades.is_none() && it.positions.is_none() && it.cash.is_none();
    match all.iter().find(says_nothing) {
        Some(silent) => {
            let message = format!(
                "the statement of {} from {} to {} says nothing of trades, positions or cash",
                silent.account, silent.from, silent.to
            );
            let advice = "a Flex query with the sections Trades, Open Positions and Cash Report";
            Err(Fault::usage(message, advice).into())
        }
        None => Ok(all),
    }
}

/// Does what is wanted, unless it is called off before the broker has told everything. Errors: that it was; the broker did
/// not answer, a statement cannot be used, no such break stands.
pub async fn fulfil(
    desk: &OrderDesk,
    wish: &Wish,
    by: &str,
    called_off: impl Future<Output = ()> + Send,
) -> anyhow::Result<ReconcileReport> {
    // Read first: what cannot be read changes nothing.
    let statements = statements_of(wish)?;
    if let Some((name, reason)) = &wish.solve {
        desk.solve_break(name, by, reason).await?;
    }
    // Whoever asks wants to know what there is now.
    let reconciled = desk.reconcile_unless(Some(Patience::NONE), called_off).await?;
    let mut rows = Vec::new();
    let mut open_questions = reconciled.open_questions.clone();
    for statement in &statements {
        let tie = desk.tie_out(statement).await?;
        open_questions.extend(tie.findings.open_questions().map(str::to_owned));
        rows.push(StatementRow {
            account: statement.account.clone(),
            from: statement.from.to_string(),
            to: statement.to.to_string(),
            trades: tie.trades,
            positions: tie.positions,
            cash: tie.cash,
        });
    }
    let breaks = desk.breaks().await.iter().map(BreakRow::from).collect();
    Ok(report_of(&reconciled, open_questions, rows, breaks))
}

fn report_of(
    reconciled: &Reconciled,
    open_questions: Vec<String>,
    statements: Vec<StatementRow>,
    breaks: Vec<BreakRow>,
) -> ReconcileReport {
    ReconcileReport {
        at: reconciled.at,
        epoch: reconciled.epoch.number(),
        ours: reconciled.ours,
        others: reconciled.others.iter().map(OtherRow::from).collect(),
        open_questions,
        statements,
        breaks,
    }
}
