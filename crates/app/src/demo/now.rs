//! `tradeport demo --now`: one round on the broker's market of this moment, on whichever broker the settings name.
//!
//! Record some quotes, buy one of each share, ask the broker what that has gained, sell it again, and report. A TWS has no
//! market of years ago, so this is what the demo does there; the simulated broker does the same, and both reports have
//! the same lines. Whatever was bought is sold again, also when somebody asks to stop. Real money is refused,
//! whatever the settings say.
//!
//! Left out: years of prices, and figures that need them (`demo` without it).

use super::DemoArgs;
use crate::Session;
use crate::commands::limited;
use crate::config::{Assignment, BrokerChoice};
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::{Column, Grid};
use crate::wiring::Platform;
use futures::StreamExt;
use serde::Serialize;
use std::sync::Arc;
use std::time::Duration;
use tradeport_contracts::{Contract, Instrument};
use tradeport_kernel::{AccountId, Decimal, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::TickStore;
use tradeport_orders::{CancelTag, Order, OrderDraft, OrderKind, OrderState, Side};
use tradeport_portfolio::{Gains, PnlEvent};
use tradeport_trading::{Recorder, RecorderSettings};

/// What is recorded and traded.
const SHARES: [&str; 3] = ["AAPL", "IBM", "MSFT"];
/// So many quotes are recorded, if they come in time.
const QUOTES: u64 = 12;
/// So long quotes are recorded at most.
const RECORDING: Duration = Duration::from_secs(15);
/// So long an order at the market is waited for.
const FILLING: Duration = Duration::from_secs(30);
/// So long the broker's own gains are waited for.
const FIRST_WORD: Duration = Duration::from_secs(10);
/// The folder within that of the databases.
const FOLDER: &str = "demo-now";

/// What the round came to.
#[derive(Serialize)]
struct Round {
    broker: &'static str,
    account: AccountId,
    began: Timestamp,
    ended: Timestamp,
    recorded: Vec<Recorded>,
    orders: Vec<Line>,
    while_held: Option<Gains>,
    cash_before: Money,
    cash_after: Money,
    sold_again: bool,
    notes: Vec<String>,
}

/// Quotes of one instrument that lie in the database.
#[derive(Serialize)]
struct Recorded {
    symbol: Symbol,
    quotes: u64,
}

/// One order.
#[derive(Serialize)]
struct Line {
    symbol: Symbol,
    side: Side,
    quantity: Option<Quantity>,
    filled: Decimal,
    state: OrderState,
    average_price: Option<Price>,
    commissions: Vec<Money>,
}

impl Line {
    fn of(order: &Order) -> Self {
        Self {
            symbol: order.intent().symbol(),
            side: order.intent().side(),
            quantity: order.quantity(),
            filled: order.filled(),
            state: order.state(),
            average_price: order.average_price(),
            commissions: order.commissions().collect(),
        }
    }
}

/// What only the bundled or somebody's own prices can show. Errors: it was asked for on a market of now.
pub(super) fn refuse_history(arguments: &DemoArgs, broker: BrokerChoice) -> anyhow::Result<()> {
    let asked = [
        ("--bars", arguments.bars.is_some()),
        ("--replay", arguments.replay.is_some()),
        ("--splits", arguments.splits.is_some()),
        ("--from", arguments.from.is_some()),
        ("--to", arguments.to.is_some()),
        ("--report", arguments.report.is_some()),
        ("--seed", arguments.seed != 1),
    ];
    let Some((flag, _)) = asked.iter().find(|(_, asked)| *asked) else { return Ok(()) };
    let (message, advice) = match broker {
        BrokerChoice::Tws => (
            format!("{flag} is of prices of the past, and TWS trades at those of now"),
            "leave it out, or play the past on the simulated broker: --broker fake",
        ),
        BrokerChoice::Fake => (
            format!("{flag} is of prices of the past, and --now is of those of now"),
            "leave one of them out",
        ),
    };
    Err(Fault::usage(message, advice).into())
}

/// Plays one round.
pub(super) async fn run(session: &Session) -> anyhow::Result<Exit> {
    let session = own_session(session)?;
    let platform = Platform::open(&session).await?;
    let played = play(&platform, &session).await;
    let closed = platform.close().await;
    let round = played?;
    closed?;
    show(&round, &session)?;
    let whole = round.sold_again && round.notes.is_empty();
    if session.stop().is_asked() {
        return Ok(Exit::Interrupted);
    }
    if whole {
        return Ok(Exit::Done);
    }
    let why = round.notes.first().map_or("not everything was sold again", String::as_str);
    let fault = Fault::failed(format!("the round was not whole: {why}"), "tradeport order list --all");
    session.output().fault(&crate::fault::Report::of(&fault.into()));
    Ok(Exit::Failed)
}

/// The same session with databases of its own, and never with real money.
fn own_session(session: &Session) -> anyhow::Result<Session> {
    let folder = session.storage()?.folder.join(FOLDER);
    let folder = folder.to_str().map(str::to_owned);
    let folder =
        folder.ok_or_else(|| Fault::usage("the folder of the databases is no text", "--data-dir DIR"))?;
    let set = |key, value: toml::Value| Assignment { key, flag: "demo --now", value };
    let mut said = vec![set("storage.path", folder.into()), set("ib.allow_live", false.into())];
    // A secret is no part of what settings are written down as.
    let account = session.config().ib.account.as_ref();
    said.extend(account.map(|account| set("ib.account", account.reveal().as_str().into())));
    let loaded = session.loaded().with(&said)?;
    loaded.check()?;
    Ok(Session::new(loaded, session.output().clone(), session.stop().clone(), session.clock()))
}

async fn play(platform: &Platform, session: &Session) -> anyhow::Result<Round> {
    let (broker, began) = (platform.broker(), session.clock().now());
    let account = broker.account().clone();
    let cash_before = broker.accounts().summary(&account).await?.cash;
    let mut shares = Vec::new();
    for share in SHARES {
        shares.push(platform.list(&share.parse::<Instrument>()?).await?);
    }
    session.output().say(&format!("recording {}", SHARES.join(", ")));
    let recorded = record(platform, &shares, session).await?;
    let mut notes = Vec::new();
    let closed = shares.iter().filter(|it| !is_open(it, platform, session));
    let closed: Vec<String> = closed.map(|it| it.symbol().to_string()).collect();
    let (mut orders, mut while_held) = (Vec::new(), None);
    if closed.is_empty() && !session.stop().is_asked() {
        session.output().say("buying one of each, and selling it again");
        let bought = trade(platform, session, began, &of_shares(&shares, Side::Buy)).await?;
        while_held = gains(platform, session).await?;
        let held: Vec<(Symbol, Side, Decimal)> = bought
            .iter()
            .filter(|order| order.filled() > Decimal::ZERO)
            .map(|order| (order.intent().symbol(), Side::Sell, order.filled()))
            .collect();
        let sold = trade(platform, session, began, &held).await?;
        orders = bought.iter().chain(&sold).map(Line::of).collect();
    } else if !closed.is_empty() {
        notes.push(format!("nothing was traded: the market of {} is closed now", closed.join(", ")));
    }
    let cash_after = broker.accounts().summary(&account).await?.cash;
    let sum = |side| orders.iter().filter(|it| it.side == side).map(|it| it.filled).sum::<Decimal>();
    let sold_again = sum(Side::Buy) == sum(Side::Sell);
    let name = session.config().broker.as_str();
    let ended = session.clock().now();
    Ok(Round {
        broker: name,
        account,
        began,
        ended,
        recorded,
        orders,
        while_held,
        cash_before,
        cash_after,
        sold_again,
        notes,
    })
}

fn is_open(contract: &Contract, platform: &Platform, session: &Session) -> bool {
    platform.broker().trades_always() || contract.sessions().is_open(session.clock().now())
}

fn of_shares(shares: &[Contract], side: Side) -> Vec<(Symbol, Side, Decimal)> {
    shares.iter().map(|share| (share.symbol(), side, Decimal::ONE)).collect()
}

async fn record(
    platform: &Platform,
    shares: &[Contract],
    session: &Session,
) -> anyhow::Result<Vec<Recorded>> {
    let symbols: Vec<Symbol> = shares.iter().map(Contract::symbol).collect();
    let ticks = Arc::new(platform.stores().ticks());
    let mut before = Vec::new();
    for symbol in &symbols {
        before.push(ticks.count(*symbol).await?);
    }
    let settings = RecorderSettings { max_duration: RECORDING, ..RecorderSettings::default() };
    let progress = session.output().progress(Some(QUOTES), "quotes");
    let subscription = platform.broker().feed().subscribe(&symbols).await?;
    let subscription = limited(subscription, Some(QUOTES), progress.clone());
    let market = platform.broker().start_market();
    let stop = session.stop().clone();
    let recorder = Recorder::new(Arc::clone(&ticks) as _, session.clock(), settings);
    let ended = recorder.run(subscription, async move { stop.asked().await }).await;
    drop(market);
    progress.finish_and_clear();
    ended?;
    let mut recorded = Vec::new();
    for (symbol, before) in symbols.into_iter().zip(before) {
        let quotes = ticks.count(symbol).await?.saturating_sub(before);
        recorded.push(Recorded { symbol, quotes });
    }
    Ok(recorded)
}

/// Sends orders at the market, and waits until each has ended or its time is up; then it is cancelled.
async fn trade(
    platform: &Platform,
    session: &Session,
    began: Timestamp,
    wanted: &[(Symbol, Side, Decimal)],
) -> anyhow::Result<Vec<Order>> {
    let desk = platform.desk();
    let mut keys = Vec::new();
    for (symbol, side, units) in wanted {
        let key = OrderKey::new(&format!("demo-{}-{side}-{symbol}", began.nanos() / 1_000_000))?;
        let account = platform.broker().account().clone();
        let units = Quantity::new(*units)?;
        let draft = OrderDraft::new(key.clone(), account, *symbol, *side, units, OrderKind::Market);
        // The gate wants a quote of now.
        platform.next_tick().await?;
        desk.submit(draft.check()?).await?;
        keys.push(key);
    }
    let deadline = session.clock().now().after(FILLING);
    let mut orders = Vec::new();
    for key in keys {
        loop {
            let Some(order) = desk.order(&key).await else { break };
            // Every execution is charged for, a moment later.
            let is_charged = order.commissions().count() >= order.executions().count();
            let is_over = !order.state().may_trade() && is_charged;
            if is_over || session.clock().now() >= deadline {
                if order.state().may_trade() {
                    desk.cancel(&key, CancelTag::default()).await?;
                }
                orders.push(desk.order(&key).await.unwrap_or(order));
                break;
            }
            platform.next_tick().await?;
        }
    }
    Ok(orders)
}

/// What the broker says was gained; `None` when it says nothing in time.
async fn gains(platform: &Platform, session: &Session) -> anyhow::Result<Option<Gains>> {
    let broker = platform.broker();
    let mut stream = broker.gains().of_account(broker.account()).await?;
    let clock = session.clock();
    let late = clock.sleep_until(clock.now().after(FIRST_WORD));
    Ok(tokio::select! {
        event = stream.next() => match event {
            Some(PnlEvent::Stands(told)) => Some(told.gains),
            _ => None,
        },
        () = late => None,
    })
}

fn show(round: &Round, session: &Session) -> anyhow::Result<()> {
    let output = session.output();
    if output.is_json() {
        return output.document(round);
    }
    let mut facts = Grid::facts();
    facts.fact("broker", round.broker);
    facts.fact("account", round.account.as_str());
    for it in &round.recorded {
        facts.fact("recorded", format!("{} quotes of {}", it.quotes, it.symbol));
    }
    let gain = round.while_held.and_then(|gains| gains.unrealized);
    facts.fact("gained while held", gain.map_or_else(|| "-".to_owned(), |gain| gain.to_string()));
    facts.fact("cash before", round.cash_before.to_string());
    facts.fact("cash after", round.cash_after.to_string());
    facts.fact("sold again", if round.sold_again { "all of it" } else { "NOT all of it: look at positions" });
    output.grid(&facts)?;
    let mut grid = Grid::new(vec![
        Column::Words("symbol"),
        Column::Words("side"),
        Column::Numbers("filled"),
        Column::Words("state"),
        Column::Numbers("price"),
    ]);
    for it in &round.orders {
        let price = it.average_price.map_or_else(|| "-".to_owned(), |price| price.to_string());
        let filled = it.filled.normalize().to_string();
        grid.row([it.symbol.to_string(), it.side.to_string(), filled, it.state.to_string(), price]);
    }
    output.grid(&grid)?;
    round.notes.iter().for_each(|note| output.say(note));
    Ok(())
}
