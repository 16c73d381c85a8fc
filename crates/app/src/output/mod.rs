//! Where results go: standard output is data, standard error is talk.
//!
//! A reader who leaves, as `| head` does, ends what has no end of its own. A result that is whole ends as it would have: its
//! exit code says whether an order went, whoever reads of it.

mod table;

pub use table::{Column, Grid, Tone, growing_row};

use crate::config::OutputFormat;
use crate::fault::{Fault, Report, reader_left};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::{self, IsTerminal, Write};

/// Where results go, and in which form.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    format: OutputFormat,
    colour: bool,
}

impl Output {
    /// In this form; `colour` if it is wanted where the reader is a terminal.
    #[must_use]
    pub const fn new(format: OutputFormat, colour: bool) -> Self {
        Self { format, colour }
    }

    /// Is it for programs?
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.format == OutputFormat::Json
    }

    /// May standard output be coloured?
    #[must_use]
    pub fn colours_out(&self) -> bool {
        self.colour && !self.is_json() && io::stdout().is_terminal()
    }

    /// Prints one JSON document.
    pub fn document(&self, value: &impl Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        self.text(&text)
    }

    /// Prints one JSON document on one line, for results without an end.
    pub fn line(&self, value: &impl Serialize) -> anyhow::Result<()> {
        let text = serde_json::to_string(value)?;
        self.row(&text)
    }

    /// Prints a line of text.
    pub fn text(&self, text: &str) -> anyhow::Result<()> {
        self.row(text).or_else(|error| if reader_left(&error) { Ok(()) } else { Err(error) })
    }

    /// Prints a line of text of a result without an end. Errors: also that its reader has left.
    pub fn row(&self, text: &str) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|cause| {
            let advice =
                "look at where standard output goes; what was done is kept: tradeport order list --all";
            Fault::failed("the result could not be printed", advice).because(cause).into()
        })
    }

    /// Prints a table.
    pub fn grid(&self, grid: &Grid) -> anyhow::Result<()> {
        self.text(&grid.render(self.colours_out()))
    }

    /// Says something beside the data; nothing in JSON.
    pub fn say(&self, text: &str) {
        if !self.is_json() {
            to_stderr(text);
        }
    }

    /// Shows an error: as text in three parts, or as one JSON document.
    pub fn fault(&self, report: &Report) {
        if self.is_json() {
            let document = serde_json::json!({ "error": report });
            to_stderr(&document.to_string());
            return;
        }
        let (bold, plain) = self.label(31);
        to_stderr(&format!("{bold}error:{plain} {}", report.message));
        for cause in &report.causes {
            to_stderr(&format!("  because: {cause}"));
        }
        let (bold, plain) = self.label(32);
        to_stderr(&format!("{bold}try:{plain} {}", report.advice));
    }

    /// A bar for work that may take longer than a second: on a terminal, and not in JSON. `length` is `None` for work
    /// whose end is not known.
    #[must_use]
    pub fn progress(&self, length: Option<u64>, what: &str) -> ProgressBar {
        let template = match length {
            Some(_) => "{msg} {wide_bar} {pos}/{len} {elapsed_precise}",
            None => "{spinner} {msg} {pos} {elapsed_precise}",
        };
        let shown = !self.is_json() && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(length, target).with_style(style).with_message(what.to_owned())
    }

    fn label(&self, colour: u8) -> (String, &'static str) {
        if self.colour && io::stderr().is_terminal() {
            (format!("\u{1b}[1;{colour}m"), "\u{1b}[0m")
        } else {
            (String::new(), "")
        }
    }
}

/// Tells of a panic: a bug of ours, in the words and on the two lines of every other error.
pub fn bug(what: &str) {
    let line = what.split_whitespace().collect::<Vec<_>>().join(" ");
    to_stderr(&format!("error: this is a bug of tradeport: {line}"));
    to_stderr("try: report that line; what was acknowledged before is safe in the databases");
}

/// Nobody can be told that standard error is gone.
fn to_stderr(text: &str) {
    let mut err = io::stderr().lock();
    if writeln!(err, "{text}").is_err() {
        tracing::trace!("nobody reads standard error");
    }
}
