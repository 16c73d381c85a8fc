//! Recordings of the wire, as they are asked for.

use clap::{Args, Subcommand};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;

/// What to do with recordings of the wire.
#[derive(Clone, Debug, Subcommand)]
pub enum WireCommand {
    /// Print a recording, one line per message
    Show(WireShowArgs),
    /// Record what goes between clients and a real TWS, standing between them
    Record(WireRecordArgs),
}

/// Which recording to print.
#[derive(Clone, Debug, Args)]
pub struct WireShowArgs {
    /// The recording, made with `fake-tws --record` or `wire record`
    pub file: PathBuf,
    /// Print what is private, too: accounts, what orders ask for, executions, balances
    #[arg(long)]
    pub orders: bool,
}

/// Between whom to stand.
#[derive(Clone, Debug, Args)]
pub struct WireRecordArgs {
    /// The recording to make; it must not exist yet
    pub file: PathBuf,
    /// Where the TWS or Gateway listens
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    pub upstream: String,
    /// The port for clients; 0 for one that is free
    #[arg(long, default_value_t = 4003)]
    pub port: u16,
    /// The address to listen on; 0.0.0.0 lets other machines reach the account
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub listen: IpAddr,
}

fn host_and_port(text: &str) -> Result<String, String> {
    let wrong = || "expected a host and a port, such as 127.0.0.1:4001".to_owned();
    let (host, port) = text.rsplit_once(':').ok_or_else(wrong)?;
    let port: u16 = port.parse().map_err(|_| wrong())?;
    if host.is_empty() || port == 0 { Err(wrong()) } else { Ok(text.to_owned()) }
}
