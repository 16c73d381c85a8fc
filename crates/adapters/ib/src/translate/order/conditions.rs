//! Conditions.

use super::Surroundings;
use super::field::{
    contract_in, contract_out, count_in, count_out, number_in, number_out, price_in, refused, venue_in,
};
use super::time::{time_in, time_out};
use crate::translate::{FromIbError, ToIbError};
use ibapi::orders::conditions::TriggerMethod as Method;
use ibapi::orders::{
    ExecutionCondition, MarginCondition, Order, OrderCondition, PercentChangeCondition, PriceCondition,
    TimeCondition, VolumeCondition,
};
use tradeport_contracts::InstrumentKind;
use tradeport_orders::{
    Condition, Conditions, Connector, Link, OnMet, Text, Threshold, TriggerMethod, Watched,
};

/// The broker's codes of the kinds of instruments whose executions are waited for. Event contracts have none of their own.
const KINDS: [(&str, InstrumentKind); 16] = [
    ("STK", InstrumentKind::Stock),
    ("OPT", InstrumentKind::Option),
    ("FUT", InstrumentKind::Future),
    ("FOP", InstrumentKind::FuturesOption),
    ("CASH", InstrumentKind::Forex),
    ("CFD", InstrumentKind::Cfd),
    ("BOND", InstrumentKind::Bond),
    ("BILL", InstrumentKind::Bill),
    ("FUND", InstrumentKind::Fund),
    ("CMDTY", InstrumentKind::Commodity),
    ("CRYPTO", InstrumentKind::Crypto),
    ("IND", InstrumentKind::Index),
    ("WAR", InstrumentKind::Warrant),
    ("IOPT", InstrumentKind::StructuredProduct),
    ("FWD", InstrumentKind::Forward),
    ("BAG", InstrumentKind::Combo),
];

pub(super) fn trigger_out(method: Option<TriggerMethod>) -> Method {
    match method {
        None => Method::Default,
        Some(TriggerMethod::DoubleBidAsk) => Method::DoubleBidAsk,
        Some(TriggerMethod::Last) => Method::Last,
        Some(TriggerMethod::DoubleLast) => Method::DoubleLast,
        Some(TriggerMethod::BidAsk) => Method::BidAsk,
        Some(TriggerMethod::LastOrBidAsk) => Method::LastOrBidAsk,
        Some(TriggerMethod::Midpoint) => Method::Midpoint,
    }
}

pub(super) fn trigger_in(field: &'static str, method: Method) -> Result<Option<TriggerMethod>, FromIbError> {
    Ok(Some(match method {
        Method::Default => return Ok(None),
        Method::DoubleBidAsk => TriggerMethod::DoubleBidAsk,
        Method::Last => TriggerMethod::Last,
        Method::DoubleLast => TriggerMethod::DoubleLast,
        Method::BidAsk => TriggerMethod::BidAsk,
        Method::LastOrBidAsk => TriggerMethod::LastOrBidAsk,
        Method::Midpoint => TriggerMethod::Midpoint,
        Method::Unknown(code) => return Err(refused(field, code, "no trigger method that is known")),
    }))
}

pub(super) fn conditions_to_ib(
    conditions: &Conditions,
    around: &Surroundings<'_>,
    order: &mut Order,
) -> Result<(), ToIbError> {
    order.conditions =
        conditions.links().iter().map(|link| condition_out(link, around)).collect::<Result<_, _>>()?;
    order.conditions_cancel_order = conditions.on_met() == OnMet::Cancel;
    order.conditions_ignore_rth = conditions.hold_outside_sessions();
    order.conditions_include_overnight = conditions.hold_overnight();
    Ok(())
}

fn condition_out(link: &Link, around: &Surroundings<'_>) -> Result<OrderCondition, ToIbError> {
    let is_conjunction = link.connector == Connector::And;
    let more = |side: Threshold| side == Threshold::Above;
    Ok(match &link.condition {
        Condition::Price { watched, side, price, method } => OrderCondition::Price(PriceCondition {
            contract_id: contract_out("condition's instrument", watched.contract)?,
            exchange: watched.venue.as_str().to_owned(),
            price: number_out("condition's price", price.as_decimal())?,
            trigger_method: trigger_out(*method),
            is_more: more(*side),
            is_conjunction,
        }),
        Condition::Time { side, at } => OrderCondition::Time(TimeCondition {
            time: time_out(*at, around.times),
            is_more: more(*side),
            is_conjunction,
        }),
        Condition::Margin { side, percent } => OrderCondition::Margin(MarginCondition {
            percent: count_out("condition's margin", *percent)?,
            is_more: more(*side),
            is_conjunction,
        }),
        Condition::PercentChange { watched, side, percent } => {
            OrderCondition::PercentChange(PercentChangeCondition {
                contract_id: contract_out("condition's instrument", watched.contract)?,
                exchange: watched.venue.as_str().to_owned(),
                percent: number_out("condition's change", *percent)?,
                is_more: more(*side),
                is_conjunction,
            })
        }
        Condition::Volume { watched, side, volume } => OrderCondition::Volume(VolumeCondition {
            contract_id: contract_out("condition's instrument", watched.contract)?,
            exchange: watched.venue.as_str().to_owned(),
            volume: count_out("condition's volume", *volume)?,
            is_more: more(*side),
            is_conjunction,
        }),
        Condition::Execution { symbol, kind, venue } => OrderCondition::Execution(ExecutionCondition {
            symbol: symbol.as_str().to_owned(),
            security_type: kind_out(*kind)?,
            exchange: venue.as_str().to_owned(),
            is_conjunction,
        }),
    })
}

fn kind_out(kind: InstrumentKind) -> Result<String, ToIbError> {
    let code = KINDS.iter().find(|(_, known)| *known == kind).map(|(code, _)| (*code).to_owned());
    code.ok_or_else(|| {
        ToIbError::new("condition's kind of instrument", kind.name(), "no code is known for its trades")
    })
}

pub(super) fn conditions_from_ib(
    order: &Order,
    around: &Surroundings<'_>,
) -> Result<Option<Conditions>, FromIbError> {
    if order.conditions.is_empty() {
        return Ok(None);
    }
    if order.conditions.len() > Conditions::MAX {
        return Err(refused("conditions", order.conditions.len(), "more than 100"));
    }
    let link = |condition: &OrderCondition| {
        let connector = if condition.is_conjunction() { Connector::And } else { Connector::Or };
        condition_in(condition, around).map(|condition| Link { condition, connector })
    };
    let links = order.conditions.iter().map(link).collect::<Result<_, _>>()?;
    let mut conditions = Conditions::from_links(links)
        .map_err(|error| refused("conditions", order.conditions.len(), error))?;
    if order.conditions_cancel_order {
        conditions = conditions.cancel_order();
    }
    if order.conditions_ignore_rth {
        conditions = conditions.outside_sessions();
    }
    if order.conditions_include_overnight {
        conditions = conditions.overnight();
    }
    Ok(Some(conditions))
}

fn condition_in(condition: &OrderCondition, around: &Surroundings<'_>) -> Result<Condition, FromIbError> {
    let side = |more: bool| if more { Threshold::Above } else { Threshold::Below };
    let watched = |contract: i32, exchange: &str| {
        let contract = contract_in("condition.conId", contract)?;
        Ok(Watched::new(contract, venue_in("condition.exchange", exchange)?))
    };
    let count = |field, count: i32| {
        count_in(field, Some(count))?.ok_or_else(|| refused(field, count, "a condition needs it"))
    };
    Ok(match condition {
        OrderCondition::Price(price) => Condition::Price {
            watched: watched(price.contract_id, &price.exchange)?,
            side: side(price.is_more),
            price: price_in("condition.price", Some(price.price))?
                .ok_or_else(|| refused("condition.price", price.price, "a price condition needs it"))?,
            method: trigger_in("condition.triggerMethod", price.trigger_method)?,
        },
        OrderCondition::Time(time) => Condition::Time {
            side: side(time.is_more),
            at: time_in("condition.time", &time.time, around.times)?,
        },
        OrderCondition::Margin(margin) => {
            let percent = count("condition.percent", margin.percent)?;
            Condition::Margin { side: side(margin.is_more), percent }
        }
        OrderCondition::Execution(execution) => execution_in(execution)?,
        OrderCondition::Volume(volume) => Condition::Volume {
            watched: watched(volume.contract_id, &volume.exchange)?,
            side: side(volume.is_more),
            volume: count("condition.volume", volume.volume)?,
        },
        OrderCondition::PercentChange(change) => Condition::PercentChange {
            watched: watched(change.contract_id, &change.exchange)?,
            side: side(change.is_more),
            percent: number_in("condition.changePercent", Some(change.percent))?
                .ok_or_else(|| refused("condition.changePercent", change.percent, "a condition needs it"))?,
        },
        OrderCondition::Unknown(unknown) => {
            return Err(refused("condition.type", unknown.condition_type, "no condition that is known"));
        }
    })
}

fn execution_in(execution: &ExecutionCondition) -> Result<Condition, FromIbError> {
    let (kind, symbol) = (&execution.security_type, &execution.symbol);
    let found = KINDS.iter().find(|(code, _)| code == kind);
    Ok(Condition::Execution {
        symbol: Text::new(symbol).map_err(|error| refused("condition.symbol", symbol, error))?,
        kind: found.ok_or_else(|| refused("condition.secType", kind, "no security type that is known"))?.1,
        venue: venue_in("condition.exchange", &execution.exchange)?,
    })
}
