//! The broker's sample cancels.

use super::expand::Sample;
use super::matched_all as report;
use super::samples::{further_samples, samples};
use serde_json::Value;
use tradeport_ib::translate::{CancelWords, cancel_from_ib, cancel_to_ib};
use tradeport_orders::{CancelTag, Entry};

fn words(sample: &Sample) -> CancelWords {
    assert_eq!(sample.raw.len(), 1, "{} is one cancel", sample.name);
    let mut words = CancelWords::default();
    for (field, value) in &sample.raw[0] {
        let text = || value.as_str().unwrap().to_owned();
        match field.as_str() {
            "manualOrderCancelTime" => words.manual_order_cancel_time = text(),
            "extOperator" => words.ext_operator = text(),
            "manualOrderIndicator" => {
                words.manual_order_indicator = value.as_i64().map(|number| i32::try_from(number).unwrap());
            }
            // Of one version of the API only.
            "externalUserId" => {}
            other => panic!("the field {other} is not known"),
        }
    }
    words
}

fn by_hand(name: &str) -> Option<CancelTag> {
    let operator = |name: &str| Some(name.parse().unwrap());
    Some(match name {
        "CancelOrderEmpty" => CancelTag::default(),
        "CancelOrderWithManualTime" => {
            CancelTag { asked_at: Some("2024-06-14T00:00:10Z".parse().unwrap()), ..CancelTag::default() }
        }
        "RfqCancel" => CancelTag {
            entry: Some(Entry::Manual),
            operator: operator("Ext Operator 2"),
            ..CancelTag::default()
        },
        "OrderCancelWithCmeTaggingFields" => {
            CancelTag { entry: Some(Entry::Automated), operator: operator("BCDE"), ..CancelTag::default() }
        }
        _ => return None,
    })
}

#[test]
fn every_cancel_comes_out_field_for_field() {
    let cancels: Vec<_> = samples().into_iter().filter(|sample| sample.kind == "cancel").collect();
    let (mut matched, mut built) = (0, 0);
    for sample in &cancels {
        let wanted = words(sample);
        let tag = cancel_from_ib(&wanted).unwrap();
        assert_eq!(cancel_to_ib(&tag), wanted, "{}", sample.name);
        matched += 1;
        if let Some(by_hand) = by_hand(&sample.name) {
            assert_eq!(by_hand, tag, "{}", sample.name);
            built += 1;
        }
    }
    report("sample cancels", matched, cancels.len());
    for sample in further_samples().iter().filter(|sample| sample.kind == "cancel") {
        let wanted = words(sample);
        assert_eq!(cancel_to_ib(&cancel_from_ib(&wanted).unwrap()), wanted, "{}", sample.name);
    }
    report("cancels built by hand", built, 4);
    let orders = samples().iter().filter(|sample| sample.kind == "order").count();
    report("samples of both kinds", orders + cancels.len(), samples().len());
}

#[test]
fn the_documented_fields_of_a_cancel_are_known() {
    let defaults: Value = serde_json::from_str(include_str!("../data/field-defaults.json")).unwrap();
    let mut fields: Vec<_> = defaults["OrderCancel"].as_object().unwrap().keys().cloned().collect();
    fields.sort();
    assert_eq!(fields, ["extOperator", "manualOrderCancelTime", "manualOrderIndicator"]);
}
