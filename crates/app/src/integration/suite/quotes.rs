//! Quotes: one, as they come, of several, of options.

use super::super::scenario::Halt;
use super::super::stage::{Quoted, SHARE, Stage, not_permitted};
use super::words;
use std::collections::BTreeSet;
use tradeport_contracts::{Contract, OptionChain, Right};
use tradeport_kernel::{Decimal, Symbol};
use tradeport_market_data::{FeedError, FeedEvent, Quote};

/// So many quotes show that there are more to come.
const SEVERAL: usize = 5;

pub(super) async fn snapshot(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let answer = stage.broker().feed().snapshot(share.symbol()).await;
    let quote = answer.map_err(|error| not_permitted(error.into()))?;
    let (bid, ask) = (quote.bid().map(|it| it.price()), quote.ask().map(|it| it.price()));
    let sound = bid.zip(ask).is_some_and(|(bid, ask)| bid <= ask);
    let text =
        |side: Option<tradeport_kernel::Price>| side.map_or_else(|| "none".to_owned(), |it| it.to_string());
    stage.check("a bid that is not above the ask", format!("{} and {}", text(bid), text(ask)), sound);
    Ok(())
}

/// The next quotes of a subscription, until each symbol had `most` of them or no more come.
async fn some(stage: &Stage, symbols: &[Symbol], most: usize) -> Result<Vec<Quote>, Halt> {
    let subscribed = stage.broker().feed().subscribe(symbols).await;
    let mut events = subscribed.map_err(|error| not_permitted(error.into()))?.events;
    let mut quotes: Vec<Quote> = Vec::new();
    let wants = |quotes: &[Quote]| {
        let count = |symbol: &Symbol| quotes.iter().filter(|quote| quote.symbol() == *symbol).count();
        symbols.iter().any(|symbol| count(symbol) < most)
    };
    while wants(&quotes) {
        match stage.next(&mut events).await? {
            Some(FeedEvent::Quote(quote)) => quotes.push(quote),
            Some(FeedEvent::Gap(_)) => {}
            Some(FeedEvent::EpochLost(_)) | None => break,
        }
    }
    Ok(quotes)
}

pub(super) async fn stream(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let quotes = some(stage, &[share.symbol()], SEVERAL).await?;
    stage.check(format!("{SEVERAL} quotes"), quotes.len(), quotes.len() >= SEVERAL);
    let (ordered, seen) = words::in_time(quotes.iter().map(Quote::at));
    stage.check("none older than the one before", seen, ordered);
    let own = quotes.iter().filter(|quote| quote.symbol() == share.symbol()).count();
    stage.check("of this instrument alone", words::of(own, quotes.len()), own == quotes.len());
    Ok(())
}

pub(super) async fn several(stage: &mut Stage) -> Result<(), Halt> {
    let mut symbols = Vec::new();
    for text in [SHARE, "MSFT", "SPY"] {
        symbols.push(stage.platform().list(&text.parse()?).await.map_err(not_permitted)?.symbol());
    }
    let quotes = some(stage, &symbols, 2).await?;
    let seen: BTreeSet<Symbol> = quotes.iter().map(Quote::symbol).collect();
    stage.check("quotes of all three", words::listed(&seen), seen.len() == symbols.len());
    Ok(())
}

pub(super) async fn unknown(stage: &mut Stage) -> Result<(), Halt> {
    let symbol = Symbol::new("ZZQXQ")?;
    let answer = stage.broker().feed().snapshot(symbol).await;
    let held = matches!(answer, Err(FeedError::UnknownSymbol(_)));
    let seen = answer.map_or_else(|error| error.to_string(), |_| "it is quoted".to_owned());
    stage.check("it is not known", seen, held);
    Ok(())
}

pub(super) async fn options(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let chains = stage.broker().catalog().option_chains(share.contract.instrument()).await?;
    let chain = chains.iter().find(|chain| chain.exchange() == "SMART").or(chains.first());
    let Some(chain) = chain else {
        return Err(Halt::Skip(format!("{SHARE} has no options here")));
    };
    let pair = around(stage, chain, &share, 1).await?;
    let mut quoted = 0;
    for option in &pair {
        let option = stage.platform().list(option.instrument()).await.map_err(not_permitted)?;
        let quotes = some(stage, &[option.symbol()], 1).await?;
        let text = quotes.first().and_then(Quote::mid).map_or_else(|| "none".to_owned(), |it| it.to_string());
        stage.check(format!("a quote of {}", option.symbol()), text, !quotes.is_empty());
        quoted += 1;
    }
    stage.check("options on both sides of the price", quoted, quoted == 2);
    Ok(())
}

/// The calls of one expiry whose strikes lie nearest to the price on both sides, at least `weeks` expiries ahead.
pub(super) async fn around(
    stage: &Stage,
    chain: &OptionChain,
    share: &Quoted,
    weeks: usize,
) -> Result<Vec<Contract>, Halt> {
    let strikes: Vec<Decimal> = chain.strikes().collect();
    let middle = strikes.partition_point(|strike| *strike < share.mid);
    for expiry in chain.expiries().skip(weeks).take(6) {
        let below = listed(stage, chain, expiry, strikes[..middle].iter().rev().copied()).await?;
        let above = listed(stage, chain, expiry, strikes[middle..].iter().copied()).await?;
        if let (Some(below), Some(above)) = (below, above) {
            return Ok(vec![below, above]);
        }
    }
    Err(Halt::Skip("no expiry has strikes on both sides of the price".to_owned()))
}

/// The first of these strikes that is listed.
async fn listed(
    stage: &Stage,
    chain: &OptionChain,
    expiry: tradeport_contracts::Expiry,
    strikes: impl Iterator<Item = Decimal>,
) -> Result<Option<Contract>, Halt> {
    for strike in strikes.take(8) {
        let option = chain.option(expiry, strike, Right::Call)?;
        if let Ok(contract) = stage.broker().catalog().resolve(&option.into()).await {
            return Ok(Some(contract));
        }
    }
    Ok(None)
}
