//! Messages that the library cannot place: it writes a line of its log about each, and tells nobody else.
//!
//! It finds whose a row is by the number of the request in front. Where the bytes are so broken that there is none, the row
//! goes nowhere; and the end of an answer does not say how many rows there were. So its log is read: a question that such a
//! line falls into has no answer, and every connection ends, since nobody can tell whose row it was.
//!
//! One kind escapes: a row of an account's positions without a number goes to a place of the library where nobody listens, and
//! all that it writes then it also writes when any connection ends. Such a row is missing without a word.
//!
//! A process has one logger, so reading it is for whoever puts the process together: [`read_library_log`].

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use log::{Level, Log, Metadata, Record};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// So many were there, ever.
static COUNT: AtomicU64 = AtomicU64::new(0);
/// The connections of this process.
static CONNECTIONS: Mutex<Vec<UnboundedSender<String>>> = Mutex::new(Vec::new());

/// The process has another logger already, which is not ours to replace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the log of the client library goes elsewhere: a row that it cannot place is missing without a word")]
pub struct LogTaken;

/// From now on, a row that the client library cannot place is an error of whoever waits for rows, and ends the connection;
/// without it, the row is missing without a word. Takes the logger of the `log` crate for this process, once; a second call
/// changes nothing.
pub fn read_library_log() -> Result<(), LogTaken> {
    static OURS: Mutex<bool> = Mutex::new(false);
    let mut ours = OURS.lock().unwrap_or_else(PoisonError::into_inner);
    if !*ours {
        log::set_logger(&Reader).map_err(|_| LogTaken)?;
        log::set_max_level(log::LevelFilter::Info);
        *ours = true;
    }
    Ok(())
}

/// How many messages could not be placed so far.
pub(crate) fn count() -> u64 {
    COUNT.load(Ordering::Acquire)
}

/// What cannot be placed from now on.
pub(crate) fn listen() -> UnboundedReceiver<String> {
    let (connection, told) = unbounded();
    let mut connections = CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner);
    connections.retain(|it| !it.is_closed());
    connections.push(connection);
    told
}

/// Why a connection is worth nothing after such a line; `None` of all others.
fn lost(line: &str) -> Option<String> {
    if line.starts_with("error frame did not decode") {
        return Some("words of TWS about a request cannot be read".to_owned());
    }
    let message = line.strip_prefix("no recipient found for: ")?;
    // Bytes come before it, as numbers.
    let (_, kind) = message.rsplit_once("kind: ")?;
    let kind = kind.split([',', ' ', '}']).next().filter(|kind| OF_REQUESTS.contains(kind))?;
    Some(format!("a message of TWS cannot be read, not even whose it is ({kind})"))
}

/// What comes under the number of a request only, as the library names it. Other kinds may come unasked.
const OF_REQUESTS: [&str; 34] = [
    "AccountSummary",
    "AccountSummaryEnd",
    "BondContractData",
    "ContractData",
    "ContractDataEnd",
    "HeadTimestamp",
    "HistogramData",
    "HistoricalData",
    "HistoricalDataEnd",
    "HistoricalDataUpdate",
    "HistoricalSchedule",
    "HistoricalTick",
    "HistoricalTickBidAsk",
    "HistoricalTickLast",
    "MarketDataType",
    "MarketDepth",
    "MarketDepthL2",
    "PnL",
    "PnLSingle",
    "AccountUpdateMulti",
    "AccountUpdateMultiEnd",
    "RealTimeBars",
    "SecurityDefinitionOptionParameter",
    "SecurityDefinitionOptionParameterEnd",
    "SmartComponents",
    "SymbolSamples",
    "TickByTick",
    "TickGeneric",
    "TickOptionComputation",
    "TickPrice",
    "TickReqParams",
    "TickSize",
    "TickSnapshotEnd",
    "TickString",
];

/// Reads the lines of the library, and of nobody else.
struct Reader;

impl Log for Reader {
    fn enabled(&self, of: &Metadata<'_>) -> bool {
        of.level() <= Level::Info && of.target().starts_with("ibapi::transport")
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        let Some(reason) = lost(&record.args().to_string()) else { return };
        tracing::error!(reason, "a message that the client library cannot place");
        // Before the library reads on: the end of the answer may be what comes next.
        COUNT.fetch_add(1, Ordering::AcqRel);
        let connections = CONNECTIONS.lock().unwrap_or_else(PoisonError::into_inner);
        for connection in connections.iter() {
            // One that is over needs no reason.
            connection.unbounded_send(reason.clone()).unwrap_or_default();
        }
    }

    fn flush(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_about_what_somebody_asked_for_count() {
        let message = |kind: &str| {
            format!(
                "no recipient found for: ResponseMessage {{ i: 0, fields: [], raw_bytes: Some([8, 255]), kind: {kind}, \
                 message_id: Some(10) }}"
            )
        };
        assert!(lost(&message("ContractData")).is_some_and(|reason| reason.contains("ContractData")));
        for kind in ["NextValidId", "ManagedAccounts", "NewsBulletins", "CurrentTime", "NotValid"] {
            assert_eq!(lost(&message(kind)), None, "{kind}");
        }
        assert!(lost("error frame did not decode as an ErrorMessage proto (9 bytes); routing it").is_some());
        assert_eq!(lost("no recipient for notice (id=3): ContractData"), None);
    }

    #[test]
    fn nobody_else_is_read() {
        let of = |target: &'static str, level| Metadata::builder().target(target).level(level).build();
        assert!(Reader.enabled(&of("ibapi::transport::common", Level::Info)));
        assert!(!Reader.enabled(&of("ibapi::transport::common", Level::Debug)));
        assert!(!Reader.enabled(&of("mio::poll", Level::Error)));
    }
}
