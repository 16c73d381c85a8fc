//! Executions for whoever asks, with a filter.

use super::reports::Report;
use crate::server::context::Context;
use crate::server::error::ApiError;
use crate::translate::order::moment;
use crate::wire::proto;
use time::{Date, Duration};
use time_tz::{OffsetDateTimeExt, timezones};
use tradeport_kernel::Timestamp;
use tradeport_orders::Side;

/// Executions are told of at most so many days.
const MOST_DAYS: i32 = 7;

/// All executions that fit the filter, each with its cost.
pub(crate) fn executions(context: &mut Context<'_>, request: &proto::ExecutionRequest) {
    let req_id = request.req_id.unwrap_or_default();
    let filter = request.execution_filter.clone().unwrap_or_default();
    let filter = match Filter::read(&filter, context.world.now()) {
        Ok(filter) => filter,
        Err(cause) => return context.refuse(ApiError::invalid(req_id, cause)),
    };
    let rows: Vec<Report> =
        context.shared.orders.reports.all().filter(|row| filter.fits(row)).cloned().collect();
    for row in rows {
        let cost = row.commission();
        context.say(proto::ExecutionDetails { req_id: Some(req_id), ..row.details });
        if let Some(cost) = cost {
            context.say(cost);
        }
    }
    context.say(proto::ExecutionDetailsEnd { req_id: Some(req_id) });
}

struct Filter<'a> {
    asked: &'a proto::ExecutionFilter,
    from: Option<Timestamp>,
    side: Option<Side>,
    days: Vec<Date>,
    first_day: Date,
}

impl<'a> Filter<'a> {
    fn read(asked: &'a proto::ExecutionFilter, now: Timestamp) -> Result<Self, String> {
        let text = asked.time.as_deref().unwrap_or_default();
        let from = if text.is_empty() {
            None
        } else {
            Some(moment("time", text).map_err(|error| error.to_string())?)
        };
        let side = match asked.side.as_deref().unwrap_or_default() {
            "" => None,
            "BUY" | "BOT" => Some(Side::Buy),
            "SELL" | "SLD" | "SSHORT" => Some(Side::Sell),
            other => return Err(format!("side {other} is neither BUY nor SELL")),
        };
        let day = |number: &i32| date(*number).ok_or_else(|| format!("{number} is no date such as 20260102"));
        let days = asked.specific_dates.iter().take(100).map(day).collect::<Result<Vec<_>, _>>()?;
        let last = asked.last_n_days.filter(|it| *it > 0 && *it != i32::MAX).unwrap_or(1).min(MOST_DAYS);
        let today = local_day(now);
        let first_day = today.checked_sub(Duration::days(i64::from(last - 1))).unwrap_or(today);
        Ok(Self { asked, from, side, days, first_day })
    }

    fn fits(&self, row: &Report) -> bool {
        let (Some(it), Some(contract)) = (&row.details.execution, &row.details.contract) else {
            return false;
        };
        let same = |asked: &Option<String>, is: &Option<String>| {
            let asked = asked.as_deref().unwrap_or_default();
            asked.is_empty() || is.as_deref().is_some_and(|is| is.eq_ignore_ascii_case(asked))
        };
        let client = self.asked.client_id.filter(|id| *id != 0 && *id != i32::MAX);
        let day = local_day(row.execution.at);
        let in_time = if self.days.is_empty() { day >= self.first_day } else { self.days.contains(&day) };
        in_time
            && client.is_none_or(|client| it.client_id == Some(client))
            && same(&self.asked.acct_code, &it.acct_number)
            && self.from.is_none_or(|from| row.execution.at >= from)
            && same(&self.asked.symbol, &contract.symbol)
            && same(&self.asked.sec_type, &contract.sec_type)
            && (same(&self.asked.exchange, &it.exchange) || same(&self.asked.exchange, &contract.exchange))
            && self.side.is_none_or(|side| row.execution.side == side)
    }
}

/// The day of trading in New York.
pub(super) fn local_day(at: Timestamp) -> Date {
    at.to_utc().to_timezone(timezones::db::america::NEW_YORK).date()
}

fn date(number: i32) -> Option<Date> {
    let month = time::Month::try_from(u8::try_from(number / 100 % 100).ok()?).ok()?;
    Date::from_calendar_date(number / 10_000, month, u8::try_from(number % 100).ok()?).ok()
}
