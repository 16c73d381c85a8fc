//! What is found, and how it is told.

use super::*;
use crate::server::settings::ServerSettings;
use proptest::prelude::*;
use tradeport_kernel::Timestamp;

/// 2026-11-20 15:00 UTC.
const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);

fn world() -> World {
    World::new(&ServerSettings::default(), NOW).unwrap()
}

fn asked(sec_type: &str, symbol: &str, exchange: &str) -> proto::Contract {
    proto::Contract {
        sec_type: Some(sec_type.to_owned()),
        symbol: Some(symbol.to_owned()),
        exchange: Some(exchange.to_owned()),
        currency: Some("USD".to_owned()),
        ..proto::Contract::default()
    }
}

fn refused(contract: &proto::Contract) -> (Code, String) {
    let error = resolve_one(&world(), 7, contract).unwrap_err();
    assert_eq!(error.id, 7);
    (error.code, error.text)
}

#[test]
fn a_stock_is_told_with_everything_that_it_has() {
    let told = contract_of(&resolve_one(&world(), 1, &asked("STK", "AAPL", "SMART")).unwrap());
    let expected = proto::Contract {
        con_id: Some(265_598),
        primary_exch: Some("NASDAQ".to_owned()),
        local_symbol: Some("AAPL".to_owned()),
        trading_class: Some("NMS".to_owned()),
        ..asked("STK", "AAPL", "SMART")
    };
    assert_eq!(told, expected);
}

#[test]
fn what_is_told_can_be_asked_for_again() {
    let world = world();
    let all = ["AAPL", "ES", "EUR", "BTC", "SPX", "GBL", "VOD"].map(|text| world.catalog().search(text));
    for contract in all.iter().flatten() {
        let told = contract_of(contract);
        let by_words = proto::Contract { con_id: None, ..told.clone() };
        let one = resolve_one(&world, 1, &by_words).unwrap();
        assert_eq!(one.id(), contract.id(), "{told:?}");
        assert_eq!(resolve_one(&world, 1, &told).unwrap().id(), contract.id());
    }
}

#[test]
fn every_exchange_where_it_trades_will_do_and_no_other() {
    for exchange in ["SMART", "ISLAND", "NASDAQ", "ARCA", "IEX"] {
        let found = resolve_one(&world(), 1, &asked("STK", "AAPL", exchange)).unwrap();
        let told = contract_as_asked(&found, &asked("STK", "AAPL", exchange));
        assert_eq!(told.exchange.as_deref(), Some(exchange));
    }
    assert!(resolve_one(&world(), 1, &asked("CASH", "EUR", "FXCONV")).is_ok());
    let (code, text) = refused(&asked("STK", "AAPL", "LSE"));
    assert_eq!((code, text.as_str()), (Code::NoContract, NOTHING));
}

#[test]
fn several_are_no_answer_where_one_is_needed() {
    let months = resolve(&world(), 1, &asked("FUT", "ES", "CME")).unwrap();
    assert!(months.len() >= 4, "{}", months.len());
    let (code, text) = refused(&asked("FUT", "ES", "CME"));
    assert_eq!(code, Code::NoContract);
    assert_eq!(text, "The contract description specified for ES is ambiguous.");
}

#[test]
fn what_is_not_there_and_what_contradicts_is_refused() {
    assert_eq!(refused(&asked("STK", "NOSUCH", "SMART")).0, Code::NoContract);
    assert_eq!(refused(&asked("XYZ", "AAPL", "SMART")).0, Code::BadRequest);
    let (code, text) = refused(&asked("STK", "AAPL", ""));
    assert_eq!(code, Code::BadRequest);
    assert!(text.ends_with("cause - Please enter exchange"), "{text}");
    let other = proto::Contract { con_id: Some(1_004), ..asked("STK", "AAPL", "SMART") };
    let (code, text) = refused(&other);
    assert_eq!(code, Code::BadRequest);
    assert!(text.ends_with("Contract id 1004 has symbol IBM, not AAPL"), "{text}");
    let unknown = proto::Contract { con_id: Some(77), ..asked("", "", "SMART") };
    assert_eq!(refused(&unknown).0, Code::NoContract);
}

#[test]
fn futures_that_have_ended_are_found_when_asked_for() {
    let ended = proto::Contract {
        last_trade_date_or_contract_month: Some("202603".to_owned()),
        ..asked("FUT", "ES", "CME")
    };
    assert_eq!(refused(&ended).0, Code::NoContract);
    let ended = proto::Contract { include_expired: Some(true), ..ended };
    let found = resolve_one(&world(), 1, &ended).unwrap();
    let told = contract_of(&found);
    assert_eq!(told.local_symbol.as_deref(), Some("ESH6"));
    assert_eq!(told.last_trade_date_or_contract_month.as_deref(), Some("20260320"));
    assert_eq!((told.multiplier, told.trading_class.as_deref()), (Some(50.0), Some("ES")));
    let by_number = proto::Contract { con_id: told.con_id, ..ended };
    assert_eq!(resolve_one(&world(), 1, &by_number).unwrap(), found);
}

#[test]
fn a_combo_is_what_its_legs_make_it() {
    let leg = |con_id, action: &str| proto::ComboLeg {
        con_id: Some(con_id),
        ratio: Some(1),
        action: Some(action.to_owned()),
        exchange: Some("SMART".to_owned()),
        ..proto::ComboLeg::default()
    };
    let pair = proto::Contract {
        combo_legs: vec![leg(265_598, "BUY"), leg(8_314, "SELL")],
        ..asked("BAG", "AAPL,IBM", "SMART")
    };
    let found = resolve_one(&world(), 1, &pair).unwrap();
    let told = contract_of(&found);
    assert_eq!(told.con_id, Some(28_812_380));
    assert_eq!(told.combo_legs_descrip.as_deref(), Some("265598|1,8314|-1"));
    assert_eq!(resolve_one(&world(), 1, &told).unwrap(), found);
    let unknown = proto::Contract { combo_legs: vec![leg(77, "BUY")], ..pair };
    assert_eq!(refused(&unknown).0, Code::NoContract);
}

#[test]
fn an_option_is_found_by_its_local_symbol_alone() {
    let said = |local_symbol: &str| proto::Contract {
        symbol: None,
        local_symbol: Some(local_symbol.to_owned()),
        ..asked("OPT", "", "SMART")
    };
    let told = contract_of(&resolve_one(&world(), 1, &said("AAPL  261218C00430000")).unwrap());
    assert_eq!((told.strike, told.right.as_deref()), (Some(430.0), Some("C")));
    assert_eq!(told.last_trade_date_or_contract_month.as_deref(), Some("20261218"));
    assert_eq!(refused(&said("AAPL  261218C00430001")).0, Code::NoContract);
    let known = contract_of(&resolve_one(&world(), 1, &asked("STK", "AAPL", "SMART")).unwrap());
    let twice = proto::Contract { con_id: known.con_id, ..said("AAPL  261218C00430000") };
    assert_eq!(refused(&twice).0, Code::BadRequest);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_asked_for_is_found_or_refused(
        kind in prop::sample::select(vec!["STK", "OPT", "FUT", "CASH", "IND", "BAG", "BOND", "CONTFUT", "FUT+CONTFUT", "NEWS", ""]),
        symbol in "(AAPL|ES|EUR|SPX|[A-Z]{0,5})",
        text in "(20261218|202612|[0-9é]{0,9})",
        exchange in "(SMART|CME|IDEALPRO|[A-Z]{0,6})",
        local_symbol in "(|ESZ6|AAPL  261218C00[0-9]{6}|[A-Zé]{0,21})",
        number in prop::option::of(-2_i32..3_000),
        strike in any::<f64>(),
    ) {
        let world = world();
        let contract = proto::Contract {
            con_id: number,
            last_trade_date_or_contract_month: Some(text),
            local_symbol: Some(local_symbol),
            strike: Some(strike),
            right: Some("C".to_owned()),
            ..asked(kind, &symbol, &exchange)
        };
        match resolve(&world, 3, &contract) {
            Ok(found) => prop_assert!(!found.is_empty()),
            Err(error) => prop_assert!(error.id == 3 && matches!(error.code, Code::NoContract | Code::BadRequest)),
        }
    }
}
