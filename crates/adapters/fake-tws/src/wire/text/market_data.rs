//! Streaming and snapshot quotes: what is asked and the ticks.

use super::contract::{asked, delta_neutral, legs_asked};
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{lay, layouts, tags};
use crate::wire::proto::{
    CancelMarketData, MarketDataRequest, MarketDataType, MarketDataTypeRequest, RerouteMarketDataRequest,
    TickEfp, TickGeneric, TickOptionComputation, TickPrice, TickReqParams, TickSize, TickSnapshotEnd,
    TickString,
};

/// What stands for a price, a volatility or a dividend that is not computed.
const NO_PRICE: f64 = -1.0;
/// What stands for a sensitivity that is not computed.
const NO_GREEK: f64 = -2.0;

impl Layout for MarketDataRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("11")?;
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        legs_asked(cursor, &mut self.contract)?;
        delta_neutral(cursor, &mut self.contract.get_or_insert_default().delta_neutral_contract)?;
        lay!(cursor, self: text generic_tick_list, flag snapshot, flag regulatory_snapshot);
        tags(cursor, &mut self.market_data_options)
    }
}

impl Layout for TickOptionComputation {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        lay!(cursor, self: int_or_zero req_id, int_or_zero tick_type, int_or_zero tick_attrib);
        cursor.double_or(&mut self.implied_vol, NO_PRICE)?;
        cursor.double_or(&mut self.delta, NO_GREEK)?;
        cursor.double_or(&mut self.opt_price, NO_PRICE)?;
        cursor.double_or(&mut self.pv_dividend, NO_PRICE)?;
        cursor.double_or(&mut self.gamma, NO_GREEK)?;
        cursor.double_or(&mut self.vega, NO_GREEK)?;
        cursor.double_or(&mut self.theta, NO_GREEK)?;
        cursor.double_or(&mut self.und_price, NO_PRICE)
    }
}

layouts! {
    CancelMarketData v "2" { int req_id }
    MarketDataTypeRequest v "1" { int market_data_type }
    TickPrice v "6" { int_or_zero req_id, int_or_zero tick_type, double_or_zero price, size size, int_or_zero attr_mask }
    TickSize v "6" { int_or_zero req_id, int_or_zero tick_type, size size }
    TickGeneric v "6" { int_or_zero req_id, int_or_zero tick_type, double_or_zero value }
    TickString v "6" { int_or_zero req_id, int_or_zero tick_type, escaped value }
    TickEfp v "1" { int_or_zero req_id, int_or_zero tick_type, double_or_zero basis_points, escaped formatted_basis_points,
        double_or_zero implied_futures_price, int_or_zero hold_days, escaped future_last_trade_date,
        double_or_zero dividend_impact, double_or_zero dividends_to_last_trade_date,
    }
    TickReqParams { int_or_zero req_id, text min_tick, text bbo_exchange, int_or_zero snapshot_permissions }
    TickSnapshotEnd v "1" { int_or_zero req_id }
    MarketDataType v "1" { int_or_zero req_id, int_or_zero market_data_type }
    RerouteMarketDataRequest { int_or_zero req_id, int_or_zero con_id, text exchange }
}
