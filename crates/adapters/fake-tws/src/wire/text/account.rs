//! Accounts: their values, positions, summaries, and what they gained and lost.

use super::contract::{held, told};
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{lay, layouts};
use crate::wire::proto::{
    AccountDataEnd, AccountDataRequest, AccountSummary, AccountSummaryEnd, AccountSummaryRequest,
    AccountUpdateMulti, AccountUpdateMultiEnd, AccountUpdateTime, AccountUpdatesMultiRequest, AccountValue,
    CancelAccountSummary, CancelAccountUpdatesMulti, CancelPnL, CancelPnLSingle, CancelPositions,
    CancelPositionsMulti, PnL, PnLRequest, PnLSingle, PnLSingleRequest, PortfolioValue, Position,
    PositionEnd, PositionMulti, PositionMultiEnd, PositionsMultiRequest, PositionsRequest,
};

impl Layout for PortfolioValue {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("8")?;
        held(cursor, &mut self.contract)?;
        lay!(cursor, self:
            size position, double_or_zero market_price, double_or_zero market_value, double_or_zero average_cost,
            double_or_zero unrealized_pnl, double_or_zero realized_pnl, text account_name);
        Ok(())
    }
}

impl Layout for Position {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("3")?;
        cursor.text(&mut self.account)?;
        told(cursor, &mut self.contract)?;
        lay!(cursor, self: size position, double_or_zero avg_cost);
        Ok(())
    }
}

impl Layout for PositionMulti {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("1")?;
        lay!(cursor, self: int_or_zero req_id, text account);
        told(cursor, &mut self.contract)?;
        lay!(cursor, self: size position, double_or_zero avg_cost, text model_code);
        Ok(())
    }
}

layouts! {
    AccountDataRequest v "2" { flag subscribe, text acct_code }
    AccountValue v "2" { escaped key, escaped value, escaped currency, escaped account_name }
    AccountUpdateTime v "1" { escaped time_stamp }
    AccountDataEnd v "1" { escaped account_name }

    AccountSummaryRequest v "1" { int req_id, text group, text tags }
    CancelAccountSummary v "1" { int req_id }
    AccountSummary v "1" { int_or_zero req_id, escaped account, escaped tag, escaped value, escaped currency }
    AccountSummaryEnd v "1" { int_or_zero req_id }

    AccountUpdatesMultiRequest v "1" { int req_id, text account, text model_code, flag ledger_and_nlv }
    CancelAccountUpdatesMulti v "1" { int req_id }
    AccountUpdateMulti v "1" { int_or_zero req_id, escaped account, escaped model_code, escaped key, escaped value, escaped currency,
    }
    AccountUpdateMultiEnd v "1" { int_or_zero req_id }

    PositionsRequest v "1" {}
    CancelPositions v "1" {}
    PositionEnd v "1" {}
    PositionsMultiRequest v "1" { int req_id, text account, text model_code }
    CancelPositionsMulti v "1" { int req_id }
    PositionMultiEnd v "1" { int_or_zero req_id }

    PnLRequest { int req_id, text account, text model_code }
    CancelPnL { int req_id }
    PnL { int_or_zero req_id, double_or_max daily_pnl, double_or_max unrealized_pnl, double_or_max realized_pnl }
    PnLSingleRequest { int req_id, text account, text model_code, int con_id }
    CancelPnLSingle { int req_id }
    PnLSingle {
        int_or_zero req_id, size position, double_or_max daily_pnl, double_or_max unrealized_pnl,
        double_or_max realized_pnl, double_or_max value,
    }
}
