//! Bars that are kept up to date: every five seconds the bar that is coming to be, and the one that has just ended.

use super::request::{Wanted, wire};
use super::series::{Bar, Series, bars, bounds_at};
use super::size::{BarSize, Span};
use super::when::Format;
use crate::server::market_hours::MarketHours;
use crate::server::outbox::Outbox;
use crate::server::session::{Session, SessionId};
use crate::server::world::World;
use crate::wire::proto::HistoricalDataUpdate;
use std::collections::BTreeMap;
use tradeport_contracts::Contract;
use tradeport_kernel::Timestamp;

/// Between two updates, in seconds.
const EVERY: i64 = 5;

/// Bars that are kept up to date.
#[derive(Debug)]
pub(crate) struct Keep {
    id: i32,
    contract: Contract,
    series: Series,
    hours: MarketHours,
    size: BarSize,
    is_regular: bool,
    format: Format,
    in_hundreds: bool,
    told_until: i64,
}

impl Keep {
    pub(super) fn new(
        wanted: &Wanted,
        series: Series,
        hours: MarketHours,
        format: Format,
        in_hundreds: bool,
        now: i64,
    ) -> Self {
        Self {
            id: wanted.id,
            contract: wanted.contract.clone(),
            series,
            hours,
            size: wanted.size,
            is_regular: wanted.is_regular,
            format,
            in_hundreds,
            told_until: now - now.rem_euclid(EVERY),
        }
    }

    fn tell(&mut self, until: i64, outbox: &mut Outbox, to: SessionId) {
        if until <= self.told_until {
            return;
        }
        self.told_until = until;
        if let Some(bar) = self.bar_at(until) {
            let bar = wire(&bar, &self.format, self.in_hundreds);
            outbox.say(to, HistoricalDataUpdate { req_id: Some(self.id), historical_data_bar: Some(bar) });
        }
    }

    /// The bar that holds the last second before a moment, as far as it has come; `None` while the market is closed.
    fn bar_at(&self, until: i64) -> Option<Bar> {
        let last = until - 1;
        if !self.hours.is_open(last, self.is_regular) {
            return None;
        }
        let holds = |day: &crate::server::market_hours::Day| {
            day.stretches.iter().any(|(a, b)| (*a..*b).contains(&last))
        };
        // A market that is always open is so outside of its regular hours, too.
        let regular = self.is_regular && self.hours.day_at(last, true).as_ref().is_some_and(holds);
        let day = self.hours.day_at(last, regular)?.until(until)?;
        match self.size {
            BarSize::Seconds(size) => {
                let stretch = day.stretches.iter().copied().find(|(a, b)| (*a..*b).contains(&last))?;
                self.series.bar(&[bounds_at(size, &self.hours, stretch, last)])
            }
            size => {
                let span = if size == BarSize::Day { Span::Days(1) } else { Span::Weeks(1) };
                let days =
                    super::past::days(&self.contract, &self.hours, (span, size), (until, last), regular);
                bars(&self.series, &self.hours, &days, size, usize::MAX)?.pop()
            }
        }
    }
}

/// Tells every bar that is kept up to date, once in five seconds.
pub(crate) fn on_time(sessions: &mut BTreeMap<SessionId, Session>, world: &World, outbox: &mut Outbox) {
    let now = world.now().nanos().div_euclid(1_000_000_000);
    let until = now - now.rem_euclid(EVERY);
    for (id, session) in sessions.iter_mut() {
        session.kept.history.open.values_mut().for_each(|keep| keep.tell(until, outbox, *id));
    }
}

/// When the bars want to be told next.
pub(crate) fn next_wake(sessions: &BTreeMap<SessionId, Session>, world: &World) -> Option<Timestamp> {
    let is_awaited = sessions.values().any(|session| !session.kept.history.open.is_empty());
    let now = world.now().nanos().div_euclid(1_000_000_000);
    is_awaited.then(|| Timestamp::from_seconds(now - now.rem_euclid(EVERY) + EVERY))
}
