//! What may be traded at all, and how.

use super::*;
use tradeport_orders::{TimeInForce, Timing};

fn allowing(change: impl FnOnce(&mut Permissions)) -> PolicyDraft {
    let mut policy = PolicyDraft::default();
    change(&mut policy.permissions);
    policy
}

fn words(list: &[&str]) -> Option<Vec<String>> {
    Some(list.iter().map(|word| (*word).to_owned()).collect())
}

fn buy() -> OrderIntent {
    intent(Side::Buy, 1, OrderKind::Market)
}

#[test]
fn names_and_kinds_that_are_not_listed_are_refused() {
    let refused = |policy: PolicyDraft| rule(policy, &view(), &buy());
    assert_eq!(refused(allowing(|it| it.symbols = words(&["AAPL"]))), None);
    assert_eq!(refused(allowing(|it| it.symbols = words(&["MSFT", "SPY"]))), Some(Rule::Symbols));
    assert_eq!(refused(allowing(|it| it.not_symbols = vec!["MSFT".to_owned()])), None);
    assert_eq!(refused(allowing(|it| it.not_symbols = vec!["AAPL".to_owned()])), Some(Rule::NotSymbols));
    assert_eq!(refused(allowing(|it| it.instruments = words(&["stock"]))), None);
    assert_eq!(refused(allowing(|it| it.instruments = words(&["option"]))), Some(Rule::Instruments));
    assert_eq!(refused(allowing(|it| it.currencies = words(&["USD"]))), None);
    assert_eq!(refused(allowing(|it| it.currencies = words(&["EUR"]))), Some(Rule::Currencies));
    assert_eq!(refused(allowing(|it| it.order_kinds = words(&["MKT"]))), None);
    assert_eq!(refused(allowing(|it| it.order_kinds = words(&["LMT"]))), Some(Rule::OrderKinds));
    assert_eq!(refused(allowing(|it| it.times_in_force = words(&["DAY"]))), None);
    assert_eq!(refused(allowing(|it| it.times_in_force = words(&["GTC"]))), Some(Rule::TimesInForce));
}

/// Whoever forbids `gme` has forbidden GME.
#[test]
fn symbols_are_the_same_however_they_are_written() {
    let refused = |policy: PolicyDraft| rule(policy, &view(), &buy());
    assert_eq!(refused(allowing(|it| it.not_symbols = vec!["aapl".to_owned()])), Some(Rule::NotSymbols));
    assert_eq!(refused(allowing(|it| it.symbols = words(&["aapl"]))), None);
    let both = allowing(|it| (it.symbols, it.not_symbols) = (words(&["AAPL"]), vec!["aapl".to_owned()]));
    assert!(both.check().is_err(), "it is allowed and not");
}

#[test]
fn what_is_held_may_be_left_whatever_it_is_called() {
    let policy = allowing(|it| it.symbols = words(&["MSFT"]));
    let held = RiskView { held: Some(number("5")), ..view() };
    assert_eq!(rule(policy.clone(), &held, &intent(Side::Sell, 5, OrderKind::Market)), None);
    assert_eq!(rule(policy.clone(), &held, &intent(Side::Sell, 11, OrderKind::Market)), Some(Rule::Symbols));
    let blind = RiskView { held: None, ..view() };
    assert_eq!(rule(policy, &blind, &intent(Side::Sell, 5, OrderKind::Market)), Some(Rule::Symbols));
}

#[test]
fn a_refusal_names_the_list() {
    let policy = allowing(|it| it.symbols = words(&["MSFT", "SPY"])).check().unwrap();
    let RiskVerdict::Refused(refusal) = judge(&policy, &view(), &buy()) else { panic!("AAPL is not listed") };
    assert_eq!(refusal.to_string(), "symbols: AAPL against a limit of MSFT, SPY");
}

#[test]
fn an_unknown_contract_is_refused_where_its_kind_matters() {
    let unknown = RiskView { contract: None, ..view() };
    let policy = || allowing(|it| it.instruments = words(&["stock"]));
    assert_eq!(rule(policy(), &unknown, &buy()), Some(Rule::KnownInputs));
    let numbered = ContractFacts { kind: None, ..facts(Decimal::ONE) };
    assert_eq!(
        rule(policy(), &RiskView { contract: Some(numbered), ..view() }, &buy()),
        Some(Rule::KnownInputs)
    );
}

#[test]
fn orders_outside_of_regular_sessions_can_be_forbidden() {
    let outside = {
        let mut draft = intent(Side::Buy, 1, OrderKind::Limit { limit: "100".parse().unwrap() }).to_draft();
        draft.outside_sessions = true;
        draft.check().unwrap()
    };
    assert_eq!(rule(PolicyDraft::default(), &view(), &outside), None);
    assert_eq!(
        rule(allowing(|it| it.outside_sessions = false), &view(), &outside),
        Some(Rule::OutsideSessions)
    );
    assert_eq!(rule(allowing(|it| it.outside_sessions = false), &view(), &buy()), None);
    let timings =
        [Timing { overnight: true, ..Timing::default() }, Timing { pre_open: true, ..Timing::default() }];
    for timing in timings {
        let found = rule(allowing(|it| it.outside_sessions = false), &view(), &timed(timing));
        assert_eq!(found, Some(Rule::OutsideSessions), "{timing:?}");
    }
}

/// A bid that says when it works.
fn timed(timing: Timing) -> OrderIntent {
    let mut draft = intent(Side::Buy, 1, OrderKind::Limit { limit: "100".parse().unwrap() }).to_draft();
    draft.attributes.timing = timing;
    draft.check().unwrap()
}

#[test]
fn what_trades_at_the_close_or_after_it_would_be_held_overnight() {
    let policy = || allowing(|it| it.overnight = false);
    let hour = RiskView { session_ends_in: Some(Duration::from_secs(3_600)), ..view() };
    let after = |minutes: i64| Timing {
        good_after: Some(Timestamp::from_seconds(60 * minutes)),
        ..Timing::default()
    };
    for (late, timing) in [
        (false, Timing::default()),
        (false, after(45)),
        (true, after(46)),
        (true, after(120)),
        (true, Timing { overnight: true, ..Timing::default() }),
    ] {
        assert_eq!(rule(policy(), &hour, &timed(timing)), late.then_some(Rule::Overnight), "{timing:?}");
    }
    let outside = intent(Side::Buy, 1, OrderKind::Limit { limit: "100".parse().unwrap() });
    let outside = outside.to_draft().with_outside_sessions().check().unwrap();
    assert_eq!(rule(policy(), &hour, &outside), Some(Rule::Overnight), "it may trade in the evening");
    let limit = "100".parse().unwrap();
    for kind in [OrderKind::MarketOnClose, OrderKind::LimitOnClose { limit }] {
        assert_eq!(rule(policy(), &hour, &intent(Side::Buy, 1, kind)), Some(Rule::Overnight), "{kind:?}");
        let held = RiskView { held: Some(number("5")), ..hour.clone() };
        assert_eq!(rule(policy(), &held, &intent(Side::Sell, 5, kind)), None, "out at the close");
    }
}

#[test]
fn nothing_is_sold_that_is_not_held_where_short_sales_are_forbidden() {
    let policy = || allowing(|it| it.short_sales = false);
    let sell = |quantity| intent(Side::Sell, quantity, OrderKind::Market);
    let held = RiskView { held: Some(number("5")), ..view() };
    assert_eq!(rule(policy(), &held, &sell(5)), None);
    assert_eq!(rule(policy(), &held, &sell(6)), Some(Rule::ShortSales));
    let selling = RiskView { open_sells: Some(number("3")), ..held };
    assert_eq!(rule(policy(), &selling, &sell(3)), Some(Rule::ShortSales), "3 of the 5 are sold already");
    let short = RiskView { held: Some(number("-5")), ..view() };
    assert_eq!(rule(policy(), &short, &buy()), None, "leaving a short position is no short sale");
}

#[test]
fn what_is_not_held_overnight_grows_early_and_by_orders_that_end_with_the_session() {
    let policy = || allowing(|it| it.overnight = false);
    let in_session = |minutes: u64| RiskView {
        held: Some(number("5")),
        session_ends_in: Some(Duration::from_secs(60 * minutes)),
        ..view()
    };
    assert_eq!(rule(policy(), &in_session(15), &buy()), None);
    assert_eq!(rule(policy(), &in_session(14), &buy()), Some(Rule::Overnight));
    assert_eq!(
        rule(policy(), &in_session(14), &intent(Side::Sell, 5, OrderKind::Market)),
        None,
        "leaving is"
    );
    assert_eq!(rule(policy(), &view(), &buy()), Some(Rule::KnownInputs), "nobody knows when it ends");
    let mut lasting = buy().to_draft();
    lasting.time_in_force = TimeInForce::GoodTillCancelled;
    assert_eq!(rule(policy(), &in_session(60), &lasting.check().unwrap()), Some(Rule::Overnight));
}
