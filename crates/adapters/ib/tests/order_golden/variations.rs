//! What else a sample of orders may say and the broker would take: each change alone, and two of them together; and every
//! algo with every value that is documented.

mod algos;
mod attributes;
mod numbers;

use super::files::Raw;
use serde_json::{Map, Value, json};

pub(crate) use algos::algos;

/// Sets a field, or with `null` takes it away.
type Change = (&'static str, Value);
type Order = Map<String, Value>;

/// The sample itself is not among them.
pub(crate) fn of(raw: &Raw) -> Vec<Raw> {
    let last = raw.value["orders"].as_array().unwrap().last().unwrap().as_object().unwrap();
    let mut changes = numbers::changes(last);
    changes.extend(attributes::changes(raw, last));
    let mut varied = Vec::new();
    for (index, one) in changes.iter().enumerate() {
        varied.extend(with(raw, &[one]));
        // One pair in 97, other ones for each first change: all of them would take half an hour.
        let others =
            changes.iter().enumerate().skip(index + 1).filter(|(other, _)| (other + index) % 97 == 0);
        varied.extend(others.filter_map(|(_, other)| with(raw, &[one, other])));
    }
    varied
}

/// The sample with its last order changed; nothing if the broker would not take that.
fn with(raw: &Raw, changes: &[&Vec<Change>]) -> Option<Raw> {
    let mut value = raw.value.clone();
    let orders = value["orders"].as_array_mut().unwrap();
    let order = orders.last_mut().unwrap().as_object_mut().unwrap();
    for (field, value) in changes.iter().flat_map(|change| change.iter()) {
        match value {
            Value::Null => order.remove(*field),
            value => order.insert((*field).to_owned(), value.clone()),
        };
    }
    let taken = is_taken(order);
    taken.then(|| Raw { file: raw.file.clone(), name: raw.name.clone(), value })
}

fn text<'a>(order: &'a Order, field: &str) -> &'a str {
    order.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn is_on(order: &Order, field: &str) -> bool {
    order.get(field) == Some(&json!(true))
}

/// Would the broker take it? Each line is one of its documented rules, or of its error messages.
fn is_taken(order: &Order) -> bool {
    let says = |field: &str| order.contains_key(field);
    let kind = text(order, "orderType");
    let auction = matches!(kind, "MOC" | "LOC") || matches!(text(order, "tif"), "OPG" | "AUC");
    let limit = kind == "LMT" && says("lmtPrice") && !auction;
    let sells = text(order, "action").starts_with('S');
    let rules = [
        // A discretion is one of a limit order; shown at discretion is error 157, hidden shows nothing.
        !says("discretionaryAmt") || (limit && !says("displaySize")),
        !is_on(order, "hidden") || !says("displaySize"),
        // Only what rests can be for the book alone.
        !is_on(order, "postOnly") || says("lmtPrice"),
        !is_on(order, "sweepToFill") || !auction,
        !is_on(order, "conditionsCancelOrder") || limit || kind == "MIDPRICE",
        // Only shares that are sold short have a place that they come from.
        !says("shortSaleSlot") && !says("exemptCode") || sells,
        !is_on(order, "autoCancelParent") || says("parentId"),
        // Sizes: by units, by money, or by what the parent fills.
        says("totalQuantity") != says("cashQty"),
        !says("hedgeType") || text(order, "totalQuantity") == "0",
        text(order, "totalQuantity") != "0" || says("hedgeType") || text(order, "faMethod") == "PctChange",
        // Leg prices stand in place of the combo's own.
        !says("orderComboLegs") || !says("lmtPrice"),
        !says("adjustedOrderType") || kind.starts_with("STP") || kind.starts_with("TRAIL"),
        !says("goodTillDate") || matches!(text(order, "tif"), "GTD" | "GTT"),
        !auction || !says("goodTillDate"),
        // A person or a machine decides, and one of them executes.
        !says("mifid2DecisionMaker") || !says("mifid2DecisionAlgo"),
        !says("mifid2ExecutionTrader") || !says("mifid2ExecutionAlgo"),
        // A hedge at the market has no price of its own.
        !says("deltaNeutralAuxPrice") || matches!(text(order, "deltaNeutralOrderType"), "LMT" | "REL"),
        !says("designatedLocation") || order.get("shortSaleSlot") == Some(&json!(2)),
        !says("goodAfterTime") || !says("goodTillDate") || starts_first(order),
        one_form(order),
    ];
    rules.iter().all(|kept| *kept)
}

/// Does it start before it ends? The broker's texts of moments have their years in front.
fn starts_first(order: &Order) -> bool {
    text(order, "goodAfterTime") < text(order, "goodTillDate")
}

/// Moments that are written alike: one sample is in one zone, or in none.
fn one_form(order: &Order) -> bool {
    let times: Vec<String> = order
        .iter()
        .filter(|(field, _)| *field != "manualOrderTime" && *field != "algoParams")
        .flat_map(|(_, value)| match value {
            Value::String(text) => vec![text.clone()],
            Value::Array(list) => {
                list.iter().filter_map(|one| Some(one.get("time")?.as_str()?.to_owned())).collect()
            }
            _ => Vec::new(),
        })
        .filter(|text| text.len() >= 17 && text[..8].bytes().all(|digit| digit.is_ascii_digit()))
        .map(|text| text[17..].to_owned() + &text[8..9])
        .collect();
    times.windows(2).all(|pair| pair[0] == pair[1])
}

fn each(field: &'static str, values: &[Value]) -> Vec<Vec<Change>> {
    values.iter().map(|value| vec![(field, value.clone())]).collect()
}
