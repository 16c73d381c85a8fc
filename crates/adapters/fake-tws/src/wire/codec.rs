//! Messages to frames and back, in the era of a connection.

use super::frame::write_frame;
use super::message::{Answer, Request};
use super::text::{Reader, TextError, Writer};
use super::version::Era;

/// What protobuf adds to a message's number.
const PROTOBUF_OFFSET: i32 = 200;

/// Why a frame is not a message, or a message not a frame.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The body is too short to have a number, or it is no number.
    #[error("a frame of {0} bytes does not begin with the number of a message")]
    NoNumber(usize),
    /// A number that nobody gave.
    #[error("there is no message with the number {0}")]
    Unknown(i32),
    /// Its fields are not what they should be.
    #[error("{call} cannot be read")]
    Text {
        /// Which message.
        call: &'static str,
        /// The number that a request gave itself, if that could be read.
        about: Option<i32>,
        /// Why.
        #[source]
        source: TextError,
    },
    /// Its bytes are not protobuf.
    #[error("message {id} is not well-formed protobuf")]
    Protobuf {
        /// Which message.
        id: i32,
        /// The number that a request gave itself, if that could be read.
        about: Option<i32>,
        /// Why.
        #[source]
        source: prost::DecodeError,
    },
    /// Text in the era of protobuf, or the other way round.
    #[error("message {0} is not in the form that this connection speaks")]
    WrongEra(i32),
}

impl WireError {
    /// The number that the request which could not be read gave itself, if that could be read.
    #[must_use]
    pub const fn request_id(&self) -> Option<i32> {
        match self {
            Self::Text { about, .. } | Self::Protobuf { about, .. } => *about,
            Self::NoNumber(_) | Self::Unknown(_) | Self::WrongEra(_) => None,
        }
    }
}

/// Requests that give themselves no number, or that have something else where the others have theirs.
const UNNUMBERED: [i32; 27] = [
    5, 6, 8, 12, 13, 14, 15, 16, 17, 18, 24, 49, 58, 59, 61, 64, 65, 66, 71, 72, 73, 80, 82, 85, 91, 99, 105,
];

/// The number that a request gives itself: the first field of its protobuf.
fn number_of(id: i32, protobuf: &[u8]) -> Option<i32> {
    const FIRST_FIELD: u8 = 0x08;
    if UNNUMBERED.contains(&id) || protobuf.first() != Some(&FIRST_FIELD) {
        return None;
    }
    let mut rest = protobuf.get(1..)?;
    let number = prost::encoding::decode_varint(&mut rest).ok()?;
    // A negative one is written as that of 64 bits.
    i32::try_from(number.cast_signed()).ok()
}

/// The codec of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Codec {
    version: i32,
}

impl Codec {
    /// That of a version.
    #[must_use]
    pub const fn new(version: i32) -> Self {
        Self { version }
    }

    /// The version.
    #[must_use]
    pub const fn version(self) -> i32 {
        self.version
    }

    /// Its era.
    #[must_use]
    pub const fn era(self) -> Era {
        Era::of(self.version)
    }

    /// Reads a client's frame.
    pub fn request(self, body: &[u8]) -> Result<Request, WireError> {
        self.read(body, Request::from_protobuf, Request::empty, |it, cursor| {
            it.lay(cursor).map_err(|source| {
                let mut read = Vec::new();
                it.put_protobuf(&mut read);
                WireError::Text { call: it.name(), about: number_of(it.id(), &read), source }
            })
        })
    }

    /// Reads a server's frame.
    pub fn answer(self, body: &[u8]) -> Result<Answer, WireError> {
        self.read(body, Answer::from_protobuf, Answer::empty, |it, cursor| {
            let call = it.name();
            it.lay(cursor).map_err(|source| WireError::Text { call, about: None, source })
        })
    }

    /// Appends a client's frame.
    pub fn put_request(self, request: &Request, out: &mut Vec<u8>) -> Result<(), WireError> {
        match self.era() {
            Era::Protobuf => put_protobuf(request.id(), out, |out| request.put_protobuf(out)),
            Era::Text => self.put_text(request.id(), out, |cursor| {
                let call = request.name();
                request.clone().lay(cursor).map_err(|source| WireError::Text { call, about: None, source })
            }),
        }
    }

    /// Appends a server's frame.
    pub fn put_answer(self, mut answer: Answer, out: &mut Vec<u8>) -> Result<(), WireError> {
        self.put_answer_of(&mut answer, out)
    }

    /// Appends a server's frame. A layout that serves both ways writes what it may change: whoever keeps the answer to write
    /// it again sets its fields anew.
    pub fn put_answer_of(self, answer: &mut Answer, out: &mut Vec<u8>) -> Result<(), WireError> {
        match self.era() {
            Era::Protobuf => put_protobuf(answer.id(), out, |out| answer.put_protobuf(out)),
            Era::Text => self.put_text(answer.id(), out, |cursor| {
                let call = answer.name();
                answer.lay(cursor).map_err(|source| WireError::Text { call, about: None, source })
            }),
        }
    }

    fn read<M>(
        self,
        body: &[u8],
        from_protobuf: impl FnOnce(i32, &[u8]) -> Option<Result<M, prost::DecodeError>>,
        empty: impl FnOnce(i32) -> Option<M>,
        lay: impl FnOnce(&mut M, &mut Reader<'_>) -> Result<(), WireError>,
    ) -> Result<M, WireError> {
        match self.era() {
            Era::Protobuf => {
                let (number, rest) = body.split_first_chunk::<4>().ok_or(WireError::NoNumber(body.len()))?;
                let number = i32::from_be_bytes(*number);
                let id = number.checked_sub(PROTOBUF_OFFSET).filter(|id| *id > 0);
                let id = id.ok_or(WireError::WrongEra(number))?;
                from_protobuf(id, rest).ok_or(WireError::Unknown(id))?.map_err(|source| WireError::Protobuf {
                    id,
                    about: number_of(id, rest),
                    source,
                })
            }
            Era::Text => {
                let no_number = || WireError::NoNumber(body.len());
                let end = body.iter().position(|byte| *byte == 0).ok_or_else(no_number)?;
                let (number, rest) = body.split_at(end);
                let id = std::str::from_utf8(number).ok().and_then(|it| it.parse().ok());
                let id = id.ok_or_else(no_number)?;
                let mut message = empty(id).ok_or(WireError::Unknown(id))?;
                let text = |source| WireError::Text { call: "a message", about: None, source };
                let mut cursor =
                    Reader::new(rest.get(1..).unwrap_or_default(), self.version).map_err(text)?;
                lay(&mut message, &mut cursor)?;
                Ok(message)
            }
        }
    }

    fn put_text(
        self,
        id: i32,
        out: &mut Vec<u8>,
        lay: impl FnOnce(&mut Writer<'_>) -> Result<(), WireError>,
    ) -> Result<(), WireError> {
        write_frame(out, |out| {
            let mut cursor = Writer::new(out, self.version);
            cursor.put_whole(i64::from(id));
            lay(&mut cursor)
        })
    }
}

fn put_protobuf(id: i32, out: &mut Vec<u8>, put: impl FnOnce(&mut Vec<u8>)) -> Result<(), WireError> {
    write_frame(out, |out| {
        out.extend_from_slice(&(id + PROTOBUF_OFFSET).to_be_bytes());
        put(out);
        Ok(())
    })
}
