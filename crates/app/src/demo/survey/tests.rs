//! Whatever was recorded, a survey of it fits what is told again.

use super::super::source::QuoteSource;
use super::*;
use futures::executor::block_on;
use proptest::prelude::*;
use std::sync::Arc;
use tradeport_contracts::TradingSessions;
use tradeport_market_data::{Level, TickStore};
use tradeport_memory::MemoryTicks;

const SYMBOLS: [&str; 3] = ["AAA", "BBB", "CCC"];
/// 2024-03-08T14:30:00Z: the Friday before New York puts its clocks forward.
const START: i64 = 1_709_908_200;

fn level(cents: i64) -> Level {
    Level::new(Price::new(tradeport_kernel::Decimal::new(cents, 2)).unwrap(), None)
}

fn quote(symbol: usize, second: i64, bid: Option<i64>, ask: Option<i64>) -> Quote {
    let symbol = Symbol::new(SYMBOLS[symbol]).unwrap();
    Quote::new(symbol, Timestamp::from_seconds(START + second), bid.map(level), ask.map(level)).unwrap()
}

/// Seconds since the quote before, so that some follow at once and others days later; a little lateness; two sides,
/// one, or crossed.
fn some_quotes() -> impl Strategy<Value = Vec<Quote>> {
    let step = prop_oneof![0_i64..3, 0_i64..40_000, 0_i64..200_000];
    let one = (step, 0_usize..3, 0_i64..4, 0_i64..100, 0_u8..6);
    prop::collection::vec(one, 0..60).prop_map(|steps| {
        let mut second = 0;
        let told = steps.into_iter().map(|(step, symbol, late, price, sides)| {
            second += step;
            let (bid, ask) = match sides {
                0 => (None, Some(1_000 + price)),
                1 => (Some(1_000 + price), None),
                2 => (Some(1_100 + price), Some(1_000 + price)),
                _ => (Some(1_000 + price), Some(1_002 + price)),
            };
            quote(symbol, second - late, bid, ask)
        });
        told.collect()
    })
}

fn recording(quotes: &[Quote]) -> Recording {
    let ticks = MemoryTicks::default();
    block_on(ticks.append(quotes)).unwrap();
    let symbols = block_on(ticks.symbols()).unwrap();
    Recording::of_store("memory", Arc::new(ticks), symbols)
}

fn surveyed(recording: &Recording) -> Survey {
    block_on(Survey::of(recording, &Stop::never(), &ProgressBar::hidden())).unwrap().unwrap()
}

proptest! {
    #[test]
    fn every_quote_is_told_once_in_its_order_and_within_the_days_of_the_survey(quotes in some_quotes()) {
        let recording = recording(&quotes);
        let survey = surveyed(&recording);
        prop_assert_eq!(survey.quotes, quotes.len() as u64);
        prop_assert!(TradingSessions::new(survey.days.iter().map(|day| day.session).collect()).is_ok());
        let mut source = QuoteSource::recorded(&recording, survey.counts.clone()).unwrap();
        let (mut told, mut moment) = (Vec::new(), Timestamp::MIN);
        for day in &survey.days {
            prop_assert!(!day.bars.is_empty());
            source.begin(day).unwrap();
            while let Some(quote) = block_on(source.next()).unwrap() {
                moment = moment.max(quote.at());
                let (mid, bar) = (quote.mid(), day.bar(quote.symbol()));
                let in_session = day.session.open <= moment && moment < day.session.close;
                let two_sided = quote.spread().is_some_and(|spread| !spread.is_sign_negative());
                if two_sided && quote.at() == moment {
                    let prices = bar.expect("an accepted quote has a bar").prices();
                    prop_assert!(in_session && prices.low <= mid.unwrap() && mid.unwrap() <= prices.high);
                }
                told.push(quote);
            }
        }
        if !survey.days.is_empty() {
            prop_assert_eq!(told, quotes);
        }
    }
}

#[test]
fn a_bar_is_of_the_middles_and_a_session_is_regular_where_it_can_be() {
    let day = [
        quote(0, 0, Some(1_000), Some(1_002)),
        quote(0, 10, None, Some(900)),
        quote(0, 20, Some(1_010), Some(1_012)),
        quote(0, 30, Some(2_000), Some(1_002)),
        quote(0, 40, Some(990), Some(990)),
        quote(0, 50, Some(1_000), Some(1_004)),
        quote(1, 50, Some(1), None),
    ];
    let survey = surveyed(&recording(&day));
    assert_eq!((survey.counts.as_slice(), survey.unpriced()), (&[7][..], vec![Symbol::new("BBB").unwrap()]));
    let prices = survey.days[0].bars[0].prices();
    let texts = [prices.open, prices.high, prices.low, prices.close].map(|price| price.to_string());
    assert_eq!(texts, ["10.01", "10.11", "9.90", "10.02"]);
    assert_eq!(survey.days[0].session, us_stock_session(survey.days[0].day).unwrap());
    let before_the_open = quote(0, -1, Some(1_000), Some(1_002));
    let survey = surveyed(&recording(&[before_the_open, day[0]]));
    let session = survey.days[0].session;
    assert_eq!(
        (session.open, session.close),
        (before_the_open.at(), day[0].at().after(Duration::from_nanos(1)))
    );
}

#[test]
fn days_without_a_price_are_told_with_the_next_that_has_one() {
    const DAY: i64 = 86_400;
    let one_sided = |second| quote(0, second, Some(1_000), None);
    let priced = quote(0, 3 * DAY, Some(1_000), Some(1_002));
    let survey = surveyed(&recording(&[one_sided(0), one_sided(DAY), priced, one_sided(4 * DAY)]));
    assert_eq!((survey.days.len(), survey.counts.as_slice()), (1, &[4][..]));
    let nothing = surveyed(&recording(&[one_sided(0)]));
    assert!(nothing.days.is_empty() && nothing.with_prices("it").is_err());
}
