//! One connection: what has arrived of it, which version it speaks, who it is.

use super::family;
use super::rate::MessageRate;
use super::settings::ServerSettings;
use crate::wire::frame::write_frame;
use crate::wire::proto::StartApiRequest;
use crate::wire::{Codec, FrameBuffer, VersionRange};
use serde::{Deserialize, Serialize};
use tradeport_kernel::Timestamp;

/// The number of a connection, given by whoever owns the sockets; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SessionId(pub u64);

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Its range of versions is awaited.
    Opening,
    /// The version is agreed on; its start is awaited.
    Starting(Codec),
    /// It asks and is answered.
    Ready {
        /// How it speaks.
        codec: Codec,
        /// Who it is.
        client_id: i32,
    },
}

/// Why a connection is not read for a while.
#[derive(Clone, Debug)]
pub(crate) enum Hold {
    /// The client id that it starts with is taken: perhaps its holder is just going.
    Start(StartApiRequest, Timestamp),
    /// It asks faster than it may, and has said that it is to be read more slowly then.
    Pace(Timestamp),
}

impl Hold {
    /// Until when, at the latest.
    pub(crate) const fn until(&self) -> Timestamp {
        match self {
            Self::Start(_, until) | Self::Pace(until) => *until,
        }
    }
}

/// One connection.
#[derive(Debug)]
pub(crate) struct Session {
    pub(crate) id: SessionId,
    pub(crate) phase: Phase,
    pub(crate) buffer: FrameBuffer,
    pub(crate) rate: MessageRate,
    /// Is the excess of its messages read later, rather than refused?
    pub(crate) is_paced: bool,
    pub(crate) hold: Option<Hold>,
    /// What the families of requests keep of it.
    pub(crate) kept: family::Kept,
}

/// Does a client say that it wants to be slowed down rather than refused?
pub(crate) fn asks_for_pace(options: &str) -> bool {
    options.split_ascii_whitespace().any(|option| option == "+PACEAPI")
}

impl Session {
    pub(crate) fn new(id: SessionId) -> Self {
        Self {
            id,
            phase: Phase::Opening,
            buffer: FrameBuffer::new(),
            rate: MessageRate::default(),
            is_paced: false,
            hold: None,
            kept: family::Kept::default(),
        }
    }

    /// How it speaks, once that is agreed on.
    pub(crate) const fn codec(&self) -> Option<Codec> {
        match self.phase {
            Phase::Opening => None,
            Phase::Starting(codec) | Phase::Ready { codec, .. } => Some(codec),
        }
    }

    /// Who it is, once it has said so.
    pub(crate) const fn client_id(&self) -> Option<i32> {
        match self.phase {
            Phase::Ready { client_id, .. } => Some(client_id),
            Phase::Opening | Phase::Starting(_) => None,
        }
    }

    /// Agrees on a version and gives the answer, which must travel alone: some clients throw away what comes with it. An
    /// error is the reason to close without an answer.
    pub(crate) fn open(
        &mut self,
        body: &[u8],
        settings: &ServerSettings,
        now: Timestamp,
    ) -> Result<Vec<u8>, String> {
        let range = VersionRange::parse(body).map_err(|error| error.to_string())?;
        let version = settings.versions.agree(&range).map_err(|error| error.to_string())?;
        self.is_paced |= asks_for_pace(&range.options);
        self.phase = Phase::Starting(Codec::new(version));
        let greeting = format!("{version}\0{}\0", settings.greeting_time(now));
        let mut frame = Vec::new();
        write_frame::<String>(&mut frame, |out| {
            out.extend_from_slice(greeting.as_bytes());
            Ok(())
        })?;
        Ok(frame)
    }
}
