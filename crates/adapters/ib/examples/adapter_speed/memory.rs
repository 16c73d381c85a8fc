//! How much memory a subscription holds, where the system tells.

use crate::broker;
use crate::server::Served;
use futures::FutureExt;
use futures::StreamExt;
use tradeport_contracts::{ContractCatalog, Right};
use tradeport_ib::IbBroker;
use tradeport_kernel::Symbol;
use tradeport_market_data::QuoteFeed;

const SUBSCRIPTIONS: usize = 1_000;

pub(crate) async fn measure(served: &Served) {
    let broker = broker(served.port(), 7, |it| it);
    broker.open().await.unwrap();
    let symbols = instruments(&broker).await;
    // The first ones set up what all of them share.
    let (first, rest) = symbols.split_at(10);
    let mut held = vec![broker.subscribe(first).await.unwrap()];
    let before = resident();
    for symbol in rest {
        held.push(broker.subscribe(&[*symbol]).await.unwrap());
    }
    for subscription in &mut held {
        while subscription.events.next().now_or_never().is_some() {}
    }
    let grown = resident() - before;
    println!("memory per subscription: {:.2} KiB", grown / 1024.0 / rest.len() as f64);
}

/// So many options of one share, looked up, so that only their streams are new.
async fn instruments(broker: &IbBroker) -> Vec<Symbol> {
    let chains = broker.option_chains(&"AAPL".parse().unwrap()).await.unwrap();
    let chain = chains.iter().find(|it| it.exchange() == "SMART").unwrap();
    let mut symbols = Vec::new();
    for expiry in chain.expiries() {
        for strike in chain.strikes() {
            for right in Right::ALL {
                let option = chain.option(expiry, strike, right).unwrap();
                // Not every strike is there for every day.
                if let Ok(contract) = broker.resolve(&option.into()).await {
                    symbols.push(contract.symbol());
                }
                if symbols.len() == SUBSCRIPTIONS {
                    return symbols;
                }
            }
        }
    }
    assert_eq!(symbols.len(), SUBSCRIPTIONS, "the share has too few options");
    symbols
}

/// Resident memory of this process, in bytes.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1024.0
}
