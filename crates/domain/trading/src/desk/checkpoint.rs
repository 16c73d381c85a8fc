//! Checkpoints: where replaying the journal may start from, so that a desk opens at once however long its journal is.
//!
//! A checkpoint names the orders that must be in memory once everything up to its place was replayed: those that may trade,
//! the families they wait for, and those that ended last. It holds no order: each is replayed from its own records, by the
//! code that replays everything, so there is no second way to make one. Orders that it leaves out have ended, and are recalled
//! from their records when somebody names them. What it alone says are the counters that every order has a part in.
//!
//! It is thrown away when it is damaged, of another version, or of another journal.

use super::brackets::{Shares, Sides};
use super::day_count::DayCount;
use crate::hex::hex;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::str::FromStr;
use tradeport_kernel::{AccountId, Decimal, OrderKey, StrategyId, Symbol, Timestamp};
use tradeport_orders::{JournalCheckpoint, JournalRecord};

/// The way it is written, and the version of the program, whose rules say which orders have ended.
const HEADER: &str = concat!("journal checkpoint 4 by ", env!("CARGO_PKG_VERSION"));

/// What a desk must have in memory, and what counts every order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Checkpoint {
    /// The last record that it stands for.
    pub(super) sequence: u64,
    /// No order that it leaves out was touched after that; `None` when it leaves none out.
    pub(super) forgotten: Option<Timestamp>,
    /// How many orders each account has sent in a day.
    pub(super) orders_of_day: BTreeMap<AccountId, DayCount>,
    /// The same of each strategy in each account.
    pub(super) days: BTreeMap<(AccountId, StrategyId), DayCount>,
    /// What each strategy has traded in each account, sold subtracted from bought.
    pub(super) traded: BTreeMap<(AccountId, StrategyId, Symbol), Decimal>,
    /// The orders that were sent lately, and when.
    pub(super) recent: Vec<(Timestamp, OrderKey)>,
    /// Orders that may trade, by their keys.
    pub(super) live: Vec<OrderKey>,
    /// Orders that have ended and are to be in memory all the same, by their keys.
    pub(super) ended: Vec<OrderKey>,
    /// The entries of brackets, by their accounts and instruments, and whose the positions are.
    pub(super) brackets: BTreeMap<(AccountId, Symbol), (Shares, Vec<OrderKey>)>,
}

/// Why a checkpoint cannot be used. The whole journal is replayed then, which comes to the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Misfit {
    /// Something in it was changed or cut off.
    #[error("it is damaged")]
    Damaged,
    /// Another program wrote it.
    #[error("it was written by another version: {0:?}")]
    Version(String),
    /// It is of another journal, or that one was restored to an earlier day.
    #[error("record {0} of the journal is not the one that it was made at")]
    OtherJournal(u64),
    /// The records of an order come to something else than what it says of it.
    #[error("order {0} is not what it says")]
    OtherOrder(OrderKey),
}

impl Checkpoint {
    /// As it is kept; `last` is the record that it was made at.
    pub(super) fn sealed(&self, last: &JournalRecord) -> JournalCheckpoint {
        let mut document = format!("{HEADER}\nat {} {}\n", self.sequence, fingerprint(last));
        self.write(&mut document).expect("writing to a text does not fail");
        let sum = hex(&Sha256::digest(document.as_bytes()));
        document.push_str("sum ");
        document.push_str(&sum);
        JournalCheckpoint { sequence: self.sequence, document }
    }

    fn write(&self, document: &mut String) -> fmt::Result {
        if let Some(until) = self.forgotten {
            writeln!(document, "forgotten {}", until.nanos())?;
        }
        for (account, count) in &self.orders_of_day {
            writeln!(document, "day {account} {count}")?;
        }
        for ((account, strategy), count) in &self.days {
            writeln!(document, "strategy-day {account} {strategy} {count}")?;
        }
        for ((account, strategy, symbol), sum) in &self.traded {
            // The name of an instrument may have spaces in it.
            writeln!(document, "traded {account} {strategy} {sum} {symbol}")?;
        }
        for (at, key) in &self.recent {
            writeln!(document, "sent {} {key}", at.nanos())?;
        }
        self.live.iter().try_for_each(|key| writeln!(document, "live {key}"))?;
        self.ended.iter().try_for_each(|key| writeln!(document, "ended {key}"))?;
        for ((account, symbol), (Shares { beside, theirs }, entries)) in &self.brackets {
            let (Sides { bought, sold }, Sides { bought: long, sold: short }) = (beside, theirs);
            writeln!(document, "shares {account} {bought} {sold} {long} {short} {symbol}")?;
            entries.iter().try_for_each(|key| writeln!(document, "bracket {account} {key} {symbol}"))?;
        }
        Ok(())
    }

    /// What was kept, if it is whole, of this version, and of the journal whose record at its place is `last`.
    pub(super) fn unsealed(kept: &JournalCheckpoint, last: Option<&JournalRecord>) -> Result<Self, Misfit> {
        let header = kept.document.lines().next().unwrap_or_default();
        if header != HEADER {
            return Err(Misfit::Version(header.chars().take(80).collect()));
        }
        let (body, sum) = kept.document.rsplit_once("sum ").ok_or(Misfit::Damaged)?;
        if hex(&Sha256::digest(body.as_bytes())) != sum {
            return Err(Misfit::Damaged);
        }
        let mut lines = body.lines().skip(1);
        let at = lines.next().and_then(|line| line.strip_prefix("at ")).ok_or(Misfit::Damaged)?;
        let (sequence, print) = pair::<u64, String>(at)?;
        let mut found = Self { sequence, ..Self::default() };
        lines.try_for_each(|line| found.read(line))?;
        let fits = last.is_some_and(|last| last.sequence == sequence && fingerprint(last) == print);
        if !fits || sequence != kept.sequence {
            return Err(Misfit::OtherJournal(kept.sequence));
        }
        Ok(found)
    }

    fn read(&mut self, line: &str) -> Result<(), Misfit> {
        let (word, rest) = line.split_once(' ').ok_or(Misfit::Damaged)?;
        match word {
            "forgotten" => self.forgotten = Some(Timestamp::from_nanos(one(rest)?)),
            "day" => {
                let (account, count) = pair(rest)?;
                self.orders_of_day.insert(account, count);
            }
            "strategy-day" => {
                let (account, rest) = pair::<_, String>(rest)?;
                let (strategy, count) = pair(&rest)?;
                self.days.insert((account, strategy), count);
            }
            "traded" => {
                let (account, rest) = pair::<_, String>(rest)?;
                let (strategy, rest) = pair::<_, String>(&rest)?;
                let (sum, symbol) = pair(&rest)?;
                self.traded.insert((account, strategy, symbol), sum);
            }
            "sent" => {
                let (at, key) = pair(rest)?;
                self.recent.push((Timestamp::from_nanos(at), key));
            }
            "live" => self.live.push(one(rest)?),
            "ended" => self.ended.push(one(rest)?),
            "shares" => {
                let (account, rest) = pair::<_, String>(rest)?;
                let (bought, rest) = pair::<_, String>(&rest)?;
                let (sold, rest) = pair::<_, String>(&rest)?;
                let (long, rest) = pair::<_, String>(&rest)?;
                let (short, symbol) = pair(&rest)?;
                let beside = Sides { bought, sold };
                let theirs = Sides { bought: long, sold: short };
                self.brackets.insert((account, symbol), (Shares { beside, theirs }, Vec::new()));
            }
            "bracket" => {
                let (account, rest) = pair::<_, String>(rest)?;
                let (entry, symbol) = pair(&rest)?;
                let group = self.brackets.get_mut(&(account, symbol)).ok_or(Misfit::Damaged)?;
                group.1.push(entry);
            }
            _ => return Err(Misfit::Damaged),
        }
        Ok(())
    }
}

fn one<T: FromStr>(text: &str) -> Result<T, Misfit> {
    text.parse().map_err(|_| Misfit::Damaged)
}

pub(super) fn pair<T: FromStr, U: FromStr>(text: &str) -> Result<(T, U), Misfit> {
    let (first, second) = text.split_once(' ').ok_or(Misfit::Damaged)?;
    Ok((one(first)?, one(second)?))
}

/// Tells this record from every other at its place; the same program always comes to the same.
fn fingerprint(record: &JournalRecord) -> String {
    hex(&Sha256::digest(format!("{record:?}").as_bytes()))
}

#[cfg(test)]
mod tests;
