//! `tradeport pnl`: what was gained, as the broker reckons it.

use crate::Session;
use crate::cli::MoneyArgs;
use crate::exit::Exit;
use crate::output::{Column, Grid, Tone, growing_row};
use crate::wiring::Broker;
use futures::StreamExt;
use serde::Serialize;
use std::time::Duration;
use tradeport_kernel::{AccountId, Clock, Money, SignedQuantity, Symbol, Timestamp};
use tradeport_portfolio::{AccountPnl, PnlEvent, PnlStream, PositionPnl};

/// So long the first word is waited for.
const FIRST_WORD: Duration = Duration::from_secs(10);

/// Letters of an amount's column while changes come in.
const WIDTH: usize = 18;

/// All of it, for JSON.
#[derive(Serialize)]
struct View {
    account: AccountId,
    at: Timestamp,
    daily_pnl: Option<Money>,
    unrealized_pnl: Option<Money>,
    realized_pnl: Option<Money>,
    positions: Vec<Row>,
}

/// One position.
#[derive(Serialize)]
struct Row {
    symbol: Symbol,
    quantity: SignedQuantity,
    value: Option<Money>,
    daily_pnl: Option<Money>,
    unrealized_pnl: Option<Money>,
    realized_pnl: Option<Money>,
}

/// One change of the account's.
#[derive(Serialize)]
struct Line {
    account: AccountId,
    at: Timestamp,
    daily_pnl: Option<Money>,
    unrealized_pnl: Option<Money>,
    realized_pnl: Option<Money>,
}

impl Line {
    fn of(told: AccountPnl) -> Self {
        let AccountPnl { account, at, gains } = told;
        let (daily_pnl, unrealized_pnl, realized_pnl) = (gains.daily, gains.unrealized, gains.realized);
        Self { account, at, daily_pnl, unrealized_pnl, realized_pnl }
    }
}

/// Prints what the account and each of its positions has gained, or every change of the account's.
pub(super) async fn run(arguments: &MoneyArgs, session: &Session) -> anyhow::Result<Exit> {
    let broker = Broker::open(session).await?;
    let account = arguments.whose.account.as_ref().unwrap_or_else(|| broker.account());
    if arguments.watch {
        return watch(account, &broker, session).await;
    }
    let clock = session.clock();
    let mut stream = broker.gains().of_account(account).await?;
    let told = first(&mut stream, &*clock).await;
    let none = || AccountPnl { account: account.clone(), at: clock.now(), gains: Default::default() };
    let Line { account: whose, at, daily_pnl, unrealized_pnl, realized_pnl } =
        Line::of(told.unwrap_or_else(none));
    let mut positions = Vec::new();
    for held in broker.accounts().positions(account).await?.rows() {
        let mut stream = broker.gains().of_position(account, held.symbol()).await?;
        positions.push(Row::of(held.symbol(), held.quantity(), first(&mut stream, &*clock).await));
    }
    let view = View { account: whose, at, daily_pnl, unrealized_pnl, realized_pnl, positions };
    if session.output().is_json() {
        session.output().document(&view)?;
    } else {
        show(&view, session)?;
    }
    Ok(Exit::Done)
}

/// How it stands; `None` when nothing is told in time.
async fn first<T>(stream: &mut PnlStream<T>, clock: &dyn Clock) -> Option<T> {
    let late = clock.sleep_until(clock.now().after(FIRST_WORD));
    tokio::select! {
        event = stream.next() => match event? {
            PnlEvent::Stands(told) => Some(told),
            PnlEvent::EpochLost(_) => None,
        },
        () = late => None,
    }
}

impl Row {
    fn of(symbol: Symbol, quantity: SignedQuantity, told: Option<PositionPnl>) -> Self {
        let gains = told.as_ref().map(|it| it.gains).unwrap_or_default();
        Self {
            symbol,
            quantity: told.as_ref().map_or(quantity, |it| it.quantity),
            value: told.and_then(|it| it.value),
            daily_pnl: gains.daily,
            unrealized_pnl: gains.unrealized,
            realized_pnl: gains.realized,
        }
    }
}

async fn watch(account: &AccountId, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let mut changes = broker.gains().of_account(account).await?;
    let _market = broker.start_market();
    if !output.is_json() {
        output.say("Ctrl-C ends");
        output.row(&growing_row(["time", "today", "unrealized gain", "realized gain"], WIDTH))?;
    }
    let mut over = std::pin::pin!(session.over());
    loop {
        let change = tokio::select! {
            exit = &mut over => return Ok(exit),
            change = changes.next() => change,
        };
        let Some(PnlEvent::Stands(told)) = change else { return Ok(Exit::Done) };
        let line = Line::of(told);
        if output.is_json() {
            output.line(&line)?;
        } else {
            let amounts = [line.daily_pnl, line.unrealized_pnl, line.realized_pnl].map(text);
            let [daily, unrealized, realized] = amounts;
            output.row(&growing_row([line.at.to_string(), daily, unrealized, realized], WIDTH))?;
        }
    }
}

fn text(amount: Option<Money>) -> String {
    amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string())
}

fn show(view: &View, session: &Session) -> anyhow::Result<()> {
    let mut facts = Grid::facts();
    facts.fact("account", view.account.as_str());
    facts.fact("as of", view.at.to_string());
    facts.fact("today", text(view.daily_pnl));
    facts.fact("unrealized gain", text(view.unrealized_pnl));
    facts.fact("realized gain", text(view.realized_pnl));
    session.output().grid(&facts)?;
    if view.positions.is_empty() {
        session.output().say("no positions");
        return Ok(());
    }
    let mut columns = vec![Column::Words("symbol")];
    columns.extend(["quantity", "value", "today", "unrealized gain", "realized gain"].map(Column::Numbers));
    let mut grid = Grid::new(columns);
    let gain = |amount: Option<Money>| {
        (text(amount), amount.map_or(Tone::Plain, |amount| Tone::of_gain(amount.amount())))
    };
    for row in &view.positions {
        grid.toned([
            (row.symbol.to_string(), Tone::Plain),
            (row.quantity.as_decimal().normalize().to_string(), Tone::Plain),
            (text(row.value), Tone::Plain),
            gain(row.daily_pnl),
            gain(row.unrealized_pnl),
            gain(row.realized_pnl),
        ]);
    }
    session.output().grid(&grid)
}
