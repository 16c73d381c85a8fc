//! The details of contracts, and of bonds, which have their own order.

use super::contract::asked;
use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, pairs};
use crate::wire::proto::{Contract, ContractData, ContractDataEnd, ContractDataRequest, ContractDetails};

/// The kind of contract that has the fields of a fund.
const FUND: &str = "FUND";

/// What came with which version.
mod since {
    pub(super) const FRACTIONS: i32 = 163;
    /// And no version of its own any more.
    pub(super) const SIZE_RULES: i32 = 164;
    pub(super) const ISSUER: i32 = 176;
    pub(super) const FUNDS: i32 = 179;
    pub(super) const LAST_TRADE_DATE: i32 = 182;
    pub(super) const INELIGIBILITY: i32 = 186;
    pub(super) const BOND_HOURS: i32 = 188;
}

impl Layout for ContractDataRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("8")?;
        cursor.int(&mut self.req_id)?;
        asked(cursor, &mut self.contract)?;
        let contract = self.contract.get_or_insert_default();
        lay!(cursor, contract: flag include_expired, text sec_id_type, text sec_id);
        if cursor.since(since::ISSUER) { cursor.text(&mut contract.issuer_id) } else { Ok(()) }
    }
}

impl Layout for ContractData {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        own_version(cursor, "8")?;
        cursor.int_or_zero(&mut self.req_id)?;
        let contract = self.contract.get_or_insert_default();
        let details = self.contract_details.get_or_insert_default();
        lay!(cursor, contract: text symbol, text sec_type, text last_trade_date_or_contract_month);
        if cursor.since(since::LAST_TRADE_DATE) {
            cursor.text(&mut contract.last_trade_date)?;
        }
        lay!(cursor, contract:
            double_or_zero strike, text right, text exchange, text currency, text local_symbol);
        cursor.text(&mut details.market_name)?;
        lay!(cursor, contract: text trading_class, int_or_zero con_id);
        cursor.text(&mut details.min_tick)?;
        size_multiplier(cursor)?;
        description(cursor, contract, details)?;
        lay!(cursor, details: text ev_rule, plain ev_multiplier);
        pairs(cursor, &mut details.sec_id_list)?;
        rules(cursor, contract, details)
    }
}

fn own_version<C: Cursor>(cursor: &mut C, version: &str) -> Result<(), TextError> {
    if cursor.since(since::SIZE_RULES) { Ok(()) } else { cursor.fixed(version) }
}

/// By what sizes of market data were multiplied: obsolete.
fn size_multiplier<C: Cursor>(cursor: &mut C) -> Result<(), TextError> {
    if cursor.since(since::SIZE_RULES) { Ok(()) } else { cursor.fixed("1") }
}

fn description<C: Cursor>(
    cursor: &mut C,
    contract: &mut Contract,
    details: &mut ContractDetails,
) -> Result<(), TextError> {
    cursor.plain(&mut contract.multiplier)?;
    lay!(cursor, details:
        text order_types, text valid_exchanges, int_or_zero price_magnifier, int_or_zero under_con_id, escaped long_name);
    cursor.text(&mut contract.primary_exch)?;
    lay!(cursor, details:
        text contract_month, text industry, text category, text subcategory, text time_zone_id, text trading_hours,
        text liquid_hours);
    Ok(())
}

fn rules<C: Cursor>(
    cursor: &mut C,
    contract: &Contract,
    details: &mut ContractDetails,
) -> Result<(), TextError> {
    lay!(cursor, details:
        int_or_max agg_group, text under_symbol, text under_sec_type, text market_rule_ids, text real_expiration_date,
        text stock_type);
    if cursor.since(since::FRACTIONS) && !cursor.since(since::SIZE_RULES) {
        cursor.text(&mut details.suggested_size_increment)?;
    }
    sizes(cursor, details)?;
    if cursor.since(since::FUNDS) && contract.sec_type.as_deref() == Some(FUND) {
        fund(cursor, details)?;
    }
    if !cursor.since(since::INELIGIBILITY) {
        return Ok(());
    }
    cursor.list(&mut details.ineligibility_reason_list, MOST, |cursor, reason| {
        lay!(cursor, reason: text id, text description);
        Ok(())
    })
}

fn sizes<C: Cursor>(cursor: &mut C, details: &mut ContractDetails) -> Result<(), TextError> {
    if cursor.since(since::SIZE_RULES) {
        lay!(cursor, details: text min_size, text size_increment, text suggested_size_increment);
    }
    Ok(())
}

fn fund<C: Cursor>(cursor: &mut C, details: &mut ContractDetails) -> Result<(), TextError> {
    lay!(cursor, details:
        text fund_name, text fund_family, text fund_type, text fund_front_load, text fund_back_load,
        text fund_back_load_time_interval, text fund_management_fee, flag fund_closed,
        flag fund_closed_for_new_investors, flag fund_closed_for_new_money, text fund_notify_amount,
        text fund_minimum_initial_purchase, text fund_minimum_subsequent_purchase, text fund_blue_sky_states,
        text fund_blue_sky_territories, text fund_distribution_policy_indicator, text fund_asset_type);
    Ok(())
}

/// The details of a contract in the order of a bond's, which is another message of the same type.
pub struct BondDetails<'a>(pub &'a mut ContractData);

impl Layout for BondDetails<'_> {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        own_version(cursor, "6")?;
        cursor.int_or_zero(&mut self.0.req_id)?;
        let contract = self.0.contract.get_or_insert_default();
        let details = self.0.contract_details.get_or_insert_default();
        lay!(cursor, contract: text symbol, text sec_type);
        lay!(cursor, details: text cusip, plain coupon);
        cursor.text(&mut contract.last_trade_date_or_contract_month)?;
        lay!(cursor, details:
            text issue_date, text ratings, text bond_type, text coupon_type, flag convertible, flag callable,
            flag puttable, text desc_append);
        lay!(cursor, contract: text exchange, text currency);
        cursor.text(&mut details.market_name)?;
        lay!(cursor, contract: text trading_class, int_or_zero con_id);
        cursor.text(&mut details.min_tick)?;
        size_multiplier(cursor)?;
        lay!(cursor, details:
            text order_types, text valid_exchanges, text next_option_date, text next_option_type,
            flag next_option_partial, text bond_notes, text long_name);
        if cursor.since(since::BOND_HOURS) {
            lay!(cursor, details: text time_zone_id, text trading_hours, text liquid_hours);
        }
        lay!(cursor, details: text ev_rule, plain ev_multiplier);
        pairs(cursor, &mut details.sec_id_list)?;
        lay!(cursor, details: int_or_max agg_group, text market_rule_ids);
        sizes(cursor, details)
    }
}

layouts! {
    ContractDataEnd v "1" { int_or_zero req_id }
}
