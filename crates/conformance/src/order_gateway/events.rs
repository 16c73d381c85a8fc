//! Promises of `events`.

use super::Harness;
use super::stage::{Stage, executions_in, is_final, of, statuses_of, traded};
use tradeport_kernel::{Decimal, OrderKey, Timestamp};
use tradeport_orders::{BrokerNews, BrokerPhase, ExecutionId, OrderGateway, Side};

/// An order filled in parts of 3, 1 and 6, heard to its end.
async fn filled_in_parts<H: Harness>(stage: &mut Stage<H>, name: &str) -> OrderKey {
    let key = stage.rest(name).await;
    for units in [3, 1, 6] {
        stage.harness.settle().await;
        stage.harness.trade(&key, units).await;
    }
    stage.until_ended(&key).await;
    key
}

/// Promise: every execution is reported.
pub async fn every_execution_is_reported<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let unread = stage.harness.gateway().events().await.expect("a linked gateway tells events");
    let parts = filled_in_parts(&mut stage, "parts").await;
    let marketable = stage.send(stage.draft("marketable", stage.harness.marketable(Side::Buy))).await;
    stage.until_traded(&marketable, 10).await;
    for key in [&parts, &marketable] {
        assert_eq!(traded(&stage.heard, key), Decimal::TEN, "all of {key} was reported");
    }
    let reported: Vec<ExecutionId> =
        executions_in(&stage.heard, &parts).into_iter().map(|execution| execution.id.clone()).collect();
    let mut late = unread;
    let caught_up = crate::hearing::drain(&mut late).items;
    let late: Vec<ExecutionId> =
        executions_in(&caught_up, &parts).into_iter().map(|execution| execution.id.clone()).collect();
    assert_eq!(late, reported, "a slow reader is told of every execution too");
}

/// Promise: events of one order arrive in the order in which the broker made them.
pub async fn events_of_one_order_arrive_in_the_order_in_which_the_broker_made_them<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let key = filled_in_parts(&mut stage, "parts").await;
    let moments: Vec<Timestamp> = of(&stage.heard, &key).map(|event| event.at).collect();
    assert!(moments.is_sorted(), "the broker's moments go back: {moments:?}");
    let parts: Vec<u32> = executions_in(&stage.heard, &key)
        .into_iter()
        .map(|execution| u32::try_from(execution.quantity.as_decimal()).unwrap_or(0))
        .collect();
    let mut sums = parts.iter().scan(0, |sum, units| {
        *sum += units;
        Some(*sum)
    });
    assert!(
        [3, 4, 10].iter().all(|wanted| sums.any(|sum| sum == *wanted)),
        "traded 3, 1, 6; heard {parts:?}"
    );
    let statuses = statuses_of(&stage.heard, &key);
    assert!(statuses.is_sorted_by_key(|status| status.filled), "what has traded shrinks: {statuses:?}");
    let ended = statuses.iter().position(|status| is_final(status.phase)).expect("it was heard to its end");
    assert!(
        statuses[ended..].iter().all(|status| is_final(status.phase)),
        "an order that had ended came alive: {statuses:?}"
    );
}

/// Promise: each execution's commission is reported after it.
pub async fn each_executions_commission_is_reported_after_it<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let key = filled_in_parts(&mut stage, "parts").await;
    let heard = &stage.heard;
    let place_of_execution = |id: &ExecutionId| {
        heard.iter().position(|event| matches!(&event.news, BrokerNews::Executed(one) if one.id == *id))
    };
    let place_of_commission = |id: &ExecutionId| {
        heard.iter().position(|event| matches!(&event.news, BrokerNews::Charged(one) if one.execution == *id))
    };
    let mut charged = executions_in(heard, &key);
    charged.retain(|execution| execution.part.moves_position());
    for execution in charged {
        let (executed, charged) = (place_of_execution(&execution.id), place_of_commission(&execution.id));
        assert!(charged.is_some(), "the commission of {} was never reported", execution.id);
        assert!(charged > executed, "the commission of {} came before it", execution.id);
    }
}

/// Promise: the executions of an order add up to what its status says.
pub async fn the_executions_of_an_order_add_up_to_what_its_status_says<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let filled = filled_in_parts(&mut stage, "filled").await;
    let cancelled = stage.rest("cancelled").await;
    stage.harness.trade(&cancelled, 4).await;
    stage.until_traded(&cancelled, 4).await;
    stage.cancel(&cancelled).await.expect("a live order is cancelled");
    stage.until_ended(&cancelled).await;
    for (key, phase) in [(filled, BrokerPhase::Filled), (cancelled, BrokerPhase::Cancelled)] {
        let last = statuses_of(&stage.heard, &key).into_iter().next_back().expect("it was heard to its end");
        assert_eq!(last.phase, phase, "of {key}");
        let sum = traded(&stage.heard, &key);
        assert_eq!(sum, last.filled, "executions of {key} add up to {sum}, its status says {}", last.filled);
    }
}
