//! Changing settings: what changes, what is wrong with it, and what must be accepted first.

use super::Document;
use crate::wire::proto::{
    ApiPrecautionsConfig, ApiSettingsConfig, LockAndExitConfig, MessageConfig, OrdersSmartRoutingConfig,
    UpdateConfigRequest, UpdateConfigWarning,
};

/// Takes over every field that is set, and notes those whose values differ.
macro_rules! fields {
    ($merge:ident($type:ident, $place:literal): $($field:ident = $name:literal,)*) => {
        fn $merge(to: &mut $type, from: &$type, changed: &mut Vec<String>) {
            $(
                if from.$field.is_some() && to.$field != from.$field {
                    to.$field.clone_from(&from.$field);
                    changed.push(concat!($place, ".", $name).to_owned());
                }
            )*
        }
    };
}

fields! {
    lock_and_exit(LockAndExitConfig, "lockAndExit"):
        auto_logoff_time = "autoLogoffTime",
        auto_logoff_period = "autoLogoffPeriod",
        auto_logoff_type = "autoLogoffType",
}

fields! {
    precautions(ApiPrecautionsConfig, "api.precautions"):
        bypass_order_precautions = "bypassOrderPrecautions",
        bypass_bond_warning = "bypassBondWarning",
        bypass_negative_yield_confirmation = "bypassNegativeYieldConfirmation",
        bypass_called_bond_warning = "bypassCalledBondWarning",
        bypass_same_action_pair_trade_warning = "bypassSameActionPairTradeWarning",
        bypass_flagged_accounts_warning = "bypassFlaggedAccountsWarning",
        bypass_price_based_volatility_warning = "bypassPriceBasedVolatilityWarning",
        bypass_redirect_order_warning = "bypassRedirectOrderWarning",
        bypass_no_overfill_protection = "bypassNoOverfillProtection",
        bypass_route_marketable_to_bbo = "bypassRouteMarketableToBBO",
}

fields! {
    settings(ApiSettingsConfig, "api.settings"):
        read_only_api = "readOnlyApi",
        total_quantity_for_mutual_funds = "totalQuantityForMutualFunds",
        download_open_orders_on_connection = "downloadOpenOrdersOnConnection",
        include_virtual_fx_positions = "includeVirtualFxPositions",
        prepare_daily_pnl = "prepareDailyPnL",
        send_status_updates_for_volatility_orders = "sendStatusUpdatesForVolatilityOrders",
        encode_api_messages = "encodeApiMessages",
        socket_port = "socketPort",
        use_negative_auto_range = "useNegativeAutoRange",
        create_api_message_log_file = "createApiMessageLogFile",
        include_market_data_in_log_file = "includeMarketDataInLogFile",
        expose_trading_schedule_to_api = "exposeTradingScheduleToApi",
        split_insured_deposit_from_cash_balance = "splitInsuredDepositFromCashBalance",
        send_zero_positions_for_today_only = "sendZeroPositionsForTodayOnly",
        let_api_account_requests_switch_subscription = "letApiAccountRequestsSwitchSubscription",
        use_account_groups_with_allocation_methods = "useAccountGroupsWithAllocationMethods",
        logging_level = "loggingLevel",
        master_client_id = "masterClientId",
        bulk_data_timeout = "bulkDataTimeout",
        component_exch_separator = "componentExchSeparator",
        show_forex_data_in_1_10_pips = "showForexDataIn1_10Pips",
        allow_forex_trading_in_1_10_pips = "allowForexTradingIn1_10Pips",
        round_account_values_to_nearest_whole_number = "roundAccountValuesToNearestWholeNumber",
        send_market_data_in_lots_for_us_stocks = "sendMarketDataInLotsForUsStocks",
        show_advanced_order_reject_in_ui = "showAdvancedOrderRejectInUi",
        reject_messages_above_max_rate = "rejectMessagesAboveMaxRate",
        maintain_connection_on_incorrect_fields = "maintainConnectionOnIncorrectFields",
        compatibility_mode_nasdaq_stocks = "compatibilityModeNasdaqStocks",
        send_instrument_timezone = "sendInstrumentTimezone",
        send_forex_data_in_compatibility_mode = "sendForexDataInCompatibilityMode",
        maintain_and_resubmit_orders_on_reconnect = "maintainAndResubmitOrdersOnReconnect",
        historical_data_max_size = "historicalDataMaxSize",
        auto_report_netting_event_contract_trades = "autoReportNettingEventContractTrades",
        option_exercise_request_type = "optionExerciseRequestType",
        allow_localhost_only = "allowLocalhostOnly",
}

fields! {
    smart_routing(OrdersSmartRoutingConfig, "orders.smartRouting"):
        seek_price_improvement = "seekPriceImprovement",
        pre_open_reroute = "preOpenReroute",
        do_not_route_to_dark_pools = "doNotRouteToDarkPools",
        default_algorithm = "defaultAlgorithm",
}

fields! {
    message(MessageConfig, "messages"):
        default_action = "defaultAction",
        enabled = "enabled",
}

/// Writes into `to` what is asked for; the names of the fields that have changed.
pub(super) fn merge(to: &mut Document, request: &UpdateConfigRequest) -> Vec<String> {
    let mut changed = Vec::new();
    if let Some(from) = &request.lock_and_exit {
        lock_and_exit(&mut to.lock_and_exit, from, &mut changed);
    }
    for from in &request.messages {
        if let Some(known) = to.messages.iter_mut().find(|known| known.id == from.id) {
            message(known, from, &mut changed);
        }
    }
    if let Some(api) = &request.api {
        if let (Some(to), Some(from)) = (&mut to.api.precautions, &api.precautions) {
            precautions(to, from, &mut changed);
        }
        if let (Some(to), Some(from)) = (&mut to.api.settings, &api.settings) {
            settings(to, from, &mut changed);
            if !from.trusted_ips.is_empty() && to.trusted_ips != from.trusted_ips {
                to.trusted_ips.clone_from(&from.trusted_ips);
                changed.push("api.settings.trustedIPs".to_owned());
            }
        }
    }
    let routing = request.orders.as_ref().and_then(|orders| orders.smart_routing.as_ref());
    if let (Some(to), Some(from)) = (&mut to.orders.smart_routing, routing) {
        smart_routing(to, from, &mut changed);
    }
    changed
}

/// What cannot be: each with its field.
pub(super) fn errors(known: &Document, request: &UpdateConfigRequest) -> Vec<String> {
    let mut errors = Vec::new();
    let mut refuse = |field: &str, value: String, expected: &str| {
        errors.push(format!("{field} is {value}: expected {expected}"));
    };
    for message in &request.messages {
        if !known.messages.iter().any(|it| it.id == message.id) {
            refuse("messages.id", message.id.unwrap_or_default().to_string(), "the id of a message");
        }
    }
    let time = request.lock_and_exit.as_ref().and_then(|it| it.auto_logoff_time.as_deref());
    if let Some(time) = time.filter(|time| !is_time(time)) {
        refuse("lockAndExit.autoLogoffTime", format!("{time:?}"), "hours and minutes such as 23:45");
    }
    let Some(settings) = request.api.as_ref().and_then(|api| api.settings.as_ref()) else { return errors };
    if let Some(port) = settings.socket_port.filter(|port| !(1..=65_535).contains(port)) {
        refuse("api.settings.socketPort", port.to_string(), "1 to 65535");
    }
    if let Some(client) = settings.master_client_id.filter(|client| *client < 0) {
        refuse("api.settings.masterClientId", client.to_string(), "zero or above");
    }
    if let Some(seconds) = settings.bulk_data_timeout.filter(|seconds| *seconds < 0) {
        refuse("api.settings.bulkDataTimeout", seconds.to_string(), "zero or more seconds");
    }
    const LEVELS: [&str; 5] = ["System", "Error", "Warning", "Information", "Detail"];
    if let Some(level) = settings.logging_level.as_deref().filter(|level| !LEVELS.contains(level)) {
        refuse("api.settings.loggingLevel", format!("{level:?}"), &LEVELS.join(", "));
    }
    for ip in settings.trusted_ips.iter().filter(|ip| ip.parse::<std::net::IpAddr>().is_err()) {
        refuse("api.settings.trustedIPs", format!("{ip:?}"), "an address such as 127.0.0.1");
    }
    errors
}

fn is_time(text: &str) -> bool {
    let Some((hours, minutes)) = text.split_once(':') else { return false };
    let below = |text: &str, end: u8| text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number < end);
    below(hours, 24) && below(minutes, 60)
}

/// What makes the server less safe must be accepted by its number.
pub(super) fn warnings(old: &Document, new: &Document) -> Vec<UpdateConfigWarning> {
    let bypasses = |it: &Document| it.api.precautions.as_ref()?.bypass_order_precautions;
    let is_open = |it: &Document| it.api.settings.as_ref()?.allow_localhost_only.map(|only| !only);
    let writes = |it: &Document| it.api.settings.as_ref()?.read_only_api.map(|only| !only);
    let turns_on = |of: &dyn Fn(&Document) -> Option<bool>| of(old) == Some(false) && of(new) == Some(true);
    let warning = |message_id, title: &str, message: &str| UpdateConfigWarning {
        message_id: Some(message_id),
        title: Some(title.to_owned()),
        message: Some(message.to_owned()),
    };
    let mut warnings = Vec::new();
    if turns_on(&bypasses) {
        let text = "Orders of API clients will be sent without the checks of their presets.";
        warnings.push(warning(10_001, "Bypass order precautions", text));
    }
    if turns_on(&is_open) {
        let text = "Programs on other machines will be able to connect.";
        warnings.push(warning(10_002, "Connections from anywhere", text));
    }
    if turns_on(&writes) {
        warnings.push(warning(10_003, "Orders by API", "API clients will be able to place orders."));
    }
    warnings
}
