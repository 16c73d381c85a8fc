//! What a layout asks of whoever reads or writes it.

/// Which way a cursor goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From text into fields.
    Reading,
    /// From fields into text.
    Writing,
}

/// Why text is not a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// It ends before its last field.
    #[error("the message ends before its field {field}")]
    Short {
        /// Which field is missing, counted from 1 behind the message's number.
        field: usize,
    },
    /// A field that is no number.
    #[error("field {field} should be {expected}, not {found:?}")]
    Field {
        /// Which field, counted from 1 behind the message's number.
        field: usize,
        /// What belongs there.
        expected: &'static str,
        /// What stands there, cut to 64 characters.
        found: String,
    },
    /// A count that nobody sends.
    #[error("field {field} counts {count} entries: the most is {most}")]
    Count {
        /// Which field, counted from 1 behind the message's number.
        field: usize,
        /// What it says.
        count: i64,
        /// What is taken.
        most: usize,
    },
    /// A last field without its zero byte, or bytes that are no text.
    #[error("a field must be text that ends with a zero byte")]
    NotText,
    /// A message that this version has no text for.
    #[error("{0} has no layout in text")]
    NoLayout(&'static str),
}

/// Reads or writes fields one after the other.
///
/// An empty field is a field that is not set; so are the numbers that stand for unset (see
/// [`Self::int`] and [`Self::double`]). Where a client cannot read an empty field, the layout says with `_or` what
/// stands there instead.
pub trait Cursor {
    /// Which way it goes.
    fn way(&self) -> Way;

    /// The version of the connection.
    fn version(&self) -> i32;

    /// A field of text. Written empty when it is not set; read as not set when it is empty.
    fn text(&mut self, field: &mut Option<String>) -> Result<(), TextError>;

    /// A field of text that is written as `unset` when it is not set.
    fn text_or(&mut self, field: &mut Option<String>, unset: &'static str) -> Result<(), TextError>;

    /// Text that official clients read with escapes of Python: written as ASCII, with other characters as `\uXXXX` and every
    /// backslash doubled.
    fn escaped(&mut self, field: &mut Option<String>) -> Result<(), TextError>;

    /// A whole number; `2147483647` is read as not set.
    fn int(&mut self, field: &mut Option<i32>) -> Result<(), TextError>;

    /// A whole number that is written as `unset` when it is not set.
    fn int_or(&mut self, field: &mut Option<i32>, unset: i32) -> Result<(), TextError>;

    /// A whole number of 64 bits; `9223372036854775807` is read as not set.
    fn long(&mut self, field: &mut Option<i64>) -> Result<(), TextError>;

    /// A whole number of 64 bits that is written as `unset` when it is not set.
    fn long_or(&mut self, field: &mut Option<i64>, unset: i64) -> Result<(), TextError>;

    /// A number with a point; `1.7976931348623157E308` is read as not set, `Infinity` and `Infinite` are infinity.
    fn double(&mut self, field: &mut Option<f64>) -> Result<(), TextError>;

    /// A number with a point that is written as `unset` when it is not set; `f64::MAX` stands as
    /// `1.7976931348623157E308`, which clients know for a number that is not set.
    fn double_or(&mut self, field: &mut Option<f64>, unset: f64) -> Result<(), TextError>;

    /// A number that is written without a point when it is whole, for readers that take it for text or a whole number.
    fn plain(&mut self, field: &mut Option<f64>) -> Result<(), TextError>;

    /// A flag, `1` or `0`; written `0` when it is not set.
    fn flag(&mut self, field: &mut Option<bool>) -> Result<(), TextError>;

    /// A size or a volume: decimal text, which stands as a whole number before version 163.
    fn size(&mut self, field: &mut Option<String>) -> Result<(), TextError>;

    /// A field that the schema does not have: `value` is written, whatever is read is passed over.
    fn fixed(&mut self, value: &str) -> Result<(), TextError>;

    /// A count and its entries. At most `most` are read: more is an error before anything is set aside.
    fn list<T: Default>(
        &mut self,
        entries: &mut Vec<T>,
        most: usize,
        each: impl FnMut(&mut Self, &mut T) -> Result<(), TextError>,
    ) -> Result<(), TextError>
    where
        Self: Sized;

    /// Is there a field left to read? Never when writing.
    fn has_more(&self) -> bool;

    /// A number with a point that is written `0.0` when it is not set, for readers that cannot do without.
    fn double_or_zero(&mut self, field: &mut Option<f64>) -> Result<(), TextError> {
        self.double_or(field, 0.0)
    }

    /// A number with a point that is written as the number for unset when it is not set.
    fn double_or_max(&mut self, field: &mut Option<f64>) -> Result<(), TextError> {
        self.double_or(field, f64::MAX)
    }

    /// A whole number that is written `0` when it is not set, for readers that cannot do without.
    fn int_or_zero(&mut self, field: &mut Option<i32>) -> Result<(), TextError> {
        self.int_or(field, 0)
    }

    /// A whole number that is written as the number for unset when it is not set.
    fn int_or_max(&mut self, field: &mut Option<i32>) -> Result<(), TextError> {
        self.int_or(field, i32::MAX)
    }

    /// A whole number of 64 bits that is written `0` when it is not set.
    fn long_or_zero(&mut self, field: &mut Option<i64>) -> Result<(), TextError> {
        self.long_or(field, 0)
    }

    /// Does the version have what came with `version`?
    fn since(&self, version: i32) -> bool {
        self.version() >= version
    }

    /// Is it reading?
    fn reads(&self) -> bool {
        self.way() == Way::Reading
    }
}

/// The order of a message's fields in text.
pub trait Layout {
    /// Reads or writes all fields behind the message's number.
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError>;
}
