//! Numbers, moments and words that a broker could carry.

use proptest::prelude::*;
use tradeport_kernel::{Decimal, Price, Quantity, Timestamp};
use tradeport_orders::Text;

/// Not zero, either sign, up to 12 digits: a float holds each of them.
pub fn number() -> impl Strategy<Value = Decimal> {
    (1..1_000_000_000_000_i64, 0..8_u32, any::<bool>()).prop_map(|(digits, scale, below)| {
        let number = Decimal::new(digits, scale);
        if below { -number } else { number }
    })
}

/// The same, above zero.
pub fn above_zero() -> impl Strategy<Value = Decimal> {
    number().prop_map(|number| number.abs())
}

/// Such a number as a price: not zero, of either sign.
pub fn price() -> impl Strategy<Value = Price> {
    number().prop_map(|number| Price::new(number).expect("made within the rules"))
}

/// Such a number above zero as a quantity.
pub fn quantity() -> impl Strategy<Value = Quantity> {
    above_zero().prop_map(|number| Quantity::new(number).expect("made within the rules"))
}

/// From 0.01 to 99.99, in hundredths.
pub fn percent() -> impl Strategy<Value = Decimal> {
    (1..10_000_i64).prop_map(|hundredths| Decimal::new(hundredths, 2))
}

/// A whole second between 1980 and 2100.
pub fn moment() -> impl Strategy<Value = Timestamp> {
    (315_532_800..4_102_444_800_i64).prop_map(Timestamp::from_seconds)
}

/// A count that is not zero and fits 31 bits; small ones mostly.
pub fn count() -> impl Strategy<Value = u32> {
    prop_oneof![1..1_000_u32, 1..i32::MAX.unsigned_abs()]
}

/// A short text of letters, figures, marks and signs beyond ASCII, as a text of an order.
pub fn words() -> impl Strategy<Value = Text> {
    const LETTERS: [char; 16] =
        ['A', 'b', 'Z', '0', '1', '9', ' ', '=', ',', '.', '_', '-', 'ä', 'ß', '€', '/'];
    prop::collection::vec(0..LETTERS.len(), 1..16).prop_map(|letters| {
        let word: String = letters.into_iter().map(|at| LETTERS[at]).collect();
        Text::new(&word).expect("made within the rules")
    })
}
