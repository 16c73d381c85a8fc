//! Advisers' groups, families of accounts, soft dollars, and who the user is.

use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts};
use crate::wire::proto::{
    FaReplace, FaRequest, FamilyCodes, FamilyCodesRequest, ReceiveFa, ReplaceFaEnd, SoftDollarTiers,
    SoftDollarTiersRequest, UserInfo, UserInfoRequest,
};

impl Layout for FamilyCodesRequest {
    fn lay<C: Cursor>(&mut self, _cursor: &mut C) -> Result<(), TextError> {
        Ok(())
    }
}

impl Layout for FamilyCodes {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.list(&mut self.family_codes, MOST, |cursor, it| {
            lay!(cursor, it: text account_id, text family_code);
            Ok(())
        })
    }
}

impl Layout for SoftDollarTiers {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.soft_dollar_tiers, MOST, |cursor, it| {
            lay!(cursor, it: text name, text value, text display_name);
            Ok(())
        })
    }
}

layouts! {
    FaRequest v "1" { int fa_data_type }
    FaReplace v "1" { int fa_data_type, text xml, int req_id }
    ReceiveFa v "1" { int_or_zero fa_data_type, escaped xml }
    ReplaceFaEnd { int_or_zero req_id, text text }
    SoftDollarTiersRequest { int req_id }
    UserInfoRequest { int req_id }
    UserInfo { int_or_zero req_id, text white_branding_id }
}
