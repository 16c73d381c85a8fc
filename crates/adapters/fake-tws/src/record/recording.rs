//! One record of a recording, and its bytes on file.

use tradeport_kernel::Timestamp;

/// What a recording begins with.
pub const MAGIC: &[u8] = b"tradeport wire 1\n";
/// So many bytes of a connection stand in one record at most; more are spread over several.
pub const MAX_PIECE: usize = 1 << 20;
/// Kind, connection and moment.
pub(super) const HEAD: usize = 17;
/// Length and checksum.
pub(super) const FRAME: usize = 8;

/// Who of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The one that connected.
    Client,
    /// The one that listened.
    Server,
}

/// What happened on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It began.
    Connected,
    /// One side sent bytes, as they came: a frame may be spread over several records, or share one.
    Sent(Side, Vec<u8>),
    /// One side ended it; the server's reason, where it is known.
    Closed(Side, String),
}

/// One thing that happened, when, and on which connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When.
    pub at: Timestamp,
    /// On which connection; no number is given twice on one recording.
    pub connection: u64,
    /// What.
    pub event: Event,
}

const CONNECTED: u8 = 1;
const FROM_CLIENT: u8 = 2;
const FROM_SERVER: u8 = 3;
const CLOSED_BY_CLIENT: u8 = 4;
const CLOSED_BY_SERVER: u8 = 5;

/// Appends a record's bytes; one with more than [`MAX_PIECE`] bytes becomes several.
pub fn put_record(record: &Record, out: &mut Vec<u8>) {
    let mut put = |kind, payload: &[u8]| put_body(kind, record.connection, record.at, payload, out);
    match &record.event {
        Event::Connected => put(CONNECTED, &[]),
        Event::Sent(side, bytes) => {
            let kind = if *side == Side::Client { FROM_CLIENT } else { FROM_SERVER };
            bytes.chunks(MAX_PIECE).for_each(|piece| put(kind, piece));
        }
        Event::Closed(Side::Client, _) => put(CLOSED_BY_CLIENT, &[]),
        Event::Closed(Side::Server, reason) => {
            let reason = reason.as_bytes();
            put(CLOSED_BY_SERVER, reason.get(..MAX_PIECE).unwrap_or(reason));
        }
    }
}

fn put_body(kind: u8, connection: u64, at: Timestamp, payload: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    let length = u32::try_from(HEAD + payload.len()).expect("a piece is shorter than that");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(&[0; 4]);
    out.push(kind);
    out.extend_from_slice(&connection.to_be_bytes());
    out.extend_from_slice(&at.nanos().to_be_bytes());
    out.extend_from_slice(payload);
    let body = out.get(start + FRAME..).unwrap_or_default();
    let sum = checksum(length, body).to_be_bytes();
    if let Some(room) = out.get_mut(start + 4..start + FRAME) {
        room.copy_from_slice(&sum);
    }
}

/// Over the length, too: a length that was damaged must not lead astray.
pub(super) fn checksum(length: u32, body: &[u8]) -> u32 {
    let mut sum = crc32fast::Hasher::new();
    sum.update(&length.to_be_bytes());
    sum.update(body);
    sum.finalize()
}

/// Reads a body; `None` when it is none that is written here.
pub(super) fn read_body(body: &[u8]) -> Option<Record> {
    let (kind, rest) = body.split_first()?;
    let (connection, rest) = rest.split_first_chunk::<8>()?;
    let (at, payload) = rest.split_first_chunk::<8>()?;
    let event = match *kind {
        CONNECTED if payload.is_empty() => Event::Connected,
        FROM_CLIENT => Event::Sent(Side::Client, payload.to_vec()),
        FROM_SERVER => Event::Sent(Side::Server, payload.to_vec()),
        CLOSED_BY_CLIENT if payload.is_empty() => Event::Closed(Side::Client, String::new()),
        CLOSED_BY_SERVER => Event::Closed(Side::Server, String::from_utf8_lossy(payload).into_owned()),
        _ => return None,
    };
    let at = Timestamp::from_nanos(i64::from_be_bytes(*at));
    Some(Record { at, connection: u64::from_be_bytes(*connection), event })
}
