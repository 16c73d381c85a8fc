//! Decimals across the edge where the client library has only binary floats.
//!
//! A float stands for the shortest decimal text that reads back as it: `0.1` is one tenth, not the binary fraction
//! beside it. Going out, the nearest float is taken.

use tradeport_kernel::Decimal;

/// So many digits survive a float, whatever they are.
const SURVIVE: u64 = 1_000_000_000_000_000;

/// Powers of ten that are floats.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// The float of a number that reads back as the same number for certain: up to fifteen digits, as nearly all have.
pub(crate) fn short_to_float(number: Decimal) -> Option<f64> {
    let digits = i64::try_from(number.mantissa()).ok().filter(|digits| digits.unsigned_abs() < SURVIVE)?;
    let tens = TENS.get(usize::try_from(number.scale()).ok()?)?;
    // Both are floats, so their quotient is rounded once, which is to the nearest.
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits are a float")]
    Some(digits as f64 / tens)
}

/// The float nearest to `number`.
pub(crate) fn to_float(number: Decimal) -> f64 {
    if let Some(float) = short_to_float(number) {
        return float;
    }
    number.to_string().parse().expect("a decimal's text is a float's text")
}

/// The shortest decimal that reads back as `float`; `None` for what is no number, an infinity, or beyond a decimal's
/// range or fineness.
pub(crate) fn to_decimal(float: f64) -> Option<Decimal> {
    if !float.is_finite() || float.abs() > 7.9e28 {
        return None;
    }
    let decimal = Decimal::from_str_exact(&float.to_string()).ok()?;
    Some(decimal.normalize())
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
        fn few_digits_go_the_short_way_to_the_same_float(
            digits in prop_oneof![-100_000i128..100_000, -999_999_999_999_999i128..=999_999_999_999_999],
            scale in 0u32..=22,
        ) {
            let number = Decimal::from_i128_with_scale(digits, scale);
            let float = short_to_float(number).expect("fifteen digits");
            let long: f64 = number.to_string().parse().expect("a float's text");
            prop_assert_eq!(float.to_bits(), long.to_bits());
            prop_assert_eq!(to_decimal(float), Some(number.normalize()));
        }
    }

    #[test]
    fn many_digits_go_the_long_way() {
        for text in ["1000000000000000", "-1000000000000000", "0.00000000000000000000001"] {
            assert_eq!(short_to_float(text.parse().unwrap()), None, "{text}");
        }
        assert_eq!(short_to_float("999999999999999".parse().unwrap()), Some(999_999_999_999_999.0));
    }

    #[test]
    fn the_way_out_and_back_keeps_the_number() {
        for text in ["0.1", "1180", "0.00025", "123456.789", "-37.63"] {
            let number: Decimal = text.parse().unwrap();
            assert_eq!(to_decimal(to_float(number)), Some(number));
        }
    }
}
