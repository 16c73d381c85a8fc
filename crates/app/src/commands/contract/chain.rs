//! `tradeport contract chain`: options by expiry and strike, with the prices of calls and puts.

use super::{number_text, price_text};
use crate::Session;
use crate::cli::ChainArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::{Column, Grid};
use crate::wiring::Broker;
use serde::Serialize;
use tradeport_contracts::{Contract, Expiry, OptionChain, Right};
use tradeport_kernel::{Decimal, Price, Symbol};

/// So many expiries are shown when none is asked for.
const NEAREST: usize = 3;

/// The chain, for JSON.
#[derive(Serialize)]
struct View {
    underlying: Symbol,
    price: Option<Price>,
    expiries: Vec<Expiry>,
    options: Vec<Row>,
}

/// A call and a put of one strike.
#[derive(Serialize)]
struct Row {
    expiry: Expiry,
    trading_class: String,
    strike: Decimal,
    call: Option<Side>,
    put: Option<Side>,
}

/// One option and its quote.
#[derive(Serialize)]
struct Side {
    symbol: Symbol,
    bid: Option<Price>,
    ask: Option<Price>,
}

/// Prints expiries times strikes.
pub(super) async fn run(arguments: &ChainArgs, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let underlying = broker.find(arguments.underlying.instrument()).await?;
    let chains = broker.catalog().option_chains(underlying.instrument()).await?;
    let every = grid_of(&chains);
    if every.is_empty() {
        let message = format!("there are no options on {}", underlying.symbol());
        return Err(Fault::failed(message, "tradeport contract chain AAPL, SPY or index:SPX@CBOE").into());
    }
    let wanted: Vec<(Expiry, &OptionChain)> = match arguments.expiry {
        None => every.iter().take(NEAREST).copied().collect(),
        Some(wanted) => every.iter().filter(|(expiry, _)| wanted.includes(*expiry)).copied().collect(),
    };
    if wanted.is_empty() {
        return Err(no_such_expiry(arguments, &underlying, &every).into());
    }
    let price = broker.quote(&underlying).await.and_then(|quote| quote.mid());
    let mut options = Vec::new();
    for (expiry, chain) in wanted {
        options.extend(rows(expiry, chain, price, arguments.strikes, broker).await?);
    }
    let expiries: Vec<Expiry> = every.iter().map(|(expiry, _)| *expiry).collect();
    let view = View { underlying: underlying.symbol(), price, expiries, options };
    if session.output().is_json() {
        session.output().document(&view)?;
    } else {
        show(&view, session)?;
    }
    Ok(Exit::Done)
}

/// Every expiry with its chain, the nearest first.
fn grid_of(chains: &[OptionChain]) -> Vec<(Expiry, &OptionChain)> {
    let mut all: Vec<_> =
        chains.iter().flat_map(|chain| chain.expiries().map(move |expiry| (expiry, chain))).collect();
    all.sort_by_key(|(expiry, _)| *expiry);
    all
}

fn no_such_expiry(arguments: &ChainArgs, underlying: &Contract, every: &[(Expiry, &OptionChain)]) -> Fault {
    let asked = arguments.expiry.map(|it| it.expiry().to_string()).unwrap_or_default();
    let known: Vec<String> = every.iter().map(|(expiry, _)| expiry.to_string()).collect();
    let message = format!("no option on {} ends in {asked}", underlying.symbol());
    Fault::failed(message, format!("--expiry with one of {}", known.join(", ")))
}

/// The strikes of an expiry around a price, the lowest first.
async fn rows(
    expiry: Expiry,
    chain: &OptionChain,
    price: Option<Price>,
    most: u32,
    broker: &Broker,
) -> anyhow::Result<Vec<Row>> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut strikes: Vec<Decimal> = chain.strikes().collect();
    if let Some(price) = price {
        strikes.sort_by_key(|strike| (*strike - price.as_decimal()).abs());
    }
    let mut rows = Vec::new();
    for strike in strikes {
        if rows.len() == most {
            break;
        }
        let (call, put) = (
            side(chain, expiry, strike, Right::Call, broker).await?,
            side(chain, expiry, strike, Right::Put, broker).await?,
        );
        // Not every expiry has every strike of its chain.
        if call.is_some() || put.is_some() {
            rows.push(Row { expiry, trading_class: chain.trading_class().to_owned(), strike, call, put });
        }
    }
    rows.sort_by_key(|row| row.strike);
    Ok(rows)
}

async fn side(
    chain: &OptionChain,
    expiry: Expiry,
    strike: Decimal,
    right: Right,
    broker: &Broker,
) -> anyhow::Result<Option<Side>> {
    let option = chain.option(expiry, strike, right)?;
    let Ok(contract) = broker.catalog().resolve(&option.into()).await else { return Ok(None) };
    let quote = broker.quote(&contract).await;
    let bid = quote.and_then(|quote| quote.bid()).map(|level| level.price());
    let ask = quote.and_then(|quote| quote.ask()).map(|level| level.price());
    Ok(Some(Side { symbol: contract.symbol(), bid, ask }))
}

fn show(view: &View, session: &Session) -> anyhow::Result<()> {
    let output = session.output();
    output.text(&format!("{} {}", view.underlying, price_text(view.price)))?;
    let mut columns = vec![Column::Words("expiry"), Column::Words("class")];
    columns.extend(["call bid", "call ask", "strike", "put bid", "put ask"].map(Column::Numbers));
    let mut grid = Grid::new(columns);
    let bid = |side: &Option<Side>| price_text(side.as_ref().and_then(|side| side.bid));
    let ask = |side: &Option<Side>| price_text(side.as_ref().and_then(|side| side.ask));
    for row in &view.options {
        let day = row.expiry.day().map_or_else(|| row.expiry.to_string(), |day| day.to_string());
        grid.row([
            day,
            row.trading_class.clone(),
            bid(&row.call),
            ask(&row.call),
            number_text(Some(row.strike)),
            bid(&row.put),
            ask(&row.put),
        ]);
    }
    output.grid(&grid)?;
    let shown: std::collections::BTreeSet<Expiry> = view.options.iter().map(|row| row.expiry).collect();
    let others: Vec<String> =
        view.expiries.iter().filter(|expiry| !shown.contains(expiry)).map(ToString::to_string).collect();
    if !others.is_empty() {
        output.say(&format!("other expiries: {}", others.join(" ")));
    }
    Ok(())
}
