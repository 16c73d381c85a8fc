//! [`OptionFeed`]: what TWS computes of an option, from a line of market data.
//!
//! TWS computes while a line stands, and tells it with the quotes; its own snapshots often end before that. So a snapshot
//! takes a line, waits for the model, and lets the line go: whoever asks for many asks one after the other, and needs one
//! line of the hundred. Left out: computing anything here, and volatilities and prices that a user imagines.

use super::following::Reader;
use crate::broker::IbBroker;
use crate::directory::Known;
use crate::notices::Meaning;
use crate::session::{Lack, Session, Stream};
use crate::translate::computation_from_ib;
use async_trait::async_trait;
use futures::future::{Either, select};
use futures::{FutureExt, StreamExt};
use ibapi::market_data::realtime::TickTypes;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tradeport_connection::pacing::Class;
use tradeport_contracts::{CatalogError, InstrumentKind};
use tradeport_kernel::{Cause, Clock, Symbol, Timestamp};
use tradeport_market_data::{
    Following, OptionComputation, OptionComputations, OptionFeed, OptionFeedError, Told,
};

/// After the model's own price has come, what else belongs to it is waited for so long.
const REST: Duration = Duration::from_millis(500);

#[async_trait]
impl OptionFeed for IbBroker {
    async fn follow(&self, option: Symbol) -> Result<Following<OptionComputation>, OptionFeedError> {
        let session = self.session().map_err(unavailable)?;
        let known = self.option_of(&session, option).await?;
        let limit = self.inner.settings.waits().answer;
        let asked = || session.client.market_data(&known.wire).subscribe();
        let line = session.open(Class::MarketData, limit, asked).await;
        let own = Stream::placed(line.map_err(|lack| not_now(lack, option))?, &session);
        let clock = Arc::clone(&session.tools.clock);
        let read = move |tick: TickTypes| {
            let TickTypes::OptionComputation(told) = tick else { return Ok(None) };
            let at = clock.now();
            Ok(computation_from_ib(option, at, &told)?.map(|computation| (at, computation)))
        };
        let now = session.tools.clock.now();
        let mut reader = Reader::new(option, (session.epoch, now), (own, ()), read);
        let answered = session.server_time(limit).await;
        answered.map_err(|lack| not_now(lack, option))?;
        if let Some(refusal) = reader.refusal().now_or_never().flatten() {
            return Err(not_now(session.lack(refusal), option));
        }
        Ok(Following { epoch: session.epoch, events: reader.boxed() })
    }

    async fn snapshot(&self, option: Symbol) -> Result<OptionComputations, OptionFeedError> {
        let mut following = OptionFeed::follow(self, option).await?;
        let clock = Arc::clone(&self.inner.tools.clock);
        let mut all = OptionComputations::none_of(option, clock.now());
        let mut deadline = clock.now().after(self.inner.settings.waits().answer);
        while let Some(told) = next_until(&mut following, &*clock, deadline).await {
            match told {
                Some(Told::Datum(computation)) => all.note(&computation),
                Some(Told::Gap(_)) => {}
                Some(Told::EpochLost(_)) | None => {
                    return Err(unavailable("the line of the option has ended"));
                }
            }
            let is_whole = all.model.is_some() && all.bid.is_some() && all.ask.is_some();
            if is_whole && following_is_quiet(&mut following, &mut all) {
                break;
            }
            if all.model.is_some() {
                deadline = deadline.min(soon(clock.now()));
            }
        }
        let is_empty = all.bid.or(all.ask).or(all.last).or(all.model).is_none();
        if is_empty { Err(OptionFeedError::NoData(option)) } else { Ok(all) }
    }
}

/// What is told next, or that the line has ended; `None` when neither comes in time.
async fn next_until(
    following: &mut Following<OptionComputation>,
    clock: &dyn Clock,
    deadline: Timestamp,
) -> Option<Option<Told<OptionComputation>>> {
    match select(following.events.next(), pin!(clock.sleep_until(deadline))).await {
        Either::Left((told, _)) => Some(told),
        Either::Right(_) => None,
    }
}

fn soon(now: Timestamp) -> Timestamp {
    now.after(REST)
}

/// Takes in what is there already; nothing more is there, and the line stands.
fn following_is_quiet(following: &mut Following<OptionComputation>, all: &mut OptionComputations) -> bool {
    loop {
        match following.events.next().now_or_never() {
            None => return true,
            Some(Some(Told::Datum(computation))) => all.note(&computation),
            Some(Some(Told::Gap(_))) => {}
            // What was told before the end is true.
            Some(Some(Told::EpochLost(_)) | None) => return true,
        }
    }
}

impl IbBroker {
    async fn option_of(&self, session: &Session, option: Symbol) -> Result<Arc<Known>, OptionFeedError> {
        let known = self.contract_of(session, option, None).await.map_err(|error| match error {
            CatalogError::NotFound(_) | CatalogError::Ambiguous { .. } => {
                OptionFeedError::UnknownSymbol(option)
            }
            other => unavailable(other),
        })?;
        match known.contract.instrument().kind() {
            Some(InstrumentKind::Option | InstrumentKind::FuturesOption) => Ok(known),
            _ => Err(OptionFeedError::NotAnOption(option)),
        }
    }
}

fn unavailable(cause: impl Into<Cause>) -> OptionFeedError {
    OptionFeedError::Unavailable(cause.into())
}

fn not_now(lack: Lack, symbol: Symbol) -> OptionFeedError {
    let said = match lack {
        Lack::Said(said) => said,
        Lack::NotNow(why) => return OptionFeedError::NoLine { symbol, reason: why.to_string() },
        lack => return unavailable(lack),
    };
    match said.meaning {
        Meaning::UnknownContract | Meaning::AmbiguousContract => OptionFeedError::UnknownSymbol(symbol),
        Meaning::NoPermission | Meaning::Delayed => {
            OptionFeedError::NotPermitted { symbol, reason: said.to_string() }
        }
        Meaning::Lines | Meaning::Pacing => OptionFeedError::NoLine { symbol, reason: said.to_string() },
        Meaning::NoData => OptionFeedError::NoData(symbol),
        _ => unavailable(said),
    }
}
