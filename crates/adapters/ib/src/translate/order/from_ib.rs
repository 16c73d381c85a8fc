//! From the library's order to a checked intent.

use super::Surroundings;
use super::attributes::{action_in, attributes_from_ib};
use super::field::{number_in, refused, text_in};
use super::kind::kind_from_ib;
use super::time::{WrittenTime, time_in};
use super::unsent::IbOrder;
use crate::translate::FromIbError;
use ibapi::orders::{OcaType, Order, TimeInForce as Tif};
use tradeport_contracts::Instrument;
use tradeport_kernel::{AccountId, Decimal, Money, OrderKey, PermId, Quantity};
use tradeport_orders::{
    Allocation, OcaEffect, OcaGroup, OrderDraft, OrderIntent, OrderKind, OrderSize, TimeInForce, Venue,
};

/// An order as the broker holds it: what it says, and what only the broker knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedOrder {
    /// What it says.
    pub intent: OrderIntent,
    /// Its number in the connection that sent it; zero when it has none.
    pub number: i32,
    /// The client that sent it.
    pub client: i32,
    /// The broker's durable number.
    pub perm_id: Option<PermId>,
    /// The durable number of its parent.
    pub parent_perm_id: Option<PermId>,
    /// How much of it has traded, where the broker tells it with the order.
    pub filled: Decimal,
    /// Is it live, rather than held back until the rest of its family is there?
    pub transmitted: bool,
}

/// What an order of the library says, in the platform's words.
///
/// # Errors
/// When it cannot mean anything: a number that is none, an unknown code, fields that contradict each other. The error
/// names the field and its value.
pub fn order_from_ib(received: &IbOrder, around: &Surroundings<'_>) -> Result<ReceivedOrder, FromIbError> {
    let order = &received.order;
    let kind = kind_from_ib(order)?;
    let attributes = attributes_from_ib(received, around)?;
    let sized_elsewhere =
        attributes.hedge.is_some() || attributes.allocation.as_ref().is_some_and(Allocation::sizes);
    let draft = OrderDraft {
        key: key(order, around)?,
        account: AccountId::new(&order.account).map_err(|error| refused("account", &order.account, error))?,
        strategy: None,
        symbol: around.symbol,
        // What a combo is of stands in its contract, not in its order.
        instrument: around.instrument.cloned().map(Box::new),
        route: route(around)?,
        side: action_in(order.action).0,
        size: size(order, around, sized_elsewhere)?,
        time_in_force: time_in_force(order, &kind, around.times)?,
        kind,
        parent: parent(order, around)?,
        oca: group(order)?,
        outside_sessions: order.outside_rth,
        attributes: attributes.into(),
    };
    let intent = draft.check().map_err(|error| refused("orderType", &order.order_type, error))?;
    let perm_id = |number: i64| (number != 0).then(|| PermId::new(number));
    Ok(ReceivedOrder {
        intent,
        number: order.order_id,
        client: order.client_id,
        perm_id: perm_id(order.perm_id),
        parent_perm_id: order.parent_perm_id.and_then(perm_id),
        filled: number_in("filledQuantity", Some(order.filled_quantity))?.unwrap_or(Decimal::ZERO),
        transmitted: order.transmit,
    })
}

/// Where the contract is routed, unless its instrument goes there anyway or says it itself, as a combo does.
fn route(around: &Surroundings<'_>) -> Result<Option<Venue>, FromIbError> {
    let named = || around.symbol.as_str().parse().ok();
    let Some(instrument) = around.instrument.cloned().or_else(named) else { return Ok(None) };
    let it = Instrument::description(&instrument);
    let is_own = it.exchange.as_deref().is_none_or(|own| own == around.route);
    if is_own || !it.legs.is_empty() || around.route.is_empty() {
        return Ok(None);
    }
    Venue::new(around.route).map(Some).map_err(|error| refused("exchange", around.route, error))
}

/// Our key travels as the order's reference; an order that was entered elsewhere may be known by its number.
fn key(order: &Order, around: &Surroundings<'_>) -> Result<OrderKey, FromIbError> {
    if order.order_ref.is_empty() {
        let known = around.numbers.key(order.order_id).cloned();
        return known
            .ok_or_else(|| refused("orderRef", &order.order_ref, "no key, and the number is not known"));
    }
    OrderKey::new(&order.order_ref).map_err(|error| refused("orderRef", &order.order_ref, error))
}

fn parent(order: &Order, around: &Surroundings<'_>) -> Result<Option<OrderKey>, FromIbError> {
    if order.parent_id == 0 {
        return Ok(None);
    }
    let known = around.numbers.key(order.parent_id).cloned();
    known.map(Some).ok_or_else(|| refused("parentId", order.parent_id, "no order of ours has this number"))
}

/// Without a group the type of the group says nothing: the broker reports its default then.
pub(super) fn group(order: &Order) -> Result<Option<OcaGroup>, FromIbError> {
    let Some(name) = text_in("ocaGroup", &order.oca_group)? else { return Ok(None) };
    let group = OcaGroup::named(name);
    Ok(Some(match order.oca_type {
        OcaType::None => group,
        OcaType::CancelWithBlock => group.with_effect(OcaEffect::CancelWithBlock),
        OcaType::ReduceWithBlock => group.with_effect(OcaEffect::ReduceWithBlock),
        OcaType::ReduceWithoutBlock => group.with_effect(OcaEffect::ReduceWithoutBlock),
        OcaType::Unknown(code) => return Err(refused("ocaType", code, "no type of group that is known")),
    }))
}

fn size(order: &Order, around: &Surroundings<'_>, elsewhere: bool) -> Result<OrderSize, FromIbError> {
    let total = number_in("totalQuantity", Some(order.total_quantity))?.filter(|total| !total.is_zero());
    let cash = number_in("cashQty", order.cash_qty)?.filter(|cash| !cash.is_zero());
    match (total, cash) {
        (Some(total), None) => Quantity::new(total)
            .map(OrderSize::Units)
            .map_err(|error| refused("totalQuantity", order.total_quantity, error)),
        (None, Some(cash)) => Ok(OrderSize::Cash(Money::new(cash, around.currency))),
        (Some(_), Some(_)) => Err(refused("cashQty", order.cash_qty, "the order has a quantity too")),
        (None, None) if elsewhere => Ok(OrderSize::FollowsParent),
        (None, None) => {
            Err(refused("totalQuantity", order.total_quantity, "neither a quantity nor an amount of money"))
        }
    }
}

pub(super) fn time_in_force(
    order: &Order,
    kind: &OrderKind,
    times: WrittenTime,
) -> Result<TimeInForce, FromIbError> {
    let ends = || time_in("goodTillDate", &order.good_till_date, times);
    Ok(match &order.tif {
        Tif::GoodTillDate => TimeInForce::GoodTillDate(ends()?),
        Tif::Unknown(name) if name == "GTT" => TimeInForce::GoodTillTime(ends()?),
        _ if !order.good_till_date.is_empty() => {
            return Err(refused(
                "goodTillDate",
                &order.good_till_date,
                format!("{} orders have none", order.tif),
            ));
        }
        Tif::OnOpen if kind.is_auction() => TimeInForce::Day,
        Tif::Day => TimeInForce::Day,
        Tif::GoodTillCanceled => TimeInForce::GoodTillCancelled,
        Tif::ImmediateOrCancel => TimeInForce::ImmediateOrCancel,
        Tif::FillOrKill => TimeInForce::FillOrKill,
        Tif::DayTillCanceled => TimeInForce::DayTillCancelled,
        Tif::Auction => TimeInForce::Auction,
        Tif::GoodTillCrossing => TimeInForce::GoodTillCrossing,
        Tif::Unknown(name) if name == "Minutes" => TimeInForce::Minutes,
        other => return Err(refused("tif", other, "no time in force that is known")),
    })
}
