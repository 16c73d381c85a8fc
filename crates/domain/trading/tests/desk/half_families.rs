//! What waits at the broker for the rest of its family: it is left as it is until that is there.

use crate::support::{EPOCH, House, buy, held_by_broker, key, limit, quantity, unknown};
use futures::executor::block_on;
use tradeport_orders::{
    Accepted, Bracket, BrokerPhase, CancelError, ChangeRefusal, OrderChange, OrderDraft, OrderIntent,
    OrderState, SubmitError,
};
use tradeport_trading::{ChangeOutcome, DeskError};

/// A bid for 10 at 99, with a target at 120 and a stop at 80: `a`, `a.target1`, `a.stop1`.
fn bracket() -> Vec<OrderIntent> {
    let entry = OrderDraft { kind: limit("99"), ..buy("a", 10).to_draft() };
    Bracket::around(entry).target("120".parse().unwrap()).stop("80".parse().unwrap()).build().unwrap()
}

/// A house whose broker takes the first two and answers so to the stop, and whose cancels do not leave.
fn answering(last: SubmitError) -> House {
    let house = House::new();
    house.broker.script(|script| {
        for number in 1..=2 {
            let broker_order_id = tradeport_kernel::BrokerOrderId::new(number);
            script.answers.push_back(Ok(Accepted { epoch: EPOCH, perm_id: None, broker_order_id }));
        }
        script.answers.push_back(Err(last));
        script.cancel_answers.push_back(Err(CancelError::NotSent("no link".into())));
    });
    house
}

/// What the broker holds of the bracket.
fn holds(house: &House, names: &[&str], phase: BrokerPhase) {
    let rows = names.iter().map(|name| held_by_broker(name, phase)).collect();
    house.broker.script(|script| script.open = rows);
}

/// A broker's program that is told such an order again lets go of it, and nothing protects what it brings in.
#[test]
fn scenario_ord_22_what_waits_for_the_rest_of_its_family_is_not_changed() {
    block_on(async {
        let house = answering(unknown());
        house.desk().await.submit_family(bracket()).await.unwrap();
        // The next process, whose broker does not tell everything: nobody knows whether the stop came there.
        house.broker.script(|script| script.executions_of_an_earlier_epoch = true);
        holds(&house, &["a", "a.target1"], BrokerPhase::Held);
        let desk = house.desk().await;
        assert_eq!(desk.order(&key("a.stop1")).await.unwrap().state(), OrderState::Unknown);
        let changes = [
            ("a", OrderChange::to_kind(limit("98"))),
            ("a", OrderChange::to_quantity(quantity(12))),
            ("a.target1", OrderChange::to_kind(limit("121"))),
        ];
        for (name, change) in &changes {
            let changed = desk.change(&key(name), change.clone()).await;
            let cause = match changed {
                Err(DeskError::Change { cause, .. }) => cause,
                other => panic!("{name}: {other:?}"),
            };
            assert_eq!(cause, ChangeRefusal::HeldBack, "{name}");
        }
        assert!(house.broker.script(|script| script.changes.is_empty()), "nothing has left");
        house.broker.script(|script| script.executions_of_an_earlier_epoch = false);
        holds(&house, &["a", "a.target1", "a.stop1"], BrokerPhase::Held);
        desk.resume().await.unwrap();
        for (name, change) in changes.into_iter().rev() {
            assert_eq!(desk.change(&key(name), change).await.unwrap().outcome, ChangeOutcome::Made, "{name}");
        }
    });
}
