//! What an order lets the broker trade beyond its own words: in other accounts, in other instruments, or more than once.
//!
//! No limit can count it, since what it comes to is said nowhere here: such an order is refused, whichever way it goes.

use super::record::missing;
use crate::RiskRefusal;
use tradeport_orders::{DeltaNeutralKind, OrderIntent};

/// Everything that it may trade is of its own account and instrument, and no more than its size.
pub(super) fn check(intent: &OrderIntent) -> Result<(), RiskRefusal> {
    let Some(said) = intent.said() else { return Ok(()) };
    if let Some(allocation) = &said.allocation {
        let group = &allocation.group;
        return Err(missing(format_args!("how much of it each account of the group {group} gets")));
    }
    if said.delta_neutral.as_ref().is_some_and(|hedge| hedge.kind != DeltaNeutralKind::None) {
        return Err(missing("how much its delta-neutral orders trade"));
    }
    if said.presets.stop_loss.is_some() || said.presets.profit_taker.is_some() {
        return Err(missing("how much its children from presets trade"));
    }
    if said.scale.as_ref().is_some_and(|scale| scale.profit_offset.is_some()) {
        return Err(missing("how often its scale trades"));
    }
    Ok(())
}
