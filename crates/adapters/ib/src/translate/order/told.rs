//! What the broker tells of orders: where they stand, what has traded, what that cost, what it would cost.

use super::attributes::action_in;
use super::field::{number_in, refused as unfit};
use super::from_ib::group;
use super::kind::kind_from_ib;
use super::time::{WrittenTime, time_in};
use super::time_in_force_from_ib;
use crate::translate::FromIbError;
use ibapi::orders as ib;
use std::borrow::Cow;
use tradeport_kernel::{
    AccountId, BrokerOrderId, Currency, Decimal, Money, OrderKey, PermId, Price, Quantity, Symbol, Timestamp,
};
use tradeport_orders::{
    AccountEffect, BrokerOrder, BrokerPhase, BrokerStatus, Commission, CommissionPreview, ExecutedPart,
    Execution, ExecutionId, OrderKind, OrderPreview, OrderSize, Side, TimeInForce,
};

/// Where an order stands, by the broker's word for it; `None` for a word that we do not know.
#[must_use]
pub fn phase_from_ib(status: &ib::OrderStatusKind) -> Option<BrokerPhase> {
    use ib::OrderStatusKind as Kind;
    Some(match status {
        Kind::ApiPending | Kind::PendingSubmit | Kind::Submitted => BrokerPhase::Working,
        Kind::PreSubmitted => BrokerPhase::Held,
        Kind::PendingCancel => BrokerPhase::CancelPending,
        Kind::ApiCancelled | Kind::Cancelled => BrokerPhase::Cancelled,
        Kind::Filled => BrokerPhase::Filled,
        Kind::Inactive => BrokerPhase::Refused,
        _ => return None,
    })
}

fn perm_id_in(number: i64) -> Option<PermId> {
    (number != 0 && number != i64::from(i32::MAX) && number != i64::MAX).then(|| PermId::new(number))
}

/// A status message; `None` for a status that we do not know, which changes nothing.
///
/// # Errors
/// When what has traded is no number.
pub fn status_from_ib(status: &ib::OrderStatus) -> Result<Option<BrokerStatus>, FromIbError> {
    let phase = match &status.status {
        // It was called off before it was acknowledged; that it is dead only a confirmation says.
        ib::OrderStatusKind::ApiCancelled => Some(BrokerPhase::CancelPending),
        // Shares are looked for, or somebody must confirm it: it may come alive, so it counts.
        ib::OrderStatusKind::Inactive if !status.why_held.is_empty() => Some(BrokerPhase::Held),
        other => phase_from_ib(other),
    };
    let Some(phase) = phase else { return Ok(None) };
    let filled = number_in("filled", Some(status.filled))?.unwrap_or(Decimal::ZERO);
    let reason = Some(status.why_held.clone()).filter(|why| !why.is_empty());
    Ok(Some(BrokerStatus { phase, filled, perm_id: perm_id_in(status.perm_id), reason }))
}

/// The key that an order's reference is, if it can be one of ours.
#[must_use]
pub fn key_from_ib(reference: &str) -> Option<OrderKey> {
    OrderKey::new(reference).ok()
}

/// An order as it is told, with what the library leaves out on its way in: that a combo's limit stands with its legs. (What
/// the prices are it does not tell.)
#[must_use]
pub fn told_order(data: &ib::OrderData) -> Cow<'_, ib::Order> {
    let (order, legs) = (&data.order, data.contract.combo_legs.len());
    let is_per_leg = legs > 0 && order.order_type == "LMT" && order.limit_price.is_none();
    if !is_per_leg || !order.order_combo_legs.is_empty() {
        return Cow::Borrowed(order);
    }
    let order_combo_legs = vec![ib::OrderComboLeg { price: None }; legs];
    Cow::Owned(ib::Order { order_combo_legs, ..order.clone() })
}

/// An order as the broker holds it. What it says beside its terms is left out: it is for telling which orders there are.
/// `status` is the last word of where it stands, where that came in a message of its own.
///
/// # Errors
/// When it cannot mean anything; the error names the field.
pub fn broker_order_from_ib(
    data: &ib::OrderData,
    symbol: Symbol,
    status: Option<&BrokerStatus>,
) -> Result<BrokerOrder, FromIbError> {
    let order = told_order(data);
    let order = order.as_ref();
    // Others may order in ways that we have no word for: an order is no less there for that.
    let kind =
        kind_from_ib(order).inspect_err(|error| tracing::debug!(%error, "an order of another kind")).ok();
    let time_in_force = kind.and_then(|kind| time_in_force_from_ib(order, &kind).ok());
    let filled = number_in("filledQuantity", Some(order.filled_quantity))?.unwrap_or(Decimal::ZERO);
    let perm_id = perm_id_in(order.perm_id);
    let told = match status {
        Some(status) => status.clone(),
        None => {
            let unknown = || unfit("status", &data.order_state.status, "no status that is known");
            let phase = phase_from_ib(&data.order_state.status).ok_or_else(unknown)?;
            let words = [&data.order_state.reject_reason, &data.order_state.completed_status];
            let reason = words.into_iter().find(|text| !text.is_empty()).cloned();
            BrokerStatus { phase, filled, perm_id, reason }
        }
    };
    let account = AccountId::new(&order.account).map_err(|error| match order.fa_group.as_str() {
        "" => unfit("account", &order.account, error),
        group => unfit("faGroup", group, "an order for a group of accounts is no account's"),
    })?;
    Ok(BrokerOrder {
        key: key_from_ib(&order.order_ref),
        perm_id,
        broker_order_id: (data.order_id > 0 && data.order_id != i32::MAX)
            .then(|| BrokerOrderId::new(data.order_id.into())),
        account,
        symbol,
        side: action_in(order.action).0,
        size: size(order, &data.contract.currency, &told)?,
        time_in_force,
        kind,
        parent: order.parent_perm_id.and_then(perm_id_in),
        // What cannot be read of it is unsaid: such an order counts by itself.
        group: group(order).ok().flatten(),
        status: told,
        placed_by: None,
    })
}

/// What an order may be changed in, as the broker describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderTerms {
    /// How much; `None` for an order that is sized otherwise.
    pub quantity: Option<Quantity>,
    /// How.
    pub kind: OrderKind,
    /// How long.
    pub time_in_force: TimeInForce,
    /// Outside of regular sessions, too?
    pub outside_sessions: bool,
}

/// What an order may be changed in.
///
/// # Errors
/// When it cannot mean anything; the error names the field.
pub fn terms_from_ib(order: &ib::Order) -> Result<OrderTerms, FromIbError> {
    let kind = kind_from_ib(order)?;
    let total = number_in("totalQuantity", Some(order.total_quantity))?;
    Ok(OrderTerms {
        quantity: total.and_then(|total| Quantity::new(total).ok()),
        time_in_force: time_in_force_from_ib(order, &kind)?,
        kind,
        outside_sessions: order.outside_rth,
    })
}

/// How much it is for: units, or as many as have traded; else money; else what its parent's fills, its group's positions
/// or something else calls for, since TWS tells of neither then.
fn size(
    order: &ib::Order,
    currency: &ibapi::contracts::Currency,
    told: &BrokerStatus,
) -> Result<OrderSize, FromIbError> {
    let total = number_in("totalQuantity", Some(order.total_quantity))?.unwrap_or_default();
    if total < Decimal::ZERO {
        return Err(unfit("totalQuantity", order.total_quantity, "below zero"));
    }
    if let Some(units) = [total, told.filled].into_iter().find_map(|size| Quantity::new(size).ok()) {
        return Ok(OrderSize::Units(units));
    }
    let Some(cash) = number_in("cashQty", order.cash_qty)?.filter(|cash| *cash > Decimal::ZERO) else {
        return Ok(OrderSize::FollowsParent);
    };
    let name = currency.as_str();
    let currency: Currency = name.parse().map_err(|error| unfit("currency", name, error))?;
    Ok(OrderSize::Cash(Money::new(cash, currency)))
}

fn refuse(field: &'static str, value: impl std::fmt::Debug, reason: impl std::fmt::Display) -> FromIbError {
    FromIbError::new("Execution", field, value, reason)
}

/// The identity of an execution: the last part of the broker's is its revision.
#[must_use]
pub fn execution_id_from_ib(text: &str) -> ExecutionId {
    let parts = text.rsplit_once('.').and_then(|(root, last)| Some((root, last.parse().ok()?)));
    match parts {
        Some((root, revision)) if !root.is_empty() => ExecutionId::new(root, revision),
        _ => ExecutionId::new(text, 1),
    }
}

/// An execution, of an instrument under our name. `unread` is the moment to take where the broker's cannot be read, since
/// money counts whatever the clock of its zone is called.
///
/// # Errors
/// When a number or the account is none, or the moment where there is no other; the error names the field.
pub fn execution_from_ib(
    data: &ib::ExecutionData,
    symbol: Symbol,
    key: Option<OrderKey>,
    part: ExecutedPart,
    unread: Option<Timestamp>,
) -> Result<Execution, FromIbError> {
    let it = &data.execution;
    let number = |field, float: f64| {
        number_in(field, Some(float))?.ok_or_else(|| refuse(field, float, "the broker told none"))
    };
    let account = AccountId::new(&it.account_number);
    Ok(Execution {
        id: execution_id_from_ib(&it.execution_id),
        key,
        perm_id: PermId::new(it.perm_id),
        account: account.map_err(|error| refuse("acctNumber", &it.account_number, error))?,
        symbol,
        side: match it.side {
            ib::ExecutionSide::Bought => Side::Buy,
            ib::ExecutionSide::Sold => Side::Sell,
        },
        quantity: Quantity::new(number("shares", it.shares)?)
            .map_err(|error| refuse("shares", it.shares, error))?,
        price: Price::new(number("price", it.price)?).map_err(|error| refuse("price", it.price, error))?,
        at: time_in("execution time", &it.time, WrittenTime::Utc).or_else(|error| unread.ok_or(error))?,
        part,
    })
}

/// What an execution cost.
///
/// # Errors
/// When the amount or the currency is none.
pub fn commission_from_ib(report: &ib::CommissionReport) -> Result<Commission, FromIbError> {
    let refuse = |field, value: &dyn std::fmt::Debug, reason: &dyn std::fmt::Display| {
        FromIbError::new("CommissionReport", field, value, reason)
    };
    let amount = number_in("commission", Some(report.commission))?;
    let amount = amount.ok_or_else(|| refuse("commission", &report.commission, &"the broker told none"))?;
    let currency: Currency =
        report.currency.parse().map_err(|error| refuse("currency", &report.currency, &error))?;
    Ok(Commission {
        execution: execution_id_from_ib(&report.execution_id),
        amount: Money::new(amount, currency),
    })
}

/// What an order would cost and tie up; what the broker does not reckon is left out.
///
/// # Errors
/// When a currency or a number is none.
pub fn preview_from_ib(state: &ib::OrderState) -> Result<OrderPreview, FromIbError> {
    let money = |field: &'static str, amount: Option<f64>, currency: &str| {
        let Some(amount) = number_in(field, amount)? else { return Ok(None) };
        if currency.is_empty() {
            return Ok(None);
        }
        let currency: Currency = currency.parse().map_err(|error| unfit(field, currency, error))?;
        Ok(Some(Money::new(amount, currency)))
    };
    let cost = |field, amount| money(field, amount, &state.commission_currency);
    let margin_currency =
        if state.margin_currency.is_empty() { &state.commission_currency } else { &state.margin_currency };
    let effect = |field: &'static str, before, change, after| {
        Ok::<_, FromIbError>(AccountEffect {
            before: money(field, before, margin_currency)?,
            change: money(field, change, margin_currency)?,
            after: money(field, after, margin_currency)?,
        })
    };
    Ok(OrderPreview {
        commission: CommissionPreview {
            expected: cost("commission", state.commission)?,
            least: cost("minCommission", state.minimum_commission)?,
            most: cost("maxCommission", state.maximum_commission)?,
        },
        initial_margin: effect(
            "initMargin",
            state.initial_margin_before,
            state.initial_margin_change,
            state.initial_margin_after,
        )?,
        maintenance_margin: effect(
            "maintMargin",
            state.maintenance_margin_before,
            state.maintenance_margin_change,
            state.maintenance_margin_after,
        )?,
        equity_with_loan: effect(
            "equityWithLoan",
            state.equity_with_loan_before,
            state.equity_with_loan_change,
            state.equity_with_loan_after,
        )?,
        suggested_size: number_in("suggestedSize", state.suggested_size)?
            .and_then(|size| Quantity::new(size).ok()),
        warning: Some(state.warning_text.clone()).filter(|text| !text.is_empty()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_of_an_execution_id_is_its_revision() {
        let id = execution_id_from_ib("0000e0d5.60a1b2c3.01.02");
        assert_eq!((id.root(), id.revision()), ("0000e0d5.60a1b2c3.01", 2));
        assert_eq!(id.to_string(), "0000e0d5.60a1b2c3.01.02");
        for odd in ["", "abc", "abc.def", ".01"] {
            let id = execution_id_from_ib(odd);
            assert_eq!((id.root(), id.revision()), (odd, 1));
        }
    }

    #[test]
    fn money_counts_whatever_the_zone_is_called() {
        let execution = ib::Execution {
            execution_id: "a.01".to_owned(),
            account_number: "DU1".to_owned(),
            shares: 1.0,
            price: 50.0,
            time: "20260102 15:04:05 Somewhere Standard Time".to_owned(),
            ..Default::default()
        };
        let data = ib::ExecutionData { execution, ..Default::default() };
        let read =
            |unread| execution_from_ib(&data, "AAPL".parse().unwrap(), None, ExecutedPart::Whole, unread);
        assert_eq!(read(None).unwrap_err().value(), "\"20260102 15:04:05 Somewhere Standard Time\"");
        assert_eq!(read(Some(Timestamp::EPOCH)).unwrap().at, Timestamp::EPOCH);
    }

    #[test]
    fn every_known_status_has_a_phase_and_no_other_one() {
        use ib::OrderStatusKind as Kind;
        let known =
            [Kind::ApiPending, Kind::PendingSubmit, Kind::PendingCancel, Kind::PreSubmitted, Kind::Submitted];
        assert!(known.iter().all(|it| phase_from_ib(it).is_some()));
        assert_eq!(phase_from_ib(&Kind::Unknown("Dreaming".to_owned())), None);
        let odd = ib::OrderStatus { status: Kind::Unknown("Dreaming".to_owned()), ..Default::default() };
        assert_eq!(status_from_ib(&odd), Ok(None));
    }

    #[test]
    fn scenario_ord_19_called_off_before_it_was_acknowledged_is_not_cancelled_yet() {
        let status = ib::OrderStatus { status: ib::OrderStatusKind::ApiCancelled, ..Default::default() };
        assert_eq!(status_from_ib(&status).unwrap().unwrap().phase, BrokerPhase::CancelPending);
        // In the list of what has ended it is the end.
        assert_eq!(phase_from_ib(&status.status), Some(BrokerPhase::Cancelled));
    }

    #[test]
    fn an_order_that_cannot_mean_anything_is_named_by_its_field() {
        let order = ib::Order {
            order_type: "LMT".to_owned(),
            limit_price: Some(50.0),
            account: "DU1".to_owned(),
            total_quantity: 10.0,
            perm_id: 7,
            order_ref: "k".to_owned(),
            ..Default::default()
        };
        let data = ib::OrderData { order_id: 3, order, ..Default::default() };
        let read = |data: &ib::OrderData| broker_order_from_ib(data, "AAPL".parse().unwrap(), None);
        let good = read(&data).unwrap();
        assert_eq!((good.key, good.perm_id), (key_from_ib("k"), Some(PermId::new(7))));
        let with = |change: fn(&mut ib::OrderData)| {
            let mut data = data.clone();
            change(&mut data);
            read(&data).unwrap_err().to_string()
        };
        let unnamed = with(|it| it.order.account.clear());
        assert!(unnamed.starts_with("Order.account is \"\": "), "{unnamed}");
        let of_group = with(|it| {
            it.order.account.clear();
            it.order.fa_group = "Ours".to_owned();
        });
        assert_eq!(of_group, "Order.faGroup is \"Ours\": an order for a group of accounts is no account's");
        let negative = with(|it| it.order.total_quantity = -1.0);
        assert!(negative.starts_with("Order.totalQuantity is -1.0: "), "{negative}");
        let dreaming = |it: &mut ib::OrderData| {
            it.order_state.status = ib::OrderStatusKind::Unknown("Dreaming".to_owned());
        };
        let said = "Order.status is Unknown(\"Dreaming\"): no status that is known";
        assert_eq!(with(dreaming), said);
    }

    #[test]
    fn an_order_that_we_could_not_place_is_there_all_the_same() {
        let order = ib::Order {
            order_type: "LMT".to_owned(),
            limit_price: Some(50.0),
            account: "DU1".to_owned(),
            total_quantity: 10.0,
            perm_id: 7,
            ..Default::default()
        };
        let data = ib::OrderData { order, ..Default::default() };
        let read = |change: fn(&mut ib::OrderData)| {
            let mut data = data.clone();
            change(&mut data);
            let read = broker_order_from_ib(&data, "AAPL".parse().unwrap(), None).unwrap();
            assert_eq!(read.size.quantity(), "10".parse().ok(), "what may trade is told");
            (read.perm_id.is_some(), read.kind.is_some(), read.time_in_force.is_some())
        };
        assert_eq!(read(|_| {}), (true, true, true));
        assert_eq!(read(|it| it.order.order_type = "WHISPER".to_owned()), (true, false, false));
        assert_eq!(read(|it| it.order.volatility = Some(3.0)), (true, false, false), "of another kind");
        let odd: fn(&mut ib::OrderData) = |it| it.order.tif = ib::TimeInForce::Unknown("FOREVER".to_owned());
        assert_eq!(read(odd), (true, true, false));
        assert_eq!(read(|it| it.order.perm_id = 0), (false, true, true), "TWS has not heard of it yet");
    }

    #[test]
    fn money_that_is_not_told_is_named() {
        let execution = ib::Execution {
            execution_id: "a.01".to_owned(),
            account_number: "DU1".to_owned(),
            shares: 1.0,
            price: f64::MAX,
            time: "20260102 15:04:05 UTC".to_owned(),
            ..Default::default()
        };
        let data = ib::ExecutionData { execution, ..Default::default() };
        let read = execution_from_ib(&data, "AAPL".parse().unwrap(), None, ExecutedPart::Whole, None);
        let said = "Execution.price is 1.7976931348623157e308: the broker told none";
        assert_eq!(read.unwrap_err().to_string(), said);
        let report =
            ib::CommissionReport { commission: f64::MAX, currency: "USD".to_owned(), ..Default::default() };
        let said = "CommissionReport.commission is 1.7976931348623157e308: the broker told none";
        assert_eq!(commission_from_ib(&report).unwrap_err().to_string(), said);
    }

    #[test]
    fn an_order_without_a_quantity_is_sized_by_money_or_by_others() {
        let sized = |total_quantity, cash_qty, filled_quantity| {
            let order = ib::Order {
                order_type: "MKT".to_owned(),
                account: "DU1".to_owned(),
                perm_id: 7,
                total_quantity,
                cash_qty,
                filled_quantity,
                ..ib::Order::default()
            };
            let mut data = ib::OrderData { order, ..ib::OrderData::default() };
            data.contract.currency = "USD".into();
            broker_order_from_ib(&data, "AAPL".parse().unwrap(), None).unwrap().size
        };
        let units = |text: &str| OrderSize::Units(text.parse().unwrap());
        let dollars = OrderSize::Cash(Money::new("500".parse().unwrap(), Currency::USD));
        assert_eq!(sized(0.0, None, 0.0), OrderSize::FollowsParent, "a hedge, or an adviser's group");
        assert_eq!(sized(0.0, Some(f64::MAX), f64::MAX), OrderSize::FollowsParent);
        assert_eq!(sized(f64::MAX, Some(500.0), 0.0), dollars);
        assert_eq!((sized(0.0, Some(500.0), 4.0), sized(10.0, None, 4.0)), (units("4"), units("10")));
    }

    #[test]
    fn what_is_unset_is_not_told() {
        let preview = preview_from_ib(&ib::OrderState {
            commission: Some(1.25),
            minimum_commission: Some(f64::MAX),
            commission_currency: "USD".to_owned(),
            initial_margin_after: Some(500.0),
            ..Default::default()
        })
        .unwrap();
        assert_eq!(preview.commission.expected.unwrap().to_string(), "1.25 USD");
        assert_eq!(preview.commission.least, None);
        assert_eq!(preview.initial_margin.after.unwrap().to_string(), "500.00 USD");
        assert_eq!(preview.maintenance_margin, AccountEffect::default());
    }
}
