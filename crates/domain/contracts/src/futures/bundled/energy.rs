//! Futures on crude oil, its products and gas.

use super::{ICE_ENERGY, NYMEX, cash, delivered};
use crate::futures::FuturesDraft;

const MONTH_BEFORE: &str = "last business day of the month before the contract month";
const BRENT: &str =
    "last business day of the 2nd month before the contract month (in December the one before)";
const CRUDE: &str = "3 business days before the 25th of the month before the contract month \
    (if the 25th is no business day: 3 business days before the business day that precedes it)";

pub(super) fn drafts() -> Vec<FuturesDraft> {
    vec![
        delivered("CL", NYMEX, "1000", "0.01", "F-Z", CRUDE),
        cash("MCL", NYMEX, "100", "0.01", "F-Z", "1 business day before the CL last trade day"),
        cash("QM", NYMEX, "500", "0.025", "F-Z", "1 business day before the CL last trade day"),
        delivered(
            "NG",
            NYMEX,
            "10000",
            "0.001",
            "F-Z",
            "3 business days before the 1st day of contract month",
        ),
        cash("QG", NYMEX, "2500", "0.005", "F-Z", "1 business day before the NG last trade day"),
        delivered("RB", NYMEX, "42000", "0.0001", "F-Z", MONTH_BEFORE),
        delivered("HO", NYMEX, "42000", "0.0001", "F-Z", MONTH_BEFORE),
        cash("BZ", NYMEX, "1000", "0.01", "F-Z", BRENT).medium(),
        cash("BRN", ICE_ENERGY, "1000", "0.01", "F-Z", BRENT)
            .known_as("COIL", "COIL")
            .medium()
            .with_note("ICE Brent; IB symbol COIL"),
    ]
}
