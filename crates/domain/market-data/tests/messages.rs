//! What a caller reads when quotes and bars cannot be, or cannot be used.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fmt::{Debug, Display};
use std::time::Duration;
use tradeport_kernel::{Decimal, Price, Symbol, Timestamp};
use tradeport_market_data::{Bar, BarPrices, BarSize, Level, Quote, QuoteBoard};

fn told<T: Debug, E: Display + Debug>(answer: Result<T, E>) -> String {
    answer.unwrap_err().to_string()
}

fn ibm() -> Symbol {
    Symbol::new("IBM").unwrap()
}

fn price(text: &str) -> Price {
    text.parse().unwrap()
}

fn bar(low: &str, volume: Option<Decimal>) -> Result<Bar, impl Display + Debug> {
    let prices = BarPrices { open: price("10"), high: price("12"), low: price(low), close: price("11") };
    Bar::new(ibm(), BarSize::DAY, Timestamp::EPOCH, prices, volume)
}

#[test]
fn bars() {
    assert_eq!(
        told(bar("10.5", None)),
        "the bar of IBM at 1970-01-01T00:00:00Z has open 10, high 12, low 10.5, close 11: not a price range"
    );
    assert_eq!(
        told(bar("9", Some(Decimal::NEGATIVE_ONE))),
        "the bar of IBM at 1970-01-01T00:00:00Z has a negative volume of -1"
    );
    assert_eq!(
        told("7m".parse::<BarSize>()),
        "\"7m\" is not a bar size: expected one of 1s 5s 10s 15s 30s 1m 2m 3m 5m 10m 15m 20m 30m 1h 2h 3h 4h 8h 1d 1w \
         1mo"
    );
}

#[test]
fn quotes() {
    assert_eq!(
        told(Quote::new(ibm(), Timestamp::EPOCH, None, None)),
        "the quote of IBM at 1970-01-01T00:00:00Z has neither bid nor ask"
    );
    let (mut board, limit) = (QuoteBoard::default(), Duration::from_secs(5));
    let mid = |board: &QuoteBoard, second| board.fresh_mid(ibm(), Timestamp::from_seconds(second), limit);
    assert_eq!(told(mid(&board, 0)), "no quote of IBM has been seen");
    let bid = Some(Level::new(price("10"), None));
    board.note(Quote::new(ibm(), Timestamp::EPOCH, bid, None).unwrap());
    assert_eq!(told(mid(&board, 0)), "the last quote of IBM lacks a bid or an ask");
    assert_eq!(told(mid(&board, 6)), "the last quote of IBM is 6 s old; at most 5 s are allowed");
}
