//! What the desk makes of stores that fail together with everything else.

use crate::support::*;
use futures::executor::block_on;
use std::sync::Arc;
use tradeport_kernel::{Currency, Decimal, Money, SignedQuantity};
use tradeport_orders::{BrokerPhase, OrderState};
use tradeport_portfolio::Position;
use tradeport_trading::DeskPorts;
use tradeport_trading::reconciliation::Patience;

/// The journal takes two orders and the first one's sending, and no more: the process is killed while its disk stands
/// still, and the gateway is started anew meanwhile.
#[test]
fn scenario_db_16_a_slow_disk_a_killed_process_and_a_new_gateway_come_to_one_truth() {
    block_on(async {
        let house = House::new();
        let journal = Arc::new(journal_with_room(&house.journal, 3));
        let desk = House::desk_on(DeskPorts { journal, ..house.ports() }).await;
        desk.submit(buy("a", 10)).await.unwrap();
        assert!(desk.submit(buy("b", 10)).await.is_err(), "its outcome was not kept");
        assert!(desk.submit(buy("c", 10)).await.is_err(), "not even its intent was kept");
        drop(desk);
        let before = sent(&house.broker);
        let (quantity, nothing) = (SignedQuantity::new(Decimal::TEN).unwrap(), Money::zero(Currency::USD));
        house.broker.script(|script| {
            // The first one filled while nobody listened; the second one rests.
            script.open = vec![held_by_broker("b", BrokerPhase::Working)];
            script.executions = vec![execution("x", Some("a"), 10)];
            script.positions = vec![Position::reported(apple(), quantity, nothing, Decimal::ONE, nothing)];
        });
        let desk = house.desk().await;
        let state = async |name| desk.order(&key(name)).await.map(|order| order.state());
        assert_eq!(state("a").await, Some(OrderState::Filled));
        assert_eq!(state("b").await, Some(OrderState::Working));
        assert_eq!(state("c").await, None, "what was never kept was never sent");
        assert_eq!(sent(&house.broker), before, "nothing is sent again");
        let again = desk.submit(buy("b", 10)).await.unwrap();
        assert!(again.repeat && sent(&house.broker) == before, "one intent, one order");
        desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!(desk.breaks().await, [], "both sides say the same");
        // And a start after that comes to the same once more.
        drop(desk);
        let desk = house.desk().await;
        assert_eq!(desk.live_orders().await.len(), 1);
        assert_eq!(desk.order(&key("a")).await.unwrap().filled(), Decimal::TEN);
    });
}
