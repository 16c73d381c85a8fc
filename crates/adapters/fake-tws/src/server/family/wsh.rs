//! Events of companies, as Wall Street Horizon gives them: earnings, dividends, meetings.
//!
//! | request | answer |
//! | --- | --- |
//! | 100 | 104: which kinds of events there are |
//! | 102 | 105: the events of a company, or of those in a filter; error 10282 before 100 was asked |
//! | 101, 103 | nothing |
//!
//! TWS gets the kinds once for all of its clients: who asks for events need not be who has asked for them.
//!
//! Every company has one event of each kind a quarter, on days that follow from its number. The documents have the
//! outer shape of real ones and few of their columns.

use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::server::lookup;
use crate::wire::proto::{WshEventData, WshEventDataRequest, WshMetaData, WshMetaDataRequest};
use serde::Deserialize;
use serde_json::{Value, json};
use time::{Date, Month};
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_fake_broker::house::mix;

/// The kinds of events: tag, name, and on which day of a quarter they fall at the earliest.
const KINDS: &[(&str, &str, i64)] = &[
    ("wshe_ed", "Earnings Date", 15),
    ("wshe_ec", "Earnings Call", 16),
    ("wshe_div", "Dividend", 35),
    ("wshe_bod", "Board of Directors Meeting", 50),
    ("wshe_sh", "Shareholder Meeting", 60),
];
/// Later than the earliest day by up to so many.
const DAYS_APART: u64 = 10;
/// No more companies are asked about at once.
const MOST_COMPANIES: usize = 50;
/// As many events as are told when nothing else is said.
const USUAL_TOTAL: usize = 100;
/// Events are known for so many quarters before and after today.
const QUARTERS: i32 = 4;

/// What is kept for all connections: has one of them asked which kinds there are?
#[derive(Debug, Default)]
pub(crate) struct Asked(bool);

/// What a filter may say; what it says besides changes nothing here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Filter {
    watchlist: Value,
    limit: Option<usize>,
    #[serde(flatten)]
    kinds: std::collections::BTreeMap<String, Value>,
}

/// Which kinds of events there are.
pub(crate) fn meta(context: &mut Context<'_>, request: &WshMetaDataRequest) {
    context.shared.wsh = Asked(true);
    let kind = |(tag, name, _): &(&str, &str, i64)| {
        json!({
            "tag": tag,
            "name": name,
            "columns": [
                { "tag": "conid", "name": "Contract", "type": "integer" },
                { "tag": "index_date", "name": "Date", "type": "date" },
                { "tag": "time_of_day", "name": "Time of Day", "type": "string" },
            ],
        })
    };
    let kinds: Vec<Value> = KINDS.iter().map(kind).collect();
    let document = json!({ "meta_data": { "event_types": kinds, "filters": [] }, "validated": true });
    context.say(WshMetaData { req_id: request.req_id, data_json: Some(document.to_string()) });
}

/// The events of a company, or of those that a filter names.
pub(crate) fn events(context: &mut Context<'_>, request: &WshEventDataRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    if !context.shared.wsh.0 {
        let text = "Please request WSH meta data before requesting WSH events";
        return context.refuse(ApiError::about(id, Code::WshMetaFirst, text));
    }
    match found(context, id, request) {
        Ok(events) => {
            let document = Value::from(events).to_string();
            context.say(WshEventData { req_id: request.req_id, data_json: Some(document) });
        }
        Err(error) => context.refuse(error),
    }
}

fn found(context: &Context<'_>, id: i32, request: &WshEventDataRequest) -> Result<Vec<Value>, ApiError> {
    let invalid = |why: String| {
        ApiError::about(id, Code::WshEventInvalid, format!("WSH event data request is invalid: {why}"))
    };
    let text = request.filter.as_deref().unwrap_or_default();
    let number = request.con_id.filter(|number| *number > 0 && *number != i32::MAX);
    if !text.is_empty() && number.is_some() {
        return Err(invalid("a contract id and a filter exclude each other".to_owned()));
    }
    let filter: Filter = if text.is_empty() {
        Filter::default()
    } else {
        serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?
    };
    let companies = match &filter.watchlist {
        Value::Array(listed) => companies(context, number, listed),
        _ if text.is_empty() => companies(context, number, &[]),
        _ => all_companies(context),
    };
    if companies.is_empty() {
        return Err(invalid("it names no company".to_owned()));
    }
    let day = |text: &Option<String>| match text.as_deref() {
        None | Some("") => Ok(None),
        Some(text) => day_of(text).map(Some).ok_or_else(|| invalid(format!("{text:?} is no day"))),
    };
    let (from, until) = (day(&request.start_date)?, day(&request.end_date)?);
    let asked = request.total_limit.filter(|total| *total != i32::MAX);
    let most = asked.and_then(|total| usize::try_from(total).ok()).or(filter.limit);
    let most = most.unwrap_or(USUAL_TOTAL).min(USUAL_TOTAL);
    let today = context.world.now().to_utc().date();
    let mut events: Vec<(Date, Value)> =
        companies.iter().flat_map(|company| events_of(company, today, &filter)).collect();
    events.retain(|(day, _)| from.is_none_or(|from| *day >= from) && until.is_none_or(|until| *day <= until));
    events.sort_by_key(|(day, _)| *day);
    Ok(events.into_iter().take(most).map(|(_, event)| event).collect())
}

/// Companies by their numbers; whatever else is named has no events.
fn companies(context: &Context<'_>, number: Option<i32>, listed: &[Value]) -> Vec<Contract> {
    let listed = listed.iter().take(MOST_COMPANIES).filter_map(|value| match value {
        Value::Number(number) => i32::try_from(number.as_i64()?).ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    });
    let found = number.into_iter().chain(listed);
    let found = found.filter_map(|number| lookup::of_number(context.world, number));
    found.filter(is_company).collect()
}

/// A filter that names no companies is about all of them.
fn all_companies(context: &Context<'_>) -> Vec<Contract> {
    context.world.catalog().quoted().filter(is_company).take(MOST_COMPANIES).collect()
}

fn is_company(contract: &Contract) -> bool {
    contract.instrument().kind() == Some(InstrumentKind::Stock)
}

fn events_of(company: &Contract, today: Date, filter: &Filter) -> Vec<(Date, Value)> {
    // A filter that names kinds wants these and no others.
    let is_wanted = |tag: &str| {
        let named = filter.kinds.keys().any(|key| KINDS.iter().any(|(known, ..)| known == key));
        !named || filter.kinds.get(tag).is_some_and(|value| *value == json!("true") || *value == json!(true))
    };
    let now = today.year() * 4 + (i32::from(u8::from(today.month())) - 1) / 3;
    let quarters = now - QUARTERS..=now + QUARTERS;
    let kinds = KINDS.iter().filter(|(tag, ..)| is_wanted(tag));
    let event = |((tag, name, after), quarter): (&(&str, &str, i64), i32)| {
        let first = Month::try_from(u8::try_from(quarter.rem_euclid(4) * 3 + 1).ok()?).ok()?;
        let begin = Date::from_calendar_date(quarter.div_euclid(4), first, 1).ok()?;
        let chance = mix(company.id().number().cast_unsigned() ^ mix(after.unsigned_abs()));
        let later = i64::try_from(chance % DAYS_APART).ok()?;
        let day = begin.checked_add(time::Duration::days(after + later))?;
        Some((day, told(company, tag, name, day, quarter)))
    };
    kinds.flat_map(|kind| quarters.clone().map(move |quarter| (kind, quarter))).filter_map(event).collect()
}

fn told(company: &Contract, tag: &str, name: &str, day: Date, quarter: i32) -> Value {
    let digits = format!("{:04}{:02}{:02}", day.year(), u8::from(day.month()), day.day());
    json!({
        "index_date_type": "Date",
        "event_type": tag,
        "index_date": digits,
        "conids": [company.id().number().to_string()],
        "data": {
            "name": name,
            "company": company.name(),
            "fiscal_period": format!("Q{} {}", quarter.rem_euclid(4) + 1, quarter.div_euclid(4)),
            "status": "CONFIRMED",
            "time_of_day": "BEFORE MARKET",
        },
    })
}

/// `20260131`.
fn day_of(text: &str) -> Option<Date> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let part = |from, to| text.get(from..to).filter(|_| digits)?.parse::<u16>().ok();
    let month = Month::try_from(u8::try_from(part(4, 6)?).ok()?).ok()?;
    Date::from_calendar_date(i32::from(part(0, 4)?), month, u8::try_from(part(6, 8)?).ok()?).ok()
}
