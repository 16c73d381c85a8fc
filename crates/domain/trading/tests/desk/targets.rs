//! Targets beside one another and beside a new epoch: nothing is traded twice, and nothing by a position of before.

use crate::breaks::held;
use crate::support::*;
use futures::executor::block_on;
use futures::future::join;
use tradeport_kernel::OrderKey;
use tradeport_orders::{Order, OrderSize};
use tradeport_portfolio::{TargetPercent, TargetRules};
use tradeport_risk::{PolicyDraft, PreviewPolicy};
use tradeport_trading::{DeskError, OrderDesk};

/// Brings the one share to a tenth of 100 000, at 100.
async fn to_a_tenth(desk: &OrderDesk, name: OrderKey) -> Option<Order> {
    let tenth = TargetPercent::new("0.1".parse().unwrap()).unwrap();
    let placed = desk.target(name, &account(), apple(), tenth, &TargetRules::default()).await;
    placed.unwrap().map(|placed| placed.order)
}

/// Each is asked about before it is judged, which takes its time.
#[test]
fn of_two_targets_at_once_the_second_counts_what_the_first_has_placed() {
    block_on(async {
        let house = House::new();
        let half = "0.5".parse().unwrap();
        let limits = PolicyDraft {
            preview: PreviewPolicy::Always,
            max_position_share: half,
            ..PolicyDraft::default()
        };
        let desk = house.desk_under(limits).await;
        let (first, second) = join(to_a_tenth(&desk, key("t1")), to_a_tenth(&desk, key("t2"))).await;
        assert_eq!(first.unwrap().size(), OrderSize::Units(quantity(100)));
        assert_eq!(second, None);
        assert_eq!(sent(&house.broker), 1);
    });
}

/// One that nobody waits for any more holds up no other.
#[test]
fn a_target_that_was_given_up_holds_nothing_back() {
    block_on(async {
        let house = House::new();
        let limits = PolicyDraft { preview: PreviewPolicy::Always, ..PolicyDraft::default() };
        let desk = house.desk_under(limits).await;
        house.broker.script(|script| script.previews_hang = true);
        let mut first = Box::pin(to_a_tenth(&desk, key("t1")));
        assert!(futures::poll!(&mut first).is_pending());
        drop(first);
        house.broker.script(|script| script.previews_hang = false);
        assert!(to_a_tenth(&desk, key("t2")).await.is_some());
    });
}

#[test]
fn a_target_goes_by_what_the_new_epoch_proves() {
    block_on(async {
        let house = House::new();
        let desk = house.desk().await;
        house.broker.script(|script| script.open_hangs = true);
        let resumed = desk.clone();
        let mut resuming = Box::pin(async move { resumed.resume().await });
        assert!(futures::poll!(&mut resuming).is_pending(), "the broker has not answered");
        let mut target = Box::pin(to_a_tenth(&desk, key("t1")));
        assert!(futures::poll!(&mut target).is_pending());
        // Somebody has bought by hand while the link was away; the accounts are read again, since something trades meanwhile.
        house.broker.say(None, tradeport_orders::BrokerNews::Executed(execution("x", None, 60)));
        desk.pump().await.unwrap();
        house.broker.script(|script| {
            script.positions = vec![held(60)];
            script.executions = vec![execution("x", None, 60)];
            script.open_hangs = false;
        });
        let (resumed, target): (Result<(), DeskError>, _) = join(resuming, target).await;
        resumed.unwrap();
        let size = target.unwrap().size().quantity().unwrap().as_decimal();
        // Cash is as it was: a tenth of 106 000 is 106 shares.
        assert_eq!(size, 46.into());
    });
}
