//! Orders as nobody would send them: read or refused by name, never a panic, and what is read keeps its meaning.

use super::{around, family, written};
use ibapi::contracts::TagValue;
use ibapi::orders::conditions::TriggerMethod;
use ibapi::orders::{
    Order, OrderComboLeg, OrderCondition, PercentChangeCondition, PriceCondition, TimeCondition, TimeInForce,
    UnknownCondition,
};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tradeport_conformance::generate::{KINDS, draft};
use tradeport_ib::translate::{IbOrder, order_from_ib, order_to_ib};

const CASES: u32 = 10_000;

/// One foreign value of each type.
#[derive(Clone, Debug)]
struct Nasty {
    field: usize,
    float: f64,
    count: i32,
    text: String,
    flag: bool,
}

fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<f64>(),
        prop::sample::select(vec![
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            0.0,
            -0.0,
            -1.0,
            0.1,
            1e12,
            1e15,
            1e28,
            7.9e28,
        ]),
    ]
}

fn nasty() -> impl Strategy<Value = Nasty> {
    let count = prop_oneof![
        any::<i32>(),
        prop::sample::select(vec![i32::MAX, i32::MIN, -1, 0, 1, 2, 100, 7, 8, 9, 10])
    ];
    let text = prop_oneof![
        prop::string::string_regex(".{0,12}").unwrap(),
        prop::sample::select(vec![
            "",
            "None",
            "NONE",
            "MKT",
            "LMT",
            "TRAIL",
            "PEG BENCH",
            "VOL",
            "20260630 16:00:00 US/Eastern",
            "20260630-16:00:00",
            "20260630",
            "99991231 23:59:59 UTC",
            "D",
            "B",
            "beta=1",
            "beta=",
            "ratio=1",
            "PctChange",
            "IB",
            "O",
            "SMART",
            "Adaptive",
            "1e400",
            "NaN",
            "-1",
        ])
        .prop_map(str::to_owned),
    ];
    (0..200_usize, float(), count, text, any::<bool>()).prop_map(|(field, float, count, text, flag)| Nasty {
        field,
        float,
        count,
        text,
        flag,
    })
}

/// Sets the field that `nasty.field` picks among the listed ones.
macro_rules! set_one_of {
    ($order:ident, $nasty:ident, floats: [$($float:ident),+ $(,)?], counts: [$($count:ident),+ $(,)?],
     numbers: [$($number:ident),+ $(,)?], texts: [$($text:ident),+ $(,)?], flags: [$($flag:ident),+ $(,)?]) => {{
        let setters: &[fn(&mut Order, &Nasty)] = &[
            $(|order, nasty| order.$float = Some(nasty.float),)+
            $(|order, nasty| order.$count = Some(nasty.count),)+
            $(|order, nasty| order.$number = nasty.count,)+
            $(|order, nasty| order.$text = nasty.text.clone(),)+
            $(|order, nasty| order.$flag = nasty.flag,)+
            |order, nasty| order.total_quantity = nasty.float,
            |order, nasty| order.filled_quantity = nasty.float,
            |order, nasty| order.discretionary_amt = nasty.float,
            |order, nasty| order.tif = TimeInForce::from(nasty.text.as_str()),
            |order, nasty| order.oca_type = nasty.count.into(),
            |order, nasty| order.trigger_method = TriggerMethod::from(nasty.count),
            |order, nasty| order.rule_80_a = nasty.text.parse().ok(),
            |order, nasty| order.open_close = nasty.text.parse().ok(),
            |order, nasty| order.origin = nasty.count.into(),
            |order, nasty| order.short_sale_slot = nasty.count.into(),
            |order, nasty| order.volatility_type = Some(nasty.count.into()),
            |order, nasty| order.reference_price_type = Some(nasty.count.into()),
            |order, nasty| order.what_if_type = Some(nasty.count.into()),
            |order, nasty| order.seek_price_improvement = Some(nasty.flag),
            |order, nasty| order.soft_dollar_tier.name = nasty.text.clone(),
            |order, nasty| order.algo_params = vec![tag(nasty), tag(nasty)],
            |order, nasty| order.smart_combo_routing_params = vec![tag(nasty)],
            |order, nasty| order.order_misc_options = vec![tag(nasty)],
            |order, nasty| order.order_combo_legs = vec![OrderComboLeg { price: Some(nasty.float) }],
            |order, nasty| order.conditions = conditions(nasty),
        ];
        setters[$nasty.field % setters.len()](&mut $order, &$nasty);
    }};
}

fn tag(nasty: &Nasty) -> TagValue {
    TagValue { tag: nasty.text.clone(), value: nasty.count.to_string() }
}

fn conditions(nasty: &Nasty) -> Vec<OrderCondition> {
    let (exchange, is_more, is_conjunction) = (nasty.text.clone(), nasty.flag, nasty.flag);
    let (contract_id, trigger_method) = (nasty.count, TriggerMethod::from(nasty.count));
    match nasty.count.rem_euclid(4) {
        0 => vec![OrderCondition::Price(PriceCondition {
            contract_id,
            exchange,
            price: nasty.float,
            trigger_method,
            is_more,
            is_conjunction,
        })],
        1 => vec![OrderCondition::Time(TimeCondition { time: nasty.text.clone(), is_more, is_conjunction })],
        2 => vec![OrderCondition::PercentChange(PercentChangeCondition {
            contract_id,
            exchange,
            percent: nasty.float,
            is_more,
            is_conjunction,
        })],
        _ => vec![OrderCondition::Unknown(UnknownCondition {
            condition_type: nasty.count,
            ..UnknownCondition::default()
        })],
    }
}

fn spoil(mut order: Order, nasty: &[Nasty]) -> Order {
    for nasty in nasty {
        set_one_of!(order, nasty,
            floats: [
                limit_price, aux_price, percent_offset, trail_stop_price, trailing_percent, starting_price,
                stock_ref_price, delta, stock_range_lower, stock_range_upper, volatility, delta_neutral_aux_price,
                basis_points, scale_price_increment, scale_price_adjust_value, scale_profit_offset, cash_qty,
                compete_against_best_offset, mid_offset_at_whole, mid_offset_at_half, pegged_change_amount,
                reference_change_amount, trigger_price, limit_price_offset, adjusted_stop_price,
                adjusted_stop_limit_price, adjusted_trailing_amount,
            ],
            counts: [
                preset_stop_loss_order_id, preset_profit_taker_order_id, display_size, min_qty, basis_points_type,
                scale_init_level_size, scale_subs_level_size, scale_price_adjust_interval, scale_init_position,
                scale_init_fill_qty, hedge_max_size, ref_futures_con_id, min_trade_qty, min_compete_size, duration,
                post_to_ats, manual_order_indicator,
            ],
            numbers: [
                order_id, client_id, parent_id, exempt_code, delta_neutral_con_id, delta_neutral_short_sale_slot,
                reference_contract_id, adjustable_trailing_unit,
            ],
            texts: [
                order_type, oca_group, order_ref, good_after_time, good_till_date, fa_group, fa_profile, fa_method,
                fa_percentage, designated_location, delta_neutral_order_type, delta_neutral_settling_firm,
                delta_neutral_clearing_account, delta_neutral_clearing_intent, delta_neutral_open_close,
                delta_neutral_designated_location, hedge_type, hedge_param, account, settling_firm, clearing_account,
                clearing_intent, algo_strategy, algo_id, active_start_time, active_stop_time, scale_table, model_code,
                ext_operator, mifid2_decision_maker, mifid2_decision_algo, mifid2_execution_trader,
                mifid2_execution_algo, auto_cancel_date, shareholder, advanced_error_override, manual_order_time,
                reference_exchange, adjusted_order_type, customer_account, bond_accrued_interest, submitter,
            ],
            flags: [
                solicited, transmit, deactivate, post_only, allow_pre_open, ignore_open_auction, block_order,
                sweep_to_fill, outside_rth, hidden, override_percentage_constraints, all_or_none,
                opt_out_smart_routing, continuous_update, delta_neutral_short_sale, scale_auto_reset,
                scale_random_percent, what_if, not_held, dont_use_auto_price_for_hedge, auto_cancel_parent,
                imbalance_only, route_marketable_to_bbo, randomize_size, randomize_price,
                is_pegged_change_amount_decrease, conditions_ignore_rth, conditions_cancel_order,
                conditions_include_overnight, is_oms_container, discretionary_up_to_limit_price, use_price_mgmt_algo,
                professional_customer, include_overnight,
            ]
        );
    }
    order
}

#[test]
fn a_spoiled_order_is_refused_or_keeps_its_meaning() {
    let kinds: Vec<_> = (0..KINDS.len()).map(|which| draft(which).boxed()).collect();
    let good = prop::strategy::Union::new(kinds);
    let spoiled = (good, written(), prop::collection::vec(nasty(), 0..6), any::<i32>());
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let held = runner.run(&spoiled, |(draft, times, nasty, auction_strategy)| {
        let numbers = family();
        let around = around(&numbers, times);
        let sent = draft.check().ok().and_then(|intent| order_to_ib(&intent, &around).ok());
        let mut order = IbOrder::from(spoil(sent.map(|sent| sent.order).unwrap_or_default(), &nasty));
        order.unsent.auction_strategy = if auction_strategy % 3 == 0 { auction_strategy } else { 0 };
        match order_from_ib(&order, &around) {
            Err(error) => prop_assert!(error.to_string().starts_with("Order."), "{}", error),
            Ok(received) => {
                let again = order_to_ib(&received.intent, &around)
                    .map_err(|error| TestCaseError::fail(format!("{error}: {:?}", received.intent)))?;
                prop_assert_eq!(order_from_ib(&again, &around).unwrap().intent, received.intent);
            }
        }
        Ok(())
    });
    held.unwrap();
}
