//! A broker that takes every order at once, and remembers when it was called.

use async_trait::async_trait;
use futures::StreamExt;
use std::sync::Mutex;
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use tradeport_contracts::{
    CatalogError, Contract, ContractCatalog, ContractDraft, ContractId, Instrument, OptionChain, Stock,
    TradingSessions,
};
use tradeport_kernel::{
    AccountId, BrokerOrderId, Clock, ConnectionEpoch, Currency, Decimal, Money, Price, Quantity,
    SignedQuantity, Snapshot, Symbol, Timestamp,
};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError, SubmitError,
};
use tradeport_portfolio::{AccountEvents, AccountFeed, AccountFeedError, AccountSummary, Position};

const EPOCH: ConnectionEpoch = ConnectionEpoch::new(1);
/// How many instruments there are, all of them held.
pub(crate) const INSTRUMENTS: usize = 1_000;

/// When something was asked of it last.
#[derive(Default)]
pub(crate) struct Street {
    calls: Mutex<Calls>,
}

#[derive(Clone, Copy, Default)]
pub(crate) struct Calls {
    pub(crate) order: Option<Instant>,
    pub(crate) orders: u64,
    pub(crate) cancel: Option<Instant>,
    pub(crate) everything: Option<Instant>,
}

impl Street {
    pub(crate) fn calls(&self) -> Calls {
        *self.calls.lock().unwrap()
    }

    fn note(&self, work: impl FnOnce(&mut Calls)) {
        work(&mut self.calls.lock().unwrap());
    }
}

pub(crate) fn account() -> AccountId {
    AccountId::new("DU1").unwrap()
}

pub(crate) fn symbol(number: usize) -> Symbol {
    Symbol::new(&format!("S{:04}", number % INSTRUMENTS)).unwrap()
}

/// Around a hundred; `step` moves it.
pub(crate) fn quote(number: usize, step: i64) -> Quote {
    let level = |cents: i64| Some(Level::new(Price::new(Decimal::new(cents, 2)).unwrap(), None));
    let cents = 10_000 + step % 100;
    Quote::new(symbol(number), Wall.now(), level(cents), level(cents + 2)).unwrap()
}

fn usd(amount: i64) -> Money {
    Money::new(amount.into(), Currency::USD)
}

/// The time of the machine.
pub(crate) struct Wall;

#[async_trait]
impl Clock for Wall {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Timestamp::from_nanos(i64::try_from(since.as_nanos()).unwrap())
    }

    async fn sleep_until(&self, _: Timestamp) {
        futures::future::pending::<()>().await;
    }
}

#[async_trait]
impl OrderGateway for Street {
    async fn submit(&self, _: &ClearedOrder) -> Result<Accepted, SubmitError> {
        let now = Instant::now();
        self.note(|calls| (calls.order, calls.orders) = (Some(now), calls.orders + 1));
        let number = i64::try_from(self.calls().orders).unwrap();
        Ok(Accepted { epoch: EPOCH, perm_id: None, broker_order_id: BrokerOrderId::new(number) })
    }

    async fn preview(&self, _: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        Err(PreviewError::Unsupported("previews"))
    }

    async fn change(&self, _: &ClearedChange) -> Result<(), SubmitError> {
        Err(SubmitError::Unsupported("changes"))
    }

    async fn cancel(&self, _: &ClearedCancel) -> Result<(), CancelError> {
        self.note(|calls| calls.cancel = Some(Instant::now()));
        Ok(())
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.note(|calls| calls.everything = Some(Instant::now()));
        Ok(())
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        Ok(futures::stream::pending().boxed())
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        Ok(Snapshot::complete(EPOCH, Wall.now(), Vec::new()))
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        Ok(Snapshot::complete(EPOCH, Wall.now(), Vec::new()))
    }

    async fn executions(&self, _: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        Ok(Snapshot::complete(EPOCH, Wall.now(), Vec::new()))
    }
}

#[async_trait]
impl AccountFeed for Street {
    async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError> {
        Ok(vec![account()])
    }

    async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError> {
        Ok(AccountSummary {
            account: account.clone(),
            at: Wall.now(),
            net_liquidation: usd(20_000_000),
            cash: usd(10_000_000),
            positions_value: usd(10_000_000),
            buying_power: usd(10_000_000),
            maintenance_margin: usd(0),
            realized_pnl: usd(0),
            unrealized_pnl: usd(0),
            rates: Default::default(),
            balances: None,
        })
    }

    async fn positions(&self, _: &AccountId) -> Result<Snapshot<Position>, AccountFeedError> {
        let held = SignedQuantity::new(100.into()).unwrap();
        let position = |number| Position::reported(symbol(number), held, usd(10_000), Decimal::ONE, usd(0));
        Ok(Snapshot::complete(EPOCH, Wall.now(), (0..INSTRUMENTS).map(position).collect()))
    }

    async fn events(&self) -> Result<AccountEvents, AccountFeedError> {
        Err(AccountFeedError::Unsupported("events"))
    }
}

#[async_trait]
impl ContractCatalog for Street {
    async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError> {
        let symbol = instrument.symbol();
        let number: i64 = symbol.as_str().trim_start_matches('S').parse().unwrap();
        let draft = ContractDraft {
            id: ContractId::new(1 + number),
            symbol,
            instrument: Stock::new(symbol.as_str()).unwrap().into(),
            name: "A SHARE".to_owned(),
            currency: Currency::USD,
            price_step: Decimal::new(1, 2),
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

pub(crate) fn one() -> Quantity {
    Quantity::new(Decimal::ONE).unwrap()
}
