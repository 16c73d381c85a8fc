//! The broker's own sample contracts, field for field.
//!
//! A sample is matched when the object that it describes is what the builder's instrument becomes, when reading that
//! object gives the builder's instrument, and when the instrument's text reads back as it. The one sample that the
//! broker refuses (a symbol between blanks) is matched when builder and translation refuse it too and name the symbol.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/contract_builders.rs"]
mod contract_builders;
#[path = "support/contract_json.rs"]
mod contract_json;

use serde_json::Value;
use tradeport_contracts::{Instrument, NotAnInstrument};
use tradeport_ib::translate::{contract_from_ib, contract_to_ib};

const SAMPLES: &str = include_str!("data/contract-samples.json");
const REFUSED: &str = "WrongContract";

/// What is wrong with a sample; `Ok` when it is matched.
fn check(sample: &Value) -> Result<(), String> {
    let name = sample["name"].as_str().ok_or("a sample without a name")?;
    let wanted = contract_json::contract(&sample["contract"]);
    let built = contract_builders::of_sample(name).ok_or("no builder writes it")?;
    if name == REFUSED {
        let error = contract_from_ib(&wanted).err().ok_or("the broker refuses it, and it was read")?;
        let refused = matches!(&built, Err(NotAnInstrument::Symbol(given)) if given == " IJR ");
        return if error.field() == "symbol" && refused {
            Ok(())
        } else {
            Err(format!("{error}; {built:?}"))
        };
    }
    let built = built.map_err(|error| format!("the builder says: {error}"))?;
    let sent = contract_to_ib(&built).map_err(|error| error.to_string())?;
    if sent != wanted {
        return Err(format!("sent\n{sent:#?}\nwanted\n{wanted:#?}"));
    }
    let read = contract_from_ib(&wanted).map_err(|error| error.to_string())?;
    if read != built {
        return Err(format!("read {read}, built {built}"));
    }
    let text = built.to_string();
    match text.parse::<Instrument>() {
        Ok(again) if again == built => Ok(()),
        other => Err(format!("{text} reads as {other:?}")),
    }
}

#[test]
fn every_sample_contract_comes_out_field_for_field() {
    let file: Value = serde_json::from_str(SAMPLES).unwrap();
    let samples = file["samples"].as_array().unwrap();
    let wrong: Vec<String> = samples
        .iter()
        .filter_map(|sample| check(sample).err().map(|reason| format!("{}: {reason}", sample["name"])))
        .collect();
    let matched = samples.len() - wrong.len();
    println!("contracts: matched {matched} of {}, none skipped", samples.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(Some(matched as u64), file["count"].as_u64(), "the file says how many samples it has");
}

#[test]
fn the_refused_sample_is_refused_by_name() {
    let refusal = contract_builders::of_sample(REFUSED).unwrap().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the symbol \" IJR \" is unusable: expected 1 to 64 printable ASCII characters, no blank at either end"
    );
}

/// Samples in the same form that no builder is written for: what is read is sent again as it was.
#[test]
fn what_is_read_is_sent_as_it_was() {
    let further: &[&str] = &[
        r#"{"symbol":"FISV","secType":"OPT","exchange":"SMART","currency":"USD"}"#,
        r#"{"localSymbol":"P BMW  20221216 72 M","secType":"OPT","exchange":"EUREX","currency":"EUR"}"#,
        r#"{"symbol":"SANT","secType":"OPT","exchange":"MEFFRV","currency":"EUR","multiplier":"100","strike":7.5,
            "lastTradeDateOrContractMonth":"20190621","right":"C","tradingClass":"SANEU"}"#,
        r#"{"symbol":"ES","secType":"CONTFUT","exchange":"CME"}"#,
        r#"{"symbol":"ES","secType":"FUT","exchange":"CME","currency":"USD","includeExpired":true}"#,
        r#"{"symbol":"ES","secType":"FOP","exchange":"CME","currency":"USD","tradingClass":"ECES","strike":6800,
            "right":"P","lastTradeDateOrContractMonth":"20251231"}"#,
        r#"{"symbol":"UHSEA","secType":"OPT","exchange":"FORECASTX","currency":"USD","strike":0,"right":"C",
            "lastTradeDateOrContractMonth":"20251231"}"#,
        r#"{"conId":265598,"symbol":"AAPL","secType":"STK","exchange":"SMART","primaryExchange":"NASDAQ",
            "currency":"USD","localSymbol":"AAPL","tradingClass":"NMS"}"#,
        r#"{"secIdType":"SEDOL","secId":"BH4HKS3","secType":"STK","exchange":"LSE","currency":"GBP"}"#,
        r#"{"secIdType":"CUSIP","secId":"037833100","exchange":"SMART","currency":"USD"}"#,
        r#"{"secIdType":"RIC","secId":"VOD.L","exchange":"SMART"}"#,
        r#"{"issuerId":"e1453318","secType":"BOND"}"#,
        r#"{"symbol":"US-T","secType":"BILL","exchange":"SMART","currency":"USD"}"#,
        r#"{"symbol":"X","secType":"FIXED","exchange":"SMART","currency":"USD"}"#,
        r#"{"symbol":"X","secType":"FWD","exchange":"SMART","currency":"USD"}"#,
        r#"{"symbol":"X","secType":"BSK","exchange":"SMART","currency":"USD"}"#,
        r#"{"symbol":"X","secType":"ICU","exchange":"SMART","currency":"USD"}"#,
        r#"{"symbol":"X","secType":"ICS","exchange":"SMART","currency":"USD"}"#,
        r#"{"symbol":"X","secType":"SLB","exchange":"SMART","currency":"USD"}"#,
        r#"{"symbol":"SPX","secType":"BAG","exchange":"SMART","currency":"USD","comboLegs":[{"conId":1,"ratio":3,
            "action":"SSHORT","exchange":"SMART","openClose":1,"shortSaleSlot":2,"designatedLocation":"XYZ CORP",
            "exemptCode":0}],"deltaNeutralContract":{"conId":9,"delta":0.25,"price":12.5}}"#,
    ];
    for text in further {
        let wanted = contract_json::contract(&serde_json::from_str(text).unwrap());
        let read = contract_from_ib(&wanted).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(contract_to_ib(&read).unwrap(), wanted, "{read}");
        assert_eq!(read.to_string().parse(), Ok(read));
    }
}

#[test]
#[should_panic(expected = "Contract.strikes is no field")]
fn the_harness_refuses_a_field_that_it_does_not_know() {
    contract_json::contract(&serde_json::json!({"symbol": "X", "strikes": 1}));
}
