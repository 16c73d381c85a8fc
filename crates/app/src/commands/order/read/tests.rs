use super::*;
use crate::config::variables::Variables;
use crate::config::{OutputFormat, load};
use crate::service::Service;
use crate::service::file::ReportFile;
use crate::service::report::StatusReport;
use crate::stop::Stop;
use crate::wiring::{Access, open_stores};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tradeport_memory::VirtualClock;
use tradeport_orders::{JournalEntry, OrderDraft, OrderInput, OrderKind, Side};

fn session(folder: &Path) -> Session {
    let variables: Variables = [("DB_PATH", folder)].into_iter().collect();
    let clock = VirtualClock::new("2026-01-07T17:00:00Z".parse().unwrap());
    let loaded = load(None, &variables, &[]).unwrap();
    Session::new(loaded, Output::new(OutputFormat::Json, false), Stop::never(), Arc::new(clock))
}

async fn with_an_order(session: &Session) {
    let (account, ten) =
        (session.config().account().clone(), "10".parse::<tradeport_kernel::Quantity>().unwrap());
    let key: OrderKey = "k".parse().unwrap();
    let draft =
        OrderDraft::new(key.clone(), account, "AAPL".parse().unwrap(), Side::Buy, ten, OrderKind::Market);
    let at = session.clock().now();
    let lines = [
        JournalEntry::intended(draft.check().unwrap(), at),
        JournalEntry::happened(key, OrderInput::Sent, at),
    ];
    let stores = open_stores(session.config(), session.clock(), Access::Write).unwrap();
    stores.journal().append(&lines).await.unwrap();
}

/// What is read of orders while a service has said this last: the exit code, and why it is of before.
async fn read_beside(report: StatusReport, session: &Session) -> (u8, String) {
    ReportFile::within(&session.storage().unwrap().folder).write(&report).unwrap();
    let why = known(session).await.unwrap().unasked.map(|why| why.to_string()).unwrap_or_default();
    (list(false, session).await.unwrap().code(), why)
}

#[tokio::test]
async fn what_is_shown_while_the_service_hangs_is_said_to_be_of_before() {
    let folder = tempfile::tempdir().unwrap();
    let session = session(folder.path());
    with_an_order(&session).await;
    let service = Service::build(&session, Vec::new()).await.unwrap();
    assert_eq!(list(false, &session).await.unwrap().code(), 0, "it has said nothing yet");
    let fresh = service.report();
    let now = session.clock().now();
    let before = |seconds| now.before(Duration::from_secs(seconds));
    assert_eq!(read_beside(fresh.clone(), &session).await, (0, String::new()));
    let silent = StatusReport { at: before(11), beat: Some(before(11)), ..fresh.clone() };
    let hangs = "the service hangs: its last report is 11 s old";
    assert_eq!(read_beside(silent.clone(), &session).await, (1, hangs.to_owned()));
    let desk_hangs = StatusReport { beat: Some(before(6)), ..fresh };
    let words = "the service hangs: its desk says nothing".to_owned();
    assert_eq!(read_beside(desk_hangs, &session).await, (1, words));
    // What the one before has said last says nothing of the one that lives.
    let ended = StatusReport { stopped: true, ..silent };
    assert_eq!(read_beside(ended, &session).await, (0, String::new()));
}
