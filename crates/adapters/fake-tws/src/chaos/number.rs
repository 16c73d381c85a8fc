//! Decimals in a document: `0.05`, `100` or `"0.05"`.

use serde::{Deserializer, de};
use std::fmt;
use tradeport_kernel::Decimal;

struct Number;

impl de::Visitor<'_> for Number {
    type Value = Decimal;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number such as 100 or 0.05")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Decimal, E> {
        Ok(Decimal::from(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Decimal, E> {
        Ok(Decimal::from(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Decimal, E> {
        // The shortest text that reads back as the number is what the document says.
        self.visit_str(&number.to_string())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Decimal, E> {
        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

pub(super) fn read<'de, D: Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    from.deserialize_any(Number)
}

pub(super) fn read_some<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Decimal>, D::Error> {
    read(from).map(Some)
}
