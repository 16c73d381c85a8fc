//! What a caller reads when calendars, sessions, margins and splits cannot be.

use tradeport_contracts::calendar::Calendar;
use tradeport_contracts::futures::MarginDraft;
use tradeport_contracts::{CorporateAction, Session, TradingSessions};
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
