//! What must hold between keys: what production demands, and which ports are those of live accounts.

use super::layers::{Loaded, Source};
use super::{Config, ConfigError, Environment};
use tradeport_sqlite::SqliteConfig;

/// Ports of TWS and IB Gateway for accounts with real money.
const LIVE_PORTS: [u16; 2] = [7496, 4001];

/// Refuses what no single key can tell.
pub(super) fn check(loaded: &Loaded) -> Result<(), ConfigError> {
    let ib = &loaded.config().ib;
    if loaded.config().environment == Environment::Production {
        let said = |key: &str| *loaded.source(key) != Source::Default;
        let demanded = [("IB_ACCOUNT", said("ib.account")), ("IB_CLIENT_ID", said("ib.client_id"))];
        let missing: Vec<_> = demanded.into_iter().filter(|(_, said)| !said).map(|(name, _)| name).collect();
        if !missing.is_empty() {
            return Err(ConfigError::Production { missing });
        }
    }
    if LIVE_PORTS.contains(&ib.port) && !ib.allow_live {
        return Err(ConfigError::LivePort { port: ib.port });
    }
    go_together(loaded.config())
}

/// Keys that make sense one by one, and not together.
fn go_together(config: &Config) -> Result<(), ConfigError> {
    let wrong = |section, problem: String| ConfigError::Together { section, problem };
    config.link.settings().map_err(|error| wrong("link", error.to_string()))?;
    config.pacing.limits().map_err(|error| wrong("pacing", error.to_string()))?;
    config.clients.plan(config.ib.client_id).map_err(|error| wrong("clients", error.to_string()))?;
    if let Some(bytes) = config.storage.size_limit {
        // Where the databases lie may not be known yet; how large they may grow is no matter of that.
        let anywhere = SqliteConfig::in_folder(".").and_then(|sqlite| sqlite.with_size_limit(bytes));
        anywhere.map_err(|error| wrong("storage", error.to_string()))?;
    }
    Ok(())
}
