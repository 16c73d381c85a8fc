//! Reads fields of text.

use super::cursor::{Cursor, TextError, Way};
use super::escape;

/// So much of a wrong field is shown.
const SHOWN: usize = 64;

/// Fields, one after the other. Nothing is copied before a layout asks for it.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    rest: &'a str,
    version: i32,
    field: usize,
}

impl<'a> Reader<'a> {
    /// Over the body of a frame, behind the message's number.
    pub fn new(body: &'a [u8], version: i32) -> Result<Self, TextError> {
        let rest = std::str::from_utf8(body).map_err(|_| TextError::NotText)?;
        if rest.is_empty() || rest.ends_with('\0') {
            Ok(Self { rest, version, field: 0 })
        } else {
            Err(TextError::NotText)
        }
    }

    /// The next field as it stands.
    pub fn next_field(&mut self) -> Result<&'a str, TextError> {
        self.field += 1;
        let (field, rest) = self.rest.split_once('\0').ok_or(TextError::Short { field: self.field })?;
        self.rest = rest;
        Ok(field)
    }

    fn number<T: std::str::FromStr>(&mut self, expected: &'static str) -> Result<Option<T>, TextError> {
        let text = self.next_field()?;
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| self.wrong(expected, text))
    }

    fn wrong(&self, expected: &'static str, found: &str) -> TextError {
        TextError::Field { field: self.field, expected, found: found.chars().take(SHOWN).collect() }
    }
}

impl Cursor for Reader<'_> {
    fn way(&self) -> Way {
        Way::Reading
    }

    fn version(&self) -> i32 {
        self.version
    }

    fn text(&mut self, field: &mut Option<String>) -> Result<(), TextError> {
        let text = self.next_field()?;
        *field = (!text.is_empty()).then(|| text.to_owned());
        Ok(())
    }

    fn text_or(&mut self, field: &mut Option<String>, _unset: &'static str) -> Result<(), TextError> {
        self.text(field)
    }

    fn escaped(&mut self, field: &mut Option<String>) -> Result<(), TextError> {
        let text = self.next_field()?;
        *field = (!text.is_empty()).then(|| escape::read(text));
        Ok(())
    }

    fn int(&mut self, field: &mut Option<i32>) -> Result<(), TextError> {
        *field = self.number("a whole number")?.filter(|number| *number != i32::MAX);
        Ok(())
    }

    fn int_or(&mut self, field: &mut Option<i32>, _unset: i32) -> Result<(), TextError> {
        self.int(field)
    }

    fn long(&mut self, field: &mut Option<i64>) -> Result<(), TextError> {
        *field = self.number("a whole number")?.filter(|number| *number != i64::MAX);
        Ok(())
    }

    fn long_or(&mut self, field: &mut Option<i64>, _unset: i64) -> Result<(), TextError> {
        self.long(field)
    }

    fn double(&mut self, field: &mut Option<f64>) -> Result<(), TextError> {
        let text = self.next_field()?;
        *field = match text {
            "" => None,
            "Infinity" | "Infinite" => Some(f64::INFINITY),
            "-Infinity" => Some(f64::NEG_INFINITY),
            _ => {
                let number: f64 = text.parse().map_err(|_| self.wrong("a number", text))?;
                (number.is_finite() && number < f64::MAX).then_some(number)
            }
        };
        Ok(())
    }

    fn double_or(&mut self, field: &mut Option<f64>, _unset: f64) -> Result<(), TextError> {
        self.double(field)
    }

    fn plain(&mut self, field: &mut Option<f64>) -> Result<(), TextError> {
        self.double(field)
    }

    fn flag(&mut self, field: &mut Option<bool>) -> Result<(), TextError> {
        let text = self.next_field()?;
        *field = match text {
            "" => None,
            "0" | "false" | "False" => Some(false),
            "1" | "true" | "True" => Some(true),
            // Some clients send a number where official ones send a flag: what is not zero is set.
            _ => Some(text.parse::<i32>().map_err(|_| self.wrong("1 or 0", text))? != 0),
        };
        Ok(())
    }

    fn size(&mut self, field: &mut Option<String>) -> Result<(), TextError> {
        let text = self.next_field()?;
        let unset = matches!(
            text,
            "" | "2147483647"
                | "9223372036854775807"
                | "-9223372036854775808"
                | "1.7976931348623157E308"
                | "1.7976931348623157e+308"
        );
        *field = (!unset).then(|| text.to_owned());
        Ok(())
    }

    fn fixed(&mut self, _value: &str) -> Result<(), TextError> {
        self.next_field().map(drop)
    }

    fn list<T: Default>(
        &mut self,
        entries: &mut Vec<T>,
        most: usize,
        mut each: impl FnMut(&mut Self, &mut T) -> Result<(), TextError>,
    ) -> Result<(), TextError> {
        let count: i64 = self.number("a count")?.unwrap_or(0);
        let too_many = TextError::Count { field: self.field, count, most };
        let wanted = usize::try_from(count).ok().filter(|count| *count <= most).ok_or(too_many)?;
        for _ in 0..wanted {
            let mut entry = T::default();
            each(self, &mut entry)?;
            entries.push(entry);
        }
        Ok(())
    }

    fn has_more(&self) -> bool {
        !self.rest.is_empty()
    }
}
