use super::*;
use crate::futures::{BusinessDays, ContractMonth, Weekdays};
use proptest::prelude::*;
use time::macros::date;

fn rules() -> impl Strategy<Value = DayRule> {
    let weekdays = || prop::sample::select(DAYS.to_vec());
    let anchors = prop_oneof![
        (1..=28_u8).prop_map(Anchor::Day),
        (1..=4_u8, weekdays()).prop_map(|(nth, day)| Anchor::Weekday(nth, day)),
        weekdays().prop_map(Anchor::LastWeekday),
        (1..=15_u8).prop_map(Anchor::BusinessDay),
        (1..=20_u8).prop_map(Anchor::LastBusinessDay),
        Just(Anchor::LastBusinessDayNotOfYear),
        Just(Anchor::UndisturbedThursday),
    ];
    let before = prop_oneof![
        Just(Before::Nothing),
        (1..=40_u8).prop_map(Before::BusinessDays),
        (1..=60_u8).prop_map(Before::Days),
    ];
    let closed = prop::sample::select(vec![IfClosed::CountFromIt, IfClosed::DayBefore, IfClosed::DayAfter]);
    (anchors, -12..=12_i8, closed, before)
        .prop_map(|(anchor, months, closed, before)| DayRule::new(anchor, months, closed, before).unwrap())
}

proptest! {
    #[test]
    fn rules_come_back_from_their_text(rule in rules(), hour in 0..24_u8, minute in 0..60_u8) {
        prop_assert_eq!(rule.to_string().parse::<DayRule>().unwrap(), rule);
        let closing = Closing::new(Time::from_hms(hour, minute, 0).unwrap(), "America/New_York").unwrap();
        for rule in [LastTradeRule::new(rule, None), LastTradeRule::new(rule, Some(closing))] {
            prop_assert_eq!(rule.to_string().parse::<LastTradeRule>().unwrap(), rule.clone());
            let stated = LastTrade::Rule(rule);
            prop_assert_eq!(stated.to_string().parse::<LastTrade>().unwrap(), stated);
        }
    }

    #[test]
    fn references_come_back_from_their_text(product in "[A-Z0-9]{1,6}", count in 0..=40_u8) {
        let like = LastTrade::Like { product, business_days_before: count };
        prop_assert_eq!(like.to_string().parse::<LastTrade>().unwrap(), like);
    }

    #[test]
    fn every_rule_gives_a_day_or_an_error(rule in rules(), year in 1900..2200_i32, month in 1..=12_u8) {
        let month = ContractMonth::new(year, time::Month::try_from(month).unwrap()).unwrap();
        if let Ok(day) = rule.day(month, &Weekdays) {
            prop_assert_eq!(Weekdays.is_business_day(day), Some(true));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        drop(text.parse::<LastTrade>());
    }

    #[test]
    fn no_words_make_it_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "the", "of", "last", "3rd", "15th", "2", "business", "day", "days", "before", "Friday", "month", "contract",
                "as", "VX", "(or", "next", "day)", "unknown", ";", "cash", "08:30", "America/Chicago", "trade", "255th",
            ]),
            0..12,
        )
    ) {
        drop(words.join(" ").parse::<LastTrade>());
    }
}

#[test]
fn what_is_not_a_rule_is_refused_in_full() {
    assert_eq!(
        "3th Friday of contract month".parse::<DayRule>().unwrap_err().to_string(),
        "\"3th Friday of contract month\" is not understood as a rule for a day: expected words such as \"3rd Friday of \
         contract month\" or \"3 business days before the 25th of the month before the contract month\""
    );
    for bad in [
        "",
        "Friday",
        "3rd Friday of",
        "3rd Friday of contract month (holiday exceptions)",
        "3rd Friday of contract month (or so)",
        "3rd Friday (or next business day) of contract month (or next business day)",
        "3rd Friday of contract month or later",
        "Tuesday 30 days before the 3rd Friday of the following month",
        "2 business days before the 10th of contract month (if the 10th is no business day: 3 business days before the \
         business day that precedes it)",
        "last business day of contract month (in May the one before)",
        "3rd Friday of contract month; cash",
    ] {
        assert!(matches!(bad.parse::<DayRule>(), Err(NotADayRule::Text(_))), "{bad:?}");
    }
    let long = "x".repeat(2_000);
    assert!(long.parse::<LastTrade>().unwrap_err().to_string().len() < 600);
}

#[test]
fn numbers_beyond_every_month_are_refused() {
    for (text, message) in [
        ("29th of contract month", "a day of 29 does not exist in every month: expected 1 to 28"),
        ("5th Friday of contract month", "a weekday of 5 does not exist in every month: expected 1 to 4"),
        (
            "16th business day of contract month",
            "a business day of 16 does not exist in every month: expected 1 to 15",
        ),
        (
            "41 business days before the 3rd Friday",
            "a distance in business days of 41 does not exist in every month: expected 1 to 40",
        ),
        (
            "last Friday of the 13th month before the contract month",
            "a distance in months of -13 does not exist in every month: expected -12 to 12",
        ),
    ] {
        assert_eq!(text.parse::<DayRule>().unwrap_err().to_string(), message);
    }
}

#[test]
fn times_of_day_need_their_zone() {
    for bad in
        ["3rd Friday, 24:00 America/Chicago", "3rd Friday, 8:30 America/Chicago", "3rd Friday 08:30 -06:00"]
    {
        assert!(matches!(bad.parse::<LastTradeRule>(), Err(NotADayRule::Closing(_))), "{bad:?}");
    }
    assert_eq!(
        "3rd Friday, 25:00 Europe/Paris".parse::<LastTradeRule>().unwrap_err().to_string(),
        "\"25:00 Europe/Paris\" is not a time of day with its zone: expected such as 08:30 America/Chicago"
    );
    let rule: LastTradeRule = "3rd Friday of contract month 16:00 Europe/Paris".parse().unwrap();
    assert_eq!(rule.closing().map(Closing::zone), Some("Europe/Paris"));
    assert!(Closing::new(time::macros::time!(08:30:01), "Europe/Paris").is_err());
}

#[test]
fn the_settlement_behind_a_rule_is_read_apart() {
    let stated = |text| stated(text).unwrap();
    assert_eq!(stated("as VX; cash").1, Some(Settlement::Cash));
    assert_eq!(stated("last Friday of contract month; delivery").1, Some(Settlement::Delivery));
    assert_eq!(stated("unknown"), (LastTrade::Unknown, None));
    assert!(super::stated("as VX; barter").is_err());
}

#[test]
fn earlier_than_a_moved_day_means_earlier_than_where_it_was_moved_to() {
    let friday: DayRule = "3rd Friday of contract month".parse().unwrap();
    let good_friday = date!(2008 - 03 - 21);
    let calendar = |day: time::Date| day != good_friday && Weekdays.is_business_day(day) == Some(true);
    let march = "200803".parse().unwrap();
    assert_eq!(friday.day(march, &calendar).unwrap(), date!(2008 - 03 - 20));
    let earlier = friday.earlier_by(1).unwrap();
    assert_eq!(earlier.day(march, &calendar).unwrap(), date!(2008 - 03 - 19));
    assert_eq!(earlier.earlier_by(2).unwrap().day(march, &calendar).unwrap(), date!(2008 - 03 - 17));
    assert_eq!(friday.earlier_by(0).unwrap(), friday);
    let thirty: DayRule = "30 days before the 3rd Friday of the following month".parse().unwrap();
    assert!(thirty.earlier_by(1).is_err());
}
