//! The promises of [`BreakStore`].

use crate::fixtures;
use crate::same::assert_same;
use std::future::Future;
use tradeport_trading::BreakStore;
use tradeport_trading::reconciliation::Break;

/// What a team supplies to test its store.
pub trait Harness: Sized {
    /// The store under test.
    type Store: BreakStore + ?Sized;

    /// An empty store, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The store.
    fn store(&self) -> &Self::Store;
    /// The same store, as after a restart.
    fn reopen(self) -> impl Future<Output = Self>;
    /// Lever: what is kept cannot be read any more, as after a disk that lost its mind.
    fn garble(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    break_store, break_store_conformance:
    what_is_kept_survives_reopening [] = "what is kept survives reopening",
    of_several_calls_the_last_one_counts [] = "of several calls the last one counts",
    breaks_come_back_exactly_as_they_were_given_in_their_order [] =
        "breaks come back exactly as they were given, in their order",
    nothing_kept_is_empty_not_an_error [] = "nothing kept is empty, not an error",
    what_cannot_be_read_is_an_error_never_an_empty_answer [] =
        "what cannot be read is an error, never an empty answer",
}

async fn keep<H: Harness>(harness: &H, breaks: &[Break]) {
    harness.store().keep(breaks).await.expect("a store with room keeps breaks");
}

async fn kept<H: Harness>(harness: &H) -> Vec<Break> {
    harness.store().kept().await.expect("a store reads what it keeps")
}

/// Promise: what is kept survives reopening.
pub async fn what_is_kept_survives_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = &fixtures::breaks()[..2];
    keep(&harness, wanted).await;
    for _ in 0..2 {
        harness = harness.reopen().await;
        assert_same(&kept(&harness).await, wanted, "breaks after reopening");
    }
}

/// Promise: of several calls the last one counts.
pub async fn of_several_calls_the_last_one_counts<H: Harness>() {
    let mut harness = H::fresh().await;
    let all = fixtures::breaks();
    for wanted in [&all[..], &all[..1], &all[1..3], &[], &all[2..]] {
        keep(&harness, wanted).await;
        assert_same(&kept(&harness).await, wanted, "breaks");
        harness = harness.reopen().await;
        assert_same(&kept(&harness).await, wanted, "breaks after reopening");
    }
}

/// Promise: breaks come back exactly as they were given, in their order.
pub async fn breaks_come_back_exactly_as_they_were_given_in_their_order<H: Harness>() {
    let harness = H::fresh().await;
    let mut wanted = fixtures::breaks();
    for _ in 0..2 {
        wanted.reverse();
        keep(&harness, &wanted).await;
        assert_same(&kept(&harness).await, &wanted, "breaks");
    }
}

/// Promise: nothing kept is empty, not an error.
pub async fn nothing_kept_is_empty_not_an_error<H: Harness>() {
    let mut harness = H::fresh().await;
    for _ in 0..2 {
        assert_same(&kept(&harness).await, &[], "breaks of a fresh store");
        harness = harness.reopen().await;
    }
}

/// Promise: what cannot be read is an error, never an empty answer.
pub async fn what_cannot_be_read_is_an_error_never_an_empty_answer<H: Harness>() {
    let harness = H::fresh().await;
    keep(&harness, &fixtures::breaks()).await;
    harness.garble().await;
    let answer = harness.store().kept().await;
    assert!(answer.is_err(), "nobody can say what was kept, and it says {answer:?}");
}
