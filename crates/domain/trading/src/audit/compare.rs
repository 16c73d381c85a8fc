//! Holding what the log comes to against the journal.

use super::lines::intended;
use super::rebuild::WORDS;
use super::{FactLine, Facts, JournalWitness, Rebuilt, RebuiltOrder};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tradeport_kernel::Decimal;
use tradeport_orders::{Order, OrderIntent};

/// The log and the journal do not agree on something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Of what: an order's key, an account with an instrument, the journal.
    pub subject: String,
    /// In what.
    pub what: &'static str,
    /// What the log comes to.
    pub log: String,
    /// What the other comes to.
    pub other: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} is {} by the log, and {} otherwise", self.subject, self.what, self.log, self.other)
    }
}

/// Everything in which the log and the journal differ.
#[must_use]
pub fn compare(log: &Rebuilt, journal: &JournalWitness) -> Vec<Difference> {
    let mut found = Differences::default();
    found.of("journal", "last record", log.told(), journal.last());
    let mut seen = BTreeSet::new();
    for order in journal.orders() {
        let key = order.intent().key();
        seen.insert(key.as_str());
        match log.orders().get(key.as_str()) {
            Some(told) => found.of_order(told, order, journal),
            None => found.of(key.as_str(), "order", "missing", "there"),
        }
    }
    for key in log.orders().keys().filter(|key| !seen.contains(key.as_str())) {
        found.of(key, "order", "there", "missing");
    }
    found.of_positions(&log.traded(), &journal.traded());
    // Last: what follows from a record is better told by itself.
    let said = (journal.first()..).zip(log.said().iter().zip(journal.said()));
    for (sequence, (told, kept)) in said.filter(|(_, (told, kept))| told != kept) {
        found.of(&format!("journal record {sequence}"), "what it says", *told, *kept);
    }
    found.0
}

#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn of<T>(&mut self, subject: &str, what: &'static str, log: T, other: T)
    where
        T: PartialEq + fmt::Display,
    {
        if log != other {
            let (log, other) = (log.to_string(), other.to_string());
            self.0.push(Difference { subject: subject.to_owned(), what, log, other });
        }
    }

    fn of_order(&mut self, told: &RebuiltOrder, order: &Order, journal: &JournalWitness) {
        let key = order.intent().key();
        let words = |words: &[(String, String)]| {
            words.iter().fold(Facts::default(), |facts, (name, value)| facts.with(name, value)).to_string()
        };
        self.of(key.as_str(), "wording", words(&told.words), words(&words_of(order.intent())));
        self.of(key.as_str(), "state", told.state.as_str(), order.state().as_str());
        self.of(key.as_str(), "filled quantity", told.filled(), order.filled());
        let average = told.value().checked_div(told.filled()).map(|price| price.round_dp(12).normalize());
        let known = order.average_price().map(|price| price.as_decimal().normalize());
        let shown = |price: Option<Decimal>| price.map_or_else(|| "none".to_owned(), |it| it.to_string());
        self.of(key.as_str(), "average price", shown(average), shown(known));
        let mut charged: BTreeMap<String, Decimal> = BTreeMap::new();
        for amount in order.commissions() {
            *charged.entry(amount.currency().to_string()).or_default() += amount.amount();
        }
        self.of(key.as_str(), "commissions", sums(&told.charged()), sums(&charged));
        self.of(key.as_str(), "verdict", verdicts(&told.verdicts), verdicts(journal.verdicts(key)));
    }

    fn of_positions(
        &mut self,
        log: &BTreeMap<(String, String), Decimal>,
        journal: &BTreeMap<(String, String), Decimal>,
    ) {
        let all: BTreeSet<_> = log.keys().chain(journal.keys()).collect();
        for (account, symbol) in all {
            let of = |side: &BTreeMap<(String, String), Decimal>| {
                side.get(&(account.clone(), symbol.clone())).copied().unwrap_or_default()
            };
            self.of(&format!("{account} {symbol}"), "traded quantity", of(log), of(journal));
        }
    }
}

fn words_of(intent: &OrderIntent) -> Vec<(String, String)> {
    let facts = intended(FactLine::default(), intent).into_facts();
    let said = facts.iter().filter(|(name, _)| WORDS.contains(name));
    said.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn sums(totals: &BTreeMap<String, Decimal>) -> String {
    let shown: Vec<_> = totals.iter().map(|(unit, sum)| format!("{} {unit}", sum.normalize())).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(" and ") }
}

fn verdicts(all: &[super::Verdict]) -> String {
    let one = |it: &super::Verdict| {
        let word = if it.passed { "passed" } else { "stopped" };
        format!("{} {word} with {} of {}", it.rule, it.number, it.limit)
    };
    let shown: Vec<_> = all.iter().map(one).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join("; ") }
}
