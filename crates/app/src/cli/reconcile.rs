//! Reconciliation, as it is asked for.

use clap::Args;
use std::path::PathBuf;
use tradeport_risk::{NotAReason, SwitchReason};

/// What to hold against what.
#[derive(Clone, Debug, Args)]
#[command(after_help = AFTER)]
pub struct ReconcileArgs {
    /// A Flex statement of IB, as XML: trades, positions and cash are held against it as well
    #[arg(long, value_name = "FILE")]
    pub flex: Option<PathBuf>,
    /// End a break by its name, such as 3f09a1c2: you have looked at it, and what there is now counts
    #[arg(long, value_name = "NAME", requires = "reason", conflicts_with = "flex")]
    pub solve: Option<String>,
    /// Why it is well, in one line
    #[arg(long, value_name = "TEXT", requires = "solve", value_parser = reason)]
    pub reason: Option<SwitchReason>,
}

const AFTER: &str = "A service that runs is asked to do it; without one this command connects and does it itself.
Orders that others placed are shown and left alone. Nothing is made up to make numbers fit: a difference stands as a
break until the broker shows it gone, or until you end it.
Exit codes: 0 everything fits, 1 there are breaks, or the broker did not answer.";

fn reason(text: &str) -> Result<SwitchReason, NotAReason> {
    SwitchReason::new(text)
}
