//! Instruments of every kind go out and come back as they were, and no foreign object breaks the way back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a panic is how a test fails")]

#[path = "support/contract_kinds.rs"]
#[macro_use]
mod contract_kinds;

use ibapi::contracts as ib;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use tradeport_conformance::generate;
use tradeport_contracts::{Instrument, InstrumentKind};
use tradeport_ib::translate::{contract_from_ib, contract_to_ib};

const CASES: u32 = 10_000;

fn comes_back(instrument: &Instrument) -> Result<(), TestCaseError> {
    let sent =
        contract_to_ib(instrument).map_err(|error| TestCaseError::fail(format!("{instrument}: {error}")))?;
    let back =
        contract_from_ib(&sent).map_err(|error| TestCaseError::fail(format!("{instrument}: {error}")))?;
    prop_assert_eq!(&back, instrument, "{:?}", sent);
    Ok(())
}

fn all_come_back(what: &str, instruments: &impl Strategy<Value = Instrument>) {
    let mut runner = TestRunner::new(ProptestConfig::with_cases(CASES));
    let held = runner.run(instruments, |instrument| comes_back(&instrument));
    held.unwrap_or_else(|error| panic!("{what}: {error}"));
}

fn kind_comes_back(what: &str, kind: InstrumentKind) {
    all_come_back(what, &generate::instrument(kind));
}

for_each_contract_kind!(kind_comes_back);

#[test]
fn numbers_alone() {
    all_come_back("numbers", &generate::numbered_instrument());
}

fn odd_float() -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        Just(f64::MAX),
        Just(-0.0),
        Just(5e-324),
        any::<f64>(),
        (1_i32..100_000).prop_map(|n| f64::from(n) / 100.0),
    ]
}

fn odd_text() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), Just("SMART".to_owned()), Just(" ".to_owned()), "[A-Z]{3}", ".{0,12}"]
}

fn odd_kind() -> impl Strategy<Value = ib::SecurityType> {
    let known = ["STK", "OPT", "FUT", "FOP", "CASH", "BAG", "NEWS", "IOPT", "BOND", "SBL"];
    prop_oneof![
        prop::sample::select(known.to_vec()).prop_map(|code| code.parse().unwrap()),
        odd_text().prop_map(ib::SecurityType::Other),
    ]
}

fn odd_leg() -> impl Strategy<Value = ib::ComboLeg> {
    let numbers = (any::<i32>(), any::<i32>(), -2..4_i32, any::<i32>());
    (numbers, odd_text(), odd_text()).prop_map(
        |((contract_id, ratio, slot, exempt_code), exchange, place)| ib::ComboLeg {
            contract_id,
            ratio,
            exchange,
            short_sale_slot: slot,
            designated_location: place,
            exempt_code,
            ..ib::ComboLeg::default()
        },
    )
}

fn odd_contract() -> impl Strategy<Value = ib::Contract> {
    let names = (odd_text(), odd_text(), odd_text(), odd_text(), odd_text());
    let terms = (
        prop_oneof![odd_text(), "[0-9]{6}", "[0-9]{8}"],
        odd_float(),
        prop_oneof![Just(None), Just(Some(ib::OptionRight::Put))],
        prop_oneof![odd_text(), Just("100".to_owned()), Just("1e400".to_owned()), Just("-1".to_owned())],
    );
    let numbers = (prop_oneof![Just(0), any::<i32>()], odd_kind(), any::<bool>());
    let security_id = prop_oneof![
        Just((None, String::new())),
        odd_text().prop_map(|code| (Some(ib::SecurityIdType::Isin), code)),
        odd_text().prop_map(|code| (Some(ib::SecurityIdType::Unknown(code.clone())), code)),
    ];
    let hedge = prop::option::weighted(0.2, (any::<i32>(), odd_float(), odd_float()));
    let rest = (security_id, prop::collection::vec(odd_leg(), 0..2), hedge);
    (names, terms, numbers, rest).prop_map(|(names, terms, numbers, rest)| {
        let ((security_id_type, security_id), combo_legs, hedge) = rest;
        ib::Contract {
            contract_id: numbers.0,
            symbol: ib::Symbol(names.0),
            security_type: numbers.1,
            last_trade_date_or_contract_month: terms.0,
            strike: terms.1,
            right: terms.2,
            multiplier: terms.3,
            exchange: ib::Exchange(names.1),
            currency: ib::Currency(names.2),
            local_symbol: names.3,
            primary_exchange: ib::Exchange(names.4.clone()),
            trading_class: names.4,
            include_expired: numbers.2,
            security_id_type,
            security_id,
            combo_legs,
            delta_neutral_contract: hedge.map(|(contract_id, delta, price)| ib::DeltaNeutralContract {
                contract_id,
                delta,
                price,
            }),
            ..ib::Contract::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(CASES))]

    #[test]
    fn no_foreign_object_breaks_the_way_back(contract in odd_contract()) {
        if let Ok(instrument) = contract_from_ib(&contract) {
            comes_back(&instrument)?;
        }
    }
}

#[test]
fn refusals_name_the_field_and_its_value() {
    let stock = || ib::Contract::stock("AAPL").build();
    let said = |contract: ib::Contract| contract_from_ib(&contract).unwrap_err().to_string();
    let unknown = ib::Contract { security_type: ib::SecurityType::Other("ZZZ".into()), ..stock() };
    assert_eq!(said(unknown), "Contract.security_type is \"ZZZ\": a security type that is not known");
    let strange = ib::Contract { strike: f64::NAN, ..stock() };
    assert_eq!(said(strange), "Contract.strike is NaN: not a number of ours");
    let strange = ib::Contract { strike: 5.0, ..stock() };
    assert_eq!(said(strange), "Contract.strike is 5.0: a stock has no strike, and 5 was given");
    let strange = ib::Contract { currency: "usd".into(), ..stock() };
    assert_eq!(
        said(strange),
        "Contract.currency is \"usd\": \"usd\" is not a currency: expected three capital letters such as USD"
    );
    let strange = ib::Contract { contract_id: -7, ..stock() };
    assert_eq!(said(strange), "Contract.contract_id is -7: it must be zero for none, or above");
    let strange = ib::Contract { multiplier: "ten".into(), ..stock() };
    assert_eq!(said(strange), "Contract.multiplier is \"ten\": not a number");
    let strange = ib::Contract {
        security_id_type: Some(ib::SecurityIdType::Unknown("LEI".into())),
        security_id: "X".into(),
        ..stock()
    };
    assert_eq!(said(strange), "Contract.security_id_type is \"LEI\": a numbering that is not known");
    let strange = ib::Contract {
        security_id_type: Some(ib::SecurityIdType::Isin),
        security_id: "US0378331006".into(),
        ..stock()
    };
    assert!(said(strange).starts_with("Contract.security_id is \"US0378331006\": "));
    let leg = ib::ComboLeg { contract_id: 1, ratio: 0, ..ib::ComboLeg::default() };
    let strange = ib::Contract { security_type: ib::SecurityType::Spread, combo_legs: vec![leg], ..stock() };
    assert_eq!(said(strange), "ComboLeg.ratio is 0: a leg with a ratio of 0: expected 1 to 2147483647");
    let strange = ib::Contract { security_id: "US0378331005".into(), ..stock() };
    assert_eq!(
        said(strange),
        "Contract.security_id is \"US0378331005\": nothing says which numbering it belongs to"
    );
}

#[test]
fn refusals_of_legs_name_the_field_and_its_value() {
    let said = |slot: i32, place: &str, exempt_code: i32| {
        let leg = ib::ComboLeg {
            contract_id: 1,
            ratio: 1,
            exempt_code,
            short_sale_slot: slot,
            designated_location: place.to_owned(),
            ..ib::ComboLeg::default()
        };
        let (security_type, stock) = (ib::SecurityType::Spread, ib::Contract::stock("AAPL").build());
        let combo = ib::Contract { security_type, combo_legs: vec![leg], ..stock };
        contract_from_ib(&combo).unwrap_err().to_string()
    };
    let cases = [
        ((0, "", -2), "ComboLeg.exempt_code is -2: expected -1 for none, or 0 to 65535"),
        ((2, "", -1), "ComboLeg.designated_location is \"\": slot 2 says that another holds the shares"),
        ((1, "X", -1), "ComboLeg.designated_location is \"X\": only slot 2 has a place"),
        ((3, "", -1), "ComboLeg.short_sale_slot is 3: expected 0, 1 or 2"),
    ];
    for ((slot, place, exempt_code), words) in cases {
        assert_eq!(said(slot, place, exempt_code), words);
    }
}

#[test]
fn an_id_beyond_the_brokers_is_not_sent() {
    let far: Instrument = "id:2147483648".parse().unwrap();
    assert_eq!(
        contract_to_ib(&far).unwrap_err().to_string(),
        "contract id of 2147483648 cannot be sent: the broker's numbers end at 2147483647"
    );
}
