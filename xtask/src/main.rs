//! The project's chores, run as `cargo xtask …`: what must hold before a change lands, how it is tested, measured and
//! extended. Nothing of the product lives here, and the product never calls it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool speaks through its output"
)]

mod bench;
mod calendars;
mod ci;
mod conformance;
mod deny;
mod fuzz;
mod integration;
mod layers;
mod licence;
mod markers;
mod new_adapter;
mod python;
mod release;
mod shell;
mod suite;
mod tables;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use workspace::Workspace;

/// Chores of the tradeport workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Runs everything a change must pass; stops at the first failure.
    Ci(ci::Options),
    /// Runs every test, by kind, and counts them; a kind without a test is a failure.
    Test(suite::Options),
    /// Checks the arrows between crates, what they depend on, and the size of files and functions.
    Layers(layers::Options),
    /// Checks licences, banned crates and sources of everything the build takes in.
    Deny,
    /// Runs what others have written against a real TWS against ours.
    Conformance(conformance::Options),
    /// Runs the fuzzers of the wire, all at once.
    Fuzz(fuzz::Options),
    /// Plays the integration scenarios on simulated brokers, or on a TWS with a paper account.
    Integration(integration::Options),
    /// Creates a compiling adapter crate for some ports, with its conformance tests.
    NewAdapter(new_adapter::Options),
    /// Makes the bundled trading calendars anew from the libraries that keep them; needs Python and a network.
    Calendars(calendars::Options),
    /// Measures speed and memory and prints them as a table.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    // It is done on machines without cargo too.
    if let Chore::Integration(options) = &arguments.chore {
        return integration::run(options);
    }
    let workspace = Workspace::load()?;
    match &arguments.chore {
        Chore::Integration(options) => integration::run(options),
        Chore::Ci(options) => ci::run(&workspace, options),
        Chore::Test(options) => suite::run(&workspace, options),
        Chore::Layers(options) => layers::run(&workspace, options),
        Chore::Deny => deny::run(&workspace),
        Chore::Conformance(options) => conformance::run(&workspace, options),
        Chore::Fuzz(options) => fuzz::run(&workspace, options),
        Chore::NewAdapter(options) => new_adapter::run(&workspace, options),
        Chore::Calendars(options) => calendars::run(&workspace, options),
        Chore::Bench(options) => bench::run(&workspace, options),
    }
}
