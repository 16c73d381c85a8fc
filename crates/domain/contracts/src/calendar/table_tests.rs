use super::*;
use proptest::prelude::*;
use time::macros::date as day;

const GOOD: &str = "calendar TEST\nzone America/Chicago\nhours regular 2020-01-01 2020-12-31\n\
                    week 2020-01-01 mon-thu,fri <17:00-15:15 15:30-16:00\nweek 2020-06-01 fri closed\n\
                    closed 2020 01-01\nopen 2020 early late 10:00-12:00 on 07-03 07-06\n";

#[test]
fn a_table_tells_the_plan_of_every_day() {
    let table = Table::parse(GOOD).unwrap();
    let [part] = &table.parts[..] else { panic!("one part") };
    let plan = |date| part.plan(date).map(|plan| plan.stretches.clone()).unwrap_or_default();
    assert_eq!(plan(day!(2020 - 01 - 01)), []);
    assert_eq!(plan(day!(2020 - 01 - 03)), [(-420, 915), (930, 960)]);
    assert_eq!(plan(day!(2020 - 01 - 04)), [], "a Saturday");
    assert_eq!(plan(day!(2020 - 06 - 05)), [], "a Friday after they were dropped");
    assert_eq!(plan(day!(2020 - 07 - 03)), [(600, 720)], "an exception beats the week");
    assert!(part.plan(day!(2020 - 07 - 06)).is_some_and(|plan| plan.early && plan.late));
    assert_eq!(part.earliest_open(), -420);
}

#[test]
fn every_mistake_is_named_with_its_line() {
    let cases = [
        ("calendar A\nzone UTC\n", "line 2 of the calendar: there is no line `hours`"),
        (
            "zone UTC\nhours regular 2020-01-01 2020-12-31",
            "line 2 of the calendar: there is no line `calendar`",
        ),
        ("calendar A\nclosed 2020 01-01", "line 2 of the calendar: there are days before the line `hours`"),
        ("holiday 2020", "line 1 of the calendar: \"holiday\" is not a word of calendars"),
        ("hours", "line 1 of the calendar: \"hours\" stands alone"),
        (
            "hours late 2020-01-01 2020-12-31",
            "line 1 of the calendar: \"late\" is not regular, extended or overnight",
        ),
        (
            "hours regular 2020-12-31 2020-01-01",
            "line 1 of the calendar: 2020-12-31 to 2020-01-01 is not a range of days of at most 200 years",
        ),
        ("hours regular 2020-01-01", "line 1 of the calendar: expected `hours KIND FIRST LAST`"),
        ("projected 2020-02-30", "line 1 of the calendar: \"2020-02-30\" is not a day such as 2025-01-31"),
    ];
    for (text, message) in cases {
        assert_eq!(Table::parse(text).unwrap_err().to_string(), message);
    }
    let head = "calendar A\nzone UTC\nhours regular 2020-01-01 2020-12-31\n";
    let many: Vec<String> = (0..13).map(|hour| format!("{hour:02}:00-{hour:02}:30")).collect();
    let many = many.join(" ");
    let days = [
        ("week 2020-01-01 mon-fry 10:00-11:00", "\"mon-fry\" is not a list of weekdays such as mon-fri,sun"),
        (
            "week 2020-01-01 mon 10:00-10:00",
            "the stretch 10:00-10:00 is empty or does not follow the one before it",
        ),
        ("week 2020-01-01 mon 10:00-24:00", "\"10:00-24:00\" is not a stretch such as 09:30-16:00"),
        ("closed 2020 01-01 01-01", "2020-01-01 is given twice"),
        ("open 2020 10:00-11:00", "there is no `on`"),
        ("closed 2020", "there is no day"),
        (
            "week 2020-01-01 mon 10:00-11:00\nweek 2020-01-01 mon closed",
            "the week from 2020-01-01 does not follow the one before it",
        ),
        (&format!("week 2020-01-01 mon {many}"), "a day has more than 12 stretches"),
    ];
    for (line, what) in days {
        let error = Table::parse(&format!("{head}{line}")).unwrap_err();
        let last = 3 + line.lines().count();
        assert_eq!(error.to_string(), format!("line {last} of the calendar: {what}"));
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "(calendar|zone|hours|week|closed|open|[ -~])[ -~\n<>:0-9-]{0,200}") {
        let _parsed = Table::parse(&text).is_ok();
    }
}
