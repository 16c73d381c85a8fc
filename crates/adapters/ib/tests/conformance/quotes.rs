//! Quotes of what TWS has no ticks of, or no line for: the top of the book as it samples it.

use crate::stand::{NOON, Stand, on_runtime, patient, symbol};
use tradeport_conformance::drain;
use tradeport_contracts::{Contract, ContractCatalog, OptionChain, Right};
use tradeport_fake_tws::server::Permissions;
use tradeport_ib::{IbSettings, MarketData};
use tradeport_kernel::Symbol;
use tradeport_market_data::{FeedError, FeedEvent, Quote, QuoteFeed, Subscription};

fn run(test: impl Future<Output = ()>) {
    futures::executor::block_on(test);
}

async fn quotes(stand: &Stand, subscription: &mut Subscription) -> Vec<Quote> {
    stand.settle().await;
    let events = drain(&mut subscription.events).items;
    let quote = |event: &FeedEvent| match event {
        FeedEvent::Quote(quote) => Some(*quote),
        _ => None,
    };
    let quotes: Option<Vec<Quote>> = events.iter().map(quote).collect();
    quotes.expect("only quotes were sent")
}

/// The shares of the catalog, more of them than there are lines for ticks.
const MANY: [&str; 12] = ["AAPL", "IBM", "MSFT", "GE", "KO", "PG", "PFE", "T", "VZ", "WMT", "XOM", "JPM"];

#[test]
fn more_instruments_than_lines_for_ticks_are_quoted_all_the_same() {
    run(async {
        let stand = Stand::linked().await;
        let all: Vec<Symbol> = MANY.into_iter().map(symbol).collect();
        let mut subscription = stand.broker.subscribe(&all).await.unwrap();
        assert!(stand.wire.lines() < MANY.len(), "some had no line for ticks");
        for name in MANY {
            stand.quote(name).await;
        }
        let mut quoted: Vec<Symbol> =
            quotes(&stand, &mut subscription).await.iter().map(Quote::symbol).collect();
        let mut wanted = all.clone();
        quoted.sort();
        wanted.sort();
        assert_eq!(quoted, wanted, "each once, both sides together");
        drop(subscription);
        // Cancels leave by themselves.
        for _ in 0..100_000 {
            if stand.wire.lines() == 0 {
                break;
            }
            on_runtime(tokio::task::yield_now()).await;
        }
        assert_eq!(stand.wire.lines(), 0);
    });
}

/// The first that is listed: not every strike is, at every expiry.
async fn some_call(stand: &Stand, chain: &OptionChain) -> Contract {
    let mut found = None;
    for (day, strike) in chain.expiries().flat_map(|day| chain.strikes().map(move |strike| (day, strike))) {
        if found.is_none() {
            let option = chain.option(day, strike, Right::Call).unwrap();
            found = stand.broker.resolve(&option.into()).await.ok();
        }
    }
    found.expect("a chain holds an option that is listed")
}

#[test]
fn an_option_has_no_ticks_and_is_quoted() {
    run(async {
        let stand = Stand::linked().await;
        let chains = stand.broker.option_chains(&"AAPL".parse().unwrap()).await.unwrap();
        let contract = some_call(&stand, &chains[0]).await;
        let mut subscription = stand.broker.subscribe(&[contract.symbol()]).await.unwrap();
        let (ticks, top) = (97, 1);
        assert!([ticks, top].iter().all(|kind| stand.wire.asked().contains(kind)), "refused, and asked for");
        // The name that it is traded under there may be another one.
        let id = contract.id();
        let listed =
            stand.tws.with(move |server| server.world_mut().catalog().by_id(id)).await.unwrap().unwrap();
        stand.quote(listed.symbol().as_str()).await;
        let told = quotes(&stand, &mut subscription).await;
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].symbol(), contract.symbol());
        assert!(told[0].bid().is_some() && told[0].ask().is_some());
    });
}

#[test]
fn what_may_not_be_seen_is_not_permitted() {
    run(async {
        let stand = Stand::of(NOON, patient(), Permissions::Only([].into())).await;
        stand.connect().await;
        let answer = stand.broker.subscribe(&[symbol("AAPL")]).await;
        assert!(matches!(answer, Err(FeedError::NotPermitted { .. })), "{answer:?}");
        let old = |settings: IbSettings| settings.with_market_data(MarketData::Delayed);
        let stand = Stand::made(NOON, patient(), Permissions::Only([].into()), old).await;
        stand.connect().await;
        let answer = stand.broker.subscribe(&[symbol("AAPL")]).await;
        assert!(answer.is_ok(), "what is a quarter of an hour old may be seen: {answer:?}");
    });
}
