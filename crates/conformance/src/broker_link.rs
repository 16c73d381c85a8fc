//! The promises of [`BrokerLink`].

use crate::hearing::hear_until;
use futures::FutureExt;
use std::future::Future;
use std::time::Duration;
use tradeport_connection::{BrokerLink, LinkError, LinkEvent, LinkEvents, LinkState};
use tradeport_kernel::{ConnectionEpoch, Timestamp};

/// What a team supplies to test its link: one to a broker that answers, not connected yet.
pub trait Harness: Sized {
    /// The link under test.
    type Link: BrokerLink + ?Sized;

    /// A link that is down, to a broker that lets it in; isolated from every other.
    fn fresh() -> impl Future<Output = Self>;
    /// The link.
    fn link(&self) -> &Self::Link;
    /// What the broker's own clock says now.
    fn broker_time(&self) -> Timestamp;

    /// Lever: the link is lost, not by our wish; the broker lets it in again.
    fn drop_link(&self) -> impl Future<Output = ()>;
    /// Lets everything that is under way arrive: moves virtual time, or waits for a moment.
    fn settle(&self) -> impl Future<Output = ()>;
}

crate::cases::port_cases! { $
    broker_link, broker_link_conformance:
    each_connection_has_a_higher_epoch_than_all_before [] =
        "each connection has a higher epoch than all before",
    connecting_while_connected_returns_the_epoch_that_stands [] =
        "connecting while connected returns the epoch that stands",
    disconnecting_ends_the_epoch_with_a_lost_event [] = "disconnecting ends the epoch with a `Lost` event",
    disconnecting_twice_is_no_error [] = "disconnecting twice is no error",
    a_live_link_answers_with_the_brokers_time [] = "a live link answers with the broker's time",
    without_a_link_it_is_down_at_once [] = "without a link it is `Down`, at once",
    the_state_agrees_with_the_last_event [] = "the state agrees with the last event",
    a_new_epoch_is_told_by_established_its_end_by_lost_in_this_order [] =
        "a new epoch is told by `Established`, its end by `Lost`, in this order",
}

/// A link that is heard from the beginning.
struct Stage<H> {
    harness: H,
    events: LinkEvents,
    heard: Vec<LinkEvent>,
}

/// A beginning or an end of an epoch; notices are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Turn {
    Up(ConnectionEpoch),
    Down(ConnectionEpoch),
}

impl<H: Harness> Stage<H> {
    async fn set() -> Self {
        let harness = H::fresh().await;
        let events = harness.link().events().await.expect("a link tells its events, connected or not");
        Self { harness, events, heard: Vec::new() }
    }

    async fn connect(&self) -> ConnectionEpoch {
        self.harness.link().connect().await.expect("the broker lets us in")
    }

    async fn disconnect(&self) {
        self.harness.link().disconnect().await.expect("a link can be given up");
    }

    /// Everything told so far, in order, once `count` turns were heard or nothing more comes.
    async fn turns(&mut self, count: usize) -> Vec<Turn> {
        let before = turns(&self.heard).len();
        let enough = |new: &[LinkEvent]| before + turns(new).len() >= count;
        let new = hear_until(&mut self.events, async || self.harness.settle().await, enough).await;
        self.heard.extend(new.items);
        turns(&self.heard)
    }
}

fn turns(events: &[LinkEvent]) -> Vec<Turn> {
    let turn = |event: &LinkEvent| match event {
        LinkEvent::Established { epoch, .. } => Some(Turn::Up(*epoch)),
        LinkEvent::Lost { epoch, .. } => Some(Turn::Down(*epoch)),
        LinkEvent::Noticed { .. } => None,
    };
    events.iter().filter_map(turn).collect()
}

/// Promise: each connection has a higher epoch than all before.
pub async fn each_connection_has_a_higher_epoch_than_all_before<H: Harness>() {
    let stage = Stage::<H>::set().await;
    let mut epochs = Vec::new();
    for round in 0..6 {
        epochs.push(stage.connect().await);
        if round % 2 == 0 {
            stage.disconnect().await;
        } else {
            stage.harness.drop_link().await;
        }
        stage.harness.settle().await;
    }
    assert!(epochs.is_sorted_by(|a, b| a < b), "epochs must grow: {epochs:?}");
}

/// Promise: connecting while connected returns the epoch that stands.
pub async fn connecting_while_connected_returns_the_epoch_that_stands<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let epoch = stage.connect().await;
    assert_eq!(stage.connect().await, epoch);
    stage.harness.settle().await;
    assert_eq!(stage.connect().await, epoch);
    assert_eq!(stage.turns(2).await, [Turn::Up(epoch)], "no new epoch began");
}

/// Promise: disconnecting ends the epoch with a `Lost` event.
pub async fn disconnecting_ends_the_epoch_with_a_lost_event<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let epoch = stage.connect().await;
    stage.disconnect().await;
    assert_eq!(stage.turns(2).await.last(), Some(&Turn::Down(epoch)));
    assert_eq!(stage.harness.link().state(), LinkState::Down);
}

/// Promise: disconnecting twice is no error.
pub async fn disconnecting_twice_is_no_error<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    stage.disconnect().await;
    let epoch = stage.connect().await;
    stage.disconnect().await;
    stage.disconnect().await;
    assert_eq!(stage.turns(3).await, [Turn::Up(epoch), Turn::Down(epoch)], "an epoch ends once");
}

/// Promise: a live link answers with the broker's time.
pub async fn a_live_link_answers_with_the_brokers_time<H: Harness>() {
    // Brokers tell whole seconds.
    const COARSE: Duration = Duration::from_secs(1);
    let stage = Stage::<H>::set().await;
    stage.connect().await;
    for _ in 0..3 {
        let before = stage.harness.broker_time();
        let told = stage.harness.link().probe(Duration::from_secs(5)).await.expect("a live link answers");
        let after = stage.harness.broker_time();
        let near = before.before(COARSE) <= told && told <= after.after(COARSE);
        assert!(near, "asked between {before} and {after}, told {told}");
        stage.harness.settle().await;
    }
}

/// Promise: without a link it is `Down`, at once.
pub async fn without_a_link_it_is_down_at_once<H: Harness>() {
    let stage = Stage::<H>::set().await;
    for round in 0..3 {
        let answer = stage.harness.link().probe(Duration::from_secs(3_600)).now_or_never();
        assert!(
            matches!(answer, Some(Err(LinkError::Down))),
            "there is no link, and a probe gives {answer:?}"
        );
        stage.connect().await;
        if round == 0 {
            stage.disconnect().await;
        } else {
            stage.harness.drop_link().await;
        }
        stage.harness.settle().await;
    }
}

/// Promise: the state agrees with the last event.
pub async fn the_state_agrees_with_the_last_event<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    assert_eq!(stage.harness.link().state(), LinkState::Down, "before any event");
    let mut count = 0;
    for lost in [false, true, true, false] {
        let epoch = stage.connect().await;
        count += 1;
        assert_eq!(stage.turns(count).await.last(), Some(&Turn::Up(epoch)));
        assert_eq!(stage.harness.link().state(), LinkState::Up { epoch });
        if lost {
            stage.harness.drop_link().await;
        } else {
            stage.disconnect().await;
        }
        count += 1;
        assert_eq!(stage.turns(count).await.last(), Some(&Turn::Down(epoch)));
        assert_eq!(stage.harness.link().state(), LinkState::Down);
    }
}

/// Promise: a new epoch is told by `Established`, its end by `Lost`, in this order.
pub async fn a_new_epoch_is_told_by_established_its_end_by_lost_in_this_order<H: Harness>() {
    let mut stage = Stage::<H>::set().await;
    let first = stage.connect().await;
    stage.harness.drop_link().await;
    stage.harness.settle().await;
    let second = stage.connect().await;
    stage.disconnect().await;
    let wanted = [Turn::Up(first), Turn::Down(first), Turn::Up(second), Turn::Down(second)];
    assert_eq!(stage.turns(4).await, wanted);
}
