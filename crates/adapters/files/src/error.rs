//! What is wrong with a file, where, and what to do.

use crate::source::MAX_LINE_BYTES;

/// Why a file, or a line of it, gave no value.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The file cannot be opened: check the path and its permissions.
    #[error("{file} cannot be opened")]
    Open {
        /// Its name.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Reading stopped in the middle; a compressed file that was cut off ends like this.
    #[error("{file} cannot be read beyond line {line}: fetch the file again if it is incomplete")]
    Read {
        /// Its name.
        file: String,
        /// The last whole line, from 1; 0 before the first.
        line: u64,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The line is longer than any line of such a file.
    #[error("{file}:{line}: the line is longer than {MAX_LINE_BYTES} bytes: this is not such a CSV file")]
    LineTooLong {
        /// Its name.
        file: String,
        /// Which, from 1.
        line: u64,
    },
    /// The first line is not the expected header.
    #[error("{file}:1: the header is {found:?}: expected {expected:?}")]
    Header {
        /// Its name.
        file: String,
        /// The first line, shortened.
        found: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The line has too few or too many columns.
    #[error("{file}:{line}: {found} columns instead of {expected} in {text:?}: {advice}")]
    Columns {
        /// Its name.
        file: String,
        /// Which, from 1.
        line: u64,
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
        /// The line, shortened.
        text: String,
        /// What to do.
        advice: &'static str,
    },
    /// One field cannot be what its column says.
    #[error("{file}:{line}: column {column:?} holds {text:?}: {advice}")]
    Field {
        /// Its name.
        file: String,
        /// Which line, from 1.
        line: u64,
        /// The column's name in the header.
        column: &'static str,
        /// The field, shortened.
        text: String,
        /// What was expected.
        advice: String,
    },
    /// Each field is fine, but together they contradict each other.
    #[error("{file}:{line}: {problem}")]
    Row {
        /// Its name.
        file: String,
        /// Which line, from 1.
        line: u64,
        /// What contradicts what, and what to do.
        problem: String,
    },
}
