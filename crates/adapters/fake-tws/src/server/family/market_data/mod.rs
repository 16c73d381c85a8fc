//! Market data: streams of quotes, tick-by-tick, depth and bars of five seconds, and who may have how many of them.
//!
//! | requests | module |
//! | --- | --- |
//! | quotes, snapshots, generic ticks (1, 2, 59) | [`lines`], [`ticks`], [`generic`] |
//! | tick-by-tick (97, 98) | [`tick_by_tick`] |
//! | depth (10, 11) | [`depth`] |
//! | bars of five seconds (50, 51) | [`bars`] |
//! | what an option is worth (54 to 57) | [`options`] |
//!
//! Left out: what contracts cost and show (the world), and history.

pub(crate) mod bars;
mod broad_tape;
pub(crate) mod depth;
mod generic;
pub(crate) mod lines;
pub(crate) mod options;
pub(crate) mod tick_by_tick;
mod ticks;

use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::lookup;
use crate::server::outbox::Outbox;
use crate::server::permissions::exchange_of;
use crate::server::session::{Session, SessionId};
use crate::server::world::World;
use crate::translate::number;
use crate::wire::proto;
use std::collections::BTreeMap;
use tradeport_contracts::{Contract, ContractId, InstrumentKind};
use tradeport_kernel::{Decimal, Timestamp};

/// What is kept of one connection.
#[derive(Debug, Default)]
pub(crate) struct KeptMarketData {
    /// The kind that it asked for: 1 live, 2 frozen, 3 delayed, 4 delayed and frozen.
    kind: Option<i32>,
    /// When it was given a regulatory snapshot last.
    last_regulatory: Option<Timestamp>,
    lines: BTreeMap<i32, lines::Line>,
    tapes: BTreeMap<i32, broad_tape::BroadTape>,
    tick_by_tick: BTreeMap<i32, tick_by_tick::Stream>,
    depth: BTreeMap<i32, depth::Book>,
    bars: BTreeMap<i32, bars::Stream>,
}

/// What is kept for all connections.
#[derive(Debug, Default)]
pub(crate) struct SharedMarketData {
    /// When tick-by-tick data of a contract was asked for last, by its kind.
    tick_by_tick: BTreeMap<(SessionId, ContractId, tick_by_tick::What), Timestamp>,
}

impl KeptMarketData {
    /// The ids of all streams, in order.
    pub(crate) fn ids(&self) -> Vec<i32> {
        let quotes = self.lines.keys().chain(self.tick_by_tick.keys());
        quotes.chain(self.depth.keys()).chain(self.bars.keys()).copied().collect()
    }

    /// Ends all streams without a word.
    pub(crate) fn lose(&mut self) {
        *self = Self { kind: self.kind, ..Self::default() };
    }

    fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.tapes.is_empty()
            && self.tick_by_tick.is_empty()
            && self.depth.is_empty()
            && self.bars.is_empty()
    }
}

/// When the streams want to be called again.
pub(crate) fn next_wake(sessions: &BTreeMap<SessionId, Session>, world: &World) -> Option<Timestamp> {
    world.next_turn(is_watched(sessions))
}

/// Does anybody have a stream?
pub(crate) fn is_watched(sessions: &BTreeMap<SessionId, Session>) -> bool {
    sessions.values().any(|session| !session.kept.market_data.is_empty())
}

/// Tells every stream what is new, once in a tick of the market and when a script has published.
pub(crate) fn on_time(sessions: &mut BTreeMap<SessionId, Session>, world: &mut World, outbox: &mut Outbox) {
    if !world.turn() {
        return;
    }
    for (id, session) in sessions.iter_mut() {
        let kept = &mut session.kept.market_data;
        kept.lines.values_mut().for_each(|line| line.tell(world, outbox, *id));
        kept.tapes.values_mut().for_each(|tape| tape.tell(world, outbox, *id));
        kept.tick_by_tick.values_mut().for_each(|stream| stream.tell(world, outbox, *id));
        kept.depth.values_mut().for_each(|book| book.tell(world, outbox, *id));
        kept.bars.values_mut().for_each(|stream| stream.tell(world, outbox, *id));
    }
    world.settle();
}

/// The contract that a request is about; if there is none, whoever asks is told.
pub(crate) fn contract_of(
    context: &mut Context<'_>,
    id: i32,
    contract: Option<&proto::Contract>,
) -> Option<Contract> {
    let nothing = proto::Contract::default();
    match lookup::resolve_one(context.world, id, contract.unwrap_or(&nothing)) {
        Ok(found) => Some(found),
        Err(error) => {
            context.refuse(error);
            None
        }
    }
}

/// `NASDAQ STK`, as errors about permissions name a contract.
pub(crate) fn market_name(contract: &Contract) -> String {
    format!("{} {}", exchange_of(contract), security_type(contract))
}

/// The kind of a contract in the API's letters.
pub(crate) fn security_type(contract: &Contract) -> &'static str {
    contract.instrument().kind().and_then(crate::translate::contract::security_type).unwrap_or("BAG")
}

/// Is it a share that sizes were once told of in hundreds?
pub(crate) fn is_us_share(contract: &Contract) -> bool {
    contract.instrument().kind() == Some(InstrumentKind::Stock)
        && contract.currency() == tradeport_kernel::Currency::USD
}

/// A size as the API tells it; in hundreds where the version wants that.
pub(crate) fn size_text(size: Decimal, in_hundreds: bool) -> String {
    let mut text = String::new();
    number::push(&mut text, shown_size(size, in_hundreds));
    text
}

/// A size as the API counts it.
fn shown_size(size: Decimal, in_hundreds: bool) -> Decimal {
    if in_hundreds { (size / Decimal::ONE_HUNDRED).trunc() } else { size }
}

/// That an id is in use.
fn duplicate(context: &mut Context<'_>, id: i32) {
    let text = "Error processing request.-'bT' : cause - Duplicate ticker id";
    context.refuse(ApiError::about(id, Code::Processing, text));
}

/// That no stream has the id that is to be ended.
fn unknown(context: &mut Context<'_>, id: i32, code: Code) {
    let text = match code {
        Code::NoDepthSubscription => format!("Can't find the subscribed market depth with tickerId:{id}"),
        _ => format!("Can't find EId with tickerId:{id}"),
    };
    context.refuse(ApiError::about(id, code, text));
}

/// How many streams of a kind all connections have together.
fn count_all(context: &Context<'_>, count: impl Fn(&KeptMarketData) -> usize) -> usize {
    context.sessions.values().map(|session| count(&session.kept.market_data)).sum()
}

/// Are all lines taken? If so, whoever asks is told.
fn has_no_line(context: &mut Context<'_>, id: i32) -> bool {
    let taken = count_all(context, |kept| kept.lines.len() + kept.tapes.len() + kept.bars.len());
    let is_full = taken >= context.settings.limits.market_data_lines;
    if is_full {
        let text = "Max number of tickers has been reached";
        context.refuse(ApiError::about(id, Code::TooManyLines, text));
    }
    is_full
}

#[cfg(test)]
mod tests;
