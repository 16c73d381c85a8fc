//! What a broker asks to be set aside for a contract: data with an age, never a constant.
//!
//! Brokers change margins daily and within the day, and ask different sums of different accounts. So nothing here is
//! bundled: a requirement comes from the broker's answer to a what-if question, and is worth as much as it is young.
//!
//! Left out: asking the broker, and margin of whole portfolios, in which positions offset each other.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::{Decimal, Money, MoneyError, Quantity, Symbol, Timestamp};

const LONGEST_SOURCE: usize = 80;

/// What one contract takes, when that was said, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "MarginDraft", into = "MarginDraft")]
pub struct MarginRequirement(MarginDraft);

/// The fields of a requirement, before they are checked.
///
/// ```
/// use tradeport_contracts::futures::{MarginDraft, MarginRequirement};
/// use tradeport_kernel::{Currency, Money};
///
/// let said = MarginDraft {
///     initial: Money::new("22000".parse()?, Currency::USD),
///     maintenance: Money::new("20000".parse()?, Currency::USD),
///     as_of: "2026-11-20T15:00:00Z".parse()?,
///     source: "what-if, account DU1".to_owned(),
/// };
/// assert!(MarginRequirement::try_from(said.clone()).is_ok());
/// let nobody = MarginDraft { source: String::new(), ..said };
/// assert!(MarginRequirement::try_from(nobody).is_err(), "a margin without a source is a rumour");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarginDraft {
    /// What must be there to open a position of one contract.
    pub initial: Money,
    /// What must stay there to keep it.
    pub maintenance: Money,
    /// When the broker said so.
    pub as_of: Timestamp,
    /// Who said so, such as `what-if, account DU1`.
    pub source: String,
}

/// The fields are not a margin requirement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAMargin {
    /// A sum below zero.
    #[error(
        "the {what} margin of {given} is below zero: a position that frees margin says nothing of one contract"
    )]
    Negative {
        /// Which.
        what: &'static str,
        /// What was given.
        given: Money,
    },
    /// Two currencies.
    #[error(
        "the initial margin of {initial} and the maintenance margin of {maintenance} must be in one currency"
    )]
    Currencies {
        /// The first.
        initial: Money,
        /// The second.
        maintenance: Money,
    },
    /// Nobody said so.
    #[error("{0:?} is not a source: expected a line of 1 to 80 characters that says who gave the margin")]
    Source(String),
    /// The share of one contract cannot be computed.
    #[error("the margin of one contract cannot be computed")]
    PerContract(#[source] MoneyError),
}

impl MarginDraft {
    /// Refuses sums below zero, two currencies, and margins that nobody gave.
    pub fn check(self) -> Result<MarginRequirement, NotAMargin> {
        if self.initial.currency() != self.maintenance.currency() {
            let (initial, maintenance) = (self.initial, self.maintenance);
            return Err(NotAMargin::Currencies { initial, maintenance });
        }
        for (what, given) in [("initial", self.initial), ("maintenance", self.maintenance)] {
            if given.amount() < Decimal::ZERO {
                return Err(NotAMargin::Negative { what, given });
            }
        }
        let length = self.source.chars().count();
        if self.source.trim().is_empty()
            || length > LONGEST_SOURCE
            || self.source.chars().any(char::is_control)
        {
            return Err(NotAMargin::Source(self.source.chars().take(LONGEST_SOURCE).collect()));
        }
        Ok(MarginRequirement(self))
    }
}

impl MarginRequirement {
    /// From the broker's answer to "what if I traded `contracts` of it": the changes of the account's margins, shared
    /// among the contracts and rounded to cents. Errors: [`NotAMargin`]; a change below zero says that the trade would
    /// close or offset something, not what a contract takes.
    pub fn from_what_if(change: MarginDraft, contracts: Quantity) -> Result<Self, NotAMargin> {
        let share = |whole: Money| {
            let amount = whole.amount().checked_div(contracts.as_decimal());
            let amount = amount.ok_or(NotAMargin::PerContract(MoneyError::Overflow))?;
            Ok::<_, NotAMargin>(Money::new(amount, whole.currency()).rounded(2))
        };
        let (initial, maintenance) = (share(change.initial)?, share(change.maintenance)?);
        MarginDraft { initial, maintenance, ..change }.check()
    }

    /// What must be there to open a position of one contract.
    #[must_use]
    pub const fn initial(&self) -> Money {
        self.0.initial
    }

    /// What must stay there to keep it.
    #[must_use]
    pub const fn maintenance(&self) -> Money {
        self.0.maintenance
    }

    /// When the broker said so.
    #[must_use]
    pub const fn as_of(&self) -> Timestamp {
        self.0.as_of
    }

    /// Who said so.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// How old it is; zero when it was said at a later moment than `now`.
    #[must_use]
    pub fn age(&self, now: Timestamp) -> Duration {
        now.since(self.0.as_of)
    }
}

impl TryFrom<MarginDraft> for MarginRequirement {
    type Error = NotAMargin;
    fn try_from(draft: MarginDraft) -> Result<Self, Self::Error> {
        draft.check()
    }
}

impl From<MarginRequirement> for MarginDraft {
    fn from(requirement: MarginRequirement) -> Self {
        requirement.0
    }
}

/// The last requirement of each instrument.
///
/// ```
/// use std::time::Duration;
/// use tradeport_contracts::futures::{MarginAge, MarginBook, MarginDraft};
/// use tradeport_kernel::{Currency, Money, Symbol, Timestamp};
/// let usd = |amount: i64| Money::new(amount.into(), Currency::USD);
/// let said: Timestamp = "2026-11-20T15:00:00Z".parse()?;
/// let source = "what-if, account DU1".to_owned();
/// let margin = MarginDraft { initial: usd(16_500), maintenance: usd(15_000), as_of: said, source }.check()?;
///
/// let es: Symbol = "ESZ6".parse()?;
/// let mut book = MarginBook::default();
/// book.update(es, margin);
///
/// let (hour, day) = (Duration::from_secs(3_600), Duration::from_secs(86_400));
/// assert!(matches!(book.fresh_within(es, day, said.after(hour)), MarginAge::Fresh(_)));
/// assert!(matches!(book.fresh_within(es, hour, said.after(day)), MarginAge::Stale { .. }));
/// assert!(matches!(book.fresh_within("CLF7".parse()?, day, said), MarginAge::Unknown));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MarginBook(BTreeMap<Symbol, MarginRequirement>);

/// What is known of a margin, and whether it may still be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MarginAge<'a> {
    /// Young enough.
    Fresh(&'a MarginRequirement),
    /// Too old: ask the broker again.
    Stale {
        /// What was known.
        last: &'a MarginRequirement,
        /// How old it is.
        age: Duration,
    },
    /// Nobody ever said: not the same as none.
    Unknown,
}

impl MarginBook {
    /// Takes a requirement in. One that is older than what is known changes nothing: answers may arrive out of order.
    pub fn update(&mut self, symbol: Symbol, requirement: MarginRequirement) {
        let newer = self.0.get(&symbol).is_none_or(|known| known.as_of() <= requirement.as_of());
        if newer {
            self.0.insert(symbol, requirement);
        }
    }

    /// The last requirement, whatever its age.
    #[must_use]
    pub fn last(&self, symbol: Symbol) -> Option<&MarginRequirement> {
        self.0.get(&symbol)
    }

    /// How old the last requirement is; `None` when there never was one.
    #[must_use]
    pub fn age(&self, symbol: Symbol, now: Timestamp) -> Option<Duration> {
        self.last(symbol).map(|requirement| requirement.age(now))
    }

    /// The last requirement, by whether it is at most `oldest` old.
    #[must_use]
    pub fn fresh_within(&self, symbol: Symbol, oldest: Duration, now: Timestamp) -> MarginAge<'_> {
        match self.last(symbol) {
            None => MarginAge::Unknown,
            Some(last) if last.age(now) <= oldest => MarginAge::Fresh(last),
            Some(last) => MarginAge::Stale { last, age: last.age(now) },
        }
    }
}

#[cfg(test)]
mod tests;
