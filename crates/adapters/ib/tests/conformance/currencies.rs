//! Cash of several currencies, over the wire: a desk behind the adapter and a TWS of our own come to the same cent.

use crate::link::run;
use crate::stand::Stand;
use std::sync::Arc;
use tradeport_contracts::{ContractCatalog, Expiry, Forex, Future, Instrument, Stock};
use tradeport_kernel::{AccountId, Clock, Currency, OrderKey, Quantity, Symbol};
use tradeport_market_data::{Level, Quote};
use tradeport_memory::{MemoryAudit, MemoryBreaks, MemoryJournal, MemorySwitch};
use tradeport_orders::{OrderDraft, OrderKind, OrderState, Side};
use tradeport_trading::reconciliation::Patience;
use tradeport_trading::{DeskError, DeskPorts, DeskSettings, EventBus, OrderDesk};

fn account() -> AccountId {
    AccountId::new("DU1234567").unwrap()
}

struct Street {
    stand: Stand,
    desk: OrderDesk,
}

impl Street {
    async fn open() -> Self {
        let stand = Stand::linked().await;
        let broker = Arc::new(stand.broker.clone());
        let ports = DeskPorts {
            journal: Arc::new(MemoryJournal::default()),
            gateway: broker.clone(),
            accounts: broker.clone(),
            catalog: broker,
            clock: Arc::new(stand.clock.clone()),
            audit: Arc::new(MemoryAudit::default()),
            switch: Arc::new(MemorySwitch::default()),
            breaks: Arc::new(MemoryBreaks::default()),
        };
        let desk = OrderDesk::open(ports, DeskSettings::default(), EventBus::default()).await.unwrap();
        Self { stand, desk }
    }

    /// What it is called here, once it is quoted so; the exchange may call it otherwise.
    async fn quoted(&self, instrument: Instrument, bid: &str, ask: &str) -> Symbol {
        let asked = self.desk.learn(&instrument).await.unwrap();
        let held = self.stand.broker.by_id(asked.id()).await.unwrap();
        let learnt = self.desk.learn(held.instrument()).await.unwrap();
        let (id, here) = (learnt.id(), learnt.symbol());
        let there = self.stand.tws.with(move |server| server.world_mut().catalog().by_id(id)).await;
        let level = |text: &str| Some(Level::new(text.parse().unwrap(), "100000".parse().ok()));
        let quote = |symbol| Quote::new(symbol, self.stand.clock.now(), level(bid), level(ask)).unwrap();
        self.stand.publish(quote(there.unwrap().unwrap().symbol())).await;
        self.desk.note_quote(quote(here));
        here
    }

    async fn buy(&self, name: &str, symbol: Symbol, side: Side, units: u32) {
        let (key, units) = (OrderKey::new(name).unwrap(), Quantity::new(units.into()).unwrap());
        let draft = OrderDraft::new(key.clone(), account(), symbol, side, units, OrderKind::Market);
        let placed = self.desk.submit(draft.check().unwrap()).await.unwrap();
        assert_eq!(placed.refusal, None);
        self.stand.settle().await;
        self.desk.pump().await.unwrap();
        assert_eq!(self.desk.order(&key).await.unwrap().state(), OrderState::Filled, "{name}");
    }

    /// What does not fit, and what was not compared.
    async fn look(&self) -> (Vec<String>, Vec<String>) {
        let asked = self.desk.reconcile(Some(Patience::NONE)).await.unwrap().open_questions;
        let breaks = self.desk.breaks().await;
        (breaks.iter().map(ToString::to_string).collect(), asked)
    }

    async fn has(&self) -> Vec<String> {
        let portfolio = self.desk.portfolio(&account()).await.unwrap();
        portfolio.balances().unwrap().iter().map(|it| it.to_string()).collect()
    }
}

fn fits() -> (Vec<String>, Vec<String>) {
    (Vec::new(), Vec::new())
}

#[test]
fn scenario_acc_01_cash_in_each_currency_ties_out_over_the_wire() {
    run(async {
        let street = Street::open().await;
        assert_eq!((street.look().await, street.has().await), (fits(), vec!["1000000.00 USD".to_owned()]));
        let euro: Currency = "EUR".parse().unwrap();
        let pair = street.quoted(Forex::new(euro, Currency::USD).unwrap().into(), "1.25000", "1.25005").await;
        street.buy("pair", pair, Side::Buy, 30_000).await;
        assert_eq!(street.look().await, fits(), "{:?}", street.has().await);
        let share = Stock::new("SAP").unwrap().in_currency(euro);
        let share = street.quoted(share.into(), "100.10", "100.12").await;
        street.buy("share", share, Side::Buy, 10).await;
        assert_eq!(street.look().await, fits(), "{:?}", street.has().await);
        street.buy("back", pair, Side::Sell, 5_000).await;
        street.buy("out", share, Side::Sell, 10).await;
        assert_eq!(street.look().await, fits(), "{:?}", street.has().await);
        let has = street.has().await;
        assert!(has[0].ends_with("EUR") && has[0].starts_with("2499"), "25,000 less costs: {has:?}");
    });
}

/// What a future was paid with is nobody's cash; its commission is gone at once.
#[test]
fn a_future_moves_its_commission_alone() {
    run(async {
        let street = Street::open().await;
        let march = Expiry::on(2026, 3, 20).unwrap();
        let future = Future::new("MES", march, "CME").unwrap();
        let future = street.quoted(future.into(), "5000.00", "5000.25").await;
        street.buy("future", future, Side::Buy, 2).await;
        assert_eq!(street.look().await, fits());
        assert_eq!(street.has().await, ["999999.50 USD"], "0.25 for each of the small ones");
        assert_eq!(street.look().await, fits(), "and once more after the account was read again");
    });
}

/// A limit would count each name by itself, and the next reconciliation would find what is held under the other.
#[test]
fn what_is_named_otherwise_than_it_would_be_held_is_not_ordered() {
    run(async {
        let street = Street::open().await;
        for (asked, held) in [
            ("SAP@SMART:IBIS/EUR", "SAP/EUR"),
            ("AAPL@NASDAQ", "AAPL"),
            ("isin:US0378331005", "AAPL"),
            ("MES 20260320@CME", "MES 20260320x5@CME"),
        ] {
            let (key, one) = (OrderKey::new("odd").unwrap(), Quantity::new(1.into()).unwrap());
            let symbol = asked.parse().unwrap();
            let draft = OrderDraft::new(key.clone(), account(), symbol, Side::Buy, one, OrderKind::Market);
            let refused = street.desk.submit(draft.check().unwrap()).await.unwrap_err();
            assert!(matches!(refused, DeskError::HeldAs { .. }), "{asked}: {refused}");
            assert_eq!(
                refused.to_string(),
                format!("what is ordered as {asked} is held as {held}: order it by that name")
            );
            assert_eq!(street.desk.order(&key).await, None, "{asked} left nothing");
        }
    });
}
