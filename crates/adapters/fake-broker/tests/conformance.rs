//! Every promise of a broker's ports, kept by the fake broker.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::FutureExt;
use std::time::Duration;
use tradeport_conformance::fixtures;
use tradeport_contracts::Right;
use tradeport_contracts::{Contract, ContractDraft, ContractId, Instrument, Stock};
use tradeport_fake_broker::house::OptionModel;
use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{
    Bar, BarSize, Level, OptionBasis, OptionComputation, OptionValues, Print, Quote,
};
use tradeport_orders::{OrderChange, OrderDraft, OrderGateway, OrderKind, Side};

const QUEUE: usize = 64;

struct Fixture(FakeBroker);

fn contract(number: i64, symbol: &str, ticker: &str, name: &str) -> Contract {
    let plain = fixtures::plain_contract(number, self::symbol(symbol), ticker.parse::<Instrument>().unwrap());
    ContractDraft { name: name.to_owned(), ..plain }.check().unwrap()
}

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

fn quote(of: Symbol, at: Timestamp, bid: i64) -> Quote {
    let level = |cents| Level::new(Price::new(Decimal::new(cents, 2)).unwrap(), "10000".parse().ok());
    Quote::new(of, at, Some(level(bid)), Some(level(bid + 2))).unwrap()
}

impl Fixture {
    fn down() -> Self {
        let account = |id: &str, kind| AccountConfig {
            id: AccountId::new(id).unwrap(),
            cash: Money::new(Decimal::from(1_000_000), Currency::USD),
            kind,
        };
        let accounts = vec![account("DU1", AccountKind::Margin), account("DU2", AccountKind::Cash)];
        let contracts = vec![
            contract(1, "AAPL", "AAPL", "APPLE INC"),
            contract(2, "AAPLX", "AAPLX", "APPLE PIE SHOPS"),
            contract(3, "IBM", "IBM", "INTERNATIONAL BUSINESS MACHINES"),
            contract(4, "TWIN A", "TWIN", "TWIN HOLDINGS A"),
            contract(5, "TWIN B", "TWIN", "TWIN HOLDINGS B"),
            contract(6, "AAPL 20270115C150", "AAPL 20270115C150", "APPLE INC CALL"),
            contract(7, "AAPL 20270115P155", "AAPL 20270115P155", "APPLE INC PUT"),
            contract(8, "EUR.USD", "EUR.USD", "EURO"),
        ];
        let config = FakeBrokerConfig { quote_queue: QUEUE, ..FakeBrokerConfig::new(1, accounts, contracts) };
        let broker = FakeBroker::new(config).unwrap();
        broker.advance_to(fixtures::moment(0));
        Self(broker)
    }

    fn linked() -> Self {
        let fixture = Self::down();
        fixture.link_up();
        fixture
    }

    fn quoted() -> Self {
        let fixture = Self::linked();
        fixture.quote("AAPL");
        fixture.quote("IBM");
        fixture
    }

    fn link_up(&self) {
        use tradeport_connection::BrokerLink;
        self.0.connect().now_or_never().unwrap().unwrap();
    }

    fn quote(&self, of: &str) {
        self.0.publish(quote(symbol(of), self.0.now(), 10_000)).unwrap();
    }

    fn second(&self) {
        self.0.advance_to(self.0.now().after(Duration::from_secs(1)));
    }
}

impl tradeport_conformance::order_gateway::Harness for Fixture {
    type Gateway = FakeBroker;
    const CLAIMS: tradeport_conformance::order_gateway::Claims =
        tradeport_conformance::order_gateway::Claims::ALL;

    async fn fresh() -> Self {
        Self::quoted()
    }
    fn gateway(&self) -> &FakeBroker {
        &self.0
    }
    fn account(&self) -> AccountId {
        AccountId::new("DU1").unwrap()
    }
    fn symbol(&self) -> Symbol {
        symbol("AAPL")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn resting(&self, side: Side) -> OrderKind {
        let limit = if side == Side::Buy { "50" } else { "200" };
        OrderKind::Limit { limit: limit.parse().unwrap() }
    }
    fn resting_elsewhere(&self, side: Side) -> OrderKind {
        let limit = if side == Side::Buy { "51" } else { "199" };
        OrderKind::Limit { limit: limit.parse().unwrap() }
    }
    fn marketable(&self, _side: Side) -> OrderKind {
        OrderKind::Market
    }
    fn refusable_change(&self) -> OrderChange {
        OrderChange::to_kind(OrderKind::Limit { limit: "50.001".parse().unwrap() })
    }
    async fn trade(&self, key: &OrderKey, units: u32) {
        self.0.trade_with(key, Quantity::new(Decimal::from(units)).unwrap());
        self.quote("AAPL");
    }
    async fn drop_link(&self) {
        self.0.drop_link();
    }
    async fn reconnect(&self) {
        self.link_up();
    }
    async fn cut_next_answer(&self) {
        self.0.cut_next_answer();
    }
    async fn make_unreadable(&self, key: &OrderKey) {
        self.0.make_unreadable(key);
    }
    async fn settle(&self) {
        self.second();
    }
}

impl tradeport_conformance::quote_feed::Harness for Fixture {
    type Feed = FakeBroker;
    const CLAIMS: tradeport_conformance::quote_feed::Claims = tradeport_conformance::quote_feed::Claims::ALL;

    async fn fresh() -> Self {
        Self::linked()
    }
    fn feed(&self) -> &FakeBroker {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        QUEUE
    }
    async fn publish(&self, quote: &Quote) {
        self.0.publish(*quote).unwrap();
    }
    async fn subscribed(&self) -> usize {
        self.0.subscribed_symbols()
    }
    async fn drop_link(&self) {
        self.0.drop_link();
    }
    async fn settle(&self) {
        self.second();
    }
}

impl tradeport_conformance::tick_feed::Harness for Fixture {
    type Feed = FakeBroker;

    async fn fresh() -> Self {
        Self::linked()
    }
    fn feed(&self) -> &FakeBroker {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn without_prints(&self) -> Symbol {
        symbol("EUR.USD")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        QUEUE
    }
    async fn publish(&self, quote: &Quote) {
        self.0.publish(*quote).unwrap();
    }
    async fn print(&self, symbol: Symbol, price: Price) {
        self.0.publish_print(&Print::new(symbol, self.0.now(), price, "100".parse().ok())).unwrap();
    }
    async fn lines(&self) -> usize {
        self.0.tick_followers()
    }
    async fn drop_link(&self) {
        self.0.drop_link();
    }
    async fn settle(&self) {
        self.second();
    }
}

/// The call of the fixture, as a model of it: its underlying costs 180.
const CALL: &str = "AAPL 20270115C150";
const MODEL: OptionModel = OptionModel { right: Right::Call, spot: 180.0, strike: 150.0, years: 1.0 };

impl tradeport_conformance::option_feed::Harness for Fixture {
    type Feed = FakeBroker;

    async fn fresh() -> Self {
        Self::linked()
    }
    fn feed(&self) -> &FakeBroker {
        &self.0
    }
    fn option(&self) -> Symbol {
        symbol(CALL)
    }
    fn share(&self) -> Symbol {
        symbol("AAPL")
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn reader_limit(&self) -> usize {
        QUEUE
    }
    async fn quote(&self, bid: Price, ask: Price) {
        let level = |price| Some(Level::new(price, "10".parse().ok()));
        let (option, at) = (symbol(CALL), self.0.now());
        self.0.publish(Quote::new(option, at, level(bid), level(ask)).unwrap()).unwrap();
        let worth = "40".parse().unwrap();
        for (basis, price) in [(OptionBasis::Bid, bid), (OptionBasis::Ask, ask), (OptionBasis::Model, worth)]
        {
            let values: OptionValues = MODEL.of_price(price);
            self.0.publish_computation(&OptionComputation { symbol: option, at, basis, values }).unwrap();
        }
    }
    async fn compute_nothing(&self) {
        self.0.forget_computations();
    }
    async fn lines(&self) -> usize {
        self.0.followed_options().len()
    }
    async fn drop_link(&self) {
        self.0.drop_link();
    }
    async fn settle(&self) {
        self.second();
    }
}

impl tradeport_conformance::pnl_feed::Harness for Fixture {
    type Feed = FakeBroker;

    async fn fresh() -> Self {
        Self::linked()
    }
    fn feed(&self) -> &FakeBroker {
        &self.0
    }
    fn account(&self) -> AccountId {
        AccountId::new("DU1").unwrap()
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn unknown_account(&self) -> AccountId {
        AccountId::new("DU9").unwrap()
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    async fn quote(&self, symbol: Symbol, price: Price) {
        let cents: i64 = (price.as_decimal() * Decimal::ONE_HUNDRED).try_into().unwrap();
        let around =
            |cents: i64| Level::new(Price::new(Decimal::new(cents, 2)).unwrap(), "10000".parse().ok());
        let quote = Quote::new(symbol, self.0.now(), Some(around(cents - 1)), Some(around(cents + 1)));
        self.0.publish(quote.unwrap()).unwrap();
    }
    async fn fill(&self, symbol: Symbol, side: Side, quantity: Quantity) {
        let key = OrderKey::new(&format!("fill-{}", self.0.exchange_snapshot().executions().len())).unwrap();
        let account = AccountId::new("DU1").unwrap();
        let draft = OrderDraft::new(key, account, symbol, side, quantity, OrderKind::Market);
        self.0.submit(&fixtures::cleared_order(draft.check().unwrap())).await.unwrap();
    }
    async fn drop_link(&self) {
        self.0.drop_link();
    }
    async fn settle(&self) {
        self.second();
    }
}

impl tradeport_conformance::bar_history::Harness for Fixture {
    type History = FakeBroker;
    const CLAIMS: tradeport_conformance::bar_history::Claims =
        tradeport_conformance::bar_history::Claims::ALL;

    async fn fresh() -> Self {
        Self::linked()
    }
    fn history(&self) -> &FakeBroker {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn unknown_symbol(&self) -> Symbol {
        symbol("NOPE")
    }
    fn size(&self) -> BarSize {
        BarSize::MINUTE
    }
    fn page_limit(&self) -> Option<u32> {
        Some(1_000)
    }
    async fn seed(&self, bars: &[Bar]) {
        self.0.load_bars(bars.iter().copied());
    }
}

impl tradeport_conformance::account_feed::Harness for Fixture {
    type Feed = FakeBroker;
    const CLAIMS: tradeport_conformance::account_feed::Claims =
        tradeport_conformance::account_feed::Claims::ALL;

    async fn fresh() -> Self {
        Self::quoted()
    }
    fn feed(&self) -> &FakeBroker {
        &self.0
    }
    fn symbols(&self) -> [Symbol; 2] {
        [symbol("AAPL"), symbol("IBM")]
    }
    fn unknown_account(&self) -> AccountId {
        AccountId::new("DU9").unwrap()
    }
    async fn fill(&self, symbol: Symbol, side: Side, quantity: Quantity) {
        self.quote(symbol.as_str());
        let key = OrderKey::new(&format!("fill-{}", self.0.exchange_snapshot().executions().len())).unwrap();
        let account = AccountId::new("DU1").unwrap();
        let draft = OrderDraft::new(key, account, symbol, side, quantity, OrderKind::Market);
        self.0.submit(&fixtures::cleared_order(draft.check().unwrap())).await.unwrap();
    }
    async fn cut_next_answer(&self) {
        self.0.cut_next_answer();
    }
    async fn reconnect(&self) {
        self.link_up();
    }
    async fn settle(&self) {
        self.second();
    }
}

impl tradeport_conformance::contract_catalog::Harness for Fixture {
    type Catalog = FakeBroker;
    const CLAIMS: tradeport_conformance::contract_catalog::Claims =
        tradeport_conformance::contract_catalog::Claims::ALL;

    async fn fresh() -> Self {
        Self::linked()
    }
    fn catalog(&self) -> &FakeBroker {
        &self.0
    }
    fn known(&self) -> Vec<Instrument> {
        ["AAPL", "AAPLX", "IBM"].map(|ticker| Stock::new(ticker).unwrap().into()).into()
    }
    fn unknown(&self) -> Instrument {
        Stock::new("NOPE").unwrap().into()
    }
    fn ambiguous(&self) -> Option<Instrument> {
        Some(Stock::new("TWIN").unwrap().into())
    }
    fn beginning_of_others(&self) -> Option<Instrument> {
        Some(Stock::new("AAPL").unwrap().into())
    }
    fn with_options(&self) -> Option<Instrument> {
        Some(Stock::new("AAPL").unwrap().into())
    }
    fn without_options(&self) -> Option<Instrument> {
        Some(Stock::new("IBM").unwrap().into())
    }
    fn unknown_id(&self) -> ContractId {
        ContractId::new(99)
    }
}

impl tradeport_conformance::broker_link::Harness for Fixture {
    type Link = FakeBroker;

    async fn fresh() -> Self {
        Self::down()
    }
    fn link(&self) -> &FakeBroker {
        &self.0
    }
    fn broker_time(&self) -> Timestamp {
        self.0.now()
    }
    async fn drop_link(&self) {
        self.0.drop_link();
    }
    async fn settle(&self) {
        self.second();
    }
}

tradeport_conformance::order_gateway_conformance!(Fixture);
tradeport_conformance::quote_feed_conformance!(Fixture);
tradeport_conformance::tick_feed_conformance!(Fixture);
tradeport_conformance::option_feed_conformance!(Fixture);
tradeport_conformance::pnl_feed_conformance!(Fixture);
tradeport_conformance::bar_history_conformance!(Fixture);
tradeport_conformance::account_feed_conformance!(Fixture);
tradeport_conformance::contract_catalog_conformance!(Fixture);
tradeport_conformance::broker_link_conformance!(Fixture);
