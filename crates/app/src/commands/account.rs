//! `tradeport account` and `tradeport positions`: what the broker says that is held.

use crate::Session;
use crate::cli::{AccountArgs, MoneyArgs};
use crate::exit::Exit;
use crate::output::{Column, Grid, Tone, growing_row};
use crate::wiring::Broker;
use futures::StreamExt;
use serde::Serialize;
use std::time::Duration;
use tradeport_kernel::{AccountId, Money, Price, SignedQuantity, Symbol};
use tradeport_market_data::QuoteFeed;
use tradeport_portfolio::{AccountSummary, Balances, Position};
use tradeport_trading::LiveAccount;

/// How often the figures are asked for while somebody watches.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Letters of an amount's column while changes come in.
const WIDTH: usize = 18;

/// Prints the account's money, or every change of it until somebody stops it.
pub(super) async fn account(arguments: &MoneyArgs, session: &Session) -> anyhow::Result<Exit> {
    let broker = Broker::open(session).await?;
    let account = wanted(&arguments.whose, &broker);
    if arguments.watch {
        return watch(account, &broker, session).await;
    }
    let summary = broker.accounts().summary(account).await?;
    if session.output().is_json() {
        session.output().document(&summary)?;
    } else {
        session.output().grid(&facts(&summary))?;
    }
    Ok(Exit::Done)
}

async fn watch(account: &AccountId, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let live = LiveAccount::new(broker.accounts(), session.clock(), account.clone(), LOOK_EVERY);
    let mut changes = live.follow().await?;
    let _market = broker.start_market();
    if !output.is_json() {
        output.say("Ctrl-C ends");
        output
            .text(&growing_row(["time", "net liquidation", "cash", "positions", "unrealized gain"], WIDTH))?;
    }
    let mut over = std::pin::pin!(session.over());
    loop {
        let change = tokio::select! {
            exit = &mut over => return Ok(exit),
            change = changes.next() => change,
        };
        match change.transpose()? {
            Some(summary) if output.is_json() => output.line(&summary)?,
            Some(summary) => output.row(&growing_row(
                [
                    summary.at.to_string(),
                    summary.net_liquidation.to_string(),
                    summary.cash.to_string(),
                    summary.positions_value.to_string(),
                    summary.unrealized_pnl.to_string(),
                ],
                WIDTH,
            ))?,
            None => return Ok(Exit::Done),
        }
    }
}

fn wanted<'a>(arguments: &'a AccountArgs, broker: &'a Broker) -> &'a AccountId {
    arguments.account.as_ref().unwrap_or_else(|| broker.account())
}

fn facts(summary: &AccountSummary) -> Grid {
    let mut grid = Grid::facts();
    grid.fact("account", summary.account.as_str());
    grid.fact("as of", summary.at.to_string());
    let amounts = [("net liquidation", summary.net_liquidation), ("cash", summary.cash)];
    for (name, amount) in amounts {
        grid.fact(name, amount.to_string());
    }
    // Of one currency the cash says it all.
    for balance in summary.balances.iter().flat_map(Balances::iter).filter(|_| has_several(summary)) {
        grid.fact(&format!("cash in {}", balance.currency()), balance.to_string());
    }
    let amounts = [
        ("positions", summary.positions_value),
        ("buying power", summary.buying_power),
        ("maintenance margin", summary.maintenance_margin),
        ("realized gain", summary.realized_pnl),
        ("unrealized gain", summary.unrealized_pnl),
    ];
    for (name, amount) in amounts {
        grid.fact(name, amount.to_string());
    }
    grid
}

fn has_several(summary: &AccountSummary) -> bool {
    summary.balances.as_ref().is_some_and(|balances| balances.iter().count() > 1)
}

#[derive(Serialize)]
struct PositionView {
    symbol: Symbol,
    quantity: SignedQuantity,
    average_price: Option<Price>,
    cost: Money,
    price: Option<Price>,
    value: Option<Money>,
    unrealized_pnl: Option<Money>,
    realized_pnl: Money,
}

/// Prints what is held of each instrument.
pub(super) async fn positions(arguments: &AccountArgs, session: &Session) -> anyhow::Result<Exit> {
    let broker = Broker::open(session).await?;
    let held = broker.accounts().positions(wanted(arguments, &broker)).await?;
    let mut views = Vec::new();
    for position in held.rows() {
        views.push(PositionView::of(position, broker.feed()).await);
    }
    if session.output().is_json() {
        session.output().document(&views)?;
    } else if views.is_empty() {
        session.output().say("no positions");
    } else {
        session.output().grid(&table(&views))?;
    }
    Ok(Exit::Done)
}

impl PositionView {
    async fn of(position: &Position, feed: &dyn QuoteFeed) -> Self {
        let price = feed.snapshot(position.symbol()).await.ok().and_then(|quote| quote.mid());
        let value = price.and_then(|price| position.value_at(price).ok());
        Self {
            symbol: position.symbol(),
            quantity: position.quantity(),
            average_price: position.average_price(),
            cost: position.cost(),
            price,
            value,
            unrealized_pnl: value.and_then(|value| value.minus(position.cost()).ok()),
            realized_pnl: position.realized(),
        }
    }
}

fn table(views: &[PositionView]) -> Grid {
    let mut columns = vec![Column::Words("symbol")];
    let numbers = ["quantity", "average price", "price", "value", "unrealized gain", "realized gain"];
    columns.extend(numbers.map(Column::Numbers));
    let mut grid = Grid::new(columns);
    let price = |price: Option<Price>| {
        price.map_or_else(|| "-".to_owned(), |price| price.as_decimal().round_dp(4).normalize().to_string())
    };
    let money = |amount: Option<Money>| amount.map_or_else(|| "-".to_owned(), |amount| amount.to_string());
    let gain = |amount: Option<Money>| amount.map_or(Tone::Plain, |amount| Tone::of_gain(amount.amount()));
    for view in views {
        grid.toned([
            (view.symbol.to_string(), Tone::Plain),
            (view.quantity.as_decimal().normalize().to_string(), Tone::Plain),
            (price(view.average_price), Tone::Plain),
            (price(view.price), Tone::Plain),
            (money(view.value), Tone::Plain),
            (money(view.unrealized_pnl), gain(view.unrealized_pnl)),
            (view.realized_pnl.to_string(), gain(Some(view.realized_pnl))),
        ]);
    }
    grid
}
