//! Exercising and lapsing options.
//!
//! A request becomes an order for the day. What is exercised is delivered when the session closes, at once where markets
//! never close: options on shares and funds bring or take those at the strike, options on an index pay what they are worth
//! inside. What shall lapse stands until the option's last moment and goes then.

use super::held::{Held, PermId, Place, Status};
use super::place::exchange_key;
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::server::lookup;
use crate::server::world::World;
use crate::wire::proto;
use std::time::Duration;
use tradeport_contracts::{Contract, InstrumentKind, Right};
use tradeport_fake_broker::exchange::{Delivered, Input};
use tradeport_fake_broker::house::FakeHours;
use tradeport_kernel::{Decimal, Price, Quantity, Timestamp};
use tradeport_orders::Side;

const EXERCISE: i32 = 1;
const LAPSE: i32 = 2;

/// A client exercises options that it holds, or lets them lapse.
pub(crate) fn exercise(context: &mut Context<'_>, request: &proto::ExerciseOptionsRequest) {
    if let Err(error) = try_exercise(context, request) {
        context.refuse(error);
    }
}

fn try_exercise(context: &mut Context<'_>, it: &proto::ExerciseOptionsRequest) -> Result<(), ApiError> {
    let id = it.order_id.unwrap_or_default();
    let asked = it.contract.clone().unwrap_or_default();
    let contract = lookup::resolve_one(context.world, id, &asked)?;
    let kind = contract.instrument().kind();
    if !matches!(kind, Some(InstrumentKind::Option | InstrumentKind::FuturesOption)) {
        return Err(ApiError::invalid(id, "Only options can be exercised or lapsed"));
    }
    let action = it.exercise_action.unwrap_or_default();
    if !matches!(action, EXERCISE | LAPSE) {
        return Err(ApiError::invalid(id, "The action must be 1 to exercise or 2 to lapse"));
    }
    let client_id = context.client_id();
    let mut parts = context.parts();
    let perm_id = parts.shared.orders.next_perm_id();
    let key = exchange_key(perm_id, 0);
    let mut understood = parts.understand(client_id, id, &order_of(it), &asked, None, &key)?;
    understood.wording.wire.deactivate = None;
    let account = understood.wording.intent.account().clone();
    let quantity = Decimal::from(it.exercise_quantity.unwrap_or_default());
    let held = parts.world.exchange().positions(&account).unwrap_or_default();
    let held = held.iter().find(|position| position.symbol() == contract.symbol());
    if held.is_none_or(|position| position.quantity().as_decimal() < quantity) {
        let cause = format!("No unlapsed position exists in this option in account {account}.");
        return Err(cannot(id, &cause));
    }
    if id <= 0 || parts.shared.orders.was_used(client_id, id) {
        return Err(ApiError::about(id, Code::DuplicateOrderId, "Duplicate order id"));
    }
    let overrides = it.r#override.unwrap_or_default();
    let inside = inside_of(&contract, parts.world);
    if !overrides && inside.is_some_and(|inside| (inside > Decimal::ZERO) != (action == EXERCISE)) {
        let text = if action == EXERCISE {
            "Error processing request.Exercise ignored because option is not in-the-money."
        } else {
            "Error processing request.Lapse ignored because option is in-the-money."
        };
        return Err(ApiError::about(id, Code::Processing, text));
    }
    parts.shared.orders.use_id(client_id, id);
    let next = &mut parts.shared.connection.next_order_id;
    *next = (*next).max(id.saturating_add(1));
    as_instruction(&mut understood.wording.wire);
    parts.take_in(client_id, id, (perm_id, key), understood);
    parts.tell_error(perm_id, Code::TimeFromPreset, "Order TIF was set to DAY based on order preset.");
    parts.await_delivery(perm_id, action);
    Ok(())
}

/// As TWS lists such a request: as an order to buy, at a limit of nothing.
fn as_instruction(wire: &mut proto::Order) {
    wire.action = Some("BUY".to_owned());
    wire.order_type = Some("LMT".to_owned());
    (wire.lmt_price, wire.aux_price) = (Some(0.0), Some(0.0));
    wire.tif = Some("DAY".to_owned());
}

/// The order that stands for the request in lists.
fn order_of(it: &proto::ExerciseOptionsRequest) -> proto::Order {
    proto::Order {
        action: Some("SELL".to_owned()),
        total_quantity: Some(it.exercise_quantity.unwrap_or_default().to_string()),
        order_type: Some("MKT".to_owned()),
        tif: Some("GTC".to_owned()),
        account: it.account.clone(),
        // Never sent.
        deactivate: Some(true),
        customer_account: it.customer_account.clone(),
        professional_customer: it.professional_customer,
        ..proto::Order::default()
    }
}

fn cannot(id: i32, cause: &str) -> ApiError {
    ApiError::about(id, Code::Processing, format!("Error processing request.-'bT' : cause - {cause}"))
}

/// How far an option is in the money, below zero when it is not; `None` while nobody knows.
fn inside_of(option: &Contract, world: &World) -> Option<Decimal> {
    let under = world.catalog().underlying(option)?;
    let price = world.quote(&under)?.mid()?.as_decimal();
    let said = option.instrument().description();
    let strike = said.strike?;
    Some(if said.right? == Right::Call { price - strike } else { strike - price })
}

impl Parts<'_> {
    fn await_delivery(&mut self, perm_id: PermId, action: i32) {
        let always = self.world.hours() == FakeHours::Always;
        let Some(held) = self.shared.orders.live_mut(perm_id) else { return };
        held.place = Place::Resting;
        held.is_delivery = true;
        held.is_exercise = action == EXERCISE;
        let now = self.world.now();
        held.ends = match action {
            EXERCISE if always => None,
            EXERCISE => close_after(&held.contract, now),
            _ => last_moment(&held.contract),
        };
        let is_due = held.ends.is_none();
        self.stands(perm_id, Status::PreSubmitted);
        if is_due {
            self.deliver(perm_id, action == EXERCISE);
        }
    }

    /// Options go; what they are on comes for them when they are exercised.
    pub(super) fn deliver(&mut self, perm_id: PermId, exercised: bool) {
        let Some(held) = self.shared.orders.live(perm_id).cloned() else { return };
        let Ok(quantity) = Quantity::new(held.total) else { return };
        let under = self.world.catalog().underlying(&held.contract).filter(|_| exercised);
        let in_cash = under.as_ref().is_some_and(|it| it.instrument().kind() == Some(InstrumentKind::Index));
        let inside = inside_of(&held.contract, self.world).unwrap_or_default().max(Decimal::ZERO);
        let price = if in_cash { inside.round_dp(2) } else { Decimal::ZERO };
        let Ok(price) = Price::new(price) else { return };
        let delivered = under.filter(|_| !in_cash).and_then(|under| {
            self.world.list(&under);
            delivered(&held, &under)
        });
        self.world.list(&held.contract);
        let account = held.account().clone();
        let (key, symbol) = (held.key, held.contract.symbol());
        self.world.input(Input::Deliver { key, account, symbol, quantity, price, delivered });
    }
}

fn delivered(held: &Held, under: &Contract) -> Option<Delivered> {
    let said = held.contract.instrument().description();
    let units = held.total.checked_mul(held.contract.multiplier())?;
    Some(Delivered {
        symbol: under.symbol(),
        side: if said.right? == Right::Call { Side::Buy } else { Side::Sell },
        quantity: Quantity::new(units).ok()?,
        price: Price::new(said.strike?).ok()?,
    })
}

/// When the session closes that a moment lies in or before; `None` where markets never close.
fn close_after(option: &Contract, at: Timestamp) -> Option<Timestamp> {
    let sessions = option.sessions();
    let session = sessions.session_at(at).or_else(|| sessions.next_after(at));
    session.map(|it| it.close).filter(|close| *close < Timestamp::MAX)
}

/// When an option trades for the last time.
fn last_moment(option: &Contract) -> Option<Timestamp> {
    let day = option.details().expiry?.day()?;
    let noon = Timestamp::from_seconds(day.with_hms(12, 0, 0).ok()?.assume_utc().unix_timestamp());
    // Where markets never close, the day is over when it is over in New York.
    Some(close_after(option, noon).unwrap_or_else(|| noon.after(Duration::from_secs(17 * 3_600))))
}
