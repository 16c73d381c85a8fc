//! When an order is alive, beyond its time in force.

use super::TriggerMethod;
use crate::NotAnIntent;
use serde::{Deserialize, Serialize};
use tradeport_kernel::Timestamp;

/// When an order is alive, beyond its time in force. Brokers keep whole seconds of each moment.
///
/// ```
/// use tradeport_orders::{OrderDraft, OrderKind, Side, Timing};
///
/// # use tradeport_kernel::Quantity;
/// # let hundred: Quantity = "100".parse()?;
/// # let order = |side, kind| OrderDraft::new("a".parse().unwrap(), "DU1".parse().unwrap(), "AAPL".parse().unwrap(), side, hundred, kind);
/// // Not before ten in New York, and away by itself after five minutes.
/// let mut late = order(Side::Buy, OrderKind::Limit { limit: "190".parse()? });
/// late.attributes.timing = Timing {
///     good_after: Some("2026-12-18T15:00:00Z".parse()?),
///     duration_seconds: Some(300),
///     ..Timing::default()
/// };
/// assert!(late.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Timing {
    /// Not before this moment.
    pub good_after: Option<Timestamp>,
    /// When a good-till-cancelled order starts to work.
    pub active_from: Option<Timestamp>,
    /// When a good-till-cancelled order stops working.
    pub active_until: Option<Timestamp>,
    /// For so many seconds; above zero.
    pub duration_seconds: Option<u32>,
    /// It is cancelled by itself at this moment.
    pub auto_cancel: Option<Timestamp>,
    /// Does it work overnight too?
    pub overnight: bool,
    /// Does it take part before the open?
    pub pre_open: bool,
    /// Does it stay away from the opening auction?
    pub skip_open_auction: bool,
    /// Which prices wake it; the broker's choice when absent.
    pub trigger_method: Option<TriggerMethod>,
}

impl Timing {
    pub(crate) fn check(&self, ends: Option<Timestamp>) -> Result<(), NotAnIntent> {
        if self.duration_seconds == Some(0) {
            return Err(NotAnIntent::ZeroSize("duration"));
        }
        let spans = [(self.good_after, ends), (self.active_from, self.active_until)];
        for span in spans {
            if let (Some(from), Some(until)) = span
                && from >= until
            {
                return Err(NotAnIntent::EndsBeforeItStarts { from, until });
            }
        }
        Ok(())
    }
}
