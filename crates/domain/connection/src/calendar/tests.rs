use super::*;
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn new_york() -> OutageCalendar {
    OutageCalendar::usual(Zone::named("America/New_York").unwrap(), Region::NorthAmerica)
}

fn restarts(zone: &str, start: (u8, u8), end: (u8, u8)) -> OutageCalendar {
    let time = |(hour, minute)| Time::from_hms(hour, minute, 0).unwrap();
    let zone = Zone::named(zone).unwrap();
    OutageCalendar::new(vec![OutageRule::daily(OutageKind::DailyRestart, time(start), time(end), zone)])
}

#[test]
fn the_daily_restart_follows_the_clocks_of_its_zone() {
    let calendar = new_york();
    // A Wednesday in winter, five hours behind, and one in summer, four.
    for (inside, start, end) in [
        ("2026-01-15T04:56:00Z", "2026-01-15T04:55:00Z", "2026-01-15T05:05:00Z"),
        ("2026-07-16T03:56:00Z", "2026-07-16T03:55:00Z", "2026-07-16T04:05:00Z"),
    ] {
        let outage = calendar.at(at(inside)).unwrap();
        assert_eq!(outage.kind, OutageKind::DailyRestart);
        assert_eq!(outage.range, TimeRange::new(at(start), at(end)));
        assert_eq!(calendar.at(at(end)), None, "the end is no part of it");
        assert_eq!(calendar.next(at(start).before(Duration::from_secs(1))), Some(outage));
    }
}

#[test]
fn windows_of_every_kind_stand_at_their_hours() {
    let calendar = new_york();
    let kind = |text| calendar.at(at(text)).map(|it| it.kind);
    assert_eq!(kind("2026-01-15T05:30:00Z"), Some(OutageKind::ServerReset), "00:30 in New York");
    assert_eq!(kind("2026-01-17T04:30:00Z"), Some(OutageKind::Weekend), "Friday 23:30 in New York");
    assert_eq!(kind("2026-01-17T07:59:00Z"), Some(OutageKind::Weekend), "Saturday 02:59");
    assert_eq!(kind("2026-01-18T06:10:00Z"), Some(OutageKind::WeeklyLogin), "Sunday 01:10");
    assert_eq!(
        kind("2026-01-18T05:30:00Z"),
        Some(OutageKind::WeeklyLogin),
        "00:30, a reset with the login inside"
    );
    assert_eq!(kind("2026-01-15T17:00:00Z"), None, "noon");
    let weekend = calendar.at(at("2026-01-17T05:00:00Z")).unwrap();
    assert_eq!(weekend.length(), Duration::from_secs(4 * 3_600), "the restart lies within");
}

#[test]
fn an_end_that_happens_twice_is_the_second_and_a_start_the_first() {
    // New York sets its clocks back on 2026-11-01 at 02:00: 01:30 happens at 05:30 and at 06:30 UTC.
    let outage = restarts("America/New_York", (1, 0), (1, 30)).at(at("2026-11-01T05:10:00Z")).unwrap();
    assert_eq!(outage.range, TimeRange::new(at("2026-11-01T05:00:00Z"), at("2026-11-01T06:30:00Z")));
}

#[test]
fn a_start_that_never_happens_is_behind_the_change() {
    // On 2026-03-08 clocks go from 02:00 to 03:00: 02:30 would have been at 07:30 UTC.
    let calendar = restarts("America/New_York", (2, 30), (3, 45));
    let outage = calendar.at(at("2026-03-08T07:40:00Z")).unwrap();
    assert_eq!(outage.range, TimeRange::new(at("2026-03-08T07:30:00Z"), at("2026-03-08T07:45:00Z")));
}

#[test]
fn orders_are_held_from_so_long_before_it_to_its_end() {
    let calendar = restarts("America/New_York", (14, 55), (14, 56));
    let before = Duration::from_secs(20);
    let until = |moment: &str| calendar.holding(at(moment), before).map(|it| it.range.end());
    assert_eq!(until("2026-01-07T19:54:39Z"), None);
    for moment in ["2026-01-07T19:54:40Z", "2026-01-07T19:55:00Z", "2026-01-07T19:55:59Z"] {
        assert_eq!(until(moment), Some(at("2026-01-07T19:56:00Z")), "{moment}");
    }
    assert_eq!(until("2026-01-07T19:56:00Z"), None);
}

#[test]
fn windows_that_touch_are_one() {
    let time = |hour, minute| Time::from_hms(hour, minute, 0).unwrap();
    let utc = Zone::utc();
    let calendar = OutageCalendar::new(vec![
        OutageRule::daily(OutageKind::ServerReset, time(0, 5), time(1, 0), utc),
        OutageRule::daily(OutageKind::DailyRestart, time(23, 55), time(0, 5), utc),
    ]);
    let whole = Outage {
        kind: OutageKind::DailyRestart,
        range: TimeRange::new(at("2026-05-05T23:55:00Z"), at("2026-05-06T01:00:00Z")),
    };
    for inside in ["2026-05-05T23:55:00Z", "2026-05-06T00:05:00Z", "2026-05-06T00:59:59Z"] {
        assert_eq!(calendar.at(at(inside)), Some(whole), "{inside}");
    }
    assert_eq!(calendar.next(at("2026-05-05T12:00:00Z")), Some(whole));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn the_next_outage_is_the_first_moment_that_lies_in_one(hours in 0i64..24 * 366 * 4, zone in 0usize..4) {
        let zone = ["America/New_York", "Europe/Zurich", "Asia/Hong_Kong", "Australia/Lord_Howe"][zone];
        let calendar = OutageCalendar::usual(Zone::named(zone).unwrap(), Region::Europe);
        let now = at("2024-01-01T00:00:00Z").after(Duration::from_secs(u64::try_from(hours).unwrap() * 3_600));
        let next = calendar.next(now).unwrap();
        prop_assert!(next.range.contains(next.range.start()));
        prop_assert_eq!(calendar.at(next.range.start()), Some(next));
        if calendar.at(now).is_none() {
            let steps = next.range.start().since(now).as_secs() / 300;
            for step in 0..steps {
                prop_assert_eq!(calendar.at(now.after(Duration::from_secs(step * 300))), None);
            }
        }
    }
}
