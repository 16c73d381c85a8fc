//! Where results go: standard output is data, standard error is talk.
//!
//! A reader who leaves, as `| head` does, ends what has no end of its own. A result that is whole ends as it would have: its
//! exit code says whether an order went, whoever reads of it.

mod reader;
mod table;

pub use table::{Column, Grid, Tone, growing_row};

use crate::config::OutputFormat;
use crate::fault::{Fault, Report, reader_left};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// So many of what one of them is called: `1 order`, `2 orders`.
#[must_use]
pub fn counted(count: usize, one: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {one}s") }
}

/// Where results go, and in which form.
#[derive(Clone, Debug)]
pub struct Output {
    format: OutputFormat,
    colour: bool,
    kept: Option<Kept>,
}

/// How results look to one reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    format: OutputFormat,
    out_coloured: bool,
    err_coloured: bool,
}

/// Something that was said, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    /// On standard output.
    Out(String),
    /// On standard error.
    Err(String),
}

/// What is said to a reader in another process, kept until it is handed over; clones are the same.
#[derive(Clone, Debug)]
pub struct Kept {
    look: Look,
    said: Arc<Mutex<Vec<Said>>>,
}

impl Kept {
    /// For a reader to whom results look like this.
    #[must_use]
    pub fn new(look: Look) -> Self {
        Self { look, said: Arc::default() }
    }

    /// Where to say it.
    #[must_use]
    pub fn output(&self) -> Output {
        Output { format: self.look.format, colour: true, kept: Some(self.clone()) }
    }

    /// What was said, in its order; told once.
    #[must_use]
    pub fn said(&self) -> Vec<Said> {
        std::mem::take(&mut *self.said.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, said: Said) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).push(said);
    }
}

impl Output {
    /// In this form; `colour` if it is wanted where the reader is a terminal.
    #[must_use]
    pub const fn new(format: OutputFormat, colour: bool) -> Self {
        Self { format, colour, kept: None }
    }

    /// How results look here.
    #[must_use]
    pub fn look(&self) -> Look {
        Look { format: self.format, out_coloured: self.colours_out(), err_coloured: self.colours_err() }
    }

    /// Says what was kept for this reader. Errors: those of [`Output::text`].
    pub fn hand_over(&self, said: &[Said]) -> anyhow::Result<()> {
        for one in said {
            match one {
                Said::Out(text) => self.text(text)?,
                Said::Err(text) => self.to_stderr(text),
            }
        }
        Ok(())
    }

    /// Is it for programs?
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.format == OutputFormat::Json
    }

    /// May standard output be coloured?
    #[must_use]
    pub fn colours_out(&self) -> bool {
        match &self.kept {
            Some(kept) => kept.look.out_coloured,
            None => self.colour && !self.is_json() && io::stdout().is_terminal(),
        }
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
        if let Some(kept) = &self.kept {
            kept.keep(Said::Out(text.to_owned()));
            return Ok(());
        }
        let mut out = io::stdout().lock();
        writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|cause| {
            let advice =
                "look at where standard output goes; what was done is kept: tradeport order list --all";
            Fault::failed("the result could not be printed", advice).because(cause).into()
        })
    }

    /// Waits until nobody reads the results any more, as after `| head`; for ever where that cannot be told.
    pub async fn reader_left(&self) {
        match &self.kept {
            Some(_) => std::future::pending().await,
            None => reader::left().await,
        }
    }

    /// Prints a table.
    pub fn grid(&self, grid: &Grid) -> anyhow::Result<()> {
        self.text(&grid.render(self.colours_out()))
    }

    /// Says something beside the data; nothing in JSON.
    pub fn say(&self, text: &str) {
        if !self.is_json() {
            self.to_stderr(text);
        }
    }

    /// Shows an error: as text in three parts, or as one JSON document.
    pub fn fault(&self, report: &Report) {
        if self.is_json() {
            let document = serde_json::json!({ "error": report });
            self.to_stderr(&document.to_string());
            return;
        }
        let (bold, plain) = self.label(31);
        self.to_stderr(&format!("{bold}error:{plain} {}", report.message));
        for cause in &report.causes {
            self.to_stderr(&format!("  because: {cause}"));
        }
        let (bold, plain) = self.label(32);
        self.to_stderr(&format!("{bold}try:{plain} {}", report.advice));
    }

    /// A bar for work that may take longer than a second: on a terminal, and not in JSON. `length` is `None` for work
    /// whose end is not known.
    #[must_use]
    pub fn progress(&self, length: Option<u64>, what: &str) -> ProgressBar {
        let template = match length {
            Some(_) => "{msg} {wide_bar} {pos}/{len} {elapsed_precise}",
            None => "{spinner} {msg} {pos} {elapsed_precise}",
        };
        let shown = self.kept.is_none() && !self.is_json() && io::stderr().is_terminal();
        let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(length, target).with_style(style).with_message(what.to_owned())
    }

    fn label(&self, colour: u8) -> (String, &'static str) {
        if self.colours_err() { (format!("\u{1b}[1;{colour}m"), "\u{1b}[0m") } else { (String::new(), "") }
    }

    fn colours_err(&self) -> bool {
        match &self.kept {
            Some(kept) => kept.look.err_coloured,
            None => self.colour && io::stderr().is_terminal(),
        }
    }

    fn to_stderr(&self, text: &str) {
        match &self.kept {
            Some(kept) => kept.keep(Said::Err(text.to_owned())),
            None => to_stderr(text),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_for_another_reader_keeps_its_order_and_looks_as_there() {
        let kept = Kept::new(Look { format: OutputFormat::Human, out_coloured: false, err_coloured: true });
        let output = kept.output();
        output.say("key k");
        output.text("filled").unwrap();
        output.fault(&Report::usage("no", Vec::new(), "yes".to_owned()));
        let (out, err) = (|text: &str| Said::Out(text.to_owned()), |text: &str| Said::Err(text.to_owned()));
        let error = err("\u{1b}[1;31merror:\u{1b}[0m no");
        let advice = err("\u{1b}[1;32mtry:\u{1b}[0m yes");
        assert_eq!(kept.said(), [err("key k"), out("filled"), error, advice]);
        assert!(kept.said().is_empty(), "told once");

        let kept = Kept::new(Look { format: OutputFormat::Json, out_coloured: false, err_coloured: false });
        kept.output().say("key k");
        kept.output().document(&7).unwrap();
        assert_eq!(kept.said(), [out("7")], "a program is told documents alone");
    }
}
