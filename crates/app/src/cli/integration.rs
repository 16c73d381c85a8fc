//! A run of the integration scenarios, as it is asked for.

use clap::{ArgGroup, Args};
use std::path::PathBuf;

/// Which brokers, and which scenarios.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("brokers").required(true).args(["fake", "tws", "list"]))]
pub struct IntegrationArgs {
    /// On the simulated broker, and on the adapter for TWS over a simulated TWS: no account, no network
    #[arg(long)]
    pub fake: bool,
    /// On the TWS or IB Gateway that listens there, with a paper account; tiny orders far from the market
    #[arg(long, value_name = "HOST:PORT")]
    pub tws: Option<Place>,
    /// Print the names of the scenarios
    #[arg(long)]
    pub list: bool,
    /// Only this scenario, or all of a group such as orders; may be given several times
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Place no orders
    #[arg(long, conflicts_with_all = ["fake", "list"])]
    pub look_only: bool,
    /// The account, where there are several
    #[arg(long, value_name = "ACCOUNT", conflicts_with_all = ["fake", "list"])]
    pub account: Option<String>,
    /// Our number among the programs that use that TWS
    #[arg(long, value_name = "NUMBER", default_value_t = 77)]
    pub client_id: u32,
    /// Where the report goes, with what is kept of the run
    #[arg(long, value_name = "DIR", default_value = "integration-report")]
    pub report: PathBuf,
}

/// Where a TWS listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// On which machine.
    pub host: String,
    /// On which port.
    pub port: u16,
}

/// The text names no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a place: expected a machine and a port, such as 127.0.0.1:7497")]
pub struct NotAPlace(String);

impl std::str::FromStr for Place {
    type Err = NotAPlace;
    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let wrong = || NotAPlace(text.chars().take(80).collect());
        let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = port.parse().ok().filter(|port| *port > 0).ok_or_else(wrong)?;
        if host.is_empty() || host.chars().any(char::is_whitespace) {
            return Err(wrong());
        }
        Ok(Self { host: host.to_owned(), port })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_machine_and_a_port() {
        let place = |text: &str| text.parse::<Place>().map(|it| (it.host, it.port));
        assert_eq!(place("127.0.0.1:7497"), Ok(("127.0.0.1".to_owned(), 7497)));
        assert_eq!(place("[::1]:4002"), Ok(("::1".to_owned(), 4002)));
        for bad in ["", "7497", "host:", ":7497", "host:0", "host:70000", "a b:1"] {
            assert!(place(bad).is_err(), "{bad:?}");
        }
    }
}
