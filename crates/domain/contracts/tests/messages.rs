//! What a caller reads when calendars, sessions, margins and splits cannot be.

use tradeport_contracts::calendar::{Calendar, Hours};
use tradeport_contracts::futures::MarginDraft;
use tradeport_contracts::{CorporateAction, OptionChainDraft, Session, TradingSessions};
use tradeport_kernel::{Currency, Decimal, Money, Timestamp};

#[test]
fn a_split_has_shares_on_both_sides() {
    for (new, old) in [(0, 1), (2, 0)] {
        let refusal =
            CorporateAction::split("AAPL".parse().unwrap(), Timestamp::EPOCH, new, old).unwrap_err();
        let expected =
            format!("{new} new for {old} old shares of AAPL is not a split: both must be above zero");
        assert_eq!(refusal.to_string(), expected);
    }
}

#[test]
fn sessions_follow_each_other() {
    let session =
        |open, close| Session { open: Timestamp::from_seconds(open), close: Timestamp::from_seconds(close) };
    let refusal = TradingSessions::new(vec![session(0, 60), session(30, 90)]).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "session 1 (1970-01-01T00:00:30Z to 1970-01-01T00:01:30Z) is empty or does not follow the one before it"
    );
    assert!(TradingSessions::new(vec![session(60, 60)]).is_err());
}

#[test]
fn a_margin_says_who_gave_it() {
    let money = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
    let from = |source: &str| MarginDraft {
        initial: money(10),
        maintenance: money(5),
        as_of: Timestamp::EPOCH,
        source: source.to_owned(),
    };
    let refusal = from("").check().unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "\"\" is not a source: expected a line of 1 to 80 characters that says who gave the margin"
    );
    assert!(from("two\nlines").check().is_err());
    assert!(from("what-if, account DU1").check().is_ok());
}

#[test]
fn a_calendar_has_a_name_that_is_known() {
    assert_eq!(
        Calendar::named("XMOON").unwrap_err().to_string(),
        "\"XMOON\" is not a calendar: expected an exchange by its ISO code such as XNYS, or a product group such as \
         CME_Equity"
    );
}

/// New Year's Eve is the last day that it knows, and closed.
const SHORT: &str = "calendar SHORT\nzone UTC\nhours regular 2020-01-01 2020-12-31\nweek 2020-01-01 mon-fri 10:00-11:00\n\
                     closed 2020 12-31\n";

#[test]
fn beyond_the_last_session_nothing_is_guessed() {
    let calendar = Calendar::parse(SHORT).unwrap();
    let eve = "2020-12-31T12:00:00Z".parse().unwrap();
    let told = |what| {
        format!(
            "the hours of SHORT are known up to 2021-01-01T00:00:00Z, and hold no {what} after 2020-12-31T12:00:00Z"
        )
    };
    assert_eq!(calendar.next_open(eve).unwrap_err().to_string(), told("open"));
    assert_eq!(calendar.next_close(eve).unwrap_err().to_string(), told("close"));
    assert_eq!(calendar.regular().next_trading_day(eve).unwrap_err().to_string(), told("trading day"));
}

#[test]
fn hours_that_a_calendar_lacks_are_not_empty() {
    let calendar = Calendar::parse(SHORT).unwrap();
    assert_eq!(
        calendar.hours(Hours::Overnight).unwrap_err().to_string(),
        "the overnight hours of SHORT are not known; the broker's trading hours would tell"
    );
}

#[test]
fn every_option_of_a_chain_can_be() {
    let chain = |strikes: &[&str], expiry: &str| {
        let draft = OptionChainDraft {
            underlying: "SPY".to_owned(),
            exchange: "SMART".to_owned(),
            trading_class: "SPY".to_owned(),
            currency: Currency::USD,
            multiplier: Decimal::ONE_HUNDRED,
            expiries: [expiry.parse().unwrap()].into(),
            strikes: strikes.iter().map(|strike| strike.parse().unwrap()).collect(),
        };
        let refusal = draft.check().unwrap_err();
        let source = std::error::Error::source(&refusal).map(ToString::to_string).unwrap_or_default();
        (refusal.to_string(), source)
    };
    let holds = "a chain of options on SPY holds what is none".to_owned();
    assert_eq!(
        chain(&["600", "2000000000"], "20261218"),
        (
            holds.clone(),
            "the strike 2000000000 is beyond reason: expected up to 1,000,000,000 and at most 15 digits"
                .to_owned()
        )
    );
    assert_eq!(
        chain(&["600"], "20261219"),
        (holds, "an option cannot expire on 20261219, a weekend: expected Monday to Friday".to_owned())
    );
    let empty = "a chain of options on SPY without an expiry or without a strike".to_owned();
    assert_eq!(chain(&[], "20261218"), (empty, String::new()));
}

#[test]
fn what_no_single_line_is_to_blame_for_is_told_of_the_whole() {
    let said = |text: &str| Calendar::parse(text).unwrap_err().to_string();
    let extended = SHORT.replace("regular", "extended");
    assert_eq!(said(&extended), "the calendar as a whole: there are no regular hours");
    let nowhere = SHORT.replace("UTC", "Mars/Olympus");
    assert_eq!(said(&nowhere), "the calendar as a whole: \"Mars/Olympus\" is not a time zone");
}
