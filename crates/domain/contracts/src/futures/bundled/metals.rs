//! Futures on metals.

use super::{COMEX, MONTH_END_BEFORE, NYMEX, cash, delivered};
use crate::futures::FuturesDraft;

const THIRD_LAST: &str = "3rd last business day of contract month";

pub(super) fn drafts() -> Vec<FuturesDraft> {
    vec![
        delivered("GC", COMEX, "100", "0.1", "GJMQVZ + serial", THIRD_LAST).noticed(MONTH_END_BEFORE),
        delivered("MGC", COMEX, "10", "0.1", "GJMQVZ", THIRD_LAST).noticed(MONTH_END_BEFORE),
        delivered("SI", COMEX, "5000", "0.005", "HKNUZ + serial", THIRD_LAST)
            .noticed(MONTH_END_BEFORE)
            .with_note("same IB symbol as SIL: tell apart by multiplier or tradingClass"),
        delivered("SIL", COMEX, "1000", "0.005", "HKNUZ", THIRD_LAST)
            .known_as("SI", "SIL")
            .noticed(MONTH_END_BEFORE)
            .medium()
            .with_note("micro silver; IB symbol is SI"),
        delivered("HG", COMEX, "25000", "0.0005", "HKNUZ + serial", THIRD_LAST).noticed(MONTH_END_BEFORE),
        cash(
            "MHG",
            COMEX,
            "2500",
            "0.0005",
            "HKNUZ + serial",
            "3rd last business day of the month before the contract month",
        )
        .medium(),
        delivered("PL", NYMEX, "50", "0.1", "FJNV", THIRD_LAST).noticed(MONTH_END_BEFORE),
        delivered("PA", NYMEX, "100", "0.5", "HMUZ", THIRD_LAST)
            .noticed(MONTH_END_BEFORE)
            .low()
            .with_note("an older LEAN table has tick 0.05"),
    ]
}
