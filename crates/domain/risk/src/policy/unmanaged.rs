//! Limits of accounts that a broker does not manage: they limit nothing there.
//!
//! One file of settings may serve several brokers, so such a section is no mistake by itself; a slip of the pen in its name
//! would leave an account without the limits that somebody meant for it, and nobody would be told.

use super::RiskPolicy;
use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::AccountId;

/// So many letters may differ where one name is taken for a slip of the other.
const SLIPS: usize = 2;

/// A section of limits for an account that is not managed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmanaged {
    /// The account that the section names.
    pub account: AccountId,
    /// The managed account without limits of its own that may have been meant.
    pub meant: Option<AccountId>,
}

impl fmt::Display for Unmanaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "[risk.accounts.{}] limits nothing here: the broker manages no such account",
            self.account
        )?;
        match &self.meant {
            Some(meant) => write!(f, "; did you mean {meant}?"),
            None => Ok(()),
        }
    }
}

impl RiskPolicy {
    /// The sections for accounts that are none of these, which a broker manages; none where it manages no account at all, since
    /// then nobody knows.
    #[must_use]
    pub fn unmanaged(&self, managed: &[AccountId]) -> Vec<Unmanaged> {
        let sections = || self.limits().accounts.keys();
        let is = |one: &AccountId, other: &AccountId| one.as_str().eq_ignore_ascii_case(other.as_str());
        let dead = sections().filter(|_| !managed.is_empty());
        let dead = dead.filter(|section| !managed.iter().any(|account| is(account, section)));
        let free = managed.iter().filter(|account| !sections().any(|section| is(account, section)));
        let free: Vec<&AccountId> = free.collect();
        let of = |section: &AccountId| {
            let slips = free.iter().map(|account| (slips(section, account), *account));
            let nearest = slips.filter(|(slips, _)| *slips <= SLIPS).min();
            Unmanaged { account: section.clone(), meant: nearest.map(|(_, account)| account.clone()) }
        };
        dead.map(of).collect()
    }
}

/// How many letters must be changed, left out or put in to make one name of the other, or swapped with their neighbour.
fn slips(one: &AccountId, other: &AccountId) -> usize {
    let letters = |name: &AccountId| name.as_str().to_ascii_uppercase().into_bytes();
    let (one, other) = (letters(one), letters(other));
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, same) in other.iter().enumerate() {
            let changed = row[j] + usize::from(letter != same);
            let mut least = changed.min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *letter == other[j - 1] && one[i - 1] == *same {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{PolicyDraft, Tighter};

    fn id(name: &str) -> AccountId {
        AccountId::new(name).unwrap()
    }

    fn told(sections: &[&str], managed: &[&str]) -> Vec<String> {
        let accounts = sections.iter().map(|name| (id(name), Tighter::default())).collect();
        let policy = PolicyDraft { accounts, ..PolicyDraft::default() }.check().unwrap();
        let managed: Vec<AccountId> = managed.iter().map(|name| id(name)).collect();
        policy.unmanaged(&managed).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_section_for_an_account_that_is_not_managed_limits_nothing() {
        let words = "[risk.accounts.U1234567] limits nothing here: the broker manages no such account";
        assert_eq!(told(&["U1234567"], &["DU7654321"]), [words]);
        assert_eq!(told(&["du7654321"], &["DU7654321"]), [""; 0], "in capitals or not");
        assert_eq!(told(&["U1234567"], &[]), [""; 0], "nobody knows which are managed");
    }

    #[test]
    fn one_that_is_nearly_a_managed_account_names_it() {
        let meant = |section: &str, managed: &[&str]| {
            let told = told(&[section], managed).remove(0);
            told.split_once("did you mean ").map(|(_, meant)| meant.to_owned())
        };
        for slip in ["DU1234576", "DU123456", "DU12345677", "U1234567", "DU1234599", "DV1234568"] {
            assert_eq!(meant(slip, &["DU1234567"]).as_deref(), Some("DU1234567?"), "{slip}");
        }
        for other in ["DU1234890", "DU1234", "F1234567X"] {
            assert_eq!(meant(other, &["DU1234567"]), None, "{other}");
        }
        assert_eq!(meant("DU12", &["DU99", "DU13"]).as_deref(), Some("DU13?"), "the nearest");
    }

    #[test]
    fn an_account_that_has_its_own_section_was_not_meant() {
        let told = told(&["DU1234567", "DU1234568"], &["DU1234567"]);
        assert_eq!(
            told,
            ["[risk.accounts.DU1234568] limits nothing here: the broker manages no such account"]
        );
    }
}
