//! Schedules, heads, histograms and ticks of the past.

use super::{bars_of, only_bars};
use crate::server::ServerSettings;
use crate::server::desk::{Desk, NOW, apple, error, names, of_number};
use crate::wire::Answer;
use crate::wire::proto::{
    HeadTimestampRequest, HistogramDataRequest, HistoricalDataRequest, HistoricalTicksRequest,
};
use tradeport_fake_broker::house::FakeHours;

fn ticks(show: &str, count: i32) -> HistoricalTicksRequest {
    HistoricalTicksRequest {
        req_id: Some(6),
        contract: apple(),
        end_date_time: Some("20261119 15:00:00 UTC".to_owned()),
        number_of_ticks: Some(count),
        what_to_show: Some(show.to_owned()),
        use_rth: Some(true),
        ..HistoricalTicksRequest::default()
    }
}

#[test]
fn a_schedule_has_every_day_of_trading_with_its_hours() {
    let mut desk = Desk::new(ServerSettings::default());
    let told = desk
        .ask(HistoricalDataRequest { what_to_show: Some("SCHEDULE".to_owned()), ..bars_of("5 D", "1 day") });
    let [Answer::HistoricalSchedule(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(it.time_zone.as_deref(), Some("US/Eastern"));
    let days: Vec<_> = it.historical_sessions.iter().filter_map(|it| it.ref_date.as_deref()).collect();
    assert_eq!(days, ["20261116", "20261117", "20261118", "20261119", "20261120"]);
    let today = &it.historical_sessions[4];
    assert_eq!(today.start_date_time.as_deref(), Some("20261120-09:30:00"));
    assert_eq!(today.end_date_time.as_deref(), Some("20261120-16:00:00"));
    assert_eq!(it.start_date_time.as_deref(), Some("20261116-09:30:00"));
}

#[test]
fn a_head_is_the_first_moment_in_either_format() {
    let mut desk = Desk::new(ServerSettings::default());
    let request = |id, format| HeadTimestampRequest {
        req_id: Some(id),
        contract: apple(),
        use_rth: Some(true),
        what_to_show: Some("TRADES".to_owned()),
        format_date: Some(format),
    };
    let moment = |told: Vec<Answer>| {
        let [Answer::HeadTimestamp(it)] = told.as_slice() else { panic!("{told:?}") };
        it.head_timestamp.clone().expect("a moment")
    };
    assert_eq!(moment(desk.ask(request(1, 1))), "19940103-14:30:00");
    assert_eq!(moment(desk.ask(request(2, 2))), "757607400");
    let wrong = HeadTimestampRequest { what_to_show: Some("YIELD_ASK".to_owned()), ..request(3, 1) };
    assert_eq!(error(&desk.ask(wrong)).1, 162);
}

#[test]
fn a_history_in_extended_hours_begins_where_these_are_known() {
    let mut desk = Desk::new(ServerSettings { hours: FakeHours::UsStocks, ..ServerSettings::default() });
    let told = desk.ask(HeadTimestampRequest {
        req_id: Some(1),
        contract: apple(),
        use_rth: Some(false),
        what_to_show: Some("TRADES".to_owned()),
        format_date: Some(1),
    });
    let [Answer::HeadTimestamp(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(it.head_timestamp.as_deref(), Some("20050103-09:00:00"), "at four in New York");
}

#[test]
fn a_histogram_has_all_that_was_traded_between_low_and_high() {
    let mut desk = Desk::new(ServerSettings::default());
    let told = desk.ask(HistogramDataRequest {
        req_id: Some(4),
        contract: apple(),
        use_rth: Some(true),
        time_period: Some("3 days".to_owned()),
    });
    let [Answer::HistogramData(it)] = told.as_slice() else { panic!("{told:?}") };
    let days = only_bars(&desk.ask(bars_of("3 D", "1 day")));
    let (high, low) = (
        days.iter().filter_map(|it| it.high).fold(f64::MIN, f64::max),
        days.iter().filter_map(|it| it.low).fold(f64::MAX, f64::min),
    );
    let entries = &it.histogram_data_entries;
    assert!(entries.len() > 20 && entries.windows(2).all(|pair| pair[0].price < pair[1].price));
    assert!(entries.iter().all(|it| it.price >= Some(low) && it.price <= Some(high)));
    let sum = |texts: Vec<&Option<String>>| -> f64 {
        texts.into_iter().map(|it| it.as_ref().unwrap().parse::<f64>().unwrap()).sum()
    };
    let traded = sum(entries.iter().map(|it| &it.size).collect());
    assert!((traded - sum(days.iter().map(|it| &it.volume).collect())).abs() < 1e-6);
}

#[test]
fn trades_of_the_past_are_those_of_its_bars() {
    let mut desk = Desk::new(ServerSettings::default());
    let told = desk.ask(ticks("TRADES", 120));
    let [Answer::HistoricalTicksLast(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(it.is_done, Some(true));
    let trades = &it.historical_ticks_last;
    assert_eq!(trades.len(), 120);
    let bars = only_bars(&desk.ask(HistoricalDataRequest {
        end_date_time: Some("20261119 15:00:00 UTC".to_owned()),
        ..bars_of("120 S", "1 min")
    }));
    assert_eq!(bars.len(), 2);
    for (bar, part) in bars.iter().zip(trades.chunks(60)) {
        assert_eq!((bar.open, bar.close), (part[0].price, part[59].price));
        assert_eq!(bar.high, Some(part.iter().filter_map(|it| it.price).fold(f64::MIN, f64::max)));
        let size: f64 = part.iter().map(|it| it.size.as_ref().unwrap().parse::<f64>().unwrap()).sum();
        assert_eq!(bar.volume.as_ref().unwrap().parse::<f64>().unwrap().to_bits(), size.to_bits());
    }
}

#[test]
fn ticks_are_of_one_day_and_begin_or_end_where_they_are_asked_to() {
    let mut desk = Desk::new(ServerSettings::default());
    let from = HistoricalTicksRequest {
        start_date_time: Some("20261119 20:59:50 UTC".to_owned()),
        end_date_time: None,
        ..ticks("TRADES", 100)
    };
    let told = desk.ask(from);
    let [Answer::HistoricalTicksLast(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(it.historical_ticks_last.len(), 10, "until the close");
    let told = desk.ask(ticks("BID_ASK", 1_000));
    let [Answer::HistoricalTicksBidAsk(it)] = told.as_slice() else { panic!("{told:?}") };
    let quotes = &it.historical_ticks_bid_ask;
    assert!((1_000..1_004).contains(&quotes.len()), "{}", quotes.len());
    assert!(quotes.iter().all(|it| it.price_bid < it.price_ask));
    assert!(quotes.windows(2).all(|pair| pair[0].time <= pair[1].time));
    assert!(quotes.last().unwrap().time < Some(NOW - 86_400));
    let told = desk.ask(ticks("MIDPOINT", 50));
    let [Answer::HistoricalTicks(it)] = told.as_slice() else { panic!("{told:?}") };
    assert!(it.historical_ticks.windows(2).all(|pair| pair[0].price != pair[1].price));
}

#[test]
fn ticks_of_a_start_and_an_end_are_those_from_the_start_on() {
    let mut desk = Desk::new(ServerSettings::default());
    let from = |end: Option<&str>| HistoricalTicksRequest {
        start_date_time: Some("20261119-14:40:00".into()),
        end_date_time: end.map(str::to_owned),
        ..ticks("TRADES", 9)
    };
    let alone = desk.ask(from(None));
    desk.wait(15_000);
    assert_eq!(desk.ask(from(Some("20261119 15:00:00 UTC"))), alone);
    let [Answer::HistoricalTicksLast(it)] = alone.as_slice() else { panic!("{alone:?}") };
    assert_eq!(
        it.historical_ticks_last[0].time,
        Some(NOW - 86_400 - 1_200),
        "{:?}",
        it.historical_ticks_last[0]
    );
}

#[test]
fn ticks_want_a_start_or_an_end_a_count_and_a_kind() {
    let mut desk = Desk::new(ServerSettings::default());
    let none = HistoricalTicksRequest { end_date_time: None, ..ticks("TRADES", 9) };
    let bad = HistoricalTicksRequest { end_date_time: Some("soon".into()), ..ticks("TRADES", 9) };
    let index = HistoricalTicksRequest { contract: of_number(3_001, "CBOE"), ..ticks("BID_ASK", 9) };
    let cases = [
        (none, 321),
        (bad, 10_314),
        (index, 10_187),
        (ticks("TRADES", -1), 321),
        (ticks("TRADES", 1_001), 321),
        (ticks("ADJUSTED_LAST", 9), 321),
    ];
    for (request, code) in cases {
        assert_eq!(error(&desk.ask(request.clone())).1, code, "{request:?}");
    }
    assert_eq!(names(&desk.ask(ticks("TRADES", 9))), ["HISTORICAL_TICKS_LAST"]);
    let told = desk.ask(ticks("TRADES", 0));
    let [Answer::HistoricalTicksLast(it)] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(it.historical_ticks_last.len(), 1_000, "none is as many as there may be");
}
