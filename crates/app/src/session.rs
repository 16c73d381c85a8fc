//! One run of the program: arguments to command, command to exit code.

use crate::cli::{Cli, Command, ConfigCommand, RiskCommand};
use crate::clock::SystemClock;
use crate::config::variables::Variables;
use crate::config::{
    BrokerChoice, Config, ConfigError, Environment, Loaded, OutputFormat, Storage, load, load_without_limits,
};
use crate::exit::Exit;
use crate::fault::{self, Report};
use crate::output::Output;
use crate::stop::Stop;
use crate::wiring::Host;
use crate::{commands, logging, output};
use anyhow::Context;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::sync::{Arc, Mutex, PoisonError};
use tradeport_kernel::Clock;

/// What every command gets.
#[derive(Clone)]
pub struct Session {
    loaded: Loaded,
    output: Output,
    stop: Stop,
    clock: Arc<dyn Clock>,
    words: Vec<String>,
    host: Option<Host>,
    /// What was warned of already.
    warned: Arc<Mutex<BTreeSet<String>>>,
}

impl Session {
    /// A session of these settings, for this output, with this stop and this time.
    #[must_use]
    pub fn new(loaded: Loaded, output: Output, stop: Stop, clock: Arc<dyn Clock>) -> Self {
        Self { loaded, output, stop, clock, words: Vec::new(), host: None, warned: Arc::default() }
    }

    /// The same, of what was typed; the program's name first.
    #[must_use]
    pub fn of_words(self, words: Vec<String>) -> Self {
        Self { words, ..self }
    }

    /// The same within a service, whose desk and broker are used.
    #[must_use]
    pub fn within(self, host: Host) -> Self {
        Self { host: Some(host), ..self }
    }

    /// What was typed; the program's name first.
    #[must_use]
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The service within which this is, if it is.
    #[must_use]
    pub const fn host(&self) -> Option<&Host> {
        self.host.as_ref()
    }

    /// The settings in force.
    #[must_use]
    pub const fn config(&self) -> &Config {
        self.loaded.config()
    }

    /// The settings, with where they came from.
    #[must_use]
    pub const fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// Where the databases lie.
    pub fn storage(&self) -> Result<Storage, ConfigError> {
        self.config().storage()
    }

    /// Where results go.
    #[must_use]
    pub const fn output(&self) -> &Output {
        &self.output
    }

    /// Warns of something beside the data, once in a run.
    pub(crate) fn warn_once(&self, text: &str) {
        let mut warned = self.warned.lock().unwrap_or_else(PoisonError::into_inner);
        if !warned.insert(text.to_owned()) {
            return;
        }
        if self.output.is_json() {
            tracing::warn!("{text}");
        } else {
            self.output.say(&format!("warning: {text}"));
        }
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub const fn stop(&self) -> &Stop {
        &self.stop
    }

    /// For commands that print until somebody has had enough: waits until they are asked to stop or nobody reads them any
    /// more, and says how they end by it.
    pub async fn over(&self) -> Exit {
        tokio::select! {
            () = self.stop.asked() => Exit::Interrupted,
            () = self.output.reader_left() => Exit::Done,
        }
    }

    /// The time.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }
}

/// Runs the program with these arguments, the first of which is its own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, variables: &Variables) -> Exit {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    std::panic::set_hook(Box::new(|panic| output::bug(&panic.to_string())));
    // A bug has been told by the hook; what is left is to end with an exit code of ours.
    std::panic::catch_unwind(|| run_once(&arguments, variables)).unwrap_or(Exit::Failed)
}

fn run_once(arguments: &[OsString], variables: &Variables) -> Exit {
    let colour = variables.get("NO_COLOR").is_none();
    match Cli::try_parse_from(arguments) {
        Ok(cli) => {
            let asked = if cli.global.json { OutputFormat::Json } else { OutputFormat::Human };
            finish(execute(cli, arguments, variables, colour), &Output::new(asked, colour))
        }
        Err(error) => {
            let json = arguments.iter().take_while(|it| *it != "--").any(|it| it == "--json");
            let format = if json { OutputFormat::Json } else { OutputFormat::Human };
            not_a_command(&error, arguments, &Output::new(format, colour))
        }
    }
}

/// Shows what went wrong, if something did.
fn finish(ended: anyhow::Result<Exit>, output: &Output) -> Exit {
    match ended {
        Ok(exit) => exit,
        Err(error) if fault::reader_left(&error) => Exit::Done,
        Err(error) => {
            let report = Report::of(&error);
            output.fault(&report);
            report.exit()
        }
    }
}

fn execute(cli: Cli, arguments: &[OsString], variables: &Variables, colour: bool) -> anyhow::Result<Exit> {
    let loaded = settings(&cli, variables)?;
    logging::start(loaded.config().log_level, colour);
    // Whoever stops everything is not asked whether the settings are good enough to trade with.
    let is_checked_later = matches!(
        cli.command,
        Command::Config(ConfigCommand::Show | ConfigCommand::Check { .. })
            | Command::Risk(RiskCommand::Kill(_))
    );
    if !is_checked_later {
        loaded.check()?;
        warn_of_play(loaded.config());
    }
    let output = Output::new(loaded.config().output.format, colour);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the program's threads could not be started")?;
    let ended = runtime.block_on(async {
        let stop = Stop::listen().context("signals cannot be listened for")?;
        let words = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
        let session = Session::new(loaded, output, stop, Arc::new(SystemClock)).of_words(words);
        commands::run(cli.command, &session).await
    });
    // What still waits for a broker or a signal is of no use any more.
    runtime.shutdown_background();
    ended
}

fn settings(cli: &Cli, variables: &Variables) -> Result<Loaded, ConfigError> {
    let (file, flags) = (cli.global.config.as_deref(), cli.global.assignments());
    match load(file, variables, &flags) {
        Err(error) if matches!(cli.command, Command::Risk(RiskCommand::Kill(_))) => {
            // Where not even that can be used, the first error says more.
            load_without_limits(file, variables, &flags).map_err(|_| error)
        }
        loaded => loaded,
    }
}

/// In production nobody should take the simulated broker for the real one.
fn warn_of_play(config: &Config) {
    if config.environment == Environment::Production && config.broker == BrokerChoice::Fake {
        tracing::warn!(
            "production with the simulated broker: no order reaches Interactive Brokers (--broker tws)"
        );
    }
}

/// Help and version are answers; everything else is wrong usage.
fn not_a_command(error: &clap::Error, arguments: &[OsString], output: &Output) -> Exit {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            finish(error.print().map(|()| Exit::Done).map_err(anyhow::Error::from), output)
        }
        _ => {
            let report = usage_report(&error.render().to_string(), arguments);
            output.fault(&report);
            report.exit()
        }
    }
}

/// The parser's words in our form: what was wrong, what it says besides, what to do next.
fn usage_report(text: &str, arguments: &[OsString]) -> Report {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or("this is not a command of tradeport");
    let mut message = first.strip_prefix("error: ").unwrap_or(first).to_owned();
    let mut causes = Vec::new();
    for line in
        lines.take_while(|line| !line.starts_with("Usage: ") && !line.starts_with("For more information"))
    {
        if message.ends_with(':') {
            message = format!("{message} {line}");
        } else if line.starts_with('<') {
            // Further arguments that are missing.
            message = format!("{message}, {line}");
        } else {
            causes.push(line.strip_prefix("tip: ").unwrap_or(line).to_owned());
        }
    }
    Report::usage(&message, causes, format!("{} --help", command_of(arguments)))
}

/// The commands among what was typed: `tradeport order buy`.
fn command_of(arguments: &[OsString]) -> String {
    let mut command = Cli::command();
    let mut words = vec![command.get_name().to_owned()];
    for argument in arguments.iter().skip(1) {
        let Some(next) = argument.to_str().and_then(|word| command.find_subcommand(word)).cloned() else {
            continue;
        };
        words.push(next.get_name().to_owned());
        command = next;
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(typed: &str) -> Report {
        let arguments: Vec<OsString> = typed.split_whitespace().map(OsString::from).collect();
        let error = Cli::try_parse_from(&arguments).unwrap_err();
        usage_report(&error.render().to_string(), &arguments)
    }

    #[test]
    fn help_names_the_program_alike_on_every_system() {
        let help = Cli::try_parse_from(["C:/bin/tradeport.exe", "order", "buy", "--help"]).unwrap_err();
        let help = help.to_string();
        assert!(help.contains("Usage: tradeport order buy "), "{help}");
    }

    #[test]
    fn the_parsers_words_become_ours() {
        let report = refused("tradeport order buy AAPL 0");
        assert_eq!((report.exit(), report.advice.as_str()), (Exit::Usage, "tradeport order buy --help"));
        assert!(report.message.contains("0 is not a quantity"), "{}", report.message);
        let report = refused("tradeport --json order buy AAPL");
        assert!(report.message.ends_with("not provided: <QUANTITY>"), "{}", report.message);
        assert_eq!(report.advice, "tradeport order buy --help");
        assert_eq!(refused("tradeport qoute").advice, "tradeport --help");
        let report = refused("tradeport order buy");
        assert!(report.message.ends_with("not provided: <SYMBOL>, <QUANTITY>"), "{}", report.message);
        assert!(report.causes.is_empty(), "{:?}", report.causes);
    }
}
