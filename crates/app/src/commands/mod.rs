//! What each command does: a few lines of wiring around the use cases, and the printing of what they say.

mod account;
mod audit;
mod backup;
mod config;
mod contract;
mod fake_tws;
mod guard;
mod integration;
mod metrics;
pub(crate) mod order;
mod pnl;
mod quote;
mod reconcile;
mod record;
mod risk;
mod serve;
pub(crate) mod status;
mod wire;

pub(crate) use order::obey;
pub(crate) use record::limited;

use crate::Session;
use crate::cli::Command;
use crate::exit::Exit;

/// Runs a command to its end.
pub async fn run(command: Command, session: &Session) -> anyhow::Result<Exit> {
    match command {
        Command::Demo(arguments) => crate::demo::run(&arguments, session).await,
        Command::Serve(arguments) => serve::run(&arguments, session).await,
        Command::Status => status::run(session).await,
        Command::Quote(arguments) => quote::run(&arguments, session).await,
        Command::Record(arguments) => record::run(&arguments, session).await,
        Command::Contract(command) => contract::run(command, session).await,
        Command::Order(command) => order::run(*command, session).await,
        Command::Reconcile(arguments) => reconcile::run(&arguments, session).await,
        Command::Risk(command) => risk::run(command, session).await,
        Command::Guard(arguments) => guard::run(&arguments, session).await,
        Command::Account(arguments) => account::account(&arguments, session).await,
        Command::Positions(arguments) => account::positions(&arguments, session).await,
        Command::Pnl(arguments) => pnl::run(&arguments, session).await,
        Command::Metrics(arguments) => metrics::run(&arguments, session).await,
        Command::FakeTws(arguments) => fake_tws::run(&arguments, session).await,
        Command::Integration(arguments) => integration::run(&arguments, session).await,
        Command::Wire(command) => wire::run(command, session).await,
        Command::Audit(command) => audit::run(command, session).await,
        Command::Backup(arguments) => backup::run(&arguments, session).await,
        Command::Config(command) => config::run(&command, session),
    }
}
