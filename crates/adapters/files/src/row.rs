//! One line as fields, each read into a domain value or refused with its place and text.
//!
//! A field may be in double quotes, with doubled quotes inside. Left out: line breaks within a field, which none of
//! our files has; allowing them would let one stray quote swallow the rest of a file.

use crate::FileError;
use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;
use time::Date;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use tradeport_kernel::{Decimal, Price, Quantity, Symbol};

const SHOWN: usize = 60;
const DATE: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// The fields of one line, with where they stand.
pub(crate) struct Row<'a> {
    file: &'a str,
    line: u64,
    columns: &'static [&'static str],
    fields: Vec<Cow<'a, str>>,
}

/// A text for an error: short, whatever the file holds.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

impl<'a> Row<'a> {
    /// Splits a line. Errors: [`FileError::Columns`] when it does not have one field per column.
    pub(crate) fn split(
        file: &'a str,
        line: u64,
        text: &'a str,
        whole: bool,
        columns: &'static [&'static str],
    ) -> Result<Self, FileError> {
        let fields = fields(text);
        if fields.len() == columns.len() {
            return Ok(Self { file, line, columns, fields });
        }
        let advice = match (fields.len() < columns.len(), whole) {
            (true, false) => "the file ends within this line and was probably cut off: fetch it again",
            (true, true) => "fields are missing: correct the line or fetch the file again",
            _ => "put fields with commas into double quotes, or remove what does not belong here",
        };
        Err(FileError::Columns {
            file: file.to_owned(),
            line,
            found: fields.len(),
            expected: columns.len(),
            text: shown(text),
            advice,
        })
    }

    /// The text in a column.
    pub(crate) fn text(&self, column: usize) -> &str {
        self.fields.get(column).map_or("", AsRef::as_ref).trim()
    }

    /// The error for a column.
    pub(crate) fn refuse(&self, column: usize, advice: impl Display) -> FileError {
        FileError::Field {
            file: self.file.to_owned(),
            line: self.line,
            column: self.columns.get(column).copied().unwrap_or_default(),
            text: shown(self.text(column)),
            advice: advice.to_string(),
        }
    }

    /// The error for fields that contradict each other.
    pub(crate) fn contradiction(&self, problem: impl Display) -> FileError {
        FileError::Row { file: self.file.to_owned(), line: self.line, problem: problem.to_string() }
    }

    /// Anything that can be read from text.
    pub(crate) fn parsed<T>(&self, column: usize) -> Result<T, FileError>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.text(column).parse().map_err(|reason: T::Err| self.refuse(column, reason))
    }

    /// A symbol.
    pub(crate) fn symbol(&self, column: usize) -> Result<Symbol, FileError> {
        self.parsed(column)
    }

    /// A price above zero: stocks have no other.
    pub(crate) fn price(&self, column: usize) -> Result<Price, FileError> {
        let price = self.parsed::<Price>(column)?;
        if price.is_positive() {
            return Ok(price);
        }
        Err(self.refuse(column, "a price must be above zero: correct the line or remove it"))
    }

    /// A price above zero, or nothing.
    pub(crate) fn optional_price(&self, column: usize) -> Result<Option<Price>, FileError> {
        if self.text(column).is_empty() { Ok(None) } else { self.price(column).map(Some) }
    }

    /// A size above zero, or nothing: an empty field or a zero, as feeds write a size that they do not know.
    pub(crate) fn optional_size(&self, column: usize) -> Result<Option<Quantity>, FileError> {
        match self.text(column) {
            "" | "0" => Ok(None),
            _ => self.parsed(column).map(Some),
        }
    }

    /// A count, zero or above.
    pub(crate) fn count(&self, column: usize) -> Result<Decimal, FileError> {
        let advice = "expected a number, zero or above, such as 1000";
        let number =
            Decimal::from_str_exact(self.text(column)).map_err(|_reason| self.refuse(column, advice))?;
        if number >= Decimal::ZERO { Ok(number) } else { Err(self.refuse(column, advice)) }
    }

    /// A day.
    pub(crate) fn date(&self, column: usize) -> Result<Date, FileError> {
        Date::parse(self.text(column), DATE)
            .map_err(|_reason| self.refuse(column, "expected a date such as 2012-05-18"))
    }
}

fn fields(line: &str) -> Vec<Cow<'_, str>> {
    let mut fields = Vec::with_capacity(8);
    let mut rest = line;
    loop {
        let (field, after) = field(rest);
        fields.push(field);
        match after {
            Some(after) => rest = after,
            None => return fields,
        }
    }
}

/// The first field, and what follows its comma. A quote that is never closed is an ordinary character.
fn field(text: &str) -> (Cow<'_, str>, Option<&str>) {
    if let Some(quoted) = text.strip_prefix('"')
        && let Some((inner, after)) = closing_quote(quoted)
    {
        return (Cow::Owned(inner.replace("\"\"", "\"")), after);
    }
    match text.split_once(',') {
        Some((field, after)) => (Cow::Borrowed(field), Some(after)),
        None => (Cow::Borrowed(text), None),
    }
}

/// Finds a quote that ends a field: one followed by a comma or the end, and not half of a doubled one.
fn closing_quote(text: &str) -> Option<(&str, Option<&str>)> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('"') {
        let at = from + found;
        let after = text.get(at + 1..)?;
        if after.is_empty() {
            return Some((text.get(..at)?, None));
        }
        if let Some(after) = after.strip_prefix(',') {
            return Some((text.get(..at)?, Some(after)));
        }
        from = at + if after.starts_with('"') { 2 } else { 1 };
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn quotes_protect_commas() {
        assert_eq!(fields("a,b,"), ["a", "b", ""]);
        assert_eq!(fields(r#"a,"b, ""c""",d"#), ["a", r#"b, "c""#, "d"]);
        assert_eq!(fields(r#""a"#), [r#""a"#], "a quote that is never closed is an ordinary character");
        assert_eq!(fields(""), [""]);
    }

    proptest! {
        #[test]
        fn quoted_fields_come_back(texts in prop::collection::vec("[^\r\n]{0,12}", 1..6)) {
            let line = texts.iter().map(|text| format!("\"{}\"", text.replace('"', "\"\""))).collect::<Vec<_>>().join(",");
            prop_assert_eq!(fields(&line), texts);
        }
    }
}
