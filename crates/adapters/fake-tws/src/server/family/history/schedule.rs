//! Schedules: when a contract was traded, day by day.

use super::past::days;
use super::refuse_empty;
use super::request::Wanted;
use super::when::{broker_zone, dashed, digits};
use crate::server::context::Context;
use crate::server::market_hours::{Day, MarketHours};
use crate::wire::proto::{HistoricalSchedule, HistoricalSession};

/// Gives the days of trading of a time, whole.
pub(super) fn answer(context: &mut Context<'_>, it: &Wanted, end: Option<i64>) {
    let now = context.world.now().nanos().div_euclid(1_000_000_000);
    let hours = MarketHours::of(&it.contract, context.world.hours());
    let end = end.map_or(now, |end| end.min(now));
    let found = days(&it.contract, &hours, (it.span, it.size), (end, now), it.is_regular);
    let (Some(first), Some(last)) = (found.first(), found.last()) else {
        return refuse_empty(context, it.id, &it.contract, it.show);
    };
    // A day that is not over yet is told as it will be.
    let whole = hours.days(first.date, last.date, it.is_regular);
    let zone = hours.zone();
    let session = |day: &Day| HistoricalSession {
        start_date_time: Some(dashed(zone, day.open())),
        end_date_time: Some(dashed(zone, day.close())),
        ref_date: Some(digits(day.date)),
    };
    let historical_sessions: Vec<HistoricalSession> = whole.iter().map(session).collect();
    context.say(HistoricalSchedule {
        req_id: Some(it.id),
        start_date_time: whole.first().map(|day| dashed(zone, day.open())),
        end_date_time: whole.last().map(|day| dashed(zone, day.close())),
        time_zone: Some(broker_zone(zone).to_owned()),
        historical_sessions,
    });
}
