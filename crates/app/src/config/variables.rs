//! The environment's variables that are settings; the only place that reads the environment.
//!
//! A variable that is set to nothing counts as not set.

use super::ConfigError;
use std::collections::BTreeMap;
use std::ffi::OsString;
use tradeport_kernel::Decimal;

/// The variables of a process.
#[derive(Clone, Debug, Default)]
pub struct Variables(BTreeMap<OsString, OsString>);

impl Variables {
    /// Those of this process.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn of_this_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// The value of a variable, if it is set to something.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OsString> {
        self.0.get(std::ffi::OsStr::new(name)).filter(|value| !value.is_empty())
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Variables {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect())
    }
}

/// How a variable's text becomes a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// As it is.
    Text,
    /// As it is, in small letters.
    Word,
    /// A number without a fraction.
    Whole,
    /// A decimal number.
    Number,
}

/// A variable and the key that it sets.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// The key, with its section.
    pub key: &'static str,
    /// What its text must be.
    pub shape: Shape,
}

const fn variable(name: &'static str, key: &'static str, shape: Shape) -> Variable {
    Variable { name, key, shape }
}

/// Every variable that is a setting.
pub const VARIABLES: [Variable; 13] = [
    variable("TRADEPORT_ENV", "environment", Shape::Word),
    variable("IB_HOST", "ib.host", Shape::Text),
    variable("IB_PORT", "ib.port", Shape::Whole),
    variable("IB_CLIENT_ID", "ib.client_id", Shape::Whole),
    variable("IB_ACCOUNT", "ib.account", Shape::Text),
    variable("DB_PATH", "storage.path", Shape::Text),
    variable("MAX_POSITION_SIZE", "risk.max_position_share", Shape::Number),
    variable("MAX_DAILY_TRADES", "risk.max_daily_trades", Shape::Whole),
    variable("MAX_ORDER_SIZE", "risk.max_order_quantity", Shape::Number),
    variable("MAX_PORTFOLIO_RISK", "risk.max_portfolio_risk", Shape::Number),
    variable("RISK_FREE_RATE", "performance.risk_free_rate", Shape::Number),
    variable("BENCHMARK_SYMBOL", "performance.benchmark_symbol", Shape::Text),
    variable("LOG_LEVEL", "log_level", Shape::Word),
];

/// The variable that sets a key, if one does.
#[must_use]
pub fn variable_of(key: &str) -> Option<&'static str> {
    VARIABLES.iter().find(|variable| variable.key == key).map(|variable| variable.name)
}

impl Variable {
    /// Its value as the configuration takes it; `None` when it is not set.
    pub(super) fn read(&self, variables: &Variables) -> Result<Option<toml::Value>, ConfigError> {
        let Some(raw) = variables.get(self.name) else { return Ok(None) };
        let wrong = |problem: &str| ConfigError::InEnvironment {
            variable: self.name,
            value: raw.to_string_lossy().chars().take(80).collect(),
            problem: problem.to_owned(),
        };
        let text = raw.to_str().ok_or_else(|| wrong("expected text in UTF-8"))?.trim();
        let value = match self.shape {
            Shape::Text => toml::Value::String(text.to_owned()),
            Shape::Word => toml::Value::String(text.to_ascii_lowercase()),
            Shape::Whole => {
                let number = text.parse().map_err(|_| wrong("expected a whole number"))?;
                toml::Value::Integer(number)
            }
            Shape::Number => {
                text.parse::<Decimal>().map_err(|_| wrong("expected a decimal number such as 0.05"))?;
                toml::Value::Float(text.parse().map_err(|_| wrong("expected a decimal number such as 0.05"))?)
            }
        };
        Ok(Some(value))
    }
}
