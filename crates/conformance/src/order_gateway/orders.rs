//! Promises of `submit`, `change` and `cancel`.

use super::Harness;
use super::stage::{Stage, is_final, statuses_of, traded};
use crate::fixtures::{self, decimal, quantity};
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{
    BrokerOrder, BrokerPhase, CancelError, ClearedOrder, OrderChange, OrderDraft, OrderGateway, Side,
    SubmitError, TimeInForce,
};

fn cleared(draft: OrderDraft) -> ClearedOrder {
    fixtures::cleared_order(draft.check().expect("a good intent"))
}

async fn never_traded<H: Harness>(stage: &mut Stage<H>, key: &OrderKey) {
    stage.harness.trade(key, 10).await;
    stage.hear_out().await;
    assert_eq!(traded(&stage.heard, key), Decimal::ZERO, "{key} traded: {:?}", stage.heard);
    assert_eq!(stage.executions_of(key).await, [], "{key} traded");
    assert!(!stage.is_open(key).await, "{key} is open");
}

/// Promise: an accepted order is among the open orders or has ended with an event.
pub async fn an_accepted_order_is_among_the_open_orders_or_has_ended_with_an_event<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let resting = stage.rest("resting").await;
    let marketable = stage.send(stage.draft("marketable", stage.harness.marketable(Side::Buy))).await;
    for key in [resting, marketable] {
        stage.hear_out().await;
        let ended = statuses_of(&stage.heard, &key).iter().any(|status| is_final(status.phase));
        let open = stage.is_open(&key).await;
        assert!(open || ended, "{key} was accepted, and is neither open nor ended: {:?}", stage.heard);
        assert!(!(open && ended), "{key} has ended, and is still open");
    }
}

/// Promise: a refused order never trades.
pub async fn a_refused_order_never_trades<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let draft = stage.harness.refusable(stage.draft("refused", stage.harness.resting(Side::Buy)));
    let key = draft.key.clone();
    let answer = stage.harness.gateway().submit(&cleared(draft)).await;
    stage.hear_out().await;
    let told = statuses_of(&stage.heard, &key).iter().any(|status| status.phase == BrokerPhase::Refused);
    let refused = matches!(answer, Err(SubmitError::Refused { .. })) || (answer.is_ok() && told);
    assert!(refused, "the broker refuses this order; the gateway says {answer:?}");
    never_traded(&mut stage, &key).await;
}

/// Promise: the same key twice is never two orders.
pub async fn the_same_key_twice_is_never_two_orders<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let draft = stage.draft("twice", stage.harness.resting(Side::Buy));
    let key = stage.send(draft.clone()).await;
    // Whatever the second answer says: it may name the order that stands, or refuse.
    drop(stage.harness.gateway().submit(&cleared(draft.clone())).await);
    stage.reconnect().await;
    drop(stage.harness.gateway().submit(&cleared(draft.clone())).await);
    stage.hear_out().await;
    let open = stage.open().await.into_iter().filter(|order| order.key.as_ref() == Some(&key)).count();
    assert_eq!(open, 1, "one key, {open} open orders");
    stage.harness.trade(&key, 10).await;
    stage.until_traded(&key, 10).await;
    stage.harness.trade(&key, 10).await;
    drop(stage.harness.gateway().submit(&cleared(draft)).await);
    stage.harness.trade(&key, 10).await;
    stage.hear_out().await;
    let units: Decimal = stage.executions_of(&key).await.iter().map(|one| one.quantity.as_decimal()).sum();
    assert_eq!(units, decimal("10"), "an order of 10 was sent again and again");
}

/// Promise: an order for an unknown instrument is `Refused`.
pub async fn an_order_for_an_unknown_instrument_is_refused<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let known = stage.draft("unknown", stage.harness.marketable(Side::Buy));
    let draft = OrderDraft { symbol: stage.harness.unknown_symbol(), ..known };
    let key = draft.key.clone();
    let answer = stage.harness.gateway().submit(&cleared(draft)).await;
    assert!(
        matches!(answer, Err(SubmitError::Refused { .. })),
        "nobody knows it, and the gateway says {answer:?}"
    );
    never_traded(&mut stage, &key).await;
}

/// Promise: without a link it is `NotSent`.
pub async fn without_a_link_it_is_not_sent<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    stage.harness.drop_link().await;
    let draft = stage.draft("unsent", stage.harness.resting(Side::Buy));
    let key = draft.key.clone();
    let answer = stage.harness.gateway().submit(&cleared(draft)).await;
    assert!(
        matches!(answer, Err(SubmitError::NotSent(_))),
        "there is no link, and the gateway says {answer:?}"
    );
    stage.back().await;
    never_traded(&mut stage, &key).await;
}

async fn as_open<H: Harness>(stage: &Stage<H>, key: &OrderKey) -> BrokerOrder {
    let found = stage.open().await.into_iter().find(|order| order.key.as_ref() == Some(key));
    found.expect("a live order of ours is among the open orders, with its key")
}

/// Promise: a refused change leaves the order as it was.
pub async fn a_refused_change_leaves_the_order_as_it_was<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let key = stage.rest("kept").await;
    stage.hear_out().await;
    let before = as_open(&stage, &key).await;
    let change = fixtures::cleared_change(&key, stage.harness.refusable_change());
    let answer = stage.harness.gateway().change(&change).await;
    assert!(
        matches!(answer, Err(SubmitError::Refused { .. })),
        "it is refused, and the gateway says {answer:?}"
    );
    stage.hear_out().await;
    assert_eq!(as_open(&stage, &key).await, before);
    stage.harness.trade(&key, 10).await;
    stage.until_traded(&key, 10).await;
}

/// Promise: an accepted change shows in the open orders.
pub async fn an_accepted_change_shows_in_the_open_orders<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let key = stage.rest("changed").await;
    stage.hear_out().await;
    let before = as_open(&stage, &key).await;
    let kind = stage.harness.resting_elsewhere(Side::Buy);
    assert_ne!(Some(kind), before.kind, "the harness gives another price");
    let change = OrderChange { quantity: Some(quantity("7")), kind: Some(kind), ..OrderChange::default() };
    let answer = stage.harness.gateway().change(&fixtures::cleared_change(&key, change)).await;
    answer.expect("a good change of a working order is accepted");
    stage.hear_out().await;
    let after = as_open(&stage, &key).await;
    assert_eq!((after.kind, after.size), (Some(kind), quantity("7").into()));
    assert_eq!((after.symbol, after.side, after.perm_id), (before.symbol, before.side, before.perm_id));
}

/// Promise: a changed time in force shows there as well.
pub async fn a_changed_time_in_force_shows_there_as_well<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let key = stage.rest("lasting").await;
    stage.hear_out().await;
    let before = as_open(&stage, &key).await;
    let other = match before.time_in_force {
        Some(TimeInForce::GoodTillCancelled) => TimeInForce::Day,
        _ => TimeInForce::GoodTillCancelled,
    };
    let change = OrderChange::default().with_time_in_force(other);
    let answer = stage.harness.gateway().change(&fixtures::cleared_change(&key, change)).await;
    answer.expect("a working order may stand for longer, or shorter");
    stage.hear_out().await;
    let after = as_open(&stage, &key).await;
    assert_eq!(after.time_in_force, Some(other));
    assert_eq!((after.kind, after.size, after.perm_id), (before.kind, before.size, before.perm_id));
}

/// Promise: a cancelled order leaves the open orders and never trades again.
pub async fn a_cancelled_order_leaves_the_open_orders_and_never_trades_again<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let untouched = stage.rest("untouched").await;
    let part = stage.rest("part").await;
    stage.harness.trade(&part, 4).await;
    stage.until_traded(&part, 4).await;
    for (key, units) in [(untouched, decimal("0")), (part, decimal("4"))] {
        stage.cancel(&key).await.expect("a live order is cancelled");
        stage.until_ended(&key).await;
        assert!(!stage.is_open(&key).await, "{key} was cancelled, and is still open");
        stage.harness.trade(&key, 6).await;
        stage.hear_out().await;
        assert_eq!(traded(&stage.heard, &key), units, "{key} traded after it was cancelled");
        let last = statuses_of(&stage.heard, &key).last().map(|status| status.phase);
        assert_eq!(last, Some(BrokerPhase::Cancelled), "of {key}");
    }
}

/// Promise: a live order is never answered with `NoSuchOrder`.
pub async fn a_live_order_is_never_answered_with_no_such_order<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let new = stage.rest("new").await;
    let part = stage.rest("part").await;
    stage.harness.trade(&part, 4).await;
    stage.until_traded(&part, 4).await;
    let old = stage.rest("old").await;
    // Without the broker's numbers: they may not be known yet.
    let by_key_alone = fixtures::cleared_cancel(&new, None, None);
    let answer = stage.harness.gateway().cancel(&by_key_alone).await;
    assert!(!matches!(answer, Err(CancelError::NoSuchOrder(_))), "a new order, by its key alone: {answer:?}");
    let answer = stage.cancel(&part).await;
    assert!(!matches!(answer, Err(CancelError::NoSuchOrder(_))), "an order filled in part: {answer:?}");
    stage.reconnect().await;
    let answer = stage.cancel(&old).await;
    assert!(!matches!(answer, Err(CancelError::NoSuchOrder(_))), "an order of an earlier epoch: {answer:?}");
}

/// Promise: cancelling an order that has ended is `NoSuchOrder`, and changes nothing.
pub async fn cancelling_an_order_that_has_ended_is_no_such_order_and_changes_nothing<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let (filled, cancelled) = (stage.rest("filled").await, stage.rest("cancelled").await);
    stage.harness.trade(&filled, 10).await;
    stage.cancel(&cancelled).await.expect("a live order is cancelled");
    let never = fixtures::key("never-sent");
    for key in [&filled, &cancelled] {
        stage.until_ended(key).await;
    }
    for key in [filled, cancelled, never] {
        let before = (stage.heard.clone(), stage.executions_of(&key).await);
        let answer = stage.cancel(&key).await;
        assert!(
            matches!(&answer, Err(CancelError::NoSuchOrder(found)) if *found == key),
            "{key} is not alive, and the gateway says {answer:?}"
        );
        stage.hear_out().await;
        assert_eq!((stage.heard.clone(), stage.executions_of(&key).await), before, "something changed");
    }
}
