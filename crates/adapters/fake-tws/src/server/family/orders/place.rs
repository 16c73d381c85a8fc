//! New orders: whether TWS would take them, and what they say.

use super::held::{Held, PermId, Place, Status, Wording};
use super::scale::Steps;
use super::sharing::Shares;
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::server::lookup;
use crate::translate::order::{Around, NotAnOrder, order_in};
use crate::wire::proto;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_fake_broker::exchange::OrderRecord;
use tradeport_kernel::{AccountId, Decimal, OrderKey, Price, fnv1a};
use tradeport_orders::{OrderIntent, OrderSize, Side};

/// An account may have so many open orders on one side of one contract; the broker documents 15 to 20.
const MOST_PER_SIDE: usize = 20;
/// Some clients keep the numbers from here on for their requests.
const LAST_ORDER_ID: i32 = 1_499_999_999;

/// What a request says, understood.
pub(super) struct Understood {
    pub(super) asked: proto::Contract,
    pub(super) contract: Contract,
    pub(super) wording: Wording,
    pub(super) parent: Option<PermId>,
    pub(super) shares: Shares,
}

/// A client places an order, changes one, or asks what one would do.
pub(crate) fn place(context: &mut Context<'_>, request: proto::PlaceOrderRequest) {
    let id = request.order_id.unwrap_or_default();
    if let Err(error) = try_place(context, id, request) {
        context.refuse(error);
    }
}

fn try_place(context: &mut Context<'_>, id: i32, request: proto::PlaceOrderRequest) -> Result<(), ApiError> {
    let (Some(order), Some(asked)) = (&request.order, &request.contract) else {
        return Err(ApiError::invalid(id, "an order and its contract are needed"));
    };
    let client_id = context.client_id();
    let what_if = order.what_if == Some(true);
    let known = context.shared.orders.find(client_id, id).map(|held| held.perm_id);
    if let Some(known) = known.filter(|_| !what_if) {
        return context.parts().change(known, id, order, asked);
    }
    if known.is_none() {
        check_new_id(context, client_id, id)?;
    }
    let mut parts = context.parts();
    let perm_id = parts.shared.orders.next_perm_id();
    let key = exchange_key(perm_id, 0);
    let understood = parts.understand(client_id, id, order, asked, request.attached_orders.as_ref(), &key)?;
    if what_if {
        let answer = parts.preview(client_id, id, perm_id, &understood)?;
        context.say(answer);
        return Ok(());
    }
    parts.check_room(id, &understood)?;
    // In protobuf clients leave out what is false.
    let transmit = order.transmit.unwrap_or_default();
    parts.shared.orders.use_id(client_id, id);
    parts.take_in(client_id, id, (perm_id, key), understood);
    parts.attach_presets(perm_id, request.attached_orders.as_ref());
    if transmit {
        parts.transmit(perm_id);
    } else {
        parts.stands(perm_id, Status::PendingSubmit);
    }
    Ok(())
}

/// Ids are above zero and never used twice.
fn check_new_id(context: &mut Context<'_>, client_id: i32, id: i32) -> Result<(), ApiError> {
    if id <= 0 || id > LAST_ORDER_ID {
        return Err(ApiError::invalid(id, format!("Invalid order id {id}")));
    }
    let book = &context.shared.orders;
    if book.was_used(client_id, id) {
        if book.find_ended(client_id, id).is_some_and(|held| held.status == Status::Filled) {
            return Err(ApiError::about(id, Code::CannotChangeFilled, "Cannot modify a filled order."));
        }
        return Err(ApiError::about(id, Code::DuplicateOrderId, "Duplicate order id"));
    }
    let next = &mut context.shared.connection.next_order_id;
    *next = (*next).max(id.saturating_add(1)).min(LAST_ORDER_ID);
    Ok(())
}

/// The key of an order at the exchange.
pub(super) fn exchange_key(perm_id: PermId, generation: u32) -> OrderKey {
    OrderKey::new(&format!("{}-{generation}", perm_id.0)).expect("digits and a dash make a key")
}

impl Parts<'_> {
    /// Reads an order, or says why it is none.
    pub(super) fn understand(
        &mut self,
        client_id: i32,
        id: i32,
        order: &proto::Order,
        asked: &proto::Contract,
        attached: Option<&proto::AttachedOrders>,
        key: &OrderKey,
    ) -> Result<Understood, ApiError> {
        let contract = lookup::resolve_one(self.world, id, asked)?;
        let group = self.group_of(id, order)?;
        let account = match &group {
            Some(group) => self.first_of(id, group)?,
            None => self.account_of(id, order)?,
        };
        let (shares, sized) = match &group {
            Some(group) => self.shares_of(id, group, order, &contract)?,
            None => (Shares::new(), order.clone()),
        };
        let order = &self.without_family(client_id, id, sized);
        let parent = self.parent_of(client_id, id, order)?;
        let parent_key = parent.and_then(|it| self.shared.orders.live(it)).map(|it| it.key.clone());
        let key_of = |number: i32| {
            if Some(number) == order.parent_id {
                return parent_key.clone();
            }
            OrderKey::new(&format!("attached-{number}")).ok()
        };
        // A parent that has filled holds nothing back any more; a hedge that still has one has no size of its own.
        let hedges = order.hedge_type.as_deref().is_some_and(|text| !text.is_empty()) && parent.is_some();
        let alone = proto::Order {
            parent_id: order.parent_id.filter(|_| parent.is_some()),
            oca_group: order.oca_group.as_deref().map(group_key),
            account: order.account.clone().filter(|_| group.is_none()),
            hedge_type: order.hedge_type.clone().filter(|_| hedges),
            total_quantity: order.total_quantity.clone().filter(|_| !hedges),
            ..order.clone()
        };
        let around = Around {
            key: Some(key),
            account: Some(&account),
            instrument: contract.instrument(),
            currency: contract.currency(),
            route: asked.exchange.as_deref().unwrap_or_default(),
            legs: &asked.combo_legs,
            key_of: &key_of,
        };
        let intent = order_in(&alone, attached, &around).map_err(|error| unreadable(id, &error))?;
        check_steps(id, &contract, &intent)?;
        check_event(id, &contract, &intent)?;
        let wire = as_told(order, Some(&account).filter(|_| group.is_none()));
        let asked = proto::Contract {
            combo_legs: asked.combo_legs.clone(),
            delta_neutral_contract: asked.delta_neutral_contract,
            ..lookup::contract_as_asked(&contract, asked)
        };
        Ok(Understood { asked, contract, wording: Wording { wire, intent }, parent, shares })
    }

    /// The order without the group that TWS has filled in for it: clients send it back with their changes.
    fn without_family(&self, client_id: i32, id: i32, mut order: proto::Order) -> proto::Order {
        let held = self.shared.orders.find(client_id, id);
        let family = held.and_then(super::tell::family_of);
        if family.is_some() && order.oca_group == family {
            (order.oca_group, order.oca_type) = (None, None);
        }
        order
    }

    fn account_of(&self, id: i32, order: &proto::Order) -> Result<AccountId, ApiError> {
        let accounts = self.world.accounts();
        match order.account.as_deref().unwrap_or_default() {
            "" if accounts.len() == 1 => {
                let first = accounts.first().cloned();
                first.ok_or_else(|| ApiError::about(id, Code::NeedsAccount, "You must specify an account."))
            }
            "" => Err(ApiError::about(id, Code::NeedsAccount, "You must specify an account.")),
            name => {
                let found = accounts.iter().find(|account| account.as_str() == name).cloned();
                found.ok_or_else(|| ApiError::invalid(id, format!("Invalid account code {name}")))
            }
        }
    }

    /// The live parent of an order; `None` for an order without one, or one whose parent has filled.
    fn parent_of(&self, client_id: i32, id: i32, order: &proto::Order) -> Result<Option<PermId>, ApiError> {
        let Some(number) = order.parent_id.filter(|number| *number != 0 && *number != i32::MAX) else {
            return Ok(None);
        };
        if let Some(parent) = self.shared.orders.find(client_id, number).filter(|it| it.order_id != id) {
            return Ok(Some(parent.perm_id));
        }
        match self.shared.orders.find_ended(client_id, number) {
            Some(parent) if parent.status == Status::Filled => Ok(None),
            Some(_) => {
                let text = "Order rejected - reason:Parent order is being cancelled.";
                Err(ApiError::about(id, Code::OrderRefused, text))
            }
            None => Err(ApiError::about(id, Code::MissingParent, "Missing parent order.")),
        }
    }

    fn check_room(&self, id: i32, it: &Understood) -> Result<(), ApiError> {
        let intent = &it.wording.intent;
        let alike = self.shared.orders.all_live().filter(|held| {
            held.contract.id() == it.contract.id()
                && held.side() == intent.side()
                && held.account() == intent.account()
        });
        if alike.count() < MOST_PER_SIDE {
            return Ok(());
        }
        let text = format!(
            "Order rejected - reason:We are unable to accept your order: {MOST_PER_SIDE} orders are working on this side of this contract"
        );
        Err(ApiError::about(id, Code::OrderRefused, text))
    }

    /// Puts an order into the book.
    pub(super) fn take_in(
        &mut self,
        client_id: i32,
        order_id: i32,
        (perm_id, key): (PermId, OrderKey),
        it: Understood,
    ) {
        let total = match it.wording.intent.size() {
            OrderSize::Units(quantity) => quantity.as_decimal(),
            OrderSize::Cash(_) | OrderSize::FollowsParent => Decimal::ZERO,
        };
        let ends = super::send::end_of(&it.wording.intent, &it.contract, self.world.now());
        self.shared.orders.insert(Held {
            perm_id,
            client_id,
            order_id,
            asked: it.asked,
            contract: it.contract,
            wording: it.wording,
            change: None,
            key,
            place: Place::Untransmitted,
            status: Status::PendingSubmit,
            told: None,
            parent: it.parent,
            shares: it.shares,
            total,
            filled: Decimal::ZERO,
            value: Decimal::ZERO,
            last_price: Decimal::ZERO,
            generation: 0,
            before: Decimal::ZERO,
            ended: None,
            ends,
            has_expired: false,
            is_delivery: false,
            is_exercise: false,
            steps: Steps::default(),
            profit_of: None,
            pegged_at: None,
            adjusts: false,
        });
    }

    /// How many units the exchange has settled on, for orders whose size follows from something else.
    pub(super) fn settle_size(&mut self, perm_id: PermId) {
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        let follows = held.parent.is_some() || held.wording.intent.oca().is_some();
        let in_units = held.wording.intent.quantity().is_some();
        // What a hedge has at the exchange may be less than it is to be.
        let grows = super::hedge::hedge_of(held).is_some();
        if held.place != Place::Exchange || grows || in_units && !follows {
            return;
        }
        let exchange = self.world.exchange();
        let is_this = |record: &OrderRecord<'_>| *record.intent.key() == held.key;
        let open = exchange.open_orders();
        let mut found = open.iter().map(|(record, _)| record).find(|it| is_this(it)).map(|it| it.quantity);
        if found.is_none() && !in_units {
            // What it was told of has happened already: it may have ended.
            found = exchange.ended_orders().map(|(it, _)| it).find(is_this).map(|it| it.quantity);
        }
        let Some(quantity) = found else { return };
        let total = quantity.as_decimal() + held.before;
        if total != held.total {
            // Another order of its group has traded, which is told though nothing of this one has.
            held.told = None;
        }
        held.total = total;
        if in_units {
            held.wording.wire.total_quantity = Some(super::tell::plain(held.total));
        }
    }
}

/// The exchange's name of a group: clients may call theirs as they like.
fn group_key(name: &str) -> String {
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    if name.len() <= 40 && name.chars().all(good) {
        return name.to_owned();
    }
    // Other names are other groups.
    format!("group-{:016x}", fnv1a(name.bytes()))
}

fn unreadable(id: i32, error: &NotAnOrder) -> ApiError {
    match error {
        NotAnOrder::Field { field: "totalQuantity", value, .. } if value == "0" => {
            ApiError::about(id, Code::ZeroSize, "The order size cannot be zero.")
        }
        NotAnOrder::Field { field: "orderType", .. } => {
            ApiError::invalid(id, "Invalid order type was entered")
        }
        error => ApiError::invalid(id, error),
    }
}

/// Every price must be a whole number of price steps.
fn check_steps(id: i32, contract: &Contract, intent: &OrderIntent) -> Result<(), ApiError> {
    let prices = [intent.kind().limit_price(), intent.kind().trigger_price()];
    let fits = |price: &Price| contract.fits_step(*price);
    if prices.iter().flatten().all(fits) {
        return Ok(());
    }
    let text = "The price does not conform to the minimum price variation for this contract.";
    Err(ApiError::about(id, Code::PriceVariation, text))
}

/// Event contracts are only bought, at 0.02 to 0.99.
fn check_event(id: i32, contract: &Contract, intent: &OrderIntent) -> Result<(), ApiError> {
    if contract.instrument().kind() != Some(InstrumentKind::EventContract) {
        return Ok(());
    }
    if intent.side() == Side::Sell {
        let text = "Event contracts can not be sold. Buy the opposite side to close a position.";
        return Err(ApiError::about(id, Code::EventNotSold, text));
    }
    let (least, most) = (Decimal::new(2, 2), Decimal::new(99, 2));
    let fits = |price: Price| (least..=most).contains(&price.as_decimal());
    if intent.kind().limit_price().is_none_or(fits) {
        return Ok(());
    }
    let text = "The price of an event contract must be between 0.02 and 0.99, with two decimals.";
    Err(ApiError::about(id, Code::EventPrice, text))
}

/// An order as it is told back: as it came, with what TWS fills in. One of a group names no account unless it came so.
fn as_told(order: &proto::Order, account: Option<&AccountId>) -> proto::Order {
    let or = |text: &Option<String>, default: &str| {
        Some(text.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| default.to_owned()))
    };
    proto::Order {
        account: account.map_or_else(|| order.account.clone(), |it| or(&order.account, it.as_str())),
        tif: or(&order.tif, "DAY"),
        transmit: None,
        ..order.clone()
    }
}
