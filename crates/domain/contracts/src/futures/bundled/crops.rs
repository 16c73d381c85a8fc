//! Futures on grains, livestock and what else grows.

use super::{CBOT, CME, ICE_US, MONTH_END_BEFORE, cash, delivered};
use crate::futures::FuturesDraft;

const BEFORE_FIFTEENTH: &str = "business day before the 15th of contract month";
const CATTLE: &str = "last business day of contract month 12:00 America/Chicago";
const HOGS: &str = "10th business day of contract month 12:00 America/Chicago";
const FEEDERS: &str = "last Thursday of contract month (holiday exceptions)";
const COFFEE: &str = "8 business days before last business day of contract month";
const SUGAR: &str = "last business day of the month before the contract month";
const COTTON: &str = "17th last business day of contract month";
const COCOA: &str = "11 business days before last business day of contract month";

pub(super) fn drafts() -> Vec<FuturesDraft> {
    vec![
        delivered("ZC", CBOT, "5000", "0.25", "HKNUZ", BEFORE_FIFTEENTH)
            .in_cents()
            .noticed(MONTH_END_BEFORE)
            .with_note("quoted in cents per bushel; money = price/100 x 5000"),
        delivered("ZS", CBOT, "5000", "0.25", "FHKNQUX", BEFORE_FIFTEENTH)
            .in_cents()
            .noticed(MONTH_END_BEFORE)
            .with_note("cents"),
        delivered("ZW", CBOT, "5000", "0.25", "HKNUZ", BEFORE_FIFTEENTH)
            .in_cents()
            .noticed(MONTH_END_BEFORE)
            .with_note("cents"),
        delivered("KE", CBOT, "5000", "0.25", "HKNUZ", BEFORE_FIFTEENTH)
            .in_cents()
            .noticed(MONTH_END_BEFORE)
            .medium()
            .with_note("cents"),
        delivered("ZL", CBOT, "60000", "0.01", "FHKNQUVZ", BEFORE_FIFTEENTH)
            .in_cents()
            .noticed(MONTH_END_BEFORE)
            .with_note("cents per pound"),
        delivered("ZM", CBOT, "100", "0.1", "FHKNQUVZ", BEFORE_FIFTEENTH)
            .noticed(MONTH_END_BEFORE)
            .with_note("dollars per short ton"),
        delivered("LE", CME, "40000", "0.025", "GJMQVZ", CATTLE).in_cents().with_note("cents per pound"),
        cash("HE", CME, "40000", "0.025", "GJKMNQVZ", HOGS).in_cents().with_note("cents per pound"),
        cash("GF", CME, "50000", "0.025", "FHJKQUVX", FEEDERS).in_cents().with_note("cents per pound"),
        delivered("KC", ICE_US, "37500", "0.05", "HKNUZ", COFFEE)
            .in_cents()
            .noticed("7 business days before the 1st business day of contract month")
            .medium()
            .with_note("cents per pound"),
        delivered("SB", ICE_US, "112000", "0.01", "HKNV", SUGAR)
            .in_cents()
            .medium()
            .with_note("cents per pound"),
        delivered("CT", ICE_US, "50000", "0.01", "HKNVZ", COTTON)
            .in_cents()
            .noticed("5 business days before the 1st business day of contract month")
            .medium()
            .with_note("cents per pound"),
        delivered("CC", ICE_US, "10", "1", "HKNUZ", COCOA)
            .noticed("10 business days before the 1st business day of contract month")
            .medium(),
    ]
}
