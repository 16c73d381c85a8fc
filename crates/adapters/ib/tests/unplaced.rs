//! Rows whose bytes are so broken that the client library finds nobody to give them to: never silently missing.
//!
//! A test program of its own, with one test: the library's log is one for a whole process, and whatever it cannot place ends
//! every connection there is.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "conformance/stand.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod stand;
#[path = "conformance/wire.rs"]
#[expect(dead_code, reason = "other tests do more with it")]
mod wire;

use futures::StreamExt;
use stand::{Stand, on_runtime, symbol};
use tradeport_connection::{BrokerLink, LinkEvent, LinkState};
use tradeport_contracts::{ContractCatalog, Stock};
use tradeport_ib::{IbBroker, read_library_log};
use tradeport_market_data::QuoteFeed;
use wire::Fate;

const CONTRACT: u32 = 10;
const OPTION_CHAIN: u32 = 75;
const TICK: u32 = 99;

/// Asks for rows of this kind, of which none arrives, and the end of them does.
async fn error(broker: IbBroker, kind: u32) -> Option<String> {
    match kind {
        CONTRACT => {
            broker.resolve(&Stock::new("MSFT").unwrap().into()).await.err().map(|it| format!("{it:?}"))
        }
        _ => {
            let chains = broker.option_chains(&"AAPL".parse().unwrap()).await;
            chains.err().map(|it| format!("{it:?}"))
        }
    }
}

async fn why_lost(stand: &Stand, events: &mut tradeport_connection::LinkEvents) -> String {
    let reason = loop {
        if let LinkEvent::Lost { reason, .. } = events.next().await.unwrap() {
            break reason;
        }
    };
    assert_eq!(stand.broker.state(), LinkState::Down);
    reason
}

#[test]
fn a_row_that_nobody_can_place_is_an_error_and_ends_the_connection() {
    read_library_log().unwrap();
    assert_eq!(read_library_log(), Ok(()), "a second call changes nothing");
    futures::executor::block_on(async {
        // The end of one connection is no reason for another to end.
        let other = Stand::linked().await;
        Stand::linked().await.drop_link().await;
        other.broker.probe(std::time::Duration::from_secs(3_600)).await.unwrap();
        assert!(matches!(other.broker.state(), LinkState::Up { epoch } if epoch.number() == 1));
        drop(other);
        for lost in [CONTRACT, OPTION_CHAIN] {
            let stand = Stand::quoted().await;
            let mut events = BrokerLink::events(&stand.broker).await.unwrap();
            stand.wire.script(Box::new(move |kind, _| if kind == lost { Fate::Unplace } else { Fate::Pass }));
            let broker = stand.broker.clone();
            let error = on_runtime(error(broker, lost)).await;
            assert!(error.is_some(), "it was answered without {lost}");
            let reason = why_lost(&stand, &mut events).await;
            assert!(reason.contains("not even whose it is"), "{reason}");
            // It is there after it.
            stand.wire.script(Box::new(|_, _| Fate::Pass));
            stand.reconnect().await;
            assert_eq!(self::error(stand.broker.clone(), CONTRACT).await, None);
        }
        let stand = Stand::linked().await;
        let _ticks = stand.broker.subscribe(&[symbol("AAPL")]).await.unwrap();
        let mut events = BrokerLink::events(&stand.broker).await.unwrap();
        stand.wire.script(Box::new(|kind, _| if kind == TICK { Fate::Unplace } else { Fate::Pass }));
        stand.quote("AAPL").await;
        let reason = why_lost(&stand, &mut events).await;
        assert!(reason.contains("TickByTick"), "{reason}");
    });
}
