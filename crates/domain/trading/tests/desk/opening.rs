//! What a desk makes of the broker's lists when it opens.

use crate::support::{House, buy, execution, held_by_broker, key};
use futures::executor::block_on;
use tradeport_kernel::Timestamp;
use tradeport_orders::{BrokerPhase, CancelTag, Execution, OrderInput, OrderState};

#[test]
fn what_traded_since_the_oldest_live_order_is_asked_for_however_long_ago() {
    block_on(async {
        let house = House::new();
        house.desk().await.submit(buy("a", 10)).await.unwrap();
        house.clock.advance_to(Timestamp::from_seconds(5 * 86_400));
        let on_the_second_day = Timestamp::from_seconds(2 * 86_400);
        let bought = Execution { at: on_the_second_day, ..execution("x", Some("a"), 10) };
        house.broker.script(|script| script.executions = vec![bought]);
        let order = house.desk().await.order(&key("a")).await.unwrap();
        assert_eq!((order.state(), order.filled()), (OrderState::Filled, 10.into()));
    });
}

/// Only a cancel that was asked for, and that the broker knows nothing of, never reached it.
#[test]
fn a_cancel_is_taken_for_lost_only_where_one_was_asked_for_and_the_broker_knows_of_none() {
    let cases = [
        (false, BrokerPhase::Working, OrderState::Working, 0),
        (true, BrokerPhase::CancelPending, OrderState::CancelPending, 0),
        (true, BrokerPhase::Working, OrderState::Working, 1),
    ];
    for (asked, phase, state, lost) in cases {
        block_on(async {
            let house = House::new();
            let desk = house.desk().await;
            desk.submit(buy("a", 10)).await.unwrap();
            if asked {
                desk.cancel(&key("a"), CancelTag::default()).await.unwrap();
            }
            drop(desk);
            house.broker.script(|script| script.open = vec![held_by_broker("a", phase)]);
            assert_eq!(house.desk().await.order(&key("a")).await.unwrap().state(), state);
            let inputs = house.inputs("a").await;
            let refused = inputs.iter().filter(|it| matches!(it, OrderInput::CancelRefused { .. })).count();
            assert_eq!(refused, lost, "asked for: {asked}, shown as {phase:?}");
        });
    }
}
