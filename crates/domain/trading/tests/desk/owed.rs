//! What the broker has counted of orders that have ended, and not told, where only some of the accounts are read again.

use crate::breaks::held;
use crate::money::ended_with;
use crate::support::{EPOCH, House, account, buy};
use futures::FutureExt;
use futures::executor::block_on;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tradeport_conformance::mocks::MockAccountFeed;
use tradeport_kernel::{AccountId, ConnectionEpoch, Snapshot, Timestamp};
use tradeport_orders::{OrderDraft, OrderIntent};
use tradeport_portfolio::AccountFeed;
use tradeport_risk::{PolicyDraft, RiskVerdict};
use tradeport_trading::{DeskPorts, DeskSettings, OrderDesk};

fn second() -> AccountId {
    "DU2".parse().unwrap()
}

fn of(account: &AccountId, name: &str, units: u32) -> OrderIntent {
    OrderDraft { account: account.clone(), ..buy(name, units).to_draft() }.check().unwrap()
}

/// How many more an account may buy of which no more than 50 may be held.
async fn room(desk: &OrderDesk, account: &AccountId) -> u32 {
    let mut room = 0;
    for units in (5..=50).step_by(5) {
        let verdict = desk.preview(of(account, "look", units)).await.unwrap().verdict;
        if let RiskVerdict::Approved { .. } = verdict {
            room = units;
        }
    }
    room
}

/// Two accounts that hold what the broker was told to say. While it is late, what the second one holds is of an earlier epoch.
fn two_accounts(house: &House, is_late: &Arc<AtomicBool>) -> MockAccountFeed {
    let mut feed = MockAccountFeed::new();
    feed.expect_accounts().returning(|| Ok(vec![account(), second()]));
    let broker = house.broker.clone();
    feed.expect_summary()
        .returning(move |account| AccountFeed::summary(&*broker, account).now_or_never().unwrap());
    let (broker, is_late) = (house.broker.clone(), Arc::clone(is_late));
    feed.expect_positions().returning(move |account| {
        let is_late = *account == second() && is_late.load(Ordering::Relaxed);
        let epoch = if is_late { ConnectionEpoch::new(0) } else { EPOCH };
        let rows = broker.script(|script| script.positions.clone());
        Ok(Snapshot::complete(epoch, Timestamp::EPOCH, rows))
    });
    feed
}

#[test]
fn what_is_counted_for_one_account_stays_when_another_one_alone_is_read_again() {
    block_on(async {
        let (house, is_late) = (House::new(), Arc::default());
        let ports = DeskPorts { accounts: Arc::new(two_accounts(&house, &is_late)), ..house.ports() };
        let limits = PolicyDraft { max_position_quantity: Some(50.into()), ..PolicyDraft::default() };
        let settings = DeskSettings { policy: limits.check().unwrap(), ..DeskSettings::default() };
        let desk = OrderDesk::open(ports, settings, house.bus.clone()).await.unwrap();
        house.quote(&desk);
        for (account, name) in [(account(), "a"), (second(), "b")] {
            desk.submit(of(&account, name, 40)).await.unwrap();
            house.broker.say(Some(name), ended_with(30));
        }
        desk.pump().await.unwrap();
        let rooms = async || (room(&desk, &account()).await, room(&desk, &second()).await);
        assert_eq!(rooms().await, (20, 20));
        // Both hold it by now, and of the second one that is not told yet.
        house.broker.script(|script| script.positions = vec![held(30)]);
        is_late.store(true, Ordering::Relaxed);
        desk.resume().await.unwrap();
        assert_eq!(rooms().await, (20, 20));
        is_late.store(false, Ordering::Relaxed);
        desk.resume().await.unwrap();
        assert_eq!(rooms().await, (20, 20));
    });
}
