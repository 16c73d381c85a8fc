//! The same in every era: what an old client is told in text is what a new one is told in protobuf.

use crate::server::ServerSettings;
use crate::server::desk::{Desk, apple, names};
use crate::wire::proto::{
    HistoricalDataRequest, HistoricalTicksRequest, MarketDataRequest, MarketDepthRequest,
    RealTimeBarsRequest, TickByTickRequest,
};
use crate::wire::{Answer, Request};

/// Text with its oldest, an older and its newest version.
const RANGES: [&str; 3] = ["v100..157", "v157..178", "v157..200"];

fn requests() -> Vec<Request> {
    let trades = Some("TRADES".to_owned());
    vec![
        MarketDataRequest {
            req_id: Some(1),
            contract: apple(),
            generic_tick_list: Some("233,236".to_owned()),
            ..MarketDataRequest::default()
        }
        .into(),
        MarketDepthRequest {
            req_id: Some(2),
            contract: apple(),
            num_rows: Some(5),
            ..MarketDepthRequest::default()
        }
        .into(),
        TickByTickRequest {
            req_id: Some(3),
            contract: apple(),
            tick_type: Some("BidAsk".to_owned()),
            number_of_ticks: Some(5),
            ignore_size: Some(false),
        }
        .into(),
        RealTimeBarsRequest {
            req_id: Some(4),
            contract: apple(),
            bar_size: Some(5),
            what_to_show: trades.clone(),
            use_rth: Some(true),
            ..RealTimeBarsRequest::default()
        }
        .into(),
        HistoricalDataRequest {
            req_id: Some(5),
            contract: apple(),
            bar_size_setting: Some("1 hour".to_owned()),
            duration: Some("2 D".to_owned()),
            use_rth: Some(true),
            what_to_show: trades.clone(),
            format_date: Some(1),
            ..HistoricalDataRequest::default()
        }
        .into(),
        HistoricalTicksRequest {
            req_id: Some(6),
            contract: apple(),
            end_date_time: Some("20261119 15:00:00 UTC".to_owned()),
            number_of_ticks: Some(5),
            what_to_show: trades,
            ..HistoricalTicksRequest::default()
        }
        .into(),
    ]
}

/// Everything that a client of some versions is told, about six requests and six seconds of the market.
fn told(range: &str) -> Vec<Answer> {
    let mut desk = Desk::new(ServerSettings::default());
    desk.connect(2, range);
    let mut told: Vec<Answer> = requests().into_iter().flat_map(|request| desk.ask_as(2, request)).collect();
    desk.wait(6_000);
    told.extend(desk.told(2));
    told
}

#[test]
fn every_era_is_told_the_same_in_the_same_order() {
    let newest = told("v213..226");
    assert!(newest.len() > 150, "{}", newest.len());
    for range in RANGES {
        let older = told(range);
        let without_end = |answers: &[Answer]| {
            names(answers).into_iter().filter(|name| *name != "HISTORICAL_DATA_END").collect::<Vec<_>>()
        };
        assert_eq!(without_end(&older), without_end(&newest), "{range}");
        let has_end = names(&older).contains(&"HISTORICAL_DATA_END");
        assert_eq!(has_end, range == "v157..200", "{range}");
        let prices = |answers: &[Answer]| {
            let of = |it: &Answer| match it {
                Answer::TickPrice(it) => it.price,
                Answer::RealTimeBarTick(it) => it.close,
                _ => None,
            };
            answers.iter().filter_map(of).collect::<Vec<_>>()
        };
        assert_eq!(prices(&older), prices(&newest), "{range}");
    }
}

#[test]
fn old_bars_have_their_time_with_them_and_volumes_in_hundreds() {
    let bars = |range: &str| {
        let found = told(range).into_iter().find_map(|it| match it {
            Answer::HistoricalData(it) => Some(it),
            _ => None,
        });
        found.expect("bars")
    };
    let (old, new) = (bars("v100..157"), bars("v157..200"));
    assert_eq!(old.historical_data_bars[0].date.as_deref(), Some("20261119  14:30:00"));
    assert_eq!(new.historical_data_bars[0].date.as_deref(), Some("20261119 09:30:00 US/Eastern"));
    assert_eq!(old.start_date_str.as_deref(), Some("20261118  15:00:00"));
    assert_eq!((new.start_date_str, new.end_date_str), (None, None));
    let volume = |text: &Option<String>| text.as_ref().unwrap().parse::<i64>().unwrap();
    let (then, now) =
        (volume(&old.historical_data_bars[0].volume), volume(&new.historical_data_bars[0].volume));
    assert_eq!(then, now / 100);
}
