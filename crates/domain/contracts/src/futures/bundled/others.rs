//! Futures on volatility and on crypto currencies.

use super::{CFE, CME_CRYPTO, EUREX, cash};
use crate::futures::FuturesDraft;

const LAST_FRIDAY: &str = "last Friday of contract month 16:00 Europe/London";
const VIX: &str = "Wednesday 30 days before the 3rd Friday of the following month, 08:00 America/Chicago";
const VSTOXX: &str = "Wednesday 30 days before the index option expiry of the next month 12:00 Europe/Berlin";

pub(super) fn drafts() -> Vec<FuturesDraft> {
    vec![
        cash("VX", CFE, "1000", "0.05", "F-Z + weeklies", VIX).known_as("VIX", "VX").with_note(
            "IB symbol VIX; weeklies have tradingClass VX01..; if that Friday is a holiday, \
30 days before the day before it",
        ),
        cash("VXM", CFE, "100", "0.01", "F-Z + weeklies", "as VX").medium(),
        cash("FVS", EUREX, "100", "0.05", "F-Z", VSTOXX).known_as("V2TX", "FVS").paid_in("EUR").medium(),
        cash("BTC", CME_CRYPTO, "5", "5", "F-Z", LAST_FRIDAY)
            .known_as("BRR", "BTC")
            .medium()
            .with_note("IB symbol BRR"),
        cash("MBT", CME_CRYPTO, "0.1", "5", "F-Z", LAST_FRIDAY).medium(),
        cash("ETH", CME_CRYPTO, "50", "0.5", "F-Z", LAST_FRIDAY)
            .known_as("ETHUSDRR", "ETH")
            .medium()
            .with_note("IB symbol ETHUSDRR"),
    ]
}
