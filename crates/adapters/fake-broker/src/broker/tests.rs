//! Cases of the broker around the exchange: queues, the link and the faults of the way.

use super::*;
use crate::exchange::{AccountConfig, AccountKind};
use futures::{FutureExt, StreamExt};
use tradeport_conformance::fixtures::{cleared_cancel, cleared_order, key, quantity};
use tradeport_connection::{BrokerLink, LinkError, LinkEvent};
use tradeport_contracts::{ContractDraft, ContractId, Stock, TradingSessions};
use tradeport_kernel::{Currency, Decimal, TimeRange};
use tradeport_market_data::{FeedEvent, Gap, GapCause, Level, QuoteFeed, Subscription};
use tradeport_orders::{
    BrokerEvent, BrokerNews, BrokerPhase, CancelError, ClearedOrder, GatewayError, OrderDraft, OrderGateway,
    OrderKind, Side, SubmitError,
};
use tradeport_portfolio::AccountFeed;

fn symbol() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("the fake broker never waits, but for room")
}

fn config() -> FakeBrokerConfig {
    let contract = ContractDraft {
        id: ContractId::new(1),
        symbol: symbol(),
        instrument: Stock::new("AAPL").unwrap().into(),
        name: "APPLE INC".to_owned(),
        currency: Currency::USD,
        price_step: Decimal::new(1, 2),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::always(),
        details: Default::default(),
    };
    let cash = Money::new(Decimal::from(100_000), Currency::USD);
    let accounts = vec![AccountConfig { id: account(), cash, kind: AccountKind::Cash }];
    FakeBrokerConfig { quote_queue: 3, ..FakeBrokerConfig::new(1, accounts, vec![contract.check().unwrap()]) }
}

fn linked(config: FakeBrokerConfig) -> FakeBroker {
    let broker = FakeBroker::new(config).unwrap();
    now(broker.connect()).unwrap();
    broker.publish(quote(0)).unwrap();
    broker
}

fn quote(second: i64) -> Quote {
    let level = |cents| Some(Level::new(Price::new(Decimal::new(cents, 2)).unwrap(), Some(quantity("1000"))));
    Quote::new(symbol(), Timestamp::from_seconds(second), level(9_999), level(10_001)).unwrap()
}

fn order(name: &str, kind: OrderKind) -> ClearedOrder {
    let draft = OrderDraft::new(key(name), account(), symbol(), Side::Buy, quantity("100"), kind);
    cleared_order(draft.check().unwrap())
}

fn resting() -> OrderKind {
    OrderKind::Limit { limit: "99".parse().unwrap() }
}

fn subscribe(broker: &FakeBroker) -> Subscription {
    now(broker.subscribe(&[symbol()])).unwrap()
}

fn seconds(subscription: &mut Subscription) -> Vec<i64> {
    let mut told = Vec::new();
    while let Some(Some(event)) = subscription.events.next().now_or_never() {
        told.push(match event {
            FeedEvent::Quote(quote) => quote.at().nanos() / 1_000_000_000,
            FeedEvent::Gap(Gap { cause: GapCause::Dropped { count }, .. }) => -i64::try_from(count).unwrap(),
            other => panic!("neither a quote nor a drop: {other:?}"),
        });
    }
    told
}

fn drain(events: &mut (impl futures::Stream<Item = BrokerEvent> + Unpin)) -> Vec<BrokerEvent> {
    std::iter::from_fn(|| events.next().now_or_never().flatten()).collect()
}

#[test]
fn a_full_queue_drops_and_tells_how_many_before_the_next_quote() {
    let broker = linked(config());
    let mut reader = subscribe(&broker);
    for second in 1..=5 {
        broker.publish(quote(second)).unwrap();
    }
    assert_eq!(reader.events.next().now_or_never().flatten(), Some(FeedEvent::Quote(quote(1))));
    broker.publish(quote(6)).unwrap();
    assert_eq!(seconds(&mut reader), [2, 3, -2, 6]);
    for second in 7..=12 {
        broker.publish(quote(second)).unwrap();
    }
    assert_eq!(seconds(&mut reader), [7, 8, 9, -3], "a reader who has caught up is told at once");
}

#[test]
fn a_gap_reaches_from_what_was_there_to_what_is_there_again() {
    let broker = linked(config());
    let mut reader = subscribe(&broker);
    for second in 1..=5 {
        broker.publish(quote(second)).unwrap();
    }
    assert!(reader.events.next().now_or_never().is_some());
    broker.publish(quote(6)).unwrap();
    let gap = std::iter::from_fn(|| reader.events.next().now_or_never().flatten())
        .find_map(|event| if let FeedEvent::Gap(gap) = event { Some(gap) } else { None });
    let range = TimeRange::new(Timestamp::from_seconds(3), Timestamp::from_seconds(6));
    assert_eq!(gap, Some(Gap { symbol: symbol(), range, cause: GapCause::Dropped { count: 2 } }));
}

#[test]
fn a_lossless_broker_refuses_and_waits_instead_of_dropping() {
    let broker = linked(FakeBrokerConfig { lossless: true, ..config() });
    let mut reader = subscribe(&broker);
    for second in 1..=3 {
        broker.publish(quote(second)).unwrap();
    }
    assert_eq!(broker.publish(quote(4)), Err(PublishError::QueueFull(3)));
    assert_eq!(broker.now(), Timestamp::from_seconds(3), "nothing was done");
    assert!(broker.publish_lossless(quote(4)).now_or_never().is_none());
    let feed = broker.replay((4..100).map(quote));
    let read = async {
        let mut told = Vec::new();
        while told.len() < 99 {
            told.push(reader.events.next().await);
        }
        told
    };
    let (count, told) = futures::executor::block_on(futures::future::join(feed, read));
    assert_eq!(count, Ok(96));
    let wanted: Vec<_> = (1..100).map(|second| Some(FeedEvent::Quote(quote(second)))).collect();
    assert_eq!(told, wanted);
}

#[test]
fn a_reader_who_left_holds_nobody_up() {
    let broker = linked(config());
    let reader = subscribe(&broker);
    for second in 1..=3 {
        broker.publish(quote(second)).unwrap();
    }
    let mut waiting = Box::pin(broker.publish_lossless(quote(4)));
    assert!(waiting.as_mut().now_or_never().is_none());
    drop(reader);
    assert_eq!(now(waiting), Ok(()));
    assert_eq!(broker.subscribed_symbols(), 0);
}

#[test]
fn a_strange_symbol_is_not_published() {
    let broker = linked(config());
    let strange = Symbol::new("NOPE").unwrap();
    let quote = Quote::new(strange, Timestamp::EPOCH, quote(0).bid(), None).unwrap();
    assert_eq!(broker.publish(quote), Err(PublishError::UnknownSymbol(strange)));
    assert_eq!(now(broker.publish_lossless(quote)), Err(PublishError::UnknownSymbol(strange)));
}

#[test]
fn everything_is_told_within_the_call_that_caused_it() {
    let broker = linked(config());
    let mut events = now(OrderGateway::events(&broker)).unwrap();
    let taken = now(broker.submit(&order("one", OrderKind::Market))).unwrap();
    let news: Vec<_> = drain(&mut events).into_iter().map(|event| event.news).collect();
    assert!(matches!(&news[0], BrokerNews::Status(status) if status.phase == BrokerPhase::Working));
    assert!(matches!(&news[1], BrokerNews::Executed(execution) if Some(execution.perm_id) == taken.perm_id));
    assert!(
        matches!(&news[2], BrokerNews::Charged(commission) if commission.amount.amount() == Decimal::ONE)
    );
    assert!(matches!(&news[3], BrokerNews::Status(status) if status.phase == BrokerPhase::Filled));
    assert_eq!((news.len(), broker.unread_events()), (4, 0));
}

#[test]
fn orders_live_on_while_the_link_is_down() {
    let broker = linked(config());
    let mut events = now(OrderGateway::events(&broker)).unwrap();
    let before = now(broker.submit(&order("one", resting()))).unwrap();
    broker.drop_link();
    assert_eq!(events.next().now_or_never(), Some(None), "what was in flight is lost, and the stream ends");
    broker.trade_with(&key("one"), quantity("100"));
    assert!(matches!(now(broker.executions(Timestamp::EPOCH)), Err(GatewayError::Unavailable(_))));
    assert!(matches!(now(broker.submit(&order("two", resting()))), Err(SubmitError::NotSent(_))));
    let epoch = now(broker.connect()).unwrap();
    assert!(epoch > before.epoch);
    assert_eq!(now(broker.executions(Timestamp::EPOCH)).unwrap().rows().len(), 1);
    let completed = now(broker.completed_orders()).unwrap();
    assert_eq!(completed.rows()[0].status.phase, BrokerPhase::Filled);
    assert_eq!(completed.rows()[0].broker_order_id, None, "that number was of another epoch");
    assert_eq!(completed.rows()[0].perm_id, before.perm_id);
}

#[test]
fn faults_of_the_way_have_three_outcomes() {
    let broker = linked(config());
    for fault in [WayFault::NotSent, WayFault::RequestLost, WayFault::AnswerLost] {
        broker.arm_way(fault);
    }
    assert!(matches!(now(broker.submit(&order("unsent", resting()))), Err(SubmitError::NotSent(_))));
    assert!(matches!(now(broker.submit(&order("lost", resting()))), Err(SubmitError::OutcomeUnknown(_))));
    assert!(matches!(now(broker.submit(&order("taken", resting()))), Err(SubmitError::OutcomeUnknown(_))));
    let open = now(broker.open_orders()).unwrap().into_rows();
    let keys: Vec<_> = open.into_iter().filter_map(|order| order.key).collect();
    assert_eq!(keys, [key("taken")], "the one of which only the answer was lost");
    broker.arm_way(WayFault::AnswerLost);
    let cancel = cleared_cancel(&key("taken"), None, None);
    assert!(matches!(now(broker.cancel(&cancel)), Err(CancelError::OutcomeUnknown(_))));
    assert!(matches!(now(broker.cancel(&cancel)), Err(CancelError::NoSuchOrder(_))));
}

#[test]
fn an_unreachable_broker_refuses_to_connect() {
    let broker = FakeBroker::new(config()).unwrap();
    broker.set_reachable(false);
    assert!(matches!(now(broker.connect()), Err(LinkError::Refused(_))));
    broker.set_reachable(true);
    assert!(now(broker.connect()).is_ok());
}

#[test]
fn a_kept_exchange_goes_on_where_it_stood() {
    let broker = linked(config());
    now(broker.submit(&order("one", OrderKind::Market))).unwrap();
    now(broker.submit(&order("two", resting()))).unwrap();
    let kept = serde_json::to_string(&broker.exchange_snapshot()).unwrap();

    let other = linked(config());
    let mut link = now(BrokerLink::events(&other)).unwrap();
    other.restore(serde_json::from_str(&kept).unwrap());
    assert!(matches!(link.next().now_or_never(), Some(Some(LinkEvent::Lost { .. }))));
    now(other.connect()).unwrap();
    assert_eq!(other.exchange_snapshot(), broker.exchange_snapshot());
    let summary = now(other.summary(&account())).unwrap();
    assert_eq!(
        summary.cash.amount(),
        Decimal::new(8_999_800, 2),
        "100 at 100.00 and 0.01, less a commission of 1"
    );
    other.trade_with(&key("two"), quantity("100"));
    assert_eq!(now(other.open_orders()).unwrap().rows().len(), 0);
}

struct Hand(std::sync::atomic::AtomicI64);

#[async_trait::async_trait]
impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
    async fn sleep_until(&self, _deadline: Timestamp) {}
}

#[test]
fn with_a_clock_every_call_first_catches_up() {
    let clock = Arc::new(Hand(10.into()));
    let broker = linked(FakeBrokerConfig { clock: Some(clock.clone()), ..config() });
    assert_eq!(broker.now(), Timestamp::from_seconds(10));
    clock.0.store(50, std::sync::atomic::Ordering::SeqCst);
    now(broker.submit(&order("one", OrderKind::Market))).unwrap();
    let executions = now(broker.executions(Timestamp::EPOCH)).unwrap();
    assert_eq!(executions.rows()[0].at, Timestamp::from_seconds(50));
}

mod combos {
    use super::*;
    use tradeport_contracts::{CatalogError, Combo, ComboLeg, ContractCatalog, Instrument, LegAction};

    fn pair(second: i64) -> Instrument {
        let leg = |id, action| ComboLeg::new(ContractId::new(id), 1, action).unwrap();
        let legs = vec![leg(1, LegAction::Sell), leg(second, LegAction::Buy)];
        Combo::new("AAPL,IBM", legs).unwrap().into()
    }

    /// With IBM beside AAPL, which is 99.99 to 100.01.
    fn two() -> FakeBroker {
        let broker = linked(config());
        let known: ContractDraft = broker.contracts().swap_remove(0).into();
        let instrument: Instrument = Stock::new("IBM").unwrap().into();
        let ibm = ContractDraft { id: ContractId::new(2), symbol: instrument.symbol(), instrument, ..known };
        broker.list(ibm.check().unwrap()).unwrap();
        broker
    }

    #[test]
    fn one_that_is_asked_for_is_listed_by_that_and_found_by_its_number() {
        let broker = two();
        let found = now(broker.resolve(&pair(2))).unwrap();
        assert_eq!((found.symbol(), found.instrument()), (pair(2).symbol(), &pair(2)));
        assert_eq!(now(broker.by_id(found.id())).unwrap(), found);
        assert_eq!(now(broker.resolve(&pair(2))).unwrap(), found);
        let after_restart = two();
        assert_eq!(now(after_restart.resolve(&pair(2))).unwrap().id(), found.id());
        let error = now(broker.resolve(&pair(3))).unwrap_err();
        assert!(matches!(&error, CatalogError::NotFound(_)), "{error}");
        assert!(
            error
                .to_string()
                .ends_with("its leg of contract 3 is not known: resolve and list the legs first")
        );
    }

    #[test]
    fn its_quote_follows_from_those_of_its_legs() {
        let broker = two();
        let combo = now(broker.resolve(&pair(2))).unwrap().symbol();
        let mut quotes = now(broker.subscribe(&[combo])).unwrap();
        assert!(quotes.events.next().now_or_never().is_none());
        let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
        let ibm = Symbol::new("IBM").unwrap();
        let quote = Quote::new(ibm, Timestamp::from_seconds(1), level("90.00"), level("90.10")).unwrap();
        broker.publish(quote).unwrap();
        let implied = Quote::new(combo, quote.at(), level("-10.01"), level("-9.89")).unwrap();
        assert_eq!(quotes.events.next().now_or_never(), Some(Some(FeedEvent::Quote(implied))));
        assert_eq!(now(broker.snapshot(combo)).unwrap(), implied);
        let error = broker.publish(implied).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("{combo} is a combo: its quote follows from those of its legs")
        );
    }

    #[test]
    fn it_is_not_listed_before_its_legs() {
        let broker = two();
        let found = now(broker.resolve(&pair(2))).unwrap();
        let early = linked(config());
        let error = early.list(found.clone()).unwrap_err().to_string();
        let why = "its leg of contract 2 is not known: resolve and list the legs first";
        assert_eq!(error, format!("{} is not listed: {why}", found.symbol()));
    }
}
