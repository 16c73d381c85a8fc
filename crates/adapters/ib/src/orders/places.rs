//! The places that open orders take at TWS, which takes so many on one side of a contract.
//!
//! Each open order that we know of holds one permit of the pacing budget, until it has ended. Ours are told to end; those of
//! other clients are gone when TWS lists them no more.

use super::Desk;
use crate::pace::Pace;
use crate::translate::{key_from_ib, phase_from_ib};
use foldhash::HashMap;
use ibapi::contracts::{Contract, SecurityType};
use ibapi::orders::{Action, OrderData, Orders};
use std::collections::{BTreeSet, HashSet};
use tradeport_connection::Permit;
use tradeport_connection::pacing::{Class, RequestKey};
use tradeport_kernel::{ConnectionEpoch, OrderKey};
use tradeport_orders::{OrderIntent, Side};

/// The permits of open orders.
#[derive(Default)]
pub(super) struct Places(HashMap<RequestKey, Place>);

struct Place {
    _permit: Permit,
    /// In which connection it was last known to be open.
    epoch: ConnectionEpoch,
    is_ours: bool,
}

impl Places {
    /// An order of ours is open from now on.
    pub(super) fn keep(&mut self, key: &OrderKey, permit: Permit, epoch: ConnectionEpoch) {
        self.0.insert(of_key(key), Place { _permit: permit, epoch, is_ours: true });
    }

    /// An order of ours has ended.
    pub(super) fn end(&mut self, key: &OrderKey) {
        self.0.remove(&of_key(key));
    }
}

impl Desk {
    /// Takes in what TWS lists as open: what is not counted yet is, and what has ended unseen is no more.
    pub(super) fn take_stock(&self, rows: &[Orders], pace: &Pace, epoch: ConnectionEpoch, own: i32) {
        let (mut listed, mut awake) = (HashSet::new(), BTreeSet::new());
        let mut state = self.lock();
        for row in rows {
            let Orders::OrderData(data) = row else { continue };
            state.book.saw_number(data.order_id);
            let ends = phase_from_ib(&data.order_state.status).is_some_and(super::book::is_final);
            let ours = key_from_ib(&data.order.order_ref);
            // Its end may have been told before this answer was whole.
            let has_ended = ours.and_then(|key| state.book.find(&key)).is_some_and(|(_, ended)| ended);
            let is_ours = data.order.client_id == own;
            if is_ours && !ends && !data.order.what_if && state.book.is_over(data.order_id) {
                awake.insert(data.order_id);
            }
            if ends || has_ended || data.order.what_if {
                continue;
            }
            let key = identity(data);
            listed.insert(key);
            match state.places.0.get_mut(&key) {
                Some(place) => place.epoch = epoch,
                None => {
                    let class = Class::PlaceOrder { order: key, side: side_of_row(data) };
                    if let Some(permit) = pace.adopt(class) {
                        state.places.0.insert(key, Place { _permit: permit, epoch, is_ours });
                    }
                }
            }
        }
        state.book.note_awake(awake);
        // One of ours that was sent meanwhile is not in this answer, and open all the same.
        state.places.0.retain(|key, place| listed.contains(key) || place.is_ours && place.epoch == epoch);
    }
}

/// A new order, as the limits of orders see it.
pub(super) fn class_of(intent: &OrderIntent, contract: &Contract) -> Class {
    let side = side(intent.account().as_str(), contract, intent.side() == Side::Buy);
    Class::PlaceOrder { order: of_key(intent.key()), side }
}

/// A change of an order.
pub(super) fn change_of(key: &OrderKey) -> Class {
    Class::ChangeOrder { order: of_key(key) }
}

fn of_key(key: &OrderKey) -> RequestKey {
    RequestKey::of(&["key", key.as_str()])
}

/// The same for each connection of this process, so that no order is counted by two of them.
fn identity(data: &OrderData) -> RequestKey {
    match key_from_ib(&data.order.order_ref) {
        Some(key) => of_key(&key),
        None => RequestKey::of(&["number", &data.order.perm_id.to_string()]),
    }
}

fn side_of_row(data: &OrderData) -> RequestKey {
    side(&data.order.account, &data.contract, matches!(data.order.action, Action::Buy))
}

fn side(account: &str, contract: &Contract, is_buy: bool) -> RequestKey {
    let side = if is_buy { "buy" } else { "sell" };
    if contract.security_type != SecurityType::Spread {
        return RequestKey::of(&[account, &contract.contract_id.to_string(), side]);
    }
    // A combo is what its legs are.
    let legs: Vec<String> = contract
        .combo_legs
        .iter()
        .map(|leg| format!("{:?} {} of {}", leg.action, leg.ratio, leg.contract_id))
        .collect();
    RequestKey::of(&[account, &legs.join(", "), side])
}
