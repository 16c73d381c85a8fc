//! A client for tests: it asks the server and reads what it is told.

use super::{Input, Output, Server, ServerSettings, SessionId};
use crate::wire::proto::{ErrorMessage, StartApiRequest};
use crate::wire::{Answer, Codec, FrameBuffer, Request};
use tradeport_kernel::Timestamp;

/// 2026-11-20 15:00 UTC, a Friday.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);

/// A server and one client that has started.
pub(crate) struct Client {
    pub(crate) server: Server,
    now: Timestamp,
    sessions: Vec<(SessionId, FrameBuffer)>,
    codec: Codec,
    closed: bool,
}

impl Client {
    /// Of a server with the usual settings.
    pub(crate) fn new() -> Self {
        Self::of(ServerSettings::default())
    }

    pub(crate) fn of(settings: ServerSettings) -> Self {
        // Tests ask as fast as they like.
        let settings = ServerSettings { message_rate: None, ..settings };
        let server = Server::new(settings, NOW).expect("good settings");
        let mut client =
            Self { server, now: NOW, sessions: Vec::new(), codec: Codec::new(226), closed: false };
        client.connect();
        client
    }

    /// One more connection to the same server; its number.
    pub(crate) fn connect(&mut self) -> usize {
        let number = self.sessions.len();
        let id = SessionId(u64::try_from(number).expect("few") + 1);
        let mut out = Vec::new();
        self.server.step(Input::Connected(id), self.now, &mut out);
        self.server.step(Input::Received(id, b"API\0\0\0\0\x09v213..226"), self.now, &mut out);
        self.sessions.push((id, FrameBuffer::opened()));
        let start = StartApiRequest { client_id: i32::try_from(number).ok(), optional_capabilities: None };
        self.ask_on(number, start);
        number
    }

    /// A connection ends on the client's side.
    pub(crate) fn close(&mut self, number: usize) {
        let id = self.sessions[number].0;
        let mut out = Vec::new();
        self.server.step(Input::Closed(id), self.now, &mut out);
        self.take(&out);
    }

    /// Asks on the first connection; what that is told.
    pub(crate) fn ask(&mut self, request: impl Into<Request>) -> Vec<Answer> {
        self.ask_on(0, request)
    }

    /// Asks on a connection; what that is told. What others are told waits for [`Self::heard`].
    pub(crate) fn ask_on(&mut self, number: usize, request: impl Into<Request>) -> Vec<Answer> {
        let mut bytes = Vec::new();
        self.codec.put_request(&request.into(), &mut bytes).expect("a good request");
        let id = self.sessions[number].0;
        let mut out = Vec::new();
        self.server.step(Input::Received(id, &bytes), self.now, &mut out);
        self.take(&out);
        self.heard(number)
    }

    /// Lets time pass; what the first connection is told meanwhile.
    pub(crate) fn wait(&mut self, seconds: i64) -> Vec<Answer> {
        self.now = Timestamp::from_nanos(self.now.nanos() + seconds * 1_000_000_000);
        let mut out = Vec::new();
        self.server.step(Input::Wake, self.now, &mut out);
        self.take(&out);
        self.heard(0)
    }

    /// What a connection has been told since the last time.
    pub(crate) fn heard(&mut self, number: usize) -> Vec<Answer> {
        let mut answers = Vec::new();
        while let Some(frame) = self.sessions[number].1.next_frame().expect("good frames") {
            answers.push(self.codec.answer(frame).expect("a good answer"));
        }
        answers
    }

    /// Has the server closed a connection?
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    fn take(&mut self, out: &[Output]) {
        for output in out {
            match output {
                Output::Send(to, bytes) => {
                    let found = self.sessions.iter_mut().find(|(id, _)| id == to);
                    found.expect("a connection").1.push(bytes);
                }
                Output::Close(..) => self.closed = true,
            }
        }
    }
}

/// The names of answers, one after the other.
pub(crate) fn names(answers: &[Answer]) -> Vec<&'static str> {
    answers.iter().map(Answer::name).collect()
}

/// The one error that is the whole answer.
pub(crate) fn error(answers: &[Answer]) -> ErrorMessage {
    let [Answer::ErrorMessage(error)] = answers else { panic!("one error: {answers:?}") };
    error.as_ref().clone()
}

/// Its request and its code.
pub(crate) fn refused(answers: &[Answer]) -> (i32, i32) {
    let error = error(answers);
    (error.id.expect("an id"), error.error_code.expect("a code"))
}
