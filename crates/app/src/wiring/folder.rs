//! Whose orders lie in a folder: those of the simulated broker, or those of TWS. A journal that is held against another
//! broker would take every open order for one that the broker has lost.

use super::stores::settings;
use crate::Session;
use crate::config::{BrokerChoice, Config};
use crate::fake::KeptState;
use crate::fault::Fault;
use anyhow::Context;

/// Says that orders of TWS lie beside it.
const OF_TWS: &str = "broker-tws";

/// Refuses a folder with another broker's orders.
pub(super) fn check(session: &Session) -> anyhow::Result<()> {
    let folder = session.storage()?.folder;
    let other = match session.config().broker {
        BrokerChoice::Fake => folder.join(OF_TWS).exists().then_some("TWS"),
        BrokerChoice::Tws => KeptState::within(&folder).exists().then_some("the simulated broker"),
    };
    let Some(other) = other else { return Ok(()) };
    let message = format!("the orders in {} are those of {other}", folder.display());
    Err(Fault::usage(message, "another folder for this broker: --data-dir DIR").into())
}

/// Refuses to begin a journal where there was one: what lies beside it says so, and a key that it knew could be used again.
pub(super) fn check_kept(config: &Config) -> anyhow::Result<()> {
    let storage = config.storage()?;
    let found = std::fs::metadata(&storage.orders);
    // The database's own mark tells more, where there is one.
    if found.as_ref().is_ok_and(|file| file.len() > 0) || settings(config)?.high_water().exists() {
        return Ok(());
    }
    let trace = match config.broker {
        BrokerChoice::Fake => KeptState::within(&storage.folder).path().to_owned(),
        BrokerChoice::Tws => storage.folder.join(OF_TWS),
    };
    if !trace.exists() {
        return Ok(());
    }
    let state = if found.is_ok() { "is empty" } else { "is gone" };
    let (orders, trace) = (storage.orders.display(), trace.display());
    let message = format!(
        "{orders} {state}, and {trace} tells that orders were placed from here: one that is forgotten could be placed again"
    );
    let advice = format!(
        "put it or its newest backup back; to begin anew, look at what is open at the broker, then move {trace} away"
    );
    Err(Fault::failed(message, advice).into())
}

/// Notes that orders of TWS lie here from now on.
pub(super) fn claim_for_tws(session: &Session) -> anyhow::Result<()> {
    let path = session.storage()?.folder.join(OF_TWS);
    if path.exists() {
        return Ok(());
    }
    std::fs::write(&path, "").with_context(|| format!("{} cannot be written", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::load;
    use crate::config::variables::Variables;
    use crate::config::{Assignment, OutputFormat};
    use crate::output::Output;
    use crate::stop::Stop;
    use std::path::Path;
    use std::sync::Arc;
    use tradeport_kernel::Timestamp;
    use tradeport_memory::VirtualClock;

    fn session(folder: &Path, broker: &str) -> Session {
        let chosen = Assignment { key: "broker", flag: "--broker", value: broker.into() };
        let variables: Variables = [("DB_PATH", folder)].into_iter().collect();
        let loaded = load(None, &variables, &[chosen]).unwrap();
        let clock = Arc::new(VirtualClock::new(Timestamp::EPOCH));
        Session::new(loaded, Output::new(OutputFormat::Json, false), Stop::never(), clock)
    }

    #[test]
    fn a_folder_is_one_brokers() {
        let folder = tempfile::tempdir().unwrap();
        let (fake, tws) = (session(folder.path(), "fake"), session(folder.path(), "tws"));
        assert!(check(&fake).is_ok() && check(&tws).is_ok(), "an empty one is nobody's");
        claim_for_tws(&tws).unwrap();
        claim_for_tws(&tws).unwrap();
        assert!(check(&fake).unwrap_err().to_string().contains("those of TWS"));
        assert!(check(&tws).is_ok());

        let folder = tempfile::tempdir().unwrap();
        std::fs::write(KeptState::within(folder.path()).path(), "").unwrap();
        assert!(check(&session(folder.path(), "tws")).unwrap_err().to_string().contains("simulated"));
        assert!(check(&session(folder.path(), "fake")).is_ok());
    }
}
