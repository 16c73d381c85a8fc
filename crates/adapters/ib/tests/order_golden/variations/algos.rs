//! Every algo with every value that is documented for its parameters.

use crate::files::Raw;
use serde_json::{Value, json};

/// One order for each algo and each row of values: the first row holds the first value of each parameter, and so on.
pub(crate) fn algos() -> Vec<Raw> {
    let file: Value = serde_json::from_str(include_str!("../../data/algo-params.json")).unwrap();
    file["algos"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|algo| (0..8).map(move |row| order(algo, row)))
        .collect()
}

fn order(algo: &Value, row: usize) -> Raw {
    let route = algo["contract_exchange"].as_str().unwrap().split(' ').next().unwrap();
    let no_params = Vec::new();
    let params = algo["params"].as_array().unwrap_or(&no_params);
    let tags: Vec<_> = params
        .iter()
        .map(|param| {
            let values = values(param);
            json!([param["tag"], values[row % values.len()]])
        })
        .collect();
    let name = algo["algoStrategy"].as_str().unwrap();
    Raw {
        file: "algo-params.json".to_owned(),
        name: format!("{name}@{route} {row}"),
        value: json!({
            "contract": {"symbol": "X", "secType": "STK", "exchange": route, "currency": "USD"},
            "orders": [{"action": "BUY", "totalQuantity": "1000", "orderType": "LMT", "lmtPrice": 1,
                "algoStrategy": name, "algoParams": tags}],
        }),
    }
}

/// What the parameter may hold, at least one thing.
fn values(param: &Value) -> Vec<String> {
    let range = |inner: &[&str]| {
        let ends = ["min", "max"].iter().filter_map(|end| param[*end].as_f64().map(|end| end.to_string()));
        ends.chain(inner.iter().map(|value| (*value).to_owned())).collect::<Vec<_>>()
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match param["type"].as_str().unwrap() {
        "bool" => texts(&["1", "0"]),
        "enum" => {
            let listed = param["values"].as_array().unwrap();
            listed.iter().map(|value| value.as_str().unwrap().to_owned()).collect()
        }
        "time" => texts(&["09:30:00 US/Eastern", "09:30:00 US/Eastern", "12:00:00 US/Eastern"]),
        "int" if param["min"].is_number() => range(&[]),
        "int" => texts(&["10", "1", "250", "60"]),
        "double" | "number" if param["max"].is_number() => range(&["0.25", "0.3"]),
        // A share, by its example.
        "double" | "number" if param["example"].as_str().is_some_and(|example| example.starts_with("0.")) => {
            texts(&[param["example"].as_str().unwrap(), "0.1", "0.5", "1", "0.25"])
        }
        "double" | "number" => texts(&["10", "0.5", "130.25", "40"]),
        _ => texts(&[""]),
    }
}
