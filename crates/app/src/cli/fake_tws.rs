//! A TWS to connect to, as it is asked for.

use clap::{Args, ValueEnum};
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use tradeport_kernel::{AccountId, Decimal};

/// What kind of TWS to be.
#[derive(Clone, Debug, Args)]
pub struct FakeTwsArgs {
    /// The port to listen on; 0 for one that is free
    #[arg(long, default_value_t = 4002)]
    pub port: u16,
    /// The address to listen on; 0.0.0.0 lets other machines in
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    pub listen: IpAddr,
    /// Where chance begins: the same seed makes the same market
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many times as fast as real time the market's clock runs; `max` for as fast as the clients read
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = speed)]
    pub speed: f64,
    /// The accounts, with commas between them
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "DU1234567")]
    pub accounts: Vec<AccountId>,
    /// What each account begins with, in US dollars
    #[arg(long, value_name = "AMOUNT", default_value = "1000000")]
    pub cash: Decimal,
    /// The client that hears of the orders of all others
    #[arg(long, value_name = "CLIENT")]
    pub master_client: Option<i32>,
    /// What to do with more messages a second than IB allows
    #[arg(long, value_enum, value_name = "WHAT", default_value_t = Excess::Refuse)]
    pub excess: Excess,
    /// What goes wrong, and when: a file of TOML
    #[arg(long, value_name = "FILE")]
    pub scenario: Option<PathBuf>,
    /// Record every connection in this file, which must not exist yet
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
    /// Serve a recording again, as fast as --speed says, instead of a market
    #[arg(long, value_name = "FILE", conflicts_with_all = ["record", "scenario", "seed", "accounts", "cash", "master_client", "excess"])]
    pub replay: Option<PathBuf>,
}

/// What becomes of messages above the rate that IB allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Excess {
    /// Refuse them with error 100, and end the session the third time
    Refuse,
    /// Answer them all
    Answer,
}

fn speed(text: &str) -> Result<f64, String> {
    let wrong = || "expected a number from 0.001 to 100000, or max".to_owned();
    if text == "max" {
        return Ok(f64::INFINITY);
    }
    let speed: f64 = text.parse().map_err(|_| wrong())?;
    if (0.001..=100_000.0).contains(&speed) { Ok(speed) } else { Err(wrong()) }
}
