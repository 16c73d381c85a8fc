//! Connectivity and farms: what stands, and what does not work while something is broken.
//!
//! | broken | streams | history | contracts | the rest of what IB knows | orders |
//! | --- | --- | --- | --- | --- | --- |
//! | connectivity | stop | error 162 | wait | waits | wait or are refused |
//! | a farm for market data | stop | | | | |
//! | a farm for history | its updates end, 10182 | error 162 | | | |
//! | the farm for contracts | | | error 200 | | |
//!
//! What TWS knows by itself is answered always: the time, ids, accounts, orders, executions, positions.

use crate::chaos::{FarmState, OutageOrders};
use crate::server::error::{ApiError, Code};
use crate::server::session::SessionId;
use crate::wire::proto::ErrorMessage;
use crate::wire::{Answer, AnswerKind, Request, RequestKind};
use std::collections::BTreeSet;

/// So many requests wait for connectivity; further ones are refused.
const MOST_WAITING: usize = 1_000;

/// What a farm serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Serves {
    Data,
    History,
    Contracts,
}

/// What a request needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    Orders,
    Data,
    History,
    Contracts,
    Elsewhere,
}

/// What becomes of a request.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It is answered.
    Answer(Request),
    /// It waits, and nothing is said of it now.
    Waits,
    /// It is refused.
    Refuse(ApiError),
}

/// What is broken.
#[derive(Debug, Default)]
pub(super) struct Outage {
    offline: Option<OutageOrders>,
    broken: BTreeSet<(Serves, String)>,
    waiting: Vec<(SessionId, Request)>,
}

impl Outage {
    pub(super) fn is_over(&self) -> bool {
        self.offline.is_none() && self.broken.is_empty()
    }

    pub(super) const fn is_offline(&self) -> bool {
        self.offline.is_some()
    }

    pub(super) fn lose(&mut self, orders: OutageOrders) {
        self.offline = Some(orders);
    }

    /// Connectivity is back: what has waited, in order.
    pub(super) fn restore(&mut self) -> Vec<(SessionId, Request)> {
        self.offline = None;
        std::mem::take(&mut self.waiting)
    }

    /// A farm changes its state.
    pub(super) fn farm(&mut self, name: &str, is: FarmState) {
        let farm = (serves(name), name.to_owned());
        match is {
            FarmState::Broken => {
                self.broken.insert(farm);
            }
            FarmState::Ok => {
                self.broken.remove(&farm);
            }
            FarmState::Inactive | FarmState::Connecting => {}
        }
    }

    /// A connection is gone, and with it what it asked for.
    pub(super) fn forget(&mut self, id: SessionId) {
        self.waiting.retain(|(from, _)| *from != id);
    }

    /// Does a message come from where nothing comes from now?
    pub(super) fn swallows(&self, answer: &Answer) -> bool {
        let kind = answer.kind();
        let is_history = kind == AnswerKind::HistoricalDataUpdate;
        if self.offline.is_some() {
            let is_farm = matches!(answer, Answer::ErrorMessage(it) if is_farm_ok(it));
            return is_farm || is_streamed(kind);
        }
        let farm = if is_history { Serves::History } else { Serves::Data };
        is_streamed(kind) && self.is_broken(farm)
    }

    /// A farm that is said to be connected, as it really is.
    pub(super) fn as_it_is(&self, answer: &mut Answer) {
        let Answer::ErrorMessage(message) = answer else { return };
        if !is_farm_ok(message) {
            return;
        }
        let name = message.error_msg.as_deref().and_then(|text| text.rsplit(':').next()).unwrap_or_default();
        if self.broken.contains(&(serves(name), name.to_owned())) {
            let (code, text) = farm_words(name, FarmState::Broken);
            (message.error_code, message.error_msg) = (Some(code), Some(text));
        }
    }

    /// What becomes of a request.
    pub(super) fn judge(&mut self, id: SessionId, request: Request, number: Option<i32>) -> Verdict {
        let need = need_of(request.kind());
        let about = |code, text: &str| Verdict::Refuse(ApiError::about(number.unwrap_or(-1), code, text));
        let no_history = || about(Code::Historical, HISTORY);
        match (need, self.offline) {
            (Need::Nothing, _) => Verdict::Answer(request),
            (Need::History, Some(_)) => no_history(),
            (Need::History, None) if self.is_broken(Serves::History) => no_history(),
            (Need::Contracts, None) if self.is_broken(Serves::Contracts) => {
                about(Code::NoContract, "No security definition has been found for the request")
            }
            (Need::Orders, Some(OutageOrders::Refuse)) => about(Code::OrderRefused, ORDERS),
            (_, Some(_)) if self.waiting.len() >= MOST_WAITING => about(Code::Processing, ORDERS),
            (_, Some(_)) => {
                self.waiting.push((id, request));
                Verdict::Waits
            }
            (_, None) => Verdict::Answer(request),
        }
    }

    fn is_broken(&self, farm: Serves) -> bool {
        self.broken.iter().any(|(serves, _)| *serves == farm)
    }
}

const HISTORY: &str = "Historical Market Data Service error message:HMDS connection attempt failed.  Connection will be \
                       re-attempted...";
const ORDERS: &str = "Order rejected - reason:Connectivity between IB and Trader Workstation has been lost.";

/// What a farm serves, by its name.
pub(super) fn serves(name: &str) -> Serves {
    let name = name.to_ascii_lowercase();
    if name.contains("hmds") {
        Serves::History
    } else if name.contains("secdef") {
        Serves::Contracts
    } else {
        Serves::Data
    }
}

/// What TWS says of a farm.
pub(super) fn farm_words(name: &str, is: FarmState) -> (i32, String) {
    let (code, text) = match (serves(name), is) {
        (Serves::Data, FarmState::Broken) => (2103, "Market data farm connection is broken:"),
        (Serves::Data, FarmState::Ok) => (2104, "Market data farm connection is OK:"),
        (Serves::Data, FarmState::Inactive) => {
            (2108, "Market data farm connection is inactive but should be available upon demand.")
        }
        (Serves::History, FarmState::Broken) => (2105, "HMDS data farm connection is broken:"),
        (Serves::History, FarmState::Ok) => (2106, "HMDS data farm connection is OK:"),
        (Serves::History, FarmState::Inactive) => {
            (2107, "HMDS data farm connection is inactive but should be available upon demand.")
        }
        (Serves::Contracts, FarmState::Broken) => (2157, "Sec-def data farm connection is broken:"),
        (Serves::Contracts, FarmState::Ok | FarmState::Inactive) => {
            (2158, "Sec-def data farm connection is OK:")
        }
        (_, FarmState::Connecting) => (2119, "Market data farm is connecting:"),
    };
    (code, format!("{text}{name}"))
}

fn is_farm_ok(message: &ErrorMessage) -> bool {
    matches!(message.error_code, Some(2104 | 2106 | 2158))
}

/// What comes by itself from where IB is.
fn is_streamed(kind: AnswerKind) -> bool {
    crate::chaos::Said::Data.holds(kind)
        || matches!(
            kind,
            AnswerKind::Pnl | AnswerKind::PnlSingle | AnswerKind::ScannerData | AnswerKind::NewsBulletin
        )
}

/// Does a request begin a stream of market data?
pub(super) fn is_for_data(kind: RequestKind) -> bool {
    matches!(
        kind,
        RequestKind::MarketData
            | RequestKind::MarketDepth
            | RequestKind::TickByTick
            | RequestKind::RealTimeBars
    )
}

fn need_of(kind: RequestKind) -> Need {
    match kind {
        RequestKind::PlaceOrder
        | RequestKind::CancelOrder
        | RequestKind::GlobalCancel
        | RequestKind::ExerciseOptions => Need::Orders,
        RequestKind::CalculateImpliedVolatility | RequestKind::CalculateOptionPrice => Need::Data,
        RequestKind::HistoricalData
        | RequestKind::HeadTimestamp
        | RequestKind::HistogramData
        | RequestKind::HistoricalTicks => Need::History,
        RequestKind::ContractData
        | RequestKind::MatchingSymbols
        | RequestKind::SecDefOptParams
        | RequestKind::SmartComponents => Need::Contracts,
        RequestKind::ScannerParameters
        | RequestKind::ScannerSubscription
        | RequestKind::NewsProviders
        | RequestKind::NewsArticle
        | RequestKind::HistoricalNews
        | RequestKind::FundamentalsData
        | RequestKind::WshMetaData
        | RequestKind::WshEventData => Need::Elsewhere,
        kind if is_for_data(kind) => Need::Data,
        _ => Need::Nothing,
    }
}
