//! Questions about contracts, as they are typed.

use super::{DayOrMonth, Spec};
use clap::{Args, Subcommand};

/// What to ask about contracts.
#[derive(Clone, Debug, Subcommand)]
pub enum ContractCommand {
    /// Print all that is known of one contract
    Show {
        /// The instrument, such as AAPL, "AAPL 20261218C450", "ES 202612@CME", EUR.USD or crypto:BTC
        #[arg(value_name = "SPEC")]
        spec: Spec,
    },
    /// Find contracts by the beginning of their symbol or their name
    Search {
        /// The beginning, in capital or small letters
        #[arg(value_name = "PATTERN")]
        pattern: String,
        /// Print at most so many
        #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        most: u32,
    },
    /// Print the options on an instrument with their prices
    Chain(ChainArgs),
    /// Print when a contract trades
    Hours(HoursArgs),
}

/// Which options.
#[derive(Clone, Debug, Args)]
pub struct ChainArgs {
    /// What they are on, such as AAPL or index:SPX@CBOE
    #[arg(value_name = "UNDERLYING")]
    pub underlying: Spec,
    /// Only those that end on this day or in this month, such as 2026-12-18 or 2026-12 [default: the next three expiries]
    #[arg(long, value_name = "DATE")]
    pub expiry: Option<DayOrMonth>,
    /// So many strikes around the price
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub strikes: u32,
    /// What the broker's model makes of each: volatility, delta, gamma, vega and theta; asks for one after the other
    #[arg(long)]
    pub greeks: bool,
}

/// Whose hours.
#[derive(Clone, Debug, Args)]
pub struct HoursArgs {
    /// The instrument, such as AAPL or "ES 202612@CME"
    #[arg(value_name = "SPEC")]
    pub spec: Spec,
    /// For so many days from today on
    #[arg(long, value_name = "N", default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=400))]
    pub days: u16,
}
