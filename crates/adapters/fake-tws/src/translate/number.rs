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

/// A decimal in its shortest spelling has at most so many characters before a mantissa of 64 bits is outgrown: 28 digits
/// behind the point, one before it, the point, and the sign.
const LONGEST: usize = 31;

/// Appends a number without zeros at its end: what `normalize` and `to_string` give, without memory of its own.
pub fn push(text: &mut String, number: Decimal) {
    let Ok(mut digits) = u64::try_from(number.mantissa().unsigned_abs()) else {
        return text.push_str(&number.normalize().to_string());
    };
    let mut scale = number.scale();
    while scale > 0 && digits.is_multiple_of(10) {
        (digits, scale) = (digits / 10, scale - 1);
    }
    let is_negative = number.is_sign_negative() && digits != 0;
    let mut spelled = [0; LONGEST];
    let mut start = LONGEST;
    let mut put = |byte: u8| {
        start -= 1;
        if let Some(place) = spelled.get_mut(start) {
            *place = byte;
        }
    };
    let mut places = 0;
    while digits > 0 || places <= scale {
        if places == scale && scale > 0 {
            put(b'.');
        }
        put(b'0' + u8::try_from(digits % 10).unwrap_or_default());
        (digits, places) = (digits / 10, places + 1);
    }
    if is_negative {
        put(b'-');
    }
    text.push_str(spelled.get(start..).and_then(|it| std::str::from_utf8(it).ok()).unwrap_or_default());
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
        fn a_pushed_number_is_spelled_as_its_shortest_text(
            mantissa in prop_oneof![
                -1_000_i128..1_000,
                (i64::MIN..=i64::MAX).prop_map(i128::from),
                -79_228_162_514_264_337_593_543_950_335_i128..=79_228_162_514_264_337_593_543_950_335,
                (-10_000_i128..10_000).prop_map(|it| it * 1_000_000),
            ],
            scale in 0_u32..=28,
        ) {
            let number = Decimal::from_i128_with_scale(mantissa, scale);
            let mut text = String::from("x");
            push(&mut text, number);
            prop_assert_eq!(text, format!("x{}", number.normalize()));
        }

        #[test]
        fn the_way_out_and_back_keeps_fifteen_digits(mantissa in -999_999_999_999_999_i64..=999_999_999_999_999, scale in 0_u32..12) {
            let number = Decimal::new(mantissa, scale).normalize();
            prop_assert_eq!(to_decimal(to_float(number)), Some(number));
        }
    }
}
