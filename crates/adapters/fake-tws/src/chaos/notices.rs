//! What TWS says with a code, for notices and refusals without words of their own.

/// The texts of the codes that a scenario is most likely to name.
const TEXTS: &[(i32, &str)] = &[
    (100, "Max rate of messages per second has been exceeded: max=50 rec=51 (1)"),
    (101, "Max number of tickers has been reached"),
    (103, "Duplicate order id"),
    (110, "The price does not conform to the minimum price variation for this contract."),
    (161, "Cancel attempted when order is not in a cancellable state.  Order permId = 0"),
    (162, "Historical Market Data Service error message:HMDS query returned no data"),
    (
        165,
        "Historical Market Data Service query message:HMDS connection attempt failed.  Connection will be re-attempted...",
    ),
    (200, "No security definition has been found for the request"),
    (201, "Order rejected - reason:"),
    (202, "Order Canceled - reason:"),
    (
        317,
        "Market depth data has been RESET. Please empty deep book contents before applying any new entries.",
    ),
    (321, "Error validating request.-'bO' : cause - The API interface is currently in Read-Only mode."),
    (322, "Error processing request.-'bO' : cause - "),
    (326, "Unable to connect as the client id is already in use. Retry with a unique client id."),
    (354, "Requested market data is not subscribed."),
    (366, "No historical data query found for ticker id"),
    (399, "Order Message:\nWarning: your order will not be placed at the exchange until the market opens"),
    (404, "Order held while securities are located."),
    (1100, "Connectivity between IB and Trader Workstation has been lost."),
    (1101, "Connectivity between IB and Trader Workstation has been restored- data lost."),
    (
        1102,
        "Connectivity between IB and Trader Workstation has been restored- data maintained. All data farms are connected: \
         usfarm; ushmds; secdefil.",
    ),
    (
        1300,
        "TWS socket port has been reset and this connection is being dropped. Please reconnect on the new port",
    ),
    (2100, "API client has been unsubscribed from account data."),
    (2103, "Market data farm connection is broken:usfarm"),
    (2104, "Market data farm connection is OK:usfarm"),
    (2105, "HMDS data farm connection is broken:ushmds"),
    (2106, "HMDS data farm connection is OK:ushmds"),
    (2107, "HMDS data farm connection is inactive but should be available upon demand.ushmds"),
    (2108, "Market data farm connection is inactive but should be available upon demand.usfarm"),
    (
        2109,
        "Order Event Warning: Attribute 'Outside Regular Trading Hours' is ignored based on the order type and destination.",
    ),
    (
        2110,
        "Connectivity between Trader Workstation and server is broken. It will be restored automatically.",
    ),
    (2119, "Market data farm is connecting:usfarm"),
    (2137, "The closing order quantity is greater than your current position."),
    (2148, "Cross Side Warning"),
    (2157, "Sec-def data farm connection is broken:secdefil"),
    (2158, "Sec-def data farm connection is OK:secdefil"),
    (10_147, "OrderId that needs to be cancelled is not found."),
    (10_148, "OrderId that needs to be cancelled can not be cancelled, state: Filled."),
    (10_167, "Requested market data is not subscribed. Displaying delayed market data."),
    (10_182, "Failed to request live updates (disconnected)."),
    (10_185, "Failed to cancel PNL (not subscribed)"),
    (10_197, "No market data during competing live session"),
    (
        10_225,
        "Bust event occurred, current subscription is deactivated. Please resubscribe real-time bars immediately.",
    ),
    (10_349, "Order TIF was set to DAY based on order preset."),
];

/// What TWS says with a code; for one that is not known here, that.
pub(crate) fn text_of(code: i32) -> String {
    let found = TEXTS.iter().find(|(known, _)| *known == code);
    found.map_or_else(|| format!("Message {code}"), |(_, text)| (*text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_in_order_and_once() {
        assert!(TEXTS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(text_of(10_197), "No market data during competing live session");
        assert_eq!(text_of(-7), "Message -7");
    }
}
