//! How far history reaches, and how its prices were spread.

use super::past::{days, first_day};
use super::show::Show;
use super::size::{BarSize, Span};
use super::when::dashed;
use super::{is_forbidden, is_in_pace, name_of, refuse_empty, refuse_request, refuse_service, told};
use crate::server::board::double;
use crate::server::context::Context;
use crate::server::family::market_data::{contract_of, security_type, size_text};
use crate::server::limits::Ask;
use crate::server::market_hours::MarketHours;
use crate::wire::proto::{
    CancelHeadTimestamp, CancelHistogramData, HeadTimestamp, HeadTimestampRequest, HistogramData,
    HistogramDataEntry, HistogramDataRequest,
};
use std::collections::BTreeMap;
use tradeport_contracts::calendar::Zone;
use tradeport_kernel::Decimal;

/// A histogram looks at so many moments at most.
const MOST_SAMPLES: i64 = 20_000;

/// The first moment of a history.
pub(crate) fn head(context: &mut Context<'_>, request: &HeadTimestampRequest) {
    let id = request.req_id.unwrap_or_default();
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    let Some(show) = Show::parse(request.what_to_show.as_deref().unwrap_or_default()) else {
        return refuse_request(context, id, "Please enter a valid whatToShow");
    };
    if !show.is_of(&contract) {
        let kind = security_type(&contract);
        let text = format!("No head time stamp for {}/{kind} {}", name_of(&contract), show.said());
        return refuse_service(context, id, &text);
    }
    if is_forbidden(context, id, &contract) {
        return;
    }
    let is_regular = request.use_rth.unwrap_or_default();
    let series = format!("{} {show:?}", contract.id().number());
    let whole = format!("head {series} {is_regular} {id} {}", context.id.0);
    if !is_in_pace(context, &Ask { series, whole, is_bid_ask: show == Show::BidAsk }) {
        return refuse_service(context, id, "Historical data request pacing violation");
    }
    let hours = MarketHours::of(&contract, context.world.hours());
    let first = if context.world.is_scripted() {
        told::first_second(context.world, &contract)
    } else {
        first_day(&contract, &hours, is_regular).map(|day| day.open())
    };
    let Some(first) = first else {
        return refuse_empty(context, id, &contract, show);
    };
    let moment = match request.format_date.unwrap_or(1) {
        2 => first.to_string(),
        _ => dashed(Zone::utc(), first),
    };
    context.say(HeadTimestamp { req_id: Some(id), head_timestamp: Some(moment) });
}

/// Each is answered at once, so there is nothing left to cancel.
pub(crate) fn cancel_head(context: &mut Context<'_>, request: &CancelHeadTimestamp) {
    tracing::debug!(session = context.id.0, request = request.req_id, "an answered head is cancelled");
}

/// How much was traded at which price.
pub(crate) fn histogram(context: &mut Context<'_>, request: &HistogramDataRequest) {
    let id = request.req_id.unwrap_or_default();
    let Some(contract) = contract_of(context, id, request.contract.as_ref()) else { return };
    let span = match Span::parse_words(request.time_period.as_deref().unwrap_or_default()) {
        Ok(span) => span,
        Err(error) => return refuse_request(context, id, &error.text()),
    };
    if !Show::Trades.is_of(&contract) {
        let text = format!(
            "No historical market data for {}/{} Trades",
            name_of(&contract),
            security_type(&contract)
        );
        return refuse_service(context, id, &text);
    }
    if is_forbidden(context, id, &contract) {
        return;
    }
    let now = context.world.now().nanos().div_euclid(1_000_000_000);
    let hours = MarketHours::of(&contract, context.world.hours());
    let regular = request.use_rth.unwrap_or_default();
    let days = days(&contract, &hours, (span, BarSize::Seconds(1)), (now, now), regular);
    let Some(tape) = context.world.tape(&contract).filter(|_| !days.is_empty()) else {
        return refuse_empty(context, id, &contract, Show::Trades);
    };
    let seconds: i64 = days.iter().flat_map(|day| &day.stretches).map(|(a, b)| b - a).sum();
    let every = (seconds / MOST_SAMPLES).max(1);
    let mut traded: BTreeMap<Decimal, Decimal> = BTreeMap::new();
    for (open, close) in days.iter().flat_map(|day| &day.stretches) {
        let mut at = *open;
        while at < *close {
            let next = (at + every).min(*close);
            *traded.entry(tape.price(at)).or_default() += tape.volume(at, next);
            at = next;
        }
    }
    let entry = |(price, size): (&Decimal, &Decimal)| HistogramDataEntry {
        price: Some(double(*price)),
        size: Some(size_text(*size, false)),
    };
    let histogram_data_entries = traded.iter().map(entry).collect();
    context.say(HistogramData { req_id: Some(id), histogram_data_entries });
}

/// As [`cancel_head`].
pub(crate) fn cancel_histogram(context: &mut Context<'_>, request: &CancelHistogramData) {
    tracing::debug!(session = context.id.0, request = request.req_id, "an answered histogram is cancelled");
}
