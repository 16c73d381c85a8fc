//! The broker's own sample contracts, field for field.
//!
//! A sample is matched when the object that it describes becomes an instrument that becomes that object again, and when the
//! instrument's text reads back as it. For the samples that come with the project the instrument must be what a builder of
//! ours makes, too; further ones (`data/more`) need no builder. The one sample that the broker refuses (a symbol between
//! blanks) is matched when builder and translation refuse it too and name the symbol.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a panic is how a test fails, and its figures are read"
)]

#[path = "support/contract_builders.rs"]
mod contract_builders;
#[path = "support/contract_json.rs"]
mod contract_json;
#[path = "support/contract_variations.rs"]
mod contract_variations;
#[path = "support/files.rs"]
mod files;

use files::{Raw, bundled, further, report, wrong_with};
use ibapi::contracts as ib;
use tradeport_contracts::{Instrument, NotAnInstrument};
use tradeport_ib::translate::{contract_from_ib, contract_to_ib};

const REFUSED: &str = "WrongContract";

/// Read, written again, and by its text.
fn there_and_back(wanted: &ib::Contract) -> Result<Instrument, String> {
    let read = contract_from_ib(wanted).map_err(|error| error.to_string())?;
    let sent = contract_to_ib(&read).map_err(|error| error.to_string())?;
    if sent != *wanted {
        return Err(format!("sent\n{sent:#?}\nwanted\n{wanted:#?}"));
    }
    let text = read.to_string();
    match text.parse::<Instrument>() {
        Ok(again) if again == read => Ok(read),
        other => Err(format!("{text} reads as {other:?}")),
    }
}

/// What is wrong with a sample of the broker's; `Ok` when it is matched.
fn check(sample: &Raw) -> Result<(), String> {
    let wanted = contract_json::contract(&sample.value["contract"]);
    let Some(built) = contract_builders::of_sample(&sample.name) else { return check_further(sample) };
    if sample.name == REFUSED {
        let error = contract_from_ib(&wanted).err().ok_or("the broker refuses it, and it was read")?;
        let refused = matches!(&built, Err(NotAnInstrument::Symbol(given)) if given == " IJR ");
        return if error.field() == "symbol" && refused {
            Ok(())
        } else {
            Err(format!("{error}; {built:?}"))
        };
    }
    let built = built.map_err(|error| format!("the builder says: {error}"))?;
    let read = there_and_back(&wanted)?;
    if read == built { Ok(()) } else { Err(format!("read {read}, built {built}")) }
}

/// What is wrong with a sample that no builder is written for.
fn check_further(sample: &Raw) -> Result<(), String> {
    let wanted = contract_json::contract(&sample.value["contract"]);
    let Some(refused) = sample.value["refused"].as_str() else { return there_and_back(&wanted).map(|_| ()) };
    match contract_from_ib(&wanted) {
        Err(error) if error.field() == refused => Ok(()),
        Err(error) => Err(format!("refused for another field: {error}")),
        Ok(read) => Err(format!("the broker refuses its {refused}, and it was read as {read}")),
    }
}

fn contracts(samples: Vec<Raw>) -> Vec<Raw> {
    samples.into_iter().filter(|sample| !sample.is_of_orders()).collect()
}

#[test]
fn every_sample_contract_comes_out_field_for_field() {
    let samples = contracts(bundled("contract-samples.json"));
    let wrong: Vec<_> = samples
        .iter()
        .filter_map(|sample| wrong_with(&sample.file, &sample.name, || check(sample)))
        .collect();
    report("contracts", samples.len(), &wrong);
}

/// All 64 samples of the broker's are there and are built by hand, whatever else the file may hold.
#[test]
fn every_bundled_sample_has_a_builder() {
    let samples = bundled("contract-samples.json");
    let built = samples.iter().filter(|sample| contract_builders::of_sample(&sample.name).is_some()).count();
    println!("contracts built by hand: {built}, without a builder: {}", samples.len() - built);
    assert_eq!(built, contract_builders::COUNT);
}

#[test]
fn further_contracts_come_out_field_for_field() {
    let samples = contracts(further());
    let wrong: Vec<_> = samples
        .iter()
        .filter_map(|sample| wrong_with(&sample.file, &sample.name, || check_further(sample)))
        .collect();
    report("further contracts", samples.len(), &wrong);
}

/// Every sample with other numbers, dates, currencies, exchanges, legs.
#[test]
fn variations_of_the_samples_come_out_field_for_field() {
    let samples = contracts(bundled("contract-samples.json").into_iter().chain(further()).collect());
    let mut wrong = Vec::new();
    let mut given = 0;
    for sample in samples.iter().filter(|sample| sample.name != REFUSED && sample.value["refused"].is_null())
    {
        for (number, varied) in contract_variations::of(&sample.value["contract"]).into_iter().enumerate() {
            let name = format!("{} varied {number}: {varied}", sample.name);
            let check = || there_and_back(&contract_json::contract(&varied)).map(|_| ());
            wrong.extend(wrong_with(&sample.file, &name, check));
            given += 1;
        }
    }
    assert!(given > 2_000, "{given}");
    report("variations of contracts", given, &wrong);
}

#[test]
fn the_refused_sample_is_refused_by_name() {
    let refusal = contract_builders::of_sample(REFUSED).unwrap().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "the symbol \" IJR \" is unusable: expected 1 to 64 printable ASCII characters, no blank at either end"
    );
}

#[test]
#[should_panic(expected = "Contract.strikes is no field")]
fn the_harness_refuses_a_field_that_it_does_not_know() {
    contract_json::contract(&serde_json::json!({"symbol": "X", "strikes": 1}));
}
