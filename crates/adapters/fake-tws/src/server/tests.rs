//! A connection's first words, in both eras.

use super::*;
use crate::wire::proto::{CurrentTimeRequest, StartApiRequest};
use crate::wire::{Answer, FrameBuffer};
use std::time::Duration;

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
        self.hear(&out)
    }

    /// What it is told once so much time has passed since the start.
    fn wait(&mut self, server: &mut Server, millis: u64) -> Vec<Answer> {
        let mut out = Vec::new();
        server.step(Input::Wake, NOW.after(Duration::from_millis(millis)), &mut out);
        self.hear(&out)
    }

    fn hear(&mut self, out: &[Output]) -> Vec<Answer> {
        for output in out {
            if let Output::Send(id, bytes) = output
                && *id == self.id
            {
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
    // Its holder may be about to go.
    assert_eq!(second.ask(&mut server, start(7)), []);
    assert_eq!(server.next_wake(), Some(NOW.after(Duration::from_millis(500))));
    let answers = second.wait(&mut server, 500);
    let [Answer::ErrorMessage(error)] = answers.as_slice() else { panic!("one error: {answers:?}") };
    assert_eq!(error.error_code, Some(326));
}

#[test]
fn a_client_id_that_is_given_back_in_time_is_taken_over_with_all_that_was_asked_meanwhile() {
    let mut server = Server::new(ServerSettings::default(), NOW).expect("good settings");
    let (mut first, _) = Client::connect(&mut server, 1, "v213..226");
    first.ask(&mut server, start(7));
    let (mut second, _) = Client::connect(&mut server, 2, "v157..178");
    assert_eq!(second.ask(&mut server, start(7)), []);
    assert_eq!(second.ask(&mut server, CurrentTimeRequest {}), []);
    let mut out = Vec::new();
    server.step(Input::Closed(first.id), NOW, &mut out);
    let names: Vec<_> = second.hear(&out).iter().map(Answer::name).collect();
    let farms = ["ERR_MSG"; 3];
    assert_eq!(names[..2], ["MANAGED_ACCTS", "NEXT_VALID_ID"]);
    assert_eq!(names[2..], [&farms[..], &["CURRENT_TIME"]].concat());
}

#[test]
fn what_cannot_be_read_is_told_and_the_connection_goes_on() {
    let frame = |body: &[u8]| {
        let mut bytes = u32::try_from(body.len()).expect("short").to_be_bytes().to_vec();
        bytes.extend_from_slice(body);
        bytes
    };
    // Market data of request 9 with a strike that is no number; a number that nobody gave; no number at all.
    let text = b"1\x0011\x009\x000\x00AAPL\x00STK\x00\x00strike\x00".to_vec();
    let protobuf = [&201_i32.to_be_bytes()[..], &[0x08, 9, 0x12, 0x7f]].concat();
    let strange = [&[0, 0, 3, 231][..], b""].concat();
    for (range, bodies) in [
        ("v157..178", [(text, 9), (b"777\0".to_vec(), -1), (b"abc\0".to_vec(), -1)]),
        ("v213..226", [(protobuf, 9), (strange, -1), (b"\0".to_vec(), -1)]),
    ] {
        let mut server = Server::new(ServerSettings::default(), NOW).expect("good settings");
        let (mut client, _) = Client::connect(&mut server, 1, range);
        client.ask(&mut server, start(7));
        for (body, about) in bodies {
            let mut out = Vec::new();
            server.step(Input::Received(client.id, &frame(&body)), NOW, &mut out);
            let told = client.hear(&out);
            let [Answer::ErrorMessage(error)] = told.as_slice() else { panic!("one error: {told:?}") };
            assert_eq!((error.error_code, error.id), (Some(320), Some(about)), "{range}");
        }
        assert_eq!(client.ask(&mut server, CurrentTimeRequest {}).len(), 1);
    }
}

#[test]
fn who_asks_for_a_pace_is_read_more_slowly_instead_of_being_refused() {
    for (options, capabilities) in [(" +PACEAPI", None), ("", Some("+PACEAPI".to_owned()))] {
        let mut server = Server::new(ServerSettings::default(), NOW).expect("good settings");
        let (mut client, _) = Client::connect(&mut server, 1, &format!("v157..178{options}"));
        client.ask(&mut server, StartApiRequest { optional_capabilities: capabilities, ..start(7) });
        let mut times = 0;
        for _ in 0..120 {
            times += client.ask(&mut server, CurrentTimeRequest {}).len();
        }
        // The start was the first of fifty.
        assert_eq!(times, 49);
        let again = NOW.after(Duration::from_secs(1));
        assert_eq!(server.next_wake(), Some(again));
        let told = client.wait(&mut server, 1_000);
        assert!(told.iter().all(|it| matches!(it, Answer::CurrentTime(_))));
        assert_eq!(told.len(), 50);
        assert_eq!(client.wait(&mut server, 2_000).len(), 21);
    }
}
