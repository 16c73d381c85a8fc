//! Futures on share indices.

use super::{CBOT, CME, EUREX, HONG_KONG, ICE_LONDON, OSAKA, PARIS, SYDNEY, cash};
use crate::futures::FuturesDraft;

const AMERICAN: &str = "3rd Friday of contract month, 08:30 America/Chicago";
const OSAKA_SQ: &str = "business day before the 2nd Friday of contract month (or the business day before it)";
const DAX: &str = "3rd Friday of contract month 13:00 Europe/Berlin";
const HONG_KONG_END: &str = "2nd last business day of contract month";

pub(super) fn drafts() -> Vec<FuturesDraft> {
    vec![
        cash("ES", CME, "50", "0.25", "HMUZ", AMERICAN),
        cash("MES", CME, "5", "0.25", "HMUZ", AMERICAN),
        cash("NQ", CME, "20", "0.25", "HMUZ", AMERICAN),
        cash("MNQ", CME, "2", "0.25", "HMUZ", AMERICAN),
        cash("RTY", CME, "50", "0.1", "HMUZ", AMERICAN),
        cash("M2K", CME, "5", "0.1", "HMUZ", AMERICAN),
        cash("YM", CBOT, "5", "1", "HMUZ", AMERICAN),
        cash("MYM", CBOT, "0.5", "1", "HMUZ", AMERICAN).with_note("fractional multiplier"),
        cash("EMD", CME, "100", "0.1", "HMUZ", AMERICAN).medium(),
        cash("NKD", CME, "5", "5", "HMUZ", OSAKA_SQ).medium(),
        cash("FDAX", EUREX, "25", "1", "HMUZ", DAX)
            .known_as("DAX", "FDAX")
            .paid_in("EUR")
            .with_note("tick was 0.5 in older data; three DAX sizes share symbol and month"),
        cash("FDXM", EUREX, "5", "1", "HMUZ", DAX).known_as("DAX", "FDXM").paid_in("EUR"),
        cash("FDXS", EUREX, "1", "1", "HMUZ", DAX).known_as("DAX", "FDXS").paid_in("EUR"),
        cash("FESX", EUREX, "10", "1", "HMUZ", "3rd Friday of contract month 12:00 Europe/Berlin")
            .known_as("ESTX50", "FESX")
            .paid_in("EUR"),
        cash("Z", ICE_LONDON, "10", "0.5", "HMUZ", "3rd Friday of contract month 10:15 Europe/London")
            .paid_in("GBP")
            .medium(),
        cash("FCE", PARIS, "10", "0.5", "F-Z near + HMUZ", "3rd Friday of contract month 16:00 Europe/Paris")
            .known_as("CAC40", "FCE")
            .paid_in("EUR")
            .medium(),
        cash("HSI", HONG_KONG, "50", "1", "F-Z", HONG_KONG_END).paid_in("HKD"),
        cash("MHI", HONG_KONG, "10", "1", "F-Z", HONG_KONG_END).paid_in("HKD"),
        cash("NK225", OSAKA, "1000", "10", "HMUZ", OSAKA_SQ)
            .known_as("N225", "225")
            .paid_in("JPY")
            .medium()
            .with_note("live API data for OSE is not available; tradingClass unconfirmed"),
        cash("NK225M", OSAKA, "100", "5", "F-Z", OSAKA_SQ)
            .known_as("N225M", "225M")
            .paid_in("JPY")
            .medium()
            .with_note("tradingClass unconfirmed"),
        cash("SPI", SYDNEY, "25", "1", "HMUZ", "3rd Thursday of contract month")
            .known_as("SPI", "AP")
            .paid_in("AUD")
            .medium(),
    ]
}
