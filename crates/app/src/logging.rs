//! The log: to standard error, so that standard output stays data.

use crate::config::LogLevel;
use std::io::IsTerminal;
use tracing_subscriber::filter::LevelFilter;

/// Starts logging at this level; a second call changes nothing.
pub(crate) fn start(level: LogLevel, colour: bool) {
    let started = tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(colour && std::io::stderr().is_terminal())
        .with_target(false)
        .with_max_level(filter(level))
        .try_init();
    if let Err(error) = started {
        tracing::debug!(%error, "the log had been started before");
    }
}

const fn filter(level: LogLevel) -> LevelFilter {
    match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    }
}
