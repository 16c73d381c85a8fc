//! What may be said of any order, one attribute at a time.

use super::{Change, Order, each, text};
use crate::files::Raw;
use serde_json::{Value, json};

const FLAGS: &[&str] = &[
    "outsideRth",
    "hidden",
    "allOrNone",
    "blockOrder",
    "sweepToFill",
    "overridePercentageConstraints",
    "optOutSmartRouting",
    "notHeld",
    "solicited",
    "whatIf",
    "autoCancelParent",
    "imbalanceOnly",
    "professionalCustomer",
    "includeOvernight",
    "postOnly",
    "allowPreOpen",
    "ignoreOpenAuction",
    "deactivate",
    "isOmsContainer",
    "seekPriceImprovement",
    "routeMarketableToBbo",
];

const TEXTS: &[(&str, &[&str])] = &[
    ("account", &["U1234567", "DF12345"]),
    // It is our key; what somebody else put there is not read.
    ("orderRef", &["my-order.7", "a:1_2", "x"]),
    ("settlingFirm", &["FIRM X"]),
    ("clearingAccount", &["7777777"]),
    ("clearingIntent", &["IB", "Away", "PTA"]),
    ("openClose", &["O", "C"]),
    ("rule80A", &["I", "A", "W", "J", "U", "M", "K", "Y", "N"]),
    ("modelCode", &["Technology", "60/40 growth"]),
    ("algoId", &["algo 7"]),
    ("mifid2DecisionMaker", &["DM-1"]),
    ("mifid2DecisionAlgo", &["DA-1"]),
    ("mifid2ExecutionTrader", &["ET-1"]),
    ("mifid2ExecutionAlgo", &["EA-1"]),
    ("extOperator", &["ABCD", "Ext Operator 1"]),
    ("manualOrderTime", &["20220314-13:00:00"]),
    ("customerAccount", &["CustAcct"]),
    ("shareholder", &["A123456789"]),
    ("submitter", &["desk 4"]),
    ("bondAccruedInterest", &["1.25"]),
    ("advancedErrorOverride", &["8229=IBDBUYTX,MOBILEPH"]),
];

const COUNTS: &[(&str, &[i64])] = &[
    ("minQty", &[1, 50]),
    ("displaySize", &[10]),
    ("origin", &[1]),
    ("triggerMethod", &[1, 2, 3, 4, 7, 8]),
    ("duration", &[60]),
    ("postToAts", &[30]),
    ("manualOrderIndicator", &[0, 1]),
    ("usePriceMgmtAlgo", &[0, 1]),
    ("refFuturesConId", &[495_512_552]),
    ("auctionStrategy", &[1, 2, 3]),
];

pub(super) fn changes(raw: &Raw, order: &Order) -> Vec<Vec<Change>> {
    let mut all: Vec<Vec<Change>> = FLAGS.iter().map(|flag| vec![(*flag, json!(true))]).collect();
    for (field, texts) in TEXTS {
        all.extend(texts.iter().map(|text| vec![(*field, json!(text))]));
    }
    for (field, counts) in COUNTS {
        all.extend(counts.iter().map(|count| vec![(*field, json!(count))]));
    }
    all.push(vec![("discretionaryAmt", json!(0.05))]);
    all.extend(each("action", &["BUY", "SELL", "SSHORT", "SLONG"].map(|side| json!(side))));
    all.extend(together(order));
    all.extend(groups());
    all.extend(moments(raw, order));
    all.extend(conditions(raw));
    all
}

/// Fields that only mean something together.
fn together(order: &Order) -> Vec<Vec<Change>> {
    let mut all = vec![
        vec![("shortSaleSlot", json!(1)), ("action", json!("SSHORT"))],
        vec![
            ("shortSaleSlot", json!(2)),
            ("designatedLocation", json!("XYZ CORP")),
            ("action", json!("SSHORT")),
            ("exemptCode", json!(5)),
        ],
        vec![("whatIf", json!(true)), ("whatIfType", json!(0))],
        vec![("whatIf", json!(true)), ("whatIfType", json!(1))],
        vec![("slOrderId", json!(4_002)), ("slOrderType", json!("PRESET"))],
        vec![("basisPoints", json!(2.5)), ("basisPointsType", json!(1))],
        vec![("softDollarTier", json!({"name": "Tier", "value": "Value", "displayName": "Shown"}))],
        vec![("softDollarTier", json!({"name": "Tier", "value": "Value"}))],
        vec![("orderMiscOptions", json!([["TradeAtClose", "1"], ["Key", "Some words"]]))],
        scale(),
    ];
    if text(order, "orderType") == "VOL" {
        all.push(vec![("deltaNeutralOrderType", json!("MKT")), ("deltaNeutralConId", json!(265_598))]);
        all.push(vec![
            ("deltaNeutralOrderType", json!("LMT")),
            ("deltaNeutralAuxPrice", json!(12.5)),
            ("deltaNeutralOpenClose", json!("O")),
            ("deltaNeutralClearingIntent", json!("IB")),
            ("deltaNeutralShortSale", json!(true)),
        ]);
        all.extend(each("volatilityType", &[json!(1), json!(2)]));
        all.push(vec![("continuousUpdate", json!(true)), ("referencePriceType", json!(2))]);
        all.push(vec![("stockRangeLower", json!(20)), ("stockRangeUpper", json!(40.5))]);
        all.extend([vec![("randomizeSize", json!(true))], vec![("randomizePrice", json!(true))]]);
    }
    if text(order, "orderType") == "STP" {
        let adjusted = |kind: &str| {
            vec![
                ("adjustedOrderType", json!(kind)),
                ("triggerPrice", json!(32)),
                ("adjustedStopPrice", json!(33)),
                ("adjustedStopLimitPrice", if kind.contains("LIMIT") { json!(34) } else { Value::Null }),
                ("adjustedTrailingAmount", json!(32)),
                ("adjustableTrailingUnit", json!(if kind.contains("LIMIT") { 100 } else { 0 })),
            ]
        };
        all.extend([adjusted("TRAIL"), adjusted("TRAIL LIMIT")]);
    }
    all
}

/// The numbers of the broker's own sample program.
fn scale() -> Vec<Change> {
    vec![
        ("scaleInitLevelSize", json!(2000)),
        ("scaleSubsLevelSize", json!(500)),
        ("scaleRandomPercent", json!(true)),
        ("scalePriceIncrement", json!(0.02)),
        ("scalePriceAdjustValue", json!(189.0)),
        ("scalePriceAdjustInterval", json!(3600)),
        ("scaleProfitOffset", json!(2.0)),
        ("scaleAutoReset", json!(true)),
        ("scaleInitPosition", json!(10)),
        ("scaleInitFillQty", json!(40)),
    ]
}

fn groups() -> Vec<Vec<Change>> {
    let mut all = Vec::new();
    for (name, kind) in [("TestOCA_3001", 1), ("Group A", 2), ("1", 3)] {
        all.push(vec![("ocaGroup", json!(name)), ("ocaType", json!(kind))]);
    }
    let methods = [
        "Equal",
        "AvailableEquity",
        "NetLiq",
        "ContractsOrShares",
        "Ratio",
        "Percent",
        "MonetaryAmount",
        "EqualQuantity",
    ];
    all.extend(methods.map(|method| vec![("faGroup", json!("Group1")), ("faMethod", json!(method))]));
    all.push(vec![
        ("faGroup", json!("Group 1")),
        ("faMethod", json!("PctChange")),
        ("faPercentage", json!("-100")),
        ("totalQuantity", json!("0")),
        ("cashQty", Value::Null),
    ]);
    all
}

/// How the moments of a sample are written; nothing where it has none.
fn form(raw: &Raw) -> Option<&'static str> {
    let written = raw.value["orders"].to_string();
    let fields = ["goodTillDate", "goodAfterTime", "activeSt", "autoCancelDate", "\"time\":"];
    let timed = fields.iter().any(|field| written.contains(field));
    timed.then_some(if written.contains(" US/Eastern\"") { "eastern" } else { "other" })
}

fn moments(raw: &Raw, order: &Order) -> Vec<Vec<Change>> {
    let forms: &[[&str; 2]] = match form(raw) {
        None => &[
            ["20260630 16:00:00 US/Eastern", "20261102 09:30:00 US/Eastern"],
            ["20260630-20:00:00", "20261102-14:30:00"],
            ["20260630 16:00:00", "20261102 09:30:00"],
            ["20260630 16:00:00 Europe/London", "20261102 09:30:00 Europe/London"],
        ],
        Some("eastern") => &[["20260630 16:00:00 US/Eastern", "20261102 09:30:00 US/Eastern"]],
        Some(_) => &[],
    };
    // What is for one auction has no other end.
    let auction =
        matches!(text(order, "tif"), "OPG" | "AUC") || matches!(text(order, "orderType"), "MOC" | "LOC");
    let mut all = Vec::new();
    if !auction {
        for tif in ["GTC", "IOC", "FOK", "DTC", "GTX", "DAY"] {
            all.push(vec![("tif", json!(tif)), ("goodTillDate", Value::Null)]);
        }
    }
    for [one, other] in forms {
        if !auction {
            all.push(vec![("tif", json!("GTD")), ("goodTillDate", json!(other))]);
            all.push(vec![("tif", json!("GTT")), ("goodTillDate", json!(other))]);
        }
        all.push(vec![("goodAfterTime", json!(one))]);
        all.push(vec![("activeStartTime", json!(one)), ("activeStopTime", json!(other))]);
        all.push(vec![("autoCancelDate", json!(other))]);
    }
    all
}

fn conditions(raw: &Raw) -> Vec<Vec<Change>> {
    let watched = |kind: i64, more: bool, and: bool| {
        json!({"type": "x", "condType": kind, "isConjunctionConnection": and, "isMore": more, "conId": 208_813_720,
            "exchange": "SMART"})
    };
    let with = |mut condition: Value, field: &str, value: Value| {
        condition[field] = value;
        condition
    };
    let mut list = vec![
        with(with(watched(1, true, true), "price", json!(-600.25)), "triggerMethod", json!(8)),
        with(watched(7, false, false), "changePercent", json!(-15.5)),
        with(watched(6, true, false), "volume", json!(1_000_000)),
        json!({"type": "Margin", "condType": 4, "isConjunctionConnection": true, "isMore": false, "percent": 30}),
        json!({"type": "Execution", "condType": 5, "isConjunctionConnection": false, "secType": "FUT",
            "exchange": "CME", "symbol": "ES"}),
    ];
    if form(raw).is_none_or(|form| form == "eastern") {
        list.push(json!({"type": "Time", "condType": 3, "isConjunctionConnection": true, "isMore": false,
            "time": "20260630 23:59:59 US/Eastern"}));
    }
    let mut all: Vec<Vec<Change>> = list.iter().map(|one| vec![("conditions", json!([one]))]).collect();
    all.push(vec![("conditions", json!(list)), ("conditionsIgnoreRth", json!(true))]);
    list.reverse();
    all.push(vec![("conditions", json!(list)), ("conditionsCancelOrder", json!(true))]);
    all.push(vec![("conditions", json!([list[0], list[0]])), ("conditionsIncludeOvernight", json!(true))]);
    all
}
