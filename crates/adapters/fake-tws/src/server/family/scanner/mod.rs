//! Market scans: which of all contracts gain, lose or trade the most.
//!
//! | request | answer |
//! | --- | --- |
//! | 24 | 19: the document of what can be scanned for |
//! | 22 | 20 with the first rows, and again every thirty seconds |
//! | 23 | error 162, which says that the scan is cancelled; 365 when there is none |
//!
//! Ranks are computed from the market's own quotes. Volumes are those that quotes display, since nothing else trades.

mod codes;
mod filters;
mod parameters;
mod ranking;

use crate::server::context::Context;
use crate::server::error::{ApiError, Code, NO_REQUEST};
use crate::server::lookup::{contract_of, venues};
use crate::server::outbox::Outbox;
use crate::server::session::{Session, SessionId};
use crate::server::world::World;
use crate::wire::proto::{
    CancelScannerSubscription, ScannerData, ScannerDataElement, ScannerParameters, ScannerSubscription,
    ScannerSubscriptionRequest,
};
use ranking::Looks;
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_contracts::Contract;
use tradeport_kernel::Timestamp;

/// Scans come again so often, all of them at the same moments.
const REFRESH: Duration = Duration::from_secs(30);
/// No more rows are told.
const MOST_ROWS: usize = 50;
/// A connection has no more scans at once.
const MOST_SCANS: usize = 10;

/// What is kept of a connection: its scans, by their request ids.
#[derive(Debug, Default)]
pub(crate) struct Scans(BTreeMap<i32, Scan>);

#[derive(Debug)]
struct Scan {
    wanted: ScannerSubscription,
    next: Timestamp,
}

/// What can be scanned for.
pub(crate) fn parameters(context: &mut Context<'_>) {
    context.say(ScannerParameters { xml: Some(parameters::document()) });
}

/// A scan begins.
pub(crate) fn subscribe(context: &mut Context<'_>, request: &ScannerSubscriptionRequest) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let wanted = request.scanner_subscription.clone().unwrap_or_default();
    if let Err(error) = codes::check(id, &wanted) {
        return context.refuse(error);
    }
    let next = after(context.world.now());
    let Some(kept) = context.kept() else { return };
    if kept.scans.0.contains_key(&id) {
        return context.refuse(ApiError::about(id, Code::ScannerInUse, "Duplicate ticker id"));
    }
    if kept.scans.0.len() >= MOST_SCANS {
        return context.refuse(historical(id, "API scanner subscription limit of 10 reached"));
    }
    kept.scans.0.insert(id, Scan { wanted: wanted.clone(), next });
    let data = rows(context.world, &mut Looks::default(), id, &wanted);
    context.say(data);
}

/// A scan ends, which the server says with an error, as it does for whatever its history servers do.
pub(crate) fn cancel(context: &mut Context<'_>, request: &CancelScannerSubscription) {
    let id = request.req_id.unwrap_or(NO_REQUEST);
    let removed = context.kept().and_then(|kept| kept.scans.0.remove(&id));
    context.refuse(match removed {
        Some(_) => historical(id, &format!("API scanner subscription cancelled: {id}")),
        None => ApiError::about(id, Code::NoScanner, "No scanner subscription found for ticker id"),
    });
}

/// An error of the history servers, to which scanners belong.
fn historical(id: i32, text: &str) -> ApiError {
    let text = format!("Historical Market Data Service error message:{text}");
    ApiError::about(id, Code::Historical, text)
}

/// The next moment at which scans come again: whole half minutes.
fn after(now: Timestamp) -> Timestamp {
    let length = i64::try_from(REFRESH.as_nanos()).unwrap_or(i64::MAX);
    let begun = now.nanos().saturating_sub(now.nanos().rem_euclid(length));
    Timestamp::from_nanos(begun.saturating_add(length))
}

/// Tells the scans that are due.
pub(crate) fn refresh(sessions: &mut BTreeMap<SessionId, Session>, world: &World, outbox: &mut Outbox) {
    let now = world.now();
    let mut looks = Looks::default();
    for session in sessions.values_mut() {
        for (id, scan) in session.kept.scans.0.iter_mut().filter(|(_, scan)| scan.next <= now) {
            outbox.say(session.id, rows(world, &mut looks, *id, &scan.wanted));
            scan.next = after(now);
        }
    }
}

/// When the next scan is due.
pub(crate) fn next(sessions: &BTreeMap<SessionId, Session>) -> Option<Timestamp> {
    let scans = sessions.values().flat_map(|session| session.kept.scans.0.values());
    scans.map(|scan| scan.next).min()
}

fn rows(world: &World, looks: &mut Looks, id: i32, wanted: &ScannerSubscription) -> ScannerData {
    let most = wanted.number_of_rows.and_then(|rows| usize::try_from(rows).ok()).filter(|rows| *rows > 0);
    let most = most.unwrap_or(MOST_ROWS).min(MOST_ROWS);
    let found = ranking::ranked(world, looks, wanted, most);
    let row = |(rank, contract): (i32, &Contract)| ScannerDataElement {
        rank: Some(rank),
        contract: Some(contract_of(contract)),
        market_name: venues::class_of(contract),
        distance: Some(String::new()),
        benchmark: Some(String::new()),
        projection: Some(String::new()),
        combo_key: Some(String::new()),
    };
    ScannerData { req_id: Some(id), scanner_data_element: (0..).zip(&found).map(row).collect() }
}

#[cfg(test)]
mod tests;
