//! What must happen before an order comes alive, or before it is cancelled.
//!
//! Left out: judging whether a condition holds; that is the broker's.

use super::TriggerMethod;
use crate::{NotAnIntent, Text, Venue};
use serde::{Deserialize, Serialize};
use tradeport_contracts::{ContractId, InstrumentKind};
use tradeport_kernel::{Decimal, Price, Timestamp};

/// On which side of a threshold a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// At it or above, or later.
    Above,
    /// At it or below, or earlier.
    Below,
}

/// An instrument that a condition watches, by the broker's number, and where.
///
/// ```
/// use tradeport_contracts::ContractId;
/// use tradeport_orders::{Condition, Threshold, Venue, Watched};
///
/// let apple = Watched::new(ContractId::new(265_598), Venue::new("SMART")?);
/// let above = Condition::Price { watched: apple, side: Threshold::Above, price: "190".parse()?, method: None };
/// assert!(matches!(above, Condition::Price { watched, .. } if watched.venue.as_str() == "SMART"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Watched {
    /// The broker's number.
    pub contract: ContractId,
    /// Where it is watched.
    pub venue: Venue,
}

impl Watched {
    /// An instrument, watched at a venue.
    #[must_use]
    pub const fn new(contract: ContractId, venue: Venue) -> Self {
        Self { contract, venue }
    }
}

/// One thing that must happen.
///
/// **Meaning.** The broker watches it; what happens then, and how several of them are joined, say [`Conditions`].
///
/// **Units.** Prices are for one unit in the watched instrument's currency, margin and changes are in percent (`15` is
/// 15 %), volume is in units traded since the session began, moments are exact to the second.
///
/// **Errors.** Each value is checked by its own type; whether the broker knows the watched contract, it says itself.
///
/// ```
/// use tradeport_contracts::ContractId;
/// use tradeport_orders::{Condition, Conditions, OrderDraft, OrderKind, Side, Threshold, Venue, Watched};
/// # use tradeport_kernel::Quantity;
///
/// // Only while the S&P 500 fund has lost two percent, and not before half past three.
/// let fund = Watched::new(ContractId::new(756_733), Venue::new("SMART")?);
/// let lost = Condition::PercentChange { watched: fund, side: Threshold::Below, percent: "-2".parse()? };
/// let late = Condition::Time { side: Threshold::Above, at: "2026-06-30T19:30:00Z".parse()? };
/// let both = Conditions::when(lost).and(late);
///
/// # let ten: Quantity = "10".parse()?;
/// let order = OrderDraft::new("a".parse()?, "DU1".parse()?, "AAPL".parse()?, Side::Buy, ten, OrderKind::Market)
///     .under(both)
///     .check()?;
/// assert_eq!(order.attributes().conditions.as_ref().map(|all| all.links().len()), Some(2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// An instrument's price.
    Price {
        /// Of which instrument.
        watched: Watched,
        /// On which side of the price.
        side: Threshold,
        /// The price.
        price: Price,
        /// Which prices count; the broker's choice when absent.
        method: Option<TriggerMethod>,
    },
    /// A moment; brokers keep whole seconds.
    Time {
        /// Before or after it.
        side: Threshold,
        /// The moment.
        at: Timestamp,
    },
    /// The account's margin cushion.
    Margin {
        /// On which side of it.
        side: Threshold,
        /// In percent.
        percent: u32,
    },
    /// The change of an instrument's price since the last close.
    PercentChange {
        /// Of which instrument.
        watched: Watched,
        /// On which side of it.
        side: Threshold,
        /// In percent; may be below zero.
        percent: Decimal,
    },
    /// The day's volume of an instrument.
    Volume {
        /// Of which instrument.
        watched: Watched,
        /// On which side of it.
        side: Threshold,
        /// Units traded.
        volume: u32,
    },
    /// A trade of the account itself.
    Execution {
        /// In which instrument, by its ticker.
        symbol: Text,
        /// What kind of instrument.
        kind: InstrumentKind,
        /// Where.
        venue: Venue,
    },
}

/// How a condition is joined to the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connector {
    /// Both must hold.
    And,
    /// One of them is enough.
    Or,
}

/// A condition, and how it is joined to the one after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// What must happen.
    pub condition: Condition,
    /// How it is joined to the next; on the last of a list it joins nothing, but travels with it.
    pub connector: Connector,
}

/// What the conditions do once they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnMet {
    /// The order comes alive.
    #[default]
    Activate,
    /// The order is cancelled.
    Cancel,
}

/// One condition or more, joined from left to right, and what they do.
///
/// ```
/// use tradeport_contracts::ContractId;
/// use tradeport_orders::{Condition, Conditions, Threshold, Watched};
///
/// let spy = Watched::new(ContractId::new(756_733), "SMART".parse()?);
/// let low = Condition::Price { watched: spy, side: Threshold::Below, price: "600".parse()?, method: None };
/// let late = Condition::Time { side: Threshold::Above, at: "2026-06-30T19:00:00Z".parse()? };
/// let conditions = Conditions::when(low).and(late);
/// assert_eq!(conditions.links().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Document", into = "Document")]
pub struct Conditions {
    links: Vec<Link>,
    on_met: OnMet,
    outside_sessions: bool,
    overnight: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(rename = "Conditions", deny_unknown_fields)]
struct Document {
    links: Vec<Link>,
    #[serde(default)]
    on_met: OnMet,
    #[serde(default)]
    outside_sessions: bool,
    #[serde(default)]
    overnight: bool,
}

impl Conditions {
    /// The most conditions of one order.
    pub const MAX: usize = 100;

    /// When this holds.
    #[must_use]
    pub fn when(condition: Condition) -> Self {
        let links = vec![Link { condition, connector: Connector::And }];
        Self { links, on_met: OnMet::Activate, outside_sessions: false, overnight: false }
    }

    /// From links made elsewhere: at least one, at most [`Self::MAX`].
    pub fn from_links(links: Vec<Link>) -> Result<Self, NotAnIntent> {
        if links.is_empty() || links.len() > Self::MAX {
            return Err(NotAnIntent::ConditionCount(links.len()));
        }
        Ok(Self { links, on_met: OnMet::Activate, outside_sessions: false, overnight: false })
    }

    /// And this holds too.
    #[must_use]
    pub fn and(self, condition: Condition) -> Self {
        self.joined(Connector::And, condition)
    }

    /// Or this holds.
    #[must_use]
    pub fn or(self, condition: Condition) -> Self {
        self.joined(Connector::Or, condition)
    }

    /// The last condition is one of two that would be enough. Without another after it this means nothing, but brokers
    /// keep it with the order.
    #[must_use]
    pub fn then_or(mut self) -> Self {
        if let Some(last) = self.links.last_mut() {
            last.connector = Connector::Or;
        }
        self
    }

    fn joined(mut self, connector: Connector, condition: Condition) -> Self {
        if let Some(last) = self.links.last_mut() {
            last.connector = connector;
        }
        self.links.push(Link { condition, connector: Connector::And });
        self
    }

    /// They cancel the order rather than wake it.
    #[must_use]
    pub fn cancel_order(mut self) -> Self {
        self.on_met = OnMet::Cancel;
        self
    }

    /// They may come to hold outside of regular sessions. The order itself needs its own leave to trade there.
    #[must_use]
    pub fn outside_sessions(mut self) -> Self {
        self.outside_sessions = true;
        self
    }

    /// They may come to hold overnight.
    #[must_use]
    pub fn overnight(mut self) -> Self {
        self.overnight = true;
        self
    }

    /// The conditions in their order; never none.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// What they do.
    #[must_use]
    pub const fn on_met(&self) -> OnMet {
        self.on_met
    }

    /// May they come to hold outside of regular sessions?
    #[must_use]
    pub const fn hold_outside_sessions(&self) -> bool {
        self.outside_sessions
    }

    /// May they come to hold overnight?
    #[must_use]
    pub const fn hold_overnight(&self) -> bool {
        self.overnight
    }

    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        if self.links.is_empty() || self.links.len() > Self::MAX {
            return Err(NotAnIntent::ConditionCount(self.links.len()));
        }
        self.links.iter().try_for_each(|link| check_watched(&link.condition))
    }
}

fn check_watched(condition: &Condition) -> Result<(), NotAnIntent> {
    match condition {
        Condition::Price { watched, .. }
        | Condition::PercentChange { watched, .. }
        | Condition::Volume { watched, .. }
            if watched.contract.number() <= 0 =>
        {
            let number = watched.contract.number();
            Err(NotAnIntent::ContractNumber { what: "a condition's instrument", number })
        }
        _ => Ok(()),
    }
}

impl TryFrom<Document> for Conditions {
    type Error = NotAnIntent;
    fn try_from(document: Document) -> Result<Self, Self::Error> {
        let Document { links, on_met, outside_sessions, overnight } = document;
        let conditions = Self { links, on_met, outside_sessions, overnight };
        conditions.check().map(|()| conditions)
    }
}

impl From<Conditions> for Document {
    fn from(conditions: Conditions) -> Self {
        let Conditions { links, on_met, outside_sessions, overnight } = conditions;
        Self { links, on_met, outside_sessions, overnight }
    }
}
