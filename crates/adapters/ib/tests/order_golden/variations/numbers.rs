//! Other numbers in the fields that a sample has, and other texts where it has numbers in them.

use super::{Change, Order, each, text};
use serde_json::{Value, json};

/// Fields and what else they may hold: prices, distances, percentages, counts.
const OTHERS: &[(&str, &[f64])] = &[
    ("lmtPrice", &[0.01, 33.5, 1234.567, 54321.0, 0.00025]),
    ("auxPrice", &[0.01, 0.5, 33.5, 1234.567]),
    ("trailStopPrice", &[0.01, 29.75, 1234.5]),
    ("trailingPercent", &[0.1, 5.0, 99.9]),
    ("lmtPriceOffset", &[0.0, 0.01, 7.5]),
    ("percentOffset", &[0.0, 0.01, 0.5]),
    ("startingPrice", &[0.5, 33.25]),
    ("stockRefPrice", &[0.5, 187.5]),
    ("delta", &[0.5, -35.0, 100.0]),
    ("stockRangeLower", &[0.01]),
    ("stockRangeUpper", &[99_999.5]),
    ("volatility", &[0.5, 20.0, 150.0]),
    ("peggedChangeAmount", &[0.01, 2.5]),
    ("referenceChangeAmount", &[0.01, 2.5]),
    ("triggerPrice", &[0.01, 30.75]),
    ("adjustedStopPrice", &[0.01, 33.33]),
    ("adjustedStopLimitPrice", &[0.01, 33.33]),
    ("adjustedTrailingAmount", &[0.01, 5.0, 32.0]),
    ("cashQty", &[1.0, 99.99, 1_000_000.0]),
    ("discretionaryAmt", &[0.01, 2.0]),
    ("deltaNeutralAuxPrice", &[0.05, 12.5]),
    ("midOffsetAtWhole", &[0.0, 0.01, 0.05]),
    ("midOffsetAtHalf", &[0.0, 0.005, 0.015, 0.025]),
    ("scaleProfitOffset", &[0.01, 2.0]),
    ("scalePriceIncrement", &[0.01, 2.0]),
    ("scalePriceAdjustValue", &[-0.01, 189.0]),
    ("basisPoints", &[-2.5, 10.0]),
    ("minTradeQty", &[1.0, 500.0]),
    ("minCompeteSize", &[100.0, 500.0]),
    ("hedgeMaxSize", &[1.0, 2_000.0]),
    ("referenceContractId", &[208_813_720.0]),
];

/// Without a fraction a number is one of the whole ones: counts have no point.
fn number(number: f64) -> Value {
    if number.fract() == 0.0 { serde_json::from_str(&format!("{number}")).unwrap() } else { json!(number) }
}

pub(super) fn changes(order: &Order) -> Vec<Vec<Change>> {
    let mut all = Vec::new();
    for (field, others) in OTHERS.iter().filter(|(field, _)| order.contains_key(*field)) {
        let others: Vec<_> = others.iter().map(|other| number(*other)).collect();
        all.extend(each(field, &others));
    }
    if order.contains_key("totalQuantity") && text(order, "totalQuantity") != "0" {
        let sizes = ["1", "17", "250000", "0.5", "0.00001234", "1000000000"];
        all.extend(each("totalQuantity", &sizes.map(|size| json!(size))));
    }
    all.extend(parameters(order));
    if order.get("competeAgainstBestOffset").is_some_and(|offset| offset != "Infinity") {
        all.extend(each("competeAgainstBestOffset", &[json!(0.01), json!(0.1)]));
        let offsets = |whole: f64, half: f64| {
            vec![
                ("competeAgainstBestOffset", json!("Infinity")),
                ("midOffsetAtWhole", json!(whole)),
                ("midOffsetAtHalf", json!(half)),
            ]
        };
        all.extend([offsets(0.02, 0.01), offsets(0.0, 0.025)]);
    }
    all
}

fn parameters(order: &Order) -> Vec<Vec<Change>> {
    let mut all = Vec::new();
    match text(order, "hedgeType") {
        "P" => {
            let params = ["5", "ratio=5", "ratio=2.5", "0.25", "-1", "ratio=-1"];
            all.extend(each("hedgeParam", &params.map(|param| json!(param))));
        }
        "B" => {
            let params = ["beta=0.5", "beta=1.25", "0.75", "beta=-0.5"];
            all.extend(each("hedgeParam", &params.map(|param| json!(param))));
            all.extend(each("hedgeParam", &[Value::Null]));
        }
        _ => {}
    }
    if order.contains_key("adjustedTrailingAmount") {
        all.extend(each("adjustableTrailingUnit", &[json!(0), json!(100)]));
    }
    if order.contains_key("orderComboLegs") {
        let prices =
            |prices: &[Value]| -> Value { prices.iter().map(|price| json!({"price": price})).collect() };
        let unset = json!("UNSET_DOUBLE");
        all.extend(each(
            "orderComboLegs",
            &[
                prices(&[json!(0.01), json!(-5.25)]),
                prices(&[json!(10), unset.clone()]),
                prices(&[json!(1), json!(2), json!(3), json!(4), json!(5.5), json!(6.75)]),
            ],
        ));
    }
    all
}
