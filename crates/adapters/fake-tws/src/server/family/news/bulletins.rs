//! Bulletins of exchanges: two on each weekday, one at the open in New York and one at the close (of its winter).

use crate::server::context::Context;
use crate::server::outbox::Outbox;
use crate::server::session::{Session, SessionId};
use crate::wire::proto::{NewsBulletin, NewsBulletinsRequest};
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// At which second of the day in UTC, of which sort (1: a regular bulletin), and what it says.
const DAILY: [(i64, i32, &str); 2] = [
    (14 * 3_600 + 30 * 60, 1, "The exchange has opened for trading"),
    (21 * 3_600, 1, "The exchange has closed"),
];
const EXCHANGE: &str = "NYSE";
const SECONDS: i64 = 86_400;
const DAY: Duration = Duration::from_secs(86_400);
/// After so many days at the latest there is a weekday.
const MOST_DAYS: i64 = 4;

/// What is kept of a connection: up to when it has heard the bulletins, if it wants them.
#[derive(Debug, Default)]
pub(crate) struct Bulletins(Option<Timestamp>);

/// The bulletins from now on, and before them those of the last day when all are wanted.
pub(crate) fn request_bulletins(context: &mut Context<'_>, request: &NewsBulletinsRequest) {
    let now = context.world.now();
    if request.all_messages.unwrap_or_default() {
        for bulletin in between(now.before(DAY), now) {
            context.say(bulletin);
        }
    }
    if let Some(kept) = context.kept() {
        kept.bulletins = Bulletins(Some(now));
    }
}

/// No more bulletins.
pub(crate) fn cancel_bulletins(context: &mut Context<'_>) {
    if let Some(kept) = context.kept() {
        kept.bulletins = Bulletins(None);
    }
}

/// Tells the bulletins that have come since the last time.
pub(crate) fn publish_bulletins(
    sessions: &mut BTreeMap<SessionId, Session>,
    now: Timestamp,
    outbox: &mut Outbox,
) {
    for session in sessions.values_mut() {
        let Some(heard) = session.kept.bulletins.0 else { continue };
        for bulletin in between(heard, now) {
            outbox.say(session.id, bulletin);
        }
        session.kept.bulletins = Bulletins(Some(now));
    }
}

/// When the next bulletin comes that somebody waits for.
pub(crate) fn next_bulletin(sessions: &BTreeMap<SessionId, Session>) -> Option<Timestamp> {
    let heard = sessions.values().filter_map(|session| session.kept.bulletins.0).min()?;
    let day = heard.nanos().div_euclid(SECONDS * 1_000_000_000);
    let days = (day..=day + MOST_DAYS).filter(|day| is_weekday(*day));
    let moments = days.flat_map(|day| DAILY.map(|(second, ..)| moment(day, second)));
    moments.filter(|at| *at > heard).min()
}

/// Days are counted from 1970-01-01, a Thursday.
const fn is_weekday(day: i64) -> bool {
    (day + 3).rem_euclid(7) < 5
}

fn moment(day: i64, second: i64) -> Timestamp {
    Timestamp::from_seconds(day.saturating_mul(SECONDS).saturating_add(second))
}

/// After one moment and up to another, the oldest first; no further back than a day.
fn between(after: Timestamp, until: Timestamp) -> Vec<NewsBulletin> {
    let after = after.max(until.before(DAY));
    let day = |at: Timestamp| at.nanos().div_euclid(SECONDS * 1_000_000_000);
    let days = (day(after)..=day(until)).filter(|day| is_weekday(*day));
    let all = days.flat_map(|day| DAILY.iter().enumerate().map(move |(place, row)| (day, place, row)));
    let due = all.filter(|(day, _, row)| {
        let at = moment(*day, row.0);
        at > after && at <= until
    });
    let told = |(day, place, row): (i64, usize, &(i64, i32, &str))| NewsBulletin {
        news_msg_id: i32::try_from(day * 2)
            .ok()
            .zip(i32::try_from(place).ok())
            .map(|(day, place)| day + place),
        news_msg_type: Some(row.1),
        news_message: Some(row.2.to_owned()),
        originating_exch: Some(EXCHANGE.to_owned()),
    };
    due.map(told).collect()
}
