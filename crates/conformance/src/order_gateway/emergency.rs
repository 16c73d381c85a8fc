//! Promises of `cancel_everything`.

use super::Harness;
use super::stage::{Stage, traded};
use crate::fixtures::decimal;
use tradeport_orders::{CancelError, OrderGateway};

/// Promise: every open order leaves the open orders and never trades again.
pub async fn every_open_order_leaves_the_open_orders_and_never_trades_again<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let old = stage.rest("old").await;
    stage.reconnect().await;
    let (part, new) = (stage.rest("part").await, stage.rest("new").await);
    stage.harness.trade(&part, 4).await;
    stage.until_traded(&part, 4).await;
    stage.harness.gateway().cancel_everything().await.expect("a linked gateway passes it on");
    for key in [&part, &new] {
        stage.until_ended(key).await;
    }
    let open = stage.open().await;
    assert!(open.is_empty(), "everything was cancelled, and these are open: {open:?}");
    for (key, units) in [(old, decimal("0")), (part, decimal("4")), (new, decimal("0"))] {
        stage.harness.trade(&key, 6).await;
        stage.hear_out().await;
        assert_eq!(traded(&stage.heard, &key), units, "{key} traded after everything was cancelled");
    }
}

/// Promise: with nothing open it is no error.
pub async fn with_nothing_open_it_is_no_error<H: Harness>() {
    let stage = Stage::<H>::set().await;
    for _ in 0..2 {
        let answer = stage.harness.gateway().cancel_everything().await;
        assert!(answer.is_ok(), "there is nothing to cancel, and the gateway says {answer:?}");
    }
}

/// Promise: without a link cancelling everything is `NotSent`.
pub async fn without_a_link_cancelling_everything_is_not_sent<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let key = stage.rest("resting").await;
    stage.harness.drop_link().await;
    let answer = stage.harness.gateway().cancel_everything().await;
    assert!(matches!(answer, Err(CancelError::NotSent(_))), "without a link: {answer:?}");
    stage.back().await;
    stage.hear_out().await;
    assert!(stage.is_open(&key).await, "{key} was cancelled by what was never sent");
}
