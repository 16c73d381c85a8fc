//! The desk in front of this broker: what it asks, and what then happens.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::executor::block_on;
use std::sync::Arc;
use tradeport_conformance::fixtures::plain_contract;
use tradeport_connection::BrokerLink;
use tradeport_contracts::{Contract, ContractDraft, Forex, Instrument, Stock};
use tradeport_fake_broker::exchange::Rates;
use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::{MemoryAudit, MemoryJournal, VirtualClock};
use tradeport_orders::{
    Bracket, CancelTag, OrderChange, OrderDraft, OrderIntent, OrderKind, OrderState, PreviewError, Side,
    TimeInForce,
};
use tradeport_portfolio::AccountFeed;
use tradeport_trading::reconciliation::Patience;
use tradeport_trading::{ChangeOutcome, DeskPorts, DeskSettings, EventBus, OrderDesk, ParentFate};

struct House {
    broker: FakeBroker,
    journal: MemoryJournal,
    desk: OrderDesk,
}

fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

fn symbol() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

fn units(number: u32) -> Quantity {
    Quantity::new(number.into()).unwrap()
}

fn usd(text: &str) -> Money {
    Money::new(text.parse().unwrap(), Currency::USD)
}

fn share() -> Contract {
    let plain = plain_contract(265_598, symbol(), Stock::new("AAPL").unwrap());
    ContractDraft { name: "APPLE INC".into(), ..plain }.check().unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_seconds(1_357_137_000)
}

/// A desk behind this broker, with this journal and nothing else kept.
async fn desk_of(broker: &FakeBroker, journal: &MemoryJournal) -> OrderDesk {
    let shared = Arc::new(broker.clone());
    let ports = DeskPorts {
        journal: Arc::new(journal.clone()),
        gateway: shared.clone(),
        accounts: shared.clone(),
        catalog: shared,
        clock: Arc::new(VirtualClock::new(now())),
        audit: Arc::new(MemoryAudit::default()),
        switch: Arc::new(tradeport_memory::MemorySwitch::default()),
        breaks: Arc::new(tradeport_memory::MemoryBreaks::default()),
    };
    OrderDesk::open(ports, DeskSettings::default(), EventBus::default()).await.unwrap()
}

impl House {
    async fn open() -> Self {
        let account = AccountConfig { id: account(), cash: usd("100000"), kind: AccountKind::Margin };
        let broker = FakeBroker::new(FakeBrokerConfig::new(7, vec![account], vec![share()])).unwrap();
        broker.connect().await.unwrap();
        let journal = MemoryJournal::default();
        let desk = desk_of(&broker, &journal).await;
        let house = Self { broker, journal, desk };
        house.quote("99.99", "100.01");
        house
    }

    fn quote(&self, bid: &str, ask: &str) {
        let level = |text: &str| Some(Level::new(price(text), "500".parse().ok()));
        let quote = Quote::new(symbol(), now(), level(bid), level(ask)).unwrap();
        self.broker.publish(quote).unwrap();
        self.desk.note_quote(quote);
    }

    async fn state(&self, name: &str) -> OrderState {
        self.desk.pump().await.unwrap();
        self.desk.order(&key(name)).await.unwrap().state()
    }
}

fn order(name: &str, number: u32, kind: OrderKind) -> OrderIntent {
    OrderDraft::new(key(name), account(), symbol(), Side::Buy, units(number), kind).check().unwrap()
}

fn bid(name: &str, number: u32, limit: &str) -> OrderIntent {
    order(name, number, OrderKind::Limit { limit: price(limit) })
}

#[test]
fn what_the_preview_says_is_what_the_account_feels() {
    block_on(async {
        let house = House::open().await;
        let intent = order("a", 50, OrderKind::Market);
        let previewed = house.desk.preview(intent.clone()).await.unwrap();
        assert!(previewed.would_go());
        let said = previewed.broker.unwrap().unwrap();
        assert_eq!(said.commission.expected, Some(usd("1.00")));
        // 50 at 100 in the middle: half to open them, a quarter to keep them.
        assert_eq!(said.initial_margin.change, Some(usd("2500.000")));
        assert_eq!(said.maintenance_margin.change, Some(usd("1250.000")));
        // 0.01 for each of them, and what it costs.
        assert_eq!(said.equity_with_loan.change, Some(usd("-1.50")));
        assert!(house.desk.orders().await.is_empty());

        house.desk.submit(intent).await.unwrap();
        assert_eq!(house.state("a").await, OrderState::Filled);
        let account = house.broker.summary(&account()).await.unwrap();
        assert_eq!(Some(account.net_liquidation), said.equity_with_loan.after);
        assert_eq!(Some(account.maintenance_margin), said.maintenance_margin.after);
        assert_eq!(house.broker.commissions(&account.account), said.commission.expected);
    });
}

#[test]
fn what_the_broker_would_refuse_is_known_before() {
    block_on(async {
        let house = House::open().await;
        let stray = OrderDraft { parent: Some(key("nobody")), ..bid("a", 1, "99").to_draft() };
        let stray = stray.check().unwrap();
        let said = house.desk.preview(stray.clone()).await.unwrap().broker.unwrap();
        let Err(PreviewError::Refused { reason }) = said else { panic!("{said:?}") };
        assert_eq!(house.desk.submit(stray).await.unwrap().order.reason(), Some(reason.as_str()));
        house.broker.drop_link();
        let away = house.desk.preview(bid("b", 1, "99")).await.unwrap().broker.unwrap();
        assert!(matches!(away, Err(PreviewError::Unavailable(_))));
    });
}

#[test]
fn a_bracket_lives_and_ends_as_one() {
    block_on(async {
        let house = House::open().await;
        let entry = bid("a", 50, "100.01").to_draft();
        let family = Bracket::around(entry).target(price("110")).stop(price("95")).build().unwrap();
        let placed = house.desk.submit_family(family).await.unwrap();
        assert_eq!(placed.called_off, None);
        assert_eq!(house.state("a").await, OrderState::Filled);
        assert_eq!(house.state("a.target1").await, OrderState::Working);
        house.quote("110.00", "110.02");
        assert_eq!(house.state("a.target1").await, OrderState::Filled);
        assert_eq!(house.state("a.stop1").await, OrderState::Cancelled);
    });
}

#[test]
fn a_bracket_whose_child_the_broker_refuses_leaves_nothing_behind() {
    block_on(async {
        let house = House::open().await;
        let entry = bid("a", 50, "99.00").to_draft();
        let mut family = Bracket::around(entry).target(price("110")).stop(price("95")).build().unwrap();
        // The exchange in memory knows no such kind.
        let odd = OrderDraft { kind: OrderKind::MarketToLimit { limit: None }, ..family[1].to_draft() };
        family[1] = odd.check().unwrap();
        let placed = house.desk.submit_family(family).await.unwrap();
        assert_eq!(placed.members[1].order.state(), OrderState::Refused, "{placed:?}");
        assert_eq!(placed.called_off.unwrap().parent, ParentFate::CancelAsked);
        assert_eq!(house.state("a").await, OrderState::Cancelled);
        assert_eq!(house.state("a.stop1").await, OrderState::NotSent);
        let open = tradeport_orders::OrderGateway::open_orders(&house.broker).await.unwrap();
        assert!(open.rows().is_empty());
    });
}

#[test]
fn a_change_shows_at_the_broker_and_a_refused_one_does_not() {
    block_on(async {
        let house = House::open().await;
        house.desk.submit(bid("a", 50, "99.00")).await.unwrap();
        house.state("a").await;
        let to = |text: &str| OrderChange::to_kind(OrderKind::Limit { limit: price(text) });
        assert_eq!(house.desk.change(&key("a"), to("98.50")).await.unwrap().outcome, ChangeOutcome::Made);
        let longer = OrderChange::default().with_time_in_force(TimeInForce::GoodTillCancelled);
        assert_eq!(house.desk.change(&key("a"), longer).await.unwrap().outcome, ChangeOutcome::Made);
        let auction = OrderChange::default().with_time_in_force(TimeInForce::GoodTillCrossing);
        let refused = house.desk.change(&key("a"), auction).await.unwrap();
        assert!(matches!(refused.outcome, ChangeOutcome::Refused { .. }), "{refused:?}");
        let open = tradeport_orders::OrderGateway::open_orders(&house.broker).await.unwrap();
        let there = *refused.order.kind();
        assert_eq!((open.rows()[0].kind, there), (Some(there), OrderKind::Limit { limit: price("98.50") }));
        assert_eq!(open.rows()[0].time_in_force, Some(TimeInForce::GoodTillCancelled));
        house.broker.arm_way(tradeport_fake_broker::WayFault::AnswerLost);
        let unknown = house.desk.change(&key("a"), to("98")).await.unwrap();
        assert!(matches!(unknown.outcome, ChangeOutcome::Unknown { .. }));
        house.broker.drop_link();
        house.broker.connect().await.unwrap();
        house.desk.resume().await.unwrap();
        let proven = house.desk.order(&key("a")).await.unwrap();
        assert_eq!(
            (*proven.kind(), proven.pending_change()),
            (OrderKind::Limit { limit: price("98") }, None)
        );
    });
}

#[test]
fn cancel_all_ends_everything() {
    block_on(async {
        let house = House::open().await;
        for name in ["a", "b", "c"] {
            house.desk.submit(bid(name, 10, "99.00")).await.unwrap();
        }
        let outcomes = house.desk.cancel_all(None, CancelTag::default()).await.unwrap();
        assert!(outcomes.iter().all(|one| one.outcome.is_ok()), "{outcomes:?}");
        for name in ["a", "b", "c"] {
            assert_eq!(house.state(name).await, OrderState::Cancelled);
        }
        let again = house.desk.cancel_all(None, CancelTag::default()).await.unwrap();
        assert!(again.is_empty());
    });
}

#[test]
fn the_margin_of_one_is_what_one_takes() {
    block_on(async {
        let house = House::open().await;
        let margin = house.desk.refresh_margin(&account(), symbol()).await.unwrap();
        assert_eq!((margin.initial(), margin.maintenance()), (usd("50.00"), usd("25.00")));
        assert_eq!(margin.as_of(), now());
        let lines = tradeport_orders::OrderJournal::last(&house.journal).await.unwrap();
        assert_eq!(lines, 0, "nothing of it is in the journal");
    });
}

/// A desk in front of a broker at which an account in dollars trades a share in euros, and euros.
struct TwoCurrencies {
    broker: FakeBroker,
    desk: OrderDesk,
    symbols: [Symbol; 2],
}

impl TwoCurrencies {
    async fn open() -> Self {
        let euro: Currency = "EUR".parse().unwrap();
        let own = AccountConfig { id: account(), cash: usd("100000"), kind: AccountKind::Margin };
        let (share, pair) =
            (Stock::new("SAP").unwrap().in_currency(euro), Forex::new(euro, Currency::USD).unwrap());
        let described = |id, currency, instrument: Instrument| {
            let plain = plain_contract(id, instrument.symbol(), instrument);
            ContractDraft { currency, ..plain }.check().unwrap()
        };
        let listed = vec![described(201, euro, share.into()), described(202, Currency::USD, pair.into())];
        let symbols = [listed[0].symbol(), listed[1].symbol()];
        let instruments: Vec<Instrument> = listed.iter().map(|it| it.instrument().clone()).collect();
        let mut config = FakeBrokerConfig::new(7, vec![own], listed);
        config.exchange.rates = Rates::new([(Currency::USD, Decimal::ONE), (euro, "1.25".parse().unwrap())]);
        let broker = FakeBroker::new(config).unwrap();
        broker.connect().await.unwrap();
        let desk = desk_of(&broker, &MemoryJournal::default()).await;
        for instrument in &instruments {
            desk.learn(instrument).await.unwrap();
        }
        let house = Self { broker, desk, symbols };
        house.quote(0, "100.10", "100.12");
        house.quote(1, "1.2499", "1.2501");
        house
    }

    fn quote(&self, which: usize, bid: &str, ask: &str) {
        let level = |text: &str| Some(Level::new(price(text), "50000".parse().ok()));
        let quote = Quote::new(self.symbols[which], now(), level(bid), level(ask)).unwrap();
        self.broker.publish(quote).unwrap();
        self.desk.note_quote(quote);
    }

    async fn trade(&self, name: &str, which: usize, side: Side, number: u32) {
        let draft = OrderDraft::new(
            key(name),
            account(),
            self.symbols[which],
            side,
            units(number),
            OrderKind::Market,
        );
        let placed = self.desk.submit(draft.check().unwrap()).await.unwrap();
        assert_eq!(placed.refusal, None);
        self.desk.pump().await.unwrap();
        assert_eq!(self.desk.order(&key(name)).await.unwrap().state(), OrderState::Filled);
    }

    /// Everything was compared, and fits; what there is in each currency.
    async fn fits(&self) -> Vec<String> {
        let reconciled = self.desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!((self.desk.breaks().await, reconciled.open_questions), (vec![], vec![]));
        let portfolio = self.desk.portfolio(&account()).await.unwrap();
        portfolio.balances().unwrap().iter().map(|it| it.to_string()).collect()
    }
}

#[test]
fn cash_ties_out_in_each_currency_with_what_the_broker_tells_after_trades_in_both() {
    block_on(async {
        let house = TwoCurrencies::open().await;
        assert_eq!(house.fits().await, ["100000.00 USD"]);
        // 1,001.20 and a commission of 1.00 dollar, which is 0.80 euros.
        house.trade("share", 0, Side::Buy, 10).await;
        assert_eq!(house.fits().await, ["-1002.00 EUR", "100000.00 USD"]);
        house.trade("pair", 1, Side::Buy, 2_000).await;
        let after = house.fits().await;
        assert_eq!(after[0], "998.00 EUR", "borrowed, and exchanged: {after:?}");
        let figures = house.broker.summary(&account()).await.unwrap();
        let sum = figures.cash.plus(figures.positions_value).unwrap();
        assert_eq!(sum, figures.net_liquidation, "what is held of the pair is cash, once");
        house.trade("back", 1, Side::Sell, 500).await;
        house.trade("out", 0, Side::Sell, 10).await;
        let figures = house.broker.summary(&account()).await.unwrap();
        let told: Vec<String> = figures.balances.unwrap().iter().map(|it| it.to_string()).collect();
        assert_eq!(house.fits().await, told);
    });
}
