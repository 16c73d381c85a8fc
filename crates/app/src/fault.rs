//! Errors as people and programs read them: what was wrong, why, and what to do next.

mod advice;
mod contract;

pub(crate) use advice::on_file;
pub use contract::{no_such_expiry, not_one_contract};

use crate::exit::Exit;
use serde::Serialize;
use std::fmt;
use std::io::ErrorKind;
use tradeport_kernel::OrderKey;
use tradeport_orders::CancelError;
use tradeport_trading::DeskError;

/// An error that knows its exit code and what to do next.
#[derive(Debug)]
pub struct Fault {
    exit: Exit,
    message: String,
    advice: String,
    cause: Option<anyhow::Error>,
    is_of_reaching: bool,
}

impl Fault {
    /// Something failed.
    #[must_use]
    pub fn failed(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message, advice)
    }

    /// Something was asked in a wrong way.
    #[must_use]
    pub fn usage(message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message, advice)
    }

    /// With any exit code.
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { exit, message: message.into(), advice: advice.into(), cause: None, is_of_reaching: false }
    }

    /// The same without its cause, to be told beside a result.
    #[must_use]
    pub fn again(&self) -> Self {
        Self::new(self.exit, self.message.clone(), self.advice.clone())
    }

    /// The same, of what comes before the broker can be asked for anything.
    #[must_use]
    pub fn of_reaching(self) -> Self {
        Self { is_of_reaching: true, ..self }
    }

    /// Is it that the broker could not be reached, so that nothing was asked of it?
    #[must_use]
    pub const fn is_of_reaching(&self) -> bool {
        self.is_of_reaching
    }

    /// Because of this.
    #[must_use]
    pub fn because(self, cause: impl Into<anyhow::Error>) -> Self {
        Self { cause: Some(cause.into()), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as _)
    }
}

/// A cancel that did not get through, or of which that is not known.
pub(crate) fn cancel_failed(key: &OrderKey, cause: DeskError) -> anyhow::Error {
    if !matches!(cause, DeskError::Cancel(CancelError::OutcomeUnknown(_))) {
        return cause.into();
    }
    let message = format!("the broker may or may not have got the cancel of {key}");
    let advice = format!("tradeport order show {key}; if it still works, cancel it again");
    Fault::new(Exit::OutcomeUnknown, message, advice).because(cause).into()
}

/// An error, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What was wrong.
    pub message: String,
    /// Why, the nearest reason first.
    pub causes: Vec<String>,
    /// What to do next.
    #[serde(rename = "try")]
    pub advice: String,
    /// The exit code.
    pub exit_code: u8,
    #[serde(skip)]
    exit: Exit,
}

impl Report {
    /// Sorts an error.
    #[must_use]
    pub fn of(error: &anyhow::Error) -> Self {
        let (exit, advice) = sorted(error);
        let mut lines = error.chain().map(|cause| one_line(&cause.to_string()));
        let message = lines.next().unwrap_or_default();
        // A wrapper that repeats its cause's words would say everything twice.
        let mut causes: Vec<String> = Vec::new();
        for line in lines {
            if line != message && !message.ends_with(&line) && causes.last() != Some(&line) {
                causes.push(line);
            }
        }
        Self { message, causes, advice, exit_code: exit.code(), exit }
    }

    /// A report of wrong usage.
    #[must_use]
    pub fn usage(message: &str, causes: Vec<String>, advice: String) -> Self {
        let exit = Exit::Usage;
        let causes = causes.iter().map(|cause| one_line(cause)).collect();
        Self { message: one_line(message), causes, advice, exit_code: exit.code(), exit }
    }

    /// How the command ended.
    #[must_use]
    pub const fn exit(&self) -> Exit {
        self.exit
    }
}

/// Did the reader of our output leave? That is an end, not an error.
#[must_use]
pub fn reader_left(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}

/// So much of a message is read; of a longer one the beginning and the end.
const LONGEST: usize = 1_500;
const LONGEST_END: usize = 500;

/// On one line, of a length to be read, and without what moves a terminal's cursor: it may be words of others.
fn one_line(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = if line.contains(char::is_control) {
        line.chars().map(|it| if it.is_control() { char::REPLACEMENT_CHARACTER } else { it }).collect()
    } else {
        line
    };
    let length = line.chars().count();
    if length <= LONGEST {
        return line;
    }
    let beginning: String = line.chars().take(LONGEST - LONGEST_END).collect();
    let end: String = line.chars().skip(length - LONGEST_END).collect();
    format!("{beginning} … {end}")
}

fn sorted(error: &anyhow::Error) -> (Exit, String) {
    error
        .chain()
        .find_map(known)
        .unwrap_or_else(|| (Exit::Failed, "run it again with -v to see what led to this".to_owned()))
}

fn known(cause: &(dyn std::error::Error + 'static)) -> Option<(Exit, String)> {
    if let Some(fault) = cause.downcast_ref::<Fault>() {
        return Some((fault.exit, fault.advice.clone()));
    }
    advice::of(cause)
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;
    use tradeport_kernel::StoreError;

    #[test]
    fn the_nearest_known_error_decides_and_causes_come_once() {
        let error =
            Err::<(), _>(StoreError::Full("disk is full".into())).context("recording stopped").unwrap_err();
        let report = Report::of(&error);
        assert_eq!(report.message, "recording stopped");
        assert_eq!(report.causes, ["the store is full", "disk is full"]);
        assert_eq!(report.exit_code, 1);
        assert!(report.advice.contains("free some space"));
    }

    #[test]
    fn whoever_got_no_answer_of_the_broker_is_told_how_to_look_for_one() {
        use tradeport_contracts::CatalogError;
        use tradeport_kernel::ConnectionEpoch;
        use tradeport_orders::GatewayError;
        use tradeport_trading::DeskError;
        let epoch = ConnectionEpoch::new(1);
        let catalog = CatalogError::Unavailable("silence".into());
        for error in [
            DeskError::from(GatewayError::EpochLost(epoch)),
            DeskError::from(GatewayError::Unavailable("silence".into())),
            DeskError::Catalog(catalog),
        ] {
            let report = Report::of(&error.into());
            assert!(report.advice.starts_with("tradeport status"), "{}", report.advice);
        }
    }

    #[test]
    fn a_fault_keeps_its_exit_and_its_cause() {
        let fault =
            Fault::usage("no such thing", "ask for another").because(anyhow::anyhow!("it is not there"));
        let report = Report::of(&fault.into());
        assert_eq!((report.exit(), report.advice.as_str()), (Exit::Usage, "ask for another"));
        assert_eq!(report.causes, ["it is not there"]);
    }

    #[test]
    fn what_others_wrote_is_short_enough_to_read_and_leaves_the_terminal_alone() {
        let long = format!("\u{1b}[31m{} is no key:\texpected letters", "a".repeat(1_000_000));
        let report = Report::usage(&long, Vec::new(), String::new());
        assert_eq!(report.message.chars().count(), LONGEST + 3);
        assert!(report.message.starts_with("\u{fffd}[31maa"), "{}", report.message);
        assert!(report.message.ends_with("aa is no key: expected letters"), "{}", report.message);
        let told = Report::of(&anyhow::anyhow!("é\u{7}").context("b".repeat(LONGEST)));
        assert_eq!((told.message.len(), told.causes.as_slice()), (LONGEST, &["é\u{fffd}".to_owned()][..]));
    }

    #[test]
    fn a_reader_that_left_is_recognised_below_other_words() {
        let gone = anyhow::Error::from(std::io::Error::from(ErrorKind::BrokenPipe)).context("printing");
        assert!(reader_left(&gone));
        assert!(!reader_left(&anyhow::anyhow!("something else")));
    }
}
