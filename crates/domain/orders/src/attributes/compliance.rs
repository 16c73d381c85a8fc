//! What rules ask an order to say: who decided, who entered it and how, for whom.

use crate::{NotAnIntent, Text};
use serde::{Deserialize, Serialize};
use tradeport_kernel::Timestamp;

/// Was an order entered by a person or by a machine?
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Entry {
    /// By a person.
    Manual,
    /// By a machine.
    Automated,
}

/// The capacity in which an order is traded, by rule 80A of the New York Stock Exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule80A {
    /// For an individual.
    Individual,
    /// As an agent.
    Agency,
    /// As an agent of another member.
    AgentOtherMember,
    /// For an individual, programme trading with index arbitrage.
    IndividualIndexArbitrage,
    /// As an agent, programme trading with index arbitrage.
    AgencyIndexArbitrage,
    /// As an agent of another member, programme trading with index arbitrage.
    AgentOtherMemberIndexArbitrage,
    /// For an individual, programme trading.
    IndividualProgramme,
    /// As an agent, programme trading.
    AgencyProgramme,
    /// As an agent of another member, programme trading.
    AgentOtherMemberProgramme,
}

/// A person or an algorithm, by the short code registered with the broker.
///
/// ```
/// use tradeport_orders::{Entry, EntryTag, OrderDraft, OrderKind, Responsible, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), Side::Buy, hundred, kind);
/// // Entered by hand at a terminal, decided by a person: what exchanges and European rules ask for.
/// let tag = EntryTag { entry: Some(Entry::Manual), operator: Some("ABCD".parse()?), ..EntryTag::default() };
/// let mut tagged = order(OrderKind::Market).tagged(tag);
/// tagged.attributes.compliance.decided_by = Some(Responsible::Person("DM-1".parse()?));
/// assert!(tagged.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Responsible {
    /// A person.
    Person(Text),
    /// An algorithm.
    Algorithm(Text),
}

/// A broker's agreement by which commissions pay for research.
///
/// ```
/// use tradeport_orders::{OrderDraft, OrderKind, Side, SoftDollarTier};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// let mut research = order(Side::Buy, OrderKind::Market);
/// research.attributes.compliance.soft_dollar =
///     Some(SoftDollarTier { name: "Research".parse()?, value: "1".parse()?, shown_as: None });
/// assert!(research.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoftDollarTier {
    /// Its name.
    pub name: Text,
    /// Its value.
    pub value: Text,
    /// How it is shown.
    #[serde(default)]
    pub shown_as: Option<Text>,
}

/// What the tagging rules of exchanges ask: who entered it, how and when.
///
/// ```
/// use tradeport_orders::{EntryTag, OrderDraft, OrderKind, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// let by_hand = EntryTag { entered_at: Some("2026-11-20T15:00:00Z".parse()?), ..EntryTag::manual("jane".parse()?) };
/// assert!(order(Side::Buy, OrderKind::Market).tagged(by_hand).check().is_ok());
/// assert_ne!(EntryTag::automated("engine-7".parse()?), EntryTag::manual("engine-7".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EntryTag {
    /// By a person or by a machine.
    pub entry: Option<Entry>,
    /// Who operates the system.
    pub operator: Option<Text>,
    /// When a person entered it; brokers keep whole seconds.
    pub entered_at: Option<Timestamp>,
}

impl EntryTag {
    /// Entered by a person who operates the system under this name.
    #[must_use]
    pub const fn manual(operator: Text) -> Self {
        Self { entry: Some(Entry::Manual), operator: Some(operator), entered_at: None }
    }

    /// Entered by a machine that runs under this name.
    #[must_use]
    pub const fn automated(operator: Text) -> Self {
        Self { entry: Some(Entry::Automated), operator: Some(operator), entered_at: None }
    }

    /// Nothing said?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What rules ask an order to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Compliance {
    /// Who entered it and how.
    pub tag: EntryTag,
    /// Who decided to invest, by MiFID II.
    pub decided_by: Option<Responsible>,
    /// Who decided how to execute, by MiFID II.
    pub executed_by: Option<Responsible>,
    /// Is it for the firm itself rather than for a customer?
    pub for_firm: bool,
    /// The capacity in which it is traded.
    pub rule_80a: Option<Rule80A>,
    /// The customer's account, at the firm that sends it.
    pub customer_account: Option<Text>,
    /// Is the customer a professional?
    pub professional_customer: bool,
    /// Did the broker or adviser suggest it?
    pub solicited: bool,
    /// Who holds the shares.
    pub shareholder: Option<Text>,
    /// Who submitted it.
    pub submitter: Option<Text>,
    /// Which agreement pays for research.
    pub soft_dollar: Option<SoftDollarTier>,
    /// The interest that a bond has earned, as the broker writes it.
    pub bond_accrued_interest: Option<Text>,
    /// Warnings that are known and accepted, as the broker listed them.
    pub accepted_warnings: Option<Text>,
    /// Are the broker's own checks of price and size set aside?
    pub override_constraints: bool,
    /// Is it kept for an order management system rather than sent?
    pub for_order_management: bool,
}

impl Compliance {
    #[expect(clippy::unnecessary_wraps, reason = "every group of attributes is checked the same way")]
    pub(crate) const fn check(&self) -> Result<(), NotAnIntent> {
        Ok(())
    }
}
