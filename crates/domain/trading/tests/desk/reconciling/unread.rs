//! Rows that the broker tells and nobody can read: named, and no absence of anything.

use super::{causes, held, look, status, working};
use crate::support::{House, Script, buy, execution, key, unknown};
use futures::executor::block_on;
use tradeport_kernel::{OrderKey, UnreadRow};
use tradeport_orders::{BrokerNews, BrokerPhase, OrderState};
use tradeport_trading::reconciliation::{Cause, Patience};

fn unread(name: &str, key: Option<OrderKey>) -> UnreadRow {
    UnreadRow { name: name.to_owned(), key, reason: "Order.status is \"Dreaming\"".to_owned() }
}

#[test]
fn a_row_that_cannot_be_read_is_a_break_until_it_can_and_holds_nothing_back() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| script.unread = vec![unread("order 9", None)]);
        let reconciled = desk.reconcile(Some(Patience::NONE)).await.unwrap();
        assert_eq!(
            reconciled.open_questions,
            ["some of the open orders cannot be read: nothing else is taken for gone"]
        );
        let breaks = desk.breaks().await;
        let words = breaks.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(words.len(), 1);
        assert!(
            words[0].starts_with(
                "order 9 among the open orders cannot be read: Order.status is \"Dreaming\": look"
            ),
            "{words:?}"
        );
        assert!(desk.submit(buy("b", 1)).await.unwrap().refusal.is_none(), "other orders go on");
        house.broker.script(|script| script.unread = vec![unread("order 10", None)]);
        assert_eq!(look(&desk).await, [Cause::Unread]);
        assert!(desk.breaks().await[0].to_string().contains("order 10"), "that one can be read by now");
        house.broker.script(|script| script.unread.clear());
        assert_eq!(look(&desk).await, [Cause::GoneThere], "of what was sent meanwhile nothing is shown");
    });
}

#[test]
fn beside_a_row_that_cannot_be_read_nothing_is_taken_for_gone() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.script(|script| {
            script.open.clear();
            script.unread = vec![unread("order 7", Some(key("a")))];
        });
        assert_eq!(look(&desk).await, [Cause::Unread], "it is there, and nobody can say how");
        assert_eq!(desk.breaks().await[0].ours(), "order a, working");
        // After a restart, too.
        drop(desk);
        let desk = house.desk().await;
        assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::Working);
        assert_eq!(causes(&desk).await, [Cause::Unread]);
    });
}

#[test]
fn an_order_in_doubt_is_not_proven_absent_by_a_list_that_could_not_be_read() {
    type List = fn(&mut Script) -> &mut Vec<UnreadRow>;
    let lists: [List; 3] = [|it| &mut it.unread, |it| &mut it.unread_ended, |it| &mut it.unread_executions];
    for list in lists {
        block_on(async {
            let house = House::new();
            let desk = house.desk().await;
            house.broker.script(|script| script.answers.push_back(Err(unknown())));
            desk.submit(buy("a", 10)).await.unwrap();
            drop(desk);
            house.broker.script(|script| list(script).push(unread("row 9", None)));
            let desk = house.desk().await;
            assert_eq!(
                desk.order(&key("a")).await.unwrap().state(),
                OrderState::Unknown,
                "it may be that one"
            );
            assert_eq!(causes(&desk).await, [Cause::Unread]);
            drop(desk);
            house.broker.script(|script| list(script).clear());
            let desk = house.desk().await;
            assert_eq!(desk.order(&key("a")).await.unwrap().state(), OrderState::NotSent, "now it is proven");
            assert_eq!(causes(&desk).await, []);
        });
    }
}

/// What could not be read may be the execution that is missing: the break of it stands until the whole list has none.
#[test]
fn a_missing_execution_is_not_settled_by_a_list_that_could_not_be_read() {
    block_on(async {
        let (house, desk) = working().await;
        house.broker.say(Some("a"), BrokerNews::Status(status(BrokerPhase::Working, 7, 4)));
        desk.pump().await.unwrap();
        house.broker.script(|script| script.open[0].status.filled = 4.into());
        assert_eq!(look(&desk).await, [Cause::ExecutionMissing]);
        house.broker.script(|script| script.unread_executions.push(unread("execution 7", None)));
        assert_eq!(look(&desk).await, [Cause::ExecutionMissing, Cause::Unread]);
        house.broker.script(|script| {
            script.unread_executions.clear();
            (script.executions, script.positions) = (vec![execution("x", Some("a"), 4)], vec![held(4)]);
        });
        assert_eq!(look(&desk).await, []);
    });
}
