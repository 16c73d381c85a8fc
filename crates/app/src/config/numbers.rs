//! Numbers within bounds, refused in words that name the bounds.

use serde::de::{Deserialize, Deserializer, Error};
use std::ops::RangeInclusive;
use tradeport_kernel::Decimal;

const YEAR: i64 = 366 * 86_400;

fn whole<'de, D, T>(deserializer: D, bounds: RangeInclusive<i64>, what: &str) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i64>,
{
    let number = i64::deserialize(deserializer)?;
    Some(number)
        .filter(|number| bounds.contains(number))
        .and_then(|number| T::try_from(number).ok())
        .ok_or_else(|| {
            D::Error::custom(format_args!(
                "{number} is not {what}: expected {} to {}",
                bounds.start(),
                bounds.end()
            ))
        })
}

pub(super) fn port<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    whole(deserializer, 1..=65_535, "a port")
}

pub(super) fn client_id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole(deserializer, 0..=999_999, "a client id")
}

pub(super) fn batch<'de, D: Deserializer<'de>>(deserializer: D) -> Result<usize, D::Error> {
    whole(deserializer, 1..=100_000, "a batch")
}

pub(super) fn linger<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    whole(deserializer, 1..=60_000, "a wait in milliseconds")
}

pub(super) fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    whole(deserializer, 1..=YEAR, "a length of time in seconds")
}

pub(super) fn attempts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole(deserializer, 1..=1_000, "a number of attempts")
}

pub(super) fn some_attempts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    attempts(deserializer).map(Some)
}

pub(super) fn percent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole(deserializer, 0..=99, "a percentage")
}

pub(super) fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole(deserializer, 0..=720, "a length of time in minutes")
}

pub(super) fn ids<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    whole(deserializer, 1..=999_999, "a distance between client ids")
}

pub(super) fn clients<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    whole(deserializer, 1..=31, "a number of connections")
}

pub(super) fn cash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let amount = <Decimal as Deserialize>::deserialize(deserializer)?;
    if amount > Decimal::ZERO && amount <= Decimal::from(1_000_000_000_000_i64) {
        return Ok(amount);
    }
    Err(D::Error::custom(format_args!(
        "{amount} is not cash to begin with: expected above 0, up to 1000000000000"
    )))
}

pub(super) fn share<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let share = <Decimal as Deserialize>::deserialize(deserializer)?;
    if share >= Decimal::ZERO && share <= Decimal::ONE {
        return Ok(share);
    }
    Err(D::Error::custom(format_args!("{share} is not a share: expected 0 to 1, 0.25 for a quarter")))
}
