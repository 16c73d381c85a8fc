//! The promises of [`Notifier`].

use crate::fixtures;
use crate::same::assert_same;
use std::future::Future;
use tradeport_trading::{Alarm, Notifier};

/// What a team supplies to test its notifier.
pub trait Harness: Sized {
    /// The notifier under test.
    type Notifier: Notifier + ?Sized;

    /// A notifier that has passed nothing on yet.
    fn fresh() -> impl Future<Output = Self>;
    /// The notifier.
    fn notifier(&self) -> &Self::Notifier;
    /// What has reached the person, first to last, once everything that is under way has arrived.
    fn delivered(&self) -> impl Future<Output = Vec<Alarm>>;
}

crate::cases::port_cases! { $
    notifier, notifier_conformance:
    an_alarm_that_was_accepted_is_delivered_in_order_with_its_text_as_it_was_given [] =
        "an alarm that was accepted is delivered, in order, with its text as it was given",
}

/// Promise: an alarm that was accepted is delivered, in order, with its text as it was given.
pub async fn an_alarm_that_was_accepted_is_delivered_in_order_with_its_text_as_it_was_given<H: Harness>() {
    let harness = H::fresh().await;
    let mut accepted = Vec::new();
    for alarm in fixtures::alarms() {
        if harness.notifier().notify(&alarm).await.is_ok() {
            accepted.push(alarm);
        }
    }
    assert!(!accepted.is_empty(), "a way that is open accepts alarms");
    assert_same(&harness.delivered().await, &accepted, "alarms");
}
