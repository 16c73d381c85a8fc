//! The past as scripts have told it, where prices are those of scripts alone.
//!
//! Left out: schedules, ticks and histograms, which are the market's own.

use super::refuse_empty;
use super::request::{Wanted, say};
use super::series::Bar;
use super::size::{BarSize, Span};
use super::when::Format;
use crate::server::context::Context;
use crate::server::market_hours::MarketHours;
use crate::server::world::World;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_kernel::Timestamp;
use tradeport_market_data as market_data;

const DAY: i64 = 86_400;

/// Gives the bars that begin within the time that is asked for; every moment counts, open or not.
pub(super) fn give(context: &mut Context<'_>, it: &Wanted) {
    let now = second(context.world.now());
    let end = it.end.map_or(now, |end| end.min(now));
    let begin = end.saturating_sub(seconds(it.span));
    let length = Duration::from_secs(length(it.size).unsigned_abs());
    let all = context.world.told_past(&it.contract).find(|(of, _)| *of == length);
    let bars = all.map(|(_, bars)| bars).unwrap_or_default();
    let found: Vec<Bar> = bars
        .iter()
        .filter(|bar| (begin..end).contains(&second(bar.start())))
        .map(|bar| shown(bar, it.size))
        .collect();
    if found.is_empty() {
        return refuse_empty(context, it.id, &it.contract, it.show);
    }
    let hours = MarketHours::of(&it.contract, context.world.hours());
    let format = Format { number: it.format, version: context.version, zone: hours.zone() };
    say(context, it.id, &found, &format, false, (begin, end));
}

/// When the first bar begins, whatever its length.
pub(super) fn first_second(world: &World, contract: &Contract) -> Option<i64> {
    let all = world.told_past(contract).flat_map(|(_, bars)| bars);
    all.map(|bar| second(bar.start())).min()
}

fn shown(bar: &market_data::Bar, size: BarSize) -> Bar {
    let prices = bar.prices();
    let is_dated = !matches!(size, BarSize::Seconds(_));
    Bar {
        second: second(bar.start()),
        date: is_dated.then(|| bar.start().to_utc().date()),
        open: prices.open.as_decimal(),
        high: prices.high.as_decimal(),
        low: prices.low.as_decimal(),
        close: prices.close.as_decimal(),
        volume: bar.volume(),
        count: 1,
    }
}

const fn length(size: BarSize) -> i64 {
    match size {
        BarSize::Seconds(count) => count,
        BarSize::Day => DAY,
        BarSize::Week => 7 * DAY,
        BarSize::Month => 30 * DAY,
    }
}

const fn seconds(span: Span) -> i64 {
    match span {
        Span::Seconds(count) => count,
        Span::Days(count) => count.saturating_mul(DAY),
        Span::Weeks(count) => count.saturating_mul(7 * DAY),
        Span::Months(count) => count.saturating_mul(31 * DAY),
        Span::Years(count) => count.saturating_mul(366 * DAY),
    }
}

const fn second(at: Timestamp) -> i64 {
    at.nanos().div_euclid(1_000_000_000)
}
