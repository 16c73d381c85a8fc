//! A server of a test with one client or several, and a clock that the test moves.

use super::{Input, Output, Server, ServerSettings, SessionId};
use crate::wire::proto::{Contract, ErrorMessage, StartApiRequest};
use crate::wire::{Answer, Codec, FrameBuffer, Request};
use std::collections::BTreeMap;
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// 2026-11-20 15:00 UTC, a Friday: ten in the morning in New York.
pub(crate) const NOW: i64 = 1_795_186_800;

/// A server, its clients, and the time.
pub(crate) struct Desk {
    pub(crate) server: Server,
    pub(crate) now: Timestamp,
    clients: BTreeMap<SessionId, (Codec, FrameBuffer, Vec<Answer>)>,
}

impl Desk {
    /// With one client, number 1, that speaks protobuf.
    pub(crate) fn new(settings: ServerSettings) -> Self {
        Self::at(settings, Timestamp::from_seconds(NOW))
    }

    pub(crate) fn at(settings: ServerSettings, now: Timestamp) -> Self {
        // Tests ask as fast as they like.
        let settings = ServerSettings { message_rate: None, ..settings };
        let server = Server::new(settings, now).expect("good settings");
        let mut desk = Self { server, now, clients: BTreeMap::new() };
        desk.connect(1, "v213..226");
        desk
    }

    /// Connects and starts a client of some versions.
    pub(crate) fn connect(&mut self, number: u64, range: &str) {
        let id = SessionId(number);
        let mut out = Vec::new();
        self.server.step(Input::Connected(id), self.now, &mut out);
        let mut opening = b"API\0".to_vec();
        opening.extend_from_slice(&u32::try_from(range.len()).expect("short").to_be_bytes());
        opening.extend_from_slice(range.as_bytes());
        self.server.step(Input::Received(id, &opening), self.now, &mut out);
        let Some(Output::Send(_, bytes)) = out.pop() else { panic!("no greeting") };
        let text = String::from_utf8(bytes[4..].to_vec()).expect("text");
        let version = text.split('\0').next().and_then(|it| it.parse().ok()).expect("a version");
        self.clients.insert(id, (Codec::new(version), FrameBuffer::opened(), Vec::new()));
        let client_id = i32::try_from(number).ok();
        self.ask_as(number, StartApiRequest { client_id, optional_capabilities: None });
    }

    /// Asks as client 1 and gives what it is told at once.
    pub(crate) fn ask(&mut self, request: impl Into<Request>) -> Vec<Answer> {
        self.ask_as(1, request)
    }

    pub(crate) fn ask_as(&mut self, number: u64, request: impl Into<Request>) -> Vec<Answer> {
        let id = SessionId(number);
        let (codec, ..) = self.clients.get(&id).expect("a client");
        let mut bytes = Vec::new();
        codec.put_request(&request.into(), &mut bytes).expect("a good request");
        let mut out = Vec::new();
        self.server.step(Input::Received(id, &bytes), self.now, &mut out);
        self.take(&out);
        self.told(number)
    }

    /// Lets time pass and gives what client 1 is told meanwhile.
    pub(crate) fn wait(&mut self, millis: u64) -> Vec<Answer> {
        self.now = self.now.after(Duration::from_millis(millis));
        let mut out = Vec::new();
        self.server.step(Input::Wake, self.now, &mut out);
        self.take(&out);
        self.told(1)
    }

    /// Takes in what the server wants sent.
    pub(crate) fn take(&mut self, out: &[Output]) {
        for output in out {
            let Output::Send(id, bytes) = output else { continue };
            let (codec, buffer, told) = self.clients.get_mut(id).expect("a client");
            buffer.push(bytes);
            while let Some(frame) = buffer.next_frame().expect("good frames") {
                told.push(codec.answer(frame).expect("a good answer"));
            }
        }
    }

    /// What a client was told since the last time.
    pub(crate) fn told(&mut self, number: u64) -> Vec<Answer> {
        let (.., told) = self.clients.get_mut(&SessionId(number)).expect("a client");
        std::mem::take(told)
    }
}

/// A contract by its number.
pub(crate) fn of_number(number: i32, exchange: &str) -> Option<Contract> {
    Some(Contract { con_id: Some(number), exchange: Some(exchange.to_owned()), ..Contract::default() })
}

/// The share that the tests look at most.
pub(crate) fn apple() -> Option<Contract> {
    of_number(265_598, "SMART")
}

/// The names of some answers.
pub(crate) fn names(answers: &[Answer]) -> Vec<&'static str> {
    answers.iter().map(Answer::name).collect()
}

/// The one error among some answers that are nothing else.
pub(crate) fn error(answers: &[Answer]) -> (i32, i32, String) {
    let [Answer::ErrorMessage(it)] = answers else { panic!("one error, not {answers:?}") };
    let ErrorMessage { id, error_code, error_msg, .. } = it.as_ref();
    (id.unwrap_or(0), error_code.unwrap_or(0), error_msg.clone().unwrap_or_default())
}
