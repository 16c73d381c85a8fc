//! Limits and the kill switch, as they are asked for.

use super::Span;
use clap::{Args, Subcommand};
use tradeport_risk::{NotAReason, SwitchReason};

/// What to do about risk.
#[derive(Clone, Debug, Subcommand)]
pub enum RiskCommand {
    /// Print the limits and their use, the kill switch, and what the gate said last
    Show(RiskShowArgs),
    /// Stop everything: no order leaves any more, and all orders are cancelled
    #[command(after_help = KILL_AFTER)]
    Kill(RiskKillArgs),
    /// Let orders leave again
    Resume(RiskResumeArgs),
}

const KILL_AFTER: &str = "It holds for every tradeport of this folder, also after a restart, until risk resume. A service that runs
cancels within a second; without one this command connects and cancels itself.
Exit codes: 0 all is cancelled, 4 it is killed and orders may still trade, 1 it is killed and the broker was not reached.";

/// How much to show.
#[derive(Clone, Copy, Debug, Args)]
pub struct RiskShowArgs {
    /// How many of the last verdicts
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub last: u16,
}

/// Why to stop.
#[derive(Clone, Debug, Args)]
pub struct RiskKillArgs {
    /// Why, in one line
    #[arg(long, value_name = "TEXT", default_value = "by hand", value_parser = reason)]
    pub reason: SwitchReason,
}

/// Why to go on.
#[derive(Clone, Debug, Args)]
pub struct RiskResumeArgs {
    /// Why it may go on, in one line
    #[arg(long, value_name = "TEXT", value_parser = reason)]
    pub reason: SwitchReason,
}

/// How to guard.
#[derive(Clone, Copy, Debug, Args)]
#[command(after_help = GUARD_AFTER)]
pub struct GuardArgs {
    /// A service that has said nothing for so long hangs
    #[arg(long, value_name = "TIME", default_value = "5s")]
    pub silence: Span,
}

const GUARD_AFTER: &str =
    "Run it beside tradeport serve, in the same folder: when the service hangs or dies, it kills the switch and has
the broker cancel every order. A service that ends in good order is no death. Ctrl-C ends it.";

fn reason(text: &str) -> Result<SwitchReason, NotAReason> {
    SwitchReason::new(text)
}
