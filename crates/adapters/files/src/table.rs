//! A CSV file with a known header: row after row.

use crate::error::FileError;
use crate::row::{Row, shown};
use crate::source::{Line, Source};

/// What a kind of file looks like.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    /// The first line, exactly.
    pub(crate) header: &'static str,
    /// The same, by column.
    pub(crate) columns: &'static [&'static str],
}

/// A file whose header has been checked.
pub(crate) struct Table {
    source: Source,
    shape: Shape,
    broken: bool,
}

impl Table {
    /// Reads the header; a byte order mark before it is allowed. Errors: [`FileError::Header`] and those of reading.
    pub(crate) fn open(mut source: Source, shape: Shape) -> Result<Self, FileError> {
        let file = source.name().to_owned();
        let line = source.next_line()?;
        let first = String::from_utf8_lossy(line.as_ref().map_or(&[], |line| line.bytes));
        let found = first.trim_start_matches('\u{feff}').trim_end();
        if found != shape.header {
            return Err(FileError::Header { file, found: shown(found), expected: shape.header });
        }
        Ok(Self { source, shape, broken: false })
    }

    /// The number of the last line that was read, from 1.
    pub(crate) const fn line(&self) -> u64 {
        self.source.line()
    }

    /// Reads the next row with `read`; empty lines are passed over. `None` at the end, and after the file itself
    /// failed. A row that is refused does not end the table: whether to go on is for the caller to say.
    pub(crate) fn next_row<T>(
        &mut self,
        read: impl FnOnce(&Row<'_>) -> Result<T, FileError>,
    ) -> Option<Result<T, FileError>> {
        if self.broken {
            return None;
        }
        let file = self.source.name().to_owned();
        loop {
            match self.source.next_line() {
                Ok(Some(line)) if line.bytes.is_empty() => {}
                Ok(Some(line)) => return Some(row(&file, &line, self.shape).and_then(|row| read(&row))),
                Ok(None) => return None,
                Err(error) => {
                    self.broken = true;
                    return Some(Err(error));
                }
            }
        }
    }
}

fn row<'a>(file: &'a str, line: &Line<'a>, shape: Shape) -> Result<Row<'a>, FileError> {
    let text = std::str::from_utf8(line.bytes).map_err(|_reason| FileError::Row {
        file: file.to_owned(),
        line: line.number,
        problem: format!(
            "{:?} is not UTF-8 text: this is not such a CSV file",
            shown(&String::from_utf8_lossy(line.bytes))
        ),
    })?;
    Row::split(file, line.number, text, line.whole, shape.columns)
}
