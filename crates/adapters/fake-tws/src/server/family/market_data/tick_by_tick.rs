//! Tick-by-tick: every trade, every quote, or every middle, after so many of the past as were asked for.
//!
//! Left out: how the past is made, which is that of history.

use super::{contract_of, count_all, duplicate, market_name, security_type, size_text, unknown};
use crate::server::board::{Face, FaceKey, double};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::history::past_ticks;
use crate::server::outbox::Outbox;
use crate::server::session::SessionId;
use crate::server::world::World;
use crate::wire::proto::{
    CancelTickByTick, HistoricalTick, HistoricalTickBidAsk, HistoricalTickLast, TickAttribBidAsk,
    TickAttribLast, TickByTickData, TickByTickRequest,
};
use tradeport_contracts::Contract;
use tradeport_fake_broker::house::Print;
use tradeport_market_data::Quote;

/// So many of the past are given at most.
const MOST_PAST: i32 = 1_000;

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Last,
    AllLast,
    BidAsk,
    MidPoint,
}

impl What {
    /// By its name, whose capitals matter.
    fn parse(name: &str) -> Option<Self> {
        [Self::Last, Self::AllLast, Self::BidAsk, Self::MidPoint].into_iter().find(|it| it.name() == name)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Last => "Last",
            Self::AllLast => "AllLast",
            Self::BidAsk => "BidAsk",
            Self::MidPoint => "MidPoint",
        }
    }

    const fn number(self) -> i32 {
        match self {
            Self::Last => 1,
            Self::AllLast => 2,
            Self::BidAsk => 3,
            Self::MidPoint => 4,
        }
    }

    const fn is_trades(self) -> bool {
        matches!(self, Self::Last | Self::AllLast)
    }
}

/// One stream.
#[derive(Debug)]
pub(crate) struct Stream {
    id: i32,
    key: FaceKey,
    what: What,
    ignores_size: bool,
    last_second: i64,
    last_quote: Option<Quote>,
}

impl Stream {
    /// Tells what has happened since the last time.
    pub(super) fn tell(&mut self, world: &mut World, outbox: &mut Outbox, to: SessionId) {
        let Some(face) = world.face(self.key) else { return };
        if !face.is_open {
            return;
        }
        if self.what.is_trades() {
            if face.last.second > self.last_second {
                self.last_second = face.last.second;
                let tick = last_tick(&face.last);
                outbox.say(to, self.message(Some(tick), None, None));
            }
            return;
        }
        let Some(quote) = face.quote.filter(|quote| self.is_new(quote)) else { return };
        self.last_quote = Some(quote);
        let second = face.at.nanos().div_euclid(1_000_000_000);
        let answer = if self.what == What::BidAsk {
            self.message(None, Some(bid_ask_tick(face, second)), None)
        } else {
            self.message(None, None, mid_tick(&quote, second))
        };
        outbox.say(to, answer);
    }

    fn is_new(&self, quote: &Quote) -> bool {
        let Some(before) = self.last_quote else { return true };
        match self.what {
            What::MidPoint => before.mid() != quote.mid(),
            _ if self.ignores_size => {
                let prices = |it: &Quote| [it.bid(), it.ask()].map(|side| side.map(|level| level.price()));
                prices(&before) != prices(quote)
            }
            _ => (before.bid(), before.ask()) != (quote.bid(), quote.ask()),
        }
    }

    fn message(
        &self,
        last: Option<HistoricalTickLast>,
        bid_ask: Option<HistoricalTickBidAsk>,
        middle: Option<HistoricalTick>,
    ) -> TickByTickData {
        TickByTickData {
            req_id: Some(self.id),
            tick_type: Some(self.what.number()),
            historical_tick_last: last,
            historical_tick_bid_ask: bid_ask,
            historical_tick_mid_point: middle,
        }
    }
}

/// A trade as ticks tell it.
pub(crate) fn last_tick(print: &Print) -> HistoricalTickLast {
    HistoricalTickLast {
        time: Some(print.second),
        tick_attrib_last: Some(TickAttribLast { past_limit: Some(false), unreported: Some(false) }),
        price: Some(double(print.price)),
        size: Some(size_text(print.size, false)),
        exchange: Some("NASDAQ".to_owned()),
        special_conditions: Some(String::new()),
    }
}

fn bid_ask_tick(face: &Face, second: i64) -> HistoricalTickBidAsk {
    HistoricalTickBidAsk {
        time: Some(second),
        tick_attrib_bid_ask: Some(TickAttribBidAsk { bid_past_low: Some(false), ask_past_high: Some(false) }),
        price_bid: Some(face.bid.price),
        price_ask: Some(face.ask.price),
        size_bid: Some(size_text(face.bid.size, false)),
        size_ask: Some(size_text(face.ask.size, false)),
    }
}

fn mid_tick(quote: &Quote, second: i64) -> Option<HistoricalTick> {
    let price = double(quote.mid()?.as_decimal());
    Some(HistoricalTick { time: Some(second), price: Some(price), size: Some("0".to_owned()) })
}

/// Begins a stream.
pub(crate) fn request(context: &mut Context<'_>, request: &TickByTickRequest) {
    let id = request.req_id.unwrap_or_default();
    let is_known = context.kept().is_some_and(|kept| kept.market_data.tick_by_tick.contains_key(&id));
    if is_known {
        return duplicate(context, id);
    }
    let Some(what) = request.tick_type.as_deref().and_then(What::parse) else {
        let text = "Error validating request.-'bP' : cause - Incorrect tick-by-tick type";
        return context.refuse(ApiError::about(id, Code::BadRequest, text));
    };
    let past = request.number_of_ticks.unwrap_or_default();
    if !(0..=MOST_PAST).contains(&past) {
        let text = "Error validating request.-'bP' : cause - Please enter a number of ticks from 0 to 1000";
        return context.refuse(ApiError::about(id, Code::BadRequest, text));
    }
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    if is_refused(context, id, &contract, what) {
        return;
    }
    let Some(key) = context.world.look(&contract, false) else { return };
    let now = context.world.now();
    context.shared.market_data.tick_by_tick.insert((context.id, contract.id(), what), now);
    let last_second = now.nanos().div_euclid(1_000_000_000);
    let ignores_size = request.ignore_size.unwrap_or_default();
    let stream = Stream { id, key, what, ignores_size, last_second, last_quote: None };
    if past > 0 {
        prefill(context, &stream, &contract, past);
    }
    if let Some(kept) = context.kept() {
        kept.market_data.tick_by_tick.insert(id, stream);
    }
}

/// So many of the past, in the order in which they happened, as an answer of history.
fn prefill(context: &mut Context<'_>, stream: &Stream, contract: &Contract, past: i32) {
    let count = usize::try_from(past).unwrap_or(0);
    let answer = match stream.what {
        What::Last | What::AllLast => past_ticks::trades_until_now(context.world, contract, stream.id, count),
        What::BidAsk => past_ticks::quotes_until_now(context.world, contract, stream.id, count),
        What::MidPoint => past_ticks::middles_until_now(context.world, contract, stream.id, count),
    };
    if let Some(answer) = answer {
        context.say(answer);
    }
}

/// May it not be? Then whoever asks is told.
fn is_refused(context: &mut Context<'_>, id: i32, contract: &Contract, what: What) -> bool {
    let limits = context.settings.limits;
    let error = if !context.settings.permissions.allow(contract) {
        let market = market_name(contract);
        let text = format!("Failed to request tick-by-tick data.No market data permissions for {market}");
        Some((Code::NoTickByTick, text))
    } else if is_without(contract, what) {
        let (kind, what) = (security_type(contract), what.name());
        let text = format!(
            "Failed to request tick-by-tick data.{what} tick-by-tick data is not available for {kind}"
        );
        Some((Code::NoTickByTick, text))
    } else if count_all(context, |kept| kept.tick_by_tick.len()) >= limits.tick_by_tick() {
        Some((Code::TooMuchTickByTick, "Max number of tick-by-tick requests has been reached".to_owned()))
    } else if is_too_soon(context, contract, what) {
        let text = "Only one tick-by-tick request for the same instrument in 15 seconds is allowed";
        Some((Code::TooMuchTickByTick, text.to_owned()))
    } else {
        None
    };
    let Some((code, text)) = error else { return false };
    context.refuse(ApiError::about(id, code, text));
    true
}

/// Indices and options have none; pairs have no trades.
fn is_without(contract: &Contract, what: What) -> bool {
    match security_type(contract) {
        "IND" | "OPT" | "FOP" | "BAG" => true,
        "CASH" => what.is_trades(),
        _ => false,
    }
}

/// Has the same connection asked for the same a moment ago? The kinds of ticks of a contract may be asked for one after
/// the other.
fn is_too_soon(context: &mut Context<'_>, contract: &Contract, what: What) -> bool {
    let (now, gap) = (context.world.now(), context.settings.limits.tick_by_tick_gap);
    let asked = &mut context.shared.market_data.tick_by_tick;
    asked.retain(|_, at| now.since(*at) < gap);
    asked.contains_key(&(context.id, contract.id(), what))
}

/// Ends a stream.
pub(crate) fn cancel(context: &mut Context<'_>, request: &CancelTickByTick) {
    let id = request.req_id.unwrap_or_default();
    let found = context.kept().and_then(|kept| kept.market_data.tick_by_tick.remove(&id));
    if found.is_none() {
        unknown(context, id, Code::NoSubscription);
    }
}
