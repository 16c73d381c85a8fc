//! Streams and snapshots of quotes.

use crate::server::desk::{Desk, apple, error, names, of_number};
use crate::server::{Permissions, ServerSettings};
use crate::wire::Answer;
use crate::wire::proto::{CancelMarketData, ComboLeg, Contract, MarketDataRequest, MarketDataTypeRequest};
use tradeport_kernel::{Quantity, Timestamp};
use tradeport_market_data::{Level, Quote};

fn stream(id: i32, contract: Option<Contract>, generic: &str) -> MarketDataRequest {
    MarketDataRequest {
        req_id: Some(id),
        contract,
        generic_tick_list: Some(generic.to_owned()),
        ..MarketDataRequest::default()
    }
}

fn prices(answers: &[Answer], number: i32) -> Vec<f64> {
    let of = |answer: &Answer| match answer {
        Answer::TickPrice(it) if it.tick_type == Some(number) => it.price,
        _ => None,
    };
    answers.iter().filter_map(of).collect()
}

/// The numbers of all ticks among the answers.
fn numbers(answers: &[Answer]) -> Vec<i32> {
    let of = |answer: &Answer| match answer {
        Answer::TickPrice(it) => it.tick_type,
        Answer::TickSize(it) => it.tick_type,
        Answer::TickString(it) => it.tick_type,
        Answer::TickGeneric(it) => it.tick_type,
        Answer::TickOptionComputation(it) => it.tick_type,
        _ => None,
    };
    answers.iter().filter_map(of).collect()
}

fn only(exchanges: &[&str]) -> ServerSettings {
    let exchanges = exchanges.iter().map(|it| (*it).to_owned()).collect();
    ServerSettings { permissions: Permissions::Only(exchanges), ..ServerSettings::default() }
}

/// A call on Apple that is listed, near the money.
fn call(desk: &mut Desk) -> Option<Contract> {
    let catalog = desk.server.world_mut().catalog();
    let chain = catalog.option_chains(&"AAPL".parse().unwrap()).unwrap().remove(0);
    let expiry = chain.expiries().nth(6).unwrap();
    let spot = desk.server.world_mut().catalog().resolve(&"AAPL".parse().unwrap()).unwrap();
    let spot = desk.server.world_mut().quote(&spot).unwrap().mid().unwrap().as_decimal();
    let strikes = chain.strikes().filter(|strike| *strike > spot);
    let found = strikes.filter_map(|strike| {
        let option = chain.option(expiry, strike, tradeport_contracts::Right::Call).ok()?;
        catalog.resolve(&option.into()).ok()
    });
    let id = found.map(|it| it.id().number()).next().unwrap();
    of_number(i32::try_from(id).unwrap(), "SMART")
}

#[test]
fn a_stream_begins_with_its_parameters_and_everything_that_is_known() {
    let mut desk = Desk::new(ServerSettings::default());
    let told = desk.ask(stream(7, apple(), ""));
    let Answer::MarketDataType(kind) = &told[0] else { panic!("{told:?}") };
    assert_eq!((kind.req_id, kind.market_data_type), (Some(7), Some(1)));
    let Answer::TickReqParams(parameters) = &told[1] else { panic!("{told:?}") };
    assert_eq!(parameters.min_tick.as_deref(), Some("0.01"));
    assert_eq!(parameters.bbo_exchange.as_deref(), Some("9c0001"));
    assert_eq!(numbers(&told)[..4], [1, 2, 0, 3], "prices with their sizes, then the sizes once more");
    let seen = numbers(&told);
    for number in [1, 2, 4, 6, 7, 8, 9, 14, 32, 33, 45, 49, 84] {
        assert!(seen.contains(&number), "no tick {number} in {seen:?}");
    }
    let (bid, ask, last) = (prices(&told, 1)[0], prices(&told, 2)[0], prices(&told, 4)[0]);
    assert!(bid < ask && last >= bid - 0.01 && last <= ask + 0.01, "{bid} {last} {ask}");
    assert!(prices(&told, 7)[0] <= last && last <= prices(&told, 6)[0]);
}

#[test]
fn a_stream_tells_only_what_has_changed_and_with_every_tick_of_the_market() {
    let mut desk = Desk::new(ServerSettings::default());
    desk.ask(stream(7, apple(), ""));
    let (mut bid, mut count) = (None, 0);
    for _ in 0..40 {
        let told = desk.wait(250);
        for price in prices(&told, 1) {
            assert_ne!(bid, Some(price), "the same bid twice");
            bid = Some(price);
        }
        assert!(
            prices(&told, 9).is_empty() && prices(&told, 14).is_empty(),
            "the day's open does not change"
        );
        count += told.len();
    }
    assert!(count > 80, "{count} ticks in ten seconds");
    assert!(desk.wait(10).is_empty(), "nothing happens between two ticks");
    assert!(desk.ask(CancelMarketData { req_id: Some(7) }).is_empty());
    assert!(desk.wait(5_000).is_empty());
    assert_eq!(error(&desk.ask(CancelMarketData { req_id: Some(7) })).1, 300);
}

#[test]
fn last_is_told_once_a_second_and_the_day_follows_it() {
    let mut desk = Desk::new(ServerSettings::default());
    let begin = desk.ask(stream(7, apple(), ""));
    let (mut high, mut low) = (prices(&begin, 6)[0], prices(&begin, 7)[0]);
    let told = desk.wait(30_000);
    let times: Vec<_> = told
        .iter()
        .filter_map(|it| match it {
            Answer::TickString(it) if it.tick_type == Some(45) => it.value.clone(),
            _ => None,
        })
        .collect();
    assert_eq!(times.len(), 30, "{times:?}");
    high = prices(&told, 6).last().copied().unwrap_or(high);
    low = prices(&told, 7).last().copied().unwrap_or(low);
    for last in prices(&told, 4) {
        assert!(low <= last && last <= high);
    }
}

#[test]
fn a_snapshot_is_everything_and_its_end() {
    let mut desk = Desk::new(ServerSettings::default());
    let told = desk.ask(MarketDataRequest { snapshot: Some(true), ..stream(8, apple(), "") });
    assert!(numbers(&told).contains(&4) && numbers(&told).contains(&1));
    assert_eq!(names(&told).last(), Some(&"TICK_SNAPSHOT_END"));
    assert!(desk.wait(5_000).is_empty());
    let told = desk.ask(MarketDataRequest { snapshot: Some(true), ..stream(8, apple(), "233") });
    assert_eq!(error(&told).1, 321);
    let told = desk.ask(MarketDataRequest { regulatory_snapshot: Some(true), ..stream(9, apple(), "") });
    assert_eq!(names(&told).last(), Some(&"TICK_SNAPSHOT_END"));
}

#[test]
fn a_broad_tape_tells_the_headlines_of_a_provider() {
    let mut desk = Desk::new(ServerSettings::default());
    let tape = |provider: &str| {
        let contract = Contract {
            symbol: Some(format!("{provider}:{provider}_ALL")),
            sec_type: Some("NEWS".to_owned()),
            exchange: Some(provider.to_owned()),
            ..Contract::default()
        };
        stream(4, Some(contract), "mdoff,292")
    };
    assert_eq!(error(&desk.ask(tape("NOBODY"))).1, 200);
    assert_eq!(names(&desk.ask(tape("BRFG"))), ["TICK_NEWS"]);
    let told = desk.wait(3 * 3_600_000);
    let of_provider = |it: &Answer| match it {
        Answer::TickNews(it) => it.provider_code.as_deref() == Some("BRFG") && it.req_id == Some(4),
        _ => false,
    };
    assert!(told.len() > 1 && told.iter().all(of_provider), "{told:?}");
    assert!(desk.ask(CancelMarketData { req_id: Some(4) }).is_empty());
    assert!(desk.wait(3 * 3_600_000).is_empty());
}

#[test]
fn a_regulatory_snapshot_needs_no_subscription_a_best_price_of_the_nation_and_a_second() {
    let mut desk = Desk::new(only(&["NYSE"]));
    let regulatory =
        |id, contract| MarketDataRequest { regulatory_snapshot: Some(true), ..stream(id, contract, "") };
    assert_eq!(error(&desk.ask(stream(1, apple(), ""))).1, 354);
    let told = desk.ask(regulatory(2, apple()));
    assert_eq!(names(&told).last(), Some(&"TICK_SNAPSHOT_END"));
    assert_eq!(error(&desk.ask(regulatory(3, apple()))).1, 322);
    desk.wait(1_000);
    assert_eq!(names(&desk.ask(regulatory(4, apple()))).last(), Some(&"TICK_SNAPSHOT_END"));
    assert_eq!(error(&desk.ask(regulatory(5, of_number(416_904, "CBOE")))).1, 321);
}

#[test]
fn what_may_not_be_seen_live_is_refused_or_a_quarter_of_an_hour_old() {
    let mut desk = Desk::new(only(&["NYSE"]));
    let (id, code, text) = error(&desk.ask(stream(7, apple(), "")));
    assert_eq!((id, code), (7, 354), "{text}");
    assert!(desk.ask(MarketDataTypeRequest { market_data_type: Some(3) }).is_empty());
    let told = desk.ask(stream(7, apple(), "232,233"));
    assert_eq!(names(&told)[..4], ["TICK_REQ_PARAMS", "MARKET_DATA_TYPE", "ERR_MSG", "ERR_MSG"]);
    let codes = told.iter().filter_map(|it| match it {
        Answer::ErrorMessage(it) => it.error_code,
        Answer::MarketDataType(it) => it.market_data_type,
        _ => None,
    });
    let codes: Vec<i32> = codes.collect();
    assert_eq!(codes, [3, 10_167, 10_090]);
    let seen = numbers(&told);
    assert!(seen.contains(&66) && seen.contains(&67) && seen.contains(&68) && seen.contains(&88), "{seen:?}");
    assert!(!seen.iter().any(|it| (0..=14).contains(it)), "{seen:?}");
    let told = desk.ask(stream(9, apple(), "mdoff,292"));
    assert_eq!(
        names(&told)[..3],
        ["MARKET_DATA_TYPE", "TICK_REQ_PARAMS", "TICK_NEWS"],
        "headlines are never late"
    );
    // What may be seen is live all the same.
    let told = desk.ask(stream(8, of_number(1_004, "SMART"), ""));
    assert!(numbers(&told).contains(&1));
}

#[test]
fn a_delayed_snapshot_says_what_kind_it_is_and_nothing_more() {
    let mut desk = Desk::new(only(&[]));
    desk.ask(MarketDataTypeRequest { market_data_type: Some(3) });
    let told = desk.ask(MarketDataRequest { snapshot: Some(true), ..stream(7, apple(), "") });
    assert_eq!(names(&told)[..3], ["MARKET_DATA_TYPE", "TICK_REQ_PARAMS", "TICK_PRICE"]);
    assert_eq!(names(&told).last(), Some(&"TICK_SNAPSHOT_END"));
    let seen = numbers(&told);
    assert!(!seen.contains(&69) && !seen.contains(&70) && !seen.contains(&71), "sizes alone: {seen:?}");
}

#[test]
fn delayed_prices_are_those_of_a_quarter_of_an_hour_ago() {
    let mut live = Desk::new(ServerSettings::default());
    let was = prices(&live.ask(stream(1, apple(), "")), 1)[0];
    let mut desk = Desk::at(only(&[]), live.now.after(std::time::Duration::from_secs(900)));
    desk.ask(MarketDataTypeRequest { market_data_type: Some(4) });
    assert_eq!(prices(&desk.ask(stream(1, apple(), "")), 66), [was]);
}

#[test]
fn a_closed_market_is_frozen_when_it_is_asked_for_so() {
    let hours = tradeport_fake_broker::house::FakeHours::UsStocks;
    let settings = ServerSettings { hours, ..ServerSettings::default() };
    // A Saturday.
    let mut desk = Desk::at(settings, Timestamp::from_seconds(1_795_273_200));
    desk.ask(MarketDataTypeRequest { market_data_type: Some(2) });
    let told = desk.ask(stream(1, apple(), ""));
    let Answer::MarketDataType(kind) = &told[0] else { panic!("{told:?}") };
    assert_eq!(kind.market_data_type, Some(2));
    assert!(prices(&told, 4).len() == 1 && prices(&told, 9).len() == 1);
    assert!(desk.wait(60_000).is_empty(), "nothing happens on a Saturday");
}

#[test]
fn an_index_has_a_last_price_and_no_sides_and_a_pair_has_sides_and_no_last() {
    let mut desk = Desk::new(ServerSettings::default());
    let told = desk.ask(stream(1, of_number(3_001, "CBOE"), ""));
    let seen = numbers(&told);
    assert!(seen.contains(&4) && !seen.contains(&1) && !seen.contains(&2) && !seen.contains(&8), "{seen:?}");
    let pair = Contract {
        symbol: Some("EUR".to_owned()),
        sec_type: Some("CASH".to_owned()),
        currency: Some("USD".to_owned()),
        exchange: Some("IDEALPRO".to_owned()),
        ..Contract::default()
    };
    let told = desk.ask(stream(2, Some(pair), ""));
    let Answer::TickReqParams(parameters) = &told[1] else { panic!("{told:?}") };
    assert_eq!(parameters.min_tick.as_deref(), Some("0.00001"), "a fifth of the step of its orders");
    let seen = numbers(&told);
    assert!(seen.contains(&1) && seen.contains(&2) && !seen.contains(&4) && !seen.contains(&8), "{seen:?}");
}

#[test]
fn an_option_tells_what_its_prices_mean() {
    let mut desk = Desk::new(ServerSettings::default());
    let option = call(&mut desk);
    let told = desk.ask(stream(1, option, ""));
    let mut seen = Vec::new();
    for answer in &told {
        let Answer::TickOptionComputation(it) = answer else { continue };
        seen.push(it.tick_type.unwrap());
        assert!(it.delta.unwrap() > 0.0 && it.delta.unwrap() < 1.0, "{it:?}");
        assert!(it.implied_vol.unwrap() > 0.05 && it.und_price.unwrap() > 100.0, "{it:?}");
        assert!(it.gamma.unwrap() > 0.0 && it.vega.unwrap() > 0.0 && it.theta.unwrap() < 0.0, "{it:?}");
    }
    assert_eq!(seen, [10, 11, 12, 13]);
}

#[test]
fn generic_ticks_come_when_they_are_asked_for() {
    let mut desk = Desk::new(ServerSettings::default());
    let list = "100,101,104,105,106,165,221,225,232,233,236,258,292,293,294,295,318,375,411,456,577,588,595";
    let told = desk.ask(stream(1, apple(), list));
    let seen = numbers(&told);
    let expected = [
        29, 30, 27, 28, 23, 87, 24, 15, 16, 17, 18, 19, 20, 21, 37, 34, 35, 36, 61, 48, 46, 89, 47, 54, 55,
        56, 57, 77, 58, 59, 96, 86, 63, 64, 65,
    ];
    for number in expected {
        assert!(seen.contains(&number), "no tick {number} in {seen:?}");
    }
    assert!(names(&told).contains(&"TICK_NEWS"));
    let told = desk.wait(1_000);
    let volume = told.iter().find_map(|it| match it {
        Answer::TickString(it) if it.tick_type == Some(48) => it.value.clone(),
        _ => None,
    });
    let volume = volume.expect("a trade in a second");
    let parts: Vec<&str> = volume.split(';').collect();
    assert_eq!((parts.len(), parts[5]), (6, "true"), "{volume}");
    assert_eq!(parts[2], (desk.now.nanos() / 1_000_000).to_string());
    let (_, code, text) = error(&desk.ask(stream(2, apple(), "233,999")));
    assert_eq!(code, 321);
    assert!(
        text.contains("Incorrect generic tick list of 233,999") && text.contains("233(RTVolume)"),
        "{text}"
    );
    let told = desk.ask(stream(3, apple(), "mdoff,233"));
    assert_eq!(numbers(&told), [48]);
}

#[test]
fn the_quote_of_a_script_is_told_at_once_and_holds_until_the_next_tick_or_for_good() {
    let mut desk = Desk::new(ServerSettings::default());
    desk.ask(stream(1, apple(), ""));
    let level = |price: &str| Some(Level::new(price.parse().unwrap(), Quantity::new(100.into()).ok()));
    let quote = |at| Quote::new("AAPL".parse().unwrap(), at, level("99"), level("101")).unwrap();
    desk.wait(100);
    let at = desk.now;
    desk.server.world_mut().publish(quote(at));
    let due = desk.server.next_wake();
    assert_eq!(due, Some(desk.now), "it is to be told now");
    let told = desk.wait(0);
    assert_eq!(
        (prices(&told, 1), prices(&told, 2), prices(&told, 4)),
        (vec![99.0], vec![101.0], vec![100.0])
    );
    let told = desk.wait(200);
    assert!(prices(&told, 1)[0] > 200.0, "the market speaks again: {told:?}");
    let at = desk.now;
    desk.server.world_mut().hold(quote(at));
    assert_eq!(prices(&desk.wait(0), 1), [99.0]);
    assert!(prices(&desk.wait(20_000), 1).is_empty(), "the script holds it");
    desk.server.world_mut().release("AAPL".parse().unwrap());
    assert!(prices(&desk.wait(250), 1)[0] > 200.0);
}

#[test]
fn sizes_are_in_shares_or_hundreds_as_the_version_has_them() {
    let mut desk = Desk::new(ServerSettings::default());
    desk.connect(2, "v213..219");
    let of = |told: &[Answer]| {
        let size = told.iter().find_map(|it| match it {
            Answer::TickPrice(it) if it.tick_type == Some(1) => it.size.clone(),
            _ => None,
        });
        let volume = told.iter().find_map(|it| match it {
            Answer::TickSize(it) if it.tick_type == Some(8) => it.size.clone(),
            _ => None,
        });
        let number = |text: Option<String>| text.and_then(|it| it.parse::<i64>().ok()).unwrap();
        (number(size), number(volume))
    };
    let now = of(&desk.ask(stream(1, apple(), "")));
    let then = of(&desk.ask_as(2, stream(1, apple(), "")));
    assert_eq!((now.0, now.1 / 100), then);
}

#[test]
fn a_contract_that_is_not_there_is_told_so() {
    let mut desk = Desk::new(ServerSettings::default());
    let (id, code, text) = error(&desk.ask(stream(5, of_number(999, "SMART"), "")));
    assert_eq!((id, code), (5, 200), "{text}");
}

#[test]
fn a_combo_is_quoted_as_its_legs_together() {
    let mut desk = Desk::new(ServerSettings::default());
    let leg = |number, action: &str| ComboLeg {
        con_id: Some(number),
        ratio: Some(1),
        action: Some(action.to_owned()),
        exchange: Some("SMART".to_owned()),
        ..ComboLeg::default()
    };
    let combo = Contract {
        symbol: Some("AAPL,IBM".to_owned()),
        sec_type: Some("BAG".to_owned()),
        currency: Some("USD".to_owned()),
        exchange: Some("SMART".to_owned()),
        combo_legs: vec![leg(265_598, "BUY"), leg(8_314, "SELL")],
        ..Contract::default()
    };
    let told = desk.ask(stream(1, Some(combo), ""));
    let apple = desk.ask(stream(2, apple(), ""));
    let ibm = desk.ask(stream(3, of_number(1_004, "SMART"), ""));
    let of = |told: &[Answer], number| prices(told, number)[0];
    assert!((of(&told, 1) - (of(&apple, 1) - of(&ibm, 2))).abs() < 1e-9, "{told:?}");
    assert!((of(&told, 2) - (of(&apple, 2) - of(&ibm, 1))).abs() < 1e-9);
    assert!(prices(&told, 4).is_empty() && prices(&told, 6).is_empty());
    assert!(!prices(&desk.wait(2_000), 1).is_empty());
}
