//! Promises of `preview`.

use super::Harness;
use super::stage::{Stage, of};
use crate::fixtures;
use tradeport_orders::{OrderDraft, OrderGateway, OrderPreview, PreviewError, Side};

async fn preview<H: Harness>(stage: &Stage<H>, draft: OrderDraft) -> Result<OrderPreview, PreviewError> {
    let question = fixtures::cleared_preview(draft.check().expect("a good intent"));
    stage.harness.gateway().preview(&question).await
}

/// Promise: a preview never trades and leaves no order.
pub async fn a_preview_never_trades_and_leaves_no_order<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let kinds =
        [("resting", stage.harness.resting(Side::Buy)), ("marketable", stage.harness.marketable(Side::Buy))];
    for (name, kind) in kinds {
        let draft = stage.draft(name, kind);
        let key = draft.key.clone();
        let answer = preview(&stage, draft).await;
        assert!(answer.is_ok(), "a linked gateway previews a good order: {answer:?}");
        stage.harness.trade(&key, 10).await;
        stage.hear_out().await;
        assert_eq!(of(&stage.heard, &key).count(), 0, "{key} was only previewed: heard {:?}", stage.heard);
        assert_eq!(stage.executions_of(&key).await, [], "{key} was only previewed, and traded");
        assert!(!stage.is_open(&key).await, "{key} was only previewed, and is open");
    }
}

/// Promise: a preview of what would be refused is refused.
pub async fn a_preview_of_what_would_be_refused_is_refused<H: Harness>() {
    let stage = Stage::<H>::set().await;
    let draft = stage.harness.refusable(stage.draft("refused", stage.harness.resting(Side::Buy)));
    let answer = preview(&stage, draft).await;
    assert!(
        matches!(answer, Err(PreviewError::Refused { .. })),
        "the broker refuses this order; its preview says {answer:?}"
    );
}

/// Promise: a key that was previewed can still be ordered.
pub async fn a_key_that_was_previewed_can_still_be_ordered<H: Harness>() {
    let stage = Stage::<H>::set().await;
    for kind in [stage.harness.resting(Side::Buy), stage.harness.resting_elsewhere(Side::Buy)] {
        let answer = preview(&stage, stage.draft("asked", kind)).await;
        assert!(answer.is_ok(), "a linked gateway previews a good order: {answer:?}");
    }
    let draft = stage.draft("asked", stage.harness.resting(Side::Buy));
    let key = draft.key.clone();
    let order = fixtures::cleared_order(draft.check().expect("a good intent"));
    let answer = stage.harness.gateway().submit(&order).await;
    assert!(answer.is_ok(), "{key} was only previewed before; ordering it says {answer:?}");
    assert!(stage.is_open(&key).await, "{key} was taken, and is not open");
}

/// Promise: without a link a preview is `Unavailable`.
pub async fn without_a_link_a_preview_is_unavailable<H: Harness>() {
    let stage = Stage::<H>::set().await;
    stage.harness.drop_link().await;
    let answer = preview(&stage, stage.draft("offline", stage.harness.resting(Side::Buy))).await;
    assert!(matches!(answer, Err(PreviewError::Unavailable(_))), "without a link a preview says {answer:?}");
}
