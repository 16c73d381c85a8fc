//! Our desk, as the program wires it.

use crate::stage::{Trader, account, apple, key, price};
use crate::street::{Request, Street, Way};
use async_trait::async_trait;
use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tradeport_contracts::{
    CatalogError, Contract, ContractCatalog, ContractDraft, ContractId, Instrument, OptionChain,
    TradingSessions,
};
use tradeport_kernel::{
    AccountId, BrokerOrderId, Clock, Currency, Decimal, Money, OrderKey, Quantity, Snapshot, Timestamp,
};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::{MemoryAudit, MemoryJournal, MemorySwitch, VirtualClock};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, CancelTag, ClearedCancel, ClearedChange, ClearedOrder,
    ClearedPreview, Execution, GatewayError, OrderChange, OrderDraft, OrderEvents, OrderGateway, OrderKind,
    OrderPreview, PreviewError, Side, SubmitError,
};
use tradeport_portfolio::{AccountEvents, AccountFeed, AccountFeedError, AccountSummary, Position};
use tradeport_trading::{DeskPorts, DeskSettings, EventBus, OrderDesk};

/// The client id under which our gateway speaks, for good.
const CLIENT: i32 = 1;

/// The street behind the ports, and the highest number that was ever given to an order.
struct Line(Street, AtomicI64);

pub(crate) struct Ours {
    line: Arc<Line>,
    journal: MemoryJournal,
    clock: VirtualClock,
    /// None while the broker's books could not be read.
    desk: Option<OrderDesk>,
    /// A new epoch began, and what stands in it is not proven yet.
    unproven: bool,
}

impl Ours {
    pub(crate) fn new(street: &Street) -> Self {
        let line = Arc::new(Line(street.clone(), AtomicI64::new(0)));
        let (journal, clock) = (MemoryJournal::default(), VirtualClock::new(Timestamp::EPOCH));
        let mut ours = Self { line, journal, clock, desk: None, unproven: false };
        ours.open();
        ours
    }

    /// Nothing is traded before the journal and the broker's books were held against each other.
    fn open(&mut self) {
        let ports = DeskPorts {
            journal: Arc::new(self.journal.clone()),
            gateway: self.line.clone(),
            accounts: self.line.clone(),
            catalog: self.line.clone(),
            clock: Arc::new(self.clock.clone()),
            audit: Arc::new(MemoryAudit::default()),
            switch: Arc::new(MemorySwitch::default()),
            breaks: Arc::new(tradeport_memory::MemoryBreaks::default()),
        };
        self.desk = block_on(OrderDesk::open(ports, DeskSettings::default(), EventBus::default())).ok();
        if let Some(desk) = &self.desk {
            let level = |text: &str| Some(Level::new(price(text), None));
            desk.note_quote(Quote::new(apple(), self.clock.now(), level("99"), level("101")).unwrap());
        }
    }

    fn change(&self, name: &str, change: OrderChange) {
        let Some(desk) = &self.desk else { return };
        // Refused when there is none, or none that can be changed; what it says is then in the order.
        drop(desk.change(&key(name), change).now_or_never());
    }

    fn order(&self, name: &OrderKey) -> Option<tradeport_orders::Order> {
        self.desk.as_ref().and_then(|desk| block_on(desk.order(name)))
    }
}

impl Trader for Ours {
    fn want(&mut self, name: &str, units: u32, limit: &'static str) {
        let Some(desk) = &self.desk else { return };
        let quantity = Quantity::new(units.into()).unwrap();
        let kind = OrderKind::Limit { limit: price(limit) };
        let draft = OrderDraft::new(key(name), account(), apple(), Side::Buy, quantity, kind);
        // It may die meanwhile.
        if let Some(done) = desk.submit(draft.check().unwrap()).now_or_never() {
            done.unwrap();
        }
    }

    fn reprice(&mut self, name: &str, limit: &'static str) {
        self.change(name, OrderChange::to_kind(OrderKind::Limit { limit: price(limit) }));
    }

    fn resize(&mut self, name: &str, units: u32) {
        self.change(name, OrderChange::to_quantity(Quantity::new(units.into()).unwrap()));
    }

    fn cancel(&mut self, name: &str) {
        let Some(desk) = &self.desk else { return };
        // Refused when it has ended; what it says is then in the order.
        drop(desk.cancel(&key(name), CancelTag::default()).now_or_never());
    }

    fn hear(&mut self) {
        if self.desk.is_none() {
            self.open();
        }
        let Some(desk) = &self.desk else { return };
        if self.unproven {
            self.unproven = block_on(desk.resume()).is_err();
        }
        block_on(desk.pump()).unwrap();
        block_on(desk.tend());
    }

    fn linked_again(&mut self) {
        self.unproven = true;
        self.hear();
    }

    fn restart(&mut self) {
        self.desk = None;
        self.open();
    }

    fn filled(&mut self, name: &OrderKey) -> Decimal {
        self.order(name).map(|order| order.filled()).unwrap_or_default()
    }

    fn open_units(&mut self, name: &OrderKey) -> Decimal {
        let open = self.order(name).filter(|order| order.state().may_trade());
        open.and_then(|order| order.open_quantity()).unwrap_or_default()
    }

    fn doubts(&mut self) -> Vec<String> {
        let Some(desk) = &self.desk else { return vec!["the broker's books were not read".to_owned()] };
        block_on(desk.breaks()).iter().map(|one| format!("{one:?}")).collect()
    }
}

#[async_trait]
impl OrderGateway for Line {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let intent = order.intent();
        let OrderKind::Limit { limit } = *intent.kind() else { panic!("{intent:?} is not a limit order") };
        let units = intent.quantity().unwrap().as_decimal();
        // As the gateway for TWS counts: never below what was used, whatever the broker says is next.
        let number = self.0.next_number().max(self.1.load(Ordering::Relaxed) + 1);
        self.1.store(number, Ordering::Relaxed);
        let request = Request { number, client: CLIENT, name: intent.key().clone(), units, limit };
        let linked = self.0.is_linked();
        match self.0.place(request) {
            Way::Taken => {
                let broker_order_id = BrokerOrderId::new(number);
                Ok(Accepted { epoch: self.0.epoch(), perm_id: None, broker_order_id })
            }
            Way::Refused => Err(SubmitError::Refused { reason: "201".to_owned() }),
            Way::RequestLost if !linked => Err(SubmitError::NotSent("no link".into())),
            Way::AnswerLost | Way::RequestLost => {
                Err(SubmitError::OutcomeUnknown("no answer within 5 s".into()))
            }
            Way::DiesBefore | Way::DiesAfter => pending().await,
        }
    }

    async fn preview(&self, _: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        Err(PreviewError::Unsupported("previews"))
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        let limit = match change.change().kind {
            Some(OrderKind::Limit { limit }) => Some(limit),
            None => None,
            _ => panic!("{change:?} makes it no limit order"),
        };
        let units = change.change().quantity.map(Quantity::as_decimal);
        let Some(number) = self.0.number_of(change.key()) else {
            return Err(SubmitError::Refused { reason: "no such order".to_owned() });
        };
        match self.0.change(number, CLIENT, limit, units) {
            Way::Taken => Ok(()),
            Way::Refused => Err(SubmitError::Refused { reason: "201".to_owned() }),
            Way::DiesBefore | Way::DiesAfter => pending().await,
            _ => Err(SubmitError::OutcomeUnknown("no answer within 5 s".into())),
        }
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        let number = self.0.number_of(cancel.key());
        match number.map(|number| self.0.cancel(number, CLIENT)) {
            Some(Way::Taken) => Ok(()),
            Some(Way::Refused) | None => Err(CancelError::NoSuchOrder(cancel.key().clone())),
            Some(Way::DiesBefore | Way::DiesAfter) => pending().await,
            Some(_) => Err(CancelError::OutcomeUnknown("no answer within 5 s".into())),
        }
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        Err(CancelError::Unsupported("cancelling everything"))
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        Ok(self.0.listen().boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.0.whole(self.0.orders(true))
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.0.whole(self.0.orders(false))
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        let rows = self.0.executions();
        self.0.whole(rows.map(|rows| rows.into_iter().filter(|it| it.at >= since).collect()))
    }
}

impl Street {
    fn whole<T>(&self, rows: Option<Vec<T>>) -> Result<Snapshot<T>, GatewayError> {
        let rows = rows.ok_or(GatewayError::EpochLost(self.epoch()))?;
        Ok(Snapshot::complete(self.epoch(), Timestamp::EPOCH, rows))
    }
}

#[async_trait]
impl AccountFeed for Line {
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError> {
        Ok(vec![account()])
    }

    async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError> {
        let cash = Money::new(Decimal::from(100_000), Currency::USD);
        let nothing = Money::zero(Currency::USD);
        Ok(AccountSummary {
            account: account.clone(),
            at: Timestamp::EPOCH,
            net_liquidation: cash,
            cash,
            positions_value: nothing,
            buying_power: cash,
            maintenance_margin: nothing,
            realized_pnl: nothing,
            unrealized_pnl: nothing,
            rates: Default::default(),
            balances: None,
        })
    }

    async fn positions(&self, _: &AccountId) -> Result<Snapshot<Position>, AccountFeedError> {
        let held = self.0.position();
        let cost = Money::new(held.as_decimal() * Decimal::from(100), Currency::USD);
        let nothing = Money::zero(Currency::USD);
        let rows = vec![Position::reported(apple(), held, cost, Decimal::ONE, nothing)];
        Ok(Snapshot::complete(self.0.epoch(), Timestamp::EPOCH, rows))
    }

    async fn events(&self) -> Result<AccountEvents, AccountFeedError> {
        Err(AccountFeedError::Unsupported("events"))
    }
}

#[async_trait]
impl ContractCatalog for Line {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let draft = ContractDraft {
            id: ContractId::new(265_598),
            symbol: apple(),
            instrument: instrument.clone(),
            name: "APPLE INC".into(),
            currency: Currency::USD,
            price_step: "0.01".parse().unwrap(),
            lot: Decimal::ONE,
            multiplier: Decimal::ONE,
            sessions: TradingSessions::always(),
            details: Default::default(),
        };
        Ok(draft.check().unwrap())
    }

    async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError> {
        Err(CatalogError::NotFound(id.number().to_string()))
    }

    async fn search(&self, _: &str) -> Result<Vec<Contract>, CatalogError> {
        Err(CatalogError::Unsupported("search"))
    }

    async fn option_chains(&self, _: &Instrument) -> Result<Vec<OptionChain>, CatalogError> {
        Err(CatalogError::Unsupported("option chains"))
    }
}
