//! What a cancel may say about who asked for it.

use crate::{Entry, Text};
use serde::{Deserialize, Serialize};
use tradeport_kernel::Timestamp;

/// Who asked for a cancel, how and when, for exchanges that want to be told. The default says nothing.
///
/// ```
/// use tradeport_orders::{CancelTag, Entry};
///
/// let tag = CancelTag { entry: Some(Entry::Automated), operator: Some("desk-7".parse()?), ..CancelTag::default() };
/// assert_eq!(tag.asked_at, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CancelTag {
    /// By a person or by a machine.
    pub entry: Option<Entry>,
    /// Who operates the system.
    pub operator: Option<Text>,
    /// When a person asked for it; brokers keep whole seconds.
    pub asked_at: Option<Timestamp>,
}

impl CancelTag {
    /// Does it say nothing?
    #[must_use]
    pub fn is_silent(&self) -> bool {
        *self == Self::default()
    }
}
