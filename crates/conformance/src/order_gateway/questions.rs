//! Promises of `open_orders`, `completed_orders` and `executions`.

use super::Harness;
use super::stage::{Stage, executions_in, statuses_of};
use crate::fixtures::quantity;
use tradeport_kernel::{OrderKey, Snapshot, Timestamp};
use tradeport_orders::{BrokerOrder, Execution, GatewayError, OrderGateway, Side};

fn keys(orders: &[BrokerOrder]) -> Vec<OrderKey> {
    let mut keys: Vec<_> = orders.iter().filter_map(|order| order.key.clone()).collect();
    keys.sort();
    keys
}

/// Promise: the snapshot is whole or an error.
pub async fn the_snapshot_is_whole_or_an_error<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let wanted = [stage.rest("a").await, stage.rest("b").await, stage.rest("c").await];
    stage.hear_out().await;
    stage.harness.cut_next_answer().await;
    match stage.harness.gateway().open_orders().await {
        Ok(snapshot) => {
            assert_eq!(keys(snapshot.rows()), wanted, "an interrupted answer passes for a whole one")
        }
        Err(error) => assert!(
            matches!(error, GatewayError::EpochLost(_) | GatewayError::Unavailable(_)),
            "an interrupted answer is a matter of the link: {error}"
        ),
    }
    stage.reconnect().await;
    assert_eq!(keys(&stage.open().await), wanted, "after the link is back");
    stage.harness.drop_link().await;
    let answer = stage.harness.gateway().open_orders().await;
    assert!(answer.is_err(), "without a link nothing is known: {answer:?}");
}

/// Promise: it holds every live order of ours with its key.
pub async fn it_holds_every_live_order_of_ours_with_its_key<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let mut live = Vec::new();
    for name in ["a", "b", "c", "d"] {
        live.push(stage.rest(name).await);
    }
    stage.harness.trade(&live[1], 4).await;
    stage.until_traded(&live[1], 4).await;
    let dead = live.pop().expect("four were sent");
    stage.cancel(&dead).await.expect("a live order is cancelled");
    stage.until_ended(&dead).await;
    for _ in 0..2 {
        let open = stage.open().await;
        assert_eq!(keys(&open), live);
        for order in &open {
            let told = (&order.account, order.symbol, order.side, order.size, order.kind);
            let (account, kind) = (stage.harness.account(), stage.harness.resting(Side::Buy));
            assert_eq!(
                told,
                (&account, stage.harness.symbol(), Side::Buy, quantity("10").into(), Some(kind))
            );
        }
        stage.reconnect().await;
    }
}

/// The keys of what was read of a list and of what was not. Each row that was not has a name and a reason.
fn read_and_unread<T>(told: &Snapshot<T>, key_of: fn(&T) -> Option<&OrderKey>) -> [Vec<OrderKey>; 2] {
    for row in told.unread() {
        assert!(!row.name.is_empty() && !row.reason.is_empty(), "nobody finds it: {row:?}");
    }
    assert_eq!(told.proves_absence(), told.unread().is_empty());
    let sorted = |mut keys: Vec<OrderKey>| {
        keys.sort();
        keys
    };
    let unread = told.unread().iter().filter_map(|row| row.key.clone()).collect();
    [sorted(told.rows().iter().filter_map(key_of).cloned().collect()), sorted(unread)]
}

/// Promise: a row that cannot be read is named as unread, and hides no other. So it is with orders that have ended, and
/// with executions.
pub async fn a_row_that_cannot_be_read_is_named_as_unread_and_hides_no_other<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let (odd, plain) = (stage.rest("odd").await, stage.rest("plain").await);
    let (odd_end, plain_end) = (stage.rest("odd-end").await, stage.rest("plain-end").await);
    for (key, units) in [(&odd, 3), (&plain, 4), (&odd_end, 10), (&plain_end, 10)] {
        stage.harness.trade(key, units).await;
        stage.until_traded(key, units).await;
    }
    stage.hear_out().await;
    for key in [&odd, &odd_end] {
        stage.harness.make_unreadable(key).await;
    }
    for _ in 0..2 {
        let gateway = stage.harness.gateway();
        let open = gateway.open_orders().await.expect("one row hides no other");
        assert_eq!(read_and_unread(&open, |row| row.key.as_ref()), [[plain.clone()], [odd.clone()]]);
        let told = gateway.executions(Timestamp::EPOCH).await.expect("one row hides no other");
        let wanted = [[plain.clone(), plain_end.clone()], [odd.clone(), odd_end.clone()]];
        assert_eq!(read_and_unread(&told, |row| row.key.as_ref()), wanted);
        if H::CLAIMS.tells_completed_orders {
            let ended = gateway.completed_orders().await.expect("one row hides no other");
            let wanted = [[plain_end.clone()], [odd_end.clone()]];
            assert_eq!(read_and_unread(&ended, |row| row.key.as_ref()), wanted);
        }
        stage.hear_out().await;
    }
}

/// Promise: an order that ended shows up with its last status.
pub async fn an_order_that_ended_shows_up_with_its_last_status<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let (filled, cancelled) = (stage.rest("filled").await, stage.rest("cancelled").await);
    stage.harness.trade(&filled, 10).await;
    stage.harness.trade(&cancelled, 4).await;
    stage.until_traded(&cancelled, 4).await;
    stage.cancel(&cancelled).await.expect("a live order is cancelled");
    let live = stage.rest("live").await;
    for key in [&filled, &cancelled] {
        stage.until_ended(key).await;
    }
    let completed = stage.harness.gateway().completed_orders().await.expect("a linked gateway tells them");
    for key in [&filled, &cancelled] {
        let found: Vec<_> = completed.rows().iter().filter(|order| order.key.as_ref() == Some(key)).collect();
        let [order] = found[..] else {
            assert_eq!(found.len(), 1, "{key} has ended, and shows up so many times");
            continue;
        };
        let last = statuses_of(&stage.heard, key).into_iter().next_back().expect("it was heard to its end");
        assert_eq!((order.status.phase, order.status.filled), (last.phase, last.filled), "of {key}");
    }
    assert!(!keys(completed.rows()).contains(&live), "{live} is alive");
}

/// Two orders, one filled in parts; what was reported of them.
async fn some_executions<H: Harness>(stage: &mut Stage<H>) -> Vec<Execution> {
    let (parts, whole) = (stage.rest("parts").await, stage.rest("whole").await);
    for (key, units, sum) in [(&parts, 3, 3), (&whole, 10, 10), (&parts, 7, 10)] {
        stage.harness.trade(key, units).await;
        stage.until_traded(key, sum).await;
    }
    let mut reported: Vec<Execution> = [parts, whole]
        .iter()
        .flat_map(|key| executions_in(&stage.heard, key).into_iter().cloned().collect::<Vec<_>>())
        .collect();
    reported.sort_by(|a, b| a.id.cmp(&b.id));
    reported
}

async fn all_executions<H: Harness>(stage: &Stage<H>) -> Vec<Execution> {
    let mut found = stage.executions(Timestamp::EPOCH).await;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}

/// Promise: every execution that was reported is there, once.
pub async fn every_execution_that_was_reported_is_there_once<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let reported = some_executions(&mut stage).await;
    assert_eq!(all_executions(&stage).await, reported);
    assert!(reported.is_sorted_by(|a, b| a.id.root() != b.id.root()), "one execution was reported twice");
}

/// Promise: executions from before a reconnect are still there after it.
pub async fn executions_from_before_a_reconnect_are_still_there_after_it<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let reported = some_executions(&mut stage).await;
    for _ in 0..2 {
        stage.reconnect().await;
        assert_eq!(all_executions(&stage).await, reported);
    }
}

/// Promise: earlier ones than asked for do not come back.
pub async fn earlier_ones_than_asked_for_do_not_come_back<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let mut all = some_executions(&mut stage).await;
    all.sort_by_key(|execution| execution.at);
    let last = all.last().expect("three were made").at;
    assert!(all[0].at < last, "settling lets the broker's clock move on: {all:?}");
    let mut found = stage.executions(last).await;
    found.sort_by(|a, b| a.id.cmp(&b.id));
    all.retain(|execution| execution.at >= last);
    assert_eq!(found, all, "since {last}, that moment included");
    let none = stage.executions(last.after(std::time::Duration::from_secs(1))).await;
    assert_eq!(none, [], "nothing happened after that");
}
