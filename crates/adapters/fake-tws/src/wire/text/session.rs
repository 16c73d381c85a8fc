//! What a connection begins with: its start, its numbers, its accounts, the time; errors; and what links windows and programs.

use super::cursor::{Cursor, Layout, TextError};
use super::shared::{lay, layouts};
use crate::wire::proto::{
    CurrentTime, CurrentTimeInMillis, CurrentTimeInMillisRequest, CurrentTimeRequest, DisplayGroupList,
    DisplayGroupUpdated, ErrorMessage, IdsRequest, ManagedAccounts, ManagedAccountsRequest, NextValidId,
    QueryDisplayGroupsRequest, SetServerLogLevelRequest, StartApiRequest, SubscribeToGroupEventsRequest,
    UnsubscribeFromGroupEventsRequest, UpdateDisplayGroupRequest, VerifyAndAuthCompleted,
    VerifyAndAuthMessage, VerifyAndAuthMessageApi, VerifyAndAuthRequest, VerifyCompleted, VerifyMessageApi,
    VerifyMessageRequest, VerifyRequest,
};

/// From here on an error has a document about the order's rejection.
const REJECT_DOCUMENT: i32 = 166;
/// From here on an error has its time and no version of its own.
const ERROR_TIME: i32 = 194;

impl Layout for StartApiRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("2")?;
        cursor.int(&mut self.client_id)?;
        // Older clients leave the capabilities out.
        if cursor.reads() && !cursor.has_more() {
            Ok(())
        } else {
            cursor.text(&mut self.optional_capabilities)
        }
    }
}

impl Layout for ErrorMessage {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        if !cursor.since(ERROR_TIME) {
            cursor.fixed("2")?;
        }
        cursor.int_or(&mut self.id, -1)?;
        lay!(cursor, self: int_or_zero error_code, escaped error_msg);
        if cursor.since(REJECT_DOCUMENT) {
            cursor.escaped(&mut self.advanced_order_reject_json)?;
        }
        if cursor.since(ERROR_TIME) {
            cursor.long_or_zero(&mut self.error_time)?;
        }
        Ok(())
    }
}

impl Layout for CurrentTimeInMillisRequest {
    fn lay<C: Cursor>(&mut self, _cursor: &mut C) -> Result<(), TextError> {
        Ok(())
    }
}

layouts! {
    IdsRequest v "1" { int num_ids }
    NextValidId v "1" { int_or_zero order_id }
    ManagedAccountsRequest v "1" {}
    ManagedAccounts v "1" { escaped accounts_list }
    CurrentTimeRequest v "1" {}
    CurrentTime v "1" { long_or_zero current_time }
    CurrentTimeInMillis { long_or_zero current_time_in_millis }
    SetServerLogLevelRequest v "1" { int log_level }

    QueryDisplayGroupsRequest v "1" { int req_id }
    SubscribeToGroupEventsRequest v "1" { int req_id, int group_id }
    UnsubscribeFromGroupEventsRequest v "1" { int req_id }
    UpdateDisplayGroupRequest v "1" { int req_id, text contract_info }
    DisplayGroupList v "1" { int_or_zero req_id, escaped groups }
    DisplayGroupUpdated v "1" { int_or_zero req_id, escaped contract_info }

    VerifyRequest v "1" { text api_name, text api_version }
    VerifyMessageRequest v "1" { text api_data }
    VerifyAndAuthRequest v "1" { text api_name, text api_version, text opaque_isv_key }
    VerifyAndAuthMessage v "1" { text api_data, text xyz_response }
    VerifyMessageApi v "1" { escaped api_data }
    VerifyCompleted v "1" { flag is_successful, escaped error_text }
    VerifyAndAuthMessageApi v "1" { escaped api_data, escaped xyz_challenge }
    VerifyAndAuthCompleted v "1" { flag is_successful, escaped error_text }
}
