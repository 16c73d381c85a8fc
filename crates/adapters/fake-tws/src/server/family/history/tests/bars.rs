//! Bars: their laws, whatever is asked for, and how they are told.

use super::{bars_of, only_bars};
use crate::server::ServerSettings;
use crate::server::desk::{Desk, NOW, error, names, of_number};
use crate::wire::Answer;
use crate::wire::proto::{CancelHistoricalData, Contract, HistoricalDataBar, HistoricalDataRequest};
use proptest::prelude::*;

fn volume(bar: &HistoricalDataBar) -> f64 {
    bar.volume.as_ref().and_then(|it| it.parse().ok()).expect("a number")
}

/// The day of a bar on the clock of New York in winter, which is behind by five hours.
fn day_of(bar: &HistoricalDataBar) -> i64 {
    (bar.date.as_ref().and_then(|it| it.parse::<i64>().ok()).expect("seconds") - 5 * 3_600).div_euclid(86_400)
}

fn is_sound(bar: &HistoricalDataBar) -> bool {
    let [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(|it| it.expect("a price"));
    low <= open && open <= high && low <= close && close <= high && low >= 0.0
}

/// The first is made of the parts.
fn is_made_of(whole: &HistoricalDataBar, parts: &[HistoricalDataBar]) -> bool {
    let most = parts.iter().filter_map(|it| it.high).fold(f64::MIN, f64::max);
    let least = parts.iter().filter_map(|it| it.low).fold(f64::MAX, f64::min);
    let count: i32 = parts.iter().filter_map(|it| it.bar_count).sum();
    let total: f64 = parts.iter().map(volume).sum();
    whole.open == parts[0].open
        && whole.close == parts[parts.len() - 1].close
        && whole.high == Some(most)
        && whole.low == Some(least)
        && (volume(whole) - total).abs() < 1e-6
        && whole.bar_count == Some(count)
}

#[test]
fn a_days_bar_is_made_of_its_minutes_and_of_its_hours() {
    for number in [1_001, 1_018, 2_001] {
        let mut desk = Desk::new(ServerSettings::default());
        let of = |duration: &str, size: &str| HistoricalDataRequest {
            contract: of_number(number, "SMART"),
            ..bars_of(duration, size)
        };
        let days = only_bars(&desk.ask(of("4 D", "1 day")));
        assert_eq!(days.len(), 4);
        let dates: Vec<_> = days.iter().filter_map(|it| it.date.clone()).collect();
        assert_eq!(dates, ["20261117", "20261118", "20261119", "20261120"]);
        for size in ["1 min", "5 mins", "1 hour", "4 hours"] {
            let parts = only_bars(&desk.ask(of("4 D", size)));
            assert!(parts.iter().all(is_sound));
            let mut by_day: Vec<Vec<HistoricalDataBar>> = Vec::new();
            for part in parts {
                match by_day.last_mut() {
                    Some(day) if day_of(&day[0]) == day_of(&part) => day.push(part),
                    _ => by_day.push(vec![part]),
                }
            }
            assert_eq!(by_day.len(), 4);
            for (day, parts) in days.iter().zip(&by_day) {
                assert!(is_made_of(day, parts), "{size} {day:?}");
            }
        }
    }
}

#[test]
fn a_whole_day_has_390_minutes_and_the_first_hour_of_the_day_is_half_a_one() {
    let mut desk = Desk::new(ServerSettings::default());
    let request = HistoricalDataRequest {
        end_date_time: Some("20261119 23:00:00 UTC".to_owned()),
        ..bars_of("1 D", "1 min")
    };
    let minutes = only_bars(&desk.ask(request.clone()));
    assert_eq!(minutes.len(), 390);
    // 9:30 in New York.
    assert_eq!(minutes[0].date.as_deref(), Some("1795098600"));
    let hours =
        only_bars(&desk.ask(HistoricalDataRequest { bar_size_setting: Some("1 hour".into()), ..request }));
    let starts: Vec<i64> = hours.iter().map(|it| it.date.as_ref().unwrap().parse().unwrap()).collect();
    assert_eq!(starts.len(), 7);
    assert_eq!([starts[1] - starts[0], starts[2] - starts[1]], [1_800, 3_600]);
}

#[test]
fn weeks_and_months_are_made_of_their_days() {
    let mut desk = Desk::new(ServerSettings::default());
    let months = only_bars(&desk.ask(bars_of("3 M", "1 month")));
    let weeks = only_bars(&desk.ask(bars_of("3 M", "1W")));
    let days = only_bars(&desk.ask(bars_of("1 Y", "1 day")));
    assert_eq!(days.len(), 251);
    let in_month = |month: &str| {
        let of = |it: &&HistoricalDataBar| it.date.as_ref().unwrap().starts_with(month);
        days.iter().filter(of).cloned().collect::<Vec<_>>()
    };
    for (bar, month) in months.iter().rev().zip(["202611", "202610", "202609"]) {
        assert!(is_made_of(bar, &in_month(month)), "{bar:?}");
    }
    assert!(weeks.len() >= 13 && weeks.iter().all(is_sound), "{}", weeks.len());
    let last: Vec<_> = days[days.len() - 5..].to_vec();
    assert!(is_made_of(weeks.last().unwrap(), &last));
}

#[test]
fn a_market_that_is_always_open_has_no_days_of_its_own_where_the_real_one_rests() {
    let mut desk = Desk::new(ServerSettings::default());
    // The fourth of September 2023 is Labor Day, a Monday.
    let mut dates = |duration: &str, size: &str| -> Vec<String> {
        let request = HistoricalDataRequest {
            end_date_time: Some("20230904 20:00:00 UTC".to_owned()),
            use_rth: Some(false),
            ..bars_of(duration, size)
        };
        only_bars(&desk.ask(request)).into_iter().filter_map(|bar| bar.date).collect()
    };
    assert_eq!(dates("5 D", "1 day"), ["20230828", "20230829", "20230830", "20230831", "20230901"]);
    assert_eq!(dates("1 M", "1 week"), ["20230804", "20230811", "20230818", "20230825", "20230901"]);
    let months = dates("1 Y", "1 month");
    assert_eq!((months.len(), months[0].as_str(), months[12].as_str()), (13, "20220930", "20230901"));
}

#[test]
fn every_size_and_everything_that_is_shown_gives_sound_bars() {
    let mut desk = Desk::new(ServerSettings::default());
    let sizes = [
        ("60 S", "1 secs"),
        ("120 S", "5 secs"),
        ("600 S", "10 secs"),
        ("900 S", "15 secs"),
        ("1800 S", "30 secs"),
        ("1 D", "1 min"),
        ("1 D", "2 mins"),
        ("2 D", "3 mins"),
        ("2 D", "5 mins"),
        ("1 W", "10 mins"),
        ("1 W", "15 mins"),
        ("1 W", "20 mins"),
        ("1 M", "30 mins"),
        ("1 M", "1 hour"),
        ("1 M", "2 hours"),
        ("1 M", "3 hours"),
        ("1 M", "4 hours"),
        ("1 M", "8 hours"),
        ("1 Y", "1 day"),
        ("2 Y", "1 week"),
        ("2 Y", "1 month"),
    ];
    for (duration, size) in sizes {
        let bars = only_bars(&desk.ask(bars_of(duration, size)));
        assert!(bars.len() > 3 && bars.iter().all(is_sound), "{size}");
        desk.wait(3_000);
    }
    let shows = [
        "MIDPOINT",
        "BID",
        "ASK",
        "BID_ASK",
        "ADJUSTED_LAST",
        "HISTORICAL_VOLATILITY",
        "OPTION_IMPLIED_VOLATILITY",
        "FEE_RATE",
    ];
    for show in shows {
        let request =
            HistoricalDataRequest { what_to_show: Some(show.to_owned()), ..bars_of("2 D", "30 mins") };
        let bars = only_bars(&desk.ask(request));
        assert!(bars.iter().all(|bar| is_sound(bar) || show == "BID_ASK"), "{show}");
        let has_volume = show == "ADJUSTED_LAST";
        assert_eq!(bars.iter().all(|bar| volume(bar) > 0.0), has_volume, "{show}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn bars_of_any_size_agree_with_those_of_a_smaller_one(
        seed in 0_u64..50, ago in 0_i64..15_000_000, show in 0_usize..4,
        pair in prop_oneof![Just(("30 secs", "5 secs")), Just(("1 min", "30 secs")), Just(("5 mins", "1 min"))],
    ) {
        let mut desk = Desk::new(ServerSettings { seed, ..ServerSettings::default() });
        let end = tradeport_kernel::Timestamp::from_seconds((NOW - ago).div_euclid(300) * 300).to_utc();
        let text = format!(
            "{}{:02}{:02}-{:02}:{:02}:00",
            end.year(), u8::from(end.month()), end.day(), end.hour(), end.minute()
        );
        let of = |size: &str| HistoricalDataRequest {
            what_to_show: Some(["TRADES", "MIDPOINT", "BID", "ASK"][show].to_owned()),
            end_date_time: Some(text.clone()),
            use_rth: Some(false),
            ..bars_of("1200 S", size)
        };
        let (large, small) = (only_bars(&desk.ask(of(pair.0))), only_bars(&desk.ask(of(pair.1))));
        let each = small.len() / large.len();
        prop_assert_eq!(small.len(), each * large.len());
        for (bar, parts) in large.iter().zip(small.chunks(each)) {
            let same = [bar.open == parts[0].open, bar.close == parts[each - 1].close];
            prop_assert!(same == [true, true]);
            prop_assert_eq!(bar.high, Some(parts.iter().filter_map(|it| it.high).fold(f64::MIN, f64::max)));
            prop_assert_eq!(bar.low, Some(parts.iter().filter_map(|it| it.low).fold(f64::MAX, f64::min)));
        }
    }
}

#[test]
fn dates_are_told_as_the_format_and_the_version_have_them() {
    let mut desk = Desk::new(ServerSettings::default());
    let request = |format| HistoricalDataRequest { format_date: Some(format), ..bars_of("1 D", "1 hour") };
    let bars = only_bars(&desk.ask(request(1)));
    assert_eq!(bars[0].date.as_deref(), Some("20261120 09:30:00 US/Eastern"));
    let answers = desk.ask(request(2));
    let bars = only_bars(&answers);
    assert_eq!(bars[0].date.as_deref(), Some("1795185000"));
    let Answer::HistoricalDataEnd(end) = &answers[1] else { panic!("{answers:?}") };
    assert_eq!(end.start_date_str.as_deref(), Some("20261119 10:00:00 US/Eastern"));
    assert_eq!(end.end_date_str.as_deref(), Some("20261120 10:00:00 US/Eastern"));
}

#[test]
fn bars_that_are_kept_up_to_date_grow_until_they_are_over() {
    let mut desk = Desk::new(ServerSettings::default());
    let request = HistoricalDataRequest { keep_up_to_date: Some(true), ..bars_of("1 D", "1 min") };
    let begin = only_bars(&desk.ask(request));
    assert_eq!(begin.len(), 30);
    assert_eq!(error(&desk.ask(bars_of("1 D", "1 min"))).1, 386);
    let told = desk.wait(65_000);
    let updates: Vec<HistoricalDataBar> = told
        .iter()
        .map(|it| match it {
            Answer::HistoricalDataUpdate(it) => it.historical_data_bar.clone().expect("a bar"),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(updates.len(), 13, "one in five seconds");
    let first = updates[0].date.clone();
    assert!(updates[..12].iter().all(|it| it.date == first) && updates[12].date != first);
    assert!(updates[..12].windows(2).all(|pair| volume(&pair[0]) < volume(&pair[1])));
    let (_, code, text) = error(&desk.ask(CancelHistoricalData { req_id: Some(3) }));
    assert_eq!(code, 162);
    assert!(text.contains("API historical data query cancelled"), "{text}");
    assert!(desk.wait(20_000).is_empty());
    let after = only_bars(&desk.ask(bars_of("1 D", "1 min")));
    assert!(after.contains(&updates[11]), "the bar that was told whole is that of history");
    assert_eq!(error(&desk.ask(CancelHistoricalData { req_id: Some(9) })).1, 366);
}

#[test]
fn what_cannot_be_is_refused_as_the_broker_refuses_it() {
    let mut desk = Desk::new(ServerSettings::default());
    let base = || bars_of("1 D", "1 hour");
    let show = |show: &str| HistoricalDataRequest { what_to_show: Some(show.to_owned()), ..base() };
    let end = |end: &str, of: HistoricalDataRequest| HistoricalDataRequest {
        end_date_time: Some(end.to_owned()),
        ..of
    };
    let keep = |of: HistoricalDataRequest| HistoricalDataRequest { keep_up_to_date: Some(true), ..of };
    let on = |number, exchange: &str, of: HistoricalDataRequest| HistoricalDataRequest {
        contract: of_number(number, exchange),
        ..of
    };
    let cases = [
        (bars_of("1 D", "7 mins"), 321, "bar size setting is invalid"),
        (bars_of("1 X", "1 hour"), 321, "duration"),
        (bars_of("90000 S", "1 hour"), 321, "made in days"),
        (bars_of("400 D", "1 hour"), 321, "made in years"),
        (bars_of("1 D", "1 secs"), 162, "Time length exceed max"),
        (bars_of("20 Y", "1 min"), 162, "Time length exceed max"),
        (show("NONSENSE"), 321, "whatToShow"),
        (show("YIELD_BID"), 162, "No historical market data"),
        (on(3_001, "CBOE", show("BID")), 162, "No historical market data"),
        (on(4_001, "PAXOS", base()), 10_299, "AGGTRADES"),
        (show("SCHEDULE"), 321, "1 day"),
        (end("20261119 23:00:00 UTC", show("ADJUSTED_LAST")), 321, "adjusted last"),
        (end("yesterday", base()), 10_314, "is invalid"),
        (end("20261119-23:00:00", keep(base())), 321, "must be empty"),
        (keep(show("BID_ASK")), 321, "kept up to date"),
        (keep(bars_of("60 S", "1 secs")), 321, "5 secs"),
        (end("19800101-00:00:00", base()), 162, "HMDS query returned no data: AAPL@SMART Trades"),
        (end("20260105-00:00:00", bars_of("60 S", "5 secs")), 162, "HMDS query returned no data"),
        (on(999, "SMART", base()), 200, "No security definition"),
    ];
    for (request, code, text) in cases {
        let said = error(&desk.ask(request.clone()));
        assert_eq!((said.0, said.1), (3, code), "{request:?}: {said:?}");
        assert!(said.2.contains(text), "{said:?}");
    }
    let continuous = Contract {
        symbol: Some("ES".to_owned()),
        sec_type: Some("CONTFUT".to_owned()),
        exchange: Some("CME".to_owned()),
        ..Contract::default()
    };
    let request = HistoricalDataRequest { contract: Some(continuous), ..base() };
    assert_eq!(error(&desk.ask(end("20261119-23:00:00", request.clone()))).1, 10_339);
    assert_eq!(names(&desk.ask(request)), ["HISTORICAL_DATA", "HISTORICAL_DATA_END"]);
}
