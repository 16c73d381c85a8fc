//! Writes fields of text.

use super::cursor::{Cursor, TextError, Way};
use super::escape;
use rust_decimal::prelude::ToPrimitive;
use std::io::Write as _;

/// From here on sizes may have a fraction.
const DECIMAL_SIZES: i32 = 163;
/// What clients know for a number that is not set, as Java writes it.
const UNSET_DOUBLE: &str = "1.7976931348623157E308";
/// As many digits as a whole number of 64 bits has, a point and a sign.
const DIGITS: usize = 22;

/// Appends fields to a frame's body. Nothing is set aside for a field: its bytes go where they belong at once.
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut Vec<u8>,
    version: i32,
}

impl<'a> Writer<'a> {
    /// Writes behind what is there.
    pub fn new(out: &'a mut Vec<u8>, version: i32) -> Self {
        Self { out, version }
    }

    /// One field as it stands. A zero byte in it would end it, so it is left out.
    pub fn put(&mut self, field: &str) {
        let bytes = field.as_bytes();
        if bytes.contains(&0) {
            self.out.extend(bytes.iter().filter(|byte| **byte != 0));
        } else {
            self.out.extend_from_slice(bytes);
        }
        self.out.push(0);
    }

    /// One field that is a whole number.
    pub fn put_whole(&mut self, number: i64) {
        self.put_digits(number < 0, number.unsigned_abs(), 0);
    }

    /// Digits, of which so many stand behind the point.
    fn put_digits(&mut self, is_negative: bool, mut rest: u64, behind: usize) {
        let mut spelled = [0; DIGITS];
        let mut start = DIGITS;
        let mut put = |byte: u8| {
            start -= 1;
            if let Some(place) = spelled.get_mut(start) {
                *place = byte;
            }
        };
        let mut places = 0;
        while rest > 0 || places <= behind {
            if places == behind && behind > 0 {
                put(b'.');
            }
            put(b'0' + u8::try_from(rest % 10).unwrap_or_default());
            (rest, places) = (rest / 10, places + 1);
        }
        if is_negative {
            put(b'-');
        }
        self.out.extend_from_slice(spelled.get(start..).unwrap_or_default());
        self.out.push(0);
    }

    /// A number of few digits, most of all a price: says whether it was one.
    ///
    /// Numbers of up to 15 digits are all told apart by doubles: so if one of them is this double, no shorter text is.
    fn put_decimal(&mut self, number: f64) -> bool {
        for (places, factor) in [(2, 100.0), (4, 10_000.0)] {
            let whole = (number * factor).round();
            if whole.abs() >= 1e15 || (whole / factor).to_bits() != number.to_bits() {
                continue;
            }
            let Some(mut digits) = whole.abs().to_u64() else { continue };
            let mut behind = places;
            // One digit stays behind the point.
            while behind > 1 && digits.is_multiple_of(10) {
                (digits, behind) = (digits / 10, behind - 1);
            }
            self.put_digits(number.is_sign_negative(), digits, behind);
            return true;
        }
        false
    }

    /// As Java and Python write it: `0.0`, `1.5`, `Infinity`; the largest number in Java's way.
    fn put_double(&mut self, number: f64) {
        if number.is_infinite() {
            self.put(if number > 0.0 { "Infinity" } else { "-Infinity" });
        } else if number >= f64::MAX {
            self.put(UNSET_DOUBLE);
        } else if !self.put_decimal(number) {
            // A vector takes everything.
            write!(self.out, "{number:?}\0").unwrap_or_default();
        }
    }
}

impl Cursor for Writer<'_> {
    fn way(&self) -> Way {
        Way::Writing
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn text(&mut self, field: &mut Option<String>) -> Result<(), TextError> {
        self.text_or(field, "")
    }

    fn text_or(&mut self, field: &mut Option<String>, unset: &'static str) -> Result<(), TextError> {
        self.put(field.as_deref().filter(|text| !text.is_empty()).unwrap_or(unset));
        Ok(())
    }

    fn escaped(&mut self, field: &mut Option<String>) -> Result<(), TextError> {
        escape::put(field.as_deref().unwrap_or_default(), self.out);
        self.out.push(0);
        Ok(())
    }

    fn int(&mut self, field: &mut Option<i32>) -> Result<(), TextError> {
        self.long(&mut field.map(i64::from))
    }

    fn int_or(&mut self, field: &mut Option<i32>, unset: i32) -> Result<(), TextError> {
        self.put_whole(i64::from(field.unwrap_or(unset)));
        Ok(())
    }

    fn long(&mut self, field: &mut Option<i64>) -> Result<(), TextError> {
        match *field {
            Some(number) => self.put_whole(number),
            None => self.put(""),
        }
        Ok(())
    }

    fn long_or(&mut self, field: &mut Option<i64>, unset: i64) -> Result<(), TextError> {
        self.put_whole(field.unwrap_or(unset));
        Ok(())
    }

    fn double(&mut self, field: &mut Option<f64>) -> Result<(), TextError> {
        match *field {
            Some(number) if !number.is_nan() => self.put_double(number),
            _ => self.put(""),
        }
        Ok(())
    }

    fn double_or(&mut self, field: &mut Option<f64>, unset: f64) -> Result<(), TextError> {
        self.put_double(field.filter(|number| !number.is_nan()).unwrap_or(unset));
        Ok(())
    }

    fn plain(&mut self, field: &mut Option<f64>) -> Result<(), TextError> {
        match *field {
            // More digits than a number of 64 bits has are not written out.
            Some(number) if number.is_finite() && number.abs() < 1e18 => {
                write!(self.out, "{number}\0").unwrap_or_default();
                Ok(())
            }
            _ => self.double(field),
        }
    }

    fn flag(&mut self, field: &mut Option<bool>) -> Result<(), TextError> {
        self.put(if *field == Some(true) { "1" } else { "0" });
        Ok(())
    }

    fn size(&mut self, field: &mut Option<String>) -> Result<(), TextError> {
        let text = field.as_deref().unwrap_or_default();
        let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
        let shown = if self.version < DECIMAL_SIZES { whole } else { text };
        // No client reads an empty size where it needs a number; all read zero.
        self.put(if shown.is_empty() { "0" } else { shown });
        Ok(())
    }

    fn fixed(&mut self, value: &str) -> Result<(), TextError> {
        self.put(value);
        Ok(())
    }

    fn list<T: Default>(
        &mut self,
        entries: &mut Vec<T>,
        _most: usize,
        mut each: impl FnMut(&mut Self, &mut T) -> Result<(), TextError>,
    ) -> Result<(), TextError> {
        self.put_whole(i64::try_from(entries.len()).unwrap_or(i64::MAX));
        for entry in entries {
            each(self, entry)?;
        }
        Ok(())
    }

    fn has_more(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(lay: impl FnOnce(&mut Writer<'_>) -> Result<(), TextError>) -> String {
        let mut out = Vec::new();
        lay(&mut Writer::new(&mut out, 178)).expect("writing cannot fail");
        String::from_utf8(out).expect("text")
    }

    proptest! {
        #[test]
        fn whole_numbers_are_written_as_they_are_shown(number in any::<i64>()) {
            prop_assert_eq!(written(|it| it.long(&mut Some(number))), format!("{number}\0"));
        }
    }

    proptest! {
        #[test]
        fn numbers_are_written_with_the_fewest_digits_that_tell_them_apart(
            number in prop_oneof![
                any::<f64>(),
                (-1_000_000_000_i64..1_000_000_000, 0_i32..7)
                    .prop_map(|(digits, places)| digits as f64 / 10_f64.powi(places)),
                (any::<i64>(), 0_i32..7).prop_map(|(digits, places)| digits as f64 / 10_f64.powi(places)),
                (-1_000_i64..1_000, 0_i32..9).prop_map(|(digits, places)| digits as f64 * 0.1_f64.powi(places)),
            ],
        ) {
            let is_shown = number.is_finite() && number < f64::MAX;
            let expected = format!("{number:?}\0");
            prop_assert!(!is_shown || written(|it| it.double(&mut Some(number))) == expected, "{expected}");
        }
    }

    #[test]
    fn the_spellings_of_numbers() {
        for (number, double, plain) in [
            (0.0, "0.0", "0"),
            (-0.0, "-0.0", "-0"),
            (0.0001, "0.0001", "0.0001"),
            (0.05, "0.05", "0.05"),
            (100.0, "100.0", "100"),
            (-2.5, "-2.5", "-2.5"),
            (f64::INFINITY, "Infinity", "Infinity"),
            (f64::MAX, UNSET_DOUBLE, UNSET_DOUBLE),
            (f64::NAN, "", ""),
        ] {
            assert_eq!(written(|it| it.double(&mut Some(number))), format!("{double}\0"));
            assert_eq!(written(|it| it.plain(&mut Some(number))), format!("{plain}\0"));
        }
        assert_eq!(written(|it| it.long(&mut Some(i64::MIN))), "-9223372036854775808\0");
        assert_eq!(written(|it| it.double_or_max(&mut None)), "1.7976931348623157E308\0");
        assert_eq!(written(|it| it.int_or_max(&mut None)), "2147483647\0");
    }

    #[test]
    fn sizes_are_whole_before_they_could_be_anything_else() {
        for (version, shown) in [(162, "0\0"), (163, "0.5\0")] {
            let mut out = Vec::new();
            Writer::new(&mut out, version).size(&mut Some("0.5".into())).expect("written");
            assert_eq!(out, shown.as_bytes());
        }
    }

    #[test]
    fn a_zero_byte_never_ends_a_field_early() {
        assert_eq!(written(|it| it.text(&mut Some("a\0b".into()))), "ab\0");
        assert_eq!(written(|it| it.escaped(&mut Some("a\0b".into()))), "ab\0");
    }
}
