//! From an intent to the library's order.

use super::Surroundings;
use super::attributes::{action_out, attributes_to_ib, unsent};
use super::field::number_out;
use super::kind::kind_to_ib;
use super::time::{check_zone, time_out_opt};
use super::unsent::{IbOrder, Unsent};
use crate::translate::ToIbError;
use ibapi::orders::{OcaType, Order, TimeInForce as Tif};
use tradeport_kernel::OrderKey;
use tradeport_orders::{OcaEffect, OrderAttributes, OrderIntent, OrderKind, OrderSize, TimeInForce};

/// The library's order of an intent that is sent by itself. Its own number is set when it has one; a parent must have
/// one.
///
/// # Errors
/// When a number does not fit the library's types, or somebody it names has no number.
pub fn order_to_ib(intent: &OrderIntent, around: &Surroundings<'_>) -> Result<IbOrder, ToIbError> {
    check_zone(around.times)?;
    let mut order = Order {
        order_id: around.numbers.number(intent.key()).unwrap_or(0),
        order_ref: intent.key().as_str().to_owned(),
        account: intent.account().as_str().to_owned(),
        outside_rth: intent.outside_sessions(),
        ..Order::default()
    };
    let sale = intent.said().and_then(|said: &OrderAttributes| said.clearing.sale);
    order.action = action_out(intent.side(), sale);
    if let Some(parent) = intent.parent() {
        order.parent_id = number_of("parent", parent, around)?;
    }
    kind_to_ib(intent.kind(), &mut order)?;
    tif_to_ib(intent, around, &mut order);
    size_to_ib(intent.size(), around, &mut order)?;
    if let Some(group) = intent.oca() {
        group.name().clone_into(&mut order.oca_group);
        order.oca_type = oca_out(group.effect());
    }
    let mut unsent_words = Unsent::default();
    if let Some(said) = intent.said() {
        attributes_to_ib(said, around, &mut order)?;
        unsent_words = unsent(&said.routing);
    }
    Ok(IbOrder { order, unsent: unsent_words })
}

/// The library's orders of intents that are sent one after the other. One that another of its family follows (its child,
/// or a child of the same parent) is held back, so that all go live with the last of them.
///
/// # Errors
/// As [`order_to_ib`], for the first intent that has one.
pub fn family_to_ib(intents: &[OrderIntent], around: &Surroundings<'_>) -> Result<Vec<IbOrder>, ToIbError> {
    let mut orders =
        intents.iter().map(|intent| order_to_ib(intent, around)).collect::<Result<Vec<_>, _>>()?;
    for (at, order) in orders.iter_mut().enumerate() {
        let family = family(&intents[at]);
        order.order.transmit = !intents[at + 1..].iter().any(|later| later.parent() == Some(family));
    }
    Ok(orders)
}

/// The key of the order that heads an intent's family: its parent's, or its own.
fn family(intent: &OrderIntent) -> &OrderKey {
    intent.parent().unwrap_or(intent.key())
}

fn number_of(what: &'static str, key: &OrderKey, around: &Surroundings<'_>) -> Result<i32, ToIbError> {
    let missing = || ToIbError::new(what, key, "it has no number in this connection");
    around.numbers.number(key).ok_or_else(missing)
}

fn tif_to_ib(intent: &OrderIntent, around: &Surroundings<'_>, order: &mut Order) {
    let time_in_force = intent.time_in_force();
    order.good_till_date = time_out_opt(time_in_force.end(), around.times);
    let opening = matches!(intent.kind(), OrderKind::MarketOnOpen | OrderKind::LimitOnOpen { .. });
    order.tif = match time_in_force {
        _ if opening => Tif::OnOpen,
        TimeInForce::Day => Tif::Day,
        TimeInForce::GoodTillCancelled => Tif::GoodTillCanceled,
        TimeInForce::ImmediateOrCancel => Tif::ImmediateOrCancel,
        TimeInForce::FillOrKill => Tif::FillOrKill,
        TimeInForce::GoodTillDate(_) => Tif::GoodTillDate,
        TimeInForce::Auction => Tif::Auction,
        TimeInForce::GoodTillCrossing => Tif::GoodTillCrossing,
        TimeInForce::DayTillCancelled => Tif::DayTillCanceled,
        other @ (TimeInForce::GoodTillTime(_) | TimeInForce::Minutes) => {
            Tif::Unknown(other.name().to_owned())
        }
    };
}

fn size_to_ib(size: OrderSize, around: &Surroundings<'_>, order: &mut Order) -> Result<(), ToIbError> {
    match size {
        OrderSize::Units(quantity) => order.total_quantity = number_out("quantity", quantity.as_decimal())?,
        OrderSize::Cash(cash) if cash.currency() != around.currency => {
            return Err(ToIbError::new("cash", cash, "the instrument is priced in another currency"));
        }
        OrderSize::Cash(cash) => order.cash_qty = Some(number_out("cash", cash.amount())?),
        OrderSize::FollowsParent => {}
    }
    Ok(())
}

fn oca_out(effect: Option<OcaEffect>) -> OcaType {
    match effect {
        None => OcaType::None,
        Some(OcaEffect::CancelWithBlock) => OcaType::CancelWithBlock,
        Some(OcaEffect::ReduceWithBlock) => OcaType::ReduceWithBlock,
        Some(OcaEffect::ReduceWithoutBlock) => OcaType::ReduceWithoutBlock,
    }
}
