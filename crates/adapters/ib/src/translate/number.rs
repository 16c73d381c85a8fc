//! Decimals across the edge where the client library has only binary floats.
//!
//! A float stands for the shortest decimal text that reads back as it: `0.1` is one tenth, not the binary fraction
//! beside it. Going out, the nearest float is taken.

use tradeport_kernel::Decimal;

/// The float nearest to `number`.
pub(crate) fn to_float(number: Decimal) -> f64 {
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

    #[test]
    fn a_float_is_its_shortest_decimal() {
        for (float, text) in [(0.1, "0.1"), (187.25, "187.25"), (-0.0, "0"), (1e15, "1000000000000000")] {
            assert_eq!(to_decimal(float).unwrap().to_string(), text);
        }
        for odd in [f64::NAN, f64::INFINITY, f64::MAX, -f64::MAX, 1e-300] {
            assert_eq!(to_decimal(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_way_out_and_back_keeps_the_number() {
        for text in ["0.1", "1180", "0.00025", "123456.789", "-37.63"] {
            let number: Decimal = text.parse().unwrap();
            assert_eq!(to_decimal(to_float(number)), Some(number));
        }
    }
}
