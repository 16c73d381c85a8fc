//! Which messages the bytes of a recording are.

use super::recording::{Event, Record, Side};
use crate::wire::frame::FrameError;
use crate::wire::{Answer, Codec, FrameBuffer, Refusal, Request, VersionRange, WireError};
use std::collections::BTreeMap;
use tradeport_kernel::Timestamp;

/// One message, or one thing that happened to a connection.
#[derive(Debug)]
pub struct Line {
    /// When its last byte went over.
    pub at: Timestamp,
    /// On which connection.
    pub connection: u64,
    /// The client's id, once it was said.
    pub client_id: Option<i32>,
    /// The body of its frame; empty for what is no frame.
    pub frame: Vec<u8>,
    /// What.
    pub said: Said,
}

/// What a line says.
#[derive(Debug)]
pub enum Said {
    /// The connection began.
    Connected,
    /// The client's versions.
    Opening(VersionRange),
    /// The server's version, and its time.
    Greeting(i32, String),
    /// The client asked.
    Request(Request),
    /// The server said.
    Answer(Answer),
    /// A frame that is no message that is known here.
    Unreadable(Side, Unreadable),
    /// Bytes that are no frames: those that came, and why.
    NoFrames(Side, Vec<u8>, Option<FrameError>),
    /// One side ended the connection.
    Closed(Side, String),
}

/// Why a frame is no message.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It should be a range of versions.
    #[error("the range of versions cannot be read")]
    Opening(#[source] Refusal),
    /// It should be a version and a time.
    #[error("the agreed version cannot be read")]
    Greeting,
    /// It comes before a version was agreed on.
    #[error("it comes before a version is agreed on")]
    NoVersion,
    /// Its bytes are no message.
    #[error(transparent)]
    Message(#[from] WireError),
}

/// One connection, as far as it was read.
#[derive(Debug)]
struct Talk {
    client: Half,
    server: Half,
    opened: bool,
    codec: Option<Codec>,
    client_id: Option<i32>,
}

#[derive(Debug)]
struct Half {
    buffer: FrameBuffer,
    /// These bytes are no frames any more.
    lost: bool,
}

impl Default for Talk {
    fn default() -> Self {
        let client = Half { buffer: FrameBuffer::new(), lost: false };
        let server = Half { buffer: FrameBuffer::opened(), lost: false };
        Self { client, server, opened: false, codec: None, client_id: None }
    }
}

/// Follows a recording, record by record.
#[derive(Debug, Default)]
pub struct Dialogue {
    talks: BTreeMap<u64, Talk>,
}

impl Dialogue {
    /// Takes a record in; every message that it completes goes to `tell`.
    pub fn take(&mut self, record: Record, tell: &mut impl FnMut(Line)) {
        let Record { at, connection, event } = record;
        let talk = self.talks.entry(connection).or_default();
        let line = |client_id, frame, said| Line { at, connection, client_id, frame, said };
        match event {
            Event::Connected => tell(line(None, Vec::new(), Said::Connected)),
            Event::Sent(side, bytes) => {
                talk.half(side).buffer.push(&bytes);
                while let Some((frame, said)) = talk.next(side) {
                    tell(line(talk.client_id, frame, said));
                }
            }
            Event::Closed(side, reason) => {
                for rest in talk.rests() {
                    tell(line(talk.client_id, Vec::new(), rest));
                }
                tell(line(talk.client_id, Vec::new(), Said::Closed(side, reason)));
                self.talks.remove(&connection);
            }
        }
    }

    /// What is left of connections that did not end: the beginnings of frames, by connection.
    pub fn finish(self, at: Timestamp, tell: &mut impl FnMut(Line)) {
        for (connection, mut talk) in self.talks {
            let client_id = talk.client_id;
            for said in talk.rests() {
                tell(Line { at, connection, client_id, frame: Vec::new(), said });
            }
        }
    }
}

impl Talk {
    fn half(&mut self, side: Side) -> &mut Half {
        match side {
            Side::Client => &mut self.client,
            Side::Server => &mut self.server,
        }
    }

    fn next(&mut self, side: Side) -> Option<(Vec<u8>, Said)> {
        let half = self.half(side);
        if half.lost {
            let rest = half.take_rest();
            return (!rest.is_empty()).then(|| (Vec::new(), Said::NoFrames(side, rest, None)));
        }
        match half.buffer.next_frame() {
            Ok(None) => None,
            Ok(Some(body)) => {
                let body = body.to_vec();
                let said = self.read(side, &body).unwrap_or_else(|it| Said::Unreadable(side, it));
                Some((body, said))
            }
            Err(error) => {
                half.lost = true;
                Some((Vec::new(), Said::NoFrames(side, half.take_rest(), Some(error))))
            }
        }
    }

    fn read(&mut self, side: Side, body: &[u8]) -> Result<Said, Unreadable> {
        match (side, self.codec) {
            (Side::Client, _) if !self.opened => {
                self.opened = true;
                VersionRange::parse(body).map(Said::Opening).map_err(Unreadable::Opening)
            }
            (Side::Client, None) => Err(Unreadable::NoVersion),
            (Side::Client, Some(codec)) => {
                let request = codec.request(body)?;
                if let Request::StartApi(start) = &request {
                    self.client_id = start.client_id;
                }
                Ok(Said::Request(request))
            }
            (Side::Server, None) => {
                let (version, time) = greeting(body).ok_or(Unreadable::Greeting)?;
                self.codec = Some(Codec::new(version));
                Ok(Said::Greeting(version, time))
            }
            (Side::Server, Some(codec)) => Ok(Said::Answer(codec.answer(body)?)),
        }
    }

    /// Bytes that came, and of which no frame has become.
    fn rests(&mut self) -> Vec<Said> {
        let rest = |side, half: &mut Half| {
            let rest = half.take_rest();
            (!rest.is_empty()).then_some(Said::NoFrames(side, rest, None))
        };
        [rest(Side::Client, &mut self.client), rest(Side::Server, &mut self.server)]
            .into_iter()
            .flatten()
            .collect()
    }
}

impl Half {
    fn take_rest(&mut self) -> Vec<u8> {
        let rest = self.buffer.waiting().to_vec();
        self.buffer = FrameBuffer::opened();
        rest
    }
}

/// `176`, zero byte, `20260102 15:04:05 UTC`, zero byte.
fn greeting(body: &[u8]) -> Option<(i32, String)> {
    let text = std::str::from_utf8(body).ok()?;
    let mut fields = text.split_terminator('\0');
    let version = fields.next()?.parse().ok()?;
    Some((version, fields.next().unwrap_or_default().to_owned()))
}
