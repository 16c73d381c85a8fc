//! Orders that hedge what their parent fills.

use crate::NotAnIntent;
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// What a hedge takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum HedgeKind {
    /// The delta of an option, with its stock.
    Delta,
    /// The market's part of a stock's moves, with another instrument; the market's own beta when absent.
    Beta {
        /// So much of the hedge for each unit of value; not zero.
        beta: Option<Decimal>,
    },
    /// The currency of a foreign instrument.
    Currency,
    /// The other half of a pair.
    Pair {
        /// How many units for one of the parent's; not zero.
        ratio: Decimal,
    },
}

/// How the number of a hedge is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HedgeForm {
    /// By itself: `5`.
    Bare,
    /// With its name in front: `ratio=5`.
    Named,
}

impl HedgeKind {
    /// How the broker's own samples write the number of this kind: a ratio by itself, a beta with its name. `None` for a
    /// hedge without a number.
    #[must_use]
    pub const fn usual_form(&self) -> Option<HedgeForm> {
        match self {
            Self::Pair { .. } => Some(HedgeForm::Bare),
            Self::Beta { beta: Some(_) } => Some(HedgeForm::Named),
            Self::Delta | Self::Beta { beta: None } | Self::Currency => None,
        }
    }
}

/// A child that hedges what its parent fills; its size is [`OrderSize::FollowsParent`](crate::OrderSize::FollowsParent).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hedge {
    /// What it takes away.
    pub kind: HedgeKind,
    /// The most units it may come to.
    #[serde(default)]
    pub max_size: Option<u32>,
    /// Is its price left to the order itself rather than to the broker?
    #[serde(default)]
    pub own_price: bool,
    // Where that is not as usual. The broker documents `ratio=5` and its samples send `5`: both mean the same, and what was
    // sent one way is sent that way again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    form: Option<HedgeForm>,
}

impl Hedge {
    /// A hedge of this kind, however large.
    #[must_use]
    pub const fn new(kind: HedgeKind) -> Self {
        Self { kind, max_size: None, own_price: false, form: None }
    }

    /// The same hedge, no larger than `units`.
    #[must_use]
    pub const fn at_most(mut self, units: u32) -> Self {
        self.max_size = Some(units);
        self
    }

    /// The same hedge, its number written so. Nothing changes for a hedge without a number.
    ///
    /// ```
    /// use tradeport_orders::{Hedge, HedgeForm, HedgeKind};
    ///
    /// let pair = Hedge::new(HedgeKind::Pair { ratio: "5".parse()? });
    /// assert_eq!(pair.form(), Some(HedgeForm::Bare), "sent as 5");
    /// assert_eq!(pair.written(HedgeForm::Named).form(), Some(HedgeForm::Named), "sent as ratio=5");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn written(mut self, form: HedgeForm) -> Self {
        let usual = self.kind.usual_form();
        self.form = usual.filter(|usual| *usual != form).map(|_| form);
        self
    }

    /// How its number is written; `None` for a hedge without a number.
    #[must_use]
    pub fn form(&self) -> Option<HedgeForm> {
        self.kind.usual_form().map(|usual| self.form.unwrap_or(usual))
    }

    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        match self.kind {
            HedgeKind::Beta { beta: Some(number) } | HedgeKind::Pair { ratio: number }
                if number.is_zero() =>
            {
                Err(NotAnIntent::HedgeOfNothing)
            }
            _ if self.max_size == Some(0) => Err(NotAnIntent::HedgeOfNothing),
            _ => Ok(()),
        }
    }
}
