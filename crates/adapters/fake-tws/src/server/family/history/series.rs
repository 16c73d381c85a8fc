//! Bars of one contract, made from its tape.
//!
//! | shows | a price of the tape becomes |
//! | --- | --- |
//! | trades, middles | itself |
//! | bid, ask | a step lower or higher; of an option, a hundredth |
//! | bid and ask | open: the bid in the middle of the bar; high: the highest ask; low: the lowest bid; close: the ask in the middle |
//!
//! Each of them only rises with the price, so that the extremes of a bar are those of its parts, whatever is shown.

use super::show::Show;
use super::size::BarSize;
use crate::server::family::market_data::{security_type, size_text};
use crate::server::market_hours::{Day, MarketHours, Stretch};
use crate::server::world::World;
use time::Date;
use tradeport_contracts::Contract;
use tradeport_fake_broker::house::Tape;
use tradeport_kernel::Decimal;

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bar {
    /// When it begins.
    pub(crate) second: i64,
    /// Under which date, if it is of a day or longer.
    pub(crate) date: Option<Date>,
    pub(crate) open: Decimal,
    pub(crate) high: Decimal,
    pub(crate) low: Decimal,
    pub(crate) close: Decimal,
    /// `None` for what has none, which is told as -1.
    pub(crate) volume: Option<Decimal>,
    pub(crate) count: i32,
}

impl Bar {
    pub(crate) fn volume_text(&self, in_hundreds: bool) -> String {
        self.volume.map_or_else(|| "-1".to_owned(), |volume| size_text(volume, in_hundreds))
    }

    /// Its average price, which lies between its extremes.
    pub(crate) fn wap_text(&self) -> String {
        if self.volume.is_none() {
            return "-1".to_owned();
        }
        let sum = self.open + self.high + self.low + self.close;
        (sum / Decimal::from(4)).round_dp(8).clamp(self.low, self.high).normalize().to_string()
    }

    /// The bar of a time in which a script holds the price.
    pub(crate) fn flatten(&mut self, price: Decimal) {
        (self.open, self.high, self.low, self.close) = (price, price, price, price);
    }

    /// Takes in the next bar, of a time right after its own.
    fn join(&mut self, next: &Self) {
        (self.high, self.low) = (self.high.max(next.high), self.low.min(next.low));
        self.close = next.close;
        self.date = next.date;
        self.volume = self.volume.zip(next.volume).map(|(one, other)| one + other);
        self.count = self.count.saturating_add(next.count.max(0));
    }
}

/// What bars are made from.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    tape: Tape,
    show: Show,
    is_option: bool,
}

impl Series {
    /// `None` for what has no price.
    pub(crate) fn new(world: &World, contract: &Contract, show: Show) -> Option<Self> {
        let tape = match show {
            Show::HistoricalVolatility => world.volatility(contract, "HV"),
            Show::ImpliedVolatility => world.volatility(contract, "IV"),
            Show::FeeRate => world.volatility(contract, "FEE"),
            _ => world.tape(contract),
        }?;
        let is_option = matches!(security_type(contract), "OPT" | "FOP");
        Some(Self { tape, show, is_option })
    }

    /// The bar of a time of trading; `None` when there is none.
    pub(crate) fn bar(&self, stretches: &[Stretch]) -> Option<Bar> {
        let (first, last) = (stretches.first()?.0, stretches.last()?.1 - 1);
        let (mut low, mut high) = (Decimal::MAX, Decimal::MIN);
        let (mut volume, mut seconds) = (Decimal::ZERO, 0);
        for (from, to) in stretches {
            let (least, most) = self.tape.extremes(*from, *to)?;
            (low, high) = (low.min(least), high.max(most));
            volume += self.tape.volume(*from, *to);
            seconds += to - from;
        }
        let (open, close) = (self.tape.price(first), self.tape.price(last));
        let is_trades = self.show.is_trades();
        let count =
            if is_trades && !volume.is_zero() { i32::try_from(seconds).unwrap_or(i32::MAX) } else { 0 };
        let bar = Bar {
            second: first,
            date: None,
            open,
            high,
            low,
            close,
            volume: is_trades.then_some(volume),
            count: if is_trades { count } else { -1 },
        };
        Some(self.shown(bar))
    }

    fn shown(&self, bar: Bar) -> Bar {
        let each = |of: &dyn Fn(Decimal) -> Decimal| Bar {
            open: of(bar.open),
            high: of(bar.high),
            low: of(bar.low),
            close: of(bar.close),
            ..bar.clone()
        };
        match self.show {
            Show::Bid => each(&|price| self.bid(price)),
            Show::Ask => each(&|price| self.ask(price)),
            Show::BidAsk => {
                let steps = ((bar.high + bar.low) / Decimal::TWO / self.tape.step()).floor();
                let middle = steps * self.tape.step();
                let (open, close) = (self.bid(middle), self.ask(middle));
                Bar { open, close, high: self.ask(bar.high), low: self.bid(bar.low), ..bar }
            }
            _ => bar,
        }
    }

    fn bid(&self, price: Decimal) -> Decimal {
        (price - self.half(price)).max(Decimal::ZERO)
    }

    fn ask(&self, price: Decimal) -> Decimal {
        price + self.half(price)
    }

    fn half(&self, price: Decimal) -> Decimal {
        let step = self.tape.step();
        if !self.is_option {
            return step;
        }
        let steps = (price / Decimal::ONE_HUNDRED / step).floor();
        (steps * step).max(step)
    }
}

/// Where the bar of a size that holds a second begins and ends, within its stretch of trading.
pub(crate) fn bounds_at(size: i64, hours: &MarketHours, stretch: Stretch, second: i64) -> Stretch {
    let (open, close) = stretch;
    let midnight = hours.midnight(hours.local_day(open));
    let begin = second - (second - midnight).rem_euclid(size);
    (begin.max(open), (begin + size).min(close))
}

/// The bars of some days, `None` when there are more than `most`.
pub(crate) fn bars(
    series: &Series,
    hours: &MarketHours,
    days: &[Day],
    size: BarSize,
    most: usize,
) -> Option<Vec<Bar>> {
    let mut bars = Vec::new();
    match size {
        BarSize::Seconds(size) => {
            let seconds: i64 = days.iter().flat_map(|day| &day.stretches).map(|(a, b)| b - a).sum();
            if usize::try_from(seconds / size).unwrap_or(usize::MAX) > most {
                return None;
            }
            for stretch in days.iter().flat_map(|day| &day.stretches) {
                let mut at = stretch.0;
                while at < stretch.1 {
                    let bounds = bounds_at(size, hours, *stretch, at);
                    bars.extend(series.bar(&[bounds]));
                    at = bounds.1;
                }
            }
        }
        BarSize::Day => {
            if days.len() > most {
                return None;
            }
            bars.extend(days.iter().filter_map(|day| day_bar(series, day)));
        }
        BarSize::Week | BarSize::Month => {
            let mut last: Option<(i32, u8)> = None;
            for day in days {
                let Some(bar) = day_bar(series, day) else { continue };
                let period = Some(period_of(day.date, size));
                match bars.last_mut() {
                    Some(open) if last == period => open.join(&bar),
                    _ => bars.push(bar),
                }
                last = period;
            }
        }
    }
    Some(bars)
}

/// The week or the month of a date.
pub(crate) fn period_of(date: Date, size: BarSize) -> (i32, u8) {
    if size == BarSize::Month {
        return (date.year(), date.month().into());
    }
    let (year, week, _) = date.to_iso_week_date();
    (year, week)
}

/// The bar of a day, under its date.
pub(crate) fn day_bar(series: &Series, day: &Day) -> Option<Bar> {
    let bar = series.bar(&day.stretches)?;
    Some(Bar { date: Some(day.date), ..bar })
}
