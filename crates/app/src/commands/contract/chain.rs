//! `tradeport contract chain`: options by expiry and strike, with the prices of calls and puts.

use super::{number_text, price_text};
use crate::Session;
use crate::cli::ChainArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::output::{Column, Grid};
use crate::wiring::Broker;
use serde::Serialize;
use tradeport_contracts::{Contract, Expiry, Instrument, OptionChain, Right};
use tradeport_kernel::{Decimal, Price, Symbol};
use tradeport_market_data::{FeedError, OptionFeedError, OptionValues, Quote};

/// So many expiries are shown when none is asked for.
const NEAREST: usize = 3;

/// The chain, for JSON.
#[derive(Serialize)]
struct View {
    underlying: Symbol,
    price: Option<Price>,
    expiries: Vec<Expiry>,
    options: Vec<Row>,
    /// What is missing in it, and why.
    notes: Vec<String>,
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
    greeks: Option<Greeks>,
}

/// What the broker's model makes of an option.
#[derive(Clone, Copy, Serialize)]
struct Greeks {
    implied_volatility: Option<Decimal>,
    delta: Option<Decimal>,
    gamma: Option<Decimal>,
    vega: Option<Decimal>,
    theta: Option<Decimal>,
    price: Option<Price>,
    dividends: Option<Decimal>,
    underlying_price: Option<Price>,
}

impl Greeks {
    const fn of(values: &OptionValues) -> Self {
        Self {
            implied_volatility: values.implied_volatility,
            delta: values.delta,
            gamma: values.gamma,
            vega: values.vega,
            theta: values.theta,
            price: values.price,
            dividends: values.dividends,
            underlying_price: values.underlying_price,
        }
    }
}

/// So many options in a row of which nothing is computed, and nothing is asked any more: each takes its time.
const MOST_MISSES: u32 = 3;

/// Asks for one after the other: of the hundred lines of market data that most accounts have, a chain takes one.
struct Asking<'a> {
    broker: &'a Broker,
    with_greeks: bool,
    misses: u32,
    /// Why something is missing: the first reason of each kind, for it would be the same a hundred times.
    no_prices: Option<FeedError>,
    no_greeks: Option<OptionFeedError>,
}

impl<'a> Asking<'a> {
    const fn new(broker: &'a Broker, with_greeks: bool) -> Self {
        Self { broker, with_greeks, misses: 0, no_prices: None, no_greeks: None }
    }

    async fn quote(&mut self, contract: &Contract) -> Option<Quote> {
        match self.broker.quote_or_why(contract).await {
            Ok(quote) => quote,
            Err(error) => {
                self.no_prices.get_or_insert(error);
                None
            }
        }
    }

    async fn greeks(&mut self, contract: &Contract) -> Option<Greeks> {
        if !self.with_greeks || self.misses >= MOST_MISSES {
            return None;
        }
        let computed = match self.broker.computations(contract).await {
            Ok(computed) => computed.and_then(|it| it.model),
            Err(error) => {
                self.no_greeks.get_or_insert(error);
                None
            }
        };
        self.misses = if computed.is_some() { 0 } else { self.misses + 1 };
        computed.map(|model| Greeks::of(&model))
    }

    /// What is missing, once, with what to do.
    fn notes(self) -> Vec<String> {
        let lines = matches!(self.no_prices, Some(FeedError::NoLine { .. }))
            || matches!(self.no_greeks, Some(OptionFeedError::NoLine { .. }));
        let told = |what: &str, why: anyhow::Error| format!("{what} are missing: {why:#}");
        let mut notes = Vec::new();
        notes.extend(self.no_prices.map(|why| told("prices", why.into())));
        notes.extend(self.no_greeks.map(|why| told("greeks", why.into())));
        if lines {
            notes.push("end other quotes of this login, in TWS or in other programs, then again".to_owned());
        }
        notes
    }
}

/// Prints expiries times strikes.
pub(super) async fn run(arguments: &ChainArgs, broker: &Broker, session: &Session) -> anyhow::Result<Exit> {
    let underlying = broker.find(arguments.underlying.instrument()).await?;
    let chains = broker.option_chains(underlying.instrument()).await?;
    let every = grid_of(&chains);
    if every.is_empty() {
        let message = format!("there are no options on {}", underlying.symbol());
        return Err(Fault::failed(message, instead(&underlying)).into());
    }
    let wanted: Vec<(Expiry, &OptionChain)> = match arguments.expiry {
        None => every.iter().take(NEAREST).copied().collect(),
        Some(wanted) => every.iter().filter(|(expiry, _)| wanted.includes(*expiry)).copied().collect(),
    };
    if wanted.is_empty() {
        return Err(no_such_expiry(arguments, &underlying, &every).into());
    }
    let mut asking = Asking::new(broker, arguments.greeks);
    let price = asking.quote(&underlying).await.and_then(|quote| quote.mid());
    let mut options = Vec::new();
    for (expiry, chain) in wanted {
        options.extend(rows(expiry, chain, (price, arguments.strikes), &mut asking).await?);
    }
    let expiries: Vec<Expiry> = every.iter().map(|(expiry, _)| *expiry).collect();
    let view = View { underlying: underlying.symbol(), price, expiries, options, notes: asking.notes() };
    if session.output().is_json() {
        session.output().document(&view)?;
    } else {
        show(&view, arguments.greeks, session)?;
    }
    Ok(Exit::Done)
}

/// What to ask in place of a chain that is not there. Options on futures are contracts of their own.
fn instead(underlying: &Contract) -> String {
    let said = underlying.instrument().description();
    match (underlying.instrument(), &said.symbol, &said.exchange) {
        (Instrument::Future(_), Some(symbol), Some(exchange)) => format!(
            "options on a future go by their own name: tradeport contract show \"futopt:{symbol} *@{exchange}\""
        ),
        _ => "tradeport contract chain AAPL, SPY or index:SPX@CBOE".to_owned(),
    }
}

/// Every expiry of every class with its chain, the nearest first.
fn grid_of(chains: &[OptionChain]) -> Vec<(Expiry, &OptionChain)> {
    let mut all: Vec<(Expiry, &OptionChain)> =
        chains.iter().flat_map(|chain| chain.expiries().map(move |expiry| (expiry, chain))).collect();
    all.sort_by_key(|(expiry, _)| *expiry);
    all
}

fn no_such_expiry(arguments: &ChainArgs, underlying: &Contract, every: &[(Expiry, &OptionChain)]) -> Fault {
    let asked = arguments.expiry.map(|it| match it.expiry().day() {
        Some(day) => format!("on {day}"),
        None => format!("in {}-{:02}", it.expiry().year(), u8::from(it.expiry().month())),
    });
    let known: Vec<String> = every.iter().map(|(expiry, _)| day_text(*expiry)).collect();
    let message = format!("no option on {} ends {}", underlying.symbol(), asked.unwrap_or_default());
    Fault::failed(message, format!("--expiry with one of {}", known.join(", ")))
}

/// The strikes of an expiry around a price, the lowest first.
async fn rows(
    expiry: Expiry,
    chain: &OptionChain,
    (price, most): (Option<Price>, u32),
    asking: &mut Asking<'_>,
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
            side(chain, expiry, (strike, Right::Call), asking).await?,
            side(chain, expiry, (strike, Right::Put), asking).await?,
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
    (strike, right): (Decimal, Right),
    asking: &mut Asking<'_>,
) -> anyhow::Result<Option<Side>> {
    let option = chain.option(expiry, strike, right)?;
    let Ok(contract) = asking.broker.catalog().resolve(&option.into()).await else { return Ok(None) };
    let quote = asking.quote(&contract).await;
    let bid = quote.and_then(|quote| quote.bid()).map(|level| level.price());
    let ask = quote.and_then(|quote| quote.ask()).map(|level| level.price());
    let greeks = asking.greeks(&contract).await;
    Ok(Some(Side { symbol: contract.symbol(), bid, ask, greeks }))
}

fn show(view: &View, with_greeks: bool, session: &Session) -> anyhow::Result<()> {
    let output = session.output();
    output.text(&format!("{} {}", view.underlying, price_text(view.price)))?;
    output.grid(&if with_greeks { greeks_grid(view) } else { prices_grid(view) })?;
    let shown: std::collections::BTreeSet<Expiry> = view.options.iter().map(|row| row.expiry).collect();
    let others: Vec<String> =
        view.expiries.iter().filter(|expiry| !shown.contains(expiry)).map(|it| day_text(*it)).collect();
    if !others.is_empty() {
        output.say(&format!("other expiries: {}", others.join(" ")));
    }
    for note in &view.notes {
        output.say(note);
    }
    Ok(())
}

/// As days are typed: 2026-12-18.
fn day_text(expiry: Expiry) -> String {
    expiry.day().map_or_else(|| expiry.to_string(), |day| day.to_string())
}

/// One line for each option.
fn greeks_grid(view: &View) -> Grid {
    let mut columns = vec![Column::Words("expiry"), Column::Words("right")];
    let numbers = ["strike", "bid", "ask", "volatility", "delta", "gamma", "vega", "theta"];
    columns.extend(numbers.map(Column::Numbers));
    let mut grid = Grid::new(columns);
    let short = |number: Option<Decimal>| number_text(number.map(|number| number.round_dp(4)));
    for row in &view.options {
        for (right, side) in [("call", &row.call), ("put", &row.put)] {
            let Some(side) = side else { continue };
            let greek = |of: fn(&Greeks) -> Option<Decimal>| short(side.greeks.as_ref().and_then(of));
            grid.row([
                day_text(row.expiry),
                right.to_owned(),
                number_text(Some(row.strike)),
                price_text(side.bid),
                price_text(side.ask),
                greek(|it| it.implied_volatility),
                greek(|it| it.delta),
                greek(|it| it.gamma),
                greek(|it| it.vega),
                greek(|it| it.theta),
            ]);
        }
    }
    grid
}

/// One line for each strike.
fn prices_grid(view: &View) -> Grid {
    let mut columns = vec![Column::Words("expiry"), Column::Words("class")];
    columns.extend(["call bid", "call ask", "strike", "put bid", "put ask"].map(Column::Numbers));
    let mut grid = Grid::new(columns);
    let bid = |side: &Option<Side>| price_text(side.as_ref().and_then(|side| side.bid));
    let ask = |side: &Option<Side>| price_text(side.as_ref().and_then(|side| side.ask));
    for row in &view.options {
        grid.row([
            day_text(row.expiry),
            row.trading_class.clone(),
            bid(&row.call),
            ask(&row.call),
            number_text(Some(row.strike)),
            bid(&row.put),
            ask(&row.put),
        ]);
    }
    grid
}
