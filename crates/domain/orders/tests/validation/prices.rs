//! Prices on their steps.

use crate::support::*;
use tradeport_contracts::{ContractDetails, ContractDraft, ContractId, PriceBand};
use tradeport_kernel::Decimal;
use tradeport_orders::validation::{PriceSteps, Rule};
use tradeport_orders::{
    AdjustedStop, ComboRouting, Compete, OffsetBy, OrderKind, Scale, ScaleDrift, Side, StopAdjustment,
    TrailBy,
};

#[test]
fn a_limit_between_two_steps() {
    let order = buy(limit("187.253"));
    let said = "the limit of 187.253 is not on the price step of 0.01: 187.25 or 187.26 would be accepted";
    assert_eq!(refused(&order, &stock()), [said]);
    assert_eq!(found(&order, &stock()).refusals()[0].rule(), Rule::Price);
    assert_eq!(refused(&buy(limit("187.25")), &stock()), NONE);
}

#[test]
fn each_price_on_the_step_of_its_own_band() {
    let cases = [
        (
            "0.12345",
            "the limit of 0.12345 is not on the price step of 0.0001: 0.1234 or 0.1235 would be accepted",
        ),
        ("1.0001", "the limit of 1.0001 is not on the price step of 0.01: 1 or 1.01 would be accepted"),
        ("100.01", "the limit of 100.01 is not on the price step of 0.05: 100 or 100.05 would be accepted"),
        ("99.995", "the limit of 99.995 is not on the price step of 0.01: 99.99 or 100 would be accepted"),
    ];
    for (given, said) in cases {
        assert_eq!(refused(&buy(limit(given)), &banded()), [said]);
    }
    let both = buy(OrderKind::StopLimit { stop: price("0.99"), limit: price("1.0001") });
    assert_eq!(refused(&both, &banded()), [cases[1].1]);
}

#[test]
fn every_price_is_named() {
    let kinds = [
        (stop("1.001"), "the stop of 1.001"),
        (OrderKind::MarketIfTouched { trigger: price("1.001") }, "the trigger of 1.001"),
        (OrderKind::MidPrice { cap: Some(price("1.001")) }, "the price cap of 1.001"),
        (OrderKind::LimitOnClose { limit: price("1.001") }, "the limit of 1.001"),
        (
            OrderKind::TrailLimitFrom {
                by: TrailBy::Percent(number("1")),
                stop: None,
                limit: price("1.001"),
            },
            "the limit of 1.001",
        ),
    ];
    for (kind, named) in kinds {
        let said = format!("{named} is not on the price step of 0.01: 1 or 1.01 would be accepted");
        assert_eq!(refused(&buy(kind), &stock()), [said]);
    }
}

#[test]
fn the_prices_of_an_adjusted_stop() {
    let by = TrailBy::Amount(number("0.025"));
    let into = AdjustedStop::TrailLimit { stop: price("33.333"), limit: price("32.222"), by };
    let order = buy(stop("30")).adjusting(StopAdjustment::once_at(price("35.555"), into));
    let said = [
        "the trigger of the adjustment of 35.555 is not on the price step of 0.01: 35.55 or 35.56 would be accepted",
        "the adjusted stop of 33.333 is not on the price step of 0.01: 33.33 or 33.34 would be accepted",
        "the adjusted limit of 32.222 is not on the price step of 0.01: 32.22 or 32.23 would be accepted",
        "the adjusted trail of 0.025 is not a multiple of 0.01: 0.02 or 0.03 would be accepted",
    ];
    assert_eq!(refused(&order, &stock()), said);
}

#[test]
fn zero_and_less_is_no_price_of_a_stock() {
    let said = |given| {
        format!("the limit of {given} is not a price of IT: it must be above zero, 0.01 would be accepted")
    };
    assert_eq!(refused(&buy(limit("-1")), &stock()), [said("-1")]);
    assert_eq!(refused(&buy(limit("0")), &stock()), [said("0")]);
    assert_eq!(refused(&buy(limit("-1")), &combo(2)), NONE);
    assert_eq!(refused(&buy(limit("-37.63")), &future()), NONE);
    let tiny = "the limit of 0.003 is not on the price step of 0.01: 0.01 would be accepted";
    assert_eq!(refused(&buy(limit("0.003")), &stock()), [tiny]);
}

#[test]
fn prices_below_zero_are_counted_from_zero() {
    let said = "the limit of -1.253 is not on the price step of 0.01: -1.26 or -1.25 would be accepted";
    assert_eq!(refused(&buy(limit("-1.253")), &combo(2)), [said]);
}

#[test]
fn event_contracts_have_a_range() {
    let said = "the limit of 1.2 is out of range: 0.02 to 0.99 would be accepted";
    assert_eq!(refused(&buy(limit("1.2")), &event()), [said]);
    let between = "the limit of 0.505 is not on the price step of 0.01: 0.5 or 0.51 would be accepted";
    assert_eq!(refused(&buy(limit("0.505")), &event()), [between]);
    let contract = event().check().unwrap();
    let steps = PriceSteps::of(&contract);
    assert_eq!(steps.nearest(price("1.2"), Side::Buy), Some(price("0.99")));
    assert_eq!(steps.nearest(price("0"), Side::Sell), Some(price("0.02")));
    assert_eq!(steps.nearest(price("0"), Side::Buy), None);
}

#[test]
fn distances_on_the_smallest_step() {
    let offset = Some(number("0.00015"));
    let said = |field| {
        format!("the {field} of 0.00015 is not a multiple of 0.0001: 0.0001 or 0.0002 would be accepted")
    };
    let kinds = [
        (OrderKind::Trail { by: TrailBy::Amount(number("0.00015")), stop: None }, "trail"),
        (OrderKind::Relative { offset: offset.map(OffsetBy::Amount), cap: None }, "offset"),
        (OrderKind::PegMarket { offset, cap: None }, "offset"),
        (OrderKind::SnapPrimary { offset }, "offset"),
        (
            OrderKind::TrailLimit {
                by: TrailBy::Percent(number("1")),
                stop: None,
                limit_offset: number("0.00015"),
            },
            "limit offset",
        ),
    ];
    for (kind, field) in kinds {
        assert_eq!(refused(&buy(kind), &banded()), [said(field)]);
    }
    // Half a cent from the midpoint is a distance that brokers know.
    assert_eq!(refused(&buy(OrderKind::SnapMid { offset: Some(number("0.005")) }), &stock()), NONE);
    let small = buy(OrderKind::Trail { by: TrailBy::Amount(number("0.005")), stop: None });
    assert_eq!(
        refused(&small, &stock()),
        ["the trail of 0.005 is not a multiple of 0.01: 0.01 would be accepted"]
    );
    let negative = buy(OrderKind::SnapMarket { offset: Some(number("-0.015")) });
    let said = "the offset of -0.015 is not a multiple of 0.01: -0.02 or -0.01 would be accepted";
    assert_eq!(refused(&negative, &stock()), [said]);
}

#[test]
fn distances_of_attributes() {
    let mut scale = Scale::steps(10, number("0.015"));
    scale.profit_offset = Some(number("0.025"));
    scale.drift = Some(ScaleDrift { amount: number("0.035"), interval_seconds: 60 });
    let order = buy(limit("10")).with_discretion(number("0.045")).scaled(scale);
    let said = [
        "the discretionary amount of 0.045 is not a multiple of 0.01: 0.04 or 0.05 would be accepted",
        "the scale increment of 0.015 is not a multiple of 0.01: 0.01 or 0.02 would be accepted",
        "the profit offset of 0.025 is not a multiple of 0.01: 0.02 or 0.03 would be accepted",
        "the scale drift of 0.035 is not a multiple of 0.01: 0.03 or 0.04 would be accepted",
    ];
    assert_eq!(refused(&order, &stock()), said);
}

#[test]
fn competing_orders_are_counted_in_cents() {
    let compete = |offset: &str| {
        buy(OrderKind::PegBest { limit: None, compete: Compete::Offset(number(offset)) }).not_held()
    };
    let said =
        |given| format!("the compete offset of {given} is not a multiple of 0.01: 0.01 would be accepted");
    assert_eq!(refused(&compete("0"), &stock_on("IBKRATS")), [said("0")]);
    assert_eq!(refused(&compete("0.005"), &stock_on("IBKRATS")), [said("0.005")]);
    assert_eq!(refused(&compete("0.02"), &stock_on("IBKRATS")), NONE);
}

#[test]
fn prices_of_legs() {
    let mut order = buy(OrderKind::LimitPerLeg);
    order.attributes.combo.leg_prices = vec![Some(price("10.005")), Some(price("-1")), None];
    let said = [
        "prices of legs are for combos whose legs may fill apart: say that it is not guaranteed",
        "3 prices were given for 2 legs: one for each leg at most would be accepted",
        "the price of leg 1 of 10.005 is not on the price step of 0.01: 10 or 10.01 would be accepted",
        "the price of leg 2 of -1 is not a price of IT: it must be above zero, 0.01 would be accepted",
    ];
    let leg = |id| ContractDraft { id: ContractId::new(id), ..stock() }.check().unwrap();
    assert_eq!(refused_with_legs(&order, &combo(2), &[leg(102), leg(101)]), said);
    let three = ["prices of legs are for combos of 2 legs, and this one has 3: give it one limit instead"];
    order.attributes.combo.routing = vec![ComboRouting::NonGuaranteed(true)];
    assert_eq!(refused(&order, &combo(3)), three);
    order.attributes.combo.leg_prices = vec![Some(price("10.005"))];
    assert_eq!(refused(&order, &combo(2)), NONE);
    let unknown = "the contract 101 of leg 1 was not given: the price of the leg was not checked";
    assert_eq!(warned(&order, &combo(2)), [unknown]);
}

#[test]
fn percentages_of_combos() {
    let mut order = buy(limit("1"));
    order.attributes.combo.routing = vec![ComboRouting::DiscretionaryPercent(number("140"))];
    let said = "a discretion of the combo of 140 percent is out of range: 0 to 100 would be accepted";
    assert_eq!(refused(&order, &combo(2)), [said]);
}

#[test]
fn corrected_for_either_side() {
    let contract = banded().check().unwrap();
    let steps = PriceSteps::of(&contract);
    for (given, lower, higher) in
        [("1.0001", "1", "1.01"), ("99.995", "99.99", "100"), ("0.99995", "0.9999", "1")]
    {
        assert_eq!(steps.nearest(price(given), Side::Buy), Some(price(lower)), "{given}");
        assert_eq!(steps.nearest(price(given), Side::Sell), Some(price(higher)), "{given}");
    }
    assert_eq!(steps.nearest(price("5.55"), Side::Buy), Some(price("5.55")));
    assert_eq!(steps.nearest(price("0.00001"), Side::Buy), None, "nothing is cheaper than the first step");
}

/// A band that begins between its own steps hands down to the one before it, and up to its first step.
#[test]
fn bands_that_do_not_begin_on_their_step() {
    let bands = [("0", "0.4"), ("1", "0.7")];
    let price_bands = bands.map(|(from, step)| PriceBand { from: number(from), step: number(step) }).to_vec();
    let details = ContractDetails { price_bands, ..Default::default() };
    let contract = ContractDraft { price_step: Decimal::new(1, 1), details, ..stock() }.check().unwrap();
    let steps = PriceSteps::of(&contract);
    assert_eq!(steps.below(price("1.2")), Some(price("0.8")));
    assert_eq!(steps.above(price("0.9")), Some(price("1.4")));
    // A band that begins on a step of the one before it, but not on its own.
    let bands = [("0", "0.5"), ("1", "0.7")];
    let price_bands = bands.map(|(from, step)| PriceBand { from: number(from), step: number(step) }).to_vec();
    let details = ContractDetails { price_bands, ..Default::default() };
    let contract = ContractDraft { details, ..stock() }.check().unwrap();
    assert_eq!(PriceSteps::of(&contract).below(price("1.2")), Some(price("0.5")));
    assert_eq!(PriceSteps::of(&contract).above(price("0.9")), Some(price("1.4")));
    let bands = [("0", "5"), ("2", "0.7")];
    let price_bands = bands.map(|(from, step)| PriceBand { from: number(from), step: number(step) }).to_vec();
    let details = ContractDetails { price_bands, ..Default::default() };
    let contract = ContractDraft { details, ..stock() }.check().unwrap();
    let lowest = PriceSteps::of(&contract).above(price("-1"));
    assert_eq!(lowest, Some(price("2.1")), "the first step lies in the next band");
}

#[test]
fn where_nothing_is_accepted() {
    let vast = ContractDraft { price_step: number("5000000000000"), ..stock() };
    let said =
        "the limit of 5 is not on the price step of 5000000000000: nothing next to it would be accepted";
    assert_eq!(refused(&buy(limit("5")), &vast), [said]);
}

#[test]
fn all_refusals_at_once() {
    let order = order(Side::Buy, "1.5", limit("187.253")).immediate_or_cancel();
    let found = found(&order, &fund());
    let rules: Vec<Rule> = found.refusals().iter().map(tradeport_orders::validation::Refusal::rule).collect();
    assert_eq!(rules, [Rule::Price, Rule::Size, Rule::Kind]);
    let said = "the limit of 187.253 is not on the price step of 0.01: 187.25 or 187.26 would be accepted; \
                a size of 1.5 is not on the size step of 1: 1 or 2 would be accepted; \
                LMT orders do not go with a fund: MKT would be accepted";
    let refusals = found.verdict().unwrap_err();
    assert_eq!(refusals.to_string(), said);
    assert_eq!(refusals.as_slice().len(), 3);
}
