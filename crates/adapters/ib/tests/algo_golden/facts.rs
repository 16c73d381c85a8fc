//! What is documented about every algo: each name, tag, choice and range.

use super::{pairs, report, tag};
use serde_json::Value;
use tradeport_ib::translate::{algo_from_ib, algo_to_ib};
use tradeport_orders::algo::{AlgoSpec, ParamSpec, ParamValue, Provider, Takes};

fn documented() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("../data/algo-params.json")).unwrap();
    file["algos"].as_array().unwrap().clone()
}

fn words(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().map(|word| word.as_str().unwrap()).collect()).unwrap_or_default()
}

/// The listed algo that a documented one is, and the route of its orders.
fn known(algo: &Value) -> (&'static AlgoSpec, &str) {
    let route = algo["contract_exchange"].as_str().unwrap().split(' ').next().unwrap();
    let provider = Provider::at_route(route).unwrap();
    let strategy = algo["algoStrategy"].as_str().unwrap();
    let spec = AlgoSpec::find(&provider, strategy);
    (spec.unwrap_or_else(|| panic!("{provider} {strategy} is not listed")), route)
}

/// A documented parameter, and the wire of its algo.
struct Case<'a> {
    facts: &'a Value,
    param: &'static ParamSpec,
    strategy: &'static str,
    route: &'a str,
}

impl Case<'_> {
    fn read(&self, text: &str) -> Result<ParamValue, String> {
        let name = self.param.name();
        let algo =
            algo_from_ib(self.strategy, &[tag(name, text)], self.route).map_err(|no| no.to_string())?;
        let (strategy, tags) = algo_to_ib(&algo);
        assert_eq!((strategy.as_str(), pairs(&tags)), (self.strategy, vec![(name, text)]));
        Ok(algo.params()[0].value().clone())
    }

    fn takes(&self, texts: &[&str]) {
        for text in texts {
            self.read(text).unwrap_or_else(|refused| panic!("{refused}"));
        }
    }

    /// A refusal names the algo, the parameter, what was given and what would be accepted.
    fn refuses(&self, texts: &[&str]) {
        for text in texts {
            let refused =
                self.read(text).expect_err(&format!("{} {} {text:?}", self.strategy, self.param.name()));
            for part in [self.strategy, self.param.name(), text.trim_start_matches('+'), "expected"] {
                assert!(refused.contains(part), "{refused}: no {part}");
            }
        }
    }

    fn check(&self) {
        let name = self.param.name();
        assert_eq!(self.facts["tag"].as_str(), Some(name));
        match self.facts["type"].as_str().unwrap() {
            "bool" => self.flag(),
            "enum" => self.choice(),
            "int" => self.integer(),
            "double" | "number" => self.number(),
            "time" => self.time(),
            "string" => self.text(),
            other => panic!("{name} is of the unknown type {other}"),
        }
        // Anything may be sent without a value.
        assert!(matches!(self.read("").unwrap(), ParamValue::Blank | ParamValue::Choice(_)));
    }

    fn flag(&self) {
        assert_eq!(self.read("0").unwrap(), ParamValue::Flag(false));
        assert_eq!(self.read("1").unwrap(), ParamValue::Flag(true));
        self.refuses(&["2", "-1", "true", "Yes", "1.0"]);
    }

    fn choice(&self) {
        let documented = words(&self.facts["values"]);
        self.takes(&documented);
        let Takes::Choice(choices) = self.param.takes() else { panic!("{} is a choice", self.param.name()) };
        // The broker's sample program writes this one as a flag.
        let more: &[&str] = if self.param.name() == "IsBuyBack" { &["1", "0"] } else { &[] };
        assert_eq!(choices, [&documented, more].concat(), "{}", self.param.name());
        self.refuses(&["no such choice", "17", "YES!"]);
    }

    fn integer(&self) {
        self.takes(&["0", "10", "12.0"]);
        self.refuses(&["x", "1.5", "NaN", "09:30:00 UTC", "99999999999", "1_000"]);
        if let (Some(min), Some(max)) = (self.facts["min"].as_i64(), self.facts["max"].as_i64()) {
            self.takes(&[&min.to_string(), &max.to_string()]);
            self.refuses(&[&(min - 1).to_string(), &(max + 1).to_string()]);
        }
    }

    fn number(&self) {
        self.refuses(&["x", "NaN", "inf", "1e400", "1_000", "09:30:00 UTC", "2000000000000"]);
        if self.facts["exclusive_min"].as_f64() == Some(0.0) {
            self.takes(&["0.01", "130"]);
            self.refuses(&["0", "-1"]);
        }
        if self.facts["signed"].as_bool() == Some(true) {
            self.takes(&["-10", "-0.25", "10"]);
        }
        if let Some(example) = self.facts["example"].as_str() {
            self.takes(&[example]);
        }
        match (self.facts["min"].as_f64(), self.facts["max"].as_f64()) {
            // The tables' least share; the prose, the terminal and the sample program go down to one percent.
            (Some(min), Some(max)) if min > 0.0 => {
                self.takes(&[&min.to_string(), &max.to_string(), "0.20", "0.01"]);
                self.refuses(&["0", "0.009", "0.51", "-0.1", "1", "20"]);
            }
            (Some(min), Some(max)) => {
                self.takes(&[&min.to_string(), &max.to_string(), "0.50"]);
                self.refuses(&["-0.01", "1.01", "20"]);
            }
            _ => {}
        }
    }

    fn time(&self) {
        let of_day =
            ["09:30:00 US/Eastern", "15:45:00 EST", "12:00:00", "9:00:00 EST", "23:59:59 Asia/Tokyo"];
        self.takes(&of_day);
        let formats = self.facts["format"].to_string();
        if formats.contains("YYYYMMDD") {
            self.takes(&[
                "20180926-06:06:49",
                "20180926-06:06:49 US/Eastern",
                "20180926 06:06:49 US/Eastern",
            ]);
        } else {
            self.refuses(&["20180926-06:06:49"]);
        }
        self.refuses(&["x", "17", "24:00:00 UTC", "09:30 UTC", "09:30:00 Mars/Base", "20181326-06:06:49"]);
    }

    fn text(&self) {
        match self.param.takes() {
            Takes::Zone => {
                self.takes(&["US/Eastern", "CET"]);
                self.refuses(&["Mars/Base"]);
            }
            _ => self.takes(&["10", "some text"]),
        }
        assert!(self.read(&"x".repeat(257)).is_err());
    }
}

#[test]
fn every_documented_algo_and_parameter_is_listed() {
    let documented = documented();
    let (mut algos, mut params, mut listed, mut given) = (0, 0, 0, 0);
    for algo in &documented {
        let (spec, route) = known(algo);
        assert_eq!(algo["title"].as_str(), Some(spec.title()));
        assert_eq!(words(&algo["order_types"]), spec.order_kinds(), "{}", spec.strategy());
        assert_eq!(products(algo), spec.products().iter().map(|p| p.name()).collect::<Vec<_>>());
        let facts = algo["params"].as_array().unwrap();
        given += facts.len();
        listed += spec.params().len();
        for (facts, param) in facts.iter().zip(spec.params()) {
            Case { facts, param, strategy: spec.strategy(), route }.check();
            params += 1;
        }
        algos += 1;
    }
    report("algos", algos, documented.len());
    report("parameters", params, given);
    assert_eq!((AlgoSpec::all().count(), listed), (documented.len(), given), "listed but not documented");
}

fn products(algo: &Value) -> Vec<&'static str> {
    let name = |code: &&str| match *code {
        "STK" => "stock",
        "OPT" => "option",
        "FUT" => "future",
        "CASH" => "forex",
        other => panic!("{other} is an unknown product"),
    };
    words(&algo["products"]).iter().map(name).collect()
}
