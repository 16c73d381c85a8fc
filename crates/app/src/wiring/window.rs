//! The outages that are expected, for commands that trade by themselves: what a service holds back, they do not send either.
//!
//! Left out: how a service knows of them, which is its supervisor's matter.

use crate::Session;
use crate::config::BrokerChoice;
use async_trait::async_trait;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::Held;
use tradeport_connection::calendar::OutageCalendar;
use tradeport_kernel::{Clock, Snapshot, Timestamp};
use tradeport_orders::{
    Accepted, BrokerOrder, CancelError, ClearedCancel, ClearedChange, ClearedOrder, ClearedPreview,
    Execution, GatewayError, OrderEvents, OrderGateway, OrderPreview, PreviewError, SubmitError,
};

/// Why no order may leave now, if an expected outage is near or under way. The simulated broker has none.
pub(crate) fn held_now(session: &Session) -> Option<Held> {
    let config = session.config();
    let window = (config.broker == BrokerChoice::Tws).then(|| Window::of(session))?;
    window.held(session.clock().now())
}

/// When orders are held.
struct Window {
    calendar: OutageCalendar,
    before: Duration,
}

impl Window {
    fn of(session: &Session) -> Self {
        let config = session.config();
        Self { calendar: config.outages(), before: Duration::from_secs(config.link.hold_before_seconds) }
    }

    fn held(&self, now: Timestamp) -> Option<Held> {
        let outage = self.calendar.holding(now, self.before)?;
        Some(Held::Outage { kind: outage.kind, until: outage.range.end() })
    }
}

/// A gateway through which nothing new leaves near an expected outage; cancels always may.
pub(super) struct WindowGateway {
    inner: Arc<dyn OrderGateway>,
    window: Window,
    clock: Arc<dyn Clock>,
}

impl WindowGateway {
    /// This gateway, with the outages of the settings.
    pub(super) fn new(inner: Arc<dyn OrderGateway>, session: &Session) -> Self {
        Self { inner, window: Window::of(session), clock: session.clock() }
    }

    fn pass(&self) -> Result<(), SubmitError> {
        let held = self.window.held(self.clock.now());
        held.map_or(Ok(()), |held| Err(SubmitError::NotSent(Box::new(held))))
    }
}

#[async_trait]
impl OrderGateway for WindowGateway {
    async fn submit(&self, order: &ClearedOrder) -> Result<Accepted, SubmitError> {
        self.pass()?;
        self.inner.submit(order).await
    }

    async fn preview(&self, order: &ClearedPreview) -> Result<OrderPreview, PreviewError> {
        self.inner.preview(order).await
    }

    async fn change(&self, change: &ClearedChange) -> Result<(), SubmitError> {
        self.pass()?;
        self.inner.change(change).await
    }

    async fn cancel(&self, cancel: &ClearedCancel) -> Result<(), CancelError> {
        self.inner.cancel(cancel).await
    }

    async fn cancel_everything(&self) -> Result<(), CancelError> {
        self.inner.cancel_everything().await
    }

    async fn events(&self) -> Result<OrderEvents, GatewayError> {
        self.inner.events().await
    }

    async fn open_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.inner.open_orders().await
    }

    async fn completed_orders(&self) -> Result<Snapshot<BrokerOrder>, GatewayError> {
        self.inner.completed_orders().await
    }

    async fn executions(&self, since: Timestamp) -> Result<Snapshot<Execution>, GatewayError> {
        self.inner.executions(since).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::variables::Variables;
    use crate::config::{OutputFormat, load};
    use crate::output::Output;
    use crate::stop::Stop;
    use crate::wiring::fake::exchange_config;
    use tradeport_fake_broker::{FakeBroker, FakeBrokerConfig};
    use tradeport_kernel::{AccountId, OrderKey, Quantity, Symbol};
    use tradeport_memory::VirtualClock;
    use tradeport_orders::{JournalEntry, OrderDraft, OrderKind, Side};

    const SETTINGS: &str = "broker = \"tws\"\n[link]\nrestart_at = \"14:55\"\nrestart_minutes = 1\n\
        zone = \"America/New_York\"\nannounced_resets = false\nhold_before_seconds = 20\n";

    fn order() -> ClearedOrder {
        let (key, account) = (OrderKey::new("k").unwrap(), AccountId::new("DU1").unwrap());
        let (symbol, one) = (Symbol::new("AAPL").unwrap(), Quantity::new(1.into()).unwrap());
        let draft = OrderDraft::new(key, account, symbol, Side::Buy, one, OrderKind::Market);
        let intent = draft.check().unwrap();
        let receipt = JournalEntry::intended(intent.clone(), Timestamp::EPOCH).kept_at(1);
        ClearedOrder::by_desk(intent, &receipt).unwrap()
    }

    /// One that was judged before the window and comes to the socket within it.
    #[tokio::test]
    async fn what_reaches_the_gateway_within_the_window_does_not_leave_and_says_why() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        std::fs::write(&path, SETTINGS).unwrap();
        let loaded = load(Some(&path), &Variables::default(), &[]).unwrap();
        let clock = VirtualClock::new("2026-01-07T19:54:39Z".parse().unwrap());
        let output = Output::new(OutputFormat::Json, false);
        let session = Session::new(loaded, output, Stop::never(), Arc::new(clock.clone()));
        let exchange = exchange_config(session.config(), clock.now()).unwrap();
        let config = FakeBrokerConfig { exchange, ..FakeBrokerConfig::new(1, Vec::new(), Vec::new()) };
        let broker = FakeBroker::new(config).unwrap();
        let gateway = WindowGateway::new(Arc::new(broker), &session);
        // Not connected: who gets that far hears of the link.
        let before = gateway.submit(&order()).await.unwrap_err();
        assert!(held_now(&session).is_none() && !reason(&before).contains("restart"), "{before:?}");
        clock.advance(Duration::from_secs(1));
        let held = gateway.submit(&order()).await.unwrap_err();
        assert!(matches!(held, SubmitError::NotSent(_)), "{held:?}");
        assert_eq!(reason(&held), "daily restart until 2026-01-07T19:56:00Z");
        assert_eq!(held_now(&session).unwrap().to_string(), reason(&held));
        clock.advance(Duration::from_secs(80));
        assert!(held_now(&session).is_none(), "it is over");
    }

    fn reason(error: &SubmitError) -> String {
        std::error::Error::source(error).map(ToString::to_string).unwrap_or_default()
    }
}
