//! The records of a recording, up to where it was cut or damaged.

use super::recording::{FRAME, HEAD, MAGIC, MAX_PIECE, Record, checksum, read_body};
use std::io::{self, Read};

/// Why a recording cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// It does not begin as one.
    #[error("this is no recording of the wire: it does not begin with \"tradeport wire 1\"")]
    NotARecording,
    /// It ends within a record, as after a crash or a full disk. What stands before is whole.
    #[error("the recording was cut off at byte {offset}, within a record")]
    CutShort {
        /// Where the record begins that is not whole.
        offset: u64,
    },
    /// A record is not as it was written. What stands before is whole; what stands behind cannot be found.
    #[error("the recording is damaged at byte {offset}")]
    Damaged {
        /// Where that record begins.
        offset: u64,
    },
    /// The file cannot be read.
    #[error("the recording cannot be read at byte {offset}")]
    Read {
        /// Where.
        offset: u64,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Reads records one after the other. After an error there are none.
///
/// Whatever the bytes are, at most one record's length is ever set aside.
#[derive(Debug)]
pub struct RecordingReader<R> {
    source: R,
    offset: u64,
    body: Vec<u8>,
    ended: bool,
}

impl<R: Read> RecordingReader<R> {
    /// Over a recording, whose first bytes are looked at.
    pub fn new(source: R) -> Result<Self, RecordingError> {
        let mut reader = Self { source, offset: 0, body: Vec::new(), ended: false };
        let whole = reader.fill(MAGIC.len())?;
        if !MAGIC.starts_with(&reader.body) || reader.body.is_empty() {
            return Err(RecordingError::NotARecording);
        }
        if !whole {
            return Err(RecordingError::CutShort { offset: 0 });
        }
        reader.offset = MAGIC.len() as u64;
        Ok(reader)
    }

    /// The next record; `None` behind the last.
    pub fn next_record(&mut self) -> Result<Option<Record>, RecordingError> {
        if self.ended {
            return Ok(None);
        }
        let read = self.read();
        self.ended = !matches!(read, Ok(Some(_)));
        read
    }

    fn read(&mut self) -> Result<Option<Record>, RecordingError> {
        let offset = self.offset;
        let whole = self.fill(FRAME)?;
        if self.body.is_empty() {
            return Ok(None);
        }
        let head = self.body.first_chunk::<FRAME>().filter(|_| whole).copied();
        let [l0, l1, l2, l3, sum @ ..] = head.ok_or(RecordingError::CutShort { offset })?;
        let length = u32::from_be_bytes([l0, l1, l2, l3]);
        let wanted = usize::try_from(length).unwrap_or(usize::MAX);
        if !(HEAD..=HEAD + MAX_PIECE).contains(&wanted) {
            return Err(RecordingError::Damaged { offset });
        }
        if !self.fill(wanted)? {
            return Err(RecordingError::CutShort { offset });
        }
        if checksum(length, &self.body) != u32::from_be_bytes(sum) {
            return Err(RecordingError::Damaged { offset });
        }
        self.offset = offset + FRAME as u64 + u64::from(length);
        read_body(&self.body).map(Some).ok_or(RecordingError::Damaged { offset })
    }

    /// Reads so many bytes, or all that are left; tells whether it was so many.
    fn fill(&mut self, wanted: usize) -> Result<bool, RecordingError> {
        self.body.clear();
        let read = self.source.by_ref().take(wanted as u64).read_to_end(&mut self.body);
        read.map_err(|source| RecordingError::Read { offset: self.offset, source })?;
        Ok(self.body.len() == wanted)
    }
}

impl<R: Read> Iterator for RecordingReader<R> {
    type Item = Result<Record, RecordingError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_record().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Event, Side, put_record};
    use proptest::prelude::*;
    use tradeport_kernel::Timestamp;

    fn event() -> impl Strategy<Value = Event> {
        let bytes = || prop::collection::vec(any::<u8>(), 1..60);
        prop_oneof![
            Just(Event::Connected),
            bytes().prop_map(|it| Event::Sent(Side::Client, it)),
            bytes().prop_map(|it| Event::Sent(Side::Server, it)),
            Just(Event::Closed(Side::Client, String::new())),
            any::<String>().prop_map(|it| Event::Closed(Side::Server, it)),
        ]
    }

    fn records() -> impl Strategy<Value = Vec<Record>> {
        let record = (any::<i64>(), any::<u64>(), event()).prop_map(|(nanos, connection, event)| Record {
            at: Timestamp::from_nanos(nanos),
            connection,
            event,
        });
        prop::collection::vec(record, 0..12)
    }

    fn recording(records: &[Record]) -> (Vec<u8>, Vec<usize>) {
        let mut bytes = MAGIC.to_vec();
        let mut ends = vec![bytes.len()];
        for record in records {
            put_record(record, &mut bytes);
            ends.push(bytes.len());
        }
        (bytes, ends)
    }

    /// What is read, and how it ended.
    fn read(bytes: &[u8]) -> (Vec<Record>, Option<RecordingError>) {
        let mut reader = match RecordingReader::new(bytes) {
            Ok(reader) => reader,
            Err(error) => return (Vec::new(), Some(error)),
        };
        let mut records = Vec::new();
        loop {
            match reader.next_record() {
                Ok(Some(record)) => records.push(record),
                Ok(None) => return (records, None),
                Err(error) => {
                    assert!(reader.next().is_none(), "after an error there is nothing");
                    return (records, Some(error));
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(records in records()) {
            let (bytes, _) = recording(&records);
            let (seen, error) = read(&bytes);
            prop_assert!(error.is_none());
            prop_assert_eq!(seen, records);
        }

        #[test]
        fn a_cut_leaves_what_stands_before_it(records in records(), cut in any::<prop::sample::Index>()) {
            let (bytes, ends) = recording(&records);
            let cut = cut.index(bytes.len());
            let (seen, error) = read(&bytes[..cut]);
            let whole = ends.iter().filter(|end| **end <= cut).count().saturating_sub(1);
            prop_assert_eq!(&seen[..], &records[..whole]);
            match error {
                None => prop_assert!(ends.contains(&cut)),
                Some(RecordingError::NotARecording) => prop_assert_eq!(cut, 0),
                Some(RecordingError::CutShort { offset }) => {
                    let offset = usize::try_from(offset).unwrap_or(usize::MAX);
                    prop_assert!(offset < cut && (ends.contains(&offset) || offset == 0));
                }
                Some(other) => prop_assert!(false, "{}", other),
            }
        }

        #[test]
        fn one_changed_byte_is_noticed(
            records in records(), place in any::<prop::sample::Index>(), change in 1_u8..,
        ) {
            let (mut bytes, ends) = recording(&records);
            let place = place.index(bytes.len());
            bytes[place] ^= change;
            let (seen, error) = read(&bytes);
            let whole = ends.iter().filter(|end| **end <= place).count().saturating_sub(1);
            prop_assert!(error.is_some());
            prop_assert_eq!(&seen[..], &records[..whole]);
        }

        #[test]
        fn any_bytes_give_records_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            read(&bytes);
            read(&[MAGIC, &bytes].concat());
        }
    }

    #[test]
    fn a_length_beyond_the_limit_is_refused_before_anything_is_set_aside() {
        let bytes = [MAGIC, &[0xff; 8], &[0; 64]].concat();
        assert!(matches!(read(&bytes).1, Some(RecordingError::Damaged { offset: 17 })));
    }

    #[test]
    fn a_long_piece_is_spread_over_records() {
        let bytes = vec![7; MAX_PIECE * 2 + 1];
        let event = Event::Sent(Side::Server, bytes.clone());
        let (written, _) = recording(&[Record { at: Timestamp::EPOCH, connection: 1, event }]);
        let (seen, error) = read(&written);
        assert!(error.is_none() && seen.len() == 3);
        let pieces = seen.into_iter().map(|record| match record.event {
            Event::Sent(Side::Server, piece) => piece,
            other => panic!("{other:?}"),
        });
        assert_eq!(pieces.flatten().collect::<Vec<u8>>(), bytes);
    }
}
