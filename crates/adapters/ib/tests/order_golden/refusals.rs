//! Orders that cannot be read: each refusal with its message, by the field that is to blame.
//!
//! The sources of the translation are searched for the reasons that they can give: a new one fails here until a case shows it.

use super::around::Around;
use super::expand::Sample;
use super::files::Raw;
use serde_json::{Value, json};
use std::path::Path;
use tradeport_ib::translate::{IbOrder, order_from_ib};

/// What is said over a plain limit order, or `null` for what is not said of it, and the refusal.
fn cases() -> Vec<(Value, &'static str)> {
    [prices(), kinds(), terms(), families(), people(), conditions(), lists()].concat()
}

fn prices() -> Vec<(Value, &'static str)> {
    vec![
        (json!({"lmtPrice": null}), "lmtPrice is None: LMT orders need it"),
        (json!({"orderType": "STP", "lmtPrice": null}), "auxPrice is None: STP orders need it"),
        (json!({"auxPrice": 5}), "auxPrice is Some(5.0): LMT orders have none"),
        (json!({"continuousUpdate": true}), "continuousUpdate is true: LMT orders have none"),
        (
            json!({"orderType": "TRAIL", "lmtPrice": null, "auxPrice": 1, "trailingPercent": 2}),
            "trailingPercent is Some(2.0): the trail is given by an amount too",
        ),
        (
            json!({"orderType": "TRAIL", "lmtPrice": null}),
            "auxPrice is None: a trailing order needs an amount or a percentage",
        ),
        (
            json!({"orderType": "TRAIL LIMIT", "auxPrice": 1, "lmtPriceOffset": 2}),
            "lmtPriceOffset is Some(2.0): the limit is given as a price too",
        ),
        (
            json!({"orderType": "TRAIL LIMIT", "auxPrice": 1, "lmtPrice": null}),
            "lmtPriceOffset is None: it needs an offset or a limit price",
        ),
        (
            json!({"orderType": "REL", "auxPrice": 1, "percentOffset": 0.1}),
            "percentOffset is Some(0.1): the offset is given as an amount too",
        ),
        (
            json!({"orderType": "PEG MID", "midOffsetAtWhole": 0.01}),
            "midOffsetAtHalf is None: the two offsets from the midpoint come together",
        ),
        (
            json!({"orderType": "PEG MID", "auxPrice": 1, "midOffsetAtWhole": 0.01, "midOffsetAtHalf": 0.01}),
            "auxPrice is Some(1.0): the offset is given by the spread too",
        ),
        (
            json!({"orderType": "PEG BEST", "competeAgainstBestOffset": "Infinity"}),
            "competeAgainstBestOffset is Some(inf): up to the midpoint needs the offsets from it",
        ),
        (
            json!({"orderType": "PEG BEST", "midOffsetAtWhole": 0.01, "midOffsetAtHalf": 0.01}),
            "midOffsetAtWhole is Some(0.01): it is for competing up to the midpoint",
        ),
        (json!({"orderType": "PEG STK", "lmtPrice": null}), "delta is None: PEG STK orders need it"),
        (
            json!({"orderType": "PEG BENCH", "lmtPrice": null, "referenceContractId": 1, "referenceExchangeId": "X",
                "peggedChangeAmount": "UNSET_DOUBLE"}),
            "peggedChangeAmount is None: PEG BENCH orders need it",
        ),
        (json!({"lmtPrice": "NaN"}), "lmtPrice is NaN: not a number that can be"),
    ]
}

fn kinds() -> Vec<(Value, &'static str)> {
    vec![
        (json!({"orderType": "LMTS"}), "orderType is \"LMTS\": no order type that is known"),
        (json!({"tif": "XYZ"}), "tif is Unknown(\"XYZ\"): no time in force that is known"),
        (
            json!({"tif": "OPG", "orderType": "STP", "auxPrice": 1, "lmtPrice": null}),
            "tif is OnOpen: OPG is for MKT and LMT orders, not for STP",
        ),
        (
            json!({"goodTillDate": "20260630-20:00:00"}),
            "goodTillDate is \"20260630-20:00:00\": DAY orders have none",
        ),
        (json!({"tif": "GTD", "goodTillDate": "soon"}), "goodTillDate is \"soon\": not a time such as"),
        (json!({"orderType": "VOL", "lmtPrice": null}), "volatility is None: a VOL order needs it"),
        (
            json!({"orderType": "VOL", "lmtPrice": null, "volatility": 5, "volatilityType": 3}),
            "volatilityType is Unknown(3): neither daily (1) nor annual (2)",
        ),
        (
            json!({"orderType": "VOL", "lmtPrice": null, "volatility": 5, "referencePriceType": 3}),
            "referencePriceType is Unknown(3): neither the average (1) nor the side (2)",
        ),
        (
            json!({"postOnly": true, "orderType": "MKT", "lmtPrice": null}),
            "orderType is \"MKT\": MKT orders cannot have post only",
        ),
        (json!({"totalQuantity": "-1"}), "totalQuantity is -1.0: "),
        (json!({"totalQuantity": "0"}), "totalQuantity is 0.0: neither a quantity nor an amount of money"),
        (json!({"cashQty": 5}), "cashQty is Some(5.0): the order has a quantity too"),
        (
            json!({"deltaNeutralOrderType": "STP"}),
            "deltaNeutralOrderType is \"STP\": no delta-neutral order that is known",
        ),
        (
            json!({"deltaNeutralOrderType": "LMT"}),
            "deltaNeutralAuxPrice is None: this delta-neutral order needs it",
        ),
        (
            json!({"deltaNeutralOrderType": "MKT", "deltaNeutralOpenClose": "X"}),
            "deltaNeutralOpenClose is \"X\": neither O nor C",
        ),
    ]
}

fn terms() -> Vec<(Value, &'static str)> {
    let adjusted = |kind: &str, more: Value| {
        let mut order = json!({"orderType": "STP", "auxPrice": 35, "lmtPrice": null, "adjustedOrderType": kind,
            "adjustedStopPrice": 33, "triggerPrice": 32});
        for (field, value) in more.as_object().unwrap() {
            order[field] = value.clone();
        }
        order
    };
    vec![
        (
            adjusted("LMT", json!({})),
            "adjustedOrderType is \"LMT\": no stop that an order can be adjusted to",
        ),
        (
            adjusted("STP", json!({"triggerPrice": null})),
            "triggerPrice is None: an adjustment to STP needs it",
        ),
        (adjusted("TRAIL", json!({})), "adjustedTrailingAmount is None: an adjustment to a trail needs it"),
        (
            adjusted("TRAIL", json!({"adjustedTrailingAmount": 1, "adjustableTrailingUnit": 1})),
            "adjustableTrailingUnit is 1: neither an amount (0) nor a percentage (100)",
        ),
        (
            json!({"scalePriceAdjustValue": 1}),
            "scalePriceAdjustInterval is None: a price adjustment needs it",
        ),
        (
            json!({"scalePriceAdjustInterval": 60}),
            "scalePriceAdjustValue is None: a price adjustment needs it",
        ),
        (json!({"minQty": -1}), "minQty is -1: below zero"),
        (json!({"auctionStrategy": 4}), "auctionStrategy is 4: no auction strategy that is known"),
        (
            json!({"whatIf": true, "whatIfType": 2}),
            "whatIfType is 2: neither the whole order (0) nor the margin (1)",
        ),
        (json!({"whatIfType": 1}), "whatIfType is 1: the order is no what-if"),
        (json!({"refFuturesConId": -1}), "refFuturesConId is -1: not a contract number above zero"),
        (
            json!({"algoStrategy": "Adaptive", "algoParams": [["adaptivePriority", "No"]]}),
            "algoStrategy is \"Adaptive\": ",
        ),
    ]
}

fn families() -> Vec<(Value, &'static str)> {
    vec![
        (json!({"ocaGroup": "g", "ocaType": 4}), "ocaType is 4: no type of group that is known"),
        (json!({"hedgeType": "X"}), "hedgeType is \"X\": no hedge that is known"),
        (json!({"hedgeType": "F", "hedgeParam": "1"}), "hedgeParam is \"1\": this hedge has none"),
        (
            json!({"hedgeType": "P", "hedgeParam": "much"}),
            "hedgeParam is \"much\": not a number or ratio=number",
        ),
        (
            json!({"dontUseAutoPriceForHedge": true}),
            "dontUseAutoPriceForHedge is true: the order is no hedge",
        ),
        (json!({"faGroup": "g", "faMethod": "Half"}), "faMethod is \"Half\": no method that is known"),
        (json!({"faMethod": "Equal"}), "faMethod is \"Equal\": the order has no group"),
        (
            json!({"faGroup": "g", "faMethod": "PctChange"}),
            "faPercentage is \"\": a percent change needs a number",
        ),
        (
            json!({"faGroup": "g", "faPercentage": "5"}),
            "faPercentage is \"5\": only a percent change has one",
        ),
    ]
}

fn people() -> Vec<(Value, &'static str)> {
    vec![
        (json!({"clearingIntent": "Here"}), "clearingIntent is \"Here\": no clearing intent that is known"),
        (json!({"openClose": "X"}), "openClose is \"X\": neither O nor C"),
        (json!({"exemptCode": -2}), "exemptCode is -2: below zero"),
        (
            json!({"designatedLocation": "X"}),
            "designatedLocation is \"X\": only shares from elsewhere have a place",
        ),
        (json!({"shortSaleSlot": 2, "action": "SSHORT"}), "designatedLocation is \"\": "),
        (json!({"shortSaleSlot": 3}), "designatedLocation is 3: no short sale slot that is known"),
        (
            json!({"manualOrderIndicator": 2}),
            "manualOrderIndicator is 2: neither automated (0) nor manual (1)",
        ),
        (json!({"origin": 2}), "origin is 2: neither customer (0) nor firm (1)"),
        (json!({"rule80A": "Q"}), "rule80A is \"Q\": no capacity that is known"),
        (
            json!({"mifid2DecisionMaker": "A", "mifid2DecisionAlgo": "B"}),
            "mifid2DecisionAlgo is \"B\": a person is named too: one of both decides",
        ),
        (
            json!({"softDollarTier": {"name": "A"}}),
            "softDollarTier is SoftDollarTier { name: \"A\", value: \"\", display_name: \"\" }: it needs a name and a value",
        ),
        (json!({"orderRef": "no key"}), "orderRef is \"no key\": \"no key\" is not an order key"),
        (json!({"modelCode": "a\nb"}), "modelCode is \"a\\nb\": \"a\\nb\" cannot stand on an order"),
        (json!({"triggerMethod": 5}), "triggerMethod is 5: no trigger method that is known"),
    ]
}

fn conditions() -> Vec<(Value, &'static str)> {
    let one = |mut condition: Value| {
        condition["isConjunctionConnection"] = json!(true);
        json!({"conditions": [condition]})
    };
    vec![
        (one(json!({"condType": 4, "isMore": true, "percent": -1})), "condition.percent is -1: below zero"),
        (
            one(json!({"condType": 4, "isMore": true, "percent": i32::MAX})),
            "condition.percent is 2147483647: a condition needs it",
        ),
        (
            one(
                json!({"condType": 7, "isMore": true, "conId": 1, "exchange": "X", "changePercent": f64::MAX}),
            ),
            "condition.changePercent is 1.7976931348623157e308: a condition needs it",
        ),
        (
            one(
                json!({"condType": 1, "isMore": true, "conId": 1, "exchange": "X", "price": f64::MAX, "triggerMethod": 0}),
            ),
            "condition.price is 1.7976931348623157e308: a price condition needs it",
        ),
        (
            one(json!({"condType": 6, "isMore": true, "conId": 0, "exchange": "X", "volume": 1})),
            "condition.conId is 0: not a contract number above zero",
        ),
        (
            one(json!({"condType": 6, "isMore": true, "conId": 1, "exchange": "", "volume": 1})),
            "condition.exchange is \"\": \"\" is not a venue",
        ),
        (
            one(json!({"condType": 5, "secType": "XYZ", "exchange": "X", "symbol": "A"})),
            "condition.secType is \"XYZ\": no security type that is known",
        ),
    ]
}

fn lists() -> Vec<(Value, &'static str)> {
    let tags: Vec<_> = (0..101).map(|number| json!([format!("T{number}"), "1"])).collect();
    let margin = json!({"condType": 4, "isConjunctionConnection": true, "isMore": true, "percent": 30});
    vec![
        (json!({"smartComboRoutingParams": tags}), "smartComboRoutingParams is 101: more than 100"),
        (json!({"orderMiscOptions": tags}), "orderMiscOptions is 101: more than 100"),
        (json!({"conditions": vec![margin; 101]}), "conditions is 101: more than 100"),
        (
            json!({"lmtPrice": null, "orderComboLegs": vec![json!({"price": 1}); 101]}),
            "orderComboLegs is 101: more than 100",
        ),
        (
            json!({"smartComboRoutingParams": [["", "1"]]}),
            "smartComboRoutingParams is \"\": \"\" cannot stand on an order",
        ),
    ]
}

fn sample(said: &Value) -> Sample {
    let mut order = json!({"action": "BUY", "totalQuantity": "1", "orderType": "LMT", "lmtPrice": 1});
    let order_fields = order.as_object_mut().unwrap();
    for (field, value) in said.as_object().unwrap() {
        match value {
            Value::Null => order_fields.remove(field),
            value => order_fields.insert(field.clone(), value.clone()),
        };
    }
    let value = json!({"orders": [order]});
    Sample::new(&Raw { file: String::new(), name: String::new(), value }, Value::Null)
}

fn refusal(sample: &Sample, order: &IbOrder) -> String {
    // Moments are in UTC, whatever is wrong with them; a reference that is no key must not name anything.
    let mut known = Sample { orders: Vec::new(), raw: Vec::new(), ..Sample::new(&plain(), Value::Null) };
    known.contract = sample.contract.clone();
    let around = Around::of(&known);
    order_from_ib(order, &around.surroundings()).map_or_else(|error| error.to_string(), |_| "read".to_owned())
}

fn plain() -> Raw {
    Raw { file: String::new(), name: String::new(), value: json!({"orders": []}) }
}

/// What JSON cannot say.
fn by_hand() -> Vec<(IbOrder, &'static str)> {
    let order = |change: fn(&mut IbOrder)| {
        let mut order = sample(&json!({})).orders.remove(0);
        change(&mut order);
        order
    };
    vec![
        (order(|it| it.order.order_ref.clear()), "orderRef is \"\": no key, and the number is not known"),
        (order(|it| it.order.parent_id = 77), "parentId is 77: no order of ours has this number"),
        (
            order(|it| it.order.preset_stop_loss_order_id = Some(77)),
            "slOrderId is 77: no order of ours has this number",
        ),
        (
            order(|it| it.order.fa_profile = "P".to_owned()),
            "faProfile is \"P\": profiles were withdrawn: groups stand in their place",
        ),
        (
            order(|it| {
                it.order.use_price_mgmt_algo = true;
                it.unsent.price_management_off = true;
            }),
            "usePriceMgmtAlgo is true: it is on and off at once",
        ),
        (
            order(|it| {
                let unknown = ibapi::orders::UnknownCondition { condition_type: 9, ..Default::default() };
                it.order.conditions = vec![ibapi::orders::OrderCondition::Unknown(unknown)];
            }),
            "condition.type is 9: no condition that is known",
        ),
    ]
}

#[test]
fn every_refusal_names_its_field_and_its_reason() {
    let (mut messages, mut wrong) = (Vec::new(), Vec::new());
    for (said, expected) in cases() {
        let sample = sample(&said);
        let message = refusal(&sample, &sample.orders[0]);
        if !message.starts_with(&format!("Order.{expected}")) {
            wrong.push(format!("{said}: {message}, expected {expected}"));
        }
        messages.push(message);
    }
    let nothing = sample(&json!({}));
    for (order, expected) in by_hand() {
        let message = refusal(&nothing, &order);
        if message != format!("Order.{expected}") {
            wrong.push(format!("{message}, expected {expected}"));
        }
        messages.push(message);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let reasons = reasons();
    assert!(reasons.len() > 50, "{reasons:?}");
    let unshown: Vec<_> = reasons
        .iter()
        .filter(|reason| !messages.iter().any(|message| message.contains(reason.as_str())))
        .collect();
    assert!(unshown.is_empty(), "no case shows {unshown:?}");
}

/// Every reason that the sources write out, up to what they fill in.
fn reasons() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/translate/order");
    let (mut folders, mut reasons) = (vec![folder], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                reasons.extend(reasons_of(&std::fs::read_to_string(&entry).unwrap()));
            }
        }
    }
    reasons
}

fn reasons_of(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let of_call = |call: &str| {
        let mut depth = 1;
        let end = call.char_indices().find(|(_, sign)| {
            depth += i32::from(*sign == '(') - i32::from(*sign == ')');
            depth == 0
        });
        // Parentheses inside texts are in pairs.
        let call = &call[..end.map_or(call.len(), |(at, _)| at)];
        let texts: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
        let reason = texts.last().filter(|text| text.contains(' '))?;
        let fixed = reason.split(['{', '}']).max_by_key(|part| part.len())?;
        Some(fixed.trim().to_owned())
    };
    code.split("refused(").skip(1).filter_map(of_call).collect()
}
