//! What may be traded at all, and how.

use super::record::{Record, missing};
use crate::policy::{ends_with_its_session, same_symbol};
use crate::{ContractFacts, Permissions, RiskRefusal, RiskView, Rule};
use std::time::Duration;
use tradeport_kernel::Symbol;
use tradeport_orders::{OrderIntent, OrderKind};

/// How an order may be placed.
pub(super) fn check_manner(
    permissions: &Permissions,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    listed(record, Rule::OrderKinds, intent.kind().name(), permissions.order_kinds.as_ref())?;
    listed(record, Rule::TimesInForce, intent.time_in_force().name(), permissions.times_in_force.as_ref())?;
    if permissions.outside_sessions {
        return Ok(());
    }
    let (number, passes) = if trades_outside(intent) { ("outside too", false) } else { ("regular", true) };
    record.found(Rule::OutsideSessions, number, "regular sessions", passes)
}

/// What a position may be built in. Leaving one is never forbidden by its name.
pub(super) fn check_instrument(
    permissions: &Permissions,
    view: &RiskView,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    let symbol = intent.symbol();
    let symbol = symbol.as_str();
    if let Some(symbols) = &permissions.symbols {
        let passes = symbols.iter().any(|one| same_symbol(one, symbol));
        record.found(Rule::Symbols, symbol.to_owned(), symbols.join(", "), passes)?;
    }
    if !permissions.not_symbols.is_empty() {
        check_not_symbols(permissions, view, intent, record)?;
    }
    if permissions.instruments.is_none() && permissions.currencies.is_none() {
        return Ok(());
    }
    let ContractFacts { kind, currency, .. } = view.contract.ok_or_else(|| missing("the contract"))?;
    if permissions.instruments.is_some() {
        let kind = kind.ok_or_else(|| missing("which kind of instrument it is"))?;
        listed(record, Rule::Instruments, kind.word(), permissions.instruments.as_ref())?;
    }
    listed(record, Rule::Currencies, currency.as_str(), permissions.currencies.as_ref())
}

/// A name that is forbidden is so as an underlying, and in the legs of a combo.
fn check_not_symbols(
    permissions: &Permissions,
    view: &RiskView,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    let legs = view.legs.iter().flatten().flat_map(|leg| [Some(leg.symbol), leg.underlying]);
    let derived = view.contract.and_then(|contract| contract.underlying);
    let names = [Some(intent.symbol()), derived].into_iter().chain(legs).flatten();
    let is_forbidden =
        |name: &Symbol| permissions.not_symbols.iter().any(|other| same_symbol(other, name.as_str()));
    let found = names.clone().find(is_forbidden);
    let name = found.unwrap_or_else(|| intent.symbol());
    let limit = format!("all but {}", permissions.not_symbols.join(", "));
    record.found(Rule::NotSymbols, name.as_str().to_owned(), limit, found.is_none())
}

/// May it trade outside of regular sessions, by whatever it says?
fn trades_outside(intent: &OrderIntent) -> bool {
    let timing = &intent.attributes().timing;
    intent.outside_sessions() || timing.overnight || timing.pre_open
}

/// A position that may not be held overnight grows early in the session, by orders that end with it.
pub(super) fn check_night(
    permissions: &Permissions,
    view: &RiskView,
    intent: &OrderIntent,
    record: &mut Record<'_>,
) -> Result<(), RiskRefusal> {
    if permissions.overnight {
        return Ok(());
    }
    let time_in_force = intent.time_in_force().name();
    let ends = ends_with_its_session(time_in_force);
    record.found(Rule::Overnight, time_in_force, "what ends with its session", ends)?;
    if trades_outside(intent) {
        record.found(Rule::Overnight, "outside too", "what trades in its session alone", false)?;
    }
    let kind = intent.kind();
    if matches!(kind, OrderKind::MarketOnClose | OrderKind::LimitOnClose { .. }) {
        record.found(Rule::Overnight, kind.name(), "what trades before the close", false)?;
    }
    let left = view.session_ends_in.ok_or_else(|| missing("when the session ends"))?;
    // One that waits comes when it begins.
    let waits = intent.attributes().timing.good_after.map_or(Duration::ZERO, |begins| begins.since(view.now));
    let left = left.saturating_sub(waits);
    let early = left >= Duration::from_secs(60 * u64::from(permissions.flat_minutes));
    let number = format!("{} minutes before the end", left.as_secs() / 60);
    let limit = format!("{} minutes before the end", permissions.flat_minutes);
    record.found(Rule::Overnight, number, limit, early)
}

fn listed(
    record: &mut Record<'_>,
    rule: Rule,
    word: &str,
    allowed: Option<&Vec<String>>,
) -> Result<(), RiskRefusal> {
    let Some(allowed) = allowed else { return Ok(()) };
    record.found(rule, word.to_owned(), allowed.join(", "), allowed.iter().any(|one| one == word))
}
