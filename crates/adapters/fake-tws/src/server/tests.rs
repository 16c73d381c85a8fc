//! A connection's first words, in both eras.

use super::*;
use crate::wire::proto::{CurrentTimeRequest, StartApiRequest};
use crate::wire::{Answer, FrameBuffer};

const NOW: Timestamp = Timestamp::from_seconds(1_767_366_245);

/// A client of a test: what it is told, in its own version.
struct Client {
    id: SessionId,
    codec: Codec,
    buffer: FrameBuffer,
}

impl Client {
    fn connect(server: &mut Server, id: u64, range: &str) -> (Self, String) {
        let id = SessionId(id);
        let mut out = Vec::new();
        server.step(Input::Connected(id), NOW, &mut out);
        let mut opening = b"API\0".to_vec();
        opening.extend_from_slice(&u32::try_from(range.len()).expect("short").to_be_bytes());
        opening.extend_from_slice(range.as_bytes());
        server.step(Input::Received(id, &opening), NOW, &mut out);
        let [Output::Send(to, bytes)] = out.as_slice() else { panic!("one answer, alone: {out:?}") };
        assert_eq!(*to, id);
        let text = String::from_utf8(bytes[4..].to_vec()).expect("text");
        let version = text.split('\0').next().and_then(|it| it.parse().ok()).expect("a version");
        (Self { id, codec: Codec::new(version), buffer: FrameBuffer::opened() }, text)
    }

    fn ask(&mut self, server: &mut Server, request: impl Into<Request>) -> Vec<Answer> {
        let mut bytes = Vec::new();
        self.codec.put_request(&request.into(), &mut bytes).expect("a good request");
        let mut out = Vec::new();
        server.step(Input::Received(self.id, &bytes), NOW, &mut out);
        for output in &out {
            if let Output::Send(_, bytes) = output {
                self.buffer.push(bytes);
            }
        }
        let mut answers = Vec::new();
        while let Some(frame) = self.buffer.next_frame().expect("good frames") {
            answers.push(self.codec.answer(frame).expect("a good answer"));
        }
        answers
    }
}

fn start(client_id: i32) -> StartApiRequest {
    StartApiRequest { client_id: Some(client_id), optional_capabilities: None }
}

#[test]
fn the_handshake_names_the_version_and_the_time_and_comes_alone() {
    let mut server = Server::new(ServerSettings::default(), NOW).expect("good settings");
    let (_, text) = Client::connect(&mut server, 1, "v100..157");
    assert_eq!(text, "157\x0020260102 15:04:05 UTC\0");
}

#[test]
fn who_starts_is_told_its_accounts_its_next_id_and_the_farms() {
    for range in ["v157..178", "v213..226"] {
        let mut server = Server::new(ServerSettings::default(), NOW).expect("good settings");
        let (mut client, _) = Client::connect(&mut server, 1, range);
        let names: Vec<_> = client.ask(&mut server, start(7)).iter().map(Answer::name).collect();
        assert_eq!(names, ["MANAGED_ACCTS", "NEXT_VALID_ID", "ERR_MSG", "ERR_MSG", "ERR_MSG"], "{range}");
        let time = client.ask(&mut server, CurrentTimeRequest {});
        let Some(Answer::CurrentTime(time)) = time.first() else { panic!("the time: {time:?}") };
        assert_eq!(time.current_time, Some(1_767_366_245));
    }
}

#[test]
fn a_client_id_that_is_taken_is_told_and_closed() {
    let mut server = Server::new(ServerSettings::default(), NOW).expect("good settings");
    let (mut first, _) = Client::connect(&mut server, 1, "v213..226");
    first.ask(&mut server, start(7));
    let (mut second, _) = Client::connect(&mut server, 2, "v213..226");
    let answers = second.ask(&mut server, start(7));
    let [Answer::ErrorMessage(error)] = answers.as_slice() else { panic!("one error: {answers:?}") };
    assert_eq!(error.error_code, Some(326));
}
