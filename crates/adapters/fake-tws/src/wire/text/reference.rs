//! What is asked about contracts, except their details: symbols, option chains, rules and exchanges.

use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, number, word};
use crate::wire::proto::{
    MarketRule, MarketRuleRequest, MatchingSymbolsRequest, SecDefOptParameter, SecDefOptParameterEnd,
    SecDefOptParamsRequest, SmartComponents, SmartComponentsRequest, SymbolSamples,
};

/// From here on a symbol comes with a description and its issuer.
const ISSUER: i32 = 176;

impl Layout for SymbolSamples {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.contract_descriptions, MOST, |cursor, it| {
            let contract = it.contract.get_or_insert_default();
            lay!(cursor, contract:
                int_or_zero con_id, text symbol, text sec_type, text primary_exch, text currency);
            cursor.list(&mut it.derivative_sec_types, MOST, word)?;
            if cursor.since(ISSUER) {
                lay!(cursor, contract: text description, text issuer_id);
            }
            Ok(())
        })
    }
}

impl Layout for SecDefOptParameter {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        lay!(cursor, self:
            int_or_zero req_id, text exchange, int_or_zero underlying_con_id, text trading_class, text multiplier);
        cursor.list(&mut self.expirations, MOST, word)?;
        cursor.list(&mut self.strikes, MOST, number)
    }
}

impl Layout for MarketRule {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.market_rule_id)?;
        cursor.list(&mut self.price_increments, MOST, |cursor, it| {
            lay!(cursor, it: double_or_zero low_edge, double_or_zero increment);
            Ok(())
        })
    }
}

impl Layout for SmartComponents {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.smart_components, MOST, |cursor, it| {
            lay!(cursor, it: int_or_zero bit_number, text exchange, text exchange_letter);
            Ok(())
        })
    }
}

layouts! {
    MatchingSymbolsRequest { int req_id, text pattern }
    SecDefOptParamsRequest {
        int req_id, text underlying_symbol, text fut_fop_exchange, text underlying_sec_type, int underlying_con_id,
    }
    SecDefOptParameterEnd { int_or_zero req_id }
    MarketRuleRequest { int market_rule_id }
    SmartComponentsRequest { int req_id, text bbo_exchange }
}
