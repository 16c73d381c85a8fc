//! What every case begins with: an exchange that is open from second 100 to 200, 300 to 400 and so on.

use crate::commission::CommissionSchedule;
use crate::exchange::{
    AccountConfig, AccountKind, Effect, Exchange, ExchangeConfig, ExchangeEvent, Input, Latency,
};
use crate::fault::Fault;
use std::time::Duration;
use tradeport_contracts::{Contract, ContractDraft, ContractId, Session, Stock, TradingSessions};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};
use tradeport_orders::{
    BrokerPhase, BrokerStatus, Execution, OcaGroup, OrderChange, OrderDraft, OrderKind, Side, TimeInForce,
    TrailBy,
};

pub(super) fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn price(text: &str) -> Price {
    text.parse().unwrap()
}

pub(super) fn units(text: &str) -> Quantity {
    text.parse().unwrap()
}

pub(super) fn key(text: &str) -> OrderKey {
    OrderKey::new(text).unwrap()
}

pub(super) fn account(text: &str) -> AccountId {
    AccountId::new(text).unwrap()
}

pub(super) fn symbol() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

pub(super) fn limit(text: &str) -> OrderKind {
    OrderKind::Limit { limit: price(text) }
}

pub(super) fn trail(text: &str) -> OrderKind {
    OrderKind::Trail { by: TrailBy::Amount(number(text)), stop: None }
}

fn contract() -> Contract {
    let session = |index: i64| Session {
        open: Timestamp::from_seconds(200 * index + 100),
        close: Timestamp::from_seconds(200 * index + 200),
    };
    ContractDraft {
        id: ContractId::new(265_598),
        symbol: symbol(),
        instrument: Stock::new("AAPL").unwrap().into(),
        name: "APPLE INC".to_owned(),
        currency: Currency::USD,
        price_step: number("0.01"),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::new((0..10).map(session).collect()).unwrap(),
        details: Default::default(),
    }
    .check()
    .unwrap()
}

/// An exchange without commissions, and everything that it has said.
pub(super) struct Stage {
    pub(super) exchange: Exchange,
    pub(super) said: Vec<Effect>,
}

impl Stage {
    /// In the first session, with a quote of 99.99 to 100.01, 1,000 each.
    pub(super) fn open() -> Self {
        let mut stage = Self::closed();
        stage.at(110);
        stage.quote("99.99", "100.01");
        stage
    }

    /// Before the first session.
    pub(super) fn closed() -> Self {
        Self::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut ExchangeConfig)) -> Self {
        let open = |id: &str, cash: &str, kind| AccountConfig {
            id: account(id),
            cash: Money::new(number(cash), Currency::USD),
            kind,
        };
        let accounts = vec![
            open("RICH", "1000000", AccountKind::Margin),
            open("MARGIN", "10000", AccountKind::Margin),
            open("CASH", "10000", AccountKind::Cash),
        ];
        let mut config = ExchangeConfig::new(1, accounts, vec![contract()]);
        config.commission = CommissionSchedule::free().into();
        change(&mut config);
        Self { exchange: Exchange::new(config).unwrap(), said: Vec::new() }
    }

    pub(super) fn slow(fixed: Duration) -> Self {
        let mut stage = Self::with(|config| config.latency = Latency { fixed, jitter: Duration::ZERO });
        stage.at(110);
        stage.quote("99.99", "100.01");
        stage
    }

    pub(super) fn input(&mut self, input: Input) {
        let now = self.exchange.now();
        self.exchange.step(input, now, &mut self.said);
    }

    pub(super) fn at(&mut self, second: i64) {
        self.exchange.step(Input::Advance, Timestamp::from_seconds(second), &mut self.said);
    }

    pub(super) fn quote(&mut self, bid: &str, ask: &str) {
        self.sized(bid, "1000", ask, "1000");
    }

    pub(super) fn sized(&mut self, bid: &str, bid_size: &str, ask: &str, ask_size: &str) {
        let level = |at: &str, size: &str| Some(Level::new(price(at), size.parse().ok()));
        let quote =
            Quote::new(symbol(), self.exchange.now(), level(bid, bid_size), level(ask, ask_size)).unwrap();
        self.input(Input::Quote { quote });
    }

    /// A day order of the rich account for 100 shares.
    pub(super) fn order(&mut self, name: &str, side: Side, kind: OrderKind) {
        self.order_with(name, side, kind, |_| {});
    }

    pub(super) fn order_with(
        &mut self,
        name: &str,
        side: Side,
        kind: OrderKind,
        change: impl FnOnce(&mut OrderDraft),
    ) {
        let mut draft = OrderDraft::new(key(name), account("RICH"), symbol(), side, units("100"), kind);
        change(&mut draft);
        self.input(Input::Submit { intent: draft.check().unwrap() });
    }

    pub(super) fn grouped(&mut self, name: &str, side: Side, kind: OrderKind, quantity: &str) {
        self.order_with(name, side, kind, |draft| {
            draft.oca = Some(OcaGroup::new(key("group")));
            draft.size = units(quantity).into();
        });
    }

    pub(super) fn lasting(&mut self, name: &str, side: Side, kind: OrderKind, time_in_force: TimeInForce) {
        self.order_with(name, side, kind, |draft| draft.time_in_force = time_in_force);
    }

    pub(super) fn cancel(&mut self, name: &str) {
        self.input(Input::Cancel { key: key(name) });
    }

    pub(super) fn change(&mut self, name: &str, quantity: Option<&str>, kind: Option<OrderKind>) {
        let change = OrderChange { quantity: quantity.map(units), kind, ..OrderChange::default() };
        self.input(Input::Change { key: key(name), change: Box::new(change) });
    }

    pub(super) fn arm(&mut self, fault: Fault) {
        self.input(Input::Fault { fault });
    }

    pub(super) fn status(&self, name: &str) -> BrokerStatus {
        self.exchange.status_of(&key(name)).expect("the order was taken")
    }

    pub(super) fn phase(&self, name: &str) -> BrokerPhase {
        self.status(name).phase
    }

    /// What has traded of an order, as `quantity@price`.
    pub(super) fn fills(&self, name: &str) -> Vec<String> {
        let ours = |execution: &&Execution| execution.key == Some(key(name));
        let told = |execution: &Execution| format!("{}@{}", execution.quantity, execution.price);
        self.exchange.executions().iter().filter(ours).map(told).collect()
    }

    /// Why the last order or change was refused.
    pub(super) fn refusal(&self) -> &str {
        match self.said.last().map(|effect| &effect.event) {
            Some(ExchangeEvent::Refused { reason, .. } | ExchangeEvent::ChangeRefused { reason, .. }) => {
                reason
            }
            other => panic!("nothing was refused: {other:?}"),
        }
    }

    pub(super) fn cash(&self, id: &str) -> Decimal {
        self.exchange.summary(&account(id)).unwrap().unwrap().cash.amount()
    }

    pub(super) fn held(&self, id: &str) -> Decimal {
        let positions = self.exchange.positions(&account(id)).unwrap();
        positions.first().map_or(Decimal::ZERO, |position| position.quantity().as_decimal())
    }
}
