//! The broker's own sample orders, field for field: read and written again, and built by hand.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a panic is how a test fails, and its figures are read"
)]

mod around;
mod builders;
mod cancels;
mod expand;
#[path = "../support/files.rs"]
mod files;
mod hand;
mod refusals;
mod samples;
mod variations;

use around::Around;
use expand::Sample;
use files::{report, wrong_with};
use samples::{contracts, further_samples, raw_samples, samples, whole};
use tradeport_ib::translate::{IbOrder, family_to_ib, order_from_ib};
use tradeport_orders::OrderIntent;

fn orders() -> Vec<Sample> {
    samples().into_iter().filter(|sample| sample.kind == "order").collect()
}

/// Which fields differ, since two orders have 150 of them.
fn differences(found: &[IbOrder], wanted: &[IbOrder]) -> Result<(), String> {
    if found.len() != wanted.len() {
        return Err(format!("{} orders, wanted {}", found.len(), wanted.len()));
    }
    let differ = |(found, wanted): &(&IbOrder, &IbOrder)| found != wanted;
    let Some((found, wanted)) = found.iter().zip(wanted).find(differ) else { return Ok(()) };
    let (found, wanted) = (format!("{found:#?}"), format!("{wanted:#?}"));
    let differing: Vec<_> =
        found.lines().zip(wanted.lines()).filter(|(found, wanted)| found != wanted).collect();
    Err(format!("(found, wanted) {differing:?}"))
}

fn matched_all(what: &str, matched: usize, given: usize) {
    println!("{what}: matched {matched} of {given}, none skipped");
    assert_eq!(matched, given);
}

/// What is wrong with a sample: read, and written again.
fn there_and_back(sample: &Sample) -> Result<(), String> {
    let around = Around::of(sample);
    let read = |order: &IbOrder| -> Result<OrderIntent, String> {
        let received = order_from_ib(order, &around.surroundings()).map_err(|error| error.to_string())?;
        assert_eq!(received.number, order.order.order_id);
        Ok(received.intent)
    };
    let intents = sample.orders.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let written = family_to_ib(&intents, &around.surroundings()).map_err(|error| error.to_string())?;
    differences(&written, &sample.orders)
}

fn all_come_back(what: &str, samples: &[Sample]) {
    let wrong: Vec<_> = samples
        .iter()
        .filter_map(|sample| wrong_with(&sample.file, &sample.name, || there_and_back(sample)))
        .collect();
    report(what, samples.len(), &wrong);
}

#[test]
fn every_sample_comes_out_field_for_field() {
    all_come_back("sample orders", &orders());
}

#[test]
fn further_orders_of_the_same_kinds_come_out_field_for_field() {
    let further: Vec<_> = further_samples().into_iter().filter(|sample| sample.kind == "order").collect();
    all_come_back("further orders", &further);
}

/// Every sample with other numbers, texts, moments, attributes.
#[test]
fn variations_of_the_samples_come_out_field_for_field() {
    let (mut given, mut wrong) = (0, Vec::new());
    let contracts = contracts();
    for raw in raw_samples() {
        for varied in variations::of(&raw) {
            let name = format!("{}: {}", varied.name, varied.value["orders"]);
            wrong.extend(wrong_with(&raw.file, &name, || there_and_back(&whole(&varied, &contracts))));
            given += 1;
        }
    }
    assert!(given > 5_000, "{given}");
    report("variations of orders", given, &wrong);
}

/// Every algo with other values.
#[test]
fn every_algo_comes_out_field_for_field() {
    let contracts = contracts();
    let algos = variations::algos();
    let wrong: Vec<_> = algos
        .iter()
        .filter_map(|raw| wrong_with(&raw.file, &raw.name, || there_and_back(&whole(raw, &contracts))))
        .collect();
    report("orders with an algo", algos.len(), &wrong);
}

#[test]
fn every_sample_can_be_built_by_hand() {
    let samples = orders();
    let (mut matched, mut further) = (0, 0);
    for sample in &samples {
        let Some((_, build)) = builders::TABLE.iter().find(|(name, _)| *name == sample.name) else {
            further += 1;
            continue;
        };
        let around = Around::of(sample);
        let written = family_to_ib(&build(), &around.surroundings()).unwrap();
        differences(&written, &sample.orders).unwrap_or_else(|reason| panic!("{}: {reason}", sample.name));
        matched += 1;
    }
    println!("{further} further samples without a builder");
    matched_all("samples built by hand", matched, builders::TABLE.len());
}

#[test]
fn every_documented_field_is_known_to_the_harness() {
    let defaults: serde_json::Value =
        serde_json::from_str(include_str!("../data/field-defaults.json")).unwrap();
    let mut order = IbOrder::from(ibapi::orders::Order::default());
    let fields = defaults["Order"].as_object().unwrap();
    for (field, value) in fields {
        expand::set(&mut order, field, value);
    }
    assert_eq!(
        order,
        IbOrder::from(ibapi::orders::Order::default()),
        "the documented defaults are the library's"
    );
    matched_all("documented fields", fields.len(), 152);
}
