//! The comparison of the portfolio with the recorded quotes of another instrument.

use crate::support::{Place, Ran};
use tradeport_kernel::{AccountId, Currency, Decimal, Money, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote, TickStore};
use tradeport_portfolio::{PortfolioSnapshot, PortfolioStore};

const DAY: i64 = 86_400;
/// A Monday, at midnight UTC.
const MONDAY: i64 = 19_723 * DAY + 7 * DAY;

fn snapshot(at: i64, value: i64) -> PortfolioSnapshot {
    let money = |amount: i64| Money::new(Decimal::from(amount), Currency::USD);
    PortfolioSnapshot {
        account: AccountId::new("DU1000001").unwrap(),
        at: Timestamp::from_seconds(at),
        total_value: money(value),
        cash: money(value),
        realized_pnl: money(0),
        unrealized_pnl: money(0),
        commissions: money(0),
        positions: Vec::new(),
    }
}

/// A quote one below and one above its middle.
fn quote(symbol: &str, at: i64, mid: i64) -> Quote {
    let level = |price: i64| Some(Level::new(Decimal::from(price).to_string().parse().unwrap(), None));
    Quote::new(Symbol::new(symbol).unwrap(), Timestamp::from_seconds(at), level(mid - 1), level(mid + 1))
        .unwrap()
}

fn keep(place: &Place, snapshots: &[PortfolioSnapshot], quotes: &[Quote]) {
    let stores = place.hold();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        stores.portfolio().save_snapshots(snapshots).await.unwrap();
        stores.ticks().append(quotes).await.unwrap();
    });
    place.let_go(stores);
}

fn near(number: &serde_json::Value, wanted: f64) {
    let number = number.as_f64().unwrap();
    assert!((number - wanted).abs() < 1e-12, "{number} is not {wanted}");
}

/// Five days; the portfolio moves twice as far as the benchmark. The benchmark has no price on the fourth day.
fn five_days(place: &Place) {
    let noon = |day: i64| MONDAY + day * DAY + DAY / 2;
    let mut snapshots: Vec<_> = [1_000, 1_100, 990, 5_000, 1_188]
        .into_iter()
        .zip(0..)
        .map(|(value, day)| snapshot(noon(day), value))
        .collect();
    // Earlier on the same day: the last one of a day counts.
    snapshots.insert(1, snapshot(noon(1) - 3_600, 7));
    let quotes = [
        quote("SPY", noon(0) - 4 * 3_600, 200),
        quote("SPY", noon(1) - 2, 300),
        // Exactly at the snapshot counts; what comes a second later does not.
        quote("SPY", noon(1), 210),
        quote("SPY", noon(1) + 1, 900),
        quote("SPY", noon(2) - 30, 199),
        quote("IBM", noon(3) - 1, 100),
        quote("SPY", noon(3) + 60, 500),
        quote("SPY", noon(4) - 11 * 3_600, 209),
    ];
    keep(place, &snapshots, &quotes);
}

#[test]
fn the_benchmark_is_sampled_when_the_portfolio_was_valued() {
    let place = Place::new();
    five_days(&place);
    let metrics = place.json("metrics");
    let benchmark = &metrics["benchmark"];
    assert_eq!((metrics["days"].as_u64(), benchmark["days"].as_u64()), (Some(5), Some(4)));
    assert_eq!((benchmark["symbol"].as_str(), benchmark["reason"].is_null()), (Some("SPY"), true));
    // 200 -> 210 -> 199, and nothing across the day without a price.
    let (first, second) = (0.05, 199.0 / 210.0 - 1.0);
    let figures = &benchmark["comparison"];
    assert_eq!(figures["observations"], 2);
    near(&benchmark["total_return"], (1.0 + first) * (1.0 + second) - 1.0);
    near(&figures["excess_total_return"], 1.1 * 0.9 - 199.0 / 200.0);
    // Two points lie on one line: its slope is the quotient of their distances.
    near(&figures["beta"], (0.1 - -0.1) / (first - second));
    let (a, b) = (0.1 - first, -0.1 - second);
    near(&figures["tracking_error"], (a - b).abs() / 2.0_f64.sqrt() * 252.0_f64.sqrt());
    assert_eq!(metrics["performance"]["observations"], 4, "the portfolio's own figures are of all its days");
    let text = place.run("metrics").out;
    for words in ["SPY, prices on 4 of 5 days, 2 returns compared", "beta", "tracking error a year"] {
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn why_there_is_no_comparison_is_said() {
    let place = Place::new();
    let reason = |typed: &str| {
        let benchmark = place.json(typed)["benchmark"].clone();
        assert!(benchmark["comparison"].is_null() && benchmark["total_return"].is_null(), "{benchmark}");
        benchmark["reason"].as_str().unwrap().to_owned()
    };
    assert!(reason("metrics").contains("snapshots of two days"));
    five_days(&place);
    assert!(reason("metrics --benchmark MSFT").contains("tradeport record MSFT"));
    assert!(reason("metrics --benchmark IBM").contains("on 1 of 5 days"));
    assert!(reason("metrics --to 2024-01-09").contains("two days"), "one day alone has no return");
    let text = place.run("metrics --benchmark MSFT").out;
    assert!(text.contains("MSFT: no quote of MSFT is recorded"), "{text}");
    let ran = Ran::of(place.command("--json metrics").env("BENCHMARK_SYMBOL", "IBM"));
    assert_eq!(ran.json()["benchmark"]["symbol"], "IBM");
    place.run("metrics --benchmark \u{e4}").fails(2, &["not a symbol"]);
}
