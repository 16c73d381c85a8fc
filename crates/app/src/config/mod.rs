//! What a user may decide, from where it comes, and whether it makes sense.
//!
//! One document of typed sections. Its values come from four places, each beating those before it: the default, the
//! TOML file, the environment ([`variables`]), the command line. A key that nobody knows is an error, in every place.
//!
//! Left out: what the sections mean to the crates that they configure; those check their own limits.

mod error;
mod file;
mod layers;
mod link;
mod numbers;
mod place;
mod reconciliation;
mod rules;
mod sections;
pub mod variables;

pub use error::ConfigError;
pub use layers::{Assignment, Loaded, Source, load, load_file_alone, load_without_limits};
pub use link::{ClientsConfig, LinkConfig, RegionChoice, TimeOfDay, ZoneName};
pub use place::Storage;
pub use reconciliation::ReconciliationConfig;
pub use sections::{
    BrokerChoice, ContractsConfig, Environment, FakeConfig, IbConfig, LogLevel, OutputConfig, OutputFormat,
    PerformanceConfig, Rate, RecorderConfig, Redacted, StorageConfig,
};

use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use tradeport_connection::breaker::BreakerSettings;
use tradeport_connection::calendar::OutageCalendar;
use tradeport_connection::pacing::LimitSettings;
use tradeport_kernel::AccountId;
use tradeport_portfolio::TargetRules;
use tradeport_risk::RiskPolicy;
use tradeport_trading::ProtectionPolicy;

/// Everything that can be configured; each field is a section or a key of the TOML file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Which environment this is; `production` asks for more to be said.
    pub environment: Environment,
    /// Which broker is traded with.
    pub broker: BrokerChoice,
    /// How much is logged to standard error.
    pub log_level: LogLevel,
    /// How results are printed.
    pub output: OutputConfig,
    /// TWS or IB Gateway.
    pub ib: IbConfig,
    /// How the link to the broker is looked after.
    pub link: LinkConfig,
    /// Which connections there may be, and under which numbers.
    pub clients: ClientsConfig,
    /// How fast the broker may be asked.
    pub pacing: LimitSettings,
    /// When something that keeps failing is left alone for a while.
    pub breaker: BreakerSettings,
    /// Where the databases lie.
    pub storage: StorageConfig,
    /// What can be traded.
    pub contracts: ContractsConfig,
    /// What no order may exceed.
    pub risk: RiskPolicy,
    /// Which cover positions must have; who has less is told of.
    pub protection: ProtectionPolicy,
    /// Orders for a share of the portfolio.
    pub targets: TargetRules,
    /// Holding what is known against the broker.
    pub reconciliation: ReconciliationConfig,
    /// Recording of quotes.
    pub recorder: RecorderConfig,
    /// Figures of performance.
    pub performance: PerformanceConfig,
    /// The simulated broker.
    pub fake: FakeConfig,
    /// This machine's folder for data, which is a fact and not a setting.
    #[serde(skip)]
    data_folder: Option<PathBuf>,
    /// The time zone that the environment names, which is a fact, too.
    #[serde(skip)]
    named_zone: Option<ZoneName>,
}

impl Config {
    /// Where the databases lie; their folder may not exist yet.
    pub fn storage(&self) -> Result<Storage, ConfigError> {
        place::storage(self)
    }

    /// This user's folder for what all of the program's processes on this machine share; the folder of the databases where
    /// there is no other.
    pub fn shared_folder(&self) -> Result<PathBuf, ConfigError> {
        match &self.data_folder {
            Some(folder) => Ok(folder.join(place::NAME)),
            None => Ok(self.storage()?.folder),
        }
    }

    /// When the link is expected to go away.
    #[must_use]
    pub fn outages(&self) -> OutageCalendar {
        self.link.calendar(self.named_zone.map_or_else(place::machine_zone, ZoneName::zone))
    }

    /// For whom orders are, as far as that is known without asking a broker.
    #[must_use]
    pub fn known_account(&self) -> Option<&AccountId> {
        let simulated = (self.broker == BrokerChoice::Fake).then_some(&self.fake.account);
        self.ib.account.as_ref().map(Redacted::reveal).or(simulated)
    }

    /// For whom orders are, when nobody says so: the configured account, else the simulated broker's.
    #[must_use]
    pub fn account(&self) -> &AccountId {
        self.ib.account.as_ref().map_or(&self.fake.account, Redacted::reveal)
    }
}
