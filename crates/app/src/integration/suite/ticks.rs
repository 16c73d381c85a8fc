//! Ticks: what happens to instruments, one by one.

use super::super::scenario::Halt;
use super::super::stage::{SHARE, Stage, not_permitted};
use super::words;
use tradeport_kernel::Symbol;
use tradeport_market_data::{Tick, TickFeedError, TickKind, Told};

/// So many show that there are more to come.
const SEVERAL: usize = 3;
/// A broker takes the same instrument only once within seconds: each kind has one of its own.
const KINDS: [(TickKind, &str); 4] = [
    (TickKind::Quotes, SHARE),
    (TickKind::Prints, "MSFT"),
    (TickKind::AllPrints, "IBM"),
    (TickKind::Mids, "SPY"),
];

/// What may be refused to this account is no failure of the platform.
fn not_told(error: TickFeedError) -> Halt {
    match error {
        TickFeedError::NotPermitted { .. } | TickFeedError::NoLine { .. } => Halt::Skip(error.to_string()),
        error => Halt::Fail(error.into()),
    }
}

async fn some(stage: &Stage, symbol: Symbol, kind: TickKind) -> Result<Vec<Tick>, Halt> {
    let mut events = stage.broker().ticks().follow(symbol, kind).await.map_err(not_told)?.events;
    let mut ticks = Vec::new();
    while ticks.len() < SEVERAL {
        match stage.next(&mut events).await? {
            Some(Told::Datum(tick)) => ticks.push(tick),
            Some(Told::Gap(_)) => {}
            Some(Told::EpochLost(_)) | None => break,
        }
    }
    Ok(ticks)
}

pub(super) async fn one_by_one(stage: &mut Stage) -> Result<(), Halt> {
    for (kind, share) in KINDS {
        let contract = stage.broker().list(&share.parse()?).await.map_err(not_permitted)?;
        let symbol = contract.symbol();
        let ticks = some(stage, symbol, kind).await?;
        stage.check(format!("{SEVERAL} {kind} of {symbol}"), ticks.len(), ticks.len() >= SEVERAL);
        let own = ticks.iter().filter(|tick| tick.symbol() == symbol && tick.is_of(kind)).count();
        let seen = words::of(own, ticks.len());
        stage.check("of this kind and instrument alone", seen, own == ticks.len());
        let (ordered, seen) = words::in_time(ticks.iter().map(Tick::at));
        stage.check("none older than the one before", seen, ordered);
    }
    let pair = stage.broker().list(&"EUR.USD".parse()?).await.map_err(not_permitted)?.symbol();
    let answer = stage.broker().ticks().follow(pair, TickKind::Prints).await;
    let held = matches!(answer, Err(TickFeedError::NotOffered { .. }));
    let seen = answer.map_or_else(|error| error.to_string(), |_| "they are told".to_owned());
    stage.check(format!("{pair} has no prints"), seen, held);
    Ok(())
}
