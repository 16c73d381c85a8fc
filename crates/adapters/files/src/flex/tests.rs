//! Statements, and everything that is none.

use super::*;
use proptest::prelude::*;
use time::macros::date;
use tradeport_contracts::ContractId;
use tradeport_kernel::{Currency, Decimal, Money};
use tradeport_orders::{ExecutionId, Side};

const SAMPLE: &str = include_str!("sample.xml");

fn sample() -> Statement {
    let mut all = parse_flex(SAMPLE.as_bytes()).unwrap();
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn problem(text: &str) -> (usize, String) {
    match parse_flex(text.as_bytes()) {
        Err(FlexError::Wrong { line, problem }) => (line, problem),
        other => panic!("{other:?}"),
    }
}

fn money(text: &str, currency: &str) -> Money {
    Money::new(text.parse().unwrap(), currency.parse().unwrap())
}

#[test]
fn a_statement_says_what_was_traded_held_and_had() {
    let statement = sample();
    assert_eq!(statement.account.as_str(), "U1234567");
    assert_eq!((statement.from, statement.to), (date!(2026 - 01 - 05), date!(2026 - 01 - 05)));
    let trades = statement.trades.unwrap();
    assert_eq!(trades.len(), 2, "executions alone, without what was taken back");
    let first = &trades[0];
    assert_eq!(first.execution, Some(ExecutionId::new("0000e0d5.695b1a02.01", 1)));
    assert_eq!(first.key.as_ref().unwrap().as_str(), "rebalance-2026:AAPL");
    assert_eq!((first.contract, first.name.as_str()), (Some(ContractId::new(265_598)), "AAPL"));
    assert_eq!((first.side, first.quantity), (Side::Buy, Decimal::TEN));
    assert_eq!(first.price, "187.5".parse().unwrap());
    assert_eq!(first.commission, Some(money("1.000375", "USD")));
    let second = &trades[1];
    assert_eq!((second.side, second.quantity, second.key.is_none()), (Side::Sell, Decimal::TWO, true));
    assert_eq!(second.commission, Some(money("-0.25", "USD")), "a rebate");
    let positions = statement.positions.unwrap();
    let held: Vec<_> = positions.iter().map(|it| (it.name.as_str(), it.quantity.to_string())).collect();
    assert_eq!(held, [("AAPL", "8".to_owned()), ("AT&T \"T\"", "-3.5".to_owned())], "sums, not lots");
    let cash = statement.cash.unwrap();
    assert_eq!(cash.total, Some("98501.249625".parse().unwrap()));
    assert_eq!(cash.by_currency, [money("-50", "EUR"), money("98555.749625", "USD")]);
    assert_eq!(cash.all_in(Currency::USD), Some(money("98501.249625", "USD")));
    assert_eq!(cash.all_in("EUR".parse().unwrap()), None, "the account's own currency is not that");
}

#[test]
fn sections_that_are_not_there_are_unknown() {
    let text =
        SAMPLE.replace("Trades>", "Elsewhere>").replace("OpenPositions>", "X>").replace("CashReport>", "Y>");
    let statement = parse_flex(text.as_bytes()).unwrap().remove(0);
    assert_eq!((statement.trades, statement.positions, statement.cash), (None, None, None));
    let empty = "<FlexQueryResponse><FlexStatements><FlexStatement accountId='U1' fromDate='20260105' \
                 toDate='2026-01-06'><Trades/></FlexStatement></FlexStatements></FlexQueryResponse>";
    let statement = parse_flex(empty.as_bytes()).unwrap().remove(0);
    assert_eq!(statement.trades, Some(Vec::new()), "there, and empty");
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    let line = |what: &str| SAMPLE.lines().position(|line| line.contains(what)).unwrap() + 1;
    let trade = line("ibExecID=\"0000e0d5.695b1a02.01.01\"");
    for (from, to, at, word) in [
        ("quantity=\"10\"", "quantity=\"ten\"", trade, "quantity is \"ten\", and not a number"),
        ("quantity=\"10\"", "quantity=\"1e999\"", trade, "not a number"),
        ("tradePrice=\"187.5\" ", "", trade, "has no tradePrice: add that field"),
        ("buySell=\"BUY\"", "buySell=\"HOLD\"", trade, "buySell is \"HOLD\""),
        ("conid=\"265598\"", "conid=\"x\"", trade, "conid is \"x\""),
        ("quantity=\"10\"", "quantity=\"10\" quantity=\"11\"", trade, "\"quantity\" is there twice"),
        ("symbol=\"AAPL\"", "symbol=\"&aapl;\"", trade, "none is resolved"),
        ("accountId=\"U1234567\" fromDate", "accountId=\"U 1\" fromDate", line("fromDate"), "U 1"),
        ("fromDate=\"20260105\"", "fromDate=\"05/01/2026\"", line("fromDate"), "yyyyMMdd"),
        ("fromDate=\"20260105\"", "fromDate=\"20260106\"", line("fromDate"), "comes before"),
        ("currency=\"EUR\"", "currency=\"euro\"", line("EUR"), "not a currency"),
        ("currency=\"EUR\"", "currency=\"USD\"", line("\"USD\" endingCash"), "there twice"),
        (
            "<OpenPosition accountId=\"U1234567\"",
            "<OpenPosition accountId=\"U9\"",
            line("<OpenPosition "),
            "U9",
        ),
    ] {
        let text = SAMPLE.replacen(from, to, 1);
        assert_ne!(text, SAMPLE, "{from}");
        let (found, words) = problem(&text);
        assert!(words.contains(word), "{to}: {words}");
        assert_eq!(found, at, "{to}: {words}");
    }
}

#[test]
fn other_documents_are_told_as_what_they_are() {
    for (text, word) in [
        ("", "there is no XML in it"),
        ("AAPL,10\n", "there is no XML in it"),
        ("<html></html>", "\"html\""),
        (
            "<FlexStatementResponse><Status>Fail</Status></FlexStatementResponse>",
            "ask for the statement again",
        ),
        ("<FlexQueryResponse/>", "holds no statement"),
        (
            "<FlexQueryResponse><FlexStatements count=\"2\"/></FlexQueryResponse>",
            "2 statements are announced",
        ),
        ("<FlexQueryResponse><FlexStatements>", "it was cut"),
        ("<FlexQueryResponse></FlexStatements>", "no XML"),
    ] {
        assert!(problem(text).1.contains(word), "{text}: {:?}", problem(text));
    }
    assert!(matches!(parse_flex(b"\xff\xfe<\0"), Err(FlexError::Wrong { line: 1, .. })));
}

#[test]
fn what_is_told_in_another_way_does_not_pass_for_empty() {
    let without = |what: &str| -> String {
        SAMPLE.lines().filter(|line| !line.contains(what)).map(|line| format!("{line}\n")).collect()
    };
    // Sums of orders alone.
    let text = without("levelOfDetail=\"EXECUTION\"");
    assert!(problem(&text).1.contains("choose Execution"), "{:?}", problem(&text));
    // Lots alone, of one contract or of all.
    let text = without("position=\"8\" markPrice");
    assert!(problem(&text).1.contains("lots of conid 265598 and not their sum"), "{:?}", problem(&text));
    let text = SAMPLE.replace("\"SUMMARY\"", "\"LOT\"");
    assert!(problem(&text).1.contains("choose Summary"), "{:?}", problem(&text));
    // Nothing traded, nothing held.
    let text = without("levelOfDetail");
    let statement = parse_flex(text.as_bytes()).unwrap().remove(0);
    assert_eq!((statement.trades, statement.positions), (Some(Vec::new()), Some(Vec::new())));
}

#[test]
fn of_several_statements_the_latest_comes_last_and_no_day_twice() {
    let of = |account: &str, from: &str, to: &str| {
        format!(
            "<FlexStatement accountId='{account}' fromDate='{from}' toDate='{to}'><Trades/></FlexStatement>"
        )
    };
    let file = |all: &[String]| {
        format!("<FlexQueryResponse><FlexStatements>{}</FlexStatements></FlexQueryResponse>", all.concat())
    };
    let (monday, tuesday) = (of("U1", "20260105", "20260105"), of("U1", "20260106", "20260106"));
    let other = of("U0", "20260105", "20260106");
    let read = parse_flex(file(&[tuesday.clone(), monday.clone(), other]).as_bytes()).unwrap();
    let said: Vec<_> = read.iter().map(|it| (it.account.as_str(), it.to.day())).collect();
    assert_eq!(said, [("U0", 6), ("U1", 5), ("U1", 6)]);
    let both = of("U1", "20260105", "20260109");
    for all in [[tuesday.clone(), tuesday.clone()], [both.clone(), tuesday.clone()], [tuesday, both]] {
        assert!(
            problem(&file(&all)).1.contains("two statements of account U1"),
            "{:?}",
            problem(&file(&all))
        );
    }
    assert!(problem(&file(&[monday.clone(), monday])).1.contains("2026-01-05"));
}

#[test]
fn entities_never_grow() {
    let bomb = "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;&a;\">\n]>\n\
                <FlexQueryResponse queryName=\"&b;\"/>";
    let (line, words) = problem(bomb);
    assert!(words.contains("DOCTYPE") && line == 1 + 1, "{line}: {words}");
    let (_, words) = problem("<FlexQueryResponse queryName=\"&b;\"/>");
    assert!(words.contains("none is resolved"), "{words}");
}

#[test]
fn what_is_too_long_too_deep_or_too_wide_is_refused_at_once() {
    assert!(matches!(parse_flex(&vec![b' '; MAX_FLEX_BYTES + 1]), Err(FlexError::TooLarge)));
    let deep = format!("<FlexQueryResponse>{}", "<a>".repeat(100_000));
    assert!(problem(&deep).1.contains("nested deeper"));
    let mut wide = "<FlexQueryResponse".to_owned();
    (0..100_000).for_each(|number| wide.push_str(&format!(" a{number}=''")));
    wide.push_str("/>");
    assert!(problem(&wide).1.contains("at most 1000 attributes"));
}

#[test]
fn a_file_is_read_and_one_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("statement.xml");
    assert!(read_flex(&path).unwrap_err().to_string().contains("statement.xml"));
    std::fs::write(&path, format!("\u{feff}{SAMPLE}")).unwrap();
    assert_eq!(read_flex(&path).unwrap(), [sample()]);
}

proptest! {
    #[test]
    fn any_bytes_are_statements_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(parse_flex(&bytes).is_err());
    }

    #[test]
    fn any_marks_are_statements_or_an_error(text in "[<>/a-c='\" &;!\\[\\]?-]{0,200}") {
        prop_assert!(parse_flex(text.as_bytes()).is_err());
        parse_flex(format!("<FlexQueryResponse><FlexStatements>{text}").as_bytes()).unwrap_err();
    }

    #[test]
    fn a_byte_that_is_changed_is_an_error_or_another_statement(at in 0..SAMPLE.len(), to in any::<u8>()) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        bytes[at] = to;
        let lines = SAMPLE.lines().count();
        if let Err(FlexError::Wrong { line, .. }) = parse_flex(&bytes) {
            prop_assert!((1..=lines + 1).contains(&line));
        }
    }

    #[test]
    fn a_statement_that_is_cut_is_an_error(at in 0..SAMPLE.trim_end().len()) {
        if SAMPLE.is_char_boundary(at) {
            prop_assert!(parse_flex(&SAMPLE.as_bytes()[..at]).is_err());
        }
    }
}
