//! Mocks of the broker's side, of the clock and of the way to a person.

use async_trait::async_trait;
use std::time::Duration;
use tradeport_connection::{BrokerLink, LinkError, LinkEvents, LinkState};
use tradeport_contracts::{CatalogError, Contract, ContractCatalog, ContractId, Instrument, OptionChain};
use tradeport_kernel::{AccountId, Clock, ConnectionEpoch, Snapshot, Symbol, Timestamp};
use tradeport_market_data::{
    BarHistory, BarPage, BarRequest, BarSize, FeedError, Following, HistoryError, OptionComputation,
    OptionComputations, OptionFeed, OptionFeedError, Quote, QuoteFeed, Subscription, Tick, TickFeed,
    TickFeedError, TickKind,
};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError, SubmitError,
};
use tradeport_portfolio::{
    AccountEvents, AccountFeed, AccountFeedError, AccountPnl, AccountSummary, PnlFeed, PnlFeedError,
    PnlStream, Position, PositionPnl,
};
use tradeport_trading::{Alarm, Notifier, NotifyError};

mockall::mock! {
    /// A scripted [`Clock`].
    pub Clock {}
    #[async_trait]
    impl Clock for Clock {
        fn now(&self) -> Timestamp;
        async fn sleep_until(&self, deadline: Timestamp);
    }
}

mockall::mock! {
    /// A scripted [`ContractCatalog`].
    pub ContractCatalog {}
    #[async_trait]
    impl ContractCatalog for ContractCatalog {
        async fn resolve(&self, instrument: &Instrument) -> Result<Contract, CatalogError>;
        async fn by_id(&self, id: ContractId) -> Result<Contract, CatalogError>;
        async fn search(&self, pattern: &str) -> Result<Vec<Contract>, CatalogError>;
        async fn option_chains(&self, underlying: &Instrument) -> Result<Vec<OptionChain>, CatalogError>;
    }
}

mockall::mock! {
    /// A scripted [`QuoteFeed`].
    pub QuoteFeed {}
    #[async_trait]
    impl QuoteFeed for QuoteFeed {
        async fn subscribe(&self, symbols: &[Symbol]) -> Result<Subscription, FeedError>;
        async fn snapshot(&self, symbol: Symbol) -> Result<Quote, FeedError>;
    }
}

mockall::mock! {
    /// A scripted [`TickFeed`].
    pub TickFeed {}
    #[async_trait]
    impl TickFeed for TickFeed {
        async fn follow(&self, symbol: Symbol, kind: TickKind) -> Result<Following<Tick>, TickFeedError>;
    }
}

mockall::mock! {
    /// A scripted [`OptionFeed`].
    pub OptionFeed {}
    #[async_trait]
    impl OptionFeed for OptionFeed {
        async fn follow(&self, option: Symbol) -> Result<Following<OptionComputation>, OptionFeedError>;
        async fn snapshot(&self, option: Symbol) -> Result<OptionComputations, OptionFeedError>;
    }
}

mockall::mock! {
    /// A scripted [`BarHistory`].
    pub BarHistory {}
    #[async_trait]
    impl BarHistory for BarHistory {
        async fn bars(&self, request: &BarRequest) -> Result<BarPage, HistoryError>;
        async fn earliest(&self, symbol: Symbol, size: BarSize) -> Result<Option<Timestamp>, HistoryError>;
    }
}

mockall::mock! {
    /// A scripted [`OrderGateway`].
    pub OrderGateway {}
    #[async_trait]
    impl OrderGateway for OrderGateway {
        async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError>;
        async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError>;
        async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError>;
        async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError>;
        async fn cancel_everything(&self) -> Result<(), CancelError>;
        async fn events(&self) -> Result<OrderEvents, GatewayError>;
        async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError>;
        async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError>;
        async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError>;
    }
}

mockall::mock! {
    /// A scripted [`AccountFeed`].
    pub AccountFeed {}
    #[async_trait]
    impl AccountFeed for AccountFeed {
        async fn accounts(&self) -> Result<Vec<AccountId>, AccountFeedError>;
        async fn summary(&self, account: &AccountId) -> Result<AccountSummary, AccountFeedError>;
        async fn positions(&self, account: &AccountId) -> Result<Snapshot<Position>, AccountFeedError>;
        async fn events(&self) -> Result<AccountEvents, AccountFeedError>;
    }
}

mockall::mock! {
    /// A scripted [`PnlFeed`].
    pub PnlFeed {}
    #[async_trait]
    impl PnlFeed for PnlFeed {
        async fn of_account(&self, account: &AccountId) -> Result<PnlStream<AccountPnl>, PnlFeedError>;
        async fn of_position(
            &self,
            account: &AccountId,
            symbol: Symbol,
        ) -> Result<PnlStream<PositionPnl>, PnlFeedError>;
    }
}

mockall::mock! {
    /// A scripted [`BrokerLink`].
    pub BrokerLink {}
    #[async_trait]
    impl BrokerLink for BrokerLink {
        async fn connect(&self) -> Result<ConnectionEpoch, LinkError>;
        async fn disconnect(&self) -> Result<(), LinkError>;
        async fn probe(&self, timeout: Duration) -> Result<Timestamp, LinkError>;
        fn state(&self) -> LinkState;
        async fn events(&self) -> Result<LinkEvents, LinkError>;
    }
}

mockall::mock! {
    /// A scripted [`Notifier`].
    pub Notifier {}
    #[async_trait]
    impl Notifier for Notifier {
        async fn notify(&self, alarm: &Alarm) -> Result<(), NotifyError>;
    }
}
