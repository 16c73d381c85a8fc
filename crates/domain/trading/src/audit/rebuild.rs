//! Orders, verdicts and positions from the log alone, by code of its own.
//!
//! It reads texts and adds up numbers, and uses nothing of what judged, kept or moved the orders: no state machine, no
//! fills, no portfolio. What both come to must be the same, so a mistake in one of them shows.

use super::said::Said;
use super::{ACCOUNT_READ, FOREIGN_EXECUTION, Facts, LOG_BEGUN, SHARES_SPLIT};
use crate::{AuditEntry, AuditRecord};
use std::collections::BTreeMap;
use tradeport_kernel::Decimal;

/// What an intent says, as far as it is compared.
pub(super) const WORDS: [&str; 11] =
    ["account", "strategy", "side", "size", "symbol", "type", "limit", "trigger", "tif", "until", "parent"];

/// What the log comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    orders: BTreeMap<String, RebuiltOrder>,
    /// What each account holds: by the broker's word, and by everything that traded since.
    accounts: BTreeMap<String, BTreeMap<String, Decimal>>,
    foreign: BTreeMap<String, RebuiltExecution>,
    begun_after: u64,
    told: u64,
    /// What each record says that tells of one of the journal's.
    said: Vec<Said>,
}

/// An order as the log tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RebuiltOrder {
    /// What was wanted: names and values.
    pub words: Vec<(String, String)>,
    /// Where it stands.
    pub state: String,
    /// What the gate said, in order.
    pub verdicts: Vec<Verdict>,
    /// What traded, by the roots of the executions.
    pub executions: BTreeMap<String, RebuiltExecution>,
    /// What each execution cost, and in which currency.
    pub charges: BTreeMap<String, (Decimal, String)>,
    /// Costs of executions that nobody has seen yet, the latest last: they count once those are seen.
    waiting: Vec<(String, (Decimal, String))>,
}

/// So many costs wait for their executions; of more the oldest are dropped. It is the rule of whoever keeps orders, told a
/// second time.
const MOST_WAITING: usize = 1_000;

/// What a rule of the gate said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Did it let the order pass?
    pub passed: bool,
    /// Which rule.
    pub rule: String,
    /// What it saw.
    pub number: String,
    /// What it allows.
    pub limit: String,
}

/// A trade as the log tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuiltExecution {
    /// Which version of it counts.
    pub revision: u32,
    /// Whose.
    pub account: String,
    /// Of what.
    pub symbol: String,
    /// Bought above zero, sold below.
    pub signed: Decimal,
    /// At which price.
    pub price: Decimal,
    /// Does it count for what the order has filled?
    pub fills_order: bool,
    /// Does it change what the account holds?
    pub moves_position: bool,
}

/// A record that tells of an order and cannot be read, or that contradicts those before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {sequence}: {what}")]
pub struct Unreadable {
    /// Which record.
    pub sequence: u64,
    /// What is wrong.
    pub what: String,
}

impl RebuiltOrder {
    /// How much has traded.
    #[must_use]
    pub fn filled(&self) -> Decimal {
        self.of_the_order().map(|one| one.signed.abs()).sum()
    }

    /// What that cost by its prices: quantities times prices, added up.
    #[must_use]
    pub fn value(&self) -> Decimal {
        self.of_the_order().map(|one| one.signed.abs() * one.price).sum()
    }

    fn of_the_order(&self) -> impl Iterator<Item = &RebuiltExecution> {
        self.executions.values().filter(|one| one.fills_order)
    }

    /// What an execution cost was told; of one that nobody has seen it waits.
    fn charge(&mut self, root: &str, cost: (Decimal, String)) {
        if self.executions.contains_key(root) {
            self.charges.insert(root.to_owned(), cost);
            return;
        }
        self.waiting.retain(|(waits, _)| waits != root);
        self.waiting.push((root.to_owned(), cost));
        let too_many = self.waiting.len().saturating_sub(MOST_WAITING);
        self.waiting.drain(..too_many);
    }

    /// An execution is there now: what waited for it counts.
    fn charge_waiting(&mut self, root: &str) {
        if let Some(at) = self.waiting.iter().position(|(waits, _)| waits == root) {
            let (root, cost) = self.waiting.remove(at);
            self.charges.insert(root, cost);
        }
    }

    /// What it was charged, by currency.
    #[must_use]
    pub fn charged(&self) -> BTreeMap<String, Decimal> {
        let mut totals = BTreeMap::new();
        for (amount, currency) in self.charges.values() {
            *totals.entry(currency.clone()).or_insert(Decimal::ZERO) += *amount;
        }
        totals
    }
}

impl Rebuilt {
    /// Takes the next record of the log.
    pub fn take(&mut self, record: &AuditRecord) -> Result<(), Unreadable> {
        self.told_of(record).map_err(|what| Unreadable { sequence: record.sequence, what })
    }

    fn told_of(&mut self, record: &AuditRecord) -> Result<(), String> {
        let entry = &record.entry;
        let read = || entry.detail.parse::<Facts>().map_err(|cause| cause.to_string());
        if entry.action == LOG_BEGUN {
            self.begun_after = number(&read()?, "journal")?;
            self.told = self.begun_after;
        } else if entry.action == ACCOUNT_READ {
            self.accounts.insert(entry.subject.clone(), holdings(&read()?)?);
        } else if entry.action == FOREIGN_EXECUTION {
            let facts = read()?;
            let (root, execution) = execution(&facts)?;
            self.trade(None, root, execution);
        } else if entry.action == SHARES_SPLIT {
            // What accounts hold afterwards is told by their own records.
            self.next_of_journal(entry, &read()?)?;
        } else if entry.action.starts_with("order ")
            && let Ok(facts) = read()
            && facts.get("journal").is_some()
        {
            self.next_of_journal(entry, &facts)?;
            self.of_order(&entry.action, &entry.subject, &facts)?;
        }
        Ok(())
    }

    /// The log tells of every record of the journal, in order.
    fn next_of_journal(&mut self, entry: &AuditEntry, facts: &Facts) -> Result<(), String> {
        let journal: u64 = number(facts, "journal")?;
        if journal != self.told.saturating_add(1) {
            return Err(format!("it tells of journal record {journal}, and {} was told last", self.told));
        }
        self.told = journal;
        self.said.push(Said::of(&entry.action, &entry.subject, entry.at, facts));
        Ok(())
    }

    fn of_order(&mut self, action: &str, key: &str, facts: &Facts) -> Result<(), String> {
        if action == "order intended" {
            let words = facts.iter().filter(|(name, _)| WORDS.contains(name));
            let words = words.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            let order = RebuiltOrder { words, state: "recorded".to_owned(), ..RebuiltOrder::default() };
            return match self.orders.insert(key.to_owned(), order) {
                Some(_) => Err(format!("order {key} is intended twice")),
                None => Ok(()),
            };
        }
        let Some(order) = self.orders.get_mut(key) else {
            // Of an order that began before the log, only what it moves in the account counts.
            return match self.begun_after {
                0 => Err(format!("order {key} was never intended")),
                _ => self.moved_by_older(action, facts),
            };
        };
        if let Some(to) = facts.get("to") {
            let from = wanted(facts, "from")?;
            if order.state != from {
                return Err(format!("order {key} leaves the state {from}, and it was in {}", order.state));
            }
            to.clone_into(&mut order.state);
        }
        match action {
            "order approved" | "order refused by risk" => order.verdicts.extend(verdicts(facts)?),
            "order charged" => {
                let (root, amount) = (wanted(facts, "execution")?, number(facts, "amount")?);
                let currency = wanted(facts, "currency")?.to_owned();
                if facts.get("anomaly").is_none_or(|it| it != "OtherCurrency") {
                    order.charge(root, (amount, currency));
                }
            }
            "order executed" => {
                let (root, execution) = execution(facts)?;
                // On other terms it is no fill of the order, and moves the account all the same.
                let is_of_it = facts.get("anomaly").is_none_or(|it| it != "Foreign");
                self.trade(is_of_it.then_some(key), root, execution);
            }
            _ => {}
        }
        Ok(())
    }

    /// What each record says that tells of one of the journal's, from the first that the log tells of.
    pub(super) fn said(&self) -> &[Said] {
        &self.said
    }

    fn moved_by_older(&mut self, action: &str, facts: &Facts) -> Result<(), String> {
        if action == "order executed" {
            let (root, execution) = execution(facts)?;
            self.trade(None, root, execution);
        }
        Ok(())
    }

    /// Each counts once, at its highest revision.
    fn trade(&mut self, key: Option<&str>, root: String, execution: RebuiltExecution) {
        let known = match key {
            Some(key) => match self.orders.get_mut(key) {
                Some(order) => &mut order.executions,
                None => return,
            },
            None => &mut self.foreign,
        };
        if known.get(&root).is_some_and(|one| one.revision >= execution.revision) {
            return;
        }
        let before = known.insert(root.clone(), execution.clone());
        if let Some(order) = key.and_then(|key| self.orders.get_mut(key)) {
            order.charge_waiting(&root);
        }
        let moves =
            before.map(|one| (one, Decimal::NEGATIVE_ONE)).into_iter().chain([(execution, Decimal::ONE)]);
        for (one, times) in moves.filter(|(one, _)| one.moves_position) {
            if let Some(held) = self.accounts.get_mut(&one.account) {
                let held_of = held.entry(one.symbol).or_insert(Decimal::ZERO);
                *held_of += one.signed * times;
            }
        }
    }

    /// All orders, by their keys.
    #[must_use]
    pub const fn orders(&self) -> &BTreeMap<String, RebuiltOrder> {
        &self.orders
    }

    /// What each account holds now, and how much; nothing of what it holds no more. Known from the first time on that the
    /// broker was asked.
    #[must_use]
    pub fn holdings(&self, account: &str) -> Option<BTreeMap<String, Decimal>> {
        let held = self.accounts.get(account)?.iter().filter(|(_, quantity)| !quantity.is_zero());
        Some(held.map(|(symbol, quantity)| (symbol.clone(), *quantity)).collect())
    }

    /// What our orders have traded of each instrument in each account, sold subtracted from bought.
    #[must_use]
    pub fn traded(&self) -> BTreeMap<(String, String), Decimal> {
        let mut traded = BTreeMap::new();
        for one in self.orders.values().flat_map(|order| order.executions.values()) {
            if one.moves_position {
                *traded.entry((one.account.clone(), one.symbol.clone())).or_insert(Decimal::ZERO) +=
                    one.signed;
            }
        }
        traded
    }

    /// The journal's records up to this one were kept before the log told of them.
    #[must_use]
    pub const fn begun_after(&self) -> u64 {
        self.begun_after
    }

    /// The last record of the journal that the log tells of.
    #[must_use]
    pub const fn told(&self) -> u64 {
        self.told
    }
}

fn wanted<'a>(facts: &'a Facts, name: &str) -> Result<&'a str, String> {
    facts.get(name).ok_or_else(|| format!("it says nothing of its {name}"))
}

fn number<T: std::str::FromStr>(facts: &Facts, name: &str) -> Result<T, String> {
    let text = wanted(facts, name)?;
    text.parse().map_err(|_| format!("its {name} is {text:?}"))
}

fn execution(facts: &Facts) -> Result<(String, RebuiltExecution), String> {
    let quantity: Decimal = number(facts, "quantity")?;
    let signed = match wanted(facts, "side")? {
        "buy" => quantity,
        "sell" => -quantity,
        other => return Err(format!("its side is {other:?}")),
    };
    let part = wanted(facts, "part")?;
    let execution = RebuiltExecution {
        revision: number(facts, "revision")?,
        account: wanted(facts, "account")?.to_owned(),
        symbol: wanted(facts, "symbol")?.to_owned(),
        signed,
        price: number(facts, "price")?,
        fills_order: part != "leg",
        moves_position: part != "combo",
    };
    Ok((wanted(facts, "execution")?.to_owned(), execution))
}

/// Three facts for each rule: which, what it saw, what it allows.
fn verdicts(facts: &Facts) -> Result<Vec<Verdict>, String> {
    let passed = wanted(facts, "verdict")? == "approved";
    let told: Vec<(&str, &str)> =
        facts.iter().filter(|(name, _)| matches!(*name, "rule" | "number" | "limit")).collect();
    let (rules, rest) = told.as_chunks::<3>();
    let of = |[(rule, one), (number, two), (limit, three)]: &[(&str, &str); 3]| {
        ([*rule, *number, *limit] == ["rule", "number", "limit"]).then(|| Verdict {
            passed,
            rule: (*one).to_owned(),
            number: (*two).to_owned(),
            limit: (*three).to_owned(),
        })
    };
    let verdicts = rules.iter().map(of).collect::<Option<Vec<_>>>().filter(|_| rest.is_empty());
    verdicts.ok_or_else(|| "its verdict is not whole".to_owned())
}

fn holdings(facts: &Facts) -> Result<BTreeMap<String, Decimal>, String> {
    let mut held = BTreeMap::new();
    let mut symbol = None;
    for (name, value) in facts.iter() {
        match (name, symbol.take()) {
            ("symbol", _) => symbol = Some(value.to_owned()),
            ("quantity", Some(of)) => {
                let quantity = value.parse().map_err(|_| format!("it holds {value:?} of {of}"))?;
                held.insert(of, quantity);
            }
            _ => {}
        }
    }
    Ok(held)
}

#[cfg(test)]
mod tests;
