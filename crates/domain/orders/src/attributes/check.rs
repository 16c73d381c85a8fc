//! Whether what an order says fits together and fits its kind.

use super::OrderAttributes;
use crate::{NotAnIntent, OrderDraft, OrderKind, OrderSize};

type Checked = Result<(), NotAnIntent>;

/// Checks what is said against itself and the rest of the draft.
pub(crate) fn check_attributes(draft: &OrderDraft) -> Checked {
    let per_leg = draft.kind == OrderKind::LimitPerLeg;
    let Some(said) = draft.attributes.said() else {
        return if per_leg { Err(NotAnIntent::NoLegPrices) } else { Ok(()) };
    };
    said.handling.check()?;
    said.timing.check(draft.time_in_force.end())?;
    said.routing.check()?;
    said.combo.check(per_leg)?;
    said.clearing.check(draft.side)?;
    said.compliance.check()?;
    said.conditions.as_ref().map_or(Ok(()), super::Conditions::check)?;
    said.scale.as_ref().map_or(Ok(()), super::Scale::check)?;
    said.hedge.as_ref().map_or(Ok(()), super::Hedge::check)?;
    said.adjustment.as_ref().map_or(Ok(()), super::StopAdjustment::check)?;
    said.allocation.as_ref().map_or(Ok(()), super::Allocation::check)?;
    fits_kind(said, &draft.kind)?;
    fits_family(said, draft)
}

/// Which kinds take which attributes.
fn fits_kind(said: &OrderAttributes, kind: &OrderKind) -> Checked {
    let handling = &said.handling;
    let rules = [
        (
            "a discretionary amount",
            handling.discretionary_amount.is_some(),
            matches!(kind, OrderKind::Limit { .. }),
            "LMT",
        ),
        ("post only", handling.post_only, kind.limit_price().is_some(), "a kind with a limit"),
        ("sweep to fill", handling.sweep_to_fill, !kind.is_auction(), "a kind that is no auction order"),
        ("an adjustable stop", said.adjustment.is_some(), kind.is_stop(), "a stop or a trailing stop"),
        ("a delta-neutral order", said.delta_neutral.is_some(), kind.is_volatility(), "a volatility kind"),
        ("a random size", handling.randomize_size, kind.is_volatility(), "a volatility kind"),
        ("a random price", handling.randomize_price, kind.is_volatility(), "a volatility kind"),
    ];
    match rules.into_iter().find(|(_, said, fits, _)| *said && !*fits) {
        Some((what, _, _, takes)) => Err(NotAnIntent::KindTakesNot { what, kind: kind.name(), takes }),
        None => Ok(()),
    }
}

/// What only children may say, and whose keys must differ.
fn fits_family(said: &OrderAttributes, draft: &OrderDraft) -> Checked {
    if draft.parent.is_none() {
        if said.hedge.is_some() {
            return Err(NotAnIntent::NeedsParent("a hedge"));
        }
        if said.cancels_parent {
            return Err(NotAnIntent::NeedsParent("an order that cancels its parent"));
        }
    }
    if said.hedge.is_some() && draft.size != OrderSize::FollowsParent {
        return Err(NotAnIntent::HedgeWithSize);
    }
    let presets = [&said.presets.stop_loss, &said.presets.profit_taker];
    let same = presets[0].is_some() && presets[0] == presets[1];
    if let Some(key) = presets.into_iter().flatten().find(|key| same || **key == draft.key) {
        return Err(NotAnIntent::PresetKey(key.clone()));
    }
    Ok(())
}
