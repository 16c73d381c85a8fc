//! What is to be sent, from the files of samples.

use crate::UNSPOKEN;
use crate::files::{Raw, bundled};
use crate::{algos, samples};
use serde_json::{Map, Value, json};

/// One message to be sent.
pub(crate) struct Item {
    pub(crate) name: String,
    /// As the script reads it.
    pub(crate) value: Value,
    pub(crate) what: What,
    /// Has something been left out that the client has no name for?
    pub(crate) is_shortened: bool,
}

pub(crate) enum What {
    Contract,
    /// One of the orders of a sample.
    Order(Box<crate::expand::Sample>, usize),
    Cancel,
    Scanner,
    Groups,
}

impl Item {
    pub(crate) const fn kind(&self) -> &'static str {
        match self.what {
            What::Contract => "contracts",
            What::Order(..) => "orders",
            What::Cancel => "cancels",
            What::Scanner => "scanners",
            What::Groups => "groups of accounts",
        }
    }
}

/// Numbers of orders that have none of their own.
const FIRST_NUMBER: usize = 100_000;

/// Everything of every file.
pub(crate) fn items() -> Vec<Item> {
    let mut items: Vec<Item> = bundled("contract-samples.json").into_iter().map(contract).collect();
    for raw in bundled("order-samples.json").into_iter().chain(algos::algos()) {
        orders(raw, &mut items);
    }
    further(&mut items);
    items
}

/// As the script reads it.
pub(crate) fn document(items: &[Item]) -> Value {
    json!({ "unspoken": UNSPOKEN, "items": items.iter().map(|item| &item.value).collect::<Vec<_>>() })
}

/// Legs and hedges are not sent with a question for details: such a contract goes with an order.
fn contract(raw: Raw) -> Item {
    let fields = raw.value["contract"].clone();
    let is_order = fields.get("comboLegs").is_some() || fields.get("deltaNeutralContract").is_some();
    let value = if is_order {
        let plain = json!({ "action": "BUY", "totalQuantity": "1", "orderType": "MKT", "account": "DU0" });
        json!({ "what": "order", "number": FIRST_NUMBER, "contract": fields, "order": plain })
    } else {
        json!({ "what": "contract", "contract": fields })
    };
    Item { name: raw.name, value, what: What::Contract, is_shortened: false }
}

fn orders(mut raw: Raw, items: &mut Vec<Item>) {
    let mut is_shortened = false;
    for order in raw.value["orders"].as_array_mut().unwrap() {
        let fields = order.as_object_mut().unwrap();
        let before = fields.len();
        fields.retain(|name, _| !UNSPOKEN.contains(&name.as_str()));
        is_shortened |= fields.len() < before;
    }
    let contracts = samples::contracts();
    let count = raw.value["orders"].as_array().unwrap().len();
    for at in 0..count {
        let sample = samples::whole(&raw, &contracts);
        let name = format!("{} {}", raw.name, at + 1);
        let mut fields: Map<String, Value> = sample.raw[at].clone();
        if sample.kind == "cancel" {
            let value = json!({ "what": "cancel", "number": FIRST_NUMBER, "order": fields });
            items.push(Item { name, value, what: What::Cancel, is_shortened });
            continue;
        }
        let order = &sample.orders[at].order;
        fields.insert("account".to_owned(), json!(order.account));
        fields.insert("orderRef".to_owned(), json!(order.order_ref));
        let own = usize::try_from(order.order_id).ok().filter(|number| *number > 0);
        let number = own.unwrap_or(FIRST_NUMBER + items.len());
        let contract = match &sample.contract {
            Value::Null => json!({ "symbol": "X", "secType": "STK", "exchange": "SMART", "currency": "USD" }),
            contract => contract.clone(),
        };
        let value = json!({ "what": "order", "number": number, "contract": contract, "order": fields });
        items.push(Item { name, value, what: What::Order(Box::new(sample), at), is_shortened });
    }
}

fn further(items: &mut Vec<Item>) {
    let text = include_str!("../../tests/data/scanner-fa-samples.json");
    let file: Value = serde_json::from_str(text).unwrap();
    let mut add = |name: &Value, value: Value, what: What| {
        let name = name.as_str().unwrap_or("groups").to_owned();
        items.push(Item { name, value, what, is_shortened: false });
    };
    for (at, sample) in file["scanner_samples"].as_array().unwrap().iter().enumerate() {
        // One of them with the filters of the example.
        let filters = if at == 0 { file["scanner_filter_example"].clone() } else { json!([]) };
        let value = json!({ "what": "scanner", "subscription": sample["subscription"], "filters": filters });
        add(&sample["name"], value, What::Scanner);
    }
    for code in file["complex_scan_codes"].as_array().unwrap() {
        let subscription =
            json!({ "instrument": "NATCOMB", "locationCode": "NATCOMB.OPT.US", "scanCode": code });
        add(code, json!({ "what": "scanner", "subscription": subscription, "filters": [] }), What::Scanner);
    }
    let document = groups(&file["fa_groups_document"]);
    add(&Value::Null, json!({ "what": "groups", "document": document }), What::Groups);
}

/// The document of groups, as the sample describes it.
fn groups(described: &Value) -> String {
    let of = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let account = |account: &Value| {
        let amount = account["amount"].as_str().map(|amount| format!("<amount>{amount}</amount>"));
        format!("<Account><acct>{}</acct>{}</Account>", of(&account["acct"]), amount.unwrap_or_default())
    };
    let group = |group: &Value| {
        let accounts: String = group["accounts"].as_array().unwrap().iter().map(account).collect();
        format!(
            "<Group><name>{}</name><defaultMethod>{}</defaultMethod><ListOfAccts varName=\"list\">{accounts}</ListOfAccts></Group>",
            of(&group["name"]),
            of(&group["defaultMethod"])
        )
    };
    let all: String = described["groups"].as_array().unwrap().iter().map(group).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListOfGroups>{all}</ListOfGroups>")
}
