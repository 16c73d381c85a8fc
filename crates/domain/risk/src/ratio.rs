//! Shares: what one amount is of another, to six places.
//!
//! They are rounded up: whatever is beyond a limit of so many places, by however little, is beyond it as it is told, too. A verdict
//! takes several of them, and dividing to all 28 digits first takes most of its time; so it is done in whole numbers.

use std::cmp::Ordering;
use tradeport_kernel::{Decimal, RoundingStrategy};

/// So exactly shares are told.
const PLACES: u32 = 6;

/// The share of `whole` that `part` is; `None` where nobody can say.
pub(crate) fn ratio(part: Decimal, whole: Decimal) -> Option<Decimal> {
    if whole <= Decimal::ZERO {
        return None;
    }
    in_whole_numbers(part, whole).or_else(|| in_full(part, whole))
}

/// Of numbers that are too long for the other way.
fn in_full(part: Decimal, whole: Decimal) -> Option<Decimal> {
    let share = part.checked_div(whole)?;
    Some(share.round_dp_with_strategy(PLACES, RoundingStrategy::ToPositiveInfinity).normalize())
}

fn in_whole_numbers(part: Decimal, whole: Decimal) -> Option<Decimal> {
    let (above, below) = (whole.scale() + PLACES, part.scale());
    let (mut part, mut whole) = (part.mantissa(), whole.mantissa());
    match above.cmp(&below) {
        Ordering::Greater => part = part.checked_mul(10_i128.checked_pow(above - below)?)?,
        Ordering::Less => whole = whole.checked_mul(10_i128.checked_pow(below - above)?)?,
        Ordering::Equal => {}
    }
    let rounded_up = part.div_euclid(whole) + i128::from(part.rem_euclid(whole) != 0);
    let (mut share, mut places) = (i64::try_from(rounded_up).ok()?, PLACES);
    while places > 0 && share % 10 == 0 {
        (share, places) = (share / 10, places - 1);
    }
    Some(Decimal::new(share, places))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(words: &str) -> Decimal {
        words.parse().unwrap()
    }

    #[test]
    fn a_share_is_told_to_six_places_and_rounded_up() {
        for (part, whole, share) in [
            ("1", "3", "0.333334"),
            ("-1", "3", "-0.333333"),
            ("10.0", "100.00", "0.1"),
            ("10.00000001", "100", "0.100001"),
            ("0", "7", "0"),
            ("300000", "0.1", "3000000"),
            // Too long for whole numbers.
            ("79228162514264337593543950335", "79228162514264337593543950335", "1"),
            ("1", "79228162514264337593543950335", "0.000001"),
        ] {
            assert_eq!(ratio(decimal(part), decimal(whole)).unwrap().to_string(), share, "{part} of {whole}");
        }
        assert_eq!(ratio(decimal("1"), Decimal::ZERO), None);
        assert_eq!(ratio(decimal("1"), decimal("-5")), None);
        assert_eq!(ratio(Decimal::MAX, decimal("0.0000000000000000000000000001")), None);
    }

    proptest! {
        #[test]
        fn a_share_is_beyond_a_limit_of_six_places_when_the_part_is_beyond_so_much_of_the_whole(
            (part, down) in (-1_000_000_000_000_i64..1_000_000_000_000, 0_u32..=12),
            (whole, places) in (1_i64..1_000_000_000_000, 0_u32..=12),
            limit in 0_i64..3_000_000,
        ) {
            let (part, whole, limit) = (Decimal::new(part, down), Decimal::new(whole, places), Decimal::new(limit, 6));
            let share = ratio(part, whole).unwrap();
            prop_assert_eq!(share > limit, part > limit * whole);
            if share.abs() < Decimal::from(1_000_000_000) {
                prop_assert_eq!(share, in_full(part, whole).unwrap());
            }
        }
    }
}
