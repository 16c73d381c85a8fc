//! Prices and routing of a combo's legs.

use crate::translate::order::field::{Read, contract_out, price, refused, tag_out};
use crate::wire::proto::{ComboLeg, Order, TagValue};
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{ComboRouting, ComboTerms, Text};

pub(super) fn combo_in(order: &Order, legs: &[ComboLeg]) -> Read<ComboTerms> {
    let tags = &order.smart_combo_routing_params;
    for (field, count) in [("comboLegs", legs.len()), ("smartComboRoutingParams", tags.len())] {
        if count > ComboTerms::MAX {
            return Err(refused(field, count, "more than 100"));
        }
    }
    let prices = legs.iter().map(|leg| price("comboLegs.price", leg.per_leg_price));
    let leg_prices: Vec<Option<Price>> = prices.collect::<Read<_>>()?;
    let priced = leg_prices.iter().any(Option::is_some);
    Ok(ComboTerms {
        leg_prices: if priced { leg_prices } else { Vec::new() },
        routing: tags.iter().map(routing_in).collect::<Read<_>>()?,
    })
}

fn routing_in(tag: &TagValue) -> Read<ComboRouting> {
    let (key, value) = (tag.key.as_deref().unwrap_or_default(), tag.value.as_deref().unwrap_or_default());
    if let Some(known) = known(key, value).filter(|known| written(known).1 == value) {
        return Ok(known);
    }
    let text = |text: &str| Text::new(text).map_err(|error| refused("smartComboRoutingParams", text, error));
    Ok(ComboRouting::Other { tag: text(key)?, value: text(value)? })
}

/// A routing word whose value is one that it can have.
fn known(key: &str, value: &str) -> Option<ComboRouting> {
    let flag = || match value {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    };
    let count = || value.parse::<u32>().ok().filter(|count| *count < i32::MAX.unsigned_abs());
    Some(match key {
        "NonGuaranteed" => ComboRouting::NonGuaranteed(flag()?),
        "LeginPrio" => ComboRouting::LegInPriority(value.parse().ok()?),
        "MaxSegSize" => ComboRouting::MaxSegmentSize(count()?),
        "DontLeginNext" => ComboRouting::WaitForLegIn(flag()?),
        "PriceCondConid" => {
            ComboRouting::ConditionContract(ContractId::new(i64::from(count().filter(|id| *id > 0)?)))
        }
        "CondPriceMin" => ComboRouting::ConditionPriceMin(value.parse().ok()?),
        "CondPriceMax" => ComboRouting::ConditionPriceMax(value.parse().ok()?),
        "ChangeToMktTime1" => ComboRouting::MarketAfterFirst(value.parse().ok()?),
        "ChangeToMktTime2" => ComboRouting::MarketAfterSecond(value.parse().ok()?),
        "DiscretionaryPct" => ComboRouting::DiscretionaryPercent(Decimal::from_str_exact(value).ok()?),
        _ => return None,
    })
}

fn written(routing: &ComboRouting) -> (&str, String) {
    match routing {
        ComboRouting::NonGuaranteed(on) => ("NonGuaranteed", u8::from(*on).to_string()),
        ComboRouting::LegInPriority(leg) => ("LeginPrio", leg.to_string()),
        ComboRouting::MaxSegmentSize(size) => ("MaxSegSize", size.to_string()),
        ComboRouting::WaitForLegIn(on) => ("DontLeginNext", u8::from(*on).to_string()),
        ComboRouting::ConditionContract(id) => {
            ("PriceCondConid", contract_out(*id).unwrap_or_default().to_string())
        }
        ComboRouting::ConditionPriceMin(price) => ("CondPriceMin", price.to_string()),
        ComboRouting::ConditionPriceMax(price) => ("CondPriceMax", price.to_string()),
        ComboRouting::MarketAfterFirst(seconds) => ("ChangeToMktTime1", seconds.to_string()),
        ComboRouting::MarketAfterSecond(seconds) => ("ChangeToMktTime2", seconds.to_string()),
        ComboRouting::DiscretionaryPercent(percent) => ("DiscretionaryPct", percent.to_string()),
        ComboRouting::Other { tag, value } => (tag.as_str(), value.as_str().to_owned()),
    }
}

pub(super) fn combo_out(combo: &ComboTerms, order: &mut Order) {
    order.smart_combo_routing_params = combo
        .routing
        .iter()
        .map(|routing| {
            let (key, value) = written(routing);
            tag_out(key, value)
        })
        .collect();
}
