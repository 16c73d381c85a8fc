//! Proves every promise of every port that this adapter holds. No claim is left out.

use std::time::Duration;
use tradeport_kernel::Timestamp;
use tradeport_memory::{
    MemoryAudit, MemoryBars, MemoryBreaks, MemoryJournal, MemoryNotifier, MemoryPortfolio, MemorySwitch,
    MemoryTicks, VirtualClock,
};
use tradeport_trading::Alarm;

tradeport_conformance::audit_log_conformance!(Fixture<MemoryAudit>);
tradeport_conformance::bar_store_conformance!(Fixture<MemoryBars>);
tradeport_conformance::clock_conformance!(Fixture<VirtualClock>);
tradeport_conformance::notifier_conformance!(Fixture<MemoryNotifier>);
tradeport_conformance::order_journal_conformance!(Fixture<MemoryJournal>);
tradeport_conformance::portfolio_store_conformance!(Fixture<MemoryPortfolio>);
tradeport_conformance::break_store_conformance!(Fixture<MemoryBreaks>);
tradeport_conformance::switch_store_conformance!(Fixture<MemorySwitch>);
tradeport_conformance::tick_store_conformance!(Fixture<MemoryTicks>);

struct Fixture<T>(T);

impl<T: Clone + Default> Fixture<T> {
    fn empty() -> Self {
        Self(T::default())
    }

    /// A second handle opens before the first one closes, so that what is kept outlives it.
    fn reopened(self) -> Self {
        let second = self.0.clone();
        drop(self);
        Self(second)
    }
}

macro_rules! store_harness {
    ($port:ident, $role:ident, $accessor:ident, $store:ident) => {
        impl tradeport_conformance::$port::Harness for Fixture<$store> {
            type $role = $store;
            async fn fresh() -> Self {
                Self::empty()
            }
            fn $accessor(&self) -> &$store {
                &self.0
            }
            async fn reopen(self) -> Self {
                self.reopened()
            }
        }
    };
}
store_harness!(audit_log, Log, log, MemoryAudit);
store_harness!(bar_store, Store, store, MemoryBars);
store_harness!(order_journal, Journal, journal, MemoryJournal);
store_harness!(portfolio_store, Store, store, MemoryPortfolio);
store_harness!(tick_store, Store, store, MemoryTicks);

impl tradeport_conformance::switch_store::Harness for Fixture<MemorySwitch> {
    type Store = MemorySwitch;
    async fn fresh() -> Self {
        Self::empty()
    }
    fn store(&self) -> &MemorySwitch {
        &self.0
    }
    async fn reopen(self) -> Self {
        self.reopened()
    }
    async fn garble(&self) {
        self.0.garble();
    }
}

impl tradeport_conformance::break_store::Harness for Fixture<MemoryBreaks> {
    type Store = MemoryBreaks;
    async fn fresh() -> Self {
        Self::empty()
    }
    fn store(&self) -> &MemoryBreaks {
        &self.0
    }
    async fn reopen(self) -> Self {
        self.reopened()
    }
    async fn garble(&self) {
        self.0.garble();
    }
}

impl tradeport_conformance::notifier::Harness for Fixture<MemoryNotifier> {
    type Notifier = MemoryNotifier;
    async fn fresh() -> Self {
        Self::empty()
    }
    fn notifier(&self) -> &MemoryNotifier {
        &self.0
    }
    async fn delivered(&self) -> Vec<Alarm> {
        self.0.alarms()
    }
}

impl tradeport_conformance::clock::Harness for Fixture<VirtualClock> {
    type Clock = VirtualClock;
    const STEP: Duration = Duration::from_millis(1);
    async fn fresh() -> Self {
        Self(VirtualClock::new(Timestamp::EPOCH))
    }
    fn clock(&self) -> &VirtualClock {
        &self.0
    }
    async fn pass(&self, by: Duration) {
        self.0.advance(by);
    }
}
