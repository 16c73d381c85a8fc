//! What one contract shows: both sides, the last trade, and the day so far.

use super::Scripted;
use crate::server::market_hours::{Day as TradingDay, MarketHours};
use crate::server::settings::Prices;
use rust_decimal::prelude::ToPrimitive;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_fake_broker::house::{Print, SyntheticMarket, Tape};
use tradeport_kernel::{Decimal, Symbol, Timestamp};
use tradeport_market_data::{Level, Quote};

/// How old delayed data is.
const DELAY: Duration = Duration::from_secs(15 * 60);

/// One side of a quote.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Side {
    /// -1 where there is none, as the API says it.
    pub(crate) price: f64,
    pub(crate) size: Decimal,
}

/// The day so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Day {
    pub(crate) open: Decimal,
    pub(crate) high: Decimal,
    pub(crate) low: Decimal,
    pub(crate) volume: Decimal,
    /// How many trades it had.
    pub(crate) trades: i64,
    /// The last price of the day before.
    pub(crate) close_before: Decimal,
}

/// What one contract shows.
#[derive(Debug)]
pub(crate) struct Face {
    tape: Tape,
    prices: Prices,
    hours: MarketHours,
    is_delayed: bool,
    looked_at: Timestamp,
    stamp: Option<(Timestamp, u64)>,
    trading_day: Option<TradingDay>,
    /// The end of the day's trades that are in `day`.
    counted: i64,
    pub(crate) at: Timestamp,
    pub(crate) is_open: bool,
    pub(crate) quote: Option<Quote>,
    pub(crate) bid: Side,
    pub(crate) ask: Side,
    pub(crate) last: Print,
    pub(crate) day: Option<Day>,
}

impl Face {
    pub(crate) fn new(tape: Tape, prices: Prices, hours: MarketHours, is_delayed: bool) -> Self {
        let last = Print { second: i64::MIN, price: Decimal::ZERO, size: Decimal::ZERO };
        Self {
            tape,
            prices,
            hours,
            is_delayed,
            looked_at: Timestamp::MIN,
            stamp: None,
            trading_day: None,
            counted: i64::MIN,
            at: Timestamp::MIN,
            is_open: false,
            quote: None,
            bid: Side::default(),
            ask: Side::default(),
            last,
            day: None,
        }
    }

    pub(crate) const fn tape(&self) -> &Tape {
        &self.tape
    }

    pub(crate) const fn hours(&self) -> &MarketHours {
        &self.hours
    }

    pub(crate) const fn contract(&self) -> &Contract {
        self.tape.contract()
    }

    pub(crate) const fn symbol(&self) -> Symbol {
        self.tape.contract().symbol()
    }

    pub(crate) const fn looked_at(&self) -> Timestamp {
        self.looked_at
    }

    /// Brings it to a moment; says whether it shows something new.
    pub(super) fn turn(&mut self, scripted: Option<&Scripted>, now: Timestamp) -> bool {
        self.looked_at = now;
        let now = if self.is_delayed { now.before(DELAY) } else { now };
        let tick = SyntheticMarket::tick_at(now);
        let stamp = (tick, scripted.map_or(0, Scripted::number));
        if self.stamp == Some(stamp) {
            return false;
        }
        self.stamp = Some(stamp);
        let second = tick.nanos().div_euclid(1_000_000_000);
        self.open_day(second);
        let shown = self.moment_of(tick, second);
        self.at = shown;
        self.quote = match scripted {
            Some(it) => Some(it.quote),
            None if self.prices == Prices::Scripted => None,
            None => self.tape.quote(shown),
        };
        self.bid = side(self.quote.and_then(|quote| quote.bid()));
        self.ask = side(self.quote.and_then(|quote| quote.ask()));
        let second = shown.nanos().div_euclid(1_000_000_000);
        if second != self.last.second || scripted.is_some() {
            self.last = self.tape.print(second);
        }
        self.count(second + 1);
        if let Some(price) = scripted.and_then(|it| it.quote.mid()) {
            self.show_scripted(price.as_decimal());
        }
        true
    }

    /// The moment that is shown: now, or the last at which it was open.
    fn moment_of(&self, tick: Timestamp, second: i64) -> Timestamp {
        match &self.trading_day {
            Some(day) if !self.is_open => Timestamp::from_seconds(day.close().min(second) - 1),
            _ => tick,
        }
    }

    fn open_day(&mut self, second: i64) {
        let is_same =
            self.trading_day.as_ref().is_some_and(|day| (day.open()..day.close()).contains(&second));
        if !is_same {
            let day = self.hours.day_at(second, false);
            if day != self.trading_day {
                // A combo is quoted, and has no trades that a day could be made of.
                let traded = day.as_ref().filter(|_| !self.tape.is_combo());
                self.day = traded.map(|day| self.begin(day));
                self.counted = day.as_ref().map_or(i64::MAX, TradingDay::open);
                self.trading_day = day;
            }
        }
        let day = self.trading_day.as_ref();
        self.is_open = day.is_some_and(|day| day.stretches.iter().any(|(a, b)| (*a..*b).contains(&second)));
    }

    fn begin(&self, day: &TradingDay) -> Day {
        let before = self.hours.day_at(day.open() - 1, false);
        let close_before = before.map_or_else(|| day.open(), |day| day.close() - 1);
        let open = self.tape.price(day.open());
        Day {
            open,
            high: open,
            low: open,
            volume: Decimal::ZERO,
            trades: 0,
            close_before: self.tape.price(close_before),
        }
    }

    /// Takes in the day's trades before a second.
    fn count(&mut self, until: i64) {
        let (Some(trading_day), Some(day)) = (&self.trading_day, &mut self.day) else { return };
        let Some(new) = trading_day.within(self.counted, until) else { return };
        for (from, to) in new.stretches {
            // Most times there is one new trade, and it is the last.
            let is_last = from == self.last.second && to == from + 1;
            let extremes =
                if is_last { Some((self.last.price, self.last.price)) } else { self.tape.extremes(from, to) };
            if let Some((low, high)) = extremes {
                (day.low, day.high) = (day.low.min(low), day.high.max(high));
            }
            day.volume += if is_last { self.last.size } else { self.tape.volume(from, to) };
            day.trades += to - from;
        }
        self.counted = until;
    }

    /// A script's price is a trade of the day, too.
    fn show_scripted(&mut self, middle: Decimal) {
        let step = self.tape.step();
        let steps = middle.checked_div(step).unwrap_or_default().round();
        self.last.price = steps.checked_mul(step).unwrap_or(middle);
        if let Some(day) = &mut self.day {
            (day.low, day.high) = (day.low.min(self.last.price), day.high.max(self.last.price));
        }
    }
}

fn side(level: Option<Level>) -> Side {
    level.map_or(Side { price: -1.0, size: Decimal::ZERO }, |level| Side {
        price: double(level.price().as_decimal()),
        size: level.size().map_or(Decimal::ZERO, |size| size.as_decimal()),
    })
}

/// The nearest number of double precision: the quotient of two that are exact.
pub(crate) fn double(number: Decimal) -> f64 {
    let scale = i32::try_from(number.scale()).unwrap_or(0);
    match i64::try_from(number.mantissa()) {
        Ok(mantissa) if mantissa.unsigned_abs() < 1 << 53 && scale <= 22 => {
            mantissa as f64 / 10_f64.powi(scale)
        }
        _ => number.to_f64().unwrap_or(0.0),
    }
}
