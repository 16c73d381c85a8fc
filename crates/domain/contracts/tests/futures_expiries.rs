//! Last trading days against days that were counted by hand.
//!
//! Each day follows from the rule in the contract's specification (CME Group, Cboe Futures Exchange, ICE, Eurex, HKEX, JPX,
//! ASX), counted over the weekends and the holidays below; `data/futures-specs.md` says where such a rule differs from the
//! file that the table was made from. American holidays from 2018 on are those of the bundled calendars' sources. A comment
//! says which holiday makes a case special. The days of rolls are our own defaults, unless a comment names who publishes
//! them.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::num::NonZeroU8;
use time::macros::date;
use time::{Date, Weekday};
use tradeport_contracts::futures::{FuturesSchedule, FuturesSpecs, NotARoll, RollRule, ScheduleError};

const AMERICA: &[Date] = &[
    date!(2008 - 03 - 21),
    date!(2009 - 05 - 25),
    date!(2009 - 07 - 03),
    date!(2009 - 12 - 25),
    date!(2018 - 03 - 30),
    date!(2019 - 04 - 19),
    date!(2020 - 04 - 10),
    date!(2023 - 11 - 23),
    date!(2023 - 12 - 25),
    date!(2024 - 01 - 01),
    date!(2024 - 01 - 15),
    date!(2024 - 02 - 19),
    date!(2024 - 03 - 29),
    date!(2024 - 05 - 27),
    date!(2024 - 06 - 19),
    date!(2025 - 12 - 25),
    date!(2026 - 01 - 01),
    date!(2026 - 01 - 19),
    date!(2026 - 06 - 19),
];
const LONDON: &[Date] = &[
    date!(2023 - 12 - 25),
    date!(2023 - 12 - 26),
    date!(2024 - 01 - 01),
    date!(2024 - 03 - 29),
    date!(2024 - 04 - 01),
];
const JAPAN: &[Date] = &[
    date!(2021 - 01 - 01),
    date!(2021 - 02 - 11),
    date!(2021 - 05 - 03),
    date!(2021 - 05 - 04),
    date!(2021 - 05 - 05),
    date!(2021 - 07 - 22),
    date!(2021 - 07 - 23),
    date!(2021 - 08 - 09),
    date!(2021 - 11 - 03),
    date!(2022 - 02 - 11),
    date!(2024 - 02 - 12),
    date!(2024 - 03 - 20),
];
const HONG_KONG: &[Date] = &[date!(2024 - 01 - 01), date!(2024 - 03 - 29), date!(2024 - 04 - 01)];

/// Day by day open, but for weekends and these holidays.
fn open(holidays: &'static [Date]) -> impl Fn(Date) -> bool {
    move |day| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !holidays.contains(&day)
}

fn with<T>(product: &str, holidays: &'static [Date], ask: impl FnOnce(FuturesSchedule<'_>) -> T) -> T {
    let spec = FuturesSpecs::bundled().find(product).unwrap();
    ask(spec.schedule(&open(holidays)))
}

fn check(holidays: &'static [Date], cases: &[(&str, &str, Date)]) {
    for (product, month, expected) in cases {
        let last_trade = with(product, holidays, |schedule| schedule.last_trade(month.parse().unwrap()));
        assert_eq!(last_trade.unwrap(), *expected, "{product} {month}");
    }
}

#[test]
fn american_indices_end_on_the_third_friday_or_the_day_before_a_holiday() {
    check(
        AMERICA,
        &[
            ("ES", "202403", date!(2024 - 03 - 15)),
            ("NQ", "202406", date!(2024 - 06 - 21)),
            // Good Friday.
            ("ES", "200803", date!(2008 - 03 - 20)),
            // Juneteenth.
            ("MES", "202606", date!(2026 - 06 - 18)),
            ("YM", "202412", date!(2024 - 12 - 20)),
        ],
    );
}

#[test]
fn energy_ends_before_its_month() {
    check(
        AMERICA,
        &[
            ("CL", "202401", date!(2023 - 12 - 19)),
            // The 25th was a Saturday; the day before, crude had traded below zero.
            ("CL", "202005", date!(2020 - 04 - 21)),
            ("CL", "202403", date!(2024 - 02 - 20)),
            ("MCL", "202401", date!(2023 - 12 - 18)),
            ("QM", "202005", date!(2020 - 04 - 20)),
            ("NG", "202401", date!(2023 - 12 - 27)),
            ("QG", "202401", date!(2023 - 12 - 26)),
            ("NG", "202403", date!(2024 - 02 - 27)),
            ("RB", "202401", date!(2023 - 12 - 29)),
            ("HO", "202402", date!(2024 - 01 - 31)),
        ],
    );
}

#[test]
fn brent_leaves_the_last_day_of_the_year_out() {
    check(
        LONDON,
        &[
            ("BZ", "202402", date!(2023 - 12 - 28)),
            ("BRN", "202402", date!(2023 - 12 - 28)),
            ("BZ", "202403", date!(2024 - 01 - 31)),
            ("BRN", "202405", date!(2024 - 03 - 28)),
        ],
    );
}

#[test]
fn metals_and_treasuries_are_counted_from_the_end_of_their_month() {
    check(
        AMERICA,
        &[
            ("GC", "202402", date!(2024 - 02 - 27)),
            ("SI", "202403", date!(2024 - 03 - 26)),
            ("MHG", "202403", date!(2024 - 02 - 27)),
            ("ZN", "202403", date!(2024 - 03 - 19)),
            ("ZB", "202406", date!(2024 - 06 - 18)),
            ("ZF", "202403", date!(2024 - 03 - 28)),
            ("ZT", "202406", date!(2024 - 06 - 28)),
            ("ZQ", "202401", date!(2024 - 01 - 31)),
        ],
    );
}

#[test]
fn currencies_and_rates_are_counted_from_a_wednesday_even_when_it_is_a_holiday() {
    check(
        AMERICA,
        &[
            ("6E", "202403", date!(2024 - 03 - 18)),
            ("6E", "202406", date!(2024 - 06 - 17)),
            ("6C", "202403", date!(2024 - 03 - 19)),
            ("6C", "202406", date!(2024 - 06 - 18)),
            // Named after March, it trades until June: the third Wednesday is Juneteenth.
            ("SR3", "202403", date!(2024 - 06 - 18)),
            ("DX", "202403", date!(2024 - 03 - 18)),
        ],
    );
}

#[test]
fn grains_cattle_and_softs() {
    check(
        AMERICA,
        &[
            ("ZC", "202403", date!(2024 - 03 - 14)),
            ("ZS", "202401", date!(2024 - 01 - 12)),
            ("LE", "202402", date!(2024 - 02 - 29)),
            ("HE", "202402", date!(2024 - 02 - 14)),
            ("GF", "202401", date!(2024 - 01 - 25)),
            ("GF", "202403", date!(2024 - 03 - 28)),
            // Memorial Day is among the four weekdays before the last Thursday.
            ("GF", "202405", date!(2024 - 05 - 23)),
            // The Thursday before Thanksgiving.
            ("GF", "202311", date!(2023 - 11 - 16)),
            ("KC", "202403", date!(2024 - 03 - 18)),
            ("SB", "202403", date!(2024 - 02 - 29)),
            ("CC", "202403", date!(2024 - 03 - 13)),
        ],
    );
}

/// ICE Futures U.S. counts from the end of the month: coffee 8 and cocoa 11 business days before its last one, cotton on the
/// 17th last, sugar on the last one before the month.
#[test]
fn softs_are_counted_from_the_end_of_their_month() {
    check(
        AMERICA,
        &[
            ("KC", "200903", date!(2009 - 03 - 19)),
            ("KC", "200905", date!(2009 - 05 - 18)),
            ("KC", "200907", date!(2009 - 07 - 21)),
            ("KC", "201803", date!(2018 - 03 - 19)),
            ("CC", "200903", date!(2009 - 03 - 16)),
            ("CC", "200905", date!(2009 - 05 - 13)),
            ("CC", "200907", date!(2009 - 07 - 16)),
            ("CC", "201803", date!(2018 - 03 - 14)),
            ("CT", "200903", date!(2009 - 03 - 09)),
            ("CT", "200905", date!(2009 - 05 - 06)),
            ("CT", "200907", date!(2009 - 07 - 09)),
            ("CT", "200910", date!(2009 - 10 - 08)),
            ("CT", "200912", date!(2009 - 12 - 08)),
            ("CT", "201803", date!(2018 - 03 - 07)),
            ("SB", "201803", date!(2018 - 02 - 28)),
        ],
    );
}

/// The business day before the second Friday of each month.
#[test]
fn a_year_of_osaka() {
    let days = [7, 10, 11, 8, 13, 10, 8, 12, 9, 7, 11, 9];
    for (month, day) in (1..=12_u8).zip(days) {
        let expected = Date::from_calendar_date(2021, month.try_into().unwrap(), day).unwrap();
        check(JAPAN, &[("NK225M", &format!("2021{month:02}"), expected)]);
        if month % 3 == 0 {
            check(JAPAN, &[("NK225", &format!("2021{month:02}"), expected)]);
        }
    }
}

#[test]
fn volatility_ends_thirty_days_before_the_options_on_its_index() {
    check(
        AMERICA,
        &[
            ("VX", "202401", date!(2024 - 01 - 17)),
            ("VXM", "202401", date!(2024 - 01 - 17)),
            // The third Friday of April was Good Friday.
            ("VX", "201903", date!(2019 - 03 - 19)),
            // The Wednesday was Juneteenth.
            ("VX", "202406", date!(2024 - 06 - 18)),
            // The third Friday of June is Juneteenth.
            ("VX", "202605", date!(2026 - 05 - 19)),
        ],
    );
    check(LONDON, &[("FVS", "202401", date!(2024 - 01 - 17)), ("BTC", "202403", date!(2024 - 03 - 28))]);
    check(LONDON, &[("BTC", "202401", date!(2024 - 01 - 26)), ("ETH", "202402", date!(2024 - 02 - 23))]);
}

#[test]
fn europe_and_asia() {
    check(
        LONDON,
        &[
            ("FDAX", "202403", date!(2024 - 03 - 15)),
            ("FESX", "202406", date!(2024 - 06 - 21)),
            // The 10th was a Sunday: delivery on Monday the 11th, two days after.
            ("FGBL", "202403", date!(2024 - 03 - 07)),
            ("FGBM", "202406", date!(2024 - 06 - 06)),
            ("Z", "202403", date!(2024 - 03 - 15)),
            ("FCE", "202401", date!(2024 - 01 - 19)),
        ],
    );
    check(HONG_KONG, &[("HSI", "202401", date!(2024 - 01 - 30)), ("MHI", "202403", date!(2024 - 03 - 27))]);
    check(
        JAPAN,
        &[
            ("NK225", "202403", date!(2024 - 03 - 07)),
            // The second Friday was a holiday: the final price is of Thursday the 10th.
            ("NK225M", "202202", date!(2022 - 02 - 09)),
        ],
    );
    check(&[], &[("SPI", "202403", date!(2024 - 03 - 21))]);
}

#[test]
fn delivery_may_be_announced_from_the_first_notice_day() {
    for (product, month, expected) in [
        ("GC", "202404", Some(date!(2024 - 03 - 28))),
        ("ZN", "202403", Some(date!(2024 - 02 - 29))),
        ("ZC", "202403", Some(date!(2024 - 02 - 29))),
        ("KC", "202403", Some(date!(2024 - 02 - 21))),
        ("CT", "202403", Some(date!(2024 - 02 - 23))),
        // Metals: the last business day of the month before, however the year ends.
        ("GC", "202602", Some(date!(2026 - 01 - 30))),
        ("GC", "202612", Some(date!(2026 - 11 - 30))),
        ("SI", "202603", Some(date!(2026 - 02 - 27))),
        ("PL", "202601", Some(date!(2025 - 12 - 31))),
        ("PA", "202606", Some(date!(2026 - 05 - 29))),
        ("ZC", "202609", Some(date!(2026 - 08 - 31))),
        ("CL", "202403", None),
        ("ES", "202403", None),
    ] {
        let notice = with(product, AMERICA, |schedule| schedule.first_notice(month.parse().unwrap()));
        assert_eq!(notice.unwrap(), expected, "{product}");
    }
}

#[test]
fn the_defaults_roll_before_delivery_and_on_the_published_monday() {
    for (product, month, expected) in [
        // CME Group's roll dates of equity indices: the Monday before the third Friday.
        ("ES", "202403", date!(2024 - 03 - 11)),
        ("GC", "202404", date!(2024 - 03 - 25)),
        ("CL", "202401", date!(2023 - 12 - 12)),
    ] {
        let roll = with(product, AMERICA, |schedule| {
            schedule.roll_date(month.parse().unwrap(), schedule.spec().default_roll())
        });
        assert_eq!(roll.unwrap(), expected, "{product}");
    }
}

#[test]
fn the_contract_in_front_changes_after_its_last_day_and_the_one_held_on_the_roll_date() {
    with("ES", AMERICA, |schedule| {
        let rule = schedule.spec().default_roll();
        let at = |day| {
            let front = schedule.front(day).unwrap().code();
            (front, schedule.next(day).unwrap().code(), schedule.held(day, rule).unwrap().code())
        };
        let codes =
            |front: &str, next: &str, held: &str| (front.to_owned(), next.to_owned(), held.to_owned());
        assert_eq!(at(date!(2024 - 03 - 10)), codes("H24", "M24", "H24"));
        assert_eq!(at(date!(2024 - 03 - 11)), codes("H24", "M24", "M24"));
        assert_eq!(at(date!(2024 - 03 - 15)), codes("H24", "M24", "M24"));
        assert_eq!(at(date!(2024 - 03 - 16)), codes("M24", "U24", "M24"));
    });
    with("SR3", AMERICA, |schedule| {
        assert_eq!(schedule.front(date!(2024 - 06 - 18)).unwrap().code(), "H24");
        assert_eq!(schedule.front(date!(2024 - 06 - 19)).unwrap().code(), "M24");
    });
    with("BZ", AMERICA, |schedule| {
        assert_eq!(schedule.front(date!(2024 - 01 - 31)).unwrap().code(), "H24");
        assert_eq!(schedule.front(date!(2024 - 02 - 01)).unwrap().code(), "J24");
    });
}

#[test]
fn near_months_come_first_and_serial_ones_only_when_asked_for() {
    let codes = |product: &str, day| {
        with(product, LONDON, |schedule| {
            let chain = schedule.chain(day, 5).unwrap();
            chain.iter().map(|month| month.code()).collect::<Vec<_>>().join(" ")
        })
    };
    assert_eq!(codes("FCE", date!(2024 - 01 - 08)), "F24 G24 H24 M24 U24");
    assert_eq!(codes("6E", date!(2024 - 01 - 08)), "H24 M24 U24 Z24 H25");
    assert_eq!(codes("HE", date!(2024 - 08 - 20)), "V24 Z24 G25 J25 K25");
    let serial = with("6E", AMERICA, |schedule| schedule.last_trade("202402".parse().unwrap()));
    assert_eq!(serial.unwrap(), date!(2024 - 02 - 16), "two business days before the 21st, over a holiday");
}

#[test]
fn what_cannot_be_answered_says_why() {
    let told = |error: ScheduleError| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}{}", cause.map(|cause| format!(": {cause}")).unwrap_or_default())
    };
    let count = |number| NonZeroU8::new(number).unwrap();
    let es = |ask: &dyn Fn(FuturesSchedule<'_>) -> ScheduleError| told(with("ES", AMERICA, ask));
    let march = "202403".parse().unwrap();
    assert_eq!(
        es(&|schedule| schedule.last_trade("202404".parse().unwrap()).unwrap_err()),
        "ES has no contract of 202404: its months are HMUZ"
    );
    assert_eq!(
        es(&|schedule| schedule.chain(date!(2024 - 01 - 01), 241).unwrap_err()),
        "241 contracts of ES were asked for: expected up to 240"
    );
    assert_eq!(
        es(&|schedule| schedule.front(date!(1700 - 01 - 01)).unwrap_err()),
        "there are no contracts at that time: 1700 is not the year of a contract month: expected 1900 to 2199"
    );
    assert_eq!(
        es(&|schedule| {
            schedule.roll_date(march, RollRule::BusinessDaysBeforeFirstNotice(count(2))).unwrap_err()
        }),
        "ES of 202403 cannot be rolled like this: no first notice day is known before its last trade: count from the \
         last trade instead"
    );
    let late = RollRule::BusinessDayOfMonth { nth: count(11), months_before: 0 };
    assert_eq!(
        es(&|schedule| schedule.roll_date(march, late).unwrap_err()),
        "ES of 202403 cannot be rolled like this: the rule gives 2024-03-15, which is not before the last trade on \
         2024-03-15: roll earlier"
    );
    let none = RollRule::BusinessDayOfMonth { nth: count(30), months_before: 0 };
    assert_eq!(
        es(&|schedule| schedule.roll_date(march, none).unwrap_err()),
        format!("ES of 202403 cannot be rolled like this: the calendar has no day for {none:?}")
    );
    let never = RollRule::BusinessDayOfMonth { nth: count(1), months_before: 255 };
    let monthly = with("CL", AMERICA, |schedule| schedule.held(date!(2024 - 01 - 08), never).unwrap_err());
    assert!(matches!(&monthly, ScheduleError::Roll { source: NotARoll::TooEarly { .. }, .. }), "{monthly:?}");
    assert_eq!(
        told(monthly),
        format!(
            "CL of 202402 cannot be rolled like this: {never:?} leaves every contract before anybody could hold it: roll later"
        )
    );
}

#[test]
fn a_calendar_that_never_opens_and_a_rule_that_nobody_knows_are_errors() {
    let es = FuturesSpecs::bundled().find("ES").unwrap();
    let never = |_day: Date| false;
    let closed = es.schedule(&never).front(date!(2024 - 01 - 08)).unwrap_err();
    assert_eq!(closed.to_string(), "ES cannot be placed in the calendar");
    assert_eq!(
        std::error::Error::source(&closed).unwrap().to_string(),
        "202312 has no day that is the 3rd Friday of contract month: the calendar ends, or has too few business days there"
    );

    let mut draft = es.draft().clone();
    draft.last_trade = "unknown".parse().unwrap();
    let unknown = draft.check(FuturesSpecs::bundled()).unwrap();
    let error = unknown.schedule(&never).front(date!(2024 - 01 - 08)).unwrap_err();
    assert_eq!(error.to_string(), "when ES last trades is unknown: give its rule in a file of products");
}

#[test]
fn a_last_day_that_moves_into_the_next_month_still_belongs_to_its_contract() {
    let mut draft = FuturesSpecs::bundled().find("CL").unwrap().draft().clone();
    draft.last_trade = "28th of contract month (or next business day)".parse().unwrap();
    let spec = draft.check(FuturesSpecs::bundled()).unwrap();
    let closed = date!(2024 - 02 - 28)..=date!(2024 - 03 - 05);
    let calendar = move |day: Date| !closed.contains(&day);
    let schedule = spec.schedule(&calendar);
    let february = "202402".parse().unwrap();
    assert_eq!(schedule.last_trade(february).unwrap(), date!(2024 - 03 - 06));
    assert_eq!(schedule.front(date!(2024 - 03 - 06)).unwrap(), february);
    assert_eq!(schedule.front(date!(2024 - 03 - 07)).unwrap().code(), "H24");
}
