//! The promises of the catalog, kept by that of the simulated broker.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;
use tradeport_app::fake::{Catalog, FakeCatalog};
use tradeport_conformance::contract_catalog::{Claims, Harness};
use tradeport_connection::BrokerLink;
use tradeport_contracts::{ContractId, Instrument};
use tradeport_fake_broker::house::FakeHours;
use tradeport_fake_broker::{AccountConfig, AccountKind, FakeBroker, FakeBrokerConfig};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, Timestamp};
use tradeport_memory::VirtualClock;

struct Fixture(FakeCatalog);

fn instrument(text: &str) -> Instrument {
    text.parse().unwrap()
}

impl Harness for Fixture {
    type Catalog = FakeCatalog;
    const CLAIMS: Claims = Claims::ALL;

    async fn fresh() -> Self {
        let now: Timestamp = "2026-11-20T15:00:00Z".parse().unwrap();
        let account = AccountConfig {
            id: AccountId::new("DU1").unwrap(),
            cash: Money::new(Decimal::from(1_000), Currency::USD),
            kind: AccountKind::Margin,
        };
        let bundled = Catalog::at(FakeHours::Always, now).bundled().collect();
        let broker = FakeBroker::new(FakeBrokerConfig::new(1, vec![account], bundled)).unwrap();
        broker.connect().await.unwrap();
        Self(FakeCatalog::new(broker, FakeHours::Always, Arc::new(VirtualClock::new(now))))
    }
    fn catalog(&self) -> &FakeCatalog {
        &self.0
    }
    fn known(&self) -> Vec<Instrument> {
        let known = [
            "AAPL",
            "SPY",
            "BMW@SMART:IBIS/EUR",
            "index:SPX@CBOE",
            "ES 202612@CME",
            "continuous:ES@CME",
            "DAX 202612@EUREX/EUR;class=FDXS",
            "AAPL 20261218C450",
            "SPX 20261127P1500;class=SPXW",
            "EUR.USD",
            "crypto:BTC",
        ];
        known.map(instrument).into()
    }
    fn unknown(&self) -> Instrument {
        instrument("NOPE")
    }
    fn ambiguous(&self) -> Option<Instrument> {
        Some(instrument("DAX 202612@EUREX/EUR"))
    }
    fn beginning_of_others(&self) -> Option<Instrument> {
        Some(instrument("T"))
    }
    fn with_options(&self) -> Option<Instrument> {
        Some(instrument("index:SPX@CBOE"))
    }
    fn without_options(&self) -> Option<Instrument> {
        Some(instrument("EUR.USD"))
    }
    fn unknown_id(&self) -> ContractId {
        ContractId::new(99)
    }
}

tradeport_conformance::contract_catalog_conformance!(Fixture);
