//! What else a sample contract may say and the broker would take: each change alone, and two of them together.

use serde_json::{Map, Value, json};

/// Sets a field, or with `null` takes it away.
type Change = (&'static str, Value);

const IDENTIFIERS: [(&str, &str); 5] = [
    ("ISIN", "US0378331005"),
    ("CUSIP", "037833100"),
    ("SEDOL", "2046251"),
    ("FIGI", "BBG000B9XRY4"),
    ("RIC", "AAPL.O"),
];

/// The sample itself is not among them.
pub(crate) fn of(sample: &Value) -> Vec<Value> {
    let sample = sample.as_object().unwrap();
    let changes = changes(sample);
    let mut varied = Vec::new();
    for (index, one) in changes.iter().enumerate() {
        varied.push(with(sample, &[one]));
        // Every fourth pair, a different quarter for each first change: all of them would take minutes on a slow machine.
        let others = changes.iter().enumerate().skip(index + 1).filter(|(other, _)| (other + index) % 4 == 0);
        varied.extend(others.map(|(_, other)| with(sample, &[one, other])));
    }
    varied.retain(|varied| varied != sample && is_taken(varied));
    varied.into_iter().map(Value::Object).collect()
}

fn with(sample: &Map<String, Value>, changes: &[&Vec<Change>]) -> Map<String, Value> {
    let mut varied = sample.clone();
    for (field, value) in changes.iter().flat_map(|change| change.iter()) {
        match value {
            Value::Null => varied.remove(*field),
            value => varied.insert((*field).to_owned(), value.clone()),
        };
    }
    varied
}

/// Would the broker take it? A pair has two currencies; something names what is meant, and says what it is unless a number
/// does.
fn is_taken(varied: &Map<String, Value>) -> bool {
    let says = |field: &str| varied.get(field).is_some_and(|value| *value != "" && *value != 0);
    let pair = varied.get("secType").is_some_and(|kind| kind == "CASH");
    let numbered = says("conId") || says("secId");
    let named = says("symbol") || says("localSymbol") || numbered || says("issuerId");
    let kind = says("secType") || numbered || (says("issuerId") && !says("symbol") && !says("localSymbol"));
    let news = varied.get("secType").is_some_and(|kind| kind == "NEWS");
    let bare = !says("secType") && (says("lastTradeDateOrContractMonth") || says("strike") || says("right"));
    let quoted = !pair || !says("symbol") || (says("currency") && varied["symbol"] != varied["currency"]);
    quoted && kind && !bare && (named || news && says("exchange"))
}

fn each(field: &'static str, values: &[Value]) -> Vec<Vec<Change>> {
    values.iter().map(|value| vec![(field, value.clone())]).collect()
}

fn changes(sample: &Map<String, Value>) -> Vec<Vec<Change>> {
    let kind = sample.get("secType").and_then(Value::as_str).unwrap_or_default();
    let mut all = names(sample, kind);
    all.extend(places(sample, kind));
    if matches!(kind, "FUT" | "FOP" | "OPT" | "WAR" | "IOPT" | "FWD") {
        all.extend(terms(sample, kind));
    }
    if kind == "BAG" {
        all.extend((1..=6).map(|count| vec![("comboLegs", legs(count))]));
        let hedge = |delta: f64, price: f64| json!({"conId": 265_598, "delta": delta, "price": price});
        all.extend(each("deltaNeutralContract", &[hedge(0.5, 0.0), hedge(-35.0, 187.25), hedge(1.0, 0.01)]));
    }
    all
}

fn names(sample: &Map<String, Value>, kind: &str) -> Vec<Vec<Change>> {
    let mut all = Vec::new();
    if sample.contains_key("symbol") {
        let symbols: &[&str] = match kind {
            "CASH" => &["AUD", "CHF", "USD", "CNH"],
            "NEWS" => &["DJ-RT:DJ-RT_ALL"],
            _ => &["BRK B", "7203", "A", "SPX,SPY", "XAUUSD", "IB-ESH6.Z"],
        };
        all.extend(each("symbol", &symbols.iter().map(|text| json!(text)).collect::<Vec<_>>()));
        all.push(vec![("conId", json!(12_087_792)), ("symbol", Value::Null)]);
    }
    all.push(vec![("conId", json!(265_598))]);
    all.push(vec![("conId", json!(i32::MAX - 1))]);
    if kind != "BAG" {
        let identifier =
            |(scheme, code): &(&str, &str)| vec![("secIdType", json!(scheme)), ("secId", json!(code))];
        all.extend(IDENTIFIERS.iter().map(identifier));
        all.push(vec![("conId", json!(265_598)), ("secType", Value::Null)]);
    }
    all.extend(each(
        "localSymbol",
        &[json!("FGBL MAR 23"), json!("AAPL  240816P00100000"), json!("EUR.USD")],
    ));
    all.extend(each("tradingClass", &[json!("NMS"), json!("FGBL"), json!("E4A")]));
    all.extend(each("issuerId", &[json!("e1453318")]));
    all.extend(each("includeExpired", &[json!(true)]));
    all
}

fn places(sample: &Map<String, Value>, kind: &str) -> Vec<Vec<Change>> {
    let mut all = Vec::new();
    // Another exchange there is another kind of contract.
    if sample.get("exchange").is_some_and(|exchange| exchange != "FORECASTX") && kind != "NEWS" {
        let exchanges = ["SMART", "OSE.JPN", "IBKRATS", "IBEOS", "SEHK", "T24X", "CME", "EUREX"];
        all.extend(each("exchange", &exchanges.map(|code| json!(code))));
        all.extend(each("exchange", &[Value::Null]));
    }
    let currencies = ["EUR", "GBP", "JPY", "HKD", "CNH", "CHF", "MXN"];
    all.extend(each("currency", &currencies.map(|code| json!(code))));
    all.extend(each("primaryExchange", &["NASDAQ", "ARCA", "LSEETF", "TSEJ"].map(|code| json!(code))));
    all
}

fn terms(sample: &Map<String, Value>, kind: &str) -> Vec<Vec<Change>> {
    let mut all = Vec::new();
    let days = ["202606", "20260320", "20271217", "20300118", "20251231"];
    all.extend(each("lastTradeDateOrContractMonth", &days.map(|day| json!(day))));
    // Questions about the world end on any day of the week.
    if sample["exchange"] == "FORECASTX" {
        all.extend(each("lastTradeDateOrContractMonth", &[json!("20260131")]));
    }
    let multipliers = ["1", "5", "10", "100", "1000", "125000", "0.1", "2.5", "0.01", "100.0"];
    all.extend(each("multiplier", &multipliers.map(|text| json!(text))));
    if matches!(kind, "FUT" | "FWD") {
        return all;
    }
    let asked = sample["exchange"] == "FORECASTX";
    let strikes = [0.5, 7.5, 1180.0, 12_345.678, 100_000.0, 0.01];
    for right in ["C", "P"] {
        all.extend(strikes.iter().map(|strike| vec![("strike", json!(strike)), ("right", json!(right))]));
        if !asked {
            all.extend(each("right", &[json!(right)]));
        }
        if asked {
            all.push(vec![("strike", json!(0)), ("right", json!(right))]);
        }
    }
    all
}

/// Legs that differ in all that a leg may say.
fn legs(count: usize) -> Value {
    let ratios = [1, 2, 3, 850, 1, 10];
    let leg = |(index, ratio): (usize, &i32)| {
        let mut leg = json!({
            "conId": 577_164_786 - index,
            "ratio": ratio,
            "action": (["BUY", "SELL", "SSHORT"][index % 3]),
            "exchange": (["SMART", "EUREX", "IPE", "CBOE"][index % 4]),
            "openClose": (index % 4),
        });
        if index % 3 == 2 {
            leg["shortSaleSlot"] = json!(1 + index / 3);
            leg["exemptCode"] = json!(index);
        }
        if index == 5 {
            leg["designatedLocation"] = json!("XYZ CORP");
        }
        leg
    };
    ratios.iter().enumerate().take(count).map(leg).collect()
}
