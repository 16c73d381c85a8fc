//! What to do with the audit log, as it is typed.

use super::UtcMoment;
use clap::{Args, Subcommand};
use tradeport_kernel::OrderKey;
use tradeport_trading::audit::ChainHash;

/// What to do with the audit log.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Check that nobody changed the log, and that the other tables and their schema are what they should be
    Verify(VerifyArgs),
    /// Print the latest records
    Show(ShowArgs),
    /// Make the table of orders anew from the journal, with the indices, triggers and views of the database
    Rebuild,
}

/// What to hold the log against.
#[derive(Clone, Debug, Args)]
#[command(after_help = VERIFY_AFTER)]
pub struct VerifyArgs {
    /// A hash that was printed before and kept elsewhere: the log must still hold what it held then
    #[arg(long, value_name = "HASH")]
    pub head: Option<ChainHash>,
}

const VERIFY_AFTER: &str = "Ends with 0 when all is as it should be, and with 1 otherwise.
Who can rewrite the whole file can make a whole chain: keep the printed hash elsewhere, and give it with --head later.";

/// Which records.
#[derive(Clone, Debug, Args)]
pub struct ShowArgs {
    /// Only those about this order
    #[arg(long, value_name = "KEY")]
    pub order: Option<OrderKey>,
    /// Only those from this day or moment on, such as 2025-03-01 or 2025-03-01T14:30:00Z
    #[arg(long, value_name = "TIME")]
    pub since: Option<UtcMoment>,
    /// At most so many, the latest
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub limit: u32,
}
