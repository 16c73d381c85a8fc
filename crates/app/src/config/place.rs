//! Where files lie on this machine.
//!
//! Data lies in the user's own folder for data, not in the folder where a command happens to be typed: two folders
//! would be two journals, and an order key that one of them knows would be unknown to the other. Each environment has
//! a folder of its own, for the same reason turned round; and so have orders that are no play.

use super::variables::Variables;
use super::{BrokerChoice, Config, ConfigError, ZoneName};
use std::path::{Path, PathBuf};
use tradeport_kernel::Zone;

pub(super) const NAME: &str = "tradeport";

/// The databases and what lies beside them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Storage {
    /// Where everything else is kept.
    pub folder: PathBuf,
    /// Journal, audit, portfolio.
    pub orders: PathBuf,
    /// Quotes and bars.
    pub market: PathBuf,
}

/// Where the databases lie, by configuration or by the machine's habit.
pub(super) fn storage(config: &Config) -> Result<Storage, ConfigError> {
    match &config.storage.path {
        Some(path) if names_a_file(path) => Ok(beside(path)),
        Some(folder) => Ok(within(folder)),
        None => {
            let data = config.data_folder.as_ref().ok_or(ConfigError::NoDataFolder)?;
            let environment = config.environment.as_str();
            Ok(within(&data.join(NAME).join(match config.broker {
                BrokerChoice::Fake => environment.to_owned(),
                BrokerChoice::Tws => format!("{environment}-tws"),
            })))
        }
    }
}

fn names_a_file(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
    matches!(ending.as_deref(), Some("db" | "sqlite" | "sqlite3"))
}

fn within(folder: &Path) -> Storage {
    Storage { folder: folder.to_owned(), orders: folder.join("orders.db"), market: folder.join("market.db") }
}

/// `quotes.db` holds the quotes; `quotes-orders.db` beside it the orders.
fn beside(market: &Path) -> Storage {
    let stem = market.file_stem().unwrap_or_default().to_string_lossy();
    let ending = market.extension().unwrap_or_default().to_string_lossy();
    let parent = market.parent().filter(|parent| !parent.as_os_str().is_empty());
    let folder = parent.map_or_else(|| PathBuf::from("."), Path::to_owned);
    let orders = folder.join(format!("{stem}-orders.{ending}"));
    Storage { folder, orders, market: market.to_owned() }
}

/// The file of settings that is used when none is named.
pub(super) fn config_file(variables: &Variables) -> Option<PathBuf> {
    let here = PathBuf::from("tradeport.toml");
    let mine = config_folder(variables).map(|folder| folder.join(NAME).join("tradeport.toml"));
    // Whatever has the name is meant: a folder, or a link to nowhere, is told when it is read, not passed over in silence.
    [Some(here), mine].into_iter().flatten().find(|path| path.symlink_metadata().is_ok())
}

/// The user's folder for data, if this machine has one.
pub(super) fn data_folder(variables: &Variables) -> Option<PathBuf> {
    let set = |name| variables.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return set("LOCALAPPDATA");
    }
    let below_home = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".local/share" };
    set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(below_home)))
}

/// The time zone that the variable `TZ` names.
pub(super) fn named_zone(variables: &Variables) -> Option<ZoneName> {
    let name = variables.get("TZ")?.to_str()?.trim_start_matches(':').to_owned();
    ZoneName::try_from(name).ok()
}

/// This machine's time zone where no variable names one: what its own clock file is a link to; else that of the broker's
/// house.
pub(super) fn machine_zone() -> Zone {
    let linked = || {
        let target = std::fs::read_link("/etc/localtime").ok()?;
        let (_, name) = target.to_str()?.split_once("zoneinfo/")?;
        Zone::named(name).ok()
    };
    linked().unwrap_or_else(|| Zone::named("America/New_York").expect("every table of zones has New York"))
}

fn config_folder(variables: &Variables) -> Option<PathBuf> {
    let set = |name| variables.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
    if cfg!(windows) {
        return set("APPDATA");
    }
    let below_home = if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
    set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(below_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn storage(path: Option<&str>, variables: &[(&str, &str)]) -> Result<Storage, ConfigError> {
        let mut config = Config::default();
        config.storage.path = path.map(PathBuf::from);
        config.data_folder = data_folder(&variables.iter().copied().collect());
        config.storage()
    }

    #[test]
    fn a_folder_holds_both_files_and_a_file_has_the_other_beside_it() {
        let folder = storage(Some("data"), &[]).unwrap();
        assert_eq!((folder.orders, folder.market), ("data/orders.db".into(), "data/market.db".into()));
        let file = storage(Some("data/quotes.db"), &[]).unwrap();
        assert_eq!((file.orders, file.market), ("data/quotes-orders.db".into(), "data/quotes.db".into()));
        assert_eq!(storage(Some("quotes.db"), &[]).unwrap().folder, PathBuf::from("."));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn without_a_word_it_is_the_users_folder_and_the_environments_own() {
        let home = storage(None, &[("HOME", "/home/ada")]).unwrap();
        assert_eq!(home.folder, PathBuf::from("/home/ada/.local/share/tradeport/development"));
        let data = storage(None, &[("HOME", "/home/ada"), ("XDG_DATA_HOME", "/data")]).unwrap();
        assert_eq!(data.folder, PathBuf::from("/data/tradeport/development"));
        assert!(matches!(storage(None, &[]), Err(ConfigError::NoDataFolder)));
        let mut tws = Config { broker: BrokerChoice::Tws, ..Config::default() };
        tws.data_folder = Some("/data".into());
        assert_eq!(tws.storage().unwrap().folder, PathBuf::from("/data/tradeport/development-tws"));
    }
}
