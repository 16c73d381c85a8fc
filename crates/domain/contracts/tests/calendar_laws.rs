//! What holds of every bundled calendar: order, agreement of the questions with each other, and daylight saving time.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use proptest::prelude::*;
use std::time::Duration;
use time::Date;
use tradeport_contracts::calendar::{Calendar, Hours, LocalMoment, Schedule, Zone};
use tradeport_kernel::Timestamp;

fn schedules() -> Vec<(&'static str, &'static Schedule)> {
    let kinds = [Hours::Regular, Hours::Extended, Hours::Overnight];
    let all = Calendar::names().flat_map(|name| kinds.map(|kind| (name, kind)));
    all.filter_map(|(name, kind)| Some((name, Calendar::named(name).unwrap().hours(kind).ok()?))).collect()
}

const NANO: Duration = Duration::from_nanos(1);

#[test]
fn trading_days_are_in_order_and_apart_and_lie_in_what_is_known() {
    for (name, schedule) in schedules() {
        let mut before: Option<(Date, Timestamp)> = None;
        for day in schedule.all_trading_days() {
            assert!(day.open() < day.close(), "{name} on {}", day.date());
            if let Some((date, close)) = before {
                assert!(date < day.date() && close <= day.open(), "{name} on {}", day.date());
            }
            let known = schedule.known_days();
            assert!((known.0..=known.1).contains(&day.date()), "{name} on {}", day.date());
            before = Some((day.date(), day.close()));
        }
        assert!(before.is_some(), "{name} has no day");
    }
}

/// Every answer at a moment, against a look at all sessions.
fn agree(name: &str, schedule: &Schedule, at: Timestamp) -> Result<(), TestCaseError> {
    let sessions = schedule.sessions();
    let held: Vec<_> = sessions.as_slice().iter().filter(|one| one.open <= at && at < one.close).collect();
    prop_assert_eq!(schedule.is_open(at).unwrap(), held.len() == 1, "{} at {}", name, at);
    let day = schedule.trading_day_of(at).unwrap();
    if let Some(day) = day {
        prop_assert!(day.contains(at));
    }
    prop_assert!(held.is_empty() || day.is_some(), "an open market is within a trading day");
    let open = sessions.as_slice().iter().map(|one| one.open).find(|open| *open > at);
    let close = sessions.as_slice().iter().map(|one| one.close).find(|close| *close > at);
    prop_assert_eq!(schedule.next_open(at).ok(), open);
    prop_assert_eq!(schedule.next_close(at).ok(), close);
    if let Ok(next) = schedule.next_trading_day(at) {
        prop_assert!(next.open() > at);
    }
    if let Some(last) = schedule.last_trading_day(at).unwrap() {
        prop_assert!(last.close() <= at);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_questions_agree_at_any_moment(pick in any::<prop::sample::Index>(), share in 0.0_f64..1.0) {
        let all = schedules();
        let (name, schedule) = all[pick.index(all.len())];
        let known = schedule.known();
        let width = known.end().since(known.start());
        agree(name, schedule, known.start().after(width.mul_f64(share)))?;
    }

    #[test]
    fn the_questions_agree_at_the_edges_of_sessions(pick in any::<prop::sample::Index>(), edge in any::<prop::sample::Index>()) {
        let all = schedules();
        let (name, schedule) = all[pick.index(all.len())];
        let sessions = schedule.sessions();
        let session = sessions.as_slice()[edge.index(sessions.as_slice().len())];
        for at in [session.open.before(NANO), session.open, session.close.before(NANO), session.close] {
            if schedule.known().contains(at) {
                agree(name, schedule, at)?;
            }
        }
    }

    #[test]
    fn a_local_time_is_its_moment_again(seconds in 631_152_000_i64..2_556_000_000, zone in any::<prop::sample::Index>()) {
        const ZONES: [&str; 8] = [
            "America/New_York", "America/Chicago", "Europe/London", "Europe/Berlin", "Asia/Tokyo", "Australia/Lord_Howe",
            "America/Sao_Paulo", "Africa/Casablanca",
        ];
        let zone = Zone::named(ZONES[zone.index(ZONES.len())]).unwrap();
        let at = Timestamp::from_seconds(seconds);
        let (date, time) = zone.local(at).unwrap();
        match zone.moment(date, time).unwrap() {
            LocalMoment::Once(once) => prop_assert_eq!(once, at),
            LocalMoment::Twice { earlier, later } => {
                prop_assert!(earlier < later);
                prop_assert!(earlier == at || later == at);
            }
            LocalMoment::Never { shifted } => prop_assert!(false, "{} happened, though told as {}", at, shifted),
        }
    }
}

#[test]
fn nothing_is_known_before_the_first_and_after_the_last_moment() {
    for (name, schedule) in schedules() {
        let (from, to) = (schedule.known().start(), schedule.known().end());
        assert!(schedule.is_open(from).is_ok(), "{name}");
        assert!(schedule.is_open(to.before(NANO)).is_ok(), "{name}");
        for beyond in [from.before(NANO), to, Timestamp::MIN, Timestamp::MAX] {
            assert!(schedule.is_open(beyond).is_err(), "{name}");
            assert!(schedule.trading_day_of(beyond).is_err(), "{name}");
            assert!(schedule.next_open(beyond).is_err(), "{name}");
            assert!(schedule.next_close(beyond).is_err(), "{name}");
        }
        let (_, last) = schedule.known_days();
        assert!(schedule.trading_day_on(last.next_day().unwrap()).is_err(), "{name}");
    }
}

/// Days of a whole session keep their local times through every change of the clocks.
#[test]
fn local_hours_stay_when_clocks_change() {
    for name in ["XNYS", "XLON", "XEUR", "XTKS", "XHKG", "CME_Equity"] {
        let calendar = Calendar::named(name).unwrap();
        let zone = calendar.zone();
        let mut changes = 0;
        for year in 2000..=2035 {
            let day = |month, day| Date::from_calendar_date(year, month, day).unwrap();
            let days =
                calendar.regular().trading_days(day(time::Month::January, 1), day(time::Month::December, 31));
            let mut before = None;
            for trading_day in days.unwrap().filter(|day| !day.closes_early() && !day.opens_late()) {
                let offset = zone.offset_at(trading_day.close()).unwrap();
                changes += usize::from(before.is_some_and(|before| before != offset));
                before = Some(offset);
                let (date, _) = zone.local(trading_day.close()).unwrap();
                assert_eq!(date, trading_day.date(), "{name}");
                let close = i64::from(offset) + trading_day.close().nanos() / 1_000_000_000;
                let minutes = close.rem_euclid(86_400) / 60;
                assert!(minutes % 15 == 0 && minutes >= 11 * 60, "{name} closes at {minutes} on {date}");
            }
        }
        let expected = if matches!(name, "XTKS" | "XHKG") { 0 } else { 72 };
        assert_eq!(changes, expected, "{name}: two changes in each of 36 years");
    }
}
