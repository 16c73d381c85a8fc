//! Which number we are among the clients of TWS.
//!
//! Orders belong to the number that placed them. So whoever trades has the one number that is configured, whether it is the
//! service or a command: whoever has the databases of a folder trades there, and there is one at a time. Recorders,
//! guards and commands that only look have numbers of their own ranges, the lowest that no living process of this user has.
//!
//! Left out: what TWS says of a number, which may be taken by somebody whom we do not know.

use super::waiting::{Tried, once_free};
use crate::Session;
use crate::fault::Fault;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use tradeport_connection::Purpose;

/// A number that no other process of this user has while this lives.
#[derive(Debug)]
pub(super) struct Seat {
    id: i32,
    /// Nowhere to write down who has which number: TWS alone tells.
    lock: Option<(File, PathBuf)>,
}

impl Seat {
    /// The lowest free number for a purpose. Errors: all are taken by other processes.
    pub(super) fn take(session: &Session, purpose: Purpose) -> anyhow::Result<Self> {
        match Self::try_take(session, purpose)? {
            Tried::Got(seat) => Ok(seat),
            Tried::Busy(why) => Err(why),
        }
    }

    /// The same, once whoever has them for the moment has ended.
    pub(super) async fn take_once_free(session: &Session, purpose: Purpose) -> anyhow::Result<Self> {
        once_free("the client id", session, || Self::try_take(session, purpose)).await
    }

    fn try_take(session: &Session, purpose: Purpose) -> anyhow::Result<Tried<Self>> {
        let config = session.config();
        let plan = config.clients.plan(config.ib.client_id)?;
        let folder = config.shared_folder()?.join("clients");
        if let Err(error) = std::fs::create_dir_all(&folder) {
            tracing::debug!(%error, "who has which client id cannot be written down");
        }
        let place = format!("{}:{}", config.ib.host, config.ib.port);
        for id in plan.range(purpose).ids() {
            if let Found::Free(lock) = look(&folder, &place, id) {
                return Ok(Tried::Got(Self { id, lock }));
            }
        }
        Ok(Tried::Busy(taken(purpose, config.ib.client_id, &place).of_reaching().into()))
    }

    /// The number.
    pub(super) const fn id(&self) -> i32 {
        self.id
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Some((file, path)) = self.lock.take() {
            drop(file);
            // Another process may have it by now: then it stays where it is on some systems, and is found again on others.
            std::fs::remove_file(path).unwrap_or_default();
        }
    }
}

/// Who has a number.
enum Found {
    /// Nobody whom we know; with what says from now on that we have it, where that can be written.
    Free(Option<(File, PathBuf)>),
    /// A living process.
    Taken,
}

fn look(folder: &Path, place: &str, id: i32) -> Found {
    let name: String = place.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '-' }).collect();
    let path = folder.join(format!("{name}-{id}.lock"));
    let Ok(file) = File::create(&path) else { return Found::Free(None) };
    match file.try_lock() {
        Ok(()) => Found::Free(Some((file, path))),
        Err(TryLockError::WouldBlock) => Found::Taken,
        Err(TryLockError::Error(_)) => Found::Free(None),
    }
}

fn taken(purpose: Purpose, base: u32, place: &str) -> Fault {
    match purpose {
        Purpose::Interactive => Fault::failed(
            format!("client id {base} at {place} is in use by another tradeport that trades"),
            "stop it, or give this one another client id: IB_CLIENT_ID",
        ),
        purpose => Fault::failed(
            format!("every {purpose} client id at {place} is in use by other runs of tradeport"),
            "end one of them, or raise the counts of [clients] in the file of settings",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::config::variables::Variables;
    use crate::config::{OutputFormat, load};
    use crate::output::Output;
    use crate::stop::Stop;
    use std::sync::Arc;
    use std::time::Duration;
    use tradeport_kernel::Timestamp;
    use tradeport_memory::VirtualClock;

    #[tokio::test]
    async fn a_service_waits_for_the_number_of_a_command_that_is_about_to_end() {
        let folder = tempfile::tempdir().unwrap();
        let variables: Variables = [("DB_PATH", folder.path())].into_iter().collect();
        let clock = VirtualClock::new(Timestamp::EPOCH);
        let output = Output::new(OutputFormat::Json, false);
        let loaded = load(None, &variables, &[]).unwrap();
        let session = Session::new(loaded, output, Stop::never(), Arc::new(clock.clone()));
        let command = Seat::take(&session, Purpose::Interactive).unwrap();
        let mut service = Box::pin(Seat::take_once_free(&session, Purpose::Interactive));
        assert!(futures::poll!(&mut service).is_pending());
        drop(command);
        clock.advance(Duration::from_secs(1));
        assert_eq!(service.await.unwrap().id(), 1);
    }

    #[test]
    fn every_purpose_has_numbers_of_its_own_and_no_two_have_one() {
        let folder = tempfile::tempdir().unwrap();
        let variables: Variables = [("DB_PATH", folder.path())].into_iter().collect();
        let loaded = load(None, &variables, &[]).unwrap();
        let output = Output::new(OutputFormat::Json, false);
        let session = Session::new(loaded, output, Stop::never(), Arc::new(SystemClock));
        let take = |purpose| Seat::take(&session, purpose);
        let first = Purpose::ALL.map(|purpose| take(purpose).unwrap());
        assert_eq!([1, 11, 21, 31, 41], first.each_ref().map(Seat::id));
        let fillers: Vec<_> = (0..3).map(|_| take(Purpose::GapFiller).unwrap()).collect();
        assert_eq!([22, 23, 24], [0, 1, 2].map(|place: usize| fillers[place].id()));
        let error = take(Purpose::GapFiller).unwrap_err().to_string();
        assert!(error.contains("every gap filler client id"), "{error}");
        drop(fillers);
        assert_eq!(take(Purpose::GapFiller).unwrap().id(), 22, "what was given back is free");
        assert!(take(Purpose::Interactive).is_err(), "orders have one number alone");
    }
}
