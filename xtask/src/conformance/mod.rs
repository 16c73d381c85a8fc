//! What others have written against the real thing, run against ours.

pub(crate) mod clients;
mod server;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::workspace::Workspace;

#[derive(Args)]
pub(crate) struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Runs a whole session of each of five unmodified IB clients against `tradeport fake-tws`; needs Python and a network
    /// the first time.
    Clients(clients::Options),
}

/// Runs what was asked for.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    match &options.what {
        What::Clients(options) => clients::run(workspace, options),
    }
}
