//! Decimals in columns: an integer beside its scale, or text when 64 bits are too few. Exact in every case, down to
//! trailing zeros.

use diesel::QueryResult;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::{ValidGrouping, is_aggregate};
use diesel::query_builder::AstPass;
use diesel::sql_types::{BigInt, Nullable, SqlType, Text};
use diesel::sqlite::{Sqlite, SqliteType};
use tradeport_kernel::{Cause, Decimal};

/// The digits after the point of one decimal take five bits: they are 0 to 28.
const SCALE_BITS: u32 = 5;
const SCALE_MASK: i64 = 31;

/// A column that may hold an integer or a text.
#[derive(Clone, Copy, Debug, SqlType, diesel::query_builder::QueryId)]
#[diesel(sqlite_type(name = "Long"))]
pub struct Any;

impl ValidGrouping<()> for Any {
    type IsAggregate = is_aggregate::Never;
}

/// What such a column holds.
#[derive(Clone, Debug, PartialEq, Eq, FromSqlRow)]
#[diesel(sql_type = Any)]
pub(crate) enum Digits {
    Integer(i64),
    Text(String),
}

impl FromSql<Any, Sqlite> for Digits {
    fn from_sql(mut value: diesel::sqlite::SqliteValue<'_, '_, '_>) -> deserialize::Result<Self> {
        match value.value_type() {
            Some(SqliteType::Long) => Ok(Self::Integer(value.read_long())),
            Some(SqliteType::Text) => Ok(Self::Text(value.read_text().to_owned())),
            other => Err(format!("a decimal is kept as integer or text, not as {other:?}").into()),
        }
    }
}

/// Packs decimals, first to last, and the scales of all into one number.
pub(crate) fn pack<const N: usize>(decimals: [Option<Decimal>; N]) -> (i64, [Option<Digits>; N]) {
    let mut scales = 0;
    let mut shift = 0;
    let digits = decimals.map(|decimal| {
        let digits = decimal.map(|decimal| match i64::try_from(decimal.mantissa()) {
            Ok(integer) => {
                scales |= i64::from(decimal.scale()) << shift;
                Digits::Integer(integer)
            }
            Err(_) => Digits::Text(decimal.to_string()),
        });
        shift += SCALE_BITS;
        digits
    });
    (scales, digits)
}

/// The decimal at `place` (from 0) of what was packed.
pub(crate) fn unpack(scales: i64, place: u32, digits: &Digits) -> Result<Decimal, Cause> {
    match digits {
        Digits::Integer(integer) => {
            let scale = u32::try_from(scales >> (place * SCALE_BITS) & SCALE_MASK)?;
            Ok(Decimal::try_new(*integer, scale)?)
        }
        Digits::Text(text) => Ok(Decimal::from_str_exact(text)?),
    }
}

/// Binds a column that may be absent.
pub(crate) fn bind<'b>(pass: &mut AstPass<'_, 'b, Sqlite>, digits: &'b Option<Digits>) -> QueryResult<()> {
    match digits {
        Some(Digits::Integer(integer)) => pass.push_bind_param::<BigInt, i64>(integer),
        Some(Digits::Text(text)) => pass.push_bind_param::<Text, String>(text),
        None => pass.push_bind_param::<Nullable<BigInt>, Option<i64>>(&None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimals() -> impl Strategy<Value = Option<Decimal>> {
        let wide = (any::<[u8; 12]>(), any::<bool>(), 0..=28_u32).prop_map(|(bytes, negative, scale)| {
            let word =
                |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
            Decimal::from_parts(word(0), word(4), word(8), negative, scale)
        });
        let small = (any::<i64>(), 0..=28_u32).prop_map(|(digits, scale)| Decimal::new(digits, scale));
        prop_oneof![Just(None), wide.prop_map(Some), small.prop_map(Some)]
    }

    proptest! {
        #[test]
        fn any_decimals_come_back_with_every_digit(given in [decimals(), decimals(), decimals(), decimals()]) {
            let (scales, digits) = pack(given);
            for (place, (digits, given)) in (0..).zip(digits.iter().zip(given)) {
                let back = digits.as_ref().map(|digits| unpack(scales, place, digits).unwrap());
                prop_assert_eq!(back, given);
                let text = |decimal: Option<Decimal>| decimal.filter(|d| !d.is_zero()).map(|d| d.to_string());
                prop_assert_eq!(text(back), text(given));
            }
        }
    }

    #[test]
    fn what_is_no_decimal_is_an_error() {
        assert!(unpack(31, 0, &Digits::Integer(1)).is_err());
        assert!(unpack(0, 0, &Digits::Text("1e400".to_owned())).is_err());
    }
}
