//! Quotes for the desk: whatever is held or ordered, by us or by others, over every epoch.

use crate::Session;
use crate::wiring::BrokerPorts;
use futures::StreamExt;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tradeport_kernel::Symbol;
use tradeport_market_data::FeedEvent;
use tradeport_trading::{OrderDesk, SessionHandle, lasting_quotes};

/// Subscriptions that feed the desk; dropping this ends them.
#[derive(Default)]
struct DeskQuotes(BTreeMap<Symbol, Follower>);

/// Follows one instrument until it is dropped.
struct Follower(JoinHandle<()>);

impl Drop for Follower {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// So often it is looked for instruments whose quotes the desk needs.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// Follows what is held and ordered for good, beside everything else: a catalog that is slow to answer holds nobody up.
pub(super) async fn for_desk(desk: OrderDesk, ports: BrokerPorts, handle: SessionHandle, session: Session) {
    let (mut quotes, clock) = (DeskQuotes::default(), session.clock());
    loop {
        quotes.follow(&desk, &ports, &handle, &session).await;
        clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
    }
}

impl DeskQuotes {
    /// Follows what is held and ordered, and nothing else any more.
    async fn follow(
        &mut self,
        desk: &OrderDesk,
        ports: &BrokerPorts,
        handle: &SessionHandle,
        session: &Session,
    ) {
        // Without a link nothing can be looked up, and what is followed goes on by itself.
        if handle.may_order().is_err() {
            return;
        }
        let wanted = wanted(desk, ports).await;
        self.0.retain(|symbol, _| wanted.contains(symbol));
        for symbol in wanted {
            if self.0.contains_key(&symbol) {
                continue;
            }
            // The broker finds an instrument by what the catalog said of it.
            if let Err(error) = desk.contract(symbol).await {
                tracing::warn!(%symbol, %error, "what is held or ordered is not known, and has no quotes");
                continue;
            }
            let silence = Duration::from_secs(session.config().link.silence_seconds);
            let mut quotes = lasting_quotes(Arc::clone(&ports.quotes), handle, vec![symbol], Some(silence));
            let desk = desk.clone();
            let follow = async move {
                while let Some(event) = quotes.next().await {
                    if let FeedEvent::Quote(quote) = event {
                        desk.note_quote(quote);
                    }
                }
            };
            self.0.insert(symbol, Follower(tokio::spawn(follow)));
        }
    }
}

async fn wanted(desk: &OrderDesk, ports: &BrokerPorts) -> BTreeSet<Symbol> {
    let mut wanted = BTreeSet::new();
    for order in desk.live_orders().await {
        let symbol = order.intent().symbol();
        wanted.insert(symbol);
        // Without them nobody knows what it may come to, and no other order would pass.
        wanted.extend(desk.legs_of(symbol).await);
    }
    // What they may come to is counted as ours is.
    wanted.extend(desk.symbols_of_others().await);
    for account in ports.accounts.accounts().await.unwrap_or_default() {
        if let Some(portfolio) = desk.portfolio(&account).await {
            wanted.extend(portfolio.held().map(tradeport_portfolio::Position::symbol));
        }
    }
    wanted
}
