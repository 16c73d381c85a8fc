//! Everything that an order may say beyond side, size, kind and time: one concept a file.
//!
//! | group | says |
//! | --- | --- |
//! | [`Conditions`] | what must happen before it lives or dies |
//! | [`Handling`] | how it shows itself and may fill |
//! | [`Timing`] | when it is alive, beyond its time in force |
//! | [`Routing`] | where it goes |
//! | [`ComboTerms`] | prices and routing of a combo's legs |
//! | [`Scale`] | that it is worked in steps |
//! | [`Hedge`], [`DeltaNeutral`] | that it hedges, or is hedged |
//! | [`StopAdjustment`] | what its stop turns into |
//! | [`Allocation`] | over which accounts it is spread |
//! | [`Clearing`], [`Compliance`] | who clears it, decided it, entered it |
//! | [`PresetChildren`], [`WhatIf`], [`PhysicalExchange`] | children from presets, a question rather than an order, exchanges for physical |
//!
//! A plain order carries none of it and pays nothing for it: [`Attributes`] is then one empty pointer.
//!
//! Left out: the exchange's own rules for each of them (validation).

mod adjustment;
mod allocation;
pub(crate) mod check;
mod clearing;
mod combo;
mod compliance;
mod condition;
mod delta_neutral;
mod handling;
mod hedge;
mod oca;
mod physical;
mod preset;
mod routing;
mod scale;
mod timing;
mod trigger;

pub use adjustment::{AdjustedStop, StopAdjustment};
pub use allocation::{Allocation, AllocationMethod};
pub use clearing::{Clearing, ClearingIntent, PositionEffect, SaleKind, ShortSaleSource};
pub use combo::{ComboRouting, ComboTerms};
pub use compliance::{Compliance, Entry, EntryTag, Responsible, Rule80A, SoftDollarTier};
pub use condition::{Condition, Conditions, Connector, Link, OnMet, Threshold, Watched};
pub use delta_neutral::{DeltaNeutral, DeltaNeutralKind};
pub use handling::Handling;
pub use hedge::{Hedge, HedgeForm, HedgeKind};
pub use oca::{OcaEffect, OcaGroup};
pub use physical::PhysicalExchange;
pub use preset::{PresetChildren, WhatIf};
pub use routing::{AuctionStrategy, MiscOption, Routing};
pub use scale::{Scale, ScaleDrift};
pub use timing::Timing;
pub use trigger::TriggerMethod;

use crate::{Algo, Text};
use serde::{Deserialize, Serialize};
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

/// Everything that an order may say beyond side, size, kind and time. The default says nothing.
///
/// ```
/// use tradeport_orders::{Handling, OrderAttributes, OrderDraft, OrderKind, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// let mut quiet = order(Side::Buy, OrderKind::Limit { limit: "187.25".parse()? });
/// quiet.attributes = OrderAttributes {
///     handling: Handling { display_size: Some(10), ..Handling::default() },
///     model: Some("Technology".parse()?),
///     ..OrderAttributes::default()
/// }
/// .into();
/// assert!(quiet.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderAttributes {
    /// What must happen first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Conditions>,
    /// How it shows itself and may fill.
    #[serde(skip_serializing_if = "plain")]
    pub handling: Handling,
    /// When it is alive, beyond its time in force.
    #[serde(skip_serializing_if = "plain")]
    pub timing: Timing,
    /// Where it goes.
    #[serde(skip_serializing_if = "plain")]
    pub routing: Routing,
    /// Prices and routing of a combo's legs.
    #[serde(skip_serializing_if = "plain")]
    pub combo: ComboTerms,
    /// Which algo works it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algo: Option<Algo>,
    /// Under which name the algo's orders are told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub algo_id: Option<Text>,
    /// That it is worked in steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// What it hedges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hedge: Option<Hedge>,
    /// What hedges it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delta_neutral: Option<DeltaNeutral>,
    /// What its stop turns into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<StopAdjustment>,
    /// Over which accounts it is spread.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Allocation>,
    /// For which of the adviser's models.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<Text>,
    /// Who clears it.
    #[serde(skip_serializing_if = "plain")]
    pub clearing: Clearing,
    /// Who decided and entered it.
    #[serde(skip_serializing_if = "plain")]
    pub compliance: Compliance,
    /// Children from presets.
    #[serde(skip_serializing_if = "plain")]
    pub presets: PresetChildren,
    /// That it is a question rather than an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what_if: Option<WhatIf>,
    /// The terms of an exchange of a future for stock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub physical: Option<PhysicalExchange>,
    /// Does the parent die with it?
    #[serde(skip_serializing_if = "plain")]
    pub cancels_parent: bool,
    /// Is it kept at the broker without being worked?
    #[serde(skip_serializing_if = "plain")]
    pub deactivated: bool,
}

fn plain<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl OrderAttributes {
    /// Does it say nothing?
    #[must_use]
    pub fn is_plain(&self) -> bool {
        plain(self)
    }

    /// The first of them that changes when, where or how the order trades, by its name; those that only tell who, why
    /// and for whom are not among them. For venues that cannot do it and must say so.
    #[must_use]
    pub fn trading_term(&self) -> Option<&'static str> {
        let terms = [
            ("conditions", self.conditions.is_some()),
            ("an algo", self.algo.is_some()),
            ("a scale", self.scale.is_some()),
            ("a hedge", self.hedge.is_some()),
            ("a delta-neutral order", self.delta_neutral.is_some()),
            ("an adjustable stop", self.adjustment.is_some()),
            ("an allocation", self.allocation.is_some()),
            ("prices or routing of legs", !plain(&self.combo)),
            ("a what-if", self.what_if.is_some()),
            ("an exchange for physical", self.physical.is_some()),
            ("children from presets", !plain(&self.presets)),
            ("cancelling its parent", self.cancels_parent),
            ("deactivation", self.deactivated),
            ("a way of showing itself or filling", !plain(&self.handling)),
            ("a time of its own", !plain(&self.timing)),
            ("a routing", !plain(&self.routing)),
        ];
        terms.into_iter().find(|(_, said)| *said).map(|(name, _)| name)
    }
}

/// The attributes of an order, boxed: plain orders stay small. Reads and writes as [`OrderAttributes`].
///
/// ```
/// use tradeport_orders::Attributes;
///
/// let mut attributes = Attributes::NONE;
/// assert!(attributes.is_plain());
/// attributes.handling.hidden = true;
/// assert!(!attributes.is_plain());
/// ```
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Attributes(Option<Box<OrderAttributes>>);

static NOTHING: LazyLock<OrderAttributes> = LazyLock::new(OrderAttributes::default);

impl Attributes {
    /// Nothing said.
    pub const NONE: Self = Self(None);

    /// Does it say nothing?
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.0.as_ref().is_none_or(|said| said.is_plain())
    }

    /// The same attributes in their smallest form.
    #[must_use]
    pub(crate) fn normal(self) -> Self {
        Self(self.0.filter(|said| !said.is_plain()))
    }

    /// What is said, if anything is; quicker than reading through the default.
    #[must_use]
    pub fn said(&self) -> Option<&OrderAttributes> {
        self.0.as_deref()
    }
}

impl From<OrderAttributes> for Attributes {
    fn from(attributes: OrderAttributes) -> Self {
        Self(Some(Box::new(attributes))).normal()
    }
}

impl Deref for Attributes {
    type Target = OrderAttributes;
    fn deref(&self) -> &OrderAttributes {
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl DerefMut for Attributes {
    fn deref_mut(&mut self) -> &mut OrderAttributes {
        self.0.get_or_insert_default()
    }
}

impl PartialEq for Attributes {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            _ => **self == **other,
        }
    }
}

impl Eq for Attributes {}
