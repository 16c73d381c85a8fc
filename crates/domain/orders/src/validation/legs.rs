//! Prices of a combo's legs, each on the step of its own contract.

use super::prices::check_price;
use super::{Case, Field, PriceRefusal, Validation, Warning};
use crate::{ComboRouting, OrderKind};
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::Decimal;

/// The legs of a combo whose legs may have prices of their own.
const PRICED_LEGS: usize = 2;

pub(super) fn check(case: &Case<'_>, found: &mut Validation) {
    let Some(said) = case.intent.said() else { return };
    for routing in &said.combo.routing {
        if let ComboRouting::DiscretionaryPercent(percent) = routing {
            let fits = (Decimal::ZERO..=Decimal::ONE_HUNDRED).contains(percent);
            found.refuse_if(!fits, || PriceRefusal::Percent {
                what: "discretion of the combo",
                percent: *percent,
            });
        }
    }
    if *case.intent.kind() != OrderKind::LimitPerLeg || !case.is(&[InstrumentKind::Combo]) {
        return;
    }
    let legs = &case.contract.instrument().description().legs;
    found.refuse_if(legs.len() != PRICED_LEGS, || PriceRefusal::LegCount { legs: legs.len() });
    let apart = said.combo.routing.contains(&ComboRouting::NonGuaranteed(true));
    found.refuse_if(!apart, || PriceRefusal::LegsGuaranteed);
    let prices = &said.combo.leg_prices;
    found.refuse_if(prices.len() > legs.len(), || PriceRefusal::LegPrices {
        prices: prices.len(),
        legs: legs.len(),
    });
    for (index, (leg, price)) in legs.iter().zip(prices).enumerate() {
        let Some(price) = *price else { continue };
        match case.legs.iter().find(|contract| contract.id() == leg.contract()) {
            Some(contract) => check_price(contract, Field::LegPrice(index + 1), price, found),
            None => found.warn(Warning::LegUnknown { leg: index + 1, contract: leg.contract() }),
        }
    }
}
