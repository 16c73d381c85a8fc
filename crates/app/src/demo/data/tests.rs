//! The bundled data is what its provenance says, and every jump of a price is explained.

use super::*;
use time::macros::date;
use tradeport_files::DailyBar;
use tradeport_kernel::Decimal;

/// Larger than any of the market's own days here, but one.
const LARGE: Decimal = Decimal::from_parts(40, 0, 0, false, 2);
/// The one that is no split: Apple warned of lower profits the evening before.
const APPLE_WARNING: (&str, Date) = ("AAPL", date!(2000 - 09 - 29));

fn days_of(symbol: Symbol) -> Vec<DailyBar> {
    let bars = DailyBars::read(Source::from_bytes(PRICES_NAME, PRICES).unwrap()).unwrap();
    bars.map(Result::unwrap).filter(|bar| bar.bar().symbol() == symbol).collect()
}

/// Today's traded and adjusted closes over those of the session before.
fn steps(pair: &[DailyBar]) -> (Decimal, Decimal) {
    let over = |after: Decimal, before: Decimal| after / before;
    let traded = |bar: &DailyBar| bar.bar().prices().close.as_decimal();
    let adjusted = |bar: &DailyBar| bar.adjusted_close().as_decimal();
    (over(traded(&pair[1]), traded(&pair[0])), over(adjusted(&pair[1]), adjusted(&pair[0])))
}

#[test]
fn the_data_is_what_the_provenance_says() {
    let market = Market::bundled().unwrap();
    let instruments = market.instruments();
    let expected = [
        ("AAPL", date!(2000 - 03 - 01), 3_270),
        ("FB", date!(2012 - 05 - 18), 196),
        ("GOOG", date!(2004 - 08 - 19), 2_148),
        ("IBM", date!(2000 - 03 - 01), 3_270),
        ("MSFT", date!(2000 - 03 - 01), 3_270),
    ];
    let found: Vec<_> =
        instruments.iter().map(|(symbol, (first, days))| (symbol.as_str(), *first, *days)).collect();
    assert_eq!(found, expected);
    assert_eq!(market.days.len(), 3_270);
    assert_eq!(market.days.last().unwrap().day, date!(2013 - 03 - 01));
    assert_eq!(market.days.iter().map(|day| day.bars.len()).sum::<usize>(), 12_154);
}

#[test]
fn at_each_split_the_traded_close_jumps_by_the_ratio_and_the_adjusted_one_does_not() {
    let market = Market::bundled().unwrap();
    assert_eq!(market.splits.len(), 3);
    for split in &market.splits {
        let bars = days_of(split.action().symbol());
        let place = bars.iter().position(|bar| bar.day() == split.day()).expect("the split is on a session");
        let (traded, adjusted) = steps(&bars[place - 1..=place]);
        let undone = traded * split.action().ratio();
        assert!((undone - Decimal::ONE).abs() < Decimal::new(12, 2), "{split:?}: {traded} is not the ratio");
        assert!(
            (adjusted - Decimal::ONE).abs() < Decimal::new(12, 2),
            "{split:?}: the adjusted close moves {adjusted}"
        );
        assert!((undone - adjusted).abs() < Decimal::new(1, 2), "{split:?}: {undone} against {adjusted}");
    }
}

#[test]
fn no_other_jump_is_larger_than_forty_percent_but_the_one_that_is_explained() {
    let market = Market::bundled().unwrap();
    let mut unexplained = Vec::new();
    for symbol in market.instruments().into_keys() {
        let split_on = |day| market.splits.iter().any(|it| it.action().symbol() == symbol && it.day() == day);
        for pair in days_of(symbol).windows(2) {
            let (traded, adjusted) = steps(pair);
            if (traded - Decimal::ONE).abs() > LARGE && !split_on(pair[1].day()) {
                unexplained.push((
                    symbol.to_string(),
                    pair[1].day(),
                    traded.round_dp(2),
                    adjusted.round_dp(2),
                ));
            }
        }
    }
    let (symbol, day) = APPLE_WARNING;
    let fall = Decimal::new(48, 2);
    assert_eq!(unexplained, [(symbol.to_owned(), day, fall, fall)]);
}

#[test]
fn a_split_that_was_forgotten_would_show() {
    let apple = days_of(Symbol::new("AAPL").unwrap());
    let parted: Vec<Date> = apple
        .windows(2)
        .filter(|pair| {
            let (traded, adjusted) = steps(pair);
            (traded / adjusted - Decimal::ONE).abs() > Decimal::new(20, 2)
        })
        .map(|pair| pair[1].day())
        .collect();
    assert_eq!(parted, [date!(2000 - 06 - 21), date!(2005 - 02 - 28)]);
}

#[test]
fn a_period_has_its_own_sessions_and_splits() {
    let period = |from, to| Market::bundled().unwrap().within(from, to);
    let year = period(Some(date!(2005 - 01 - 01)), Some(date!(2005 - 12 - 31))).unwrap();
    assert_eq!(year.days.first().unwrap().day, date!(2005 - 01 - 03));
    assert_eq!(year.splits.iter().map(Split::day).collect::<Vec<_>>(), [date!(2005 - 02 - 28)]);
    let from_split = period(Some(date!(2005 - 02 - 28)), None).unwrap();
    assert!(from_split.splits.is_empty(), "the first day's prices are split already");
    assert!(period(Some(date!(2013 - 03 - 02)), None).is_err());
    assert!(period(Some(date!(2012 - 01 - 02)), Some(date!(2011 - 01 - 02))).is_err());
}
