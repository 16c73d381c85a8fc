//! The published schedules and their examples.

use super::*;
use tradeport_contracts::InstrumentKind;

fn number(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn owed(schedule: &CommissionSchedule, side: Side, shares: &str, value: &str) -> Decimal {
    let base = schedule.by_tiers(Decimal::ZERO, number(shares), number(value)).unwrap();
    schedule.owed(side, number(shares), number(value), base).unwrap()
}

#[test]
fn a_month_of_more_shares_than_there_are_does_not_overflow() {
    for schedule in [CommissionSchedule::ib_us_stocks_fixed(), CommissionSchedule::ib_us_stocks_tiered()] {
        let last = schedule.by_tiers(Decimal::MAX, Decimal::ONE_HUNDRED, Decimal::ZERO).unwrap();
        assert!(last <= schedule.by_tiers(Decimal::ZERO, Decimal::ONE_HUNDRED, Decimal::ZERO).unwrap());
    }
}

#[test]
fn the_examples_of_the_fixed_schedule_come_out() {
    let fixed = CommissionSchedule::ib_us_stocks_fixed();
    assert_eq!(owed(&fixed, Side::Buy, "100", "2500"), number("1.00"));
    assert_eq!(owed(&fixed, Side::Buy, "1000", "25000"), number("5.00"));
    assert_eq!(owed(&fixed, Side::Buy, "1000", "250"), number("2.50"));
    assert_eq!(owed(&fixed, Side::Buy, "10", "2"), number("0.02"), "the most is less than the least");
    assert_eq!(owed(&fixed, Side::Sell, "1000", "25000"), number("5.166"));
    assert_eq!(
        owed(&fixed, Side::Sell, "1000000", "25000000"),
        number("5008.30"),
        "the activity fee is capped"
    );
}

#[test]
fn a_month_climbs_through_the_tiers() {
    let tiered = CommissionSchedule::ib_us_stocks_tiered();
    assert_eq!(tiered.by_tiers(Decimal::ZERO, number("1000"), Decimal::ZERO), Some(number("3.5")));
    assert_eq!(tiered.by_tiers(number("299000"), number("2000"), Decimal::ZERO), Some(number("5.5")));
    assert_eq!(tiered.by_tiers(number("200000000"), number("1000"), Decimal::ZERO), Some(number("0.5")));
    let all = tiered.by_tiers(Decimal::ZERO, number("100000100"), Decimal::ZERO).unwrap();
    assert_eq!(all, number("1050") + number("5400") + number("25500") + number("80000") + number("0.05"));
}

#[test]
fn the_tiered_minimum_comes_before_the_fees() {
    let tiered = CommissionSchedule::ib_us_stocks_tiered();
    let expected = number("0.35") + number("0.002") + number("0.35") * number("0.000735");
    assert_eq!(owed(&tiered, Side::Buy, "10", "1000"), expected.round_dp(6));
}

#[test]
fn currency_pairs_cost_basis_points_and_two_dollars_at_least() {
    let pairs = CommissionSchedule::ib_currency_pairs();
    assert_eq!(owed(&pairs, Side::Buy, "20000", "22000"), number("2"));
    assert_eq!(owed(&pairs, Side::Sell, "100000", "110000"), number("2.2"));
    assert_eq!(owed(&pairs, Side::Buy, "1000000", "1100000"), number("22"));
    assert_eq!(owed(&pairs, Side::Buy, "1", "1.1"), number("2"), "there is no most");
    let beyond = pairs.by_tiers(number("999999000"), number("1"), number("2000")).unwrap();
    assert_eq!(beyond, number("0.02") + number("0.015"), "a thousand of it lie in the second tier");
}

#[test]
fn coins_cost_a_share_of_their_value() {
    let coins = CommissionSchedule::ib_crypto();
    assert_eq!(owed(&coins, Side::Buy, "0.01", "600"), number("1.75"));
    assert_eq!(owed(&coins, Side::Buy, "0.001", "60"), number("0.6"), "one percent is less than the least");
    assert_eq!(owed(&coins, Side::Buy, "1", "60000"), number("108"));
    assert_eq!(owed(&coins, Side::Buy, "4", "240000"), number("180") + number("210"));
}

#[test]
fn contracts_cost_by_their_number() {
    let futures = CommissionSchedule::ib_us_futures();
    assert_eq!(owed(&futures, Side::Buy, "2", "600000"), number("1.70"));
    assert_eq!(owed(&CommissionSchedule::ib_us_micro_futures(), Side::Sell, "2", "60000"), number("0.5"));
    let options = CommissionSchedule::ib_us_options();
    assert_eq!(owed(&options, Side::Buy, "1", "500"), number("1"), "the least");
    assert_eq!(owed(&options, Side::Buy, "10", "5000"), number("6.5"));
    assert_eq!(owed(&options, Side::Buy, "10", "100"), number("6.5"), "a premium of 0.10");
    assert_eq!(owed(&options, Side::Buy, "10", "90"), number("5"), "a premium of 0.09");
    assert_eq!(owed(&options, Side::Buy, "10", "40"), number("2.5"), "a premium of 0.04");
}

#[test]
fn every_kind_has_its_schedule() {
    let tariffs = Tariffs::ib_fixed();
    let named = |kind, symbol| tariffs.schedule(tariffs.find(Some(kind), symbol)).name.clone();
    assert_eq!(named(InstrumentKind::Stock, "AAPL"), "IB fixed, US stocks");
    assert_eq!(named(InstrumentKind::Forex, "EUR"), "IB, currency pairs");
    assert_eq!(named(InstrumentKind::Future, "ES"), "IB, US futures");
    assert_eq!(named(InstrumentKind::Future, "MES"), "IB, US micro futures");
    assert_eq!(named(InstrumentKind::Crypto, "BTC"), "IB, cryptocurrencies");
    assert_eq!(named(InstrumentKind::EventContract, "UHLAX"), "free");
    assert_eq!(Tariffs::from(CommissionSchedule::free()).find(Some(InstrumentKind::Option), "X"), 0);
}
