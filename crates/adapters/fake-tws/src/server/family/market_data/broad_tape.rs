//! Broad tapes: the headlines of one provider about every company, as market data of a contract of kind `NEWS`.
//!
//! A tape begins with the newest headline that there is. Left out: tapes of a part of a provider's news, which are all of
//! them here.

use super::has_no_line;
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::news::{self, streamed};
use crate::server::outbox::Outbox;
use crate::server::session::SessionId;
use crate::server::world::World;
use crate::wire::proto;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::{Currency, Timestamp};

/// One tape.
#[derive(Debug)]
pub(crate) struct BroadTape {
    id: i32,
    provider: &'static str,
    about: Vec<Contract>,
    told_until: Timestamp,
    /// When the next story comes about any of them, whoever tells it.
    next: Option<Timestamp>,
}

fn next_after(seed: u64, about: &[Contract], after: Timestamp) -> Option<Timestamp> {
    about.iter().filter_map(|it| streamed::next_headline_after(seed, it, after)).min()
}

/// Is this a request for a tape?
pub(super) fn is_meant(contract: Option<&proto::Contract>) -> bool {
    contract.and_then(|it| it.sec_type.as_deref()) == Some("NEWS")
}

/// Begins a tape. Errors: 200 for a provider that there is not.
pub(super) fn begin(context: &mut Context<'_>, id: i32, contract: Option<&proto::Contract>) {
    let named = contract.and_then(|it| it.exchange.as_deref()).unwrap_or_default();
    let Some(provider) = news::provider(named) else {
        let text = "No security definition has been found for the request";
        return context.refuse(ApiError::about(id, Code::NoContract, text));
    };
    if has_no_line(context, id) {
        return;
    }
    let (seed, now) = (context.settings.seed, context.world.now());
    let is_company = |it: &Contract| {
        it.instrument().kind() == Some(InstrumentKind::Stock) && it.currency() == Currency::USD
    };
    let about: Vec<Contract> = context.world.catalog().quoted().filter(is_company).collect();
    let stories = about.iter().flat_map(|it| streamed::latest(seed, it, &[provider], now));
    if let Some(newest) = stories.max_by_key(|story| story.at) {
        context.say(newest.tick(id));
    }
    if let Some(kept) = context.kept() {
        let next = next_after(seed, &about, now);
        kept.market_data.tapes.insert(id, BroadTape { id, provider, about, told_until: now, next });
    }
}

impl BroadTape {
    /// Tells the headlines that have come since the last time.
    pub(super) fn tell(&mut self, world: &World, outbox: &mut Outbox, to: SessionId) {
        let (seed, from, now) = (world.seed(), self.told_until, world.now());
        if self.next.is_none_or(|next| next > now) {
            return;
        }
        (self.told_until, self.next) = (now, next_after(seed, &self.about, now));
        let stories = self.about.iter().flat_map(|it| streamed::headlines_between(seed, it, from, now));
        let mut stories: Vec<_> = stories.filter(|story| story.provider == self.provider).collect();
        stories.sort_by_key(|story| story.at);
        for story in stories {
            outbox.say(to, story.tick(self.id));
        }
    }
}
