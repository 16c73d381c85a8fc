//! In what of the broker's answers a difference is found, and by what it is ended.

use super::finding::List;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use time::Date;
use time::macros::format_description;
use tradeport_kernel::{AccountId, Currency};
use tradeport_portfolio::Statement;

/// The days that a statement speaks of. What it trades is of all of them, what it holds and has is of the end of the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StatedDays {
    /// The last.
    to: Date,
    /// The first.
    from: Date,
}

impl StatedDays {
    /// Of nobody knows which: every statement covers them.
    pub(super) const UNKNOWN: Self = Self { to: Date::MIN, from: Date::MAX };

    /// Those of a statement.
    #[must_use]
    pub const fn of(statement: &Statement) -> Self {
        Self { to: statement.to, from: statement.from }
    }

    /// From words, as they are shown.
    pub(super) fn read(words: &str) -> Option<Self> {
        let day = format_description!("[year]-[month]-[day]");
        let (from, to) = words.split_once(" to ")?;
        Some(Self { from: Date::parse(from, day).ok()?, to: Date::parse(to, day).ok()? })
    }

    /// Is every one of those days among these?
    fn cover(self, days: Self) -> bool {
        self.from <= days.from && !self.is_before(days)
    }

    /// Does the last of these come before the last of those?
    pub(super) fn is_before(self, days: Self) -> bool {
        self.to < days.to
    }
}

impl fmt::Display for StatedDays {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} to {}", self.from, self.to)
    }
}

/// What of the broker's answers a cause is found in, and is ended by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Open orders.
    Orders,
    /// Open orders and those that have ended.
    AllOrders,
    /// Executions, and orders beside them.
    Executions,
    /// What this account holds.
    Positions(AccountId),
    /// What this account has in cash in a currency, where what was told allows to reckon it; `None`: in every currency that there
    /// is, those too in which it has nothing.
    Cash(AccountId, Option<Currency>),
    /// The trades of a statement of this account.
    StatedTrades(AccountId, StatedDays),
    /// What a statement of this account holds.
    StatedPositions(AccountId, StatedDays),
    /// The cash of a statement of this account in a currency; `None`: in every one.
    StatedCash(AccountId, Option<Currency>, StatedDays),
    /// What could not be read of this list.
    Unread(List),
    /// No answer of the broker: a person ends it.
    Person,
}

impl Scope {
    /// The days of the statement that it is of.
    pub(super) const fn days(&self) -> Option<StatedDays> {
        match self {
            Self::StatedTrades(_, days) | Self::StatedPositions(_, days) | Self::StatedCash(_, _, days) => {
                Some(*days)
            }
            _ => None,
        }
    }

    /// Whoever has looked at this, does he know of a difference in that whether it is still there? An older statement says
    /// nothing of what a newer one found, and trades are in no statement but that of their days.
    fn settles(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Cash(account, None), Self::Cash(of, _)) => account == of,
            (Self::StatedTrades(account, days), Self::StatedTrades(of, found)) => {
                account == of && days.cover(*found)
            }
            (Self::StatedPositions(account, days), Self::StatedPositions(of, found)) => {
                account == of && !days.is_before(*found)
            }
            (Self::StatedCash(account, currency, days), Self::StatedCash(of, found_in, found)) => {
                account == of && (currency.is_none() || currency == found_in) && !days.is_before(*found)
            }
            _ => self == other,
        }
    }
}

/// What was looked at as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    at: BTreeSet<Scope>,
    /// By a login that manages these accounts alone; empty where nobody asked.
    login: BTreeSet<AccountId>,
}

impl Looked {
    /// Was enough looked at to know of a difference in this whether it is still there?
    #[must_use]
    pub fn at(&self, scope: &Scope) -> bool {
        self.at.iter().any(|looked| looked.settles(scope))
    }

    /// Does what was looked at tell of orders of this account? A login tells of those that it manages.
    pub(super) fn tells_of(&self, account: &AccountId) -> bool {
        self.login.is_empty() || self.login.contains(account)
    }

    pub(super) fn add(&mut self, scope: Scope) {
        self.at.insert(scope);
    }

    pub(super) fn by_login(&mut self, accounts: &BTreeSet<AccountId>) {
        self.login.clone_from(accounts);
    }
}
