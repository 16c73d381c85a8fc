//! Where an order goes, and what the broker may do on the way.

use crate::{NotAnIntent, Text};
use serde::{Deserialize, Serialize};

/// How an order takes part in an auction for price improvement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuctionStrategy {
    /// It matches.
    Match,
    /// It improves.
    Improvement,
    /// It shows itself.
    Transparent,
}

/// A name and a value, as the broker spells them.
///
/// ```
/// use tradeport_orders::{MiscOption, OrderDraft, OrderKind, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// // A way out for what the broker adds before this crate knows it.
/// let mut order = order(Side::Buy, OrderKind::Market);
/// order.attributes.routing.misc = vec![MiscOption { tag: "NewTag".parse()?, value: "1".parse()? }];
/// assert!(order.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MiscOption {
    /// Its name.
    pub tag: Text,
    /// Its value.
    pub value: Text,
}

/// Where an order goes, and what the broker may do on the way.
///
/// ```
/// use tradeport_orders::{OrderDraft, OrderKind, Routing, Side};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// // In the broker's own book for half a minute, then at the exchanges, and never at the broker's own price.
/// let mut patient = order(Side::Buy, OrderKind::Limit { limit: "190".parse()? });
/// patient.attributes.routing =
///     Routing { own_book_seconds: Some(30), price_management: Some(false), ..Routing::default() };
/// assert!(patient.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Routing {
    /// Does it stay away from the broker's smart routing?
    pub opt_out_smart_routing: bool,
    /// Does what is marketable go to the best bid or offer? As the broker does by default when absent.
    pub marketable_to_best: Option<bool>,
    /// Does the broker look for a better price? As it does by default when absent.
    pub seek_price_improvement: Option<bool>,
    /// May the broker manage its price? As the account says when absent.
    pub price_management: Option<bool>,
    /// How many seconds it waits in the broker's own book before it goes to an exchange; above zero.
    pub own_book_seconds: Option<u32>,
    /// How it takes part in an auction for price improvement.
    pub auction: Option<AuctionStrategy>,
    /// Does it trade against an imbalance of the auction only?
    pub imbalance_only: bool,
    /// Options that have no word of their own.
    pub misc: Vec<MiscOption>,
}

impl Routing {
    /// The most options without a word of their own.
    pub const MAX_MISC: usize = 100;

    pub(crate) fn check(&self) -> Result<(), NotAnIntent> {
        if self.own_book_seconds == Some(0) {
            return Err(NotAnIntent::ZeroSize("time in the broker's own book"));
        }
        if self.misc.len() > Self::MAX_MISC {
            let (what, count) = ("options", self.misc.len());
            return Err(NotAnIntent::TooMany { what, count, most: Self::MAX_MISC });
        }
        Ok(())
    }
}
