//! Contracts as other messages carry them, and their legs.

use super::cursor::{Cursor, TextError};
use super::shared::{MOST, lay};
use crate::wire::proto::{ComboLeg, Contract, DeltaNeutralContract};

/// The kind of contract that is made of others.
pub(super) const COMBO: &str = "BAG";

/// The twelve fields in which a client names a contract.
pub(super) fn asked<C: Cursor>(cursor: &mut C, slot: &mut Option<Contract>) -> Result<(), TextError> {
    let contract = slot.get_or_insert_default();
    kind(cursor, contract)?;
    lay!(cursor, contract: plain multiplier, text exchange, text primary_exch);
    names(cursor, contract)
}

/// The eleven fields in which a server names one: no primary exchange.
pub(super) fn told<C: Cursor>(cursor: &mut C, slot: &mut Option<Contract>) -> Result<(), TextError> {
    let contract = slot.get_or_insert_default();
    kind(cursor, contract)?;
    lay!(cursor, contract: plain multiplier, text exchange);
    names(cursor, contract)
}

/// The eleven fields of a portfolio's position: no exchange but the primary one.
pub(super) fn held<C: Cursor>(cursor: &mut C, slot: &mut Option<Contract>) -> Result<(), TextError> {
    let contract = slot.get_or_insert_default();
    kind(cursor, contract)?;
    lay!(cursor, contract: plain multiplier, text primary_exch);
    names(cursor, contract)
}

fn kind<C: Cursor>(cursor: &mut C, contract: &mut Contract) -> Result<(), TextError> {
    lay!(cursor, contract:
        int con_id, text symbol, text sec_type, text last_trade_date_or_contract_month, double_or_zero strike, text right);
    Ok(())
}

fn names<C: Cursor>(cursor: &mut C, contract: &mut Contract) -> Result<(), TextError> {
    lay!(cursor, contract: text currency, text local_symbol, text trading_class);
    Ok(())
}

/// The legs of a combination that is asked for, four fields each; nothing for any other contract.
pub(super) fn legs_asked<C: Cursor>(cursor: &mut C, slot: &mut Option<Contract>) -> Result<(), TextError> {
    let contract = slot.get_or_insert_default();
    if contract.sec_type.as_deref() != Some(COMBO) {
        return Ok(());
    }
    cursor.list(&mut contract.combo_legs, MOST, |cursor, leg| {
        lay!(cursor, leg: int con_id, int ratio, text action, text exchange);
        Ok(())
    })
}

/// The legs of an order, eight fields each.
pub(super) fn legs<C: Cursor>(cursor: &mut C, legs: &mut Vec<ComboLeg>) -> Result<(), TextError> {
    cursor.list(legs, MOST, |cursor, leg| {
        lay!(cursor, leg:
            int con_id, int ratio, text action, text exchange, int_or_zero open_close, int_or_zero short_sales_slot,
            text designated_location);
        cursor.int_or(&mut leg.exempt_code, -1)
    })
}

/// What an order's legs may cost, one field each; none when no leg has a price of its own.
pub(super) fn leg_prices<C: Cursor>(cursor: &mut C, legs: &mut [ComboLeg]) -> Result<(), TextError> {
    let priced = legs.iter().any(|leg| leg.per_leg_price.is_some());
    let mut prices: Vec<_> = legs.iter().filter(|_| priced).map(|leg| leg.per_leg_price).collect();
    if cursor.reads() {
        prices.clear();
    }
    cursor.list(&mut prices, MOST, |cursor, price| cursor.double(price))?;
    for (leg, price) in legs.iter_mut().zip(prices) {
        leg.per_leg_price = price;
    }
    Ok(())
}

/// The contract that makes another neutral: a flag, and three fields if it is set.
pub(super) fn delta_neutral<C: Cursor>(
    cursor: &mut C,
    slot: &mut Option<DeltaNeutralContract>,
) -> Result<(), TextError> {
    let mut present = Some(slot.is_some());
    cursor.flag(&mut present)?;
    if present == Some(true) {
        let it = slot.get_or_insert_default();
        lay!(cursor, it: int_or_zero con_id, double_or_zero delta, double_or_zero price);
    }
    Ok(())
}
