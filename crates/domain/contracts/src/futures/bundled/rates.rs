//! Futures on bonds and interest rates.

use super::{CBOT, CME, EUREX, MONTH_END_BEFORE, cash, delivered};
use crate::futures::FuturesDraft;

const LONG_BOND: &str = "7th business day before last business day of contract month";
const MONTH_END: &str = "last business day of contract month";
const SOFR: &str = "business day before 3rd Wednesday of the 3rd month after the named month";
const BUND: &str =
    "2 exchange days before the 10th of contract month (or next exchange day) 12:30 Europe/Berlin";

pub(super) fn drafts() -> Vec<FuturesDraft> {
    vec![
        delivered("ZB", CBOT, "1000", "0.03125", "HMUZ", LONG_BOND)
            .noticed(MONTH_END_BEFORE)
            .with_note("1/32; trading ends 12:01 America/Chicago"),
        delivered("UB", CBOT, "1000", "0.03125", "HMUZ", LONG_BOND).noticed(MONTH_END_BEFORE),
        delivered("ZN", CBOT, "1000", "0.015625", "HMUZ", LONG_BOND)
            .noticed(MONTH_END_BEFORE)
            .with_note("1/64"),
        delivered("TN", CBOT, "1000", "0.015625", "HMUZ", LONG_BOND).noticed(MONTH_END_BEFORE),
        delivered("ZF", CBOT, "1000", "0.0078125", "HMUZ", MONTH_END)
            .noticed(MONTH_END_BEFORE)
            .with_note("1/128"),
        delivered("ZT", CBOT, "2000", "0.00390625", "HMUZ", MONTH_END)
            .noticed(MONTH_END_BEFORE)
            .with_note("1/256 since 2019-01; face 200000"),
        cash("ZQ", CBOT, "4167", "0.005", "F-Z", MONTH_END).medium().with_note("nearest month 0.0025"),
        cash("SR3", CME, "2500", "0.005", "HMUZ + serial", SOFR)
            .known_as("SOFR3", "SR3")
            .medium()
            .with_note("0.0025 for contracts within about 4 months of expiry; IB symbol SOFR3"),
        delivered("FGBL", EUREX, "1000", "0.01", "HMUZ", BUND).known_as("GBL", "FGBL").paid_in("EUR"),
        delivered("FGBM", EUREX, "1000", "0.01", "HMUZ", "as FGBL").known_as("GBM", "FGBM").paid_in("EUR"),
        delivered("FGBS", EUREX, "1000", "0.005", "HMUZ", "as FGBL").known_as("GBS", "FGBS").paid_in("EUR"),
        delivered("FGBX", EUREX, "1000", "0.02", "HMUZ", "as FGBL").known_as("GBX", "FGBX").paid_in("EUR"),
    ]
}
