//! Laying the sources over each other, and remembering where each value came from.

use super::variables::{VARIABLES, Variables};
use super::{Config, ConfigError, file, place, rules};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use toml::{Table, Value};
use tradeport_risk::RiskPolicy;

/// Keys that have no value until somebody gives them one.
const WITHOUT_DEFAULT: [&str; 26] = [
    "contracts.futures_file",
    "ib.account",
    "ib.notices_file",
    "link.most_attempts",
    "link.zone",
    "pacing.jitter_ms",
    "pacing.messages_per_second",
    "risk.duplicate_window_seconds",
    "risk.max_daily_loss",
    "risk.max_daily_loss_share",
    "risk.max_drawdown",
    "risk.max_gross_share",
    "risk.max_margin_share",
    "risk.max_order_quantity",
    "risk.max_order_value",
    "risk.max_orders_per_minute",
    "risk.max_portfolio_risk",
    "risk.max_position_quantity",
    "risk.min_excess_liquidity",
    "risk.permissions.currencies",
    "risk.permissions.instruments",
    "risk.permissions.order_kinds",
    "risk.permissions.symbols",
    "risk.permissions.times_in_force",
    "storage.path",
    "storage.size_limit",
];

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody said anything.
    Default,
    /// The TOML file.
    File,
    /// This variable.
    Environment(&'static str),
    /// This flag.
    Flag(&'static str),
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File => f.write_str("file"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag(name) => write!(f, "flag {name}"),
        }
    }
}

/// A value that a flag gives to a key.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The key, with its section.
    pub key: &'static str,
    /// The flag, as it is typed.
    pub flag: &'static str,
    /// The value.
    pub value: Value,
}

/// A configuration that was put together and checked, and where its values came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    config: Config,
    sources: BTreeMap<String, Source>,
    file: Option<PathBuf>,
}

impl Loaded {
    /// The defaults, whatever lies on this machine.
    #[must_use]
    pub fn defaults() -> Self {
        Self { config: Config::default(), sources: BTreeMap::new(), file: None }
    }

    /// The same, with these values laid over it.
    pub fn with(&self, flags: &[Assignment]) -> Result<Self, ConfigError> {
        let merged = Table::try_from(&self.config).expect("every section is made of plain values");
        let mut layers = Layers { merged, sources: self.sources.clone() };
        layers.lay_flags(flags)?;
        let mut loaded = layers.finish(self.file.clone())?;
        loaded.config.data_folder.clone_from(&self.config.data_folder);
        loaded.config.named_zone = self.config.named_zone;
        Ok(loaded)
    }

    /// The configuration.
    #[must_use]
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The file that was read, if there was one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Where the value of a key, with its section, came from.
    #[must_use]
    pub fn source(&self, key: &str) -> &Source {
        self.sources.get(key).unwrap_or(&Source::Default)
    }

    /// The limits of risk as the file has them now; what a variable or a flag has said stays. Errors: the file makes no sense.
    pub fn reread_risk(&self) -> Result<RiskPolicy, ConfigError> {
        let Some(path) = &self.file else { return Ok(self.config.risk.clone()) };
        let mut layers = Layers::default();
        layers.lay_file(path)?;
        let over = |key: &str| matches!(self.source(key), Source::Environment(_) | Source::Flag(_));
        for (key, value) in self.values() {
            if let Some(value) = value.filter(|_| key.starts_with("risk.") && over(&key)) {
                set(&mut layers.merged, &key, value);
            }
        }
        Ok(layers.finish(Some(path.clone()))?.config.risk)
    }

    /// Refuses what no single key can tell: production without what must be said there, a live port.
    pub fn check(&self) -> Result<(), ConfigError> {
        rules::check(self)
    }

    /// Every key in order, with its value if it has one.
    #[must_use]
    pub fn values(&self) -> BTreeMap<String, Option<Value>> {
        let document = Table::try_from(&self.config).expect("every section is made of plain values");
        let mut leaves = BTreeMap::new();
        flatten("", &document, &mut leaves);
        let unset = WITHOUT_DEFAULT.into_iter().map(|key| (key.to_owned(), None));
        unset.chain(leaves.into_iter().map(|(key, value)| (key, Some(value)))).collect()
    }
}

/// Puts the configuration together: defaults, then the file, then the environment, then the flags. The file is the
/// one named; else `tradeport.toml` here, else the one in the user's folder for configurations, else none.
pub fn load(file: Option<&Path>, variables: &Variables, flags: &[Assignment]) -> Result<Loaded, ConfigError> {
    let file = file.map(Path::to_owned).or_else(|| place::config_file(variables));
    let mut layers = Layers::default();
    if let Some(path) = &file {
        layers.lay_file(path)?;
    }
    layers.lay_variables(variables, |_| true)?;
    layers.placed(file, variables, flags)
}

/// The same without the limits of risk, whatever these say: for whoever wants to stop everything, a slip in a limit must not be in
/// the way.
pub fn load_without_limits(
    file: Option<&Path>,
    variables: &Variables,
    flags: &[Assignment],
) -> Result<Loaded, ConfigError> {
    let file = file.map(Path::to_owned).or_else(|| place::config_file(variables));
    let mut layers = Layers::default();
    if let Some(path) = &file {
        layers.lay_file_without_limits(path)?;
    }
    layers.lay_variables(variables, |key| !key.starts_with("risk."))?;
    layers.placed(file, variables, flags)
}

/// A file by itself, without environment and flags.
pub fn load_file_alone(path: &Path) -> Result<Loaded, ConfigError> {
    let mut layers = Layers::default();
    layers.lay_file(path)?;
    layers.finish(Some(path.to_owned()))
}

#[derive(Default)]
struct Layers {
    merged: Table,
    sources: BTreeMap<String, Source>,
}

impl Layers {
    fn lay_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let written = file::read(path)?;
        let mut leaves = BTreeMap::new();
        flatten("", &written, &mut leaves);
        self.merged = written;
        self.sources.extend(leaves.into_keys().map(|key| (key, Source::File)));
        Ok(())
    }

    /// What can be used of a file whose limits make no sense: everything but these.
    fn lay_file_without_limits(&mut self, path: &Path) -> Result<(), ConfigError> {
        let mut written = file::table(path)?;
        written.remove("risk");
        let mut leaves = BTreeMap::new();
        flatten("", &written, &mut leaves);
        for (key, value) in leaves {
            let laid = self.lay(&key, value, Source::File);
            let path = path.to_owned();
            laid.map_err(|problem| ConfigError::InFile {
                path,
                line: 1,
                problem: format!("{key}: {problem}"),
            })?;
        }
        Ok(())
    }

    fn lay_variables(&mut self, variables: &Variables, takes: fn(&str) -> bool) -> Result<(), ConfigError> {
        for variable in VARIABLES.iter().filter(|variable| takes(variable.key)) {
            let Some(value) = variable.read(variables)? else { continue };
            let shown = variables.get(variable.name).map(|raw| raw.to_string_lossy().into_owned());
            self.lay(variable.key, value, Source::Environment(variable.name)).map_err(|problem| {
                let value = shown.unwrap_or_default();
                ConfigError::InEnvironment { variable: variable.name, value, problem }
            })?;
        }
        Ok(())
    }

    fn lay_flags(&mut self, flags: &[Assignment]) -> Result<(), ConfigError> {
        for Assignment { key, flag, value } in flags {
            let laid = self.lay(key, value.clone(), Source::Flag(flag));
            laid.map_err(|problem| ConfigError::InFlag { flag, value: plain(value), problem })?;
        }
        Ok(())
    }

    /// Lays one value over what is there, after asking whether it fits by itself: so the blame is exact. One that does not may
    /// still fit beside what is there: some limits make sense only with another.
    fn lay(&mut self, key: &str, value: Value, source: Source) -> Result<(), String> {
        let fits = |mut table: Table| {
            set(&mut table, key, value.clone());
            table.try_into::<Config>().map(drop)
        };
        if let Err(error) = fits(Table::new())
            && fits(self.merged.clone()).is_err()
        {
            return Err(file::in_our_words(error.message()));
        }
        set(&mut self.merged, key, value);
        self.sources.insert(key.to_owned(), source);
        Ok(())
    }

    /// Flags over it, and what this machine says of places.
    fn placed(
        mut self,
        file: Option<PathBuf>,
        variables: &Variables,
        flags: &[Assignment],
    ) -> Result<Loaded, ConfigError> {
        self.lay_flags(flags)?;
        let mut loaded = self.finish(file)?;
        loaded.config.data_folder = place::data_folder(variables);
        loaded.config.named_zone = place::named_zone(variables);
        Ok(loaded)
    }

    fn finish(self, file: Option<PathBuf>) -> Result<Loaded, ConfigError> {
        let config = self.merged.try_into::<Config>().map_err(|error| ConfigError::InFile {
            path: file.clone().unwrap_or_default(),
            line: 1,
            problem: file::in_our_words(error.message()),
        })?;
        Ok(Loaded { config, sources: self.sources, file })
    }
}

fn flatten(prefix: &str, table: &Table, leaves: &mut BTreeMap<String, Value>) {
    for (name, value) in table {
        // The name of an account may have a point in it, which would part it in two.
        let name = if name.contains('.') { format!("\"{name}\"") } else { name.clone() };
        let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        match value {
            Value::Table(inner) => flatten(&key, inner, leaves),
            leaf => {
                leaves.insert(key, leaf.clone());
            }
        }
    }
}

fn set(table: &mut Table, key: &str, value: Value) {
    let quoted = key.strip_prefix('"').and_then(|key| key.split_once("\"."));
    let Some((section, rest)) = quoted.or_else(|| key.split_once('.')) else {
        table.insert(key.to_owned(), value);
        return;
    };
    let inner = table.entry(section.to_owned()).or_insert_with(|| Value::Table(Table::new()));
    if let Value::Table(inner) = inner {
        set(inner, rest, value);
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests;
