//! Cases of the random walk.

use super::*;
use crate::feed::merge;
use tradeport_contracts::{ContractDraft, ContractId, Stock, TradingSessions};
use tradeport_kernel::Currency;

fn contract(name: &str) -> Contract {
    ContractDraft {
        id: ContractId::new(1),
        symbol: Symbol::new(name).unwrap(),
        instrument: Stock::new(name).unwrap().into(),
        name: String::new(),
        currency: Currency::USD,
        price_step: Decimal::new(5, 2),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::always(),
        details: Default::default(),
    }
    .check()
    .unwrap()
}

fn config(seed: u64) -> WalkConfig {
    WalkConfig {
        seed,
        start: "100".parse().unwrap(),
        volatility: Decimal::new(1, 2),
        spread_steps: 3,
        most_lots: 500,
        from: Timestamp::from_seconds(10),
        every: Duration::from_secs(1),
    }
}

fn walk(name: &str, config: WalkConfig) -> RandomWalk {
    RandomWalk::new(&contract(name), config).unwrap()
}

#[test]
fn the_same_seed_walks_the_same_way_and_another_does_not() {
    let quotes = |name, seed| walk(name, config(seed)).take(100).map(|quote| quote.mid()).collect::<Vec<_>>();
    assert_eq!(quotes("AAPL", 1), quotes("AAPL", 1));
    assert_ne!(quotes("AAPL", 1), quotes("AAPL", 2));
    assert_ne!(quotes("AAPL", 1), quotes("IBM", 1), "each symbol walks on its own");
}

#[test]
fn prices_lie_on_the_step_with_the_spread_asked_for() {
    let contract = contract("AAPL");
    for (number, quote) in (0_i64..).zip(walk("AAPL", config(3)).take(2_000)) {
        let (bid, ask) = (quote.bid().unwrap(), quote.ask().unwrap());
        assert!(contract.fits_step(bid.price()) && contract.fits_step(ask.price()), "{quote:?}");
        assert_eq!(quote.spread(), Some(Decimal::new(15, 2)));
        assert_eq!(quote.at(), Timestamp::from_seconds(10 + number));
        assert!(bid.size().unwrap().as_decimal() <= Decimal::from(500));
    }
}

#[test]
fn a_walk_downhill_stops_at_one_step() {
    let steep = WalkConfig { volatility: Decimal::new(1, 1), start: "0.05".parse().unwrap(), ..config(1) };
    assert!(walk("AAPL", steep).take(5_000).all(|quote| quote.bid().unwrap().price().is_positive()));
}

#[test]
fn the_walk_moves_as_much_as_it_was_told() {
    let mids: Vec<Decimal> =
        walk("AAPL", config(5)).take(5_001).map(|quote| quote.mid().unwrap().as_decimal()).collect();
    let squares = mids.windows(2).map(|pair| {
        let change = pair[1] / pair[0] - Decimal::ONE;
        change * change
    });
    let variance = squares.sum::<Decimal>() / Decimal::from(5_000);
    assert!(
        variance > Decimal::new(9, 5) && variance < Decimal::new(11, 5),
        "about 0.01 squared: {variance}"
    );
}

#[test]
fn what_cannot_walk_is_refused() {
    for bad in [
        WalkConfig { start: "0".parse().unwrap(), ..config(1) },
        WalkConfig { volatility: Decimal::ONE, ..config(1) },
        WalkConfig { most_lots: 0, ..config(1) },
        WalkConfig { every: Duration::ZERO, ..config(1) },
    ] {
        assert!(RandomWalk::new(&contract("AAPL"), bad).is_err(), "{bad:?}");
    }
}

#[test]
fn merging_keeps_the_order_of_time_and_of_sources() {
    let slow = WalkConfig { every: Duration::from_secs(2), ..config(1) };
    let merged = merge([walk("AAPL", slow).take(3), walk("IBM", config(1)).take(4)]);
    let told: Vec<_> =
        merged.map(|quote| format!("{} {}", quote.at().nanos() / 1_000_000_000, quote.symbol())).collect();
    assert_eq!(told, ["10 AAPL", "10 IBM", "11 IBM", "12 AAPL", "12 IBM", "13 IBM", "14 AAPL"]);
}
