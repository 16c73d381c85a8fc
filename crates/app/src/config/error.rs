//! What can be wrong with a configuration. Each message names the place and what would be right.

use std::path::PathBuf;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file that was asked for is not there, or not to be read.
    #[error("the configuration file {path} cannot be read")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// Too long to be a configuration; a wrong file, most likely.
    #[error("the configuration file {path} is larger than {most} bytes")]
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// What is taken.
        most: u64,
    },
    /// Not TOML, an unknown key, or a value that does not fit its key.
    #[error("{path} line {line}: {problem}")]
    InFile {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is wrong, with the known keys if one was not known.
        problem: String,
    },
    /// A variable of the environment that does not fit.
    #[error("{variable} is {value:?}: {problem}")]
    InEnvironment {
        /// Its name.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What is wrong.
        problem: String,
    },
    /// A flag that does not fit.
    #[error("{flag} is {value:?}: {problem}")]
    InFlag {
        /// Its name.
        flag: &'static str,
        /// Its value.
        value: String,
        /// What is wrong.
        problem: String,
    },
    /// Production without what must be said there.
    #[error("production needs {} to be set: defaults are not good enough there", missing.join(" and "))]
    Production {
        /// The names of what is missing.
        missing: Vec<&'static str>,
    },
    /// The port is that of a live account, and nobody said that this is meant.
    #[error("port {port} belongs to a live account, and live trading was not allowed")]
    LivePort {
        /// The port.
        port: u16,
    },
    /// Keys of one section that do not go together.
    #[error("[{section}] cannot be: {problem}")]
    Together {
        /// Which section.
        section: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// There is no folder for data on this machine.
    #[error("no folder for data is known: neither a home folder nor a place for data is set")]
    NoDataFolder,
}

impl ConfigError {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> String {
        match self {
            Self::Unreadable { cause, .. } if cause.kind() == std::io::ErrorKind::InvalidData => {
                "save it as text in UTF-8".to_owned()
            }
            Self::Unreadable { .. } => "name a file that exists and can be read".to_owned(),
            Self::TooLarge { .. } => "name a TOML file of tradeport's settings".to_owned(),
            Self::InFile { path, .. } => {
                format!("correct that line, then: tradeport config check {}", path.display())
            }
            Self::InEnvironment { variable, .. } => format!("correct or unset {variable}"),
            Self::InFlag { flag, .. } => format!("correct {flag}"),
            Self::Production { missing } => {
                let examples = missing.iter().map(|name| match *name {
                    "IB_CLIENT_ID" => "IB_CLIENT_ID=7".to_owned(),
                    name => format!("{name}=U1234567"),
                });
                format!("{} tradeport …, or --env development", examples.collect::<Vec<_>>().join(" "))
            }
            Self::LivePort { .. } => {
                "use a port of a paper account (7497 or 4002), or say --allow-live if real money is meant"
                    .to_owned()
            }
            Self::Together { section, .. } => {
                format!(
                    "correct [{section}] in the file of settings; tradeport config show prints what is in force"
                )
            }
            Self::NoDataFolder => "give --data-dir a folder".to_owned(),
        }
    }
}
