//! Orders as they stand on the wire, and as the platform words them.
//!
//! | of the wire | of the platform |
//! | --- | --- |
//! | `orderRef`, when no other key is given | the key |
//! | `parentId`, the ids of attached orders | keys, by a function of the caller |
//! | `MKT` and `LMT` with the time in force `OPG` | the kinds `MOO` and `LOO` |
//! | `cashQty` beside no quantity | a size in money |
//! | no quantity, on a hedge or an allocation that sizes | a size that follows |
//! | largest values, empty texts, zeros where zero says nothing | not said |
//!
//! Reading is lenient as TWS is: a price that an order type has no use for is left alone. What contradicts itself is
//! refused with the field's name in the API's spelling.
//!
//! Left out: who may place what, and whether an order is to be transmitted.

mod algo;
mod attributes;
mod conditions;
mod field;
mod kind;
mod time;

pub use time::moment;

pub use field::NotAnOrder;

use crate::wire::proto;
use attributes::{attributes_in, attributes_out};
use field::{Read, count, number, refused, said};
use time::moment_out;
use tradeport_contracts::Instrument;
use tradeport_kernel::{AccountId, Currency, Decimal, Money, OrderKey, Price, Quantity};
use tradeport_orders::{
    Allocation, OcaEffect, OcaGroup, OrderDraft, OrderIntent, OrderKind, OrderSize, SaleKind, Side,
    TimeInForce, Venue,
};

/// What stands around an order and is not part of it.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    /// Its key; `None` takes the order's reference.
    pub key: Option<&'a OrderKey>,
    /// Whose it is when it does not say so.
    pub account: Option<&'a AccountId>,
    /// What it is of.
    pub instrument: &'a Instrument,
    /// What the instrument is priced in.
    pub currency: Currency,
    /// The exchange of its contract: its route, and whose algo a name means.
    pub route: &'a str,
    /// The legs of its contract: the wire has their prices there.
    pub legs: &'a [proto::ComboLeg],
    /// The key of another order of the same client.
    pub key_of: &'a dyn Fn(i32) -> Option<OrderKey>,
}

/// What an order of the wire says.
///
/// # Errors
/// When a field cannot be read, or the whole makes no order.
pub fn order_in(
    order: &proto::Order,
    attached: Option<&proto::AttachedOrders>,
    around: &Around<'_>,
) -> Result<OrderIntent, NotAnOrder> {
    let per_leg = around.legs.iter().any(|leg| leg.per_leg_price.is_some_and(|it| it < f64::MAX));
    let kind = kind::kind_in(order, per_leg)?;
    let attributes = attributes_in(order, attached, around)?;
    let (side, _) = action_in(order)?;
    let sized_elsewhere =
        attributes.hedge.is_some() || attributes.allocation.as_ref().is_some_and(Allocation::sizes);
    let draft = OrderDraft {
        key: key(order, around)?,
        account: account(order, around)?,
        strategy: None,
        symbol: around.instrument.symbol(),
        instrument: Some(Box::new(around.instrument.clone())),
        route: route(around)?,
        side,
        size: size(order, around, sized_elsewhere)?,
        time_in_force: time_in_force(order, &kind)?,
        kind,
        parent: parent(order, around)?,
        oca: group(order)?,
        outside_sessions: order.outside_rth.unwrap_or_default(),
        attributes: attributes.into(),
    };
    Ok(draft.check()?)
}

/// An order of the wire with what stands beside it in the request.
#[derive(Clone, Debug, PartialEq)]
pub struct WireOrder {
    /// The order.
    pub order: proto::Order,
    /// The children that are to be made from presets.
    pub attached: Option<proto::AttachedOrders>,
    /// A price for each leg of the contract, which has them on the wire.
    pub leg_prices: Vec<Option<f64>>,
}

/// An intent as an order of the wire, with the numbers that `number_of` gives to the orders that it names. Moments are
/// written in UTC.
#[must_use]
pub fn order_out(intent: &OrderIntent, number_of: &dyn Fn(&OrderKey) -> Option<i32>) -> WireOrder {
    let mut order = proto::Order {
        order_id: number_of(intent.key()),
        order_ref: Some(intent.key().as_str().to_owned()),
        account: Some(intent.account().as_str().to_owned()),
        parent_id: intent.parent().and_then(number_of),
        outside_rth: intent.outside_sessions().then_some(true),
        transmit: Some(true),
        ..proto::Order::default()
    };
    order.action = Some(action_out(intent.side(), intent.attributes().clearing.sale).to_owned());
    kind::kind_out(intent.kind(), &mut order);
    order.tif = Some(tif_out(intent).to_owned());
    order.good_till_date = intent.time_in_force().end().map(moment_out);
    match intent.size() {
        OrderSize::Units(quantity) => order.total_quantity = Some(quantity.as_decimal().to_string()),
        OrderSize::Cash(cash) => order.cash_qty = Some(field::float(cash.amount())),
        OrderSize::FollowsParent => {}
    }
    if let Some(group) = intent.oca() {
        order.oca_group = Some(group.name().to_owned());
        order.oca_type = group.effect().map(|effect| match effect {
            OcaEffect::CancelWithBlock => 1,
            OcaEffect::ReduceWithBlock => 2,
            OcaEffect::ReduceWithoutBlock => 3,
        });
    }
    let attached = intent.said().and_then(|said| attributes_out(said, number_of, &mut order));
    let price = |price: &Option<Price>| price.map(|price| field::float(price.as_decimal()));
    let leg_prices = intent.attributes().combo.leg_prices.iter().map(price).collect();
    WireOrder { order, attached, leg_prices }
}

fn tif_out(intent: &OrderIntent) -> &'static str {
    match intent.kind() {
        OrderKind::MarketOnOpen | OrderKind::LimitOnOpen { .. } => "OPG",
        _ => intent.time_in_force().name(),
    }
}

fn action_out(side: Side, sale: Option<SaleKind>) -> &'static str {
    match (side, sale) {
        (Side::Buy, _) => "BUY",
        (Side::Sell, None) => "SELL",
        (Side::Sell, Some(SaleKind::Short)) => "SSHORT",
        (Side::Sell, Some(SaleKind::Long)) => "SLONG",
    }
}

/// The side of an order, and the kind of sale.
pub(crate) fn action_in(order: &proto::Order) -> Read<(Side, Option<SaleKind>)> {
    let is_quote = order.order_type.as_deref() == Some("QUOTE");
    match said(order.action.as_ref()).unwrap_or_default() {
        // Who asks for quotes need not say whether they buy.
        "" if is_quote => Ok((Side::Buy, None)),
        "BUY" => Ok((Side::Buy, None)),
        "SELL" => Ok((Side::Sell, None)),
        "SSHORT" => Ok((Side::Sell, Some(SaleKind::Short))),
        "SLONG" => Ok((Side::Sell, Some(SaleKind::Long))),
        other => Err(refused("action", other, "neither BUY nor SELL")),
    }
}

fn key(order: &proto::Order, around: &Around<'_>) -> Read<OrderKey> {
    if let Some(key) = around.key {
        return Ok(key.clone());
    }
    let reference = said(order.order_ref.as_ref()).unwrap_or_default();
    OrderKey::new(reference).map_err(|error| refused("orderRef", reference, error))
}

fn account(order: &proto::Order, around: &Around<'_>) -> Read<AccountId> {
    match (said(order.account.as_ref()), around.account) {
        (None, Some(account)) => Ok(account.clone()),
        (None, None) => Err(refused("account", "", "an order needs an account")),
        (Some(name), _) => AccountId::new(name).map_err(|error| refused("account", name, error)),
    }
}

/// Where the contract is routed, unless its instrument goes there anyway or says it itself, as a combo does.
fn route(around: &Around<'_>) -> Read<Option<Venue>> {
    let it = around.instrument.description();
    let is_own = it.exchange.as_deref().is_none_or(|own| own == around.route);
    if is_own || !it.legs.is_empty() || around.route.is_empty() {
        return Ok(None);
    }
    Venue::new(around.route).map(Some).map_err(|error| refused("exchange", around.route, error))
}

fn parent(order: &proto::Order, around: &Around<'_>) -> Read<Option<OrderKey>> {
    let Some(number) = order.parent_id.filter(|number| *number != 0 && *number != i32::MAX) else {
        return Ok(None);
    };
    let known = (around.key_of)(number);
    known.map(Some).ok_or_else(|| refused("parentId", number, "no order has this number"))
}

fn group(order: &proto::Order) -> Read<Option<OcaGroup>> {
    let Some(name) = said(order.oca_group.as_ref()) else { return Ok(None) };
    let group = OcaGroup::new(OrderKey::new(name).map_err(|error| refused("ocaGroup", name, error))?);
    Ok(Some(match count("ocaType", order.oca_type)?.unwrap_or_default() {
        0 => group,
        1 => group.with_effect(OcaEffect::CancelWithBlock),
        2 => group.with_effect(OcaEffect::ReduceWithBlock),
        3 => group.with_effect(OcaEffect::ReduceWithoutBlock),
        other => return Err(refused("ocaType", other, "no type of group from 0 to 3")),
    }))
}

/// How many units an order of the wire is for; `None` when it does not say, or says zero.
pub(crate) fn total_quantity(order: &proto::Order) -> Read<Option<Decimal>> {
    let Some(text) = said(order.total_quantity.as_ref()) else { return Ok(None) };
    let total = field::decimal_text(text).ok_or_else(|| refused("totalQuantity", text, "not a number"))?;
    Ok(total.filter(|total| !total.is_zero()))
}

fn size(order: &proto::Order, around: &Around<'_>, elsewhere: bool) -> Read<OrderSize> {
    let cash = number("cashQty", order.cash_qty)?.filter(|cash| !cash.is_zero());
    match (total_quantity(order)?, cash) {
        (Some(total), None) => {
            Quantity::new(total).map(OrderSize::Units).map_err(|error| refused("totalQuantity", total, error))
        }
        (None, Some(cash)) => Ok(OrderSize::Cash(Money::new(cash, around.currency))),
        (Some(_), Some(cash)) => Err(refused("cashQty", cash, "the order has a quantity too")),
        (None, None) if elsewhere => Ok(OrderSize::FollowsParent),
        (None, None) => Err(refused("totalQuantity", 0, "neither a quantity nor an amount of money")),
    }
}

fn time_in_force(order: &proto::Order, kind: &OrderKind) -> Read<TimeInForce> {
    let date = said(order.good_till_date.as_ref());
    let ends = || moment("goodTillDate", date.unwrap_or_default());
    Ok(match said(order.tif.as_ref()).unwrap_or("DAY") {
        "GTD" => TimeInForce::GoodTillDate(ends()?),
        "GTT" => TimeInForce::GoodTillTime(ends()?),
        "OPG" if kind.is_auction() => TimeInForce::Day,
        "DAY" => TimeInForce::Day,
        "GTC" => TimeInForce::GoodTillCancelled,
        "IOC" => TimeInForce::ImmediateOrCancel,
        "FOK" => TimeInForce::FillOrKill,
        "DTC" => TimeInForce::DayTillCancelled,
        "AUC" => TimeInForce::Auction,
        "GTX" => TimeInForce::GoodTillCrossing,
        "Minutes" => TimeInForce::Minutes,
        other => return Err(refused("tif", other, "no time in force that is known")),
    })
}
