//! `tradeport risk show`: from the databases and the switch alone, so it works beside whoever trades.

use super::limits::{self, LimitRow, Use};
use super::verdicts::{self, Told, Verdict};
use crate::Session;
use crate::cli::RiskShowArgs;
use crate::config::BrokerChoice;
use crate::exit::Exit;
use crate::output::{Column, Grid, Tone, counted};
use crate::service::file::ReportFile;
use crate::wiring::{read_orders, switch_of};
use serde::Serialize;
use tradeport_kernel::{AccountId, TimeRange, Timestamp};
use tradeport_portfolio::{PortfolioSnapshot, PortfolioStore};
use tradeport_risk::{Equity, LimitOf, Resume, Switch, SwitchStore, Unmanaged};
use tradeport_sqlite::SqliteStores;

/// Everything that is shown.
#[derive(Serialize)]
struct View {
    switch: Switch,
    last_resume: Option<Resume>,
    account: Option<AccountId>,
    /// Of when the figures of the portfolio are.
    figures_of: Option<Timestamp>,
    orders: Orders,
    limits: Vec<LimitRow>,
    /// Sections of limits for accounts that the broker does not manage, as far as it is known here which it does.
    unmanaged_limits: Vec<Unmanaged>,
    verdicts: Vec<Verdict>,
}

#[derive(Serialize)]
struct Orders {
    working: u32,
    unknown: u32,
}

/// Prints it.
pub(super) async fn run(arguments: RiskShowArgs, session: &Session) -> anyhow::Result<Exit> {
    let switch = switch_of(session)?;
    let now = session.clock().now();
    let (mut told, mut snapshots) = (Told::default(), Vec::new());
    let mut account = known_account(session);
    if let Some(stores) = read_orders(session)? {
        told = verdicts::read(&stores.journal(), now, arguments.last.into()).await?;
        // A journal of one account says whose it is.
        let only = told.sent.keys().next().filter(|_| told.sent.len() == 1).cloned();
        account = account.or(only);
        snapshots = of_account(&stores, account.as_ref()).await?;
    }
    let view = view(switch.look().await, switch.last_resume().await?, account, told, &snapshots, session);
    if session.output().is_json() {
        session.output().document(&view)?;
    } else {
        print(&view, session)?;
    }
    Ok(Exit::Done)
}

fn known_account(session: &Session) -> Option<AccountId> {
    let config = session.config();
    match (&config.ib.account, config.broker) {
        (Some(account), _) => Some(account.reveal().clone()),
        (None, BrokerChoice::Fake) => Some(config.account().clone()),
        (None, BrokerChoice::Tws) => None,
    }
}

/// The accounts of the broker: the simulated one has one, others have told a service of this folder. None where that is not known.
fn managed(session: &Session) -> Vec<AccountId> {
    let config = session.config();
    if config.broker == BrokerChoice::Fake {
        return vec![config.account().clone()];
    }
    let folder = session.storage().ok().map(|storage| storage.folder);
    let report = folder.and_then(|folder| ReportFile::within(&folder).read().ok().flatten());
    report.filter(|report| report.broker == config.broker).map(|report| report.accounts).unwrap_or_default()
}

async fn of_account(
    stores: &SqliteStores,
    account: Option<&AccountId>,
) -> anyhow::Result<Vec<PortfolioSnapshot>> {
    Ok(match account {
        Some(account) => stores.portfolio().snapshots(account, TimeRange::ALL).await?,
        None => Vec::new(),
    })
}

fn view(
    switch: Switch,
    last_resume: Option<Resume>,
    account: Option<AccountId>,
    told: Told,
    snapshots: &[PortfolioSnapshot],
    session: &Session,
) -> View {
    let now = session.clock().now();
    let mut equity = Equity::default();
    snapshots.iter().for_each(|snapshot| equity.note(snapshot.at, snapshot.total_value));
    let policy = &session.config().risk;
    let of = account.as_ref().map_or_else(|| policy.limits(), |account| policy.limits_of(account));
    let sent = account.as_ref().and_then(|account| told.sent.get(account)).copied().unwrap_or_default();
    let used = Use { now, sent, equity, last: snapshots.last() };
    let mut rows = limits::of(of, &used);
    for (strategy, own) in &policy.limits().strategies {
        let counted = account.as_ref().and_then(|it| told.by_strategy.get(&(it.clone(), strategy.clone())));
        rows.extend(limits::of_strategy(strategy, own, counted.copied().unwrap_or_default()));
    }
    View {
        switch,
        last_resume,
        figures_of: snapshots.last().map(|last| last.at),
        orders: Orders { working: told.working, unknown: told.unknown },
        limits: rows,
        unmanaged_limits: policy.unmanaged(&managed(session)),
        verdicts: told.verdicts,
        account,
    }
}

fn print(view: &View, session: &Session) -> anyhow::Result<()> {
    let output = session.output();
    let mut facts = Grid::facts();
    let (words, tone) = match &view.switch {
        Switch::Open => ("open: orders may leave".to_owned(), Tone::Good),
        Switch::Killed(kill) => (kill.to_string(), Tone::Bad),
    };
    facts.toned([("kill switch".to_owned(), Tone::Plain), (words, tone)]);
    if let Some(resume) = &view.last_resume {
        facts.fact("last resume", resume.to_string());
    }
    facts.fact(
        "account",
        view.account.as_ref().map_or_else(|| "not known yet".to_owned(), ToString::to_string),
    );
    facts.fact(
        "orders",
        format!("{} may trade, {} of them unknown", view.orders.working, view.orders.unknown),
    );
    let none = || "none yet".to_owned();
    facts.fact("figures of", view.figures_of.map_or_else(none, |at| at.to_string()));
    for section in &view.unmanaged_limits {
        facts.fact("note", section.to_string());
    }
    output.grid(&facts)?;
    output.text("")?;
    output.grid(&table_of_limits(&view.limits))?;
    if view.verdicts.is_empty() {
        return Ok(());
    }
    output.text("")?;
    output.grid(&table_of_verdicts(&view.verdicts))
}

fn table_of_limits(limits: &[LimitRow]) -> Grid {
    let columns =
        [Column::Words("rule"), Column::Numbers("limit"), Column::Numbers("used"), Column::Words("by")];
    let mut grid = Grid::new(columns.to_vec());
    for row in limits {
        let used = row.used.clone().unwrap_or_default();
        let of = row.strategy.clone().map_or(LimitOf::All, LimitOf::Strategy);
        grid.row([
            of.setting(row.rule).into_owned(),
            row.limit.clone(),
            used,
            row.by.clone().unwrap_or_default(),
        ]);
    }
    grid
}

fn table_of_verdicts(verdicts: &[Verdict]) -> Grid {
    let columns = ["at", "order", "verdict", "rule", "saw", "limit"].map(Column::Words);
    let mut grid = Grid::new(columns.to_vec());
    for verdict in verdicts {
        let (word, tone) = if verdict.approved { ("approved", Tone::Good) } else { ("refused", Tone::Bad) };
        let passed = counted(verdict.findings.len(), "rule");
        let or_empty = |text: &Option<String>| (text.clone().unwrap_or_default(), Tone::Plain);
        let rule = if verdict.approved { (passed, Tone::Plain) } else { or_empty(&verdict.rule) };
        grid.toned([
            (verdict.at.to_string(), Tone::Plain),
            (verdict.key.to_string(), Tone::Plain),
            (word.to_owned(), tone),
            rule,
            or_empty(&verdict.number),
            or_empty(&verdict.limit),
        ]);
    }
    grid
}
