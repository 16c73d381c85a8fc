//! The sections of the configuration, each with its defaults and its own sense of what is possible.

use super::numbers;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use tradeport_fake_broker::house::FakeHours;
use tradeport_kernel::{AccountId, Decimal, Symbol};

/// Which environment this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum Environment {
    /// On somebody's desk.
    #[default]
    Development,
    /// In tests.
    Testing,
    /// Where money is: nothing important may come from a default.
    Production,
}

impl Environment {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Testing => "testing",
            Self::Production => "production",
        }
    }
}

/// Which broker is traded with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum BrokerChoice {
    /// A simulated exchange and broker inside this program.
    #[default]
    Fake,
    /// Interactive Brokers, by TWS or IB Gateway.
    Tws,
}

impl BrokerChoice {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fake => "fake",
            Self::Tws => "tws",
        }
    }
}

/// How much is logged: each level holds all before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What should not have happened.
    Warn,
    /// What happened.
    #[default]
    Info,
    /// How.
    Debug,
    /// In every detail.
    Trace,
}

impl LogLevel {
    /// As it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}

/// For whom results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OutputFormat {
    /// Tables.
    #[default]
    Human,
    /// One JSON document, or one a line where there is no end.
    Json,
}

/// How results are printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutputConfig {
    /// For whom.
    pub format: OutputFormat,
}

/// A value that `Debug` does not show.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Redacted<T>(T);

impl<T> Redacted<T> {
    /// Keeps `value` out of `Debug`.
    #[must_use]
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for its use.
    #[must_use]
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Redacted<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// TWS or IB Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IbConfig {
    /// On which machine it runs.
    #[serde(deserialize_with = "host")]
    pub host: String,
    /// On which port it listens.
    #[serde(deserialize_with = "numbers::port")]
    pub port: u16,
    /// Our number among the programs that use it.
    #[serde(deserialize_with = "numbers::client_id")]
    pub client_id: u32,
    /// For which account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Redacted<AccountId>>,
    /// May real money be traded?
    pub allow_live: bool,
    /// So long a connection may take, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub connect_seconds: u64,
    /// So long the answer to a question may take, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub answer_seconds: u64,
    /// So long the answer to a question about the past may take, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub history_seconds: u64,
    /// So long the first word about an order may take, in seconds; without one its outcome is unknown.
    #[serde(deserialize_with = "numbers::seconds")]
    pub order_seconds: u64,
    /// A CSV file that says what codes of TWS mean which the bundled table does not know, or sees otherwise. A relative
    /// path begins where the program is started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notices_file: Option<PathBuf>,
}

fn host<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    if name.is_empty() || name.contains(char::is_whitespace) {
        let wrong = format_args!("{name:?} is not a host: expected a name such as localhost, or an address");
        return Err(serde::de::Error::custom(wrong));
    }
    Ok(name)
}

impl Default for IbConfig {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 7497,
            client_id: 1,
            account: None,
            allow_live: false,
            connect_seconds: 10,
            answer_seconds: 15,
            history_seconds: 60,
            order_seconds: 10,
            notices_file: None,
        }
    }
}

/// Where the databases lie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StorageConfig {
    /// A folder; or, when it ends in `.db`, `.sqlite` or `.sqlite3`, the file of the quotes, with the orders beside it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// How large each database may grow, in bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_limit: Option<u64>,
}

/// What can be traded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContractsConfig {
    /// A CSV file of futures products of one's own: further ones, or other facts of bundled ones. A relative path begins
    /// where the program is started.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub futures_file: Option<PathBuf>,
}

/// Recording of quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RecorderConfig {
    /// So many quotes are written at once.
    #[serde(deserialize_with = "numbers::batch")]
    pub batch: usize,
    /// Quotes wait for others at most so long, in milliseconds.
    #[serde(deserialize_with = "numbers::linger")]
    pub linger_ms: u64,
    /// A recording ends after so many seconds: one trading day of 6.5 hours.
    #[serde(deserialize_with = "numbers::seconds")]
    pub max_seconds: u64,
}

impl Default for RecorderConfig {
    fn default() -> Self {
        Self { batch: 1_000, linger_ms: 100, max_seconds: 23_400 }
    }
}

/// A rate a year: finite, and within ±1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Rate(f64);

impl Rate {
    /// As a fraction: 0.05 is five percent.
    #[must_use]
    pub const fn fraction(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Rate {
    type Error = String;
    fn try_from(rate: f64) -> Result<Self, String> {
        if rate.is_finite() && rate.abs() <= 1.0 {
            return Ok(Self(rate));
        }
        Err(format!("{rate} is not a rate: expected a fraction between -1 and 1, 0.05 for five percent"))
    }
}

impl From<Rate> for f64 {
    fn from(rate: Rate) -> Self {
        rate.0
    }
}

/// Figures of performance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PerformanceConfig {
    /// What money earns without risk, a year.
    pub risk_free_rate: Rate,
    /// What `metrics` compares the portfolio with, where quotes of it are recorded; the demo has its own benchmark.
    pub benchmark_symbol: Symbol,
    /// So often the portfolio's value is noted, in seconds.
    #[serde(deserialize_with = "numbers::seconds")]
    pub interval_seconds: u64,
}

impl Default for PerformanceConfig {
    fn default() -> Self {
        let benchmark_symbol = Symbol::new("SPY").expect("SPY is a symbol");
        Self { risk_free_rate: Rate(0.05), benchmark_symbol, interval_seconds: 300 }
    }
}

/// The simulated broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FakeConfig {
    /// Its prices follow from this number and the time.
    pub seed: u64,
    /// When its market is open.
    pub hours: FakeHours,
    /// The account that it opens, unless `ib.account` names one.
    pub account: AccountId,
    /// What that account holds at first, in US dollars.
    #[serde(deserialize_with = "numbers::cash")]
    pub cash: Decimal,
    /// The share of orders, changes and cancels that reach the broker and whose answer is lost together with the link:
    /// 0 to 1. For trying out what an unknown outcome looks like.
    #[serde(deserialize_with = "numbers::share")]
    pub lost_answers: Decimal,
    /// The share of them that is lost on the way to the broker, together with the link: 0 to 1. From here the two cannot
    /// be told apart.
    #[serde(deserialize_with = "numbers::share")]
    pub lost_requests: Decimal,
}

impl Default for FakeConfig {
    fn default() -> Self {
        let account = AccountId::new("DU1000001").expect("it is made of letters and digits");
        Self {
            seed: 1,
            hours: FakeHours::Always,
            account,
            cash: Decimal::from(1_000_000),
            lost_answers: Decimal::ZERO,
            lost_requests: Decimal::ZERO,
        }
    }
}
