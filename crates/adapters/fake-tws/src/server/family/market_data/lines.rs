//! Lines: streams and snapshots of quotes.
//!
//! A stream begins with the kind of its data and with its parameters, then with everything that is known; after that it
//! tells what has changed. A snapshot is the beginning alone, and its end.

use super::broad_tape;
use super::generic::{self, Wanted};
use super::ticks::{Sent, Teller};
use super::{KeptMarketData, contract_of, duplicate, has_no_line, is_us_share, security_type, unknown};
use crate::server::board::{Face, FaceKey};
use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::server::family::news::streamed;
use crate::server::lookup::venues::bbo_exchange;
use crate::server::outbox::Outbox;
use crate::server::session::SessionId;
use crate::server::world::World;
use crate::wire::proto::{
    CancelMarketData, MarketDataRequest, MarketDataType, MarketDataTypeRequest, TickReqParams,
    TickSnapshotEnd,
};
use tradeport_contracts::Contract;
use tradeport_kernel::{Decimal, Timestamp};

/// Live sizes were in hundreds of US shares before this version.
const SIZES_IN_SHARES: i32 = 159;
/// And volumes before this one.
const VOLUMES_IN_SHARES: i32 = 220;
/// From here on a stream's parameters have the precision of its prices and sizes.
const PRECISION: i32 = 224;

/// Last prices and sizes are told in steps of this.
const PRECISE: &str = "0.000001";

/// Between two regulatory snapshots.
const REGULATORY_GAP: std::time::Duration = std::time::Duration::from_secs(1);

const LIVE: i32 = 1;
const FROZEN: i32 = 2;
const DELAYED: i32 = 3;
const DELAYED_FROZEN: i32 = 4;

/// One stream of quotes.
#[derive(Debug)]
pub(crate) struct Line {
    key: FaceKey,
    teller: Teller,
    wanted: Wanted,
    sent: Sent,
    headlines: Option<Headlines>,
}

/// The headlines that a stream tells as they come.
#[derive(Debug)]
struct Headlines {
    seed: u64,
    told_until: Timestamp,
    next: Option<Timestamp>,
}

impl Line {
    /// Tells what has changed since the last time.
    pub(super) fn tell(&mut self, world: &mut World, outbox: &mut Outbox, to: SessionId) {
        let Some(face) = world.face(self.key) else { return };
        let traded = self.sent.tell(face, &self.teller, &self.wanted, outbox, to);
        if traded && !self.wanted.is_empty() {
            generic::tell_trade(&self.wanted, face, &self.teller, outbox, to);
        }
        let now = world.now();
        let is_due = self.headlines.as_ref().and_then(|it| it.next).is_some_and(|next| next <= now);
        if is_due {
            self.tell_headlines(world, outbox, to);
        }
    }

    fn tell_headlines(&mut self, world: &mut World, outbox: &mut Outbox, to: SessionId) {
        let now = world.now();
        let (Some(from), Some(headlines)) = (self.wanted.news_from(), &mut self.headlines) else { return };
        let Some(contract) = world.face(self.key).map(Face::contract) else { return };
        for story in streamed::headlines_between(headlines.seed, contract, headlines.told_until, now) {
            if from.is_empty() || from.contains(&story.provider) {
                outbox.say(to, story.tick(self.teller.id));
            }
        }
        headlines.told_until = now;
        headlines.next = streamed::next_headline_after(headlines.seed, contract, now);
    }
}

/// The kind of data that a client wants from now on.
pub(crate) fn kind(context: &mut Context<'_>, request: &MarketDataTypeRequest) {
    let kind = request.market_data_type.unwrap_or(LIVE);
    if !(LIVE..=DELAYED_FROZEN).contains(&kind) {
        let text = format!("Error validating request.-'cd' : cause - Invalid market data type:{kind}");
        return context.refuse(ApiError::about(NO_REQUEST, Code::BadRequest, text));
    }
    if let Some(kept) = context.kept() {
        kept.market_data.kind = Some(kind);
    }
}

/// Begins a stream, or gives a snapshot.
pub(crate) fn request(context: &mut Context<'_>, request: &MarketDataRequest) {
    let id = request.req_id.unwrap_or_default();
    let is_used = |kept: &KeptMarketData| kept.lines.contains_key(&id) || kept.tapes.contains_key(&id);
    if context.kept().is_some_and(|kept| is_used(&kept.market_data)) {
        return duplicate(context, id);
    }
    if broad_tape::is_meant(request.contract.as_ref()) {
        return broad_tape::begin(context, id, request.contract.as_ref());
    }
    let is_snapshot = request.snapshot.unwrap_or_default() || request.regulatory_snapshot.unwrap_or_default();
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    let list = request.generic_tick_list.as_deref().unwrap_or_default();
    let mut wanted = match Wanted::parse(list, &contract, context.version) {
        Ok(wanted) => wanted,
        Err(text) => return context.refuse(ApiError::about(id, Code::BadRequest, text)),
    };
    if is_snapshot && !wanted.is_empty() {
        let text = "Error validating request.-'bQ' : cause - Snapshot market data subscription is not \
                    applicable to generic ticks";
        return context.refuse(ApiError::about(id, Code::BadRequest, text));
    }
    let is_regulatory = request.regulatory_snapshot.unwrap_or_default();
    if has_no_line(context, id) || is_regulatory && refuses_regulatory(context, id, &contract) {
        return;
    }
    // A regulatory snapshot is paid for one by one, and needs no subscription.
    let kind = if is_regulatory { Some(LIVE) } else { kind_of(context, id, &contract) };
    let Some(kind) = kind else { return };
    let is_delayed = kind >= DELAYED;
    let Some(key) = context.world.look(&contract, is_delayed) else {
        let text = "No security definition has been found for the request";
        return context.refuse(ApiError::about(id, Code::NoContract, text));
    };
    let is_delayed_stream = is_delayed && !is_snapshot && !wanted.is_off();
    introduce(context, id, &contract, kind, is_delayed_stream);
    if is_delayed && wanted.keep_delayed() {
        let text = "Part of requested market data is not subscribed. Subscription-independent ticks are still \
                    active.Delayed market data is available.";
        context.refuse(ApiError::about(id, Code::PartlySubscribed, text));
    }
    begin(context, id, key, wanted, is_snapshot);
}

/// What comes before the first tick: the kind of the data and the parameters; of a delayed stream of quotes the other way
/// round, and then why it is delayed.
fn introduce(context: &mut Context<'_>, id: i32, contract: &Contract, kind: i32, is_delayed_stream: bool) {
    let told = MarketDataType { req_id: Some(id), market_data_type: Some(kind) };
    if !is_delayed_stream {
        context.say(told);
        return parameters(context, id, contract);
    }
    parameters(context, id, contract);
    context.say(told);
    let text = "Requested market data is not subscribed. Displaying delayed market data.";
    context.refuse(ApiError::about(id, Code::DelayedInstead, text));
}

/// Regulatory snapshots are for what has a best price of the nation, and one a second is the most. Tells whether this one
/// was refused.
fn refuses_regulatory(context: &mut Context<'_>, id: i32, contract: &Contract) -> bool {
    if bbo_exchange(contract).is_empty() {
        let cause = "Regulatory snapshots are given for US stocks and options alone";
        context.refuse(ApiError::invalid(id, cause));
        return true;
    }
    let now = context.world.now();
    let Some(kept) = context.kept() else { return true };
    let last = kept.market_data.last_regulatory;
    if last.is_some_and(|last| now < last.after(REGULATORY_GAP)) {
        let text = "Error processing request.-'bQ' : cause - Only one regulatory snapshot a second is given";
        context.refuse(ApiError::about(id, Code::Processing, text));
        return true;
    }
    kept.market_data.last_regulatory = Some(now);
    false
}

/// Everything that is known, and then the stream or the snapshot's end.
fn begin(context: &mut Context<'_>, id: i32, key: FaceKey, wanted: Wanted, is_snapshot: bool) {
    let version = context.version;
    let Some(face) = context.world.face(key) else { return };
    let is_us_share = is_us_share(face.contract());
    let teller = Teller {
        id,
        is_delayed: key.is_delayed,
        sizes_in_hundreds: is_us_share && version < SIZES_IN_SHARES,
        volumes_in_hundreds: is_us_share && version < VOLUMES_IN_SHARES,
    };
    let mut sent = Sent::default();
    sent.tell(face, &teller, &wanted, context.outbox, context.id);
    generic::tell_all(&wanted, face, &teller, context.outbox, context.id);
    let contract = face.contract().clone();
    generic::tell_volatility(&wanted, &contract, context.world, &teller, context.outbox, context.id);
    let headlines = begin_headlines(context, id, &wanted, &contract);
    if is_snapshot {
        context.say(TickSnapshotEnd { req_id: Some(id) });
    } else if let Some(kept) = context.kept() {
        kept.market_data.lines.insert(id, Line { key, teller, wanted, sent, headlines });
    }
}

/// The newest headlines, for who wants them.
fn begin_headlines(
    context: &mut Context<'_>,
    id: i32,
    wanted: &Wanted,
    contract: &Contract,
) -> Option<Headlines> {
    let from = wanted.news_from()?;
    let (seed, now) = (context.settings.seed, context.world.now());
    for story in streamed::latest(seed, contract, &from, now) {
        context.say(story.tick(id));
    }
    let next = streamed::next_headline_after(seed, contract, now);
    Some(Headlines { seed, told_until: now, next })
}

/// The kind of data that a client gets: what it asked for, as far as it may have that. `None` when it gets none, which it
/// is told.
fn kind_of(context: &mut Context<'_>, id: i32, contract: &Contract) -> Option<i32> {
    let asked = context.kept().and_then(|kept| kept.market_data.kind).unwrap_or(LIVE);
    let is_open = contract.sessions().is_open(context.world.now());
    if context.settings.permissions.allow(contract) {
        let wants_frozen = matches!(asked, FROZEN | DELAYED_FROZEN);
        return Some(if wants_frozen && !is_open { FROZEN } else { LIVE });
    }
    if asked < DELAYED {
        let text = "Requested market data is not subscribed. Check API status by selecting the Account menu then \
                    under Management choose Market Data Subscription Manager and/or availability of delayed \
                    data.Delayed market data is available.";
        context.refuse(ApiError::about(id, Code::NoMarketData, text));
        return None;
    }
    Some(if asked == DELAYED_FROZEN && !is_open { DELAYED_FROZEN } else { DELAYED })
}

fn parameters(context: &mut Context<'_>, id: i32, contract: &Contract) {
    let step = contract.price_step();
    // Pairs are quoted in fifths of what orders for them step by.
    let is_pair = security_type(contract) == "CASH";
    let step = if is_pair { step / Decimal::from(5) } else { step };
    let step = step.normalize().to_string();
    let bbo = bbo_exchange(contract);
    let has_precision = context.version >= PRECISION;
    context.say(TickReqParams {
        req_id: Some(id),
        min_tick: Some(step),
        bbo_exchange: Some(bbo.to_owned()),
        snapshot_permissions: Some(if bbo.is_empty() { 0 } else { 3 }),
        last_price_precision: has_precision.then(|| PRECISE.to_owned()),
        last_size_precision: has_precision.then(|| PRECISE.to_owned()),
    });
}

/// Ends a stream.
pub(crate) fn cancel(context: &mut Context<'_>, request: &CancelMarketData) {
    let id = request.req_id.unwrap_or_default();
    let found = context.kept().is_some_and(|kept| {
        let kept = &mut kept.market_data;
        kept.lines.remove(&id).is_some() || kept.tapes.remove(&id).is_some()
    });
    if !found {
        unknown(context, id, Code::NoSubscription);
    }
}
