//! The settings as a new server has them.

use crate::server::settings::ServerSettings;
use crate::wire::proto::{
    ApiConfig, ApiPrecautionsConfig, ApiSettingsConfig, LockAndExitConfig, MessageConfig, OrdersConfig,
    OrdersSmartRoutingConfig,
};

/// All settings.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Document {
    pub(crate) lock_and_exit: LockAndExitConfig,
    pub(crate) messages: Vec<MessageConfig>,
    pub(crate) api: ApiConfig,
    pub(crate) orders: OrdersConfig,
}

/// Questions that the desktop asks its user: number, title, text.
const MESSAGES: &[(i32, &str, &str)] = &[
    (131, "Order precaution", "The size of an order is above the limit of its preset."),
    (132, "Price precaution", "The price of an order is far from the market."),
    (451, "Outside of trading hours", "An order will wait until the market opens."),
];

impl Document {
    pub(super) fn new(settings: &ServerSettings) -> Self {
        let text = |text: &str| Some(text.to_owned());
        let message = |(id, title, message): &(i32, &str, &str)| MessageConfig {
            id: Some(*id),
            title: text(title),
            message: text(message),
            default_action: text("Yes"),
            enabled: Some(true),
        };
        let lock_and_exit = LockAndExitConfig {
            auto_logoff_time: text("23:45"),
            auto_logoff_period: text("PM"),
            auto_logoff_type: text("AutoRestart"),
        };
        let smart_routing = OrdersSmartRoutingConfig {
            seek_price_improvement: Some(false),
            pre_open_reroute: Some(true),
            do_not_route_to_dark_pools: Some(false),
            default_algorithm: text("Maximize Rebate"),
        };
        Self {
            lock_and_exit,
            messages: MESSAGES.iter().map(message).collect(),
            api: ApiConfig { precautions: Some(precautions()), settings: Some(api(settings)) },
            orders: OrdersConfig { smart_routing: Some(smart_routing) },
        }
    }
}

/// Nothing is bypassed.
fn precautions() -> ApiPrecautionsConfig {
    let no = Some(false);
    ApiPrecautionsConfig {
        bypass_order_precautions: no,
        bypass_bond_warning: no,
        bypass_negative_yield_confirmation: no,
        bypass_called_bond_warning: no,
        bypass_same_action_pair_trade_warning: no,
        bypass_flagged_accounts_warning: no,
        bypass_price_based_volatility_warning: no,
        bypass_redirect_order_warning: no,
        bypass_no_overfill_protection: no,
        bypass_route_marketable_to_bbo: no,
    }
}

fn api(settings: &ServerSettings) -> ApiSettingsConfig {
    let (yes, no) = (Some(true), Some(false));
    let text = |text: &str| Some(text.to_owned());
    ApiSettingsConfig {
        read_only_api: no,
        total_quantity_for_mutual_funds: no,
        download_open_orders_on_connection: yes,
        include_virtual_fx_positions: no,
        prepare_daily_pnl: no,
        send_status_updates_for_volatility_orders: no,
        encode_api_messages: text("UTF-8"),
        socket_port: Some(4_002),
        use_negative_auto_range: no,
        create_api_message_log_file: no,
        include_market_data_in_log_file: no,
        expose_trading_schedule_to_api: yes,
        split_insured_deposit_from_cash_balance: no,
        send_zero_positions_for_today_only: no,
        let_api_account_requests_switch_subscription: no,
        use_account_groups_with_allocation_methods: yes,
        logging_level: text("Error"),
        master_client_id: settings.master_client_id,
        bulk_data_timeout: Some(30),
        component_exch_separator: text(","),
        show_forex_data_in_1_10_pips: yes,
        allow_forex_trading_in_1_10_pips: yes,
        round_account_values_to_nearest_whole_number: no,
        send_market_data_in_lots_for_us_stocks: no,
        show_advanced_order_reject_in_ui: no,
        reject_messages_above_max_rate: no,
        maintain_connection_on_incorrect_fields: no,
        compatibility_mode_nasdaq_stocks: no,
        send_instrument_timezone: text("operator"),
        send_forex_data_in_compatibility_mode: no,
        maintain_and_resubmit_orders_on_reconnect: no,
        historical_data_max_size: Some(0),
        auto_report_netting_event_contract_trades: no,
        option_exercise_request_type: text("Final"),
        allow_localhost_only: yes,
        trusted_ips: vec!["127.0.0.1".to_owned()],
    }
}
