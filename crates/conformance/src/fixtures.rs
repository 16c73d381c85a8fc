//! Values to test with: plain ones in any number, and awkward ones that adapters get wrong.
//!
//! Awkward is what the types allow and storage or wires rarely carry: the largest and finest decimals, several quotes
//! of one moment, one-sided quotes, negative prices, rebates, texts of any character, moments at both ends of time.
//!
//! Left out: randomness. The same values come every time.

mod accounts;
mod breaks;
mod contracts;
mod market;
mod orders;
mod switch;

pub use accounts::{
    alarms, awkward_audit_entries, awkward_performance, awkward_snapshots, plain_audit_entries,
    plain_performance, plain_snapshots,
};
pub use breaks::breaks;
pub use contracts::plain_contract;
pub use market::{
    awkward_bars, awkward_quotes, gaps, plain_bars, plain_quotes, quotes_of_one_moment, repriced,
};
pub use orders::{
    cleared_cancel, cleared_change, cleared_order, cleared_preview, every_input, every_intent,
    every_journal_entry, execution, held_order, short_life,
};

pub use switch::{kills, resume_of};

use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, Quantity, Symbol, Timestamp};

/// Symbols of every shape: short, with a space, of the greatest length, differing only in case.
pub const SYMBOLS: [&str; 7] =
    ["A", "AAPL", "aapl", "BRK B", "EUR.USD", "AAPL  250117C00150000", "'; DROP TABLE x; --%_\"\\{}"];

/// Texts that are hard to carry: empty, quotes, markup, line ends, no ASCII, beyond the basic plane, right to left,
/// a zero, long.
#[must_use]
pub fn awkward_texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "it's \"quoted\"; DROP TABLE orders; --",
        "<b>&amp;</b>\\n%s{}$1",
        "two\nlines\r\n\tand a tab",
        "Order abgelehnt: ungültiger Preis – naïve façade",
        "注文は拒否されました 📉🧨",
        "مرفوض e\u{301} \u{202e}",
        "a zero \0 inside",
        "NULL",
    ]
    .map(str::to_owned)
    .into();
    texts.push("long ".repeat(4_000));
    texts
}

/// A symbol from its text.
#[must_use]
pub fn symbol(text: &str) -> Symbol {
    Symbol::new(text).expect("fixtures use good symbols")
}

/// An account from its text.
#[must_use]
pub fn account(text: &str) -> AccountId {
    AccountId::new(text).expect("fixtures use good accounts")
}

/// An order key from its text.
#[must_use]
pub fn key(text: &str) -> OrderKey {
    OrderKey::new(text).expect("fixtures use good keys")
}

/// A decimal from its text.
#[must_use]
pub fn decimal(text: &str) -> Decimal {
    Decimal::from_str_exact(text).expect("fixtures use good numbers")
}

/// A price from its text.
#[must_use]
pub fn price(text: &str) -> Price {
    text.parse().expect("fixtures use good prices")
}

/// A quantity from its text.
#[must_use]
pub fn quantity(text: &str) -> Quantity {
    text.parse().expect("fixtures use good quantities")
}

/// So many seconds after 2013-01-02T14:30:00Z, when a session of 2013 opened.
#[must_use]
pub const fn moment(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(1_357_137_000_i64.saturating_add(seconds))
}
