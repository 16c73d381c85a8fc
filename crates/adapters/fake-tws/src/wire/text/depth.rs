//! Market depth.

use super::contract::asked;
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, tags};
use crate::wire::proto::{
    CancelMarketDepth, MarketDepth, MarketDepthExchanges, MarketDepthExchangesRequest, MarketDepthL2,
    MarketDepthRequest, RerouteMarketDepthRequest,
};

impl Layout for MarketDepthRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("5")?;
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        lay!(cursor, self: int num_rows, flag is_smart_depth);
        tags(cursor, &mut self.market_depth_options)
    }
}

impl Layout for MarketDepth {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("1")?;
        cursor.int_or_zero(&mut self.req_id)?;
        let row = self.market_depth_data.get_or_insert_default();
        lay!(cursor, row:
            int_or_zero position, int_or_zero operation, int_or_zero side, double_or_zero price, size size);
        Ok(())
    }
}

impl Layout for MarketDepthL2 {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("1")?;
        cursor.int_or_zero(&mut self.req_id)?;
        let row = self.market_depth_data.get_or_insert_default();
        lay!(cursor, row:
            int_or_zero position, text market_maker, int_or_zero operation, int_or_zero side, double_or_zero price,
            size size, flag is_smart_depth);
        Ok(())
    }
}

impl Layout for MarketDepthExchangesRequest {
    fn lay<C: Cursor>(&mut self, _cursor: &mut C) -> Result<(), TextError> {
        Ok(())
    }
}

impl Layout for MarketDepthExchanges {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.list(&mut self.depth_market_data_descriptions, MOST, |cursor, it| {
            lay!(cursor, it:
                text exchange, text sec_type, text listing_exch, text service_data_type, int_or_max agg_group);
            Ok(())
        })
    }
}

layouts! {
    CancelMarketDepth v "1" { int req_id, flag is_smart_depth }
    RerouteMarketDepthRequest { int_or_zero req_id, int_or_zero con_id, text exchange }
}
