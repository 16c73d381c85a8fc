//! The live account on virtual time, over a feed that pushes nothing by itself.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use futures::executor::block_on;
use futures::{FutureExt, StreamExt};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tradeport_conformance::mocks::MockAccountFeed;
use tradeport_kernel::{AccountId, Clock, Currency, Decimal, Money, Timestamp};
use tradeport_memory::VirtualClock;
use tradeport_portfolio::{AccountEvent, AccountFeedError, AccountSummary};
use tradeport_trading::{LiveAccount, Summaries};

fn summary(name: &str, at: Timestamp, cash: i64) -> AccountSummary {
    let usd = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
    AccountSummary {
        account: AccountId::new(name).unwrap(),
        at,
        net_liquidation: usd(cash),
        cash: usd(cash),
        positions_value: usd(0),
        buying_power: usd(cash),
        maintenance_margin: usd(0),
        realized_pnl: usd(0),
        unrealized_pnl: usd(0),
        rates: Default::default(),
        balances: None,
    }
}

struct Bench {
    clock: VirtualClock,
    cash: Arc<Mutex<Result<i64, ()>>>,
    push: futures::channel::mpsc::UnboundedSender<AccountEvent>,
    changes: Summaries,
}

fn bench() -> Bench {
    let (clock, cash) = (VirtualClock::new(Timestamp::EPOCH), Arc::new(Mutex::new(Ok(100))));
    let (push, events) = futures::channel::mpsc::unbounded();
    let mut feed = MockAccountFeed::new();
    let (asked, now) = (cash.clone(), clock.clone());
    feed.expect_summary().returning(move |account| {
        let cash = asked.lock().unwrap().map_err(|()| AccountFeedError::UnknownAccount(account.clone()))?;
        Ok(summary(account.as_str(), now.now(), cash))
    });
    let mut events = Some(events.boxed());
    feed.expect_events().returning(move || Ok(events.take().unwrap()));
    let account = AccountId::new("DU1").unwrap();
    let live = LiveAccount::new(Arc::new(feed), Arc::new(clock.clone()), account, Duration::from_secs(5));
    Bench { clock, cash, push, changes: block_on(live.follow()).unwrap() }
}

impl Bench {
    fn told(&mut self) -> Option<Decimal> {
        self.changes.next().now_or_never().map(|change| change.unwrap().unwrap().cash.amount())
    }
}

#[test]
fn the_figures_of_now_come_first_and_then_only_what_changes() {
    let mut bench = bench();
    assert_eq!(bench.told(), Some(Decimal::from(100)));
    bench.clock.advance(Duration::from_secs(60));
    assert_eq!(bench.told(), None, "the same figures at another time are no news");
    *bench.cash.lock().unwrap() = Ok(90);
    bench.clock.advance(Duration::from_secs(4));
    assert_eq!(bench.told(), None, "the interval is not over");
    bench.clock.advance(Duration::from_secs(5));
    assert_eq!(bench.told(), Some(Decimal::from(90)));
}

#[test]
fn what_is_pushed_does_not_wait_and_other_accounts_are_left_out() {
    let mut bench = bench();
    assert_eq!(bench.told(), Some(Decimal::from(100)));
    let push = |name, cash| AccountEvent::Summary(summary(name, Timestamp::EPOCH, cash));
    bench.push.unbounded_send(push("DU2", 7)).unwrap();
    assert_eq!(bench.told(), None);
    bench.push.unbounded_send(push("DU1", 80)).unwrap();
    assert_eq!(bench.told(), Some(Decimal::from(80)));
}

#[test]
fn it_ends_after_an_error() {
    let mut bench = bench();
    assert_eq!(bench.told(), Some(Decimal::from(100)));
    *bench.cash.lock().unwrap() = Err(());
    assert!(bench.changes.next().now_or_never().is_none());
    bench.clock.advance(Duration::from_secs(5));
    assert!(matches!(bench.changes.next().now_or_never(), Some(Some(Err(_)))));
    assert!(matches!(bench.changes.next().now_or_never(), Some(None)));
}
