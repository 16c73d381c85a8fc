//! Each rule stops what it is there to stop, and nothing else.

use super::*;
use crate::{ContractFacts, Equity, LimitOf, Permissions, PolicyDraft, Rule, Tighter};
use std::time::Duration;
use tradeport_contracts::InstrumentKind;
use tradeport_kernel::Decimal;
use tradeport_kernel::{AccountId, Currency, Money, OrderKey, Quantity, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote, QuoteUnusable};
use tradeport_orders::{OrderDraft, OrderIntent, OrderKind, Side};

fn apple() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn intent(side: Side, quantity: u32, kind: OrderKind) -> OrderIntent {
    let (key, account) = (OrderKey::new("k").unwrap(), AccountId::new("DU1").unwrap());
    OrderDraft::new(key, account, apple(), side, Quantity::new(quantity.into()).unwrap(), kind)
        .check()
        .unwrap()
}

fn facts(multiplier: Decimal) -> ContractFacts {
    ContractFacts {
        kind: Some(InstrumentKind::Stock),
        currency: Currency::USD,
        multiplier,
        rate: Some(Decimal::ONE),
        underlying: None,
    }
}

fn view() -> RiskView {
    let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
    RiskView {
        now: Timestamp::EPOCH,
        equity: Equity::default(),
        portfolio_value: Some(Money::new(number("100000"), Currency::USD)),
        held: Some(Decimal::ZERO),
        open_buys: Some(Decimal::ZERO),
        open_sells: Some(Decimal::ZERO),
        other_exposure: Some(Decimal::ZERO),
        quote: Ok(Quote::new(apple(), Timestamp::EPOCH, level("99"), level("101")).unwrap()),
        at_stake: None,
        contract: Some(facts(Decimal::ONE)),
        legs: Some(Vec::new()),
        session_ends_in: None,
        orders_today: 0,
        orders_last_minute: 0,
        alike: None,
        strategy: None,
        preview: Preview::NotAsked,
    }
}

fn rule(policy: PolicyDraft, view: &RiskView, intent: &OrderIntent) -> Option<Rule> {
    match judge(&policy.check().unwrap(), view, intent) {
        RiskVerdict::Approved { .. } => None,
        RiskVerdict::Refused(refusal) => Some(refusal.rule),
    }
}

#[test]
fn the_share_in_one_instrument_is_limited_to_the_unit() {
    let buy = |quantity| intent(Side::Buy, quantity, OrderKind::Market);
    assert_eq!(rule(PolicyDraft::default(), &view(), &buy(100)), None);
    assert_eq!(rule(PolicyDraft::default(), &view(), &buy(101)), Some(Rule::MaxPositionShare));
}

#[test]
fn a_refusal_says_the_rule_the_number_and_the_limit() {
    let policy = PolicyDraft::default().check().unwrap();
    let RiskVerdict::Refused(refusal) = judge(&policy, &view(), &intent(Side::Buy, 101, OrderKind::Market))
    else {
        panic!("101 of them are more than a tenth");
    };
    let words = refusal.to_string();
    assert_eq!(words, "max_position_share: 0.101 against a limit of 0.1");
}

#[test]
fn what_may_still_trade_counts_as_traded() {
    let crowded = RiskView { held: Some(number("40")), open_buys: Some(number("50")), ..view() };
    let buy = |quantity| intent(Side::Buy, quantity, OrderKind::Market);
    assert_eq!(rule(PolicyDraft::default(), &crowded, &buy(10)), None);
    assert_eq!(rule(PolicyDraft::default(), &crowded, &buy(11)), Some(Rule::MaxPositionShare));
}

#[test]
fn an_order_that_only_shrinks_a_position_passes_the_rules_of_size() {
    let large = RiskView { held: Some(number("500")), ..view() };
    assert_eq!(rule(PolicyDraft::default(), &large, &intent(Side::Sell, 500, OrderKind::Market)), None);
    assert_eq!(
        rule(PolicyDraft::default(), &large, &intent(Side::Buy, 1, OrderKind::Market)),
        Some(Rule::MaxPositionShare)
    );
    let sell_too_much = intent(Side::Sell, 1_001, OrderKind::Market);
    assert_eq!(rule(PolicyDraft::default(), &large, &sell_too_much), Some(Rule::MaxPositionShare));
}

/// A strategy that turns from long to short with each signal would otherwise trade on through any loss.
#[test]
fn an_order_that_turns_a_position_does_not_only_shrink_it() {
    let lost = PolicyDraft { max_daily_loss: Some(number("1")), ..PolicyDraft::default() };
    let held = |held: &str| RiskView { held: Some(number(held)), ..view() };
    let judged =
        |view: &RiskView, side, units| rule(lost.clone(), view, &intent(side, units, OrderKind::Market));
    // Nobody knows what was lost: whatever is held to the limit is refused.
    for (held, side) in [(held("50"), Side::Sell), (held("-50"), Side::Buy)] {
        assert_eq!(judged(&held, side, 50), None, "all of it");
        assert_eq!(judged(&held, side, 51), Some(Rule::KnownInputs), "beyond it");
        assert_eq!(judged(&held, side, 100), Some(Rule::KnownInputs), "as much again");
    }
    let wanted = RiskView { open_buys: Some(number("50")), ..view() };
    assert_eq!(judged(&wanted, Side::Sell, 50), Some(Rule::KnownInputs), "what is only on order is not held");
    let forbidden = Permissions { not_symbols: vec!["AAPL".to_owned()], ..Permissions::default() };
    let policy = PolicyDraft { permissions: forbidden, ..PolicyDraft::default() };
    assert_eq!(
        rule(policy, &held("50"), &intent(Side::Sell, 100, OrderKind::Market)),
        Some(Rule::NotSymbols)
    );
}

/// What no limit stops is approved with what turns the position beside it.
#[test]
fn an_approved_exit_says_what_others_may_take_out_where_only_together_they_turn_the_position() {
    let beside = |held: &str, sells: &str, side, units| {
        let view = RiskView { held: Some(number(held)), open_sells: Some(number(sells)), ..view() };
        let policy = PolicyDraft::default().check().unwrap();
        match judge(&policy, &view, &intent(side, units, OrderKind::Market)) {
            RiskVerdict::Approved { beside, .. } => beside,
            RiskVerdict::Refused(refusal) => panic!("{refusal}"),
        }
    };
    assert_eq!(beside("50", "50", Side::Sell, 50), Some(number("50")), "its stop is left");
    assert_eq!(beside("50", "30", Side::Sell, 20), None, "the rest of it");
    assert_eq!(beside("50", "0", Side::Sell, 60), None, "that turns it by itself, and says so");
    assert_eq!(beside("0", "50", Side::Sell, 50), None, "nothing is held");
    assert_eq!(beside("50", "50", Side::Buy, 50), None, "no exit");
}

/// Each alone only shrinks the position, and both of them turn it.
#[test]
fn exits_that_together_take_out_more_than_is_held_are_no_way_out() {
    let lost = PolicyDraft { max_daily_loss: Some(number("1")), ..PolicyDraft::default() };
    let judged = |view: &RiskView, side, units| {
        let verdict = judge(&lost.clone().check().unwrap(), view, &intent(side, units, OrderKind::Market));
        let RiskVerdict::Refused(refusal) = verdict else { return None };
        Some((refusal.rule, refusal.beside))
    };
    // Nobody knows what was lost: whatever is held to the limit is refused.
    let no_way_out = |beside: Option<&str>| Some((Rule::KnownInputs, beside.map(number)));
    let long = |sells: &str| RiskView { held: Some(number("50")), open_sells: Some(number(sells)), ..view() };
    assert_eq!(judged(&long("30"), Side::Sell, 20), None, "the rest of it");
    assert_eq!(judged(&long("30"), Side::Sell, 21), no_way_out(Some("30")));
    assert_eq!(judged(&long("50"), Side::Sell, 50), no_way_out(Some("50")));
    assert_eq!(judged(&long("50"), Side::Sell, 51), no_way_out(None), "whatever becomes of the others");
    let short = |buys: &str| RiskView { held: Some(number("-50")), open_buys: Some(number(buys)), ..view() };
    assert_eq!(judged(&short("30"), Side::Buy, 20), None, "the rest of it");
    assert_eq!(judged(&short("30"), Side::Buy, 21), no_way_out(Some("30")));
    let mixed = RiskView { open_buys: Some(number("50")), ..long("0") };
    assert_eq!(judged(&mixed, Side::Sell, 50), None, "what may still be bought takes nothing out");
}

#[test]
fn an_exit_beside_others_is_refused_in_words_that_say_what_to_do() {
    let policy = PolicyDraft { max_position_quantity: Some(number("40")), ..PolicyDraft::default() };
    let view = RiskView { held: Some(number("50")), open_sells: Some(number("50")), ..view() };
    let verdict = judge(&policy.check().unwrap(), &view, &intent(Side::Sell, 50, OrderKind::Market));
    let RiskVerdict::Refused(refusal) = verdict else { panic!("both of them turn it") };
    let words = refusal.to_string();
    assert_eq!(
        words,
        "max_position_quantity: 50 against a limit of 40; it leaves a position that other orders may still \
         take 50 out of, and all of them would turn it: cancel those first"
    );
}

/// A stop to buy far above the market costs what the market is when it wakes up.
#[test]
fn a_stop_is_worth_what_wakes_it() {
    let stop =
        |units, price: &str| intent(Side::Buy, units, OrderKind::Stop { stop: price.parse().unwrap() });
    assert_eq!(rule(PolicyDraft::default(), &view(), &stop(50, "200")), None);
    assert_eq!(rule(PolicyDraft::default(), &view(), &stop(51, "200")), Some(Rule::MaxPositionShare));
    let policy = PolicyDraft { max_order_value: Some(number("2000")), ..PolicyDraft::default() };
    assert_eq!(rule(policy.clone(), &view(), &stop(10, "200")), None);
    assert_eq!(rule(policy.clone(), &view(), &stop(10, "200.01")), Some(Rule::MaxOrderValue));
    let short = RiskView { held: Some(number("-10")), ..view() };
    assert_eq!(rule(policy, &short, &stop(10, "200.01")), None, "it ends a position");
}

/// It may trade at its limit as well as at the market, and one that the market is beyond already at that of now.
#[test]
fn an_order_is_worth_the_most_that_it_may_trade_at() {
    let worth = |number_of: &str, kind| {
        let policy = PolicyDraft { max_order_value: Some(number(number_of)), ..PolicyDraft::default() };
        rule(policy, &view(), &intent(Side::Buy, 10, kind))
    };
    let limit = |price: &str| OrderKind::Limit { limit: price.parse().unwrap() };
    let stop = |price: &str| OrderKind::Stop { stop: price.parse().unwrap() };
    for (most, kind) in [("1050", limit("105")), ("1000", limit("95")), ("1000", stop("95"))] {
        assert_eq!(worth(most, kind), None);
        let less = (number(most) - Decimal::ONE).to_string();
        assert_eq!(worth(&less, kind), Some(Rule::MaxOrderValue), "{kind:?}");
    }
}

#[test]
fn a_missing_number_refuses() {
    let buy = intent(Side::Buy, 1, OrderKind::Market);
    let stale = QuoteUnusable::Stale { symbol: apple(), age_seconds: 61, limit_seconds: 60 };
    for blind in [
        RiskView { quote: Err(stale), ..view() },
        RiskView { portfolio_value: None, ..view() },
        RiskView { portfolio_value: Some(Money::zero(Currency::USD)), ..view() },
        RiskView { held: None, ..view() },
        RiskView { contract: None, ..view() },
    ] {
        assert_eq!(rule(PolicyDraft::default(), &blind, &buy), Some(Rule::KnownInputs), "{blind:?}");
    }
}

#[test]
fn every_other_limit_stops_its_order() {
    let limits = PolicyDraft::default();
    let buy = intent(Side::Buy, 10, OrderKind::Market);
    let busy = RiskView { orders_today: 100, ..view() };
    assert_eq!(rule(limits.clone(), &busy, &buy), Some(Rule::MaxDailyTrades));
    let small = PolicyDraft { max_order_quantity: Some(number("9")), ..limits.clone() };
    assert_eq!(rule(small, &view(), &buy), Some(Rule::MaxOrderQuantity));
    let cheap = PolicyDraft { max_order_value: Some(number("999")), ..limits.clone() };
    assert_eq!(rule(cheap, &view(), &buy), Some(Rule::MaxOrderValue));
    let calm = PolicyDraft { max_portfolio_risk: Some(number("0.05")), ..limits };
    let full = RiskView { other_exposure: Some(number("99500")), ..view() };
    assert_eq!(rule(calm.clone(), &full, &buy), Some(Rule::MaxPortfolioRisk));
    assert_eq!(rule(calm, &RiskView { other_exposure: Some(number("99000")), ..view() }, &buy), None);
}

#[test]
fn a_limit_far_through_the_market_is_a_slip_of_the_pen() {
    let limit = |side, price: &str| intent(side, 1, OrderKind::Limit { limit: price.parse().unwrap() });
    let judged = |intent| rule(PolicyDraft::default(), &view(), &intent);
    assert_eq!(judged(limit(Side::Buy, "110")), None);
    assert_eq!(judged(limit(Side::Buy, "110.01")), Some(Rule::PriceCollar));
    assert_eq!(judged(limit(Side::Sell, "89.99")), Some(Rule::PriceCollar));
    assert_eq!(judged(limit(Side::Sell, "90")), None);
    assert_eq!(judged(limit(Side::Sell, "1000")), None, "it rests as well");
    assert_eq!(judged(limit(Side::Buy, "1")), None, "far from the market rests, it harms nobody");
}

#[test]
fn what_an_order_may_trade_at_its_discretion_lies_beyond_its_limit() {
    let judged = |side, price: &str, discretion: &str| {
        let mut draft = intent(side, 1, OrderKind::Limit { limit: price.parse().unwrap() }).to_draft();
        draft.attributes.handling.discretionary_amount = Some(number(discretion));
        rule(PolicyDraft::default(), &view(), &draft.check().unwrap())
    };
    assert_eq!(judged(Side::Buy, "100", "10"), None);
    assert_eq!(judged(Side::Buy, "100", "10.01"), Some(Rule::PriceCollar));
    assert_eq!(judged(Side::Sell, "100", "10"), None);
    assert_eq!(judged(Side::Sell, "100", "10.01"), Some(Rule::PriceCollar));
}

#[test]
fn the_limit_of_what_sleeps_lies_beyond_the_market_that_it_meets() {
    let price = |text: &str| text.parse().unwrap();
    let stop = |side, stop: &str, limit: &str| {
        let kind = OrderKind::StopLimit { stop: price(stop), limit: price(limit) };
        rule(PolicyDraft::default(), &view(), &intent(side, 1, kind))
    };
    assert_eq!(stop(Side::Sell, "60", "55"), None, "it protects, far below the market of now");
    assert_eq!(stop(Side::Sell, "60", "50"), None);
    assert_eq!(stop(Side::Sell, "60", "49.99"), Some(Rule::PriceCollar));
    assert_eq!(stop(Side::Buy, "150", "160"), None);
    assert_eq!(stop(Side::Buy, "150", "160.01"), Some(Rule::PriceCollar));
    // Awake already: they meet the market of now.
    assert_eq!(stop(Side::Sell, "150", "90"), None);
    assert_eq!(stop(Side::Sell, "150", "89.99"), Some(Rule::PriceCollar));
    assert_eq!(stop(Side::Buy, "60", "110.01"), Some(Rule::PriceCollar));
    let touched = OrderKind::LimitIfTouched { trigger: price("80"), limit: price("110.01") };
    let verdict = rule(PolicyDraft::default(), &view(), &intent(Side::Buy, 1, touched));
    assert_eq!(verdict, Some(Rule::PriceCollar));
}

/// A credit spread: its price is below zero, and its legs are worth 8 together.
#[test]
fn what_costs_nothing_or_less_is_sized_by_what_is_at_stake() {
    let level = |text: &str| Some(Level::new(text.parse().unwrap(), None));
    let quote = Quote::new(apple(), Timestamp::EPOCH, level("-2.20"), level("-1.80")).unwrap();
    let credit = RiskView { quote: Ok(quote), contract: Some(facts(Decimal::ONE_HUNDRED)), ..view() };
    let judged = |view: &RiskView, units, price: &str| {
        let limit = OrderKind::Limit { limit: price.parse().unwrap() };
        rule(PolicyDraft::default(), view, &intent(Side::Buy, units, limit))
    };
    assert_eq!(judged(&credit, 1, "-2"), Some(Rule::KnownInputs), "nobody says what is at stake");
    let known = RiskView { at_stake: Some(number("8")), ..credit };
    assert_eq!(judged(&known, 12, "-2"), None, "9,600 of 100,000");
    assert_eq!(judged(&known, 13, "-2"), Some(Rule::MaxPositionShare));
    assert_eq!(judged(&known, 1, "-1.20"), None, "a tenth of 8 beyond the middle");
    assert_eq!(judged(&known, 1, "-1.19"), Some(Rule::PriceCollar));
}

fn for_cash(amount: &str, currency: Currency, kind: OrderKind) -> OrderIntent {
    let (key, account) = (OrderKey::new("k").unwrap(), AccountId::new("DU1").unwrap());
    let cash = Money::new(number(amount), currency);
    OrderDraft::new(key, account, apple(), Side::Buy, cash, kind).check().unwrap()
}

#[test]
fn an_order_for_money_is_worth_its_money() {
    let buy = |amount| for_cash(amount, Currency::USD, OrderKind::Market);
    assert_eq!(rule(PolicyDraft::default(), &view(), &buy("10000")), None);
    assert_eq!(rule(PolicyDraft::default(), &view(), &buy("10001")), Some(Rule::MaxPositionShare));
    let policy = PolicyDraft { max_order_value: Some(number("5000")), ..PolicyDraft::default() };
    assert_eq!(rule(policy.clone(), &view(), &buy("5000")), None);
    assert_eq!(rule(policy, &view(), &buy("5000.01")), Some(Rule::MaxOrderValue));
    let policy = PolicyDraft { max_order_quantity: Some(number("50")), ..PolicyDraft::default() };
    assert_eq!(rule(policy.clone(), &view(), &buy("5000")), None);
    assert_eq!(rule(policy, &view(), &buy("5001")), Some(Rule::MaxOrderQuantity));
}

#[test]
fn money_of_an_unknown_worth_and_open_orders_of_an_unknown_size_refuse() {
    let euro = for_cash("10", "EUR".parse().unwrap(), OrderKind::Market);
    assert_eq!(rule(PolicyDraft::default(), &view(), &euro), Some(Rule::KnownInputs));
    let unknown = RiskView { open_buys: None, ..view() };
    let buy = intent(Side::Buy, 1, OrderKind::Market);
    assert_eq!(rule(PolicyDraft::default(), &unknown, &buy), Some(Rule::KnownInputs));
}

#[test]
fn units_of_one_instrument_and_all_positions_together_are_limited() {
    let buy = |quantity| intent(Side::Buy, quantity, OrderKind::Market);
    let units = || PolicyDraft { max_position_quantity: Some(number("10")), ..PolicyDraft::default() };
    let holding = RiskView { held: Some(number("4")), open_buys: Some(number("3")), ..view() };
    assert_eq!(rule(units(), &holding, &buy(3)), None);
    assert_eq!(rule(units(), &holding, &buy(4)), Some(Rule::MaxPositionQuantity));
    let gross = || PolicyDraft { max_gross_share: Some(number("1.5")), ..PolicyDraft::default() };
    let full = |other: &str| RiskView { other_exposure: Some(number(other)), ..view() };
    assert_eq!(rule(gross(), &full("149000"), &buy(10)), None);
    assert_eq!(rule(gross(), &full("149001"), &buy(10)), Some(Rule::MaxGrossShare));
    let blind = RiskView { other_exposure: None, ..view() };
    assert_eq!(rule(gross(), &blind, &buy(10)), Some(Rule::KnownInputs));
}

#[test]
fn an_account_has_tighter_limits_of_its_own() {
    let own = Tighter { max_order_quantity: Some(number("5")), ..Tighter::default() };
    let mut policy = PolicyDraft { max_order_quantity: Some(number("20")), ..PolicyDraft::default() };
    policy.accounts.insert(AccountId::new("DU1").unwrap(), own);
    let buy = |quantity| intent(Side::Buy, quantity, OrderKind::Market);
    assert_eq!(rule(policy.clone(), &view(), &buy(5)), None);
    assert_eq!(rule(policy.clone(), &view(), &buy(6)), Some(Rule::MaxOrderQuantity));
    let mut other = buy(6).to_draft();
    other.account = AccountId::new("DU2").unwrap();
    assert_eq!(rule(policy, &view(), &other.check().unwrap()), None);
}

#[test]
fn a_verdict_says_whose_limit_it_was() {
    let own = Tighter { max_order_quantity: Some(number("5")), ..Tighter::default() };
    let mut policy = PolicyDraft { max_order_value: Some(number("400")), ..PolicyDraft::default() };
    policy.accounts.insert(AccountId::new("DU1").unwrap(), own);
    let policy = policy.check().unwrap();
    let words = |quantity| match judge(&policy, &view(), &intent(Side::Buy, quantity, OrderKind::Market)) {
        RiskVerdict::Refused(refusal) => (refusal.to_string(), refusal.of),
        approved => panic!("{approved:?}"),
    };
    let account = LimitOf::Account(AccountId::new("DU1").unwrap());
    assert_eq!(words(6), ("accounts.DU1.max_order_quantity: 6 against a limit of 5".to_owned(), account));
    assert_eq!(words(5), ("max_order_value: 500 against a limit of 400".to_owned(), LimitOf::All));
}

#[test]
fn an_approval_tells_every_number_beside_its_limit() {
    let policy = PolicyDraft { max_order_value: Some(number("5000")), ..PolicyDraft::default() };
    let verdict = judge(&policy.check().unwrap(), &view(), &intent(Side::Buy, 10, OrderKind::Market));
    let RiskVerdict::Approved { findings, .. } = verdict else { panic!("it is small") };
    let words: Vec<_> = findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        words,
        ["max_daily_trades 0 of 100", "max_order_value 1000 of 5000", "max_position_share 0.01 of 0.1"]
    );
}

/// Of what trades in another currency: a price of 100 there is worth this much here.
fn elsewhere(rate: Option<&str>) -> RiskView {
    let contract =
        ContractFacts { currency: "EUR".parse().unwrap(), rate: rate.map(number), ..facts(Decimal::ONE) };
    RiskView { contract: Some(contract), ..view() }
}

#[test]
fn what_trades_in_another_currency_is_worth_what_it_is_in_the_portfolios_own() {
    let buy = |quantity| intent(Side::Buy, quantity, OrderKind::Market);
    let dear = elsewhere(Some("1.25"));
    assert_eq!(rule(PolicyDraft::default(), &dear, &buy(80)), None, "8,000 there are 10,000 here");
    assert_eq!(rule(PolicyDraft::default(), &dear, &buy(81)), Some(Rule::MaxPositionShare));
    let policy = PolicyDraft { max_order_value: Some(number("5000")), ..PolicyDraft::default() };
    assert_eq!(rule(policy.clone(), &dear, &buy(40)), None);
    assert_eq!(rule(policy.clone(), &dear, &buy(41)), Some(Rule::MaxOrderValue));
    let cheap = elsewhere(Some("0.01"));
    assert_eq!(rule(PolicyDraft::default(), &cheap, &buy(10_000)), None);
    let gross = PolicyDraft { max_gross_share: Some(number("0.2")), ..PolicyDraft::default() };
    let full = RiskView { other_exposure: Some(number("15000")), ..dear.clone() };
    assert_eq!(rule(gross.clone(), &full, &buy(40)), None, "with 5,000 more it is a fifth");
    assert_eq!(rule(gross, &full, &buy(41)), Some(Rule::MaxGrossShare));
    let euro = |amount| for_cash(amount, "EUR".parse().unwrap(), OrderKind::Market);
    assert_eq!(rule(policy.clone(), &dear, &euro("4000")), None, "money of its own currency");
    assert_eq!(rule(policy.clone(), &dear, &euro("4000.01")), Some(Rule::MaxOrderValue));
    let dollars = |amount| for_cash(amount, Currency::USD, OrderKind::Market);
    assert_eq!(rule(policy.clone(), &dear, &dollars("5000")), None);
    assert_eq!(rule(policy, &dear, &dollars("5000.01")), Some(Rule::MaxOrderValue));
}

#[test]
fn what_a_currency_is_worth_must_be_known_of_what_grows_and_holds_nobody_in() {
    for rate in [None, Some("0"), Some("-1")] {
        let blind = elsewhere(rate);
        let policy = PolicyDraft::default().check().unwrap();
        let RiskVerdict::Refused(refusal) = judge(&policy, &blind, &intent(Side::Buy, 1, OrderKind::Market))
        else {
            panic!("nobody knows what it is worth");
        };
        assert_eq!(
            refusal.to_string(),
            "known_inputs: missing: what one EUR is worth in USD against a limit of every input known"
        );
        let held = RiskView { held: Some(number("50")), ..blind };
        let sell = intent(Side::Sell, 50, OrderKind::Market);
        assert_eq!(rule(PolicyDraft::default(), &held, &sell), None, "whoever wants out gets out");
        let limited = PolicyDraft { max_order_value: Some(number("5000")), ..PolicyDraft::default() };
        assert_eq!(rule(limited, &held, &sell), Some(Rule::KnownInputs), "it is held against a value");
    }
}

/// What something else is worth that has no price now is no matter of whoever leaves a position.
#[test]
fn a_portfolio_of_an_unknown_worth_holds_nobody_in() {
    let blind = RiskView { portfolio_value: None, held: Some(number("50")), ..view() };
    assert_eq!(rule(PolicyDraft::default(), &blind, &intent(Side::Sell, 50, OrderKind::Market)), None);
    let beyond = intent(Side::Sell, 51, OrderKind::Market);
    assert_eq!(rule(PolicyDraft::default(), &blind, &beyond), Some(Rule::KnownInputs));
}

mod beyond;
mod collar;
mod legs;
mod margin;
mod permits;
mod strategies;
mod tempo;
