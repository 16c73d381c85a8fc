//! Good rows come through whole; each kind of bad row is named with its place.

use super::*;
use proptest::prelude::*;
use std::io::Cursor;
use time::macros::date;

fn read(text: impl Into<Vec<u8>>) -> Result<Vec<DailyBar>, FileError> {
    let source = Source::new("prices.csv".to_owned(), Box::new(Cursor::new(text.into())))?;
    DailyBars::read(source)?.collect()
}

fn rows(lines: &str) -> Result<Vec<DailyBar>, FileError> {
    read(format!("{}\n{lines}", SHAPE.header))
}

const GOOD: &str = "AAPL,2000-03-01,118.56,132.06,118.5,130.31,9616100,4.186662803811\n";

#[test]
fn a_row_becomes_a_bar_at_the_open_of_its_session() {
    let rows = rows(GOOD).unwrap();
    let row = rows[0];
    assert_eq!(row.bar().start().to_string(), "2000-03-01T14:30:00Z");
    assert_eq!(row.bar().prices().high, "132.06".parse().unwrap());
    assert_eq!(row.bar().volume(), Some(9_616_100.into()));
    assert_eq!(row.adjusted_close(), "4.186662803811".parse().unwrap());
    assert_eq!(row.day(), date!(2000 - 03 - 01));
}

#[test]
fn line_endings_blank_lines_and_a_byte_order_mark_are_no_data() {
    let text = format!("\u{feff}{}\r\n\r\n{}\r\n\n", SHAPE.header, GOOD.trim_end());
    assert_eq!(read(text).unwrap().len(), 1);
    assert_eq!(rows(GOOD.trim_end()).unwrap().len(), 1, "a last line without a line break is a line");
}

#[test]
fn each_kind_of_bad_row_is_named_with_line_column_text_and_advice() {
    let table = [
        ("AAPL,2000-03-02,NaN,2,1,1,5,1", r#"prices.csv:3: column "Open" holds "NaN": "#),
        (
            "AAPL,2000-03-02,1,2,-1,1,5,1",
            r#"prices.csv:3: column "Low" holds "-1": a price must be above zero"#,
        ),
        ("AAPL,2000-03-02,1,2,0,1,5,1", r#"column "Low" holds "0": a price must be above zero"#),
        ("AAPL,2000-03-02,1,1e300,1,1,5,1", r#"column "High" holds "1e300": "#),
        (
            "AAPL,2000-03-02,3,2,3,3,5,1",
            "prices.csv:3: the bar of AAPL at 2000-03-02T14:30:00Z has open 3, high 2",
        ),
        ("AAPL,2000-03-01,1,2,1,1,5,1", r#"column "Date" holds "2000-03-01": AAPL has this day already"#),
        ("AAPL,2000-02-29,1,2,1,1,5,1", "sort the file by ticker and date"),
        ("AAPL,2001-02-29,1,2,1,1,5,1", r#"column "Date" holds "2001-02-29": expected a date"#),
        ("AAPL,9999-01-01,1,2,1,1,5,1", r#"column "Date" holds "9999-01-01": "#),
        ("AAPL,2000-03-02,1,2,1,1,-5,1", r#"column "Volume" holds "-5": expected a number, zero or above"#),
        (",2000-03-02,1,2,1,1,5,1", r#"column "Ticker" holds "": "#),
        ("AAPL,2000-03-02,1,2,1,1,5,1,7", "9 columns instead of 8"),
        (
            "AAPL,2000-03-02,1,2",
            "prices.csv:3: 4 columns instead of 8 in \"AAPL,2000-03-02,1,2\": the file ends within",
        ),
        ("AAPL,2000-03-02,1,2\n", "4 columns instead of 8 in \"AAPL,2000-03-02,1,2\": fields are missing"),
    ];
    for (line, expected) in table {
        let error = rows(&format!("{GOOD}{line}")).unwrap_err().to_string();
        assert!(error.contains(expected), "{line:?} gave {error:?}");
    }
}

#[test]
fn another_header_is_refused_with_the_expected_one() {
    let error = read("Date,Open\n1,2\n").unwrap_err().to_string();
    assert!(error.contains("Date,Open") && error.contains("Adj Close"), "{error}");
    assert!(matches!(read(""), Err(FileError::Header { .. })));
}

#[test]
fn a_refused_row_does_not_hide_the_next() {
    let text = format!("{}\nAAPL,bad\n{GOOD}", SHAPE.header);
    let source = Source::new("a".to_owned(), Box::new(Cursor::new(text.into_bytes()))).unwrap();
    let outcomes: Vec<bool> = DailyBars::read(source).unwrap().map(|row| row.is_ok()).collect();
    assert_eq!(outcomes, [false, true]);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        drop(read(bytes));
    }

    #[test]
    fn no_bytes_after_a_good_header_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        drop(read([SHAPE.header.as_bytes(), b"\n", &bytes].concat()));
    }

    #[test]
    fn a_good_row_with_one_byte_changed_is_read_or_refused(place in 0..GOOD.len(), byte in any::<u8>()) {
        let mut bytes = GOOD.as_bytes().to_vec();
        bytes[place] = byte;
        if let Ok(rows) = read([SHAPE.header.as_bytes(), b"\n", &bytes].concat()) {
            for row in rows {
                let prices = row.bar().prices();
                prop_assert!(prices.low.is_positive() && prices.low <= prices.high);
            }
        }
    }

    #[test]
    fn any_bar_written_is_read_back(
        cents in prop::collection::vec(1_i64..10_000_000, 4), volume in 0_u32..u32::MAX, day in 0_i32..20_000,
    ) {
        let day = Date::from_julian_day(date!(1980 - 01 - 01).to_julian_day() + day).unwrap();
        let price = |cents: i64| tradeport_kernel::Decimal::new(cents, 2);
        let (low, high) = (*cents.iter().min().unwrap(), *cents.iter().max().unwrap());
        let line = format!(
            "IBM,{day},{},{},{},{},{volume},{}\n", price(cents[0]), price(high), price(low), price(cents[3]), price(low),
        );
        let row = rows(&line).unwrap()[0];
        prop_assert_eq!(row.day(), day);
        prop_assert_eq!(row.bar().prices().open.as_decimal(), price(cents[0]));
        prop_assert_eq!(row.bar().prices().close.as_decimal(), price(cents[3]));
        prop_assert_eq!(row.bar().volume(), Some(volume.into()));
    }
}
