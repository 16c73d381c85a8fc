//! Cases and laws of paths through bars.

use super::*;
use proptest::prelude::*;
use tradeport_contracts::{ContractDraft, ContractId, Session, Stock, TradingSessions};
use tradeport_kernel::Currency;
use tradeport_market_data::BarSize;

fn symbol() -> Symbol {
    Symbol::new("AAPL").unwrap()
}

fn contract() -> Contract {
    let session = Session { open: Timestamp::from_seconds(1_000), close: Timestamp::from_seconds(2_000) };
    ContractDraft {
        id: ContractId::new(1),
        symbol: symbol(),
        instrument: Stock::new("AAPL").unwrap().into(),
        name: String::new(),
        currency: Currency::USD,
        price_step: Decimal::new(1, 2),
        lot: Decimal::ONE,
        multiplier: Decimal::ONE,
        sessions: TradingSessions::new(vec![session]).unwrap(),
        details: Default::default(),
    }
    .check()
    .unwrap()
}

fn bar(cents: [i64; 4], volume: Option<i64>) -> Bar {
    let [open, high, low, close] = cents.map(|cents| Price::new(Decimal::new(cents, 2)).unwrap());
    let prices = BarPrices { open, high, low, close };
    Bar::new(symbol(), BarSize::DAY, Timestamp::EPOCH, prices, volume.map(Decimal::from)).unwrap()
}

fn path(points: usize, first: FirstExtreme) -> BarPath {
    BarPath { seed: 1, points, half_spread: Decimal::new(1, 2), first }
}

fn texts(prices: &[Price]) -> Vec<String> {
    prices.iter().map(ToString::to_string).collect()
}

#[test]
fn a_plain_path_is_open_extremes_and_close() {
    let bar = bar([1000, 1100, 950, 1050], None);
    let prices = |first| texts(&path(0, first).prices(&bar, Decimal::new(1, 2)));
    assert_eq!(prices(FirstExtreme::Low), ["10.00", "9.50", "11.00", "10.50"]);
    assert_eq!(prices(FirstExtreme::High), ["10.00", "11.00", "9.50", "10.50"]);
    assert_eq!(prices(FirstExtreme::Nearest), ["10.00", "9.50", "11.00", "10.50"]);
}

#[test]
fn a_daily_bar_is_spread_over_its_session() {
    let (bar, contract) = (bar([1000, 1100, 950, 1050], Some(4_000)), contract());
    let time = BarPath::time_of(&bar, &contract);
    assert_eq!((time.start(), time.end()), (Timestamp::from_seconds(1_000), Timestamp::from_seconds(2_000)));
    let quotes = path(0, FirstExtreme::Low).quotes(&bar, &contract, time).unwrap();
    let at: Vec<_> = quotes.iter().map(|quote| quote.at()).collect();
    assert_eq!(at, [1_200, 1_400, 1_600, 1_800].map(Timestamp::from_seconds));
    let sides =
        |quote: &Quote| (quote.bid().unwrap().price().to_string(), quote.ask().unwrap().price().to_string());
    assert_eq!(sides(&quotes[0]), ("9.99".to_owned(), "10.01".to_owned()));
    assert_eq!(sides(&quotes[1]), ("9.50".to_owned(), "9.50".to_owned()), "the spread narrows at the low");
}

#[test]
fn what_cannot_be_spread_is_refused() {
    let (bar, contract) = (bar([1000, 1100, 950, 1050], None), contract());
    let short = TimeRange::new(Timestamp::EPOCH, Timestamp::from_nanos(4));
    assert!(matches!(
        path(0, FirstExtreme::Low).quotes(&bar, &contract, short),
        Err(NoPath::TooShort { .. })
    ));
    let wide = TimeRange::new(Timestamp::EPOCH, Timestamp::from_nanos(5));
    assert_eq!(path(0, FirstExtreme::Low).quotes(&bar, &contract, wide).unwrap().len(), 4);
    let narrow = BarPath { half_spread: Decimal::NEGATIVE_ONE, ..path(0, FirstExtreme::Low) };
    assert!(matches!(narrow.quotes(&bar, &contract, wide), Err(NoPath::Spread(_))));
}

fn any_bar() -> impl Strategy<Value = Bar> {
    (prop::array::uniform4(1..2_000_000_i64), prop::option::of(0..10_000_000_i64)).prop_map(
        |(cents, volume)| {
            let (high, low) = (*cents.iter().max().unwrap(), *cents.iter().min().unwrap());
            bar([cents[0], high, low, cents[1]], volume)
        },
    )
}

fn any_path() -> impl Strategy<Value = BarPath> {
    let first = prop_oneof![
        Just(FirstExtreme::Seeded),
        Just(FirstExtreme::Low),
        Just(FirstExtreme::High),
        Just(FirstExtreme::Nearest),
    ];
    (any::<u64>(), 0..30_usize, 0..500_i64, first).prop_map(|(seed, points, half, first)| BarPath {
        seed,
        points,
        half_spread: Decimal::new(half, 2),
        first,
    })
}

proptest! {
    #[test]
    fn a_path_never_leaves_its_bar_and_joins_open_extremes_and_close(bar in any_bar(), path in any_path()) {
        let prices = path.prices(&bar, Decimal::new(1, 2));
        let BarPrices { open, high, low, close } = bar.prices();
        prop_assert_eq!((prices.first(), prices.last()), (Some(&open), Some(&close)));
        prop_assert!(prices.iter().all(|price| low <= *price && *price <= high));
        prop_assert!(prices.contains(&low) && prices.contains(&high));
        prop_assert_eq!(prices.len(), 4 + 3 * path.points);
    }

    #[test]
    fn quotes_stay_inside_the_bar_and_its_time(bar in any_bar(), path in any_path()) {
        let contract = contract();
        let within = BarPath::time_of(&bar, &contract);
        let quotes = path.quotes(&bar, &contract, within).unwrap();
        let BarPrices { high, low, .. } = bar.prices();
        let mut before = within.start();
        for (quote, price) in quotes.iter().zip(path.prices(&bar, Decimal::new(1, 2))) {
            let (bid, ask) = (quote.bid().unwrap(), quote.ask().unwrap());
            prop_assert!(low <= bid.price() && bid.price() <= ask.price() && ask.price() <= high);
            prop_assert_eq!(quote.mid(), Some(price));
            prop_assert!(before < quote.at() && quote.at() < within.end());
            prop_assert_eq!(bid.size().is_some(), bar.volume().is_some());
            before = quote.at();
        }
    }

    #[test]
    fn the_same_seed_and_bar_give_the_same_quotes(bar in any_bar(), path in any_path()) {
        let contract = contract();
        let within = BarPath::time_of(&bar, &contract);
        prop_assert_eq!(path.quotes(&bar, &contract, within), path.quotes(&bar, &contract, within));
    }
}

#[test]
fn another_seed_gives_another_path() {
    let bar = bar([1000, 1100, 950, 1050], None);
    let prices = |seed| BarPath { seed, ..path(20, FirstExtreme::Low) }.prices(&bar, Decimal::new(1, 2));
    assert_ne!(prices(1), prices(2));
}
