//! How much: smallest sizes, steps, fractions, cash, and parts of a size.

use super::refusal::{Accepted, SizeRefusal};
use super::{Case, Validation};
use crate::{OrderKind, Side};
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::{Decimal, Money, Quantity};

/// The smallest block order (error 117).
const BLOCK: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

pub(super) fn check(case: &Case<'_>, found: &mut Validation) {
    let size = case.intent.size();
    if let Some(cash) = size.cash() {
        check_cash(case, cash, found);
    }
    if let Some(quantity) = size.quantity() {
        check_units(case, quantity, found);
        check_parts(case, quantity.as_decimal(), found);
        let coins_bought = case.is(&[InstrumentKind::Crypto])
            && *case.intent.kind() == OrderKind::Market
            && case.intent.side() == Side::Buy;
        found.refuse_if(coins_bought, || SizeRefusal::BuyByCash { size: quantity });
    }
}

fn check_units(case: &Case<'_>, size: Quantity, found: &mut Validation) {
    let raw = size.as_decimal();
    let details = case.contract.details();
    if let Some(minimum) = details.minimum_size.filter(|minimum| raw < *minimum) {
        found.refuse(SizeRefusal::BelowMinimum { size, minimum });
    }
    let step = details.size_increment.unwrap_or(case.contract.lot());
    let accepted = |step: Decimal| {
        let rest = raw.checked_rem(step)?;
        let below = raw.checked_sub(rest)?;
        let least = details.minimum_size.unwrap_or(step);
        let above = below.checked_add(step)?.max(least).normalize();
        let below = Some(below.normalize()).filter(|below| *below >= least);
        (!rest.is_zero()).then_some(Accepted { below, above: Some(above) })
    };
    if let Some(accepted) = accepted(step) {
        found.refuse(SizeRefusal::SizeStep { size, step, accepted });
        return;
    }
    if raw.fract().is_zero() {
        return;
    }
    match case.what {
        Some(what) if !takes_fractions(case, what) => {
            let accepted = accepted(Decimal::ONE).unwrap_or_default();
            found.refuse(SizeRefusal::Fraction { size, what, accepted });
        }
        Some(InstrumentKind::Stock) => {
            if let Some(given) = case.elsewhere_than("SMART") {
                found.refuse(SizeRefusal::FractionRoute { size, given: given.to_owned() });
            }
        }
        _ => {}
    }
    let allocated = case.intent.said().is_some_and(|said| said.allocation.is_some());
    found.refuse_if(allocated, || SizeRefusal::FractionAllocated { size });
}

/// Fractions of a unit: coins, currencies, shares in US dollars and of funds. Of other things the broker says so itself.
fn takes_fractions(case: &Case<'_>, what: InstrumentKind) -> bool {
    use InstrumentKind as Kind;
    match what {
        Kind::Stock => case.is_us_stock() || case.contract.details().size_increment.is_some(),
        Kind::Option
        | Kind::Future
        | Kind::FuturesOption
        | Kind::Combo
        | Kind::Warrant
        | Kind::StructuredProduct => false,
        _ => true,
    }
}

fn check_cash(case: &Case<'_>, cash: Money, found: &mut Validation) {
    let takes = case.is(&[InstrumentKind::Forex, InstrumentKind::Crypto]) || case.is_us_stock();
    if let Some(what) = case.what.filter(|_| !takes) {
        found.refuse(SizeRefusal::Cash { cash, what });
        return;
    }
    let expected = case.contract.currency();
    found.refuse_if(cash.currency() != expected, || SizeRefusal::CashCurrency { cash, expected });
    let coins_sold = case.is(&[InstrumentKind::Crypto])
        && *case.intent.kind() == OrderKind::Market
        && case.intent.side() == Side::Sell;
    found.refuse_if(coins_sold, || SizeRefusal::SellByUnits { cash });
}

fn check_parts(case: &Case<'_>, size: Decimal, found: &mut Validation) {
    let Some(said) = case.intent.said() else { return };
    let handling = &said.handling;
    let parts = [
        ("display size", handling.display_size),
        ("minimum quantity", handling.min_quantity),
        ("minimum trade quantity", handling.min_trade_quantity),
        ("first size of the scale", said.scale.as_ref().and_then(|scale| scale.first_size)),
    ];
    for (what, part) in parts {
        if let Some(part) = part.filter(|part| Decimal::from(*part) > size) {
            found.refuse(SizeRefusal::PartAboveSize { what, part, size });
        }
    }
    found.refuse_if(handling.block && size < BLOCK, || SizeRefusal::Block { size });
}
