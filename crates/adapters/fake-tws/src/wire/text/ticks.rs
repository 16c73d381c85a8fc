//! Ticks one by one, live and of the past.

use super::contract::asked;
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, tags};
use crate::wire::proto::{
    CancelTickByTick, HistoricalTick, HistoricalTickBidAsk, HistoricalTickLast, HistoricalTicks,
    HistoricalTicksBidAsk, HistoricalTicksLast, HistoricalTicksRequest, TickAttribBidAsk, TickAttribLast,
    TickByTickData, TickByTickRequest,
};

/// What a live tick is of.
mod of {
    pub(super) const LAST: i32 = 1;
    pub(super) const ALL_LAST: i32 = 2;
    pub(super) const BID_ASK: i32 = 3;
    pub(super) const MID_POINT: i32 = 4;
}

/// Two flags as one number, the first in bit 0.
fn mask<C: Cursor>(
    cursor: &mut C,
    first: &mut Option<bool>,
    second: &mut Option<bool>,
) -> Result<(), TextError> {
    let bit = |flag: &Option<bool>, value| if *flag == Some(true) { value } else { 0 };
    let mut number = Some(bit(first, 1) + bit(second, 2));
    cursor.int_or_zero(&mut number)?;
    let number = number.unwrap_or_default();
    *first = Some(number & 1 != 0);
    *second = Some(number & 2 != 0);
    Ok(())
}

fn mask_of_last<C: Cursor>(cursor: &mut C, slot: &mut Option<TickAttribLast>) -> Result<(), TextError> {
    let it = slot.get_or_insert_default();
    mask(cursor, &mut it.past_limit, &mut it.unreported)
}

impl Layout for TickByTickRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        lay!(cursor, self: text tick_type, int number_of_ticks, flag ignore_size);
        Ok(())
    }
}

impl Layout for HistoricalTicksRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        cursor.flag(&mut self.contract.get_or_insert_default().include_expired)?;
        lay!(cursor, self:
            text start_date_time, text end_date_time, int number_of_ticks, text what_to_show, flag use_rth,
            flag ignore_size);
        tags(cursor, &mut self.misc_options)
    }
}

impl Layout for TickByTickData {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        lay!(cursor, self: int_or_zero req_id, int_or_zero tick_type);
        match self.tick_type {
            Some(of::LAST | of::ALL_LAST) => {
                live_last(cursor, self.historical_tick_last.get_or_insert_default())
            }
            Some(of::BID_ASK) => live_bid_ask(cursor, self.historical_tick_bid_ask.get_or_insert_default()),
            Some(of::MID_POINT) => {
                let tick = self.historical_tick_mid_point.get_or_insert_default();
                lay!(cursor, tick: long_or_zero time, double_or_zero price);
                Ok(())
            }
            _ => cursor.fixed("0"),
        }
    }
}

fn live_last<C: Cursor>(cursor: &mut C, tick: &mut HistoricalTickLast) -> Result<(), TextError> {
    lay!(cursor, tick: long_or_zero time, double_or_zero price, size size);
    mask_of_last(cursor, &mut tick.tick_attrib_last)?;
    lay!(cursor, tick: text exchange, text special_conditions);
    Ok(())
}

fn live_bid_ask<C: Cursor>(cursor: &mut C, tick: &mut HistoricalTickBidAsk) -> Result<(), TextError> {
    lay!(cursor, tick:
        long_or_zero time, double_or_zero price_bid, double_or_zero price_ask, size size_bid, size size_ask);
    let it: &mut TickAttribBidAsk = tick.tick_attrib_bid_ask.get_or_insert_default();
    mask(cursor, &mut it.bid_past_low, &mut it.ask_past_high)
}

impl Layout for HistoricalTicks {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.historical_ticks, MOST, |cursor, tick: &mut HistoricalTick| {
            cursor.long_or_zero(&mut tick.time)?;
            cursor.fixed("0")?;
            lay!(cursor, tick: double_or_zero price, size size);
            Ok(())
        })?;
        cursor.flag(&mut self.is_done)
    }
}

impl Layout for HistoricalTicksBidAsk {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.historical_ticks_bid_ask, MOST, |cursor, tick| {
            cursor.long_or_zero(&mut tick.time)?;
            // The other way round than in live ticks.
            let it = tick.tick_attrib_bid_ask.get_or_insert_default();
            mask(cursor, &mut it.ask_past_high, &mut it.bid_past_low)?;
            lay!(cursor, tick: double_or_zero price_bid, double_or_zero price_ask, size size_bid, size size_ask);
            Ok(())
        })?;
        cursor.flag(&mut self.is_done)
    }
}

impl Layout for HistoricalTicksLast {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.historical_ticks_last, MOST, |cursor, tick| {
            cursor.long_or_zero(&mut tick.time)?;
            mask_of_last(cursor, &mut tick.tick_attrib_last)?;
            lay!(cursor, tick: double_or_zero price, size size, text exchange, text special_conditions);
            Ok(())
        })?;
        cursor.flag(&mut self.is_done)
    }
}

layouts! {
    CancelTickByTick { int req_id }
}
