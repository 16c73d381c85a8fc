//! A service that begins while others have, for a moment or for longer, what it needs.

use super::*;
use crate::exit::Exit;
use crate::fault::Report;
use crate::wiring::{Access, open_stores};
use tradeport_kernel::Clock;
use tradeport_memory::VirtualClock;
use tradeport_sqlite::SqliteStores;

/// Time goes on by hand alone.
fn standing(folder: &Path, stop: Stop) -> (Session, VirtualClock) {
    let clock = VirtualClock::new("2026-01-07T17:00:00Z".parse().unwrap());
    let running = session(folder);
    let output = Output::new(OutputFormat::Json, false);
    (Session::new(running.loaded().clone(), output, stop, Arc::new(clock.clone())), clock)
}

fn held(session: &Session) -> SqliteStores {
    open_stores(session.config(), session.clock(), Access::Write).unwrap()
}

/// Moves time on, step by step, until this ends.
async fn meanwhile<T>(clock: &VirtualClock, work: impl Future<Output = T>) -> T {
    let time = async {
        loop {
            tokio::task::yield_now().await;
            if let Some(next) = clock.next_deadline() {
                clock.advance_to(next);
            }
        }
    };
    tokio::select! {
        ended = work => ended,
        never = time => never,
    }
}

fn seconds_since(began: Timestamp, clock: &VirtualClock) -> f64 {
    clock.now().since(began).as_secs_f64()
}

#[tokio::test]
async fn it_waits_for_a_command_that_has_the_databases_for_a_moment() {
    let folder = tempfile::tempdir().unwrap();
    let (session, clock) = standing(folder.path(), Stop::never());
    let (stores, began) = (held(&session), clock.now());
    let gone = async {
        clock.sleep_until(began.after(Duration::from_secs(3))).await;
        drop(stores);
    };
    let build = Service::build(&session, Vec::new());
    let (built, ()) = meanwhile(&clock, async { tokio::join!(build, gone) }).await;
    built.unwrap();
    assert!((3.0..4.0).contains(&seconds_since(began, &clock)));
}

#[tokio::test]
async fn a_command_that_goes_on_is_told_after_a_few_seconds() {
    let folder = tempfile::tempdir().unwrap();
    let (session, clock) = standing(folder.path(), Stop::never());
    let (_stores, began) = (held(&session), clock.now());
    let built = meanwhile(&clock, Service::build(&session, Vec::new())).await;
    let report = Report::of(&built.err().unwrap());
    assert!(report.message.contains("in use by another tradeport"), "{report:?}");
    assert!((5.0..6.0).contains(&seconds_since(began, &clock)));
    assert!(!ServiceLock::is_held(folder.path()), "it ended");
}

#[tokio::test]
async fn who_stops_it_while_it_waits_need_not_wait() {
    let folder = tempfile::tempdir().unwrap();
    let (stop, ask) = Stop::by_hand();
    let (session, clock) = standing(folder.path(), stop);
    let (_stores, began) = (held(&session), clock.now());
    let asked = async {
        clock.sleep_until(began.after(Duration::from_secs(1))).await;
        ask();
    };
    let build = Service::build(&session, Vec::new());
    let (built, ()) = meanwhile(&clock, async { tokio::join!(build, asked) }).await;
    assert_eq!(Report::of(&built.err().unwrap()).exit(), Exit::Interrupted);
    assert!(seconds_since(began, &clock) < 2.0);
}

/// Time stands: whoever waited would wait for ever.
#[tokio::test]
async fn a_second_service_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (session, _clock) = standing(folder.path(), Stop::never());
    let _first = Service::build(&session, Vec::new()).await.unwrap();
    let second = Service::build(&session, Vec::new()).await;
    let report = Report::of(&second.err().unwrap());
    assert!(report.message.contains("a service runs in"), "{report:?}");
}

/// Whoever looks whether a service lives has its lock for that moment.
#[tokio::test]
async fn who_only_looks_whether_there_is_one_does_not_keep_it_from_beginning() {
    let folder = tempfile::tempdir().unwrap();
    let (session, clock) = standing(folder.path(), Stop::never());
    drop(Service::build(&session, Vec::new()).await.unwrap());
    let looks = std::fs::File::open(folder.path().join("service.lock")).unwrap();
    looks.lock_shared().unwrap();
    let gone = async {
        clock.sleep_until(clock.now().after(Duration::from_millis(20))).await;
        looks.unlock().unwrap();
    };
    let build = Service::build(&session, Vec::new());
    let (built, ()) = meanwhile(&clock, async { tokio::join!(build, gone) }).await;
    built.unwrap();
}
