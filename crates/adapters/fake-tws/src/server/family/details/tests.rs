//! What is told of contracts, and in which order.

use crate::server::testing::{Client, error, names, refused};
use crate::wire::Answer;
use crate::wire::proto::{
    CancelContractData, Contract, ContractData, ContractDataRequest, ContractDetails, MarketRuleRequest,
    MatchingSymbolsRequest, SecDefOptParamsRequest, SmartComponentsRequest,
};

fn asked(sec_type: &str, symbol: &str, exchange: &str) -> Contract {
    Contract {
        sec_type: Some(sec_type.to_owned()),
        symbol: Some(symbol.to_owned()),
        exchange: Some(exchange.to_owned()),
        currency: Some("USD".to_owned()),
        ..Contract::default()
    }
}

fn ask(client: &mut Client, contract: Contract) -> Vec<Answer> {
    client.ask(ContractDataRequest { req_id: Some(9), contract: Some(contract) })
}

/// The contracts of an answer that ends as it should.
fn told(answers: &[Answer]) -> Vec<ContractData> {
    let (end, data) = answers.split_last().unwrap();
    let Answer::ContractDataEnd(end) = end else { panic!("{end:?} is no end") };
    assert_eq!(end.req_id, Some(9));
    let data = data.iter().map(|answer| match answer {
        Answer::ContractData(data) => data.as_ref().clone(),
        other => panic!("{other:?}"),
    });
    data.collect()
}

fn text(text: &Option<String>) -> &str {
    text.as_deref().unwrap()
}

fn details(data: &ContractData) -> &ContractDetails {
    data.contract_details.as_ref().unwrap()
}

#[test]
fn a_stock_is_described_whole() {
    let answers = ask(&mut Client::new(), asked("STK", "AAPL", "SMART"));
    assert_eq!(names(&answers), ["CONTRACT_DATA", "CONTRACT_DATA_END"]);
    let data = told(&answers).remove(0);
    let it = details(&data);
    assert_eq!(text(&it.long_name), "APPLE INC");
    assert_eq!((text(&it.min_tick), text(&it.market_name)), ("0.01", "NMS"));
    assert_eq!((text(&it.industry), text(&it.subcategory)), ("Technology", "Computers"));
    assert_eq!((text(&it.stock_type), it.price_magnifier, it.agg_group), ("COMMON", Some(1), Some(1)));
    assert_eq!(text(&it.time_zone_id), "US/Eastern");
    assert!(text(&it.trading_hours).starts_with("20261120:0000-20261121:0000;"), "{it:?}");
    let (exchanges, rules) = (text(&it.valid_exchanges), text(&it.market_rule_ids));
    assert!(exchanges.starts_with("SMART,"));
    assert_eq!(exchanges.split(',').count(), rules.split(',').count());
    assert!(rules.split(',').all(|rule| rule == "26"));
    assert!(text(&it.order_types).split(',').any(|kind| kind == "STPLMT"));
    assert_eq!(text(&it.sec_id_list[0].value), "US0378331005");
    assert_eq!(text(&it.suggested_size_increment), "100");
}

#[test]
fn without_an_exchange_a_stock_is_listed_at_each() {
    let data = told(&ask(&mut Client::new(), asked("STK", "AAPL", "")));
    assert!(data.len() > 10, "{}", data.len());
    let at = |data: &ContractData| text(&data.contract.as_ref().unwrap().exchange).to_owned();
    assert_eq!(at(&data[0]), "SMART");
    assert!(data.iter().any(|data| at(data) == "NASDAQ"));
    assert!(data.iter().all(|data| data.contract.as_ref().unwrap().con_id == Some(265_598)));
}

#[test]
fn a_product_without_a_month_is_all_its_months_in_order() {
    let data = told(&ask(&mut Client::new(), asked("FUT", "ES", "CME")));
    let months: Vec<_> = data.iter().map(|data| text(&details(data).contract_month)).collect();
    assert!(months.len() >= 5 && months[0] == "202612", "{months:?}");
    assert!(months.is_sorted());
    let (contract, it) = (data[0].contract.as_ref().unwrap(), details(&data[0]));
    assert_eq!(text(&contract.last_trade_date), "20261218");
    assert_eq!(text(&contract.last_trade_date_or_contract_month), "20261218");
    assert_eq!((contract.multiplier, text(&contract.local_symbol)), (Some(50.0), "ESZ6"));
    assert_eq!((text(&it.market_rule_ids), text(&it.real_expiration_date)), ("67", "20261218"));
    assert_eq!(
        (text(&it.under_symbol), text(&it.under_sec_type), it.under_con_id),
        ("ES", "IND", Some(416_904))
    );
    let ended = Contract { include_expired: Some(true), ..asked("FUT", "ES", "CME") };
    assert!(told(&ask(&mut Client::new(), ended)).len() > data.len() + 5);
}

#[test]
fn a_continuous_future_has_the_name_of_its_front_one() {
    let data = told(&ask(&mut Client::new(), asked("CONTFUT", "ES", "CME"))).remove(0);
    let contract = data.contract.as_ref().unwrap();
    assert_eq!((text(&contract.sec_type), text(&contract.local_symbol)), ("CONTFUT", "ESZ6"));
    assert_eq!(text(&contract.last_trade_date_or_contract_month), "20261218");
}

#[test]
fn prices_in_cents_are_magnified() {
    let data = told(&ask(&mut Client::new(), asked("FUT", "ZC", "CBOT"))).remove(0);
    assert_eq!(details(&data).price_magnifier, Some(100));
    assert_eq!(data.contract.as_ref().unwrap().multiplier, Some(5_000.0));
}

#[test]
fn a_part_of_a_chain_is_as_many_options_as_fit() {
    let some = Contract {
        last_trade_date_or_contract_month: Some("20261218".to_owned()),
        right: Some("C".to_owned()),
        ..asked("OPT", "AAPL", "SMART")
    };
    let data = told(&ask(&mut Client::new(), some.clone()));
    assert!(data.len() > 20, "{}", data.len());
    let one = &data[data.len() / 2];
    assert_eq!((text(&details(one).under_sec_type), details(one).under_con_id), ("STK", Some(265_598)));
    assert_eq!(text(&details(one).market_rule_ids).split(',').next(), Some("109"));
    let strike = one.contract.as_ref().unwrap().strike;
    let data = told(&ask(&mut Client::new(), Contract { strike, ..some }));
    assert_eq!(data.len(), 1);
    assert_eq!(data[0].contract.as_ref().unwrap().strike, strike);
}

#[test]
fn a_bond_has_an_answer_of_its_own() {
    let answers = ask(&mut Client::new(), asked("BOND", "91282T1B0", "SMART"));
    assert_eq!(names(&answers), ["BOND_CONTRACT_DATA", "CONTRACT_DATA_END"]);
    let Some(Answer::BondContractData(data)) = answers.first() else { panic!("{answers:?}") };
    let it = details(data);
    assert_eq!((text(&it.cusip), it.coupon, text(&it.coupon_type)), ("91282T1B0", Some(4.25), "FIXED"));
    let contract = data.contract.as_ref().unwrap();
    assert_eq!(text(&contract.last_trade_date_or_contract_month), "20341115");
    assert_eq!((contract.con_id, text(&it.min_tick)), (Some(5_002), "0.001"));
    assert_eq!(text(&it.sec_id_list[0].value), "US91282T1B01");
}

#[test]
fn what_is_not_listed_is_an_error_and_no_end() {
    let mut client = Client::new();
    let answers = ask(&mut client, asked("STK", "NOSUCH", "SMART"));
    assert_eq!(refused(&answers), (9, 200));
    let said = error(&answers).error_msg.unwrap();
    assert_eq!(said, "No security definition has been found for the request");
    assert_eq!(refused(&ask(&mut client, asked("WAR", "GOOG", "FWB"))), (9, 200));
    assert_eq!(refused(&ask(&mut client, asked("XXX", "GOOG", "FWB"))), (9, 321));
    assert_eq!(refused(&ask(&mut client, Contract::default())), (9, 321));
    assert_eq!(client.ask(CancelContractData { req_id: Some(9) }), []);
}

#[test]
fn symbols_are_found_by_their_beginnings() {
    let mut client = Client::new();
    let mut find = |pattern: &str| {
        let request = MatchingSymbolsRequest { req_id: Some(4), pattern: Some(pattern.to_owned()) };
        let answers = client.ask(request);
        let [Answer::SymbolSamples(samples)] = answers.as_slice() else { panic!("{answers:?}") };
        assert_eq!(samples.req_id, Some(4));
        samples.contract_descriptions.clone()
    };
    let apple = find("AAPL").remove(0);
    let contract = apple.contract.unwrap();
    assert_eq!((contract.con_id, text(&contract.primary_exch)), (Some(265_598), "NASDAQ"));
    assert_eq!((text(&contract.sec_type), text(&contract.description)), ("STK", "APPLE INC"));
    assert_eq!(apple.derivative_sec_types, ["OPT", "BAG"]);
    let spx = find("spx").remove(0);
    assert_eq!(text(&spx.contract.unwrap().sec_type), "IND");
    assert_eq!(spx.derivative_sec_types, ["OPT", "FUT", "BAG"]);
    assert!(find("appl").iter().any(|it| it.contract.as_ref().unwrap().con_id == Some(265_598)));
    assert_eq!((find("ZZZZ").len(), find("").len()), (0, 0));
}

fn chain(number: i32, symbol: &str) -> SecDefOptParamsRequest {
    SecDefOptParamsRequest {
        req_id: Some(5),
        underlying_symbol: Some(symbol.to_owned()),
        fut_fop_exchange: Some(String::new()),
        underlying_sec_type: None,
        underlying_con_id: Some(number),
    }
}

#[test]
fn a_chain_names_options_that_there_are() {
    let mut client = Client::new();
    let answers = client.ask(chain(265_598, "AAPL"));
    let Some(Answer::SecDefOptParameter(first)) = answers.first() else { panic!("{answers:?}") };
    assert_eq!(names(&answers).last(), Some(&"SECURITY_DEFINITION_OPTION_PARAMETER_END"));
    assert_eq!((text(&first.exchange), text(&first.trading_class)), ("SMART", "AAPL"));
    assert_eq!((text(&first.multiplier), first.underlying_con_id), ("100", Some(265_598)));
    let rows = answers.len() - 1;
    assert_eq!(rows, crate::server::lookup::venues::US_OPTIONS.len(), "one at each exchange");
    assert!(first.strikes.is_sorted() && first.expirations.is_sorted());
    let one = Contract {
        last_trade_date_or_contract_month: first.expirations.first().cloned(),
        strike: first.strikes.get(first.strikes.len() / 2).copied(),
        right: Some("P".to_owned()),
        ..asked("OPT", "AAPL", "SMART")
    };
    assert_eq!(told(&ask(&mut client, one)).len(), 1);
    let classes = client.ask(chain(416_904, "SPX"));
    assert!(
        classes
            .iter()
            .any(|it| matches!(it, Answer::SecDefOptParameter(it) if text(&it.trading_class) == "SPXW"))
    );
}

#[test]
fn a_future_has_a_chain_at_its_exchange() {
    let mut client = Client::new();
    let futures = told(&ask(&mut client, asked("FUT", "ES", "CME")));
    let number = futures.first().and_then(|it| it.contract.as_ref()?.con_id).unwrap();
    let at = |exchange: &str| SecDefOptParamsRequest {
        fut_fop_exchange: Some(exchange.to_owned()),
        underlying_sec_type: Some("FUT".to_owned()),
        ..chain(number, "ES")
    };
    let answers = client.ask(at("CME"));
    let [Answer::SecDefOptParameter(row), Answer::SecDefOptParameterEnd(_)] = answers.as_slice() else {
        panic!("{answers:?}")
    };
    assert_eq!((text(&row.exchange), text(&row.multiplier)), ("CME", "50"));
    assert_eq!(client.ask(at("")), answers);
    let one = Contract {
        last_trade_date_or_contract_month: row.expirations.first().cloned(),
        strike: row.strikes.first().copied(),
        right: Some("P".to_owned()),
        ..asked("FOP", "ES", "CME")
    };
    assert_eq!(told(&ask(&mut client, one)).len(), 1);
    assert_eq!(names(&client.ask(at("NYMEX"))), ["SECURITY_DEFINITION_OPTION_PARAMETER_END"]);
}

#[test]
fn what_has_no_options_has_no_chains_and_what_is_unknown_is_refused() {
    let mut client = Client::new();
    let end = ["SECURITY_DEFINITION_OPTION_PARAMETER_END"];
    assert_eq!(names(&client.ask(chain(1_504, "SAP"))), end);
    let futures = SecDefOptParamsRequest { fut_fop_exchange: Some("CME".to_owned()), ..chain(416_904, "") };
    assert_eq!(names(&client.ask(futures)), end);
    assert_eq!(refused(&client.ask(chain(77, "AAPL"))), (5, 321));
    assert_eq!(refused(&client.ask(chain(265_598, "IBM"))), (5, 321));
}

#[test]
fn rules_and_components_are_told_by_the_codes_that_contracts_name() {
    let mut client = Client::new();
    let answers = client.ask(MarketRuleRequest { market_rule_id: Some(110) });
    let [Answer::MarketRule(rule)] = answers.as_slice() else { panic!("{answers:?}") };
    let steps: Vec<_> = rule.price_increments.iter().map(|it| (it.low_edge, it.increment)).collect();
    assert_eq!(steps, [(Some(0.0), Some(0.05)), (Some(3.0), Some(0.1))]);
    assert_eq!(refused(&client.ask(MarketRuleRequest { market_rule_id: Some(-4) })), (-1, 321));
    let components =
        |code: &str| SmartComponentsRequest { req_id: Some(6), bbo_exchange: Some(code.to_owned()) };
    let answers = client.ask(components("9c0001"));
    let [Answer::SmartComponents(told)] = answers.as_slice() else { panic!("{answers:?}") };
    let nasdaq = told.smart_components.iter().find(|it| text(&it.exchange) == "NASDAQ").unwrap();
    assert_eq!(text(&nasdaq.exchange_letter), "Q");
    assert_eq!(client.ask(components("9c")), answers, "the code as it once was");
    assert_eq!(names(&client.ask(components("a6"))), ["SMART_COMPONENTS"]);
    for unknown in ["nonsense", "", "9"] {
        assert_eq!(refused(&client.ask(components(unknown))), (6, 321), "{unknown:?}");
    }
}
