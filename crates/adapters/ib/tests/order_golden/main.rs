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
mod hand;

use around::Around;
use expand::{Sample, further_samples, samples};
use tradeport_ib::translate::{IbOrder, family_to_ib, order_from_ib};
use tradeport_orders::OrderIntent;

fn orders() -> Vec<Sample> {
    samples().into_iter().filter(|sample| sample.kind == "order").collect()
}

/// Says which fields differ, since two orders have 150 of them.
fn assert_same(name: &str, found: &[IbOrder], wanted: &[IbOrder]) {
    assert_eq!(found.len(), wanted.len(), "{name}: number of orders");
    for (found, wanted) in found.iter().zip(wanted) {
        if found == wanted {
            continue;
        }
        let (found_text, wanted_text) = (format!("{found:#?}"), format!("{wanted:#?}"));
        let differing: Vec<_> =
            found_text.lines().zip(wanted_text.lines()).filter(|(found, wanted)| found != wanted).collect();
        panic!("{name}: (found, wanted) {differing:#?}");
    }
}

fn report(what: &str, matched: usize, given: usize) {
    println!("{what}: matched {matched} of {given}, none skipped");
    assert_eq!(matched, given);
}

#[test]
fn every_sample_comes_out_field_for_field() {
    report("sample orders", read_and_written(&orders()), orders().len());
}

#[test]
fn further_orders_of_the_same_kinds_come_out_field_for_field() {
    let further = further_samples();
    report("further orders", read_and_written(&further), further.len());
}

/// How many samples come out as they went in.
fn read_and_written(samples: &[Sample]) -> usize {
    let mut matched = 0;
    for sample in samples {
        let around = Around::of(sample);
        let read = |order: &IbOrder| {
            let read = order_from_ib(order, &around.surroundings());
            let received = read.unwrap_or_else(|error| panic!("{}: {error}", sample.name));
            assert_eq!(received.number, order.order.order_id);
            received.intent
        };
        let intents: Vec<OrderIntent> = sample.orders.iter().map(read).collect();
        let written = family_to_ib(&intents, &around.surroundings()).unwrap();
        assert_same(&sample.name, &written, &sample.orders);
        matched += 1;
    }
    matched
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
        assert_same(&sample.name, &written, &sample.orders);
        matched += 1;
    }
    println!("{further} further samples without a builder");
    report("samples built by hand", matched, builders::TABLE.len());
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
    report("documented fields", fields.len(), 152);
}
