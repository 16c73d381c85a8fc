use super::*;
use crate::calendar::Hours;
use proptest::prelude::*;
use time::macros::date;
use tradeport_kernel::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn schedule(text: &str, zone: &str) -> Result<Schedule, NotHours> {
    Schedule::from_broker("TEST", text, zone_of_broker(zone).unwrap())
}

#[test]
fn a_stock_is_closed_at_night_and_on_a_closed_day_and_unknown_beyond() {
    let text = "20260105:0930-20260105:1600;20260106:0930-20260106:1600;20260110:CLOSED";
    let hours = schedule(text, "US/Eastern").unwrap();
    assert_eq!(hours.is_open(at("2026-01-05T14:30:00Z")), Ok(true));
    assert_eq!(hours.is_open(at("2026-01-05T21:00:00Z")), Ok(false));
    assert_eq!(hours.next_open(at("2026-01-05T21:00:00Z")), Ok(at("2026-01-06T14:30:00Z")));
    assert_eq!(hours.is_open(at("2026-01-11T04:59:00Z")), Ok(false), "the closed day is known to its end");
    assert!(hours.is_open(at("2026-01-11T05:00:00Z")).is_err());
    assert!(hours.is_open(at("2026-01-05T04:59:00Z")).is_err());
}

#[test]
fn a_future_opens_on_the_evening_before_and_its_last_evening_is_unknown() {
    let text = "20260103:CLOSED;20260104:1700-20260105:1600;20260105:1700-20260106:1600";
    let hours = schedule(text, "US/Central").unwrap();
    let sunday = hours.trading_day_of(at("2026-01-04T23:00:00Z")).unwrap().unwrap();
    assert_eq!((sunday.date(), sunday.open()), (date!(2026 - 01 - 05), at("2026-01-04T23:00:00Z")));
    assert_eq!(hours.is_open(at("2026-01-05T22:30:00Z")), Ok(false), "the daily break");
    assert_eq!(hours.is_open(at("2026-01-06T22:59:00Z")), Ok(false));
    assert!(hours.is_open(at("2026-01-06T23:00:00Z")).is_err(), "the next day may open here");
}

#[test]
fn the_older_forms_mean_the_same() {
    let new = schedule("20180323:0400-20180323:2000;20180326:0400-20180326:2000", "EST5EDT").unwrap();
    assert_eq!(schedule("20180323:0400-2000;20180326:0400-2000", "EST5EDT").unwrap(), new);
    let lunch = "20180323:0930-20180323:1200;20180323:1300-20180323:1600";
    let lunch = schedule(lunch, "Hongkong").unwrap();
    assert_eq!(schedule("20180323:0930-1200,1300-1600", "Hongkong").unwrap(), lunch);
    assert_eq!(
        schedule("20180323:0930-20180323:1200,20180323:1300-20180323:1600", "Hongkong").unwrap(),
        lunch
    );
    let night = schedule("20180322:1700-20180323:1515;20180323:1530-20180323:1600", "US/Central").unwrap();
    assert_eq!(schedule("20180323:1700-1515,1530-1600", "US/Central").unwrap(), night);
    let whole = schedule("20231010:0000-20231011:0000;20231011:0000-20231012:0000", "UTC").unwrap();
    assert_eq!(schedule("20231010:0000-2400;20231011:0000-2400;", "UTC").unwrap(), whole);
}

#[test]
fn liquid_hours_are_regular_and_stand_in_for_missing_ones() {
    let both =
        Calendar::from_broker("X", "20260105:0400-20260105:2000", "20260105:0930-20260105:1600", "EST")
            .unwrap();
    let evening = at("2026-01-05T22:00:00Z");
    assert_eq!(both.is_open(evening), Ok(false));
    assert_eq!(both.hours(Hours::Extended).unwrap().is_open(evening), Ok(true));
    assert!(both.hours(Hours::Overnight).is_err());
    let one = Calendar::from_broker("X", "20260105:0400-20260105:2000", "", "EST").unwrap();
    assert_eq!(one.is_open(evening), Ok(true));
}

#[test]
fn each_mistake_is_named() {
    let cases = [
        ("", "there are no hours: unknown is not the same as closed"),
        (" ; ", "there are no hours: unknown is not the same as closed"),
        ("closed", "\"closed\" is not a trading day such as 20260105:0930-20260105:1600 or 20260110:CLOSED"),
        (
            "20260230:CLOSED",
            "\"20260230:CLOSED\" is not a trading day such as 20260105:0930-20260105:1600 or 20260110:CLOSED",
        ),
        (
            "0930-1600",
            "\"0930-1600\" is not a trading day such as 20260105:0930-20260105:1600 or 20260110:CLOSED",
        ),
        (
            "20260105:0930-20260105:2460",
            "\"20260105:0930-20260105:2460\" is not a trading day such as 20260105:0930-20260105:1600 or 20260110:CLOSED",
        ),
        (
            "20260105:0930-20260105:0900",
            "the stretch \"20260105:0930-20260105:0900\" is empty or longer than four days",
        ),
        (
            "20260105:0930-20260205:1600",
            "the stretch \"20260105:0930-20260205:1600\" is empty or longer than four days",
        ),
        ("20260105:0930-1600,1500-1700", "the hours of 2026-01-05 overlap others"),
        ("20260105:0930-1600;20260105:1500-20260106:0900", "the hours of 2026-01-06 overlap others"),
        ("20200105:CLOSED;20260105:CLOSED", "the hours are 2192 days long, more than any broker sends"),
        (
            "29990105:CLOSED",
            "the hours cannot be placed in time: the clocks of UTC are known from 1990 to 2050, not in 2999",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(schedule(text, "UTC").unwrap_err().to_string(), message, "{text}");
    }
    assert!(matches!(schedule(&";".repeat(70_000), "UTC"), Err(NotHours::TooLong(_))));
    let zone = Calendar::from_broker("X", "20260105:CLOSED", "", "Mars/Base").unwrap_err();
    assert_eq!(zone.to_string(), "the hours are in a zone that is not known");
}

/// Some weeks of days, each closed or with stretches that are apart, the first of which may begin the evening before.
fn weeks() -> impl Strategy<Value = String> {
    let day = prop_oneof![
        1 => Just(None),
        4 => (0_i32..3, 1_080_i32..1_439, 1_i32..600, 1_i32..400).prop_map(Some)
    ];
    (0_i64..20_000, proptest::collection::vec(day, 1..30)).prop_map(|(start, days)| {
        let first = date!(1991 - 01 - 01) + Duration::days(start);
        let pieces = days.iter().enumerate().map(|(index, day)| {
            let date = first + Duration::days(i64::try_from(index).unwrap());
            spelled(date, *day)
        });
        pieces.collect::<Vec<_>>().join(";")
    })
}

fn spelled(date: Date, day: Option<(i32, i32, i32, i32)>) -> String {
    let plain = |date: Date| format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day());
    let clock = |minutes: i32| format!("{:02}{:02}", minutes / 60, minutes % 60);
    let today = plain(date);
    let Some((kind, evening, morning, lasts)) = day else { return format!("{today}:CLOSED") };
    // Between four in the morning and noon clocks are never changed.
    let (open, close) = (clock(240 + morning / 3), clock(480 + lasts));
    match kind {
        0 => format!("{}:{}-{today}:{close}", plain(date.previous_day().unwrap()), clock(evening)),
        1 => format!("{today}:{open}-{today}:0745;{today}:0800-{today}:{close}"),
        _ => format!("{today}:{open}-{today}:{close}"),
    }
}

proptest! {
    #[test]
    fn hours_survive_being_spelled_and_read_again(text in weeks(), zone in prop::sample::select(&["EST", "MET", "JST", "UTC"][..])) {
        let zone = zone_of_broker(zone).unwrap();
        let hours = Schedule::from_broker("X", &text, zone).unwrap();
        prop_assert_eq!(hours.to_broker(zone).unwrap(), text);
    }

    #[test]
    fn garbage_is_refused_without_a_panic(text in "[0-9:;,CLOSED -]{0,120}", zone in "[A-Za-z/()+-]{0,30}") {
        let _hours = Calendar::from_broker("X", &text, &text, "UTC").is_ok();
        let _zone = Calendar::from_broker("X", "20260105:CLOSED", "", &zone).is_ok();
    }

    #[test]
    fn nearly_right_hours_never_panic(
        (year, month, day, open, close) in (0_u32..9_999, 0_u32..14, 0_u32..34, 0_u32..2_500, 0_u32..2_500),
        shape in 0..4,
    ) {
        let date = format!("{year:04}{month:02}{day:02}");
        let text = match shape {
            0 => format!("{date}:{open:04}-{date}:{close:04}"),
            1 => format!("{date}:{open:04}-{close:04},{close:04}-{open:04}"),
            2 => format!("{date}:CLOSED"),
            _ => format!("{date}:{open:04}-{date}:{close:04};{date}:{open:04}-{date}:{close:04}"),
        };
        if let Ok(hours) = schedule(&text, "US/Eastern") {
            prop_assert!(hours.known().start() < hours.known().end());
        }
    }
}
