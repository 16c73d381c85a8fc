//! `tradeport quote`: one quote, all of them as they come, or those that were recorded.

use crate::Session;
use crate::cli::{QuoteArgs, Spec};
use crate::exit::Exit;
use crate::fake::Catalog;
use crate::fault::Fault;
use crate::output::{Column, Grid, growing_row};
use crate::wiring::{Broker, read_stores};
use futures::StreamExt;
use serde::Serialize;
use std::sync::Arc;
use tradeport_kernel::{Decimal, Price, Quantity, Symbol, TimeRange, Timestamp};
use tradeport_market_data::{FeedEvent, Level, Quote, RecordedQuote};
use tradeport_trading::QuoteReplay;

/// Letters of a number's column while quotes come in.
const WIDTH: usize = 10;

/// A quote, for JSON and for tables.
#[derive(Clone, Debug, Serialize)]
struct View {
    symbol: Symbol,
    at: Timestamp,
    bid: Option<Price>,
    bid_size: Option<Quantity>,
    ask: Option<Price>,
    ask_size: Option<Quantity>,
    spread: Option<Decimal>,
    mid: Option<Price>,
}

/// Prints the last quote, every quote until somebody stops it, or every quote that was recorded.
pub(super) async fn run(arguments: &QuoteArgs, session: &Session) -> anyhow::Result<Exit> {
    if arguments.recorded {
        return recorded(recorded_as(&arguments.symbol, session), session).await;
    }
    let broker = Broker::open(session).await?;
    let symbol = broker.list(arguments.symbol.instrument()).await?.symbol();
    if arguments.watch {
        return watch(symbol, &broker, session).await;
    }
    let view = View::of(&broker.feed().snapshot(symbol).await?);
    if session.output().is_json() {
        session.output().document(&view)?;
    } else {
        let mut grid = Grid::new(columns());
        grid.row(view.cells());
        session.output().grid(&grid)?;
    }
    Ok(Exit::Done)
}

/// Under which name quotes of an instrument were recorded: that of its contract, where one is known without a broker.
fn recorded_as(spec: &Spec, session: &Session) -> Symbol {
    let catalog = Catalog::at(session.config().fake.hours, session.clock().now());
    catalog.resolve(spec.instrument()).map_or_else(|_| spec.symbol(), |contract| contract.symbol())
}

async fn recorded(symbol: Symbol, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let nothing = || {
        let advice = format!("record some first: tradeport record {symbol}");
        Err(Fault::failed(format!("no quote of {symbol} is recorded here"), advice).into())
    };
    let Some(stores) = read_stores(session.config(), session.clock())? else { return nothing() };
    let mut replay = QuoteReplay::new(Arc::new(stores.ticks()), &[symbol], TimeRange::ALL);
    let mut told = false;
    while let Some(RecordedQuote { quote, .. }) = replay.next().await? {
        if session.stop().is_asked() {
            return Ok(Exit::Interrupted);
        }
        if output.is_json() {
            output.line(&View::of(&quote))?;
        } else {
            if !told {
                output.row(&heading())?;
            }
            output.row(&View::of(&quote).line())?;
        }
        told = true;
    }
    if told { Ok(Exit::Done) } else { nothing() }
}

async fn watch(symbol: Symbol, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let mut events = broker.feed().subscribe(&[symbol]).await?.events;
    let _market = broker.start_market();
    if !output.is_json() {
        output.say("Ctrl-C ends");
        output.row(&heading())?;
    }
    let mut over = std::pin::pin!(session.over());
    loop {
        let event = tokio::select! {
            exit = &mut over => return Ok(exit),
            event = events.next() => event,
        };
        match event {
            Some(FeedEvent::Quote(quote)) if output.is_json() => output.line(&View::of(&quote))?,
            Some(FeedEvent::Quote(quote)) => output.row(&View::of(&quote).line())?,
            Some(FeedEvent::Gap(gap)) => output.say(&format!("quotes are missing: {:?}", gap.cause)),
            Some(FeedEvent::EpochLost(_)) => {
                return Err(Fault::failed("the link to the broker was lost", "the same command again").into());
            }
            None => return Ok(Exit::Done),
        }
    }
}

fn columns() -> Vec<Column> {
    let mut columns = vec![Column::Words("symbol"), Column::Words("time")];
    columns.extend(["bid", "size", "ask", "size", "spread", "mid"].map(Column::Numbers));
    columns
}

fn heading() -> String {
    growing_row(["time", "bid", "size", "ask", "size", "spread"], WIDTH)
}

impl View {
    fn line(&self) -> String {
        let [_, at, bid, bid_size, ask, ask_size, spread, _] = self.cells();
        growing_row([at, bid, bid_size, ask, ask_size, spread], WIDTH)
    }

    fn of(quote: &Quote) -> Self {
        Self {
            symbol: quote.symbol(),
            at: quote.at(),
            bid: quote.bid().map(|level| level.price()),
            bid_size: quote.bid().and_then(|level| Level::size(&level)),
            ask: quote.ask().map(|level| level.price()),
            ask_size: quote.ask().and_then(|level| Level::size(&level)),
            spread: quote.spread(),
            mid: quote.mid(),
        }
    }

    fn cells(&self) -> [String; 8] {
        let number = |number: Option<Decimal>| number.map_or_else(|| "-".to_owned(), |it| it.to_string());
        let price = |price: Option<Price>| number(price.map(Price::as_decimal));
        let size = |size: Option<Quantity>| number(size.map(Quantity::as_decimal));
        [
            self.symbol.to_string(),
            self.at.to_string(),
            price(self.bid),
            size(self.bid_size),
            price(self.ask),
            size(self.ask_size),
            number(self.spread),
            price(self.mid),
        ]
    }
}
