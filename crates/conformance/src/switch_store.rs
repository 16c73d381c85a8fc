//! The promises of [`SwitchStore`].

use crate::fixtures;
use crate::same::assert_same;
use std::future::Future;
use tradeport_risk::{Kill, NotResumed, Resume, ResumeError, Switch, SwitchStore};

/// What a team supplies to test its switch.
pub trait Harness: Sized {
    /// The switch under test.
    type Store: SwitchStore + ?Sized;

    /// A switch that nobody has touched, isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The switch.
    fn store(&self) -> &Self::Store;
    /// The same switch, as after a restart.
    fn reopen(self) -> impl Future<Output = Self>;
    /// Lever: what is kept of the switch cannot be read any more, as after a torn write.
    fn garble(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    switch_store, switch_store_conformance:
    a_fresh_switch_is_open [] = "a fresh switch is open",
    a_switch_that_cannot_be_read_is_killed [] = "a switch that cannot be read is killed",
    a_kill_survives_reopening [] = "a kill survives reopening",
    a_kill_comes_back_exactly_as_it_was_given [] = "a kill comes back exactly as it was given",
    of_several_kills_the_first_stands [] = "of several kills the first stands",
    a_switch_that_was_resumed_is_open_and_stays_so_after_reopening [] =
        "a switch that was resumed is open, and stays so after reopening",
    a_switch_that_is_open_is_not_resumed [] = "a switch that is open is not resumed",
    of_another_kill_than_the_one_that_stands_it_is_not_resumed [] =
        "of another kill than the one that stands it is not resumed",
    a_switch_that_cannot_be_read_can_be_resumed [] = "a switch that cannot be read can be resumed",
    the_last_resume_comes_back_exactly_as_it_was_given [] =
        "the last resume comes back exactly as it was given",
}

async fn kill<H: Harness>(harness: &H, wanted: &Kill) -> Kill {
    harness.store().kill(wanted).await.expect("a switch that can be kept is killed")
}

async fn resume<H: Harness>(harness: &H, wanted: &Resume) {
    harness.store().resume(wanted).await.expect("a kill that stands is resumed");
}

/// Promise: a fresh switch is open.
pub async fn a_fresh_switch_is_open<H: Harness>() {
    let mut harness = H::fresh().await;
    for _ in 0..2 {
        assert_eq!(harness.store().look().await, Switch::Open, "nobody has killed it");
        let last = harness.store().last_resume().await.expect("it is read");
        assert_eq!(last, None, "nobody has resumed it");
        harness = harness.reopen().await;
    }
}

/// Promise: a switch that cannot be read is killed.
pub async fn a_switch_that_cannot_be_read_is_killed<H: Harness>() {
    let mut harness = H::fresh().await;
    harness.garble().await;
    for _ in 0..2 {
        let seen = harness.store().look().await;
        assert!(seen.kill().is_some(), "nobody can say how it stands, and it says {seen:?}");
        harness = harness.reopen().await;
    }
    let wanted = &fixtures::kills()[0];
    kill(&harness, wanted).await;
    assert!(harness.store().look().await.kill().is_some(), "a kill opened it");
}

/// Promise: a kill survives reopening.
pub async fn a_kill_survives_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    let wanted = &fixtures::kills()[0];
    kill(&harness, wanted).await;
    for _ in 0..2 {
        harness = harness.reopen().await;
        assert!(harness.store().look().await.kill().is_some(), "it was killed, and is open after reopening");
    }
}

/// Promise: a kill comes back exactly as it was given.
pub async fn a_kill_comes_back_exactly_as_it_was_given<H: Harness>() {
    for wanted in fixtures::kills() {
        let harness = H::fresh().await;
        let stands = kill(&harness, &wanted).await;
        assert_same(&[stands], std::slice::from_ref(&wanted), "the kill that stands");
        let seen = harness.reopen().await.store().look().await;
        assert_same(&[seen], &[Switch::Killed(wanted)], "the switch");
    }
}

/// Promise: of several kills the first stands.
pub async fn of_several_kills_the_first_stands<H: Harness>() {
    let mut harness = H::fresh().await;
    let kills = fixtures::kills();
    for later in &kills {
        let stands = kill(&harness, later).await;
        assert_same(&[stands], &kills[..1], "the kill that stands");
        harness = harness.reopen().await;
    }
    assert_same(&[harness.store().look().await], &[Switch::Killed(kills[0].clone())], "the switch");
}

/// Promise: a switch that was resumed is open, and stays so after reopening.
pub async fn a_switch_that_was_resumed_is_open_and_stays_so_after_reopening<H: Harness>() {
    let mut harness = H::fresh().await;
    for wanted in fixtures::kills() {
        let stands = kill(&harness, &wanted).await;
        resume(&harness, &fixtures::resume_of(stands)).await;
        assert_eq!(harness.store().look().await, Switch::Open, "after a resume");
        harness = harness.reopen().await;
        assert_eq!(harness.store().look().await, Switch::Open, "after reopening");
    }
}

/// Promise: a switch that is open is not resumed.
pub async fn a_switch_that_is_open_is_not_resumed<H: Harness>() {
    let harness = H::fresh().await;
    let wanted = fixtures::resume_of(fixtures::kills().swap_remove(0));
    for _ in 0..2 {
        let answer = harness.store().resume(&wanted).await;
        assert!(matches!(answer, Err(ResumeError::NotResumed(NotResumed::Open))), "it is open: {answer:?}");
        kill(&harness, &wanted.kill).await;
        resume(&harness, &wanted).await;
    }
}

/// Promise: of another kill than the one that stands it is not resumed.
pub async fn of_another_kill_than_the_one_that_stands_it_is_not_resumed<H: Harness>() {
    let harness = H::fresh().await;
    let kills = fixtures::kills();
    kill(&harness, &kills[0]).await;
    for other in &kills[1..] {
        let answer = harness.store().resume(&fixtures::resume_of(other.clone())).await;
        let named = matches!(&answer, Err(ResumeError::NotResumed(NotResumed::AnotherKill(kill))) if *kill == kills[0]);
        assert!(named, "{} stands: {answer:?}", kills[0]);
        let seen = harness.store().look().await;
        assert_same(&[seen], &[Switch::Killed(kills[0].clone())], "the switch");
    }
    let last = harness.store().last_resume().await.expect("it is read");
    assert_eq!(last, None, "nobody has resumed it");
}

/// Promise: a switch that cannot be read can be resumed.
pub async fn a_switch_that_cannot_be_read_can_be_resumed<H: Harness>() {
    let harness = H::fresh().await;
    harness.garble().await;
    let seen = harness.store().look().await.kill().cloned().expect("what cannot be read is killed");
    resume(&harness, &fixtures::resume_of(seen)).await;
    assert_eq!(harness.reopen().await.store().look().await, Switch::Open);
}

/// Promise: the last resume comes back exactly as it was given.
pub async fn the_last_resume_comes_back_exactly_as_it_was_given<H: Harness>() {
    let mut harness = H::fresh().await;
    for wanted in fixtures::kills() {
        let wanted = fixtures::resume_of(kill(&harness, &wanted).await);
        resume(&harness, &wanted).await;
        harness = harness.reopen().await;
        let last = harness.store().last_resume().await.expect("it is read");
        assert_eq!(last.as_ref(), Some(&wanted), "the last resume");
    }
}
