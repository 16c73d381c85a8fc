//! From a sample's fields to the library's whole order. A field that is not known here fails the test.
//!
//! One field is left out by rule: `externalUserId` existed for one version of the API only, and servers ignore it.

use super::around::{ACCOUNT, key_of};
use super::files::Raw;
use ibapi::contracts::TagValue;
use ibapi::orders::conditions::TriggerMethod;
use ibapi::orders::{
    ExecutionCondition, MarginCondition, Order, OrderComboLeg, OrderCondition, PercentChangeCondition,
    PriceCondition, SoftDollarTier, TimeCondition, TimeInForce, VolumeCondition,
};
use serde_json::{Map, Value};
use tradeport_ib::translate::IbOrder;

/// One sample, and the whole orders that it describes; cancels have none.
pub(crate) struct Sample {
    pub(crate) file: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) contract: Value,
    pub(crate) raw: Vec<Map<String, Value>>,
    pub(crate) orders: Vec<IbOrder>,
}

impl Sample {
    /// `contract` is that of the orders; nothing where none is known.
    pub(crate) fn new(raw: &Raw, contract: Value) -> Self {
        let fields: Vec<_> = raw.value["orders"]
            .as_array()
            .unwrap()
            .iter()
            .map(|order| order.as_object().unwrap().clone())
            .collect();
        let kind = raw.value.get("kind").map_or_else(|| "order".to_owned(), text);
        let mut orders: Vec<IbOrder> =
            if kind == "order" { fields.iter().map(expand).collect() } else { Vec::new() };
        for (at, order) in orders.iter_mut().enumerate() {
            name(at, &mut order.order);
        }
        Self { file: raw.file.clone(), name: raw.name.clone(), kind, contract, raw: fields, orders }
    }
}

/// Samples name neither their reference, which is our key, nor mostly the account.
fn name(at: usize, order: &mut Order) {
    if order.account.is_empty() {
        order.account = ACCOUNT.to_owned();
    }
    if order.order_ref.is_empty() {
        let own = (order.order_id != 0).then(|| key_of(order.order_id).to_string());
        order.order_ref = own.unwrap_or_else(|| format!("sample-{}", at + 1));
    }
}

fn expand(fields: &Map<String, Value>) -> IbOrder {
    let mut order = IbOrder::from(Order::default());
    for (field, value) in fields {
        set(&mut order, field, value);
    }
    order
}

fn unset(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.starts_with("UNSET_"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

fn flag(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| panic!("{value} is no flag"))
}

fn float(value: &Value) -> Option<f64> {
    if unset(value) {
        return None;
    }
    Some(match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap(),
    })
}

fn count(value: &Value) -> Option<i32> {
    (!unset(value)).then(|| i32::try_from(value.as_i64().unwrap()).unwrap())
}

/// Unsaid, off, on.
fn switch(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(on) => Some(*on),
        other => count(other).map(|number| number != 0),
    }
}

fn tags(value: &Value) -> Vec<TagValue> {
    let tag = |pair: &Value| TagValue { tag: text(&pair[0]), value: text(&pair[1]) };
    value.as_array().map(|list| list.iter().map(tag).collect()).unwrap_or_default()
}

/// Sets one field by its documented name.
pub(crate) fn set(to: &mut IbOrder, field: &str, value: &Value) {
    if !(set_basic(to, field, value)
        || set_prices(&mut to.order, field, value)
        || set_texts(&mut to.order, field, value)
        || set_flags(to, field, value)
        || set_counts(to, field, value)
        || set_lists(&mut to.order, field, value))
    {
        panic!("the field {field} is not known");
    }
}

fn set_basic(to: &mut IbOrder, field: &str, value: &Value) -> bool {
    let order = &mut to.order;
    match field {
        "externalUserId" => {}
        "orderId" => order.order_id = count(value).unwrap(),
        "clientId" => order.client_id = count(value).unwrap(),
        "permId" => order.perm_id = value.as_i64().unwrap(),
        "parentId" => order.parent_id = count(value).unwrap(),
        "parentPermId" => order.parent_perm_id = Some(value.as_i64().unwrap()).filter(|id| *id != 0),
        "action" if text(value).is_empty() => {}
        "action" => order.action = text(value).parse().unwrap(),
        "totalQuantity" => order.total_quantity = float(value).unwrap_or(0.0),
        "filledQuantity" => order.filled_quantity = float(value).unwrap_or(0.0),
        "tif" if text(value).is_empty() => {}
        "tif" => order.tif = TimeInForce::from(text(value)),
        "slOrderId" => order.preset_stop_loss_order_id = count(value),
        "ptOrderId" => order.preset_profit_taker_order_id = count(value),
        // The library sends this word whenever there is an id.
        "slOrderType" | "ptOrderType" => assert!(["", "PRESET"].contains(&value.as_str().unwrap())),
        "softDollarTier" => order.soft_dollar_tier = tier(value),
        _ => return false,
    }
    true
}

fn tier(value: &Value) -> SoftDollarTier {
    let part = |names: &[&str]| names.iter().find_map(|name| value.get(*name)).map(text).unwrap_or_default();
    SoftDollarTier {
        name: part(&["name"]),
        value: part(&["value", "val"]),
        display_name: part(&["displayName", "display_name"]),
    }
}

fn set_prices(order: &mut Order, field: &str, value: &Value) -> bool {
    let slot = match field {
        "lmtPrice" => &mut order.limit_price,
        "auxPrice" => &mut order.aux_price,
        "percentOffset" => &mut order.percent_offset,
        "trailStopPrice" => &mut order.trail_stop_price,
        "trailingPercent" => &mut order.trailing_percent,
        "startingPrice" => &mut order.starting_price,
        "stockRefPrice" => &mut order.stock_ref_price,
        "delta" => &mut order.delta,
        "stockRangeLower" => &mut order.stock_range_lower,
        "stockRangeUpper" => &mut order.stock_range_upper,
        "volatility" => &mut order.volatility,
        "deltaNeutralAuxPrice" => &mut order.delta_neutral_aux_price,
        "scalePriceIncrement" => &mut order.scale_price_increment,
        "scalePriceAdjustValue" => &mut order.scale_price_adjust_value,
        "scaleProfitOffset" => &mut order.scale_profit_offset,
        "triggerPrice" => &mut order.trigger_price,
        "adjustedStopPrice" => &mut order.adjusted_stop_price,
        "adjustedStopLimitPrice" => &mut order.adjusted_stop_limit_price,
        "adjustedTrailingAmount" => &mut order.adjusted_trailing_amount,
        "lmtPriceOffset" => &mut order.limit_price_offset,
        "cashQty" => &mut order.cash_qty,
        "competeAgainstBestOffset" => &mut order.compete_against_best_offset,
        "midOffsetAtWhole" => &mut order.mid_offset_at_whole,
        "midOffsetAtHalf" => &mut order.mid_offset_at_half,
        "peggedChangeAmount" => &mut order.pegged_change_amount,
        "referenceChangeAmount" => &mut order.reference_change_amount,
        "discretionaryAmt" => {
            order.discretionary_amt = float(value).unwrap();
            return true;
        }
        // The documented default is none, the library's is zero.
        "basisPoints" => {
            order.basis_points = float(value).or(order.basis_points);
            return true;
        }
        _ => return false,
    };
    *slot = float(value);
    true
}

fn set_texts(order: &mut Order, field: &str, value: &Value) -> bool {
    let slot = match field {
        "orderType" => &mut order.order_type,
        "activeStartTime" => &mut order.active_start_time,
        "activeStopTime" => &mut order.active_stop_time,
        "ocaGroup" => &mut order.oca_group,
        "orderRef" => &mut order.order_ref,
        "goodAfterTime" => &mut order.good_after_time,
        "goodTillDate" => &mut order.good_till_date,
        "faGroup" => &mut order.fa_group,
        "faMethod" => &mut order.fa_method,
        "faPercentage" => &mut order.fa_percentage,
        "designatedLocation" => &mut order.designated_location,
        "deltaNeutralOrderType" => &mut order.delta_neutral_order_type,
        "deltaNeutralSettlingFirm" => &mut order.delta_neutral_settling_firm,
        "deltaNeutralClearingAccount" => &mut order.delta_neutral_clearing_account,
        "deltaNeutralClearingIntent" => &mut order.delta_neutral_clearing_intent,
        "deltaNeutralOpenClose" => &mut order.delta_neutral_open_close,
        "deltaNeutralDesignatedLocation" => &mut order.delta_neutral_designated_location,
        "scaleTable" => &mut order.scale_table,
        "hedgeType" => &mut order.hedge_type,
        "hedgeParam" => &mut order.hedge_param,
        "account" => &mut order.account,
        "settlingFirm" => &mut order.settling_firm,
        "clearingAccount" => &mut order.clearing_account,
        "clearingIntent" => &mut order.clearing_intent,
        "algoStrategy" => &mut order.algo_strategy,
        "algoId" => &mut order.algo_id,
        "modelCode" => &mut order.model_code,
        "referenceExchangeId" => &mut order.reference_exchange,
        "adjustedOrderType" => &mut order.adjusted_order_type,
        "extOperator" => &mut order.ext_operator,
        "mifid2DecisionMaker" => &mut order.mifid2_decision_maker,
        "mifid2DecisionAlgo" => &mut order.mifid2_decision_algo,
        "mifid2ExecutionTrader" => &mut order.mifid2_execution_trader,
        "mifid2ExecutionAlgo" => &mut order.mifid2_execution_algo,
        "autoCancelDate" => &mut order.auto_cancel_date,
        "shareholder" => &mut order.shareholder,
        "advancedErrorOverride" => &mut order.advanced_error_override,
        "manualOrderTime" => &mut order.manual_order_time,
        "customerAccount" => &mut order.customer_account,
        "bondAccruedInterest" => &mut order.bond_accrued_interest,
        "submitter" => &mut order.submitter,
        _ => return false,
    };
    *slot = text(value);
    true
}

fn set_flags(to: &mut IbOrder, field: &str, value: &Value) -> bool {
    let order = &mut to.order;
    let slot = match field {
        "transmit" => &mut order.transmit,
        "blockOrder" => &mut order.block_order,
        "sweepToFill" => &mut order.sweep_to_fill,
        "outsideRth" => &mut order.outside_rth,
        "hidden" => &mut order.hidden,
        "allOrNone" => &mut order.all_or_none,
        "overridePercentageConstraints" => &mut order.override_percentage_constraints,
        "optOutSmartRouting" => &mut order.opt_out_smart_routing,
        "randomizePrice" => &mut order.randomize_price,
        "randomizeSize" => &mut order.randomize_size,
        "deltaNeutralShortSale" => &mut order.delta_neutral_short_sale,
        "continuousUpdate" => &mut order.continuous_update,
        "scaleAutoReset" => &mut order.scale_auto_reset,
        "scaleRandomPercent" => &mut order.scale_random_percent,
        "whatIf" => &mut order.what_if,
        "notHeld" => &mut order.not_held,
        "solicited" => &mut order.solicited,
        "isPeggedChangeAmountDecrease" => &mut order.is_pegged_change_amount_decrease,
        "conditionsCancelOrder" => &mut order.conditions_cancel_order,
        "conditionsIgnoreRth" => &mut order.conditions_ignore_rth,
        "conditionsIncludeOvernight" => &mut order.conditions_include_overnight,
        "dontUseAutoPriceForHedge" => &mut order.dont_use_auto_price_for_hedge,
        "isOmsContainer" => &mut order.is_oms_container,
        "discretionaryUpToLimitPrice" => &mut order.discretionary_up_to_limit_price,
        "autoCancelParent" => &mut order.auto_cancel_parent,
        "imbalanceOnly" => &mut order.imbalance_only,
        "professionalCustomer" => &mut order.professional_customer,
        "includeOvernight" => &mut order.include_overnight,
        "postOnly" => &mut order.post_only,
        "allowPreOpen" => &mut order.allow_pre_open,
        "ignoreOpenAuction" => &mut order.ignore_open_auction,
        "deactivate" => &mut order.deactivate,
        "routeMarketableToBbo" => {
            order.route_marketable_to_bbo = switch(value) == Some(true);
            to.unsent.marketable_to_best_off = switch(value) == Some(false);
            return true;
        }
        "usePriceMgmtAlgo" => {
            order.use_price_mgmt_algo = switch(value) == Some(true);
            to.unsent.price_management_off = switch(value) == Some(false);
            return true;
        }
        "seekPriceImprovement" => {
            order.seek_price_improvement = switch(value);
            return true;
        }
        _ => return false,
    };
    *slot = flag(value);
    true
}

fn set_counts(to: &mut IbOrder, field: &str, value: &Value) -> bool {
    let order = &mut to.order;
    let number = || count(value).unwrap();
    match field {
        "auctionStrategy" => to.unsent.auction_strategy = number(),
        "ocaType" => order.oca_type = number().into(),
        "displaySize" => order.display_size = count(value),
        "triggerMethod" => order.trigger_method = TriggerMethod::from(number()),
        "rule80A" => {
            order.rule_80_a =
                Some(text(value)).filter(|code| !code.is_empty()).map(|code| code.parse().unwrap())
        }
        "minQty" => order.min_qty = count(value),
        "openClose" => {
            order.open_close =
                Some(text(value)).filter(|code| !code.is_empty()).map(|code| code.parse().unwrap())
        }
        "origin" => order.origin = number().into(),
        "shortSaleSlot" => order.short_sale_slot = number().into(),
        "exemptCode" => order.exempt_code = number(),
        "volatilityType" => order.volatility_type = count(value).map(Into::into),
        "referencePriceType" => order.reference_price_type = count(value).map(Into::into),
        "deltaNeutralConId" => order.delta_neutral_con_id = number(),
        "deltaNeutralShortSaleSlot" => order.delta_neutral_short_sale_slot = number(),
        "basisPointsType" => order.basis_points_type = count(value).or(order.basis_points_type),
        "scaleInitLevelSize" => order.scale_init_level_size = count(value),
        "scaleSubsLevelSize" => order.scale_subs_level_size = count(value),
        "scalePriceAdjustInterval" => order.scale_price_adjust_interval = count(value),
        "scaleInitPosition" => order.scale_init_position = count(value),
        "scaleInitFillQty" => order.scale_init_fill_qty = count(value),
        "hedgeMaxSize" => order.hedge_max_size = count(value),
        "referenceContractId" => order.reference_contract_id = number(),
        "adjustableTrailingUnit" => order.adjustable_trailing_unit = number(),
        "refFuturesConId" => order.ref_futures_con_id = count(value),
        "duration" => order.duration = count(value),
        "postToAts" => order.post_to_ats = count(value),
        "minTradeQty" => order.min_trade_qty = count(value),
        "minCompeteSize" => order.min_compete_size = count(value),
        "manualOrderIndicator" => order.manual_order_indicator = count(value),
        "whatIfType" => order.what_if_type = count(value).map(Into::into),
        _ => return false,
    }
    true
}

fn set_lists(order: &mut Order, field: &str, value: &Value) -> bool {
    match field {
        "algoParams" => order.algo_params = tags(value),
        "smartComboRoutingParams" => order.smart_combo_routing_params = tags(value),
        "orderMiscOptions" => order.order_misc_options = tags(value),
        "orderComboLegs" => {
            let leg = |leg: &Value| OrderComboLeg { price: leg.get("price").and_then(float) };
            order.order_combo_legs =
                value.as_array().map(|legs| legs.iter().map(leg).collect()).unwrap_or_default();
        }
        "conditions" => order.conditions = value.as_array().unwrap().iter().map(condition).collect(),
        _ => return false,
    }
    true
}

fn condition(value: &Value) -> OrderCondition {
    let known = [
        "type",
        "condType",
        "isConjunctionConnection",
        "isMore",
        "conId",
        "exchange",
        "price",
        "triggerMethod",
        "secType",
        "symbol",
        "percent",
        "changePercent",
        "time",
        "volume",
    ];
    let fields = value.as_object().unwrap();
    assert!(fields.keys().all(|field| known.contains(&field.as_str())), "a condition says {value}");
    let is_conjunction = flag(&value["isConjunctionConnection"]);
    let is_more = value.get("isMore").is_some_and(flag);
    let exchange = || text(&value["exchange"]);
    let contract_id = || count(&value["conId"]).unwrap();
    match value["condType"].as_i64().unwrap() {
        1 => OrderCondition::Price(PriceCondition {
            contract_id: contract_id(),
            exchange: exchange(),
            price: float(&value["price"]).unwrap(),
            trigger_method: TriggerMethod::from(count(&value["triggerMethod"]).unwrap()),
            is_more,
            is_conjunction,
        }),
        3 => OrderCondition::Time(TimeCondition { time: text(&value["time"]), is_more, is_conjunction }),
        4 => OrderCondition::Margin(MarginCondition {
            percent: count(&value["percent"]).unwrap(),
            is_more,
            is_conjunction,
        }),
        5 => OrderCondition::Execution(ExecutionCondition {
            symbol: text(&value["symbol"]),
            security_type: text(&value["secType"]),
            exchange: exchange(),
            is_conjunction,
        }),
        6 => OrderCondition::Volume(VolumeCondition {
            contract_id: contract_id(),
            exchange: exchange(),
            volume: count(&value["volume"]).unwrap(),
            is_more,
            is_conjunction,
        }),
        7 => OrderCondition::PercentChange(PercentChangeCondition {
            contract_id: contract_id(),
            exchange: exchange(),
            percent: float(&value["changePercent"]).unwrap(),
            is_more,
            is_conjunction,
        }),
        other => panic!("condition type {other} is not known"),
    }
}
