//! Prices on the step of their band, distances on the smallest step.

use super::fields::{compete_offset, distances, prices};
use super::refusal::{Accepted, PriceRefusal};
use super::{Case, Field, PriceSteps, Validation};
use tradeport_contracts::Contract;
use tradeport_kernel::{Decimal, Price};

/// What competing orders are counted in (error 10305).
const CENT: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

pub(super) fn check(case: &Case<'_>, found: &mut Validation) {
    for (field, price) in prices(case.intent) {
        check_price(case.contract, field, price, found);
    }
    let step = PriceSteps::of(case.contract).smallest();
    for (field, distance) in distances(case.intent) {
        check_distance(field, distance, step, found);
    }
    if let Some(offset) = compete_offset(case.intent.kind()) {
        let nothing = offset.is_zero();
        found.refuse_if(nothing, || PriceRefusal::DistanceStep {
            field: Field::CompeteOffset,
            distance: offset,
            step: CENT,
            accepted: Accepted { below: None, above: Some(CENT) },
        });
        check_distance(Field::CompeteOffset, offset, CENT, found);
    }
}

/// Holds one price against the steps and the range of the contract that it is a price of.
pub(super) fn check_price(contract: &Contract, field: Field, price: Price, found: &mut Validation) {
    let steps = PriceSteps::of(contract);
    if steps.accepts(price) {
        return;
    }
    let accepted = Accepted {
        below: steps.below(price).map(Price::as_decimal),
        above: steps.above(price).map(Price::as_decimal),
    };
    let raw = price.as_decimal();
    let bounds = steps.bounds().filter(|(lowest, highest)| raw < *lowest || raw > *highest);
    found.refuse(if let Some((lowest, highest)) = bounds {
        PriceRefusal::PriceRange { field, price, lowest, highest }
    } else if steps.is_above_zero() && !price.is_positive() {
        PriceRefusal::NotAboveZero { field, price, symbol: contract.symbol(), accepted }
    } else {
        PriceRefusal::PriceStep { field, price, step: contract.price_step_at(price), accepted }
    });
}

fn check_distance(field: Field, distance: Decimal, step: Decimal, found: &mut Validation) {
    let Some(rest) = distance.checked_rem(step) else { return };
    found.refuse_if(!rest.is_zero(), || {
        // Counted without its sign, which it gets back: -0.015 lies between -0.02 and -0.01.
        let near = distance.abs().checked_sub(rest.abs()).filter(|near| !near.is_zero());
        let far = near.unwrap_or(Decimal::ZERO).checked_add(step);
        let signed = |size: Decimal| if distance.is_sign_negative() { -size } else { size }.normalize();
        let (near, far) = (near.map(signed), far.map(signed));
        let (below, above) = if distance.is_sign_negative() { (far, near) } else { (near, far) };
        PriceRefusal::DistanceStep { field, distance, step, accepted: Accepted { below, above } }
    });
}
