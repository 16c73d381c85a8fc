//! Ticks of the past: trades, quotes or middles, up to a thousand from a moment on, or up to one, of one day of trading.
//! Who asks for none gets as many as there may be.
//!
//! Trades are those of the tape, one a second; quotes and middles are those of every tick of the market. The last second
//! is always whole, so that a few more may come than were asked for.

use super::is_in_pace;
use super::show::Show;
use super::when::{BAD_DATE_TIME, parse};
use crate::server::board::double;
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::market_data::tick_by_tick::last_tick;
use crate::server::family::market_data::{contract_of, market_name, size_text};
use crate::server::limits::Ask;
use crate::server::market_hours::{Day, MarketHours};
use crate::server::world::World;
use crate::wire::Answer;
use crate::wire::proto::{
    CancelHistoricalTicks, HistoricalTick, HistoricalTickBidAsk, HistoricalTicks, HistoricalTicksBidAsk,
    HistoricalTicksLast, HistoricalTicksRequest, TickAttribBidAsk,
};
use time::Duration;
use tradeport_contracts::Contract;
use tradeport_fake_broker::house::{TICK, Tape};
use tradeport_kernel::Timestamp;
use tradeport_market_data::{Level, Quote};

/// So many are given for one request.
const MOST: usize = 1_000;
/// After a moment without trading the next day is looked for so far.
const MOST_DAYS_AHEAD: i64 = 15;

/// Which ticks.
#[derive(Clone, Copy, Debug)]
enum Where {
    From(i64),
    Until(i64),
}

/// Seconds of one day of trading.
struct Seconds {
    day: Option<Day>,
    place: Where,
}

impl Seconds {
    fn of(hours: &MarketHours, place: Where, now: i64, regular: bool) -> Self {
        let day = match place {
            Where::Until(end) => hours.day_at(end - 1, regular).and_then(|day| day.until(end.min(now))),
            Where::From(start) => {
                let first = hours.local_day(start);
                let days =
                    hours.days(first - Duration::days(1), first + Duration::days(MOST_DAYS_AHEAD), regular);
                days.iter().find_map(|day| day.within(start, now))
            }
        };
        Self { day, place }
    }

    /// In the order in which they are looked at: from the moment away.
    fn away(&self) -> Box<dyn Iterator<Item = i64> + '_> {
        let stretches = self.day.iter().flat_map(|day| day.stretches.iter().copied());
        match self.place {
            Where::From(_) => Box::new(stretches.flat_map(|(open, close)| open..close)),
            Where::Until(_) => {
                let backwards: Vec<_> = stretches.collect();
                Box::new(backwards.into_iter().rev().flat_map(|(open, close)| (open..close).rev()))
            }
        }
    }

    /// Looks at second after second until so many ticks were found, and brings them in the order of time.
    fn collect<T>(&self, count: usize, mut of: impl FnMut(i64) -> Vec<T>) -> Vec<T> {
        let mut found: Vec<Vec<T>> = Vec::new();
        let mut ticks = 0;
        // A second in which nothing changed has no ticks: looking on for ever would not help.
        for second in self.away().take(MOST.saturating_mul(4)) {
            if ticks >= count {
                break;
            }
            let some = of(second);
            ticks += some.len();
            found.push(some);
        }
        if matches!(self.place, Where::Until(_)) {
            found.reverse();
        }
        found.into_iter().flatten().collect()
    }
}

/// The quotes of a second that differ from the one before.
fn quotes_of(tape: &Tape, second: i64, same: impl Fn(&Quote, &Quote) -> bool) -> Vec<Quote> {
    let start = Timestamp::from_seconds(second);
    let mut before = tape.quote(start.before(TICK));
    let mut found = Vec::new();
    for number in 0..4 {
        let Some(quote) = tape.quote(start.after(TICK * number)) else { continue };
        if before.as_ref().is_none_or(|before| !same(before, &quote)) {
            found.push(quote);
        }
        before = Some(quote);
    }
    found
}

fn quote_tick(quote: &Quote) -> HistoricalTickBidAsk {
    let price = |level: Option<Level>| level.map_or(-1.0, |level| double(level.price().as_decimal()));
    let size = |level: Option<Level>| {
        let size = level.and_then(|level| level.size()).map(|size| size.as_decimal());
        size_text(size.unwrap_or_default(), false)
    };
    HistoricalTickBidAsk {
        time: Some(quote.at().nanos().div_euclid(1_000_000_000)),
        tick_attrib_bid_ask: Some(TickAttribBidAsk { bid_past_low: Some(false), ask_past_high: Some(false) }),
        price_bid: Some(price(quote.bid())),
        price_ask: Some(price(quote.ask())),
        size_bid: Some(size(quote.bid())),
        size_ask: Some(size(quote.ask())),
    }
}

fn middle_tick(quote: &Quote) -> Option<HistoricalTick> {
    Some(HistoricalTick {
        time: Some(quote.at().nanos().div_euclid(1_000_000_000)),
        price: Some(double(quote.mid()?.as_decimal())),
        size: Some("0".to_owned()),
    })
}

fn trades(tape: &Tape, seconds: &Seconds, id: i32, count: usize) -> Answer {
    let ticks = seconds.collect(count, |second| vec![last_tick(&tape.print(second))]);
    HistoricalTicksLast { req_id: Some(id), historical_ticks_last: ticks, is_done: Some(true) }.into()
}

fn quotes(tape: &Tape, seconds: &Seconds, id: i32, count: usize, ignores_size: bool) -> Answer {
    let prices = |it: &Quote| [it.bid(), it.ask()].map(|side| side.map(|level| level.price()));
    let same = |one: &Quote, other: &Quote| {
        if ignores_size {
            prices(one) == prices(other)
        } else {
            (one.bid(), one.ask()) == (other.bid(), other.ask())
        }
    };
    let ticks = seconds
        .collect(count, |second| quotes_of(tape, second, same).iter().map(quote_tick).collect::<Vec<_>>());
    HistoricalTicksBidAsk { req_id: Some(id), historical_ticks_bid_ask: ticks, is_done: Some(true) }.into()
}

fn middles(tape: &Tape, seconds: &Seconds, id: i32, count: usize) -> Answer {
    let same = |one: &Quote, other: &Quote| one.mid() == other.mid();
    let ticks = seconds.collect(count, |second| {
        quotes_of(tape, second, same).iter().filter_map(middle_tick).collect::<Vec<_>>()
    });
    HistoricalTicks { req_id: Some(id), historical_ticks: ticks, is_done: Some(true) }.into()
}

fn until_now(world: &World, contract: &Contract) -> Option<(Tape, Seconds)> {
    let now = world.now().nanos().div_euclid(1_000_000_000);
    let hours = MarketHours::of(contract, world.hours());
    Some((world.tape(contract)?, Seconds::of(&hours, Where::Until(now), now, false)))
}

/// The last trades, for a stream that begins with the past.
pub(crate) fn trades_until_now(world: &World, contract: &Contract, id: i32, count: usize) -> Option<Answer> {
    let (tape, seconds) = until_now(world, contract)?;
    Some(trades(&tape, &seconds, id, count))
}

/// The last quotes, for a stream that begins with the past.
pub(crate) fn quotes_until_now(world: &World, contract: &Contract, id: i32, count: usize) -> Option<Answer> {
    let (tape, seconds) = until_now(world, contract)?;
    Some(quotes(&tape, &seconds, id, count, false))
}

/// The last middles, for a stream that begins with the past.
pub(crate) fn middles_until_now(world: &World, contract: &Contract, id: i32, count: usize) -> Option<Answer> {
    let (tape, seconds) = until_now(world, contract)?;
    Some(middles(&tape, &seconds, id, count))
}

/// Gives ticks of the past.
pub(crate) fn request(context: &mut Context<'_>, request: &HistoricalTicksRequest) {
    let id = request.req_id.unwrap_or_default();
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    let now = context.world.now().nanos().div_euclid(1_000_000_000);
    let Some(place) = place_of(context, request, now) else { return };
    let asked = request.what_to_show.as_deref().unwrap_or_default();
    let show = Show::parse(asked).filter(|it| matches!(it, Show::Trades | Show::BidAsk | Show::MidPoint));
    let Some(show) = show else {
        return refuse(context, id, "Please enter TRADES, BID_ASK or MIDPOINT as what to show");
    };
    let asked_for = request.number_of_ticks.unwrap_or_default();
    let Some(count) = usize::try_from(asked_for).ok().filter(|count| *count <= MOST) else {
        return refuse(context, id, "Number of ticks must be from 0 to 1000");
    };
    let count = if count == 0 { MOST } else { count };
    if !context.settings.permissions.allow(&contract) {
        let text = format!(
            "Failed to request historical ticks:No market data permissions for {}",
            market_name(&contract)
        );
        return context.refuse(ApiError::about(id, Code::NoHistoricalTicks, text));
    }
    if !show.is_of(&contract) {
        let text =
            format!("Failed to request historical ticks:No {asked} data for {}", market_name(&contract));
        return context.refuse(ApiError::about(id, Code::NoHistoricalTicks, text));
    }
    let series = format!("{} ticks {asked}", contract.id().number());
    let asked_by = context.id.0;
    let whole =
        format!("{series} {place:?} {count} {:?} {:?} {asked_by}", request.use_rth, request.ignore_size);
    if !is_in_pace(context, &Ask { series, whole, is_bid_ask: show == Show::BidAsk }) {
        let text = "Invalid Real-time Query:Historical data request pacing violation";
        return context.refuse(ApiError::about(id, Code::RealTimeQuery, text));
    }
    let Some(tape) = context.world.tape(&contract) else {
        return super::refuse_empty(context, id, &contract, show);
    };
    let hours = MarketHours::of(&contract, context.world.hours());
    let seconds = Seconds::of(&hours, place, now, request.use_rth.unwrap_or_default());
    let answer = match show {
        Show::BidAsk => quotes(&tape, &seconds, id, count, request.ignore_size.unwrap_or_default()),
        Show::MidPoint => middles(&tape, &seconds, id, count),
        _ => trades(&tape, &seconds, id, count),
    };
    context.say(answer);
}

/// From where: the start, if one is given, whatever the end; else the end.
fn place_of(context: &mut Context<'_>, request: &HistoricalTicksRequest, now: i64) -> Option<Where> {
    let id = request.req_id.unwrap_or_default();
    let said = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let (start, end) = (said(&request.start_date_time), said(&request.end_date_time));
    let (text, is_start) = match (start, end) {
        (Some(start), _) => (start, true),
        (None, Some(end)) => (end, false),
        (None, None) => {
            refuse(context, id, "Please specify a start date/time or an end date/time");
            return None;
        }
    };
    let Some(second) = parse(&text, now) else {
        let side = if is_start { "Start" } else { "End" };
        context.refuse(ApiError::about(id, Code::BadDateTime, format!("{side} Date/Time: {BAD_DATE_TIME}")));
        return None;
    };
    Some(if is_start { Where::From(second) } else { Where::Until(second) })
}

fn refuse(context: &mut Context<'_>, id: i32, cause: &str) {
    let text = format!("Error validating request.-'ch' : cause - {cause}");
    context.refuse(ApiError::about(id, Code::BadRequest, text));
}

/// Each is answered at once, so there is nothing left to cancel.
pub(crate) fn cancel(context: &mut Context<'_>, request: &CancelHistoricalTicks) {
    tracing::debug!(session = context.id.0, request = request.req_id, "answered ticks are cancelled");
}
