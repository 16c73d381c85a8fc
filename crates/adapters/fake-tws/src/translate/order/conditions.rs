//! Conditions.

use super::field::{
    Read, contract, contract_out, count, count_out, float, needed, number, price, refused, said, text, venue,
};
use super::time::{moment, moment_out};
use crate::wire::proto;
use tradeport_contracts::InstrumentKind;
use tradeport_orders::{Condition, Conditions, Connector, Link, OnMet, Threshold, TriggerMethod, Watched};

/// The API's codes of the kinds whose executions an order may wait for.
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

/// The trigger methods with their numbers; zero is the default.
const METHODS: [(i32, TriggerMethod); 6] = [
    (1, TriggerMethod::DoubleBidAsk),
    (2, TriggerMethod::Last),
    (3, TriggerMethod::DoubleLast),
    (4, TriggerMethod::BidAsk),
    (7, TriggerMethod::LastOrBidAsk),
    (8, TriggerMethod::Midpoint),
];

pub(super) fn trigger_in(field: &'static str, number: Option<i32>) -> Read<Option<TriggerMethod>> {
    let Some(number) = number.filter(|number| *number != 0 && *number != i32::MAX) else { return Ok(None) };
    let found = METHODS.iter().find(|(known, _)| *known == number);
    found
        .map(|(_, method)| Some(*method))
        .ok_or_else(|| refused(field, number, "no trigger method that is known"))
}

pub(super) fn trigger_out(method: Option<TriggerMethod>) -> i32 {
    METHODS.iter().find(|(_, known)| Some(*known) == method).map_or(0, |(number, _)| *number)
}

pub(super) fn conditions_in(order: &proto::Order) -> Read<Option<Conditions>> {
    if order.conditions.is_empty() {
        return Ok(None);
    }
    let count = order.conditions.len();
    if count > Conditions::MAX {
        return Err(refused("conditions", count, "more than 100"));
    }
    let links = order.conditions.iter().map(link_in).collect::<Read<Vec<_>>>()?;
    let mut conditions =
        Conditions::from_links(links).map_err(|error| refused("conditions", count, error))?;
    if order.conditions_cancel_order == Some(true) {
        conditions = conditions.cancel_order();
    }
    if order.conditions_ignore_rth == Some(true) {
        conditions = conditions.outside_sessions();
    }
    if order.conditions_include_overnight == Some(true) {
        conditions = conditions.overnight();
    }
    Ok(Some(conditions))
}

fn link_in(it: &proto::OrderCondition) -> Read<Link> {
    let and = it.is_conjunction_connection.unwrap_or(true);
    let connector = if and { Connector::And } else { Connector::Or };
    Ok(Link { condition: condition_in(it)?, connector })
}

fn condition_in(it: &proto::OrderCondition) -> Read<Condition> {
    let side = if it.is_more == Some(true) { Threshold::Above } else { Threshold::Below };
    let watched = || {
        let id = needed("condition.conId", contract("condition.conId", it.con_id)?)?;
        Read::Ok(Watched::new(id, venue("condition.exchange", it.exchange.as_ref())?))
    };
    let whole = |field, number: Option<i32>| {
        count(field, Some(number.unwrap_or_default())).and_then(|count| needed(field, count))
    };
    Ok(match it.r#type.unwrap_or_default() {
        1 => Condition::Price {
            watched: watched()?,
            side,
            // A price of zero is not sent by every client.
            price: needed("condition.price", price("condition.price", Some(it.price.unwrap_or_default()))?)?,
            method: trigger_in("condition.triggerMethod", it.trigger_method)?,
        },
        3 => Condition::Time {
            side,
            at: moment("condition.time", said(it.time.as_ref()).unwrap_or_default())?,
        },
        4 => Condition::Margin { side, percent: whole("condition.percent", it.percent)? },
        5 => execution_in(it)?,
        6 => Condition::Volume { watched: watched()?, side, volume: whole("condition.volume", it.volume)? },
        7 => {
            let field = "condition.changePercent";
            let percent = needed(field, number(field, Some(it.change_percent.unwrap_or_default()))?)?;
            Condition::PercentChange { watched: watched()?, side, percent }
        }
        other => return Err(refused("condition.type", other, "no condition that is known")),
    })
}

fn execution_in(it: &proto::OrderCondition) -> Read<Condition> {
    let kind = said(it.sec_type.as_ref()).unwrap_or_default();
    let found = KINDS.iter().find(|(code, _)| *code == kind).map(|(_, kind)| *kind);
    Ok(Condition::Execution {
        symbol: needed("condition.symbol", text("condition.symbol", it.symbol.as_ref())?)?,
        kind: found.ok_or_else(|| refused("condition.secType", kind, "no security type that is known"))?,
        venue: venue("condition.exchange", it.exchange.as_ref())?,
    })
}

pub(super) fn conditions_out(conditions: &Conditions, order: &mut proto::Order) {
    order.conditions = conditions.links().iter().map(link_out).collect();
    order.conditions_cancel_order = (conditions.on_met() == OnMet::Cancel).then_some(true);
    order.conditions_ignore_rth = conditions.hold_outside_sessions().then_some(true);
    order.conditions_include_overnight = conditions.hold_overnight().then_some(true);
}

fn link_out(link: &Link) -> proto::OrderCondition {
    let mut it = proto::OrderCondition {
        is_conjunction_connection: Some(link.connector == Connector::And),
        ..proto::OrderCondition::default()
    };
    let watch = |it: &mut proto::OrderCondition, watched: &Watched, side: &Threshold| {
        it.con_id = contract_out(watched.contract);
        it.exchange = Some(watched.venue.as_str().to_owned());
        it.is_more = Some(*side == Threshold::Above);
    };
    match &link.condition {
        Condition::Price { watched, side, price, method } => {
            watch(&mut it, watched, side);
            it.price = Some(float(price.as_decimal()));
            (it.r#type, it.trigger_method) = (Some(1), Some(trigger_out(*method)));
        }
        Condition::Time { side, at } => {
            (it.r#type, it.is_more) = (Some(3), Some(*side == Threshold::Above));
            it.time = Some(moment_out(*at));
        }
        Condition::Margin { side, percent } => {
            (it.r#type, it.is_more) = (Some(4), Some(*side == Threshold::Above));
            it.percent = Some(count_out(*percent));
        }
        Condition::Execution { symbol, kind, venue } => {
            let code = KINDS.iter().find(|(_, known)| known == kind).map(|(code, _)| (*code).to_owned());
            (it.r#type, it.sec_type) = (Some(5), code);
            it.symbol = Some(symbol.as_str().to_owned());
            it.exchange = Some(venue.as_str().to_owned());
        }
        Condition::Volume { watched, side, volume } => {
            watch(&mut it, watched, side);
            (it.r#type, it.volume) = (Some(6), Some(count_out(*volume)));
        }
        Condition::PercentChange { watched, side, percent } => {
            watch(&mut it, watched, side);
            (it.r#type, it.change_percent) = (Some(7), Some(float(*percent)));
        }
    }
    it
}
