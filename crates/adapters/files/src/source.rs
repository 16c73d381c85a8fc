//! Lines of a file or of bytes in memory, decompressed on the way, each of bounded length.
//!
//! Left out: what the lines mean.

use crate::FileError;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// No line may be longer, in bytes, without its line break.
pub const MAX_LINE_BYTES: usize = 4096;

const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];

/// Something to read lines from, with the name that errors give it. Compression is recognised by its first two bytes,
/// whatever the name ends in.
pub struct Source {
    name: String,
    reader: Box<dyn BufRead + Send>,
    line: u64,
    buffer: Vec<u8>,
}

impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source").field("name", &self.name).field("line", &self.line).finish_non_exhaustive()
    }
}

/// A line as it was read: without its line break.
pub(crate) struct Line<'a> {
    pub(crate) number: u64,
    pub(crate) bytes: &'a [u8],
    /// Did a line break follow? The last line of a file that was cut off has none.
    pub(crate) whole: bool,
}

impl Source {
    /// Opens a file. Errors: [`FileError::Open`], or [`FileError::Read`] when not even two bytes can be read.
    pub fn open(path: &Path) -> Result<Self, FileError> {
        let name = path.display().to_string();
        let file = File::open(path).map_err(|source| FileError::Open { file: name.clone(), source })?;
        Self::new(name, Box::new(file))
    }

    /// Reads bytes that are in memory already, under a name for errors.
    pub fn from_bytes(name: &str, bytes: &'static [u8]) -> Result<Self, FileError> {
        Self::new(name.to_owned(), Box::new(bytes))
    }

    /// Reads from anything. Errors: [`FileError::Read`].
    pub fn new(name: String, reader: Box<dyn Read + Send>) -> Result<Self, FileError> {
        let mut reader = BufReader::new(reader);
        let start =
            reader.fill_buf().map_err(|source| FileError::Read { file: name.clone(), line: 0, source })?;
        let reader: Box<dyn BufRead + Send> = if start.starts_with(&GZIP_MAGIC) {
            Box::new(BufReader::new(MultiGzDecoder::new(reader)))
        } else {
            Box::new(reader)
        };
        Ok(Self { name, reader, line: 0, buffer: Vec::new() })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of the last line that was read, from 1; 0 before the first.
    pub(crate) const fn line(&self) -> u64 {
        self.line
    }

    /// The next line; `None` at the end. After an error nothing more is worth reading.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line<'_>>, FileError> {
        self.buffer.clear();
        let limit = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX).saturating_add(1);
        let read = (&mut self.reader).take(limit).read_until(b'\n', &mut self.buffer);
        let read =
            read.map_err(|source| FileError::Read { file: self.name.clone(), line: self.line, source })?;
        if read == 0 {
            return Ok(None);
        }
        self.line = self.line.saturating_add(1);
        let whole = self.buffer.last() == Some(&b'\n');
        if !whole && read > MAX_LINE_BYTES {
            return Err(FileError::LineTooLong { file: self.name.clone(), line: self.line });
        }
        let bytes = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Ok(Some(Line { number: self.line, bytes, whole }))
    }
}

/// A reader that fails, so that tests can see what becomes of it.
#[cfg(test)]
pub(crate) struct Broken;

#[cfg(test)]
impl Read for Broken {
    fn read(&mut self, _buffer: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::Error::other("the cable is out"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use proptest::prelude::*;
    use std::io::{self, Write};

    fn lines(bytes: Vec<u8>) -> Result<Vec<String>, FileError> {
        let mut source = Source::new("a.csv".to_owned(), Box::new(io::Cursor::new(bytes)))?;
        let mut lines = Vec::new();
        while let Some(line) = source.next_line()? {
            lines.push(String::from_utf8(line.bytes.to_vec()).unwrap());
        }
        Ok(lines)
    }

    fn gzipped(text: &str) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn plain_and_compressed_lines_are_the_same() {
        let text = "one\r\ntwo\n\nfour";
        let expected = vec!["one", "two", "", "four"];
        assert_eq!(lines(text.into()).unwrap(), expected);
        assert_eq!(lines(gzipped(text)).unwrap(), expected);
        assert!(lines(Vec::new()).unwrap().is_empty());
    }

    #[test]
    fn a_compressed_file_that_was_cut_off_is_an_error() {
        let whole = gzipped(&"AAPL,2000-03-01\n".repeat(500));
        let cut = whole[..whole.len() - 12].to_vec();
        let error = lines(cut).unwrap_err();
        assert!(matches!(error, FileError::Read { .. }), "{error}");
        assert!(error.to_string().contains("fetch the file again"));
    }

    #[test]
    fn a_line_without_end_is_an_error_and_not_an_allocation() {
        assert_eq!(lines(vec![b'x'; MAX_LINE_BYTES]).unwrap().len(), 1);
        let error = lines([vec![b'\n'], vec![b'x'; 10 * MAX_LINE_BYTES]].concat()).unwrap_err();
        assert!(matches!(error, FileError::LineTooLong { line: 2, .. }), "{error}");
    }

    proptest! {
        #[test]
        fn whatever_follows_the_mark_of_compression_is_lines_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            drop(lines([GZIP_MAGIC.to_vec(), bytes].concat()).map_err(|error| error.to_string()));
        }

        #[test]
        fn a_compressed_file_with_one_byte_changed_never_gives_other_lines(place in 10..60_usize, byte in any::<u8>()) {
            let text = "AAPL,2000-03-01,118.56\n".repeat(20);
            let mut bytes = gzipped(&text);
            let place = place.min(bytes.len() - 1);
            bytes[place] = byte;
            if let Ok(read) = lines(bytes).map(|lines| lines.join("\n") + "\n") {
                prop_assert_eq!(read, text);
            }
        }
    }

    #[test]
    fn a_reader_that_fails_and_a_file_that_is_not_there_are_errors() {
        assert!(matches!(
            Source::new("b".to_owned(), Box::new(Broken)),
            Err(FileError::Read { line: 0, .. })
        ));
        assert!(matches!(Source::open(Path::new("no/such.csv")), Err(FileError::Open { .. })));
    }
}
