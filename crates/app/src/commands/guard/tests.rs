use super::*;
use crate::clock::{FastClock, SystemClock};
use crate::config::variables::Variables;
use crate::config::{OutputFormat, load};
use crate::output::Output;
use crate::stop::Stop;
use std::path::Path;
use std::sync::Arc;
use tradeport_risk::Resume;

/// Waits are over sooner than on the wall.
const SPEED: f64 = 100.0;

/// A session with a TWS that nobody can reach.
fn unreachable(folder: &Path) -> Session {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let settings = folder.join("settings.toml");
    let words = format!("broker = \"tws\"\n[ib]\nhost = \"127.0.0.1\"\nport = {port}\n");
    std::fs::write(&settings, words).unwrap();
    let variables: Variables = [("DB_PATH", folder)].into_iter().collect();
    let loaded = load(Some(&settings), &variables, &[]).unwrap();
    let clock = Arc::new(FastClock::new(Arc::new(SystemClock), SPEED));
    Session::new(loaded, Output::new(OutputFormat::Json, false), Stop::never(), clock)
}

/// Resumes the switch once somebody has killed it.
async fn resumed(session: &Session) {
    let (switch, clock) = (switch_of(session).unwrap(), session.clock());
    let kill = loop {
        if let Switch::Killed(kill) = switch.look().await {
            break kill;
        }
        clock.sleep_until(clock.now().after(LOOK_EVERY)).await;
    };
    let reason = SwitchReason::new("the service is back").unwrap();
    let resume = Resume { kill, at: clock.now(), by: "ada".to_owned(), reason };
    switch.resume(&resume).await.unwrap();
}

/// The broker comes back later, with orders that were placed since: they are none of those that were to be cancelled.
#[tokio::test(flavor = "multi_thread")]
async fn once_the_switch_is_resumed_nothing_more_is_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let session = unreachable(folder.path());
    let silence = "5s".parse().unwrap();
    let guard = Guarding::new(&GuardArgs { silence }, &session).unwrap();
    let work = async { tokio::join!(guard.changed(WatchChange::Died { process: 7 }), resumed(&session)) };
    let clock = session.clock();
    let late = clock.sleep_until(clock.now().after(Duration::from_secs(600)));
    let ended = tokio::select! {
        _ = work => true,
        () = late => false,
    };
    assert!(ended, "it goes on to cancel whatever is open");
}
