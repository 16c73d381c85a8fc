//! Futures on currencies.

use super::{CME, ICE_US, delivered};
use crate::futures::FuturesDraft;

const TWO_DAYS: &str = "2nd business day before 3rd Wednesday, 09:16 America/Chicago";

pub(super) fn drafts() -> Vec<FuturesDraft> {
    vec![
        delivered("6E", CME, "125000", "0.00005", "HMUZ + serial", TWO_DAYS)
            .known_as("EUR", "6E")
            .with_note("IB symbol is the currency, tradingClass and localSymbol carry 6E"),
        delivered("6B", CME, "62500", "0.0001", "HMUZ + serial", TWO_DAYS)
            .known_as("GBP", "6B")
            .with_note("IB symbol is the currency, tradingClass and localSymbol carry 6B"),
        delivered("6J", CME, "12500000", "0.0000005", "HMUZ + serial", TWO_DAYS)
            .known_as("JPY", "6J")
            .with_note("IB symbol is the currency, tradingClass and localSymbol carry 6J"),
        delivered("6A", CME, "100000", "0.00005", "HMUZ + serial", TWO_DAYS)
            .known_as("AUD", "6A")
            .medium()
            .with_note("IB symbol is the currency, tradingClass and localSymbol carry 6A"),
        delivered("6S", CME, "125000", "0.00005", "HMUZ + serial", TWO_DAYS)
            .known_as("CHF", "6S")
            .medium()
            .with_note("IB symbol is the currency, tradingClass and localSymbol carry 6S"),
        delivered("6N", CME, "100000", "0.00005", "HMUZ + serial", TWO_DAYS)
            .known_as("NZD", "6N")
            .medium()
            .with_note("IB symbol is the currency, tradingClass and localSymbol carry 6N"),
        delivered("6M", CME, "500000", "0.00001", "HMUZ + serial", TWO_DAYS)
            .known_as("MXP", "6M")
            .medium()
            .with_note("IB symbol is the currency, tradingClass and localSymbol carry 6M"),
        delivered(
            "6C",
            CME,
            "100000",
            "0.00005",
            "HMUZ + serial",
            "business day before 3rd Wednesday, 09:16 America/Chicago",
        )
        .known_as("CAD", "6C")
        .with_note("IB symbol CAD; one day later than the other currencies"),
        delivered("M6E", CME, "12500", "0.0001", "HMUZ", TWO_DAYS).medium(),
        delivered(
            "DX",
            ICE_US,
            "1000",
            "0.005",
            "HMUZ",
            "2 business days before 3rd Wednesday of contract month",
        )
        .medium(),
    ]
}
