//! Bars, live and of the past, and what else is asked about the past.

use super::contract::{asked, legs_asked};
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, tags};
use crate::wire::proto::{
    CancelHeadTimestamp, CancelHistogramData, CancelHistoricalData, CancelRealTimeBars, HeadTimestamp,
    HeadTimestampRequest, HistogramData, HistogramDataRequest, HistoricalData, HistoricalDataEnd,
    HistoricalDataRequest, HistoricalDataUpdate, HistoricalSchedule, RealTimeBarTick, RealTimeBarsRequest,
};

/// From here on the period of historical bars comes with a message of its own, behind them.
const PERIOD_BEHIND: i32 = 196;

impl Layout for HistoricalDataRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        cursor.flag(&mut self.contract.get_or_insert_default().include_expired)?;
        lay!(cursor, self:
            text end_date_time, text bar_size_setting, text duration, flag use_rth, text what_to_show, int format_date);
        legs_asked(cursor, &mut self.contract)?;
        cursor.flag(&mut self.keep_up_to_date)?;
        tags(cursor, &mut self.chart_options)
    }
}

impl Layout for RealTimeBarsRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("3")?;
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        lay!(cursor, self: int bar_size, text what_to_show, flag use_rth);
        tags(cursor, &mut self.real_time_bars_options)
    }
}

impl Layout for HeadTimestampRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        cursor.flag(&mut self.contract.get_or_insert_default().include_expired)?;
        lay!(cursor, self: flag use_rth, text what_to_show, int format_date);
        Ok(())
    }
}

impl Layout for HistogramDataRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        cursor.flag(&mut self.contract.get_or_insert_default().include_expired)?;
        lay!(cursor, self: flag use_rth, text time_period);
        Ok(())
    }
}

impl Layout for HistoricalData {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        if !cursor.since(PERIOD_BEHIND) {
            lay!(cursor, self: text start_date_str, text end_date_str);
        }
        cursor.list(&mut self.historical_data_bars, MOST, |cursor, bar| {
            lay!(cursor, bar:
                text date, double_or_zero open, double_or_zero high, double_or_zero low, double_or_zero close, size volume);
            cursor.text_or(&mut bar.wap, "0")?;
            cursor.int_or_zero(&mut bar.bar_count)
        })
    }
}

impl Layout for HistoricalDataEnd {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        if !cursor.since(PERIOD_BEHIND) {
            return Err(TextError::NoLayout("HISTORICAL_DATA_END"));
        }
        lay!(cursor, self: int_or_zero req_id, text start_date_str, text end_date_str);
        Ok(())
    }
}

impl Layout for HistoricalDataUpdate {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        let bar = self.historical_data_bar.get_or_insert_default();
        lay!(cursor, bar:
            int_or_zero bar_count, text date, double_or_zero open, double_or_zero close, double_or_zero high,
            double_or_zero low);
        cursor.text_or(&mut bar.wap, "0")?;
        cursor.size(&mut bar.volume)
    }
}

impl Layout for RealTimeBarTick {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("3")?;
        lay!(cursor, self:
            int_or_zero req_id, long_or_zero time, double_or_zero open, double_or_zero high, double_or_zero low,
            double_or_zero close, size volume);
        cursor.text_or(&mut self.wap, "0")?;
        cursor.int_or_zero(&mut self.count)
    }
}

impl Layout for HistogramData {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.histogram_data_entries, MOST, |cursor, entry| {
            lay!(cursor, entry: double_or_zero price, size size);
            Ok(())
        })
    }
}

impl Layout for HistoricalSchedule {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        lay!(cursor, self: int_or_zero req_id, text start_date_time, text end_date_time, text time_zone);
        cursor.list(&mut self.historical_sessions, MOST, |cursor, session| {
            lay!(cursor, session: text start_date_time, text end_date_time, text ref_date);
            Ok(())
        })
    }
}

layouts! {
    CancelHistoricalData v "1" { int req_id }
    CancelRealTimeBars v "1" { int req_id }
    CancelHeadTimestamp { int req_id }
    CancelHistogramData { int req_id }
    HeadTimestamp { int_or_zero req_id, text head_timestamp }
}
