//! A report of made-up numbers, for tests of how it is shown.

use super::*;
use tradeport_analytics::AnnualRate;

fn symbol(text: &str) -> Symbol {
    Symbol::new(text).unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn curve(days: usize) -> Vec<DayValue> {
    let mut day = Date::from_calendar_date(2010, time::Month::November, 1).unwrap();
    let wave = |day: usize, length: f64| (day as f64 / length).sin();
    (0..days)
        .map(|index| {
            day = day.next_day().unwrap();
            let trend = 1e6 * (index as f64 * 0.0015).exp();
            let portfolio = trend * (1.0 + 0.08 * wave(index, 21.0) + 0.02 * wave(index, 3.0));
            let benchmark = trend.powf(1.01) * (0.87 + 0.12 * wave(index, 34.0) + 0.02 * wave(index, 2.0));
            DayValue { day, portfolio, benchmark }
        })
        .collect()
}

/// A report of so many days.
pub(crate) fn report(days: usize) -> DemoReport {
    let curve = curve(days);
    let first = Date::from_calendar_date(2010, time::Month::November, 2).unwrap();
    let performance = Comparison::of(&curve, 1e6, AnnualRate::new(0.05).unwrap()).unwrap();
    let setting = |name: &str, value: &str| Setting { name: name.to_owned(), value: value.to_owned() };
    DemoReport {
        settings: vec![
            setting("period", "2010-11-02 to 2011-12-06, 400 sessions"),
            setting("risk policy", &"at most 35 % of the portfolio in one position, ".repeat(4)),
        ],
        period: Period { first, last: curve.last().map_or(first, |day| day.day), sessions: days },
        instruments: ["AAPL", "MSFT"]
            .map(|text| ListedInstrument { symbol: symbol(text), first, sessions: days })
            .into(),
        account: account(),
        positions: vec![position("AAPL"), position("MSFT")],
        orders: OrderFigures {
            orders: 1_234,
            executions: 4_321,
            in_parts: 77,
            rebalancings: 14,
            splits: 3,
            outcomes: vec![outcome("filled", "MKT", 1_200), outcome("expired", "LMT", 34)],
            turnover: decimal("123456789.01"),
        },
        performance,
        curve,
        recording: RecordingFigures { stored: 1_234_567, marked: 1, refused: 2, dropped: 0, gaps: 0 },
        databases: vec![DatabaseFile {
            path: "/home/somebody/.local/share/tradeport/demo/market.db".to_owned(),
            tables: vec![TableCount { name: "bid_ask_data".to_owned(), rows: 1_234_567 }],
        }],
        provenance: "Made up.".to_owned(),
        caveats: vec![
            "These numbers are made up, every one of them, and prove nothing but the layout.".to_owned(),
        ],
        next: vec!["tradeport order list".to_owned()],
    }
}

fn account() -> AccountFigures {
    AccountFigures {
        account: "DU0000001".to_owned(),
        currency: "USD".to_owned(),
        starting_cash: decimal("1000000"),
        cash: decimal("-123456.78"),
        positions: decimal("12345678.9"),
        net_liquidation: decimal("12222222.12"),
        realized: decimal("10000000"),
        unrealized: decimal("1222222.12"),
        commissions: decimal("0.00"),
    }
}

fn position(text: &str) -> PositionLine {
    PositionLine {
        symbol: symbol(text),
        quantity: decimal("123456"),
        average_price: Some(decimal("1234.567")),
        price: decimal("2345.67"),
        value: decimal("123456789.12"),
        share: decimal("0.3167"),
        unrealized: decimal("-100000000.25"),
        realized: decimal("5.5"),
    }
}

fn outcome(outcome: &str, kind: &str, orders: usize) -> OutcomeCount {
    OutcomeCount { outcome: outcome.to_owned(), kind: kind.to_owned(), orders }
}
