//! Fundamental data, and options calculated on request.

use super::contract::asked;
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{counted_tags, lay, layouts, tags};
use crate::wire::proto::{
    CalculateImpliedVolatilityRequest, CalculateOptionPriceRequest, CancelCalculateImpliedVolatility,
    CancelCalculateOptionPrice, CancelFundamentalsData, DeltaNeutralValidation, FundamentalsData,
    FundamentalsDataRequest,
};

impl Layout for FundamentalsDataRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("2")?;
        cursor.int(&mut self.req_id)?;
        let contract = self.contract.get_or_insert_default();
        lay!(cursor, contract:
            int con_id, text symbol, text sec_type, text exchange, text primary_exch, text currency, text local_symbol);
        cursor.text(&mut self.report_type)?;
        let mut count = i32::try_from(self.fundamentals_data_options.len()).ok();
        cursor.int(&mut count)?;
        tags(cursor, &mut self.fundamentals_data_options)
    }
}

impl Layout for CalculateImpliedVolatilityRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("3")?;
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        lay!(cursor, self: double option_price, double under_price);
        counted_tags(cursor, &mut self.implied_volatility_options)
    }
}

impl Layout for CalculateOptionPriceRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("3")?;
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        lay!(cursor, self: double volatility, double under_price);
        counted_tags(cursor, &mut self.option_price_options)
    }
}

layouts! {
    CancelFundamentalsData v "1" { int req_id }
    FundamentalsData v "1" { int_or_zero req_id, escaped data }
    CancelCalculateImpliedVolatility v "1" { int req_id }
    CancelCalculateOptionPrice v "1" { int req_id }
    DeltaNeutralValidation v "1" { int_or_zero req_id, int_or_zero con_id, double_or_zero delta, double_or_zero price }
}
