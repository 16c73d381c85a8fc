//! Every field of an order that a client can send comes back in openOrder as it was sent, or stands below with the reason.
//!
//! The fields are those of the schema, read from it; a field that nobody thought of fails here. In the text era a field
//! counts where the request has a place for it.

use super::stage::{APPLE, Stage, apple, error_text, limit, place, words};
use crate::wire::{Answer, Codec, proto};
use prost::Message as _;
use std::collections::BTreeMap;

const SCHEMA: &str = include_str!("../../../../../proto/tws.proto");
const LATER: &str = "20260109 10:00:00 UTC";

/// A field, and what makes an order with it.
type Case = (&'static str, fn(&mut proto::Order));

/// Fields that do not come back, or are not a client's to say.
const NOT_TOLD: [(&str, &str); 8] = [
    ("client_id", "the server says whose it is"),
    ("order_id", "the request says it"),
    ("perm_id", "the server gives it"),
    ("parent_perm_id", "the server knows it"),
    ("filled_quantity", "the server knows it"),
    ("transmit", "what is told has been sent"),
    ("what_if", "a question has an answer of its own"),
    ("what_if_type", "a question has an answer of its own"),
];

/// Fields that text requests carry and the text of openOrder has no place for.
const NO_PLACE_IN_TEXT: [&str; 12] = [
    "active_start_time",
    "active_stop_time",
    "scale_table",
    "algo_id",
    "override_percentage_constraints",
    "order_misc_options",
    "mifid2_decision_maker",
    "mifid2_decision_algo",
    "mifid2_execution_trader",
    "mifid2_execution_algo",
    "advanced_error_override",
    "manual_order_time",
];

const CASES: &[Case] = &[
    ("parent_id", |it| it.parent_id = Some(1)),
    ("action", |it| it.action = text("SELL")),
    ("total_quantity", |it| it.total_quantity = text("7")),
    ("display_size", |it| it.display_size = Some(5)),
    ("order_type", |it| it.order_type = text("MKT")),
    ("lmt_price", |it| it.lmt_price = Some(400.5)),
    ("aux_price", |it| {
        it.order_type = text("STP");
        it.aux_price = Some(440.5);
    }),
    ("tif", |it| it.tif = text("GTC")),
    ("account", |it| it.account = text("DU1234567")),
    ("settling_firm", |it| it.settling_firm = text("x")),
    ("clearing_account", |it| it.clearing_account = text("x")),
    ("clearing_intent", |it| it.clearing_intent = text("IB")),
    ("all_or_none", |it| it.all_or_none = Some(true)),
    ("block_order", |it| it.block_order = Some(true)),
    ("hidden", |it| it.hidden = Some(true)),
    ("outside_rth", |it| it.outside_rth = Some(true)),
    ("sweep_to_fill", |it| it.sweep_to_fill = Some(true)),
    ("percent_offset", |it| {
        it.order_type = text("REL");
        (it.lmt_price, it.percent_offset) = (Some(400.0), Some(0.01));
    }),
    ("trailing_percent", |it| {
        it.order_type = text("TRAIL");
        (it.lmt_price, it.trailing_percent) = (None, Some(2.5));
    }),
    ("trail_stop_price", |it| {
        it.order_type = text("TRAIL");
        (it.lmt_price, it.aux_price, it.trail_stop_price) = (None, Some(2.0), Some(435.0));
    }),
    ("min_qty", |it| it.min_qty = Some(5)),
    ("good_after_time", |it| it.good_after_time = Some(LATER.to_owned())),
    ("good_till_date", |it| {
        it.tif = text("GTD");
        it.good_till_date = Some(LATER.to_owned());
    }),
    ("oca_group", |it| it.oca_group = text("one of us")),
    ("order_ref", |it| it.order_ref = text("my words")),
    ("rule80_a", |it| it.rule80_a = text("A")),
    ("oca_type", |it| {
        it.oca_group = text("G");
        it.oca_type = Some(3);
    }),
    ("trigger_method", |it| it.trigger_method = Some(2)),
    ("active_start_time", |it| it.active_start_time = Some(LATER.to_owned())),
    ("active_stop_time", |it| it.active_stop_time = Some(LATER.to_owned())),
    ("fa_group", |it| it.fa_group = text("All")),
    ("fa_method", |it| {
        it.fa_group = text("All");
        it.fa_method = text("NetLiq");
    }),
    ("fa_percentage", |it| {
        it.fa_group = text("All");
        it.fa_method = text("PctChange");
        it.fa_percentage = text("50");
    }),
    ("volatility", |it| volatile(it)),
    ("volatility_type", |it| volatile(it)),
    ("continuous_update", |it| {
        volatile(it);
        it.continuous_update = Some(true);
    }),
    ("reference_price_type", |it| {
        volatile(it);
        it.reference_price_type = Some(1);
    }),
    ("delta_neutral_order_type", |it| neutral(it)),
    ("delta_neutral_aux_price", |it| neutral(it)),
    ("delta_neutral_con_id", |it| neutral(it)),
    ("delta_neutral_open_close", |it| neutral(it)),
    ("delta_neutral_short_sale", |it| neutral_short(it)),
    ("delta_neutral_short_sale_slot", |it| neutral_short(it)),
    ("delta_neutral_designated_location", |it| neutral_short(it)),
    ("scale_init_level_size", |it| scaled(it)),
    ("scale_subs_level_size", |it| scaled(it)),
    ("scale_price_increment", |it| scaled(it)),
    ("scale_price_adjust_value", |it| scaled(it)),
    ("scale_price_adjust_interval", |it| scaled(it)),
    ("scale_profit_offset", |it| scaled(it)),
    ("scale_auto_reset", |it| scaled(it)),
    ("scale_init_position", |it| scaled(it)),
    ("scale_init_fill_qty", |it| scaled(it)),
    ("scale_random_percent", |it| scaled(it)),
    ("scale_table", |it| it.scale_table = text("100 50")),
    ("hedge_type", |it| hedging(it)),
    ("hedge_param", |it| hedging(it)),
    ("algo_strategy", |it| algo(it)),
    ("algo_params", |it| algo(it)),
    ("algo_id", |it| it.algo_id = text("x")),
    ("smart_combo_routing_params", |it| it.smart_combo_routing_params = vec![tag("NonGuaranteed", "1")]),
    ("override_percentage_constraints", |it| it.override_percentage_constraints = Some(true)),
    ("open_close", |it| it.open_close = text("O")),
    ("origin", |it| it.origin = Some(1)),
    ("short_sale_slot", |it| {
        it.action = text("SSHORT");
        it.short_sale_slot = Some(1);
    }),
    ("designated_location", |it| {
        it.action = text("SSHORT");
        it.short_sale_slot = Some(2);
        it.designated_location = text("AWAY");
    }),
    ("exempt_code", |it| {
        it.action = text("SSHORT");
        it.exempt_code = Some(3);
    }),
    ("delta_neutral_settling_firm", |it| neutral(it)),
    ("delta_neutral_clearing_account", |it| neutral(it)),
    ("delta_neutral_clearing_intent", |it| neutral(it)),
    ("discretionary_amt", |it| it.discretionary_amt = Some(0.05)),
    ("opt_out_smart_routing", |it| it.opt_out_smart_routing = Some(true)),
    ("starting_price", |it| bench(it)),
    ("stock_ref_price", |it| bench(it)),
    ("delta", |it| {
        it.order_type = text("PEG STK");
        (it.lmt_price, it.delta) = (None, Some(0.5));
    }),
    ("stock_range_lower", |it| bench(it)),
    ("stock_range_upper", |it| bench(it)),
    ("not_held", |it| it.not_held = Some(true)),
    ("order_misc_options", |it| it.order_misc_options = vec![tag("a", "b")]),
    ("solicited", |it| it.solicited = Some(true)),
    ("randomize_size", |it| {
        volatile(it);
        it.randomize_size = Some(true);
    }),
    ("randomize_price", |it| {
        volatile(it);
        it.randomize_price = Some(true);
    }),
    ("reference_contract_id", |it| bench(it)),
    ("pegged_change_amount", |it| bench(it)),
    ("is_pegged_change_amount_decrease", |it| bench(it)),
    ("reference_change_amount", |it| bench(it)),
    ("reference_exchange_id", |it| bench(it)),
    ("adjusted_order_type", |it| adjusted(it)),
    ("trigger_price", |it| adjusted(it)),
    ("adjusted_stop_price", |it| adjusted(it)),
    ("adjusted_stop_limit_price", |it| adjusted(it)),
    ("adjusted_trailing_amount", |it| adjusted(it)),
    ("adjustable_trailing_unit", |it| adjusted(it)),
    ("lmt_price_offset", |it| {
        it.order_type = text("TRAIL LIMIT");
        (it.lmt_price, it.aux_price, it.lmt_price_offset) = (None, Some(2.0), Some(0.5));
    }),
    ("conditions", |it| conditional(it)),
    ("conditions_cancel_order", |it| {
        conditional(it);
        it.conditions_cancel_order = Some(true);
    }),
    ("conditions_ignore_rth", |it| {
        conditional(it);
        it.conditions_ignore_rth = Some(true);
    }),
    ("model_code", |it| it.model_code = text("x")),
    ("ext_operator", |it| it.ext_operator = text("x")),
    ("soft_dollar_tier", |it| {
        it.soft_dollar_tier =
            Some(proto::SoftDollarTier { name: text("n"), value: text("v"), display_name: None })
    }),
    ("cash_qty", |it| {
        it.total_quantity = None;
        it.cash_qty = Some(5_000.0);
    }),
    ("mifid2_decision_maker", |it| it.mifid2_decision_maker = text("x")),
    ("mifid2_decision_algo", |it| it.mifid2_decision_algo = text("x")),
    ("mifid2_execution_trader", |it| it.mifid2_execution_trader = text("x")),
    ("mifid2_execution_algo", |it| it.mifid2_execution_algo = text("x")),
    ("dont_use_auto_price_for_hedge", |it| {
        hedging(it);
        it.dont_use_auto_price_for_hedge = Some(true);
    }),
    ("is_oms_container", |it| it.is_oms_container = Some(true)),
    ("discretionary_up_to_limit_price", |it| {
        it.order_type = text("PEG PRIM");
        it.discretionary_up_to_limit_price = Some(true);
    }),
    ("auto_cancel_date", |it| it.auto_cancel_date = Some(LATER.to_owned())),
    ("ref_futures_con_id", |it| it.ref_futures_con_id = Some(495_512_563)),
    ("auto_cancel_parent", |it| {
        it.parent_id = Some(1);
        it.auto_cancel_parent = Some(true);
    }),
    ("shareholder", |it| it.shareholder = text("x")),
    ("imbalance_only", |it| it.imbalance_only = Some(true)),
    ("route_marketable_to_bbo", |it| it.route_marketable_to_bbo = Some(1)),
    ("use_price_mgmt_algo", |it| it.use_price_mgmt_algo = Some(1)),
    ("duration", |it| it.duration = Some(5)),
    ("post_to_ats", |it| it.post_to_ats = Some(10)),
    ("advanced_error_override", |it| it.advanced_error_override = text("x")),
    ("manual_order_time", |it| it.manual_order_time = text("20260102 15:00:00 UTC")),
    ("min_trade_qty", |it| {
        best(it);
        it.min_trade_qty = Some(5);
    }),
    ("min_compete_size", |it| best(it)),
    ("compete_against_best_offset", |it| best(it)),
    ("mid_offset_at_whole", |it| middle(it)),
    ("mid_offset_at_half", |it| middle(it)),
    ("customer_account", |it| it.customer_account = text("x")),
    ("professional_customer", |it| it.professional_customer = Some(true)),
    ("bond_accrued_interest", |it| it.bond_accrued_interest = text("x")),
    ("include_overnight", |it| it.include_overnight = Some(true)),
    ("manual_order_indicator", |it| it.manual_order_indicator = Some(1)),
    ("submitter", |it| it.submitter = text("x")),
    ("deactivate", |it| it.deactivate = Some(true)),
    ("post_only", |it| it.post_only = Some(true)),
    ("allow_pre_open", |it| it.allow_pre_open = Some(true)),
    ("ignore_open_auction", |it| it.ignore_open_auction = Some(true)),
    ("seek_price_improvement", |it| it.seek_price_improvement = Some(1)),
    ("hedge_max_size", |it| {
        hedging(it);
        it.hedge_max_size = Some(9);
    }),
    ("conditions_include_overnight", |it| {
        conditional(it);
        it.conditions_include_overnight = Some(true);
    }),
    ("auction_strategy", |it| it.auction_strategy = Some(2)),
    ("e_trade_only", |it| it.e_trade_only = Some(true)),
    ("firm_quote_only", |it| it.firm_quote_only = Some(true)),
    ("nbbo_price_cap", |it| it.nbbo_price_cap = Some(500.5)),
];

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn tag(key: &str, value: &str) -> proto::TagValue {
    proto::TagValue { key: text(key), value: text(value) }
}

fn volatile(it: &mut proto::Order) {
    (it.order_type, it.lmt_price) = (text("VOL"), None);
    (it.volatility, it.volatility_type) = (Some(25.0), Some(2));
}

fn neutral(it: &mut proto::Order) {
    volatile(it);
    it.delta_neutral_order_type = text("LMT");
    it.delta_neutral_aux_price = Some(400.5);
    it.delta_neutral_con_id = Some(APPLE);
    it.delta_neutral_open_close = text("O");
    it.delta_neutral_settling_firm = text("F");
    it.delta_neutral_clearing_account = text("A");
    it.delta_neutral_clearing_intent = text("IB");
}

fn neutral_short(it: &mut proto::Order) {
    neutral(it);
    it.delta_neutral_short_sale = Some(true);
    it.delta_neutral_short_sale_slot = Some(2);
    it.delta_neutral_designated_location = text("AWAY");
}

fn scaled(it: &mut proto::Order) {
    (it.scale_init_level_size, it.scale_subs_level_size) = (Some(5), Some(2));
    (it.scale_price_increment, it.scale_profit_offset) = (Some(0.05), Some(0.5));
    (it.scale_price_adjust_value, it.scale_price_adjust_interval) = (Some(0.01), Some(60));
    (it.scale_auto_reset, it.scale_random_percent) = (Some(true), Some(true));
    (it.scale_init_position, it.scale_init_fill_qty) = (Some(3), Some(1));
}

fn hedging(it: &mut proto::Order) {
    (it.parent_id, it.total_quantity) = (Some(1), None);
    (it.hedge_type, it.hedge_param) = (text("P"), text("5"));
}

fn algo(it: &mut proto::Order) {
    it.algo_strategy = text("Adaptive");
    it.algo_params = vec![tag("adaptivePriority", "Patient")];
}

fn bench(it: &mut proto::Order) {
    (it.order_type, it.lmt_price) = (text("PEG BENCH"), None);
    (it.reference_contract_id, it.reference_exchange_id) = (Some(APPLE), text("NASDAQ"));
    (it.pegged_change_amount, it.reference_change_amount) = (Some(0.1), Some(0.5));
    it.is_pegged_change_amount_decrease = Some(true);
    (it.starting_price, it.stock_ref_price) = (Some(430.5), Some(430.0));
    (it.stock_range_lower, it.stock_range_upper) = (Some(400.0), Some(460.0));
}

fn adjusted(it: &mut proto::Order) {
    (it.order_type, it.lmt_price, it.aux_price) = (text("STP"), None, Some(440.0));
    (it.adjusted_order_type, it.trigger_price) = (text("TRAIL LIMIT"), Some(435.0));
    (it.adjusted_stop_price, it.adjusted_stop_limit_price) = (Some(438.0), Some(439.0));
    (it.adjusted_trailing_amount, it.adjustable_trailing_unit) = (Some(1.5), Some(100));
}

fn conditional(it: &mut proto::Order) {
    it.conditions = vec![proto::OrderCondition {
        r#type: Some(1),
        is_conjunction_connection: Some(true),
        is_more: Some(true),
        con_id: Some(APPLE),
        exchange: text("SMART"),
        price: Some(440.0),
        trigger_method: Some(2),
        ..proto::OrderCondition::default()
    }];
}

fn best(it: &mut proto::Order) {
    (it.order_type, it.lmt_price) = (text("PEG BEST"), None);
    (it.min_compete_size, it.compete_against_best_offset) = (Some(10), Some(0.02));
}

fn middle(it: &mut proto::Order) {
    (it.order_type, it.lmt_price) = (text("PEG MID"), None);
    (it.mid_offset_at_whole, it.mid_offset_at_half) = (Some(0.01), Some(0.015));
}

/// The fields of the schema's order, by name.
fn fields() -> BTreeMap<&'static str, u64> {
    let (_, from) = SCHEMA.split_once("\nmessage Order {").unwrap();
    let (body, _) = from.split_once("\n}").unwrap();
    let field = |line: &'static str| {
        let (left, number) = line.trim().strip_suffix(';')?.split_once(" = ")?;
        Some((left.rsplit(' ').next()?, number.parse().ok()?))
    };
    body.lines().filter_map(field).collect()
}

/// What a message says, by the numbers of its fields.
fn said(order: &proto::Order) -> BTreeMap<u64, Vec<Vec<u8>>> {
    let bytes = order.encode_to_vec();
    let mut rest = bytes.as_slice();
    let mut found: BTreeMap<u64, Vec<Vec<u8>>> = BTreeMap::new();
    while !rest.is_empty() {
        let key = prost::encoding::decode_varint(&mut rest).unwrap();
        let before = rest;
        let body = match key & 7 {
            0 => prost::encoding::decode_varint(&mut rest).map(|_| before.len() - rest.len()).unwrap(),
            1 => 8,
            2 => {
                let length = prost::encoding::decode_varint(&mut rest).unwrap();
                before.len() - rest.len() + usize::try_from(length).unwrap()
            }
            wire => panic!("a field of the sort {wire}"),
        };
        found.entry(key >> 3).or_default().push(before[..body].to_vec());
        rest = &before[body..];
    }
    found
}

/// What an order is for: options for volatility, a combo for its routing, a share otherwise.
fn contract_of(order: &proto::Order) -> proto::Contract {
    let derived = |kind: &str| proto::Contract {
        symbol: text("AAPL"),
        sec_type: text(kind),
        exchange: text("SMART"),
        currency: text("USD"),
        ..proto::Contract::default()
    };
    if order.volatility.is_some() {
        return proto::Contract {
            right: text("C"),
            strike: Some(430.0),
            last_trade_date_or_contract_month: text("20260116"),
            ..derived("OPT")
        };
    }
    if order.smart_combo_routing_params.is_empty() {
        // Where trades may have a least size.
        let exchange = order.min_trade_qty.map_or("SMART", |_| "IBKRATS");
        return proto::Contract { exchange: text(exchange), ..apple() };
    }
    let leg = |con_id: i32, action: &str| proto::ComboLeg {
        con_id: Some(con_id),
        ratio: Some(1),
        action: text(action),
        exchange: text("SMART"),
        ..proto::ComboLeg::default()
    };
    proto::Contract { combo_legs: vec![leg(APPLE, "BUY"), leg(8_314, "SELL")], ..derived("BAG") }
}

/// The order that the server understands and the one that it tells, both as they are after the wire of a version.
fn sent_and_told(
    name: &str,
    order: proto::Order,
    version: i32,
) -> Result<(proto::Order, proto::Order), String> {
    let mut stage = Stage::new();
    stage.connect_as(1, 7, version);
    let held = |order: proto::Order| proto::Order { transmit: Some(false), ..order };
    stage.ask(1, place(1, held(limit("BUY", "7", 400.0))));
    let request = proto::PlaceOrderRequest { contract: Some(contract_of(&order)), ..place(2, held(order)) };
    let codec = Codec::new(version);
    let mut bytes = Vec::new();
    codec.put_request(&request.clone().into(), &mut bytes).unwrap();
    let crate::wire::Request::PlaceOrder(sent) = codec.request(&bytes[4..]).unwrap() else {
        panic!("{name}")
    };
    let told = stage.ask(1, request);
    let open = told.iter().find_map(|answer| match answer {
        Answer::OpenOrder(it) if it.order_id == Some(2) => it.order.clone(),
        _ => None,
    });
    let open = open.ok_or_else(|| format!("{name}: {:?} {}", words(&told), error_text(&told)))?;
    Ok((sent.order.unwrap(), open))
}

fn order_of(case: &Case) -> proto::Order {
    let mut order = limit("BUY", "7", 400.0);
    (case.1)(&mut order);
    order
}

#[test]
fn every_field_is_thought_of() {
    let fields = fields();
    assert!(fields.len() > 140, "the schema was not read: {fields:?}");
    for (name, number) in &fields {
        let exempt = NOT_TOLD.iter().any(|(known, _)| known == name);
        let case = CASES.iter().find(|(known, _)| known == name);
        assert_eq!(case.is_none(), exempt, "{name}");
        if let Some(case) = case {
            assert!(said(&order_of(case)).contains_key(number), "the case of {name} does not say it");
        }
    }
}

/// The fields that do not come back; those whose case is refused with the reason.
fn lost(version: i32) -> Vec<String> {
    let fields = fields();
    let mut lost = Vec::new();
    for case in CASES {
        match sent_and_told(case.0, order_of(case), version) {
            Err(refused) => lost.push(refused),
            Ok((sent, told)) => {
                let (sent, told, number) = (said(&sent), said(&told), fields[case.0]);
                if sent.contains_key(&number) && told.get(&number) != sent.get(&number) {
                    lost.push(case.0.to_owned());
                }
            }
        }
    }
    lost
}

#[test]
fn every_field_comes_back_in_protobuf() {
    assert_eq!(lost(226), [""; 0]);
}

#[test]
fn every_field_that_text_can_say_comes_back_in_text() {
    assert_eq!(lost(200), NO_PLACE_IN_TEXT);
}
