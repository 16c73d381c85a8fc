//! Judging one intent: may it be traded at all, how often, after which losses, and how large; then the same of its strategy.

mod beyond;
mod collar;
mod legs;
mod margin;
mod permits;
mod record;
mod size;
mod strategy;
mod tempo;

use crate::{PolicyDraft, Preview, RiskPolicy, RiskRefusal, RiskVerdict, RiskView};
use record::Record;
use size::Sized;
use tradeport_orders::OrderIntent;

/// Judges `intent` on `view`: the first rule that it breaks refuses it.
#[must_use]
pub fn judge(policy: &RiskPolicy, view: &RiskView, intent: &OrderIntent) -> RiskVerdict {
    let limits = policy.limits_of(intent.account());
    let mut record = Record::of(policy, intent.account());
    let found = check(limits, view, intent, &mut record);
    let found = found.and_then(|sized| {
        strategy::check(policy, view, &sized, intent, &mut record)?;
        // Last: what is stopped anyway is not asked about, and then it says by which rule.
        if sized.grows() {
            sized.in_words(margin::check(limits, view, &mut record))?;
        }
        Ok(sized.turns_beside())
    });
    match found {
        Ok(beside) => RiskVerdict::Approved { findings: record.into_findings(), beside },
        Err(refusal) => RiskVerdict::Refused(refusal),
    }
}

/// Does the broker have to be asked of an order before it is judged? Not of one that only shrinks a position, nor of one that is
/// stopped whatever the broker says.
#[must_use]
pub fn asks_for_preview(policy: &RiskPolicy, view: &RiskView, intent: &OrderIntent) -> bool {
    if !policy.limits_of(intent.account()).wants_preview()
        || !Sized::new(view, intent).is_ok_and(|it| it.grows())
    {
        return false;
    }
    let supposed = RiskView { preview: Preview::Stands, ..view.clone() };
    matches!(judge(policy, &supposed, intent), RiskVerdict::Approved { .. })
}

/// What may be placed at all, then how large it is. An order that takes out of what is held, and cannot make the worst case
/// worse, only shrinks the position; one of which that is not known is taken to make it larger.
fn check(
    limits: &PolicyDraft,
    view: &RiskView,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<Sized, RiskRefusal> {
    beyond::check(intent)?;
    let sized = Sized::new(view, intent);
    permits::check_manner(&limits.permissions, intent, record)?;
    if sized.as_ref().map_or(true, Sized::grows) {
        let found = permits::check_instrument(&limits.permissions, view, intent, record);
        match &sized {
            Ok(sized) => sized.in_words(found)?,
            Err(_) => found?,
        }
    }
    tempo::check(limits, view, intent, record)?;
    // Before any price is asked for: too many units are too many, whatever they cost.
    size::check_units(limits, intent, record)?;
    let sized = sized?;
    size::check_order(limits, &sized, intent, view, record)?;
    if sized.grows() {
        sized.in_words(check_growth(limits, view, intent, &sized, record))?;
    }
    legs::check_short(&limits.permissions, &sized, record)?;
    Ok(sized)
}

/// What only holds for an order that is no way out.
fn check_growth(
    limits: &PolicyDraft,
    view: &RiskView,
    intent: &OrderIntent,
    sized: &Sized,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    permits::check_night(&limits.permissions, view, intent, record)?;
    tempo::check_losses(limits, view, record)?;
    size::check_position(limits, view, sized, record)?;
    let most = (limits.max_position_quantity, Some(limits.max_position_share));
    legs::check_positions(sized.legs(), sized, most, record)
}

#[cfg(test)]
mod tests;
