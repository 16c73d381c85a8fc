//! What may be traded at all, and how.
//!
//! Left out: what the broker permits. It says so itself when an order is previewed or sent.

use crate::NotAPolicy;
use serde::{Deserialize, Serialize};
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{Currency, Symbol};
use tradeport_orders::{OrderKind, TimeInForce};

/// What may be traded, and how; a list that is absent allows all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Permissions {
    /// These symbols alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub symbols: Option<Vec<String>>,
    /// None of these, nor what is derived from them.
    pub not_symbols: Vec<String>,
    /// These kinds of instrument alone, by their words: `stock`, `option`, `future`, `forex`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instruments: Option<Vec<String>>,
    /// Instruments in these currencies alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currencies: Option<Vec<String>>,
    /// These kinds of order alone, by their short names: `MKT`, `LMT`, `STP`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_kinds: Option<Vec<String>>,
    /// These times in force alone: `DAY`, `GTC`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub times_in_force: Option<Vec<String>>,
    /// May an order trade outside of regular sessions?
    pub outside_sessions: bool,
    /// May a position be short, a leg of a combo as well?
    pub short_sales: bool,
    /// May a position be held overnight? If not, what makes one larger stands for the session at most, and comes before
    /// its last minutes.
    pub overnight: bool,
    /// How many minutes before the end of the session positions may no longer grow, where none is held overnight.
    pub flat_minutes: u16,
}

impl Default for Permissions {
    fn default() -> Self {
        Self {
            symbols: None,
            not_symbols: Vec::new(),
            instruments: None,
            currencies: None,
            order_kinds: None,
            times_in_force: None,
            outside_sessions: true,
            short_sales: true,
            overnight: true,
            flat_minutes: 15,
        }
    }
}

impl Permissions {
    /// Refuses lists that allow nothing, and what contradicts itself.
    pub(super) fn check(&self) -> Result<(), NotAPolicy> {
        for (list, allowed) in [
            ("permissions.symbols", &self.symbols),
            ("permissions.instruments", &self.instruments),
            ("permissions.currencies", &self.currencies),
            ("permissions.order_kinds", &self.order_kinds),
            ("permissions.times_in_force", &self.times_in_force),
        ] {
            if allowed.as_ref().is_some_and(Vec::is_empty) {
                return Err(NotAPolicy::new(
                    list,
                    "empty",
                    "absent to allow all, or a list of what is allowed",
                ));
            }
        }
        for (list, names) in [
            ("permissions.symbols", self.symbols.as_ref()),
            ("permissions.not_symbols", Some(&self.not_symbols)),
        ] {
            let wrong = names.into_iter().flatten().find(|name| Symbol::new(name).is_err());
            refuse(list, wrong, "a symbol as orders name it, such as AAPL: it would never match")?;
        }
        let wrong = self.currencies.iter().flatten().find(|name| name.parse::<Currency>().is_err());
        refuse("permissions.currencies", wrong, "three capital letters, such as USD: it would never match")?;
        known(
            "permissions.instruments",
            self.instruments.as_ref(),
            &InstrumentKind::ALL.map(InstrumentKind::word),
        )?;
        known("permissions.order_kinds", self.order_kinds.as_ref(), &OrderKind::NAMES)?;
        known("permissions.times_in_force", self.times_in_force.as_ref(), &TimeInForce::NAMES)?;
        let allowed = self.symbols.iter().flatten();
        match allowed.clone().find(|symbol| self.not_symbols.iter().any(|other| same_symbol(other, symbol))) {
            Some(symbol) => {
                let expected = "either allowed or not: it stands in permissions.not_symbols as well";
                Err(NotAPolicy::new("permissions.symbols", symbol, expected))
            }
            None => self.check_overnight(),
        }
    }

    fn check_overnight(&self) -> Result<(), NotAPolicy> {
        if self.overnight && self.flat_minutes != Self::default().flat_minutes {
            let expected = "absent, or with overnight = false: it would never bind";
            return Err(NotAPolicy::new("permissions.flat_minutes", self.flat_minutes.to_string(), expected));
        }
        let lasting = |list: &Vec<String>| list.iter().all(|name| !ends_with_its_session(name));
        if !self.overnight && self.times_in_force.as_ref().is_some_and(lasting) {
            let expected = "such that one of them ends with its session, since overnight is false";
            return Err(NotAPolicy::new(
                "permissions.times_in_force",
                self.times_in_force.iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", "),
                expected,
            ));
        }
        Ok(())
    }
}

/// Do two names mean one symbol? However they are written: brokers know none that differ in that alone.
pub(crate) const fn same_symbol(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

fn refuse(list: &str, wrong: Option<&String>, expected: &str) -> Result<(), NotAPolicy> {
    wrong.map_or(Ok(()), |name| Err(NotAPolicy::new(list, format!("{name:?}"), expected)))
}

/// A name that nobody knows would never allow anything.
fn known(list: &str, allowed: Option<&Vec<String>>, names: &[&str]) -> Result<(), NotAPolicy> {
    match allowed.into_iter().flatten().find(|name| !names.contains(&name.as_str())) {
        Some(name) => Err(NotAPolicy::new(list, name, format!("one of {}", names.join(", ")))),
        None => Ok(()),
    }
}

/// Is an order of this time in force gone when its session ends?
pub(crate) fn ends_with_its_session(time_in_force: &str) -> bool {
    matches!(time_in_force, "DAY" | "IOC" | "FOK" | "AUC" | "Minutes")
}
