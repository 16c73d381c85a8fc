//! Tick-by-tick, depth, real-time bars, and what options are worth.

use crate::server::ServerSettings;
use crate::server::desk::{Desk, NOW, apple, error, names, of_number};
use crate::wire::Answer;
use crate::wire::proto::{
    CalculateImpliedVolatilityRequest, CalculateOptionPriceRequest, CancelMarketDepth, CancelRealTimeBars,
    CancelTickByTick, HistoricalDataRequest, MarketDepthRequest, RealTimeBarTick, RealTimeBarsRequest,
    TickByTickRequest,
};
use std::collections::BTreeMap;

fn ticks(id: i32, kind: &str, past: i32) -> TickByTickRequest {
    TickByTickRequest {
        req_id: Some(id),
        contract: apple(),
        tick_type: Some(kind.to_owned()),
        number_of_ticks: Some(past),
        ignore_size: Some(false),
    }
}

fn book(id: i32, rows: i32, is_smart: bool) -> MarketDepthRequest {
    MarketDepthRequest {
        req_id: Some(id),
        contract: apple(),
        num_rows: Some(rows),
        is_smart_depth: Some(is_smart),
        ..MarketDepthRequest::default()
    }
}

#[test]
fn every_trade_is_told_after_those_of_the_past() {
    let mut desk = Desk::new(ServerSettings::default());
    let told = desk.ask(ticks(1, "AllLast", 10));
    let [Answer::HistoricalTicksLast(past)] = told.as_slice() else { panic!("{told:?}") };
    let times: Vec<i64> = past.historical_ticks_last.iter().filter_map(|it| it.time).collect();
    assert_eq!(times, (NOW - 10..NOW).collect::<Vec<_>>());
    assert_eq!(past.is_done, Some(true));
    let told = desk.wait(3_000);
    let live: Vec<_> = told
        .iter()
        .filter_map(|it| match it {
            Answer::TickByTickData(it) => Some((it.tick_type, it.historical_tick_last.as_ref()?.time)),
            _ => None,
        })
        .collect();
    assert_eq!(live, [1, 2, 3].map(|second| (Some(2), Some(NOW + second))));
    assert!(desk.ask(CancelTickByTick { req_id: Some(1) }).is_empty());
    assert!(desk.wait(3_000).is_empty());
    assert_eq!(error(&desk.ask(CancelTickByTick { req_id: Some(1) })).1, 300);
}

#[test]
fn quotes_and_middles_are_told_when_they_change() {
    let mut desk = Desk::new(ServerSettings::default());
    assert_eq!(names(&desk.ask(ticks(1, "BidAsk", 8))), ["HISTORICAL_TICKS_BID_ASK"]);
    desk.wait(15_000);
    assert_eq!(names(&desk.ask(ticks(2, "MidPoint", 8))), ["HISTORICAL_TICKS"]);
    let told = desk.wait(5_000);
    let sides = told.iter().filter(|it| matches!(it, Answer::TickByTickData(it) if it.tick_type == Some(3)));
    assert!(sides.count() >= 15, "four a second");
    let mut last = None;
    for answer in &told {
        let Answer::TickByTickData(it) = answer else { continue };
        let Some(middle) = &it.historical_tick_mid_point else { continue };
        assert_ne!(last, middle.price);
        last = middle.price;
    }
    assert!(last.is_some());
}

#[test]
fn names_of_ticks_have_their_capitals_and_indices_have_none() {
    let mut desk = Desk::new(ServerSettings::default());
    assert_eq!(error(&desk.ask(ticks(1, "last", 0))).1, 321);
    assert_eq!(error(&desk.ask(ticks(1, "Last", 1_001))).1, 321);
    let index = TickByTickRequest { contract: of_number(3_001, "CBOE"), ..ticks(1, "Last", 0) };
    assert_eq!(error(&desk.ask(index)).1, 10_189);
}

/// Applies rows to books by side, and fails where an operation does not fit.
fn apply(books: &mut BTreeMap<i32, Vec<(f64, String)>>, answers: &[Answer]) -> usize {
    let mut rows = 0;
    for answer in answers {
        let data = match answer {
            Answer::MarketDepth(it) => it.market_depth_data.as_ref(),
            Answer::MarketDepthL2(it) => it.market_depth_data.as_ref(),
            _ => continue,
        };
        let it = data.expect("a row");
        let book = books.entry(it.side.unwrap()).or_default();
        let position = usize::try_from(it.position.unwrap()).unwrap();
        let row = (it.price.unwrap(), it.size.clone().unwrap());
        match it.operation.unwrap() {
            0 => book.insert(position, row),
            1 => book[position] = row,
            2 => drop(book.remove(position)),
            other => panic!("operation {other}"),
        }
        rows += 1;
    }
    rows
}

#[test]
fn a_book_is_inserted_and_then_updated_and_stays_in_order() {
    let mut desk = Desk::new(ServerSettings::default());
    for (id, is_smart) in [(1, false), (2, true)] {
        let mut books = BTreeMap::new();
        let mut told = desk.ask(book(id, 20, is_smart));
        if is_smart {
            let Answer::ErrorMessage(venues) = told.remove(0) else { panic!("{told:?}") };
            assert_eq!(venues.error_code, Some(2152));
        }
        let name = if is_smart { "MARKET_DEPTH_L2" } else { "MARKET_DEPTH" };
        assert_eq!(names(&told), vec![name; 20]);
        apply(&mut books, &told);
        let mut changes = 0;
        for _ in 0..40 {
            changes += apply(&mut books, &desk.wait(250));
            let (asks, bids) = (&books[&0], &books[&1]);
            assert_eq!((asks.len(), bids.len()), (10, 10));
            assert!(asks.windows(2).all(|pair| pair[0].0 < pair[1].0) && bids[0].0 < asks[0].0);
            assert!(bids.windows(2).all(|pair| pair[0].0 > pair[1].0));
        }
        assert!(changes > 50, "{changes}");
        desk.ask(CancelMarketDepth { req_id: Some(id), is_smart_depth: Some(is_smart) });
        assert!(desk.wait(1_000).is_empty());
    }
    let again = desk.ask(CancelMarketDepth { req_id: Some(1), is_smart_depth: None });
    assert_eq!(error(&again).1, 310);
}

#[test]
fn a_reset_empties_the_book_and_builds_it_anew() {
    let mut desk = Desk::new(ServerSettings::default());
    desk.ask(book(1, 5, false));
    let mut out = Vec::new();
    desk.server.reset_depth(&mut out);
    desk.take(&out);
    let told = desk.told(1);
    assert_eq!(names(&told)[0], "ERR_MSG");
    assert_eq!(apply(&mut BTreeMap::new(), &told), 10);
}

#[test]
fn real_time_bars_are_those_of_history() {
    let mut desk = Desk::new(ServerSettings::default());
    desk.wait(1_300);
    let request = RealTimeBarsRequest {
        req_id: Some(1),
        contract: apple(),
        bar_size: Some(5),
        what_to_show: Some("TRADES".to_owned()),
        use_rth: Some(false),
        ..RealTimeBarsRequest::default()
    };
    assert!(desk.ask(request).is_empty());
    let told = desk.wait(13_700);
    let of = |it: &RealTimeBarTick| (it.time, it.open, it.high, it.low, it.close, it.volume.clone());
    let live: Vec<_> = told
        .iter()
        .filter_map(|it| if let Answer::RealTimeBarTick(bar) = it { Some(of(bar)) } else { None })
        .collect();
    assert_eq!(live.iter().map(|it| it.0).collect::<Vec<_>>(), [0, 5, 10].map(|it| Some(NOW + it)));
    let history = desk.ask(HistoricalDataRequest {
        req_id: Some(2),
        contract: apple(),
        bar_size_setting: Some("5 secs".to_owned()),
        duration: Some("15 S".to_owned()),
        use_rth: Some(false),
        what_to_show: Some("TRADES".to_owned()),
        format_date: Some(2),
        ..HistoricalDataRequest::default()
    });
    let Answer::HistoricalData(history) = &history[0] else { panic!("{history:?}") };
    let past: Vec<_> = history
        .historical_data_bars
        .iter()
        .map(|it| {
            let time = it.date.as_ref().and_then(|it| it.parse().ok());
            (time, it.open, it.high, it.low, it.close, it.volume.clone())
        })
        .collect();
    assert_eq!(live, past);
    assert!(desk.ask(CancelRealTimeBars { req_id: Some(1) }).is_empty());
    assert!(desk.wait(10_000).is_empty());
}

#[test]
fn a_volatility_and_its_price_lead_to_each_other() {
    let mut desk = Desk::new(ServerSettings::default());
    let catalog = desk.server.world_mut().catalog();
    let chain = catalog.option_chains(&"AAPL".parse().unwrap()).unwrap().remove(0);
    let (expiry, strike) = (chain.expiries().nth(6).unwrap(), chain.strikes().nth(20).unwrap());
    let right = tradeport_contracts::Right::Call;
    let option = chain.strikes().find_map(|strike| {
        let option = chain.option(expiry, strike, right).ok()?;
        catalog.resolve(&option.into()).ok()
    });
    let number = i32::try_from(option.expect("a call").id().number()).unwrap();
    let contract = of_number(number, "SMART");
    let spot = strike.to_string().parse::<f64>().unwrap();
    let told = desk.ask(CalculateOptionPriceRequest {
        req_id: Some(4),
        contract: contract.clone(),
        volatility: Some(0.4),
        under_price: Some(spot),
        ..CalculateOptionPriceRequest::default()
    });
    let [Answer::TickOptionComputation(price)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((price.req_id, price.tick_type, price.und_price), (Some(4), Some(53), Some(spot)));
    let told = desk.ask(CalculateImpliedVolatilityRequest {
        req_id: Some(5),
        contract,
        option_price: price.opt_price,
        under_price: Some(spot),
        ..CalculateImpliedVolatilityRequest::default()
    });
    let [Answer::TickOptionComputation(implied)] = told.as_slice() else { panic!("{told:?}") };
    assert!((implied.implied_vol.unwrap() - 0.4).abs() < 0.01, "{implied:?}");
    let share = CalculateOptionPriceRequest {
        req_id: Some(6),
        contract: apple(),
        volatility: Some(0.4),
        under_price: Some(100.0),
        ..CalculateOptionPriceRequest::default()
    };
    assert_eq!(error(&desk.ask(share)).1, 321);
}
