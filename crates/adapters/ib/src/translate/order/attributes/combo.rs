//! Prices and routing of a combo's legs.

use crate::translate::order::field::{contract_out, count_out, number_out, price_in, price_out, refused};
use crate::translate::{FromIbError, ToIbError};
use ibapi::contracts::TagValue;
use ibapi::orders::{Order, OrderComboLeg};
use tradeport_contracts::ContractId;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::{ComboRouting, ComboTerms, Text};

const NON_GUARANTEED: &str = "NonGuaranteed";
const LEG_IN_PRIORITY: &str = "LeginPrio";
const MAX_SEGMENT: &str = "MaxSegSize";
const WAIT_FOR_LEG: &str = "DontLeginNext";
const CONDITION_CONTRACT: &str = "PriceCondConid";
const CONDITION_MIN: &str = "CondPriceMin";
const CONDITION_MAX: &str = "CondPriceMax";
const MARKET_AFTER_FIRST: &str = "ChangeToMktTime1";
const MARKET_AFTER_SECOND: &str = "ChangeToMktTime2";
const DISCRETION: &str = "DiscretionaryPct";

pub(super) fn to_ib(combo: &ComboTerms, order: &mut Order) -> Result<(), ToIbError> {
    let leg = |price: &Option<Price>| Ok(OrderComboLeg { price: price_out("leg price", *price)? });
    order.order_combo_legs = combo.leg_prices.iter().map(leg).collect::<Result<_, ToIbError>>()?;
    order.smart_combo_routing_params = combo.routing.iter().map(tag_out).collect::<Result<_, _>>()?;
    Ok(())
}

fn tag_out(routing: &ComboRouting) -> Result<TagValue, ToIbError> {
    let flag = |on: bool| if on { "1" } else { "0" }.to_owned();
    let price = |price: &Price| number_out("leg condition", price.as_decimal()).map(|_| price.to_string());
    let (tag, value) = match routing {
        ComboRouting::NonGuaranteed(on) => (NON_GUARANTEED, flag(*on)),
        ComboRouting::LegInPriority(leg) => (LEG_IN_PRIORITY, leg.to_string()),
        ComboRouting::MaxSegmentSize(size) => (MAX_SEGMENT, count_out("segment size", *size)?.to_string()),
        ComboRouting::WaitForLegIn(on) => (WAIT_FOR_LEG, flag(*on)),
        ComboRouting::ConditionContract(id) => {
            (CONDITION_CONTRACT, contract_out("leg condition", *id)?.to_string())
        }
        ComboRouting::ConditionPriceMin(min) => (CONDITION_MIN, price(min)?),
        ComboRouting::ConditionPriceMax(max) => (CONDITION_MAX, price(max)?),
        ComboRouting::MarketAfterFirst(seconds) => (MARKET_AFTER_FIRST, seconds.to_string()),
        ComboRouting::MarketAfterSecond(seconds) => (MARKET_AFTER_SECOND, seconds.to_string()),
        ComboRouting::DiscretionaryPercent(percent) => (DISCRETION, percent.to_string()),
        ComboRouting::Other { tag, value } => {
            if read(tag.as_str(), value.as_str()).is_some() {
                return Err(ToIbError::new("combo routing", tag, "it has a word of its own"));
            }
            (tag.as_str(), value.as_str().to_owned())
        }
    };
    Ok(TagValue { tag: tag.to_owned(), value })
}

pub(super) fn from_ib(order: &Order) -> Result<ComboTerms, FromIbError> {
    if order.order_combo_legs.len() > ComboTerms::MAX {
        return Err(refused("orderComboLegs", order.order_combo_legs.len(), "more than 100"));
    }
    if order.smart_combo_routing_params.len() > ComboTerms::MAX {
        return Err(refused(
            "smartComboRoutingParams",
            order.smart_combo_routing_params.len(),
            "more than 100",
        ));
    }
    let price = |leg: &OrderComboLeg| price_in("orderComboLegs.price", leg.price);
    Ok(ComboTerms {
        leg_prices: order.order_combo_legs.iter().map(price).collect::<Result<_, _>>()?,
        routing: order.smart_combo_routing_params.iter().map(tag_in).collect::<Result<_, _>>()?,
    })
}

fn tag_in(tag: &TagValue) -> Result<ComboRouting, FromIbError> {
    if let Some(known) = read(&tag.tag, &tag.value) {
        return Ok(known);
    }
    let field = "smartComboRoutingParams";
    let text = |text: &str| Text::new(text).map_err(|error| refused(field, text, error));
    Ok(ComboRouting::Other { tag: text(&tag.tag)?, value: text(&tag.value)? })
}

/// A routing word whose value is one that this word can have, spelled as it would be sent.
fn read(tag: &str, value: &str) -> Option<ComboRouting> {
    let flag = || match value {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    };
    let exact = |text: String| (text == value).then_some(());
    let count = || value.parse::<u32>().ok().filter(|count| *count < i32::MAX.unsigned_abs());
    let routing = match tag {
        NON_GUARANTEED => ComboRouting::NonGuaranteed(flag()?),
        LEG_IN_PRIORITY => ComboRouting::LegInPriority(value.parse().ok()?),
        MAX_SEGMENT => ComboRouting::MaxSegmentSize(count()?),
        WAIT_FOR_LEG => ComboRouting::WaitForLegIn(flag()?),
        CONDITION_CONTRACT => {
            ComboRouting::ConditionContract(ContractId::new(i64::from(count().filter(|id| *id > 0)?)))
        }
        CONDITION_MIN => ComboRouting::ConditionPriceMin(price(value)?),
        CONDITION_MAX => ComboRouting::ConditionPriceMax(price(value)?),
        MARKET_AFTER_FIRST => ComboRouting::MarketAfterFirst(value.parse().ok()?),
        MARKET_AFTER_SECOND => ComboRouting::MarketAfterSecond(value.parse().ok()?),
        DISCRETION => ComboRouting::DiscretionaryPercent(Decimal::from_str_exact(value).ok()?),
        _ => return None,
    };
    // Text that would be spelled differently on the way out stays text.
    match &routing {
        ComboRouting::LegInPriority(number) => exact(number.to_string())?,
        ComboRouting::MaxSegmentSize(number)
        | ComboRouting::MarketAfterFirst(number)
        | ComboRouting::MarketAfterSecond(number) => exact(number.to_string())?,
        ComboRouting::ConditionContract(id) => exact(id.number().to_string())?,
        ComboRouting::ConditionPriceMin(price) | ComboRouting::ConditionPriceMax(price) => {
            exact(price.to_string())?
        }
        ComboRouting::DiscretionaryPercent(percent) => exact(percent.to_string())?,
        _ => {}
    }
    Some(routing)
}

fn price(value: &str) -> Option<Price> {
    let price: Price = value.parse().ok()?;
    number_out("leg condition", price.as_decimal()).ok().map(|_| price)
}
