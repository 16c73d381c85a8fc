//! What the broker tells of contracts, in the platform's words.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use ibapi::contracts as ib;
use tradeport_contracts::{Instrument, PriceBand, TradingSessions};
use tradeport_ib::translate::{
    MarketRules, contract_details_from_ib, market_rule_from_ib, option_chain_from_ib,
};
use tradeport_kernel::{Currency, Decimal};

fn texts(list: &str) -> Vec<String> {
    list.split(',').map(str::to_owned).collect()
}

fn apple() -> ib::ContractDetails {
    let contract = ib::Contract {
        contract_id: 265_598,
        local_symbol: "AAPL".into(),
        trading_class: "NMS".into(),
        primary_exchange: "NASDAQ".into(),
        ..ib::Contract::stock("AAPL").build()
    };
    ib::ContractDetails {
        contract,
        min_tick: 0.0001,
        order_types: texts("LMT,STPLMT,TRAILLMT,GTC,"),
        valid_exchanges: texts("NYSE,SMART"),
        market_rule_ids: texts("26,557"),
        long_name: "APPLE INC".into(),
        time_zone_id: "US/Eastern".into(),
        trading_hours: vec!["20261123:0400-20261123:2000".into(), "20261126:CLOSED".into()],
        min_size: Some(1.0),
        size_increment: Some(0.0001),
        price_magnifier: 1,
        ..ib::ContractDetails::default()
    }
}

fn rules() -> MarketRules {
    let rule = ib::MarketRule {
        market_rule_id: 557,
        price_increments: vec![
            ib::PriceIncrement { low_edge: 1.0, increment: 0.01 },
            ib::PriceIncrement { low_edge: 0.0, increment: 0.0001 },
        ],
    };
    [(557, market_rule_from_ib(&rule).unwrap())].into()
}

#[test]
fn a_description_becomes_a_contract() {
    let asked: Instrument = "AAPL".parse().unwrap();
    let contract = contract_details_from_ib(&asked, &apple(), &rules(), TradingSessions::always()).unwrap();
    assert_eq!(contract.id().number(), 265_598);
    assert_eq!((contract.symbol().as_str(), contract.name()), ("AAPL", "APPLE INC"));
    assert_eq!(contract.price_step(), Decimal::new(1, 4));
    assert_eq!(contract.price_step_at("150.25".parse().unwrap()), Decimal::new(1, 2), "the band of SMART");
    assert_eq!(contract.lot(), Decimal::new(1, 4));
    let details = contract.details();
    assert_eq!(details.order_kinds, ["LMT", "STP LMT", "TRAIL LIMIT", "GTC"]);
    assert_eq!(details.trading_hours, "20261123:0400-20261123:2000;20261126:CLOSED");
    assert_eq!(details.primary_exchange.as_deref(), Some("NASDAQ"));
    assert_eq!(details.minimum_size, Some(Decimal::ONE));
}

#[test]
fn a_description_that_cannot_be_is_refused_by_field() {
    let asked: Instrument = "AAPL".parse().unwrap();
    let said = |change: fn(&mut ib::ContractDetails)| {
        let mut details = apple();
        change(&mut details);
        let answer = contract_details_from_ib(&asked, &details, &rules(), TradingSessions::always());
        answer.unwrap_err().to_string()
    };
    assert_eq!(
        said(|it| it.contract.contract_id = 0),
        "ContractDetails.contract_id is 0: it must be above zero"
    );
    assert_eq!(said(|it| it.min_tick = f64::NAN), "ContractDetails.min_tick is NaN: no number");
    assert_eq!(
        said(|it| it.min_tick = 0.0),
        "ContractDetails.contract_id is 265598: AAPL is described with a price step of 0: it must be above zero"
    );
    assert!(said(|it| it.contract.currency = "".into()).starts_with("ContractDetails.currency is \"\": "));
    assert_eq!(
        said(|it| it.size_increment = Some(f64::MAX)).split(':').next(),
        Some("ContractDetails.size_increment is 1.7976931348623157e308")
    );
}

#[test]
fn a_market_rule_has_steps_above_zero() {
    assert_eq!(
        rules()[&557],
        [
            PriceBand { from: Decimal::ZERO, step: Decimal::new(1, 4) },
            PriceBand { from: Decimal::ONE, step: Decimal::new(1, 2) },
        ]
    );
    let flat = ib::MarketRule {
        market_rule_id: 1,
        price_increments: vec![ib::PriceIncrement { low_edge: 0.0, increment: 0.0 }],
    };
    let said = market_rule_from_ib(&flat).unwrap_err().to_string();
    assert_eq!(said, "MarketRule.increment is 0.0: not a price of ours");
}

#[test]
fn a_chain_of_options_is_read() {
    let chain = ib::OptionChain {
        underlying_contract_id: 265_598,
        trading_class: "AAPL".into(),
        multiplier: "100".into(),
        exchange: "SMART".into(),
        expirations: texts("20270115,20261218"),
        strikes: vec![150.0, 147.5],
    };
    let ours = option_chain_from_ib("AAPL", Currency::USD, &chain).unwrap();
    assert_eq!(ours.expiries().map(|day| day.to_string()).collect::<Vec<_>>(), ["20261218", "20270115"]);
    assert_eq!(ours.strikes().map(|strike| strike.to_string()).collect::<Vec<_>>(), ["147.5", "150"]);
    let bad = ib::OptionChain { strikes: vec![0.0], ..chain };
    assert_eq!(
        option_chain_from_ib("AAPL", Currency::USD, &bad).unwrap_err().to_string(),
        "OptionChain.strikes is 1: the strike of an option is 0: expected a price above zero"
    );
}
