//! Scanners of the market.

use super::cursor::{Cursor, Layout, TextError};
use super::shared::{MOST, lay, layouts, tags};
use crate::wire::proto::{
    CancelScannerSubscription, ScannerData, ScannerDataElement, ScannerParameters, ScannerParametersRequest,
    ScannerSubscriptionRequest,
};

impl Layout for ScannerSubscriptionRequest {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.int(&mut self.req_id)?;
        let it = self.scanner_subscription.get_or_insert_default();
        lay!(cursor, it:
            int number_of_rows, text instrument, text location_code, text scan_code, double above_price,
            double below_price, long above_volume, double market_cap_above, double market_cap_below,
            text moody_rating_above, text moody_rating_below, text sp_rating_above, text sp_rating_below,
            text maturity_date_above, text maturity_date_below, double coupon_rate_above, double coupon_rate_below,
            flag exclude_convertible, long average_option_volume_above, text scanner_setting_pairs,
            text stock_type_filter);
        tags(cursor, &mut it.scanner_subscription_filter_options)?;
        tags(cursor, &mut it.scanner_subscription_options)
    }
}

impl Layout for ScannerData {
    fn lay<C: Cursor>(&mut self, cursor: &mut C) -> Result<(), TextError> {
        cursor.fixed("3")?;
        cursor.int_or_zero(&mut self.req_id)?;
        cursor.list(&mut self.scanner_data_element, MOST, element)
    }
}

fn element<C: Cursor>(cursor: &mut C, it: &mut ScannerDataElement) -> Result<(), TextError> {
    cursor.int_or_zero(&mut it.rank)?;
    let contract = it.contract.get_or_insert_default();
    lay!(cursor, contract:
        int_or_zero con_id, text symbol, text sec_type, text last_trade_date_or_contract_month, double_or_zero strike,
        text right, text exchange, text currency, text local_symbol);
    cursor.text(&mut it.market_name)?;
    cursor.text(&mut contract.trading_class)?;
    lay!(cursor, it: text distance, text benchmark, text projection, text combo_key);
    Ok(())
}

layouts! {
    CancelScannerSubscription v "1" { int req_id }
    ScannerParametersRequest v "1" {}
    ScannerParameters v "1" { escaped xml }
}
