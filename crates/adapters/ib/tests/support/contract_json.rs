//! Sample contracts in JSON, as the client library's objects: the defaults of the broker's own client, and over them
//! what a sample says. A field that is not among the defaults is an error: nothing is skipped.

use ibapi::contracts as ib;
use serde_json::{Map, Value};
use std::sync::LazyLock;

const DEFAULTS: &str = include_str!("../data/field-defaults.json");

/// The whole object of a sample.
pub(crate) fn contract(sample: &Value) -> ib::Contract {
    let fields = expanded("Contract", sample);
    let mut contract = ib::Contract::default();
    for (name, value) in &fields {
        set(&mut contract, name, value);
    }
    contract
}

/// The defaults of an object with a sample's fields over them.
fn expanded(object: &str, sample: &Value) -> Map<String, Value> {
    static READ: LazyLock<Value> =
        LazyLock::new(|| serde_json::from_str(DEFAULTS).expect("the defaults are JSON"));
    let mut fields = READ[object].as_object().expect("the object has defaults").clone();
    for (name, value) in sample.as_object().expect("a sample is an object") {
        assert!(fields.contains_key(name), "{object}.{name} is no field of the broker's client");
        fields.insert(name.clone(), value.clone());
    }
    fields
}

fn set(contract: &mut ib::Contract, name: &str, value: &Value) {
    match name {
        "conId" => contract.contract_id = integer(value),
        "symbol" => contract.symbol = ib::Symbol(text(value)),
        // The library's own sign for none.
        "secType" if text(value).is_empty() => {
            contract.security_type = ib::SecurityType::Other(String::new())
        }
        "secType" => contract.security_type = text(value).parse().expect("any other text is a security type"),
        "lastTradeDateOrContractMonth" => contract.last_trade_date_or_contract_month = text(value),
        "strike" => contract.strike = float(value),
        "right" => contract.right = right(&text(value)),
        "multiplier" => contract.multiplier = text(value),
        "exchange" => contract.exchange = ib::Exchange(text(value)),
        "primaryExchange" => contract.primary_exchange = ib::Exchange(text(value)),
        "currency" => contract.currency = ib::Currency(text(value)),
        "localSymbol" => contract.local_symbol = text(value),
        "tradingClass" => contract.trading_class = text(value),
        "includeExpired" => contract.include_expired = value.as_bool().expect("a flag"),
        "secIdType" => {
            let code = text(value);
            contract.security_id_type =
                (!code.is_empty()).then(|| code.parse().expect("any text is a numbering"));
        }
        "secId" => contract.security_id = text(value),
        "issuerId" => contract.issuer_id = text(value),
        "comboLegs" => contract.combo_legs = value.as_array().expect("legs").iter().map(leg).collect(),
        "deltaNeutralContract" => {
            contract.delta_neutral_contract = (!value.is_null()).then(|| delta_neutral(value));
        }
        // Only the broker fills these; a sample that did would say something that cannot be sent.
        "lastTradeDate" | "description" | "comboLegsDescrip" => {
            assert_eq!(text(value), "", "{name} is the broker's to fill");
        }
        other => panic!("Contract.{other} is not read by this harness"),
    }
}

fn leg(sample: &Value) -> ib::ComboLeg {
    let mut leg = ib::ComboLeg::default();
    for (name, value) in &expanded("ComboLeg", sample) {
        match name.as_str() {
            "conId" => leg.contract_id = integer(value),
            "ratio" => leg.ratio = integer(value),
            "action" => leg.action = text(value).parse().expect("BUY, SELL or SSHORT"),
            "exchange" => leg.exchange = text(value),
            "openClose" => leg.open_close = integer(value).into(),
            "shortSaleSlot" => leg.short_sale_slot = integer(value),
            "designatedLocation" => leg.designated_location = text(value),
            "exemptCode" => leg.exempt_code = integer(value),
            other => panic!("ComboLeg.{other} is not read by this harness"),
        }
    }
    leg
}

fn delta_neutral(sample: &Value) -> ib::DeltaNeutralContract {
    let mut hedge = ib::DeltaNeutralContract::default();
    for (name, value) in &expanded("DeltaNeutralContract", sample) {
        match name.as_str() {
            "conId" => hedge.contract_id = integer(value),
            "delta" => hedge.delta = float(value),
            "price" => hedge.price = float(value),
            other => panic!("DeltaNeutralContract.{other} is not read by this harness"),
        }
    }
    hedge
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        other => panic!("{other} is no text"),
    }
}

fn integer(value: &Value) -> i32 {
    value.as_i64().and_then(|number| i32::try_from(number).ok()).expect("an integer of 32 bits")
}

/// A number; the library's sign for none of a strike is zero.
fn float(value: &Value) -> f64 {
    match value {
        Value::String(unset) if unset == "UNSET_DOUBLE" => 0.0,
        Value::String(text) => text.parse().expect("a number as text"),
        number => number.as_f64().expect("a number"),
    }
}

/// `C` or `P`, or the other words that the broker takes for them and for none.
fn right(code: &str) -> Option<ib::OptionRight> {
    match code {
        "" | "0" | "?" => None,
        "C" | "CALL" => Some(ib::OptionRight::Call),
        "P" | "PUT" => Some(ib::OptionRight::Put),
        other => panic!("{other:?} is neither call nor put"),
    }
}
