//! Promises of `submit` and of `open_orders` about orders that belong together.

use super::Harness;
use super::stage::{Stage, traded};
use crate::fixtures::{self, quantity};
use tradeport_kernel::{Decimal, OrderKey};
use tradeport_orders::{BrokerOrder, OcaEffect, OcaGroup, OrderChange, OrderDraft, OrderGateway, Side};

/// A member of a family: the parent would trade at once, and its children take back what it brought in.
fn member<H: Harness>(stage: &Stage<H>, name: &str, parent: Option<&OrderKey>) -> OrderDraft {
    let Some(parent) = parent else { return stage.draft(name, stage.harness.marketable(Side::Buy)) };
    let sleeps = stage.harness.resting(Side::Sell);
    OrderDraft { side: Side::Sell, parent: Some(parent.clone()), ..stage.draft(name, sleeps) }
}

/// Sends a member that is held back, and that is taken.
async fn hold<H: Harness>(stage: &Stage<H>, name: &str, parent: Option<&OrderKey>) -> OrderKey {
    let draft = member(stage, name, parent);
    let key = draft.key.clone();
    let order = fixtures::held_order(draft.check().expect("a good intent"));
    let answer = stage.harness.gateway().submit(&order).await;
    answer.expect("a linked gateway takes a good order that waits for its family");
    key
}

async fn has_not_traded<H: Harness>(stage: &mut Stage<H>, key: &OrderKey) {
    stage.harness.trade(key, 10).await;
    stage.hear_out().await;
    assert_eq!(traded(&stage.heard, key), Decimal::ZERO, "{key} traded: {:?}", stage.heard);
    assert_eq!(stage.executions_of(key).await, [], "{key} traded");
}

/// Promise: an order that is held back does not trade before the last of its family is taken.
pub async fn an_order_that_is_held_back_does_not_trade_before_the_last_of_its_family_is_taken<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let parent = hold(&stage, "parent", None).await;
    has_not_traded(&mut stage, &parent).await;
    let first = hold(&stage, "first", Some(&parent)).await;
    for key in [&parent, &first] {
        has_not_traded(&mut stage, key).await;
        assert!(stage.is_open(key).await, "{key} was taken, and is not among the open orders");
    }
    let last = stage.send(member(&stage, "last", Some(&parent))).await;
    stage.until_traded(&parent, 10).await;
    for key in [&first, &last] {
        assert!(stage.is_open(key).await, "its parent has traded, and {key} is not there: {:?}", stage.heard);
    }
    stage.harness.trade(&first, 10).await;
    stage.until_traded(&first, 10).await;
}

/// Promise: a family whose last order never comes never trades, and can be cancelled.
pub async fn a_family_whose_last_order_never_comes_never_trades_and_can_be_cancelled<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let parent = hold(&stage, "parent", None).await;
    let first = hold(&stage, "first", Some(&parent)).await;
    stage.reconnect().await;
    for key in [&parent, &first] {
        has_not_traded(&mut stage, key).await;
    }
    // A broker may let go of what nobody finished; what it still holds, it lets be cancelled.
    if stage.is_open(&parent).await {
        stage.cancel(&parent).await.expect("an order that is held back is cancelled");
        stage.until_ended(&parent).await;
    }
    for key in [&parent, &first] {
        has_not_traded(&mut stage, key).await;
        assert!(!stage.is_open(key).await, "{key} is open");
    }
}

fn row_of<'a>(rows: &'a [BrokerOrder], key: &OrderKey) -> &'a BrokerOrder {
    let found = rows.iter().find(|row| row.key.as_ref() == Some(key));
    found.expect("a live order of ours is among the open orders, with its key")
}

/// Promise: an open order names its parent and its group.
pub async fn an_open_order_names_its_parent_and_its_group<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let resting = |name: &str| stage.draft(name, stage.harness.resting(Side::Buy));
    let group = |name: &str, effect| OcaGroup::new(fixtures::key(name)).with_effect(effect);
    let by_itself = stage.rest("alone").await;
    let mut grouped = Vec::new();
    for effect in [OcaEffect::CancelWithBlock, OcaEffect::ReduceWithBlock, OcaEffect::ReduceWithoutBlock] {
        let group = group(&format!("group-{}", grouped.len()), effect);
        grouped.push((
            stage.send(resting(&format!("of-{}", group.name())).in_group(group.clone())).await,
            group,
        ));
    }
    let parent = resting("parent");
    let held = fixtures::held_order(parent.clone().check().expect("a good intent"));
    stage.harness.gateway().submit(&held).await.expect("a linked gateway takes a good order");
    let exits = group("exits", OcaEffect::ReduceWithBlock);
    let child = stage.send(member(&stage, "child", Some(&parent.key)).in_group(exits.clone())).await;
    stage.hear_out().await;
    for _ in 0..2 {
        let open = stage.open().await;
        for key in [&by_itself, &parent.key] {
            assert_eq!((row_of(&open, key).parent, &row_of(&open, key).group), (None, &None), "of {key}");
        }
        for (key, group) in &grouped {
            assert_eq!((row_of(&open, key).parent, row_of(&open, key).group.as_ref()), (None, Some(group)));
        }
        let number = row_of(&open, &parent.key).perm_id;
        assert!(number.is_some(), "the broker has numbered the parent: {open:?}");
        let child = row_of(&open, &child);
        assert_eq!((child.parent, child.group.as_ref()), (number, Some(&exits)));
        stage.reconnect().await;
    }
}

/// Promise: a change that names no quantity leaves an order as large as its group has made it.
pub async fn a_change_that_names_no_quantity_leaves_an_order_as_large_as_its_group_has_made_it<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let exits = OcaGroup::new(fixtures::key("exits")).with_effect(OcaEffect::ReduceWithBlock);
    let (near, far) = (stage.harness.resting(Side::Buy), stage.harness.resting_elsewhere(Side::Buy));
    let first = stage.send(stage.draft("first", near).in_group(exits.clone())).await;
    let second = stage.send(stage.draft("second", far).in_group(exits)).await;
    stage.hear_out().await;
    stage.harness.trade(&first, 4).await;
    stage.until_traded(&first, 4).await;
    assert_eq!(row_of(&stage.open().await, &second).size, quantity("6").into(), "the group makes it smaller");
    for (kind, reconnects) in [(near, true), (far, false)] {
        let change = fixtures::cleared_change(&second, OrderChange::to_kind(kind));
        let answer = stage.harness.gateway().change(&change).await;
        answer.expect("a good change of a working order is accepted");
        stage.hear_out().await;
        let open = stage.open().await;
        let row = row_of(&open, &second);
        assert_eq!((row.kind, row.size), (Some(kind), quantity("6").into()), "it grew back");
        if reconnects {
            stage.reconnect().await;
        }
    }
    assert_eq!(traded(&stage.heard, &second), Decimal::ZERO);
}
