//! Currencies and the pairs of them that are traded.
//!
//! A pair is priced by what both are worth in US dollars, so that going round through three pairs gains nothing but
//! their spreads.

/// A currency, by what one unit is worth in US dollars.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) struct Coinage {
    /// Part of the contract ids: from 0 to 99, never changed.
    pub(in crate::house) number: i64,
    pub(in crate::house) code: &'static str,
    pub(in crate::house) name: &'static str,
    /// In US dollars, on about 2013-03-01.
    pub(in crate::house) reference: &'static str,
    /// Percent a year, against the US dollar.
    pub(in crate::house) volatility: u8,
}

const fn of(
    number: i64,
    code: &'static str,
    name: &'static str,
    reference: &'static str,
    volatility: u8,
) -> Coinage {
    Coinage { number, code, name, reference, volatility }
}

const CURRENCIES: &[Coinage] = &[
    of(0, "USD", "US dollar", "1", 0),
    of(1, "EUR", "Euro", "1.3020", 8),
    of(2, "GBP", "Pound sterling", "1.5030", 9),
    of(3, "JPY", "Japanese yen", "0.010688", 10),
    of(4, "CHF", "Swiss franc", "1.0590", 8),
    of(5, "AUD", "Australian dollar", "1.0200", 10),
    of(6, "NZD", "New Zealand dollar", "0.8250", 11),
    of(7, "CAD", "Canadian dollar", "0.9730", 7),
    of(8, "SEK", "Swedish krona", "0.1554", 10),
    of(9, "NOK", "Norwegian krone", "0.1740", 11),
    of(10, "DKK", "Danish krone", "0.1746", 8),
    of(11, "HKD", "Hong Kong dollar", "0.1289", 1),
    of(12, "SGD", "Singapore dollar", "0.8060", 5),
    of(13, "CNH", "Renminbi, offshore", "0.1608", 4),
    of(14, "MXN", "Mexican peso", "0.0783", 12),
    of(15, "ZAR", "South African rand", "0.1105", 15),
    of(16, "PLN", "Polish zloty", "0.3140", 12),
    of(17, "ILS", "Israeli shekel", "0.2690", 8),
];

/// Base and quote.
const PAIRS: &[(&str, &str)] = &[
    ("EUR", "USD"),
    ("GBP", "USD"),
    ("AUD", "USD"),
    ("NZD", "USD"),
    ("USD", "JPY"),
    ("USD", "CHF"),
    ("USD", "CAD"),
    ("USD", "SEK"),
    ("USD", "NOK"),
    ("USD", "DKK"),
    ("USD", "HKD"),
    ("USD", "SGD"),
    ("USD", "CNH"),
    ("USD", "MXN"),
    ("USD", "ZAR"),
    ("USD", "PLN"),
    ("USD", "ILS"),
    ("EUR", "GBP"),
    ("EUR", "CHF"),
    ("EUR", "JPY"),
    ("EUR", "AUD"),
    ("EUR", "NZD"),
    ("EUR", "CAD"),
    ("EUR", "SEK"),
    ("EUR", "NOK"),
    ("EUR", "DKK"),
    ("EUR", "PLN"),
    ("GBP", "JPY"),
    ("GBP", "CHF"),
    ("GBP", "AUD"),
    ("GBP", "NZD"),
    ("GBP", "CAD"),
    ("AUD", "JPY"),
    ("AUD", "CHF"),
    ("AUD", "NZD"),
    ("AUD", "CAD"),
    ("NZD", "JPY"),
    ("NZD", "CHF"),
    ("NZD", "CAD"),
    ("CAD", "JPY"),
    ("CAD", "CHF"),
    ("CHF", "JPY"),
    ("SGD", "JPY"),
    ("CNH", "JPY"),
];

/// A pair that is traded.
#[derive(Clone, Copy, Debug)]
pub(in crate::house) struct Pair {
    pub(in crate::house) base: &'static Coinage,
    pub(in crate::house) quote: &'static Coinage,
}

impl Coinage {
    pub(in crate::house) fn find(code: &str) -> Option<&'static Self> {
        CURRENCIES.iter().find(|currency| currency.code == code)
    }
}

impl Pair {
    /// All of them, the majors first.
    pub(in crate::house) fn all() -> impl Iterator<Item = Self> {
        PAIRS.iter().filter_map(|(base, quote)| {
            Some(Self { base: Coinage::find(base)?, quote: Coinage::find(quote)? })
        })
    }

    /// The smallest step between two prices: half a pip.
    pub(in crate::house) fn step(self) -> &'static str {
        if self.quote.code == "JPY" { "0.005" } else { "0.00005" }
    }

    pub(in crate::house) fn name(self) -> String {
        format!("{} in {}", self.base.name, self.quote.name)
    }
}

/// Every currency: its code, what it is worth in US dollars, and how much that moves in percent a year.
pub(in crate::house) fn currencies() -> impl Iterator<Item = (&'static str, &'static str, u8)> {
    CURRENCIES.iter().map(|it| (it.code, it.reference, it.volatility))
}
