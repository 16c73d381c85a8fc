//! Bars: what is asked for is checked, then all bars are given in one answer, and from version 196 on their end.

use super::keep::Keep;
use super::past::days;
use super::series::{Bar, Series, bars};
use super::show::Show;
use super::size::{BarSize, Span};
use super::when::{BAD_DATE_TIME, Format, digits, parse};
use super::{
    is_forbidden, is_in_pace, name_of, refuse_empty, refuse_request, refuse_service, schedule, told,
};
use crate::server::board::double;
use crate::server::context::Context;
use crate::server::error::{ApiError, Code};
use crate::server::family::market_data::{contract_of, is_us_share, security_type};
use crate::server::limits::Ask;
use crate::server::market_hours::MarketHours;
use crate::wire::proto::{
    CancelHistoricalData, HistoricalData, HistoricalDataBar, HistoricalDataEnd, HistoricalDataRequest,
};
use tradeport_contracts::Contract;

/// No answer has more bars: they must fit one frame.
const MOST_BARS: usize = 100_000;
/// Bars of a second are given for so many seconds at most.
const MOST_SINGLE_SECONDS: i64 = 2_000;
/// Small bars are kept for half a year.
const SMALL_KEPT: i64 = 183 * 86_400;
/// From here on the end of the bars is an answer of its own.
const END_APART: i32 = 196;
/// From here on volumes of US shares are in shares, before in hundreds.
const IN_SHARES: i32 = 175;

/// A request for bars, as it was read.
pub(super) struct Wanted {
    pub(super) id: i32,
    pub(super) contract: Contract,
    pub(super) show: Show,
    pub(super) size: BarSize,
    pub(super) span: Span,
    /// When the time ends; `None` for now.
    pub(super) end: Option<i64>,
    pub(super) is_regular: bool,
    pub(super) format: i32,
    keeps: bool,
}

/// Gives bars, or a schedule.
pub(crate) fn request(context: &mut Context<'_>, request: &HistoricalDataRequest) {
    let id = request.req_id.unwrap_or_default();
    if context.kept().is_some_and(|kept| kept.history.open.contains_key(&id)) {
        let text = "Duplicate ticker ID for API historical data query";
        return context.refuse(ApiError::about(id, Code::DuplicateHistorical, text));
    }
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    let Some(wanted) = read(context, request, contract) else { return };
    if !is_sensible(context, &wanted) || is_forbidden(context, id, &wanted.contract) {
        return;
    }
    if is_too_fast(context, request, &wanted) {
        return;
    }
    if wanted.show == Show::Schedule {
        return schedule::answer(context, &wanted, wanted.end);
    }
    give(context, wanted);
}

fn read(context: &mut Context<'_>, request: &HistoricalDataRequest, contract: Contract) -> Option<Wanted> {
    let id = request.req_id.unwrap_or_default();
    let now = context.world.now().nanos().div_euclid(1_000_000_000);
    let text = request.bar_size_setting.as_deref().unwrap_or_default();
    let Some(size) = BarSize::parse(text) else {
        let legal = BarSize::legal();
        let cause = format!("Historical data bar size setting is invalid. Legal ones are: {legal}");
        refuse_request(context, id, &cause);
        return None;
    };
    let span = match Span::parse(request.duration.as_deref().unwrap_or_default()) {
        Ok(span) => span,
        Err(error) => {
            refuse_request(context, id, &error.text());
            return None;
        }
    };
    let end = match request.end_date_time.as_deref().unwrap_or_default() {
        "" => None,
        text => {
            let Some(end) = parse(text, now) else {
                context.refuse(ApiError::about(
                    id,
                    Code::BadDateTime,
                    format!("End Date/Time: {BAD_DATE_TIME}"),
                ));
                return None;
            };
            Some(end)
        }
    };
    let Some(show) = Show::parse(request.what_to_show.as_deref().unwrap_or_default()) else {
        refuse_request(context, id, "Please enter a valid whatToShow");
        return None;
    };
    Some(Wanted {
        id,
        contract,
        show,
        size,
        span,
        end,
        is_regular: request.use_rth.unwrap_or_default(),
        format: request.format_date.unwrap_or(1),
        keeps: request.keep_up_to_date.unwrap_or_default(),
    })
}

/// Does it go together? If not, whoever asks is told.
fn is_sensible(context: &mut Context<'_>, it: &Wanted) -> bool {
    let kind = security_type(&it.contract);
    let has_end = it.end.is_some();
    if it.show == Show::Trades && kind == "CRYPTO" {
        let text = "Expected what to show is AGGTRADES, please use that instead of TRADES.";
        context.refuse(ApiError::about(it.id, Code::OtherData, text));
        return false;
    }
    if has_end && kind == "CONTFUT" {
        let text = "Setting end date/time for continuous future security type is not allowed.";
        context.refuse(ApiError::about(it.id, Code::ContinuousEnd, text));
        return false;
    }
    if !it.show.is_of(&it.contract) {
        let text =
            format!("No historical market data for {}/{kind} {}", name_of(&it.contract), it.show.said());
        refuse_service(context, it.id, &text);
        return false;
    }
    if has_end && it.show == Show::AdjustedLast {
        refuse_request(context, it.id, "End date not supported with adjusted last");
        return false;
    }
    if it.show == Show::Schedule && it.size != BarSize::Day {
        refuse_request(context, it.id, "Historical data schedule is available for the bar size 1 day only");
        return false;
    }
    if it.keeps {
        return can_keep(context, it, has_end);
    }
    true
}

fn can_keep(context: &mut Context<'_>, it: &Wanted, has_end: bool) -> bool {
    let cause = if has_end {
        "End date/time must be empty when bars are kept up to date"
    } else if !it.show.is_real_time() {
        "Bars that are kept up to date show TRADES, MIDPOINT, BID or ASK"
    } else if it.size == BarSize::Seconds(1) {
        "Bars that are kept up to date have 5 secs or more"
    } else {
        return true;
    };
    refuse_request(context, it.id, cause);
    false
}

/// Is it asked for too fast, or are too many open? If so, whoever asks is told.
fn is_too_fast(context: &mut Context<'_>, request: &HistoricalDataRequest, it: &Wanted) -> bool {
    let Some(rules) = context.settings.limits.pacing else { return false };
    let open: usize = context.sessions.values().map(|session| session.kept.history.open.len()).sum();
    if open >= rules.at_once {
        let text = format!(
            "Error processing request.-'bN' : cause - Only {} simultaneous API historical data requests allowed.",
            rules.at_once
        );
        context.refuse(ApiError::about(it.id, Code::Processing, text));
        return true;
    }
    if !it.size.is_small() {
        return false;
    }
    let series = format!("{} {:?}", it.contract.id().number(), it.show);
    let ask = Ask {
        whole: format!(
            "{series} {:?} {:?} {:?} {} {}",
            it.size, it.span, request.end_date_time, it.is_regular, context.id.0
        ),
        series,
        is_bid_ask: it.show == Show::BidAsk,
    };
    let is_slow = is_in_pace(context, &ask);
    if !is_slow {
        refuse_service(context, it.id, "Historical data request pacing violation");
    }
    !is_slow
}

fn give(context: &mut Context<'_>, it: Wanted) {
    if context.world.is_scripted() {
        return told::give(context, &it);
    }
    let now = context.world.now().nanos().div_euclid(1_000_000_000);
    let hours = MarketHours::of(&it.contract, context.world.hours());
    let end = it.end.map_or(now, |end| end.min(now));
    let days = days(&it.contract, &hours, (it.span, it.size), (end, now), it.is_regular);
    let begin = days.first().map_or(end, super::super::super::market_hours::Day::open);
    let is_long = it.size == BarSize::Seconds(1) && !matches!(it.span, Span::Seconds(..=MOST_SINGLE_SECONDS));
    if is_long {
        return refuse_service(context, it.id, "Time length exceed max.");
    }
    let is_forgotten = it.size.is_small() && begin < now.saturating_sub(SMALL_KEPT);
    let Some(series) = Series::new(context.world, &it.contract, it.show).filter(|_| !is_forgotten) else {
        return refuse_empty(context, it.id, &it.contract, it.show);
    };
    let Some(found) = bars(&series, &hours, &days, it.size, MOST_BARS) else {
        return refuse_service(context, it.id, "Time length exceed max.");
    };
    if found.is_empty() {
        return refuse_empty(context, it.id, &it.contract, it.show);
    }
    let format = Format { number: it.format, version: context.version, zone: hours.zone() };
    let in_hundreds = is_us_share(&it.contract) && context.version < IN_SHARES;
    let asked_from = it.span.begin(end, hours.local_day(end));
    say(context, it.id, &found, &format, in_hundreds, (asked_from, end));
    if it.keeps {
        let keep = Keep::new(&it, series, hours, format, in_hundreds, now);
        if let Some(kept) = context.kept() {
            kept.history.open.insert(it.id, keep);
        }
    }
}

pub(super) fn say(
    context: &mut Context<'_>,
    id: i32,
    bars: &[Bar],
    format: &Format,
    in_hundreds: bool,
    (begin, end): (i64, i64),
) {
    let is_apart = context.version >= END_APART;
    let ends = (format.text(begin), format.text(end));
    let historical_data_bars = bars.iter().map(|bar| wire(bar, format, in_hundreds)).collect();
    context.say(HistoricalData {
        req_id: Some(id),
        historical_data_bars,
        start_date_str: (!is_apart).then(|| ends.0.clone()),
        end_date_str: (!is_apart).then(|| ends.1.clone()),
    });
    if is_apart {
        let (start_date_str, end_date_str) = (Some(ends.0), Some(ends.1));
        context.say(HistoricalDataEnd { req_id: Some(id), start_date_str, end_date_str });
    }
}

/// A bar as it goes over the wire.
pub(super) fn wire(bar: &Bar, format: &Format, in_hundreds: bool) -> HistoricalDataBar {
    HistoricalDataBar {
        date: Some(bar.date.map_or_else(|| format.moment(bar.second), digits)),
        open: Some(double(bar.open)),
        high: Some(double(bar.high)),
        low: Some(double(bar.low)),
        close: Some(double(bar.close)),
        volume: Some(bar.volume_text(in_hundreds)),
        wap: Some(bar.wap_text()),
        bar_count: Some(bar.count),
    }
}

/// Ends bars that are kept up to date.
pub(crate) fn cancel(context: &mut Context<'_>, request: &CancelHistoricalData) {
    let id = request.req_id.unwrap_or_default();
    let found = context.kept().and_then(|kept| kept.history.open.remove(&id));
    match found {
        Some(_) => refuse_service(context, id, &format!("API historical data query cancelled: {id}")),
        None => {
            let text = format!("No historical data query found for ticker id:{id}");
            context.refuse(ApiError::about(id, Code::NoHistoricalRequest, text));
        }
    }
}
