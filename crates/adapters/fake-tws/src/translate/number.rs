//! Decimals across the edge where the wire has binary floats.
//!
//! A float stands for the shortest decimal text that reads back as it: `0.1` is one tenth, not the binary fraction
//! beside it. Going out, the nearest float is taken.

use tradeport_kernel::Decimal;

/// Beyond this a decimal has no room.
const LARGEST: f64 = 7.9e28;

/// The float nearest to `number`.
#[must_use]
pub fn to_float(number: Decimal) -> f64 {
    number.to_string().parse().expect("a decimal's text is a float's text")
}

/// The shortest decimal that reads back as `float`; `None` for what is no number, an infinity, or beyond a decimal's
/// range or fineness.
#[must_use]
pub fn to_decimal(float: f64) -> Option<Decimal> {
    if !float.is_finite() || float.abs() > LARGEST {
        return None;
    }
    Some(Decimal::from_str_exact(&float.to_string()).ok()?.normalize())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_float_is_its_shortest_decimal() {
        for (float, text) in [(0.1, "0.1"), (187.25, "187.25"), (-0.0, "0"), (1e15, "1000000000000000")] {
            assert_eq!(to_decimal(float).unwrap().to_string(), text);
        }
        for odd in [f64::NAN, f64::INFINITY, f64::MAX, -f64::MAX, 1e-300] {
            assert_eq!(to_decimal(odd), None, "{odd}");
        }
    }

    proptest! {
        #[test]
        fn the_way_out_and_back_keeps_fifteen_digits(mantissa in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..12) {
            let number = Decimal::new(mantissa, scale).normalize();
            prop_assert_eq!(to_decimal(to_float(number)), Some(number));
        }
    }
}
