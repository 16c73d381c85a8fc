//! The simulated broker of a run: its contracts with the sessions of the data, one cash account, virtual time.

use super::data::Market;
use super::settings::RunSettings;
use anyhow::Context;
use futures::StreamExt;
use futures::future::FutureExt;
use futures::stream::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use tokio::sync::oneshot;
use tradeport_connection::BrokerLink;
use tradeport_contracts::{Contract, ContractDraft, ContractId, Instrument, Session, Stock, TradingSessions};
use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig};
use tradeport_kernel::{Currency, Decimal, Money, Symbol};
use tradeport_market_data::Subscription;
use tradeport_memory::VirtualClock;

/// So many quotes wait for the recorder before the market waits for it.
const QUOTE_QUEUE: usize = 4_096;
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// A broker with a link, at the clock's present moment.
pub(super) async fn open(
    market: &Market,
    settings: &RunSettings,
    clock: &VirtualClock,
) -> anyhow::Result<Arc<FakeBroker>> {
    let cash = Money::new(settings.cash, Currency::USD);
    let account = AccountConfig { id: settings.account.clone(), cash, kind: AccountKind::Cash };
    let mut config = FakeBrokerConfig::new(settings.seed, vec![account], contracts(market)?);
    config.quote_queue = QUOTE_QUEUE;
    config.lossless = true;
    config.clock = Some(Arc::new(clock.clone()));
    let broker = FakeBroker::new(config).context("the simulated broker")?;
    broker.connect().await.context("the link to the simulated broker")?;
    Ok(Arc::new(broker))
}

/// One contract for each instrument, in the order of the symbols; then one without sessions for each that is quoted and
/// never traded.
pub(super) fn contracts(market: &Market) -> anyhow::Result<Vec<Contract>> {
    let symbols = market.instruments().into_keys().chain(market.unpriced.iter().copied());
    (1_i64..).zip(symbols).map(|(id, symbol)| contract(market, symbol, id)).collect()
}

fn contract(market: &Market, symbol: Symbol, id: i64) -> anyhow::Result<Contract> {
    let days = market.days.iter().filter(|day| day.bar(symbol).is_some());
    let sessions: Vec<Session> = days.map(|day| day.session).collect();
    let draft = ContractDraft {
        id: ContractId::new(id),
        symbol,
        instrument: Instrument::from(Stock::new(symbol.as_str())?),
        name: symbol.to_string(),
        currency: Currency::USD,
        price_step: CENT,
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::new(sessions)?,
        details: Default::default(),
    };
    Ok(draft.check()?)
}

/// The same subscription, but one that ends: once `last` was sent, and everything published before that was read.
pub(super) fn ending(subscription: Subscription, last: oneshot::Receiver<()>) -> Subscription {
    let mut events = subscription.events;
    let mut last = last.fuse();
    let mut over = false;
    let events = poll_fn(move |context| {
        // Asked before the events: what was published before the end was announced is there by then.
        over = over || last.poll_unpin(context).is_ready();
        match events.poll_next_unpin(context) {
            Poll::Pending if over => Poll::Ready(None),
            poll => poll,
        }
    });
    Subscription { epoch: subscription.epoch, events: events.boxed() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::stream;
    use tradeport_kernel::ConnectionEpoch;
    use tradeport_market_data::FeedEvent;

    #[test]
    fn the_end_comes_after_everything_that_was_published() {
        let event = FeedEvent::EpochLost(ConnectionEpoch::new(1));
        let events = stream::iter([event.clone(), event]).chain(stream::pending()).boxed();
        let (end, last) = oneshot::channel();
        end.send(()).unwrap();
        let ended = ending(Subscription { epoch: ConnectionEpoch::new(1), events }, last);
        assert_eq!(futures::executor::block_on(ended.events.count()), 2);
    }

    #[test]
    fn without_an_end_it_waits() {
        let (_end, last) = oneshot::channel();
        let never = Subscription { epoch: ConnectionEpoch::new(1), events: stream::pending().boxed() };
        assert!(ending(never, last).events.next().now_or_never().is_none());
    }
}
