//! Laws of the tape: what holds however a time is cut, and that the search finds what looking at everything finds.

use super::*;
use crate::house::{Catalog, FakeHours};
use proptest::prelude::*;

/// A share of the bundled prices, one beside them, a pair, a future, an index, a coin and options.
const ALL: [&str; 6] = ["AAPL", "KO", "EUR.USD", "USD.JPY", "index:SPX@CBOE", "ES 202612@CME"];
const START: i64 = 1_795_186_800;

fn contracts() -> Vec<Contract> {
    let catalog = Catalog::at(FakeHours::Always, Timestamp::from_seconds(START));
    let mut found: Vec<Contract> =
        ALL.iter().map(|text| catalog.resolve(&text.parse().unwrap()).unwrap()).collect();
    found.extend(catalog.search("").into_iter().step_by(9));
    for underlying in ["AAPL", "SPY"] {
        let chains = catalog.option_chains(&underlying.parse().unwrap()).unwrap();
        for expiry in chains[0].expiries().step_by(7) {
            for strike in chains[0].strikes().step_by(11) {
                for right in [tradeport_contracts::Right::Call, tradeport_contracts::Right::Put] {
                    let option = chains[0].option(expiry, strike, right).ok();
                    found.extend(option.and_then(|option| catalog.resolve(&option.into()).ok()));
                }
            }
        }
    }
    found
}

fn tapes() -> impl Strategy<Value = Tape> {
    let contracts = contracts();
    assert!(contracts.len() > 40, "{}", contracts.len());
    (0..contracts.len(), 0_u64..20).prop_map(move |(number, seed)| {
        SyntheticMarket::new(seed).tape_of(&contracts[number]).expect("all are in the catalog")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_search_finds_what_looking_at_every_second_finds(
        tape in tapes(), from in -2_000_000..2_000_000_i64, length in 1..900_i64,
    ) {
        let from = START + from;
        let prices: Vec<Decimal> = (from..from + length).map(|second| tape.price(second)).collect();
        let expected = (*prices.iter().min().unwrap(), *prices.iter().max().unwrap());
        prop_assert_eq!(tape.extremes(from, from + length), Some(expected));
    }

    #[test]
    fn however_a_time_is_cut_its_extremes_and_its_volume_are_those_of_its_parts(
        tape in tapes(), from in -2_000_000..2_000_000_i64, parts in prop::collection::vec(1..9_000_i64, 1..6),
    ) {
        let from = START + from;
        let (mut at, mut low, mut high, mut volume) = (from, Decimal::MAX, Decimal::MIN, Decimal::ZERO);
        for part in parts {
            let (least, most) = tape.extremes(at, at + part).unwrap();
            (low, high) = (low.min(least), high.max(most));
            volume += tape.volume(at, at + part);
            at += part;
        }
        prop_assert_eq!(tape.extremes(from, at), Some((low, high)));
        prop_assert_eq!(tape.volume(from, at), volume);
    }

    #[test]
    fn every_second_trades_a_little_on_the_step(tape in tapes(), second in -2_000_000..2_000_000_i64) {
        let print = tape.print(START + second);
        prop_assert!((print.price / tape.step()).fract().is_zero() && print.price > Decimal::ZERO);
        let is_traded = !tape.unit.is_zero();
        prop_assert_eq!(print.size > Decimal::ZERO, is_traded);
    }
}

#[test]
fn a_trade_is_where_the_quote_is() {
    for contract in contracts() {
        let tape = SyntheticMarket::new(3).tape_of(&contract).unwrap();
        let quote = tape.quote(Timestamp::from_seconds(START)).unwrap();
        let price = tape.price(START);
        let ask = quote.ask().unwrap().price();
        let step = contract.price_step_at(ask);
        assert!(price <= ask.as_decimal() + step, "{} {price} {quote:?}", contract.symbol());
        if let Some(bid) = quote.bid() {
            assert!(price >= bid.price().as_decimal() - step, "{} {price} {quote:?}", contract.symbol());
        }
    }
}

#[test]
fn a_volatility_is_a_tape_of_its_own() {
    let contract = contracts().remove(0);
    let market = SyntheticMarket::new(3);
    let [implied, historical] = ["IV", "HV"].map(|which| market.volatility_of(&contract, which).unwrap());
    assert_ne!(implied.price(START), historical.price(START));
    assert!(implied.price(START) > Decimal::new(10, 2) && implied.price(START) < Decimal::new(50, 2));
    assert_eq!(implied.volume(START, START + 100), Decimal::ZERO);
}

#[test]
fn an_empty_time_has_no_price() {
    let tape = SyntheticMarket::new(3).tape_of(&contracts()[0]).unwrap();
    assert_eq!(tape.extremes(START, START), None);
    assert_eq!(tape.volume(START, START - 5), Decimal::ZERO);
}

#[test]
fn a_combo_costs_what_its_legs_do() {
    let (market, all) = (SyntheticMarket::new(3), contracts());
    let (one, other) = (all[0].clone(), all[1].clone());
    let tape = market.combo_tape(&one, &[(1, one.clone()), (-2, other.clone())]).unwrap();
    let at = Timestamp::from_seconds(START);
    let side = |quote: Option<Quote>, is_bid: bool| {
        let quote = quote.unwrap();
        if is_bid { quote.bid() } else { quote.ask() }.unwrap().price().as_decimal()
    };
    for is_bid in [true, false] {
        let legs = side(market.quote_of(&one, at), is_bid)
            - Decimal::TWO * side(market.quote_of(&other, at), !is_bid);
        assert_eq!(side(tape.quote(at), is_bid), legs);
    }
    assert!(tape.is_combo() && tape.extremes(START, START + 9).is_none());
    assert_eq!(tape.price(START), tape_of(&one).price(START) - Decimal::TWO * tape_of(&other).price(START));
}

fn tape_of(contract: &Contract) -> Tape {
    SyntheticMarket::new(3).tape_of(contract).unwrap()
}
