//! Laws of the quotes: sides in order, on their steps, in line with each other.

use super::*;
use crate::house::Catalog;
use crate::house::FakeHours;
use rust_decimal::prelude::ToPrimitive;
use tradeport_contracts::{Instrument, Right};

fn now() -> Timestamp {
    "2026-11-20T15:00:00Z".parse().unwrap()
}

fn contract(text: &str) -> Contract {
    let instrument: Instrument = text.parse().unwrap();
    Catalog::at(FakeHours::Always, now()).resolve(&instrument).unwrap()
}

fn quote(text: &str, at: Timestamp) -> Quote {
    SyntheticMarket::new(7).quote_of(&contract(text), at).unwrap()
}

fn mid(text: &str) -> f64 {
    quote(text, now()).mid().unwrap().as_decimal().to_f64().unwrap()
}

fn is_sound(contract: &Contract, quote: &Quote) {
    let ask = quote.ask().expect("somebody always offers").price();
    assert!(ask.is_positive() && contract.fits_step(ask), "{} asks {ask}", contract.symbol());
    if let Some(bid) = quote.bid() {
        assert!(bid.price().is_positive() && bid.price() <= ask, "{}: {quote:?}", contract.symbol());
        assert!(contract.fits_step(bid.price()), "{} bids {}", contract.symbol(), bid.price());
    }
}

#[test]
fn everything_that_a_search_finds_is_quoted_soundly_for_years() {
    let catalog = Catalog::at(FakeHours::Always, now());
    let all = catalog.search("");
    assert!(all.len() > 150);
    for contract in &all {
        for step in 0..40_u64 {
            let at = now().after(std::time::Duration::from_secs(step * 86_400 * 17 + step * 977));
            let quote = SyntheticMarket::new(step).quote_of(contract, at).unwrap();
            is_sound(contract, &quote);
            assert_eq!((quote.symbol(), quote.at() <= at), (contract.symbol(), true));
        }
    }
}

#[test]
fn the_options_of_a_chain_are_quoted_soundly_and_in_line() {
    let catalog = Catalog::at(FakeHours::Always, now());
    for underlying in ["AAPL", "SPY", "index:SPX@CBOE", "BAC"] {
        let spot = mid(underlying);
        for chain in catalog.option_chains(&underlying.parse().unwrap()).unwrap() {
            for expiry in chain.expiries().step_by(5) {
                let mut last_call = f64::INFINITY;
                for strike in chain.strikes() {
                    let ask = |right| {
                        let option = chain.option(expiry, strike, right).unwrap();
                        let contract = catalog.resolve(&option.into()).ok()?;
                        let quote = SyntheticMarket::new(7).quote_of(&contract, now()).unwrap();
                        is_sound(&contract, &quote);
                        quote.ask()?.price().as_decimal().to_f64()
                    };
                    let (Some(call), Some(put)) = (ask(Right::Call), ask(Right::Put)) else { continue };
                    assert!(call <= last_call, "a call at {strike} is dearer than one below");
                    last_call = call;
                    let strike = strike.to_f64().unwrap();
                    let slack = 0.25 + 0.03 * (call + put);
                    assert!(((call - put) - (spot - strike)).abs() < slack, "{underlying} {expiry} {strike}");
                }
                assert!(last_call.is_finite());
            }
        }
    }
}

#[test]
fn a_worthless_option_has_no_bid() {
    let far = contract("AAPL 20261127P345");
    let quotes: Vec<_> =
        (0..50).filter_map(|seed| SyntheticMarket::new(seed).quote_of(&far, now())).collect();
    assert_eq!(quotes.len(), 50);
    assert!(quotes.iter().any(|quote| quote.bid().is_none()), "none was worthless");
}

#[test]
fn what_belongs_together_moves_together() {
    let index = mid("index:SPX@CBOE");
    assert!((mid("SPY") * 10.0 / index - 1.0).abs() < 0.001);
    let (front, next) = (mid("ES 202612@CME"), mid("ES 202703@CME"));
    assert!(front > index * 0.999 && next > front, "{index} {front} {next}");
    let round = mid("EUR.GBP") * mid("GBP.JPY") / mid("EUR.JPY");
    assert!((round - 1.0).abs() < 0.002, "{round}");
    assert!((mid("EUR 202612@CME") / mid("EUR.USD") - 1.0).abs() < 0.001);
}

#[test]
fn the_bundled_shares_are_quoted_as_ever() {
    let market = SyntheticMarket::new(1);
    let apple = contract("AAPL");
    assert_eq!(market.quote_of(&apple, now()), market.quote(apple.symbol(), now()));
}

/// What is reckoned with doubles is what is reckoned with all digits, down to the spelling.
#[test]
fn the_short_way_to_both_sides_gives_what_the_exact_one_gives() {
    let catalog = Catalog::at(FakeHours::Always, now());
    let (mut short, mut exact) = (0, 0);
    for contract in catalog.search("") {
        let step = contract.price_step().to_f64().unwrap();
        for number in 0..2_000_u64 {
            let chance = crate::house::mix(number);
            // From next to nothing up, many of them on a step or half of one, and next to that.
            let whole = f64::from(u32::try_from((chance >> 20) % 1_000_000).unwrap());
            let beside =
                [0.0, 0.5, 1e-9, -1e-9, 0.3, 2e-5, -2e-5, 0.500_001][usize::try_from(number % 8).unwrap()];
            let middle = (whole + beside) * step;
            let Some(steps) = steps_around(&contract, middle / step, step, chance) else {
                exact += 1;
                continue;
            };
            short += 1;
            let text = |sides: Option<Sides>| format!("{:?}", sides);
            assert_eq!(
                text(sides_on(&contract, steps, chance)),
                text(exact_sides(&contract, middle, chance, false, false)),
                "{} at {middle}",
                contract.symbol()
            );
        }
    }
    assert!(short > 50_000 && exact > 10_000, "{short} {exact}");
}
