//! The laws themselves. The crate's own tests hold the kept corpus against them, too, where no fuzzer can be built.

use std::sync::Arc;
use tradeport_fake_tws::ServerSettings;
use tradeport_fake_tws::record::{
    Dialogue, Event, MAGIC, Privacy, Record, RecordingReader, Side, json, put_record, text,
};
use tradeport_fake_tws::replay::{Player, Script};
use tradeport_fake_tws::server::{Input, Output, Server, SessionId};
use tradeport_fake_tws::wire::{Answer, Codec, FrameBuffer, FrameError, Request};
use tradeport_kernel::Timestamp;

/// 2026-11-20 15:00 UTC, a Friday.
const NOW: Timestamp = Timestamp::from_seconds(1_795_186_800);
/// So much a server may say to one piece of a client's bytes.
const MOST_SAID: usize = 32 << 20;
/// So many pieces a client sends in one run.
const MOST_PIECES: usize = 64;

/// Frames do not depend on how the bytes are cut; and they hold no more than has arrived.
pub fn frame(data: &[u8]) {
    let [flags, cut, bytes @ ..] = data else { return };
    let buffer = || if flags & 1 == 0 { FrameBuffer::new() } else { FrameBuffer::opened() };
    let whole = frames(buffer(), [bytes].into_iter());
    // Cuts that differ from piece to piece.
    let mut pieces = Vec::new();
    let (mut rest, mut size) = (bytes, usize::from(*cut));
    while !rest.is_empty() {
        let (piece, later) = rest.split_at((1 + size % 17).min(rest.len()));
        pieces.push(piece);
        rest = later;
        size = size.wrapping_mul(31).wrapping_add(7);
    }
    assert_eq!(frames(buffer(), pieces.into_iter()), whole);
    assert!(whole.0.iter().map(|body| body.len() + 4).sum::<usize>() <= bytes.len());
}

fn frames<'a>(
    mut buffer: FrameBuffer,
    pieces: impl Iterator<Item = &'a [u8]>,
) -> (Vec<Vec<u8>>, Option<FrameError>) {
    let mut found = Vec::new();
    for piece in pieces {
        buffer.push(piece);
        loop {
            match buffer.next_frame() {
                Ok(Some(body)) => found.push(body.to_vec()),
                Ok(None) => break,
                // A stranger's first bytes are told as far as they have come.
                Err(FrameError::NotTheProtocol(_)) => {
                    return (found, Some(FrameError::NotTheProtocol([0; 4])));
                }
                Err(error) => return (found, Some(error)),
            }
        }
    }
    (found, None)
}

/// What decodes encodes, and decodes to the same again.
pub fn protobuf_codec(data: &[u8]) {
    let [version, body @ ..] = data else { return };
    codec(213 + i32::from(*version % 14), body);
}

/// The same in text.
pub fn text_codec(data: &[u8]) {
    let [version, body @ ..] = data else { return };
    codec(157 + i32::from(*version % 44), body);
}

fn codec(version: i32, body: &[u8]) {
    let codec = Codec::new(version);
    let again = |request: &Request| {
        let mut frame = Vec::new();
        codec.put_request(request, &mut frame).ok().map(|()| frame)
    };
    if let Ok(mut request) = codec.request(body) {
        drop([request.node(), Privacy::Kept.request(&request)]);
        request.visit_numbers(&mut |_, _| {});
        if let Some(first) = again(&request) {
            let back = codec.request(&first[4..]).expect("what was encoded");
            assert_eq!(again(&back), Some(first), "{request:?}");
        }
    }
    let again = |answer: Answer| {
        let mut frame = Vec::new();
        codec.put_answer(answer, &mut frame).ok().map(|()| frame)
    };
    if let Ok(mut answer) = codec.answer(body) {
        drop([answer.node(), Privacy::Kept.answer(&answer)]);
        answer.visit_numbers(&mut |_, _| {});
        let shown = answer.clone();
        if let Some(first) = again(answer) {
            let back = codec.answer(&first[4..]).expect("what was encoded");
            assert_eq!(again(back), Some(first), "{shown:?}");
        }
    }
}

/// A piece of what a client does: one byte says what, one how long.
enum Act<'a> {
    Frame(&'a [u8]),
    Bytes(&'a [u8]),
    Wait(u64),
}

fn acts(mut data: &[u8]) -> Vec<Act<'_>> {
    let mut found = Vec::new();
    while let [kind, length, rest @ ..] = data
        && found.len() < MOST_PIECES
    {
        let length = if kind & 0x80 == 0 { usize::from(*length) } else { 4 * usize::from(*length) };
        let (body, later) = rest.split_at(length.min(rest.len()));
        match kind % 8 {
            0 => found.push(Act::Bytes(body)),
            1 => {
                // Waiting takes no bytes.
                found.push(Act::Wait(length as u64));
                data = rest;
                continue;
            }
            _ => found.push(Act::Frame(body)),
        }
        data = later;
    }
    found
}

fn framed(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("short");
    [&length.to_be_bytes()[..], body].concat()
}

/// The client's first words in an era: the versions, and its start.
fn greeting(protobuf: bool) -> [Vec<u8>; 2] {
    let start = if protobuf { &b"\0\0\x01\x0f\x08\x01"[..] } else { b"71\x002\x001\0\0" };
    let range = if protobuf { framed(b"v213..226") } else { framed(b"v157..200") };
    [[b"API\0", &range[..]].concat(), framed(start)]
}

/// No bytes of a client, however they come, make the server panic, hang or say without end.
pub fn server(data: &[u8]) {
    let [flags, rest @ ..] = data else { return };
    let settings = ServerSettings { message_rate: None, ..ServerSettings::default() };
    let mut server = Server::new(settings, NOW).expect("good settings");
    let (id, mut now, mut out) = (SessionId(1), NOW, Vec::new());
    server.step(Input::Connected(id), now, &mut out);
    if flags & 2 == 0 {
        for piece in greeting(flags & 1 == 0) {
            server.step(Input::Received(id, &piece), now, &mut out);
        }
    }
    for act in acts(rest) {
        out.clear();
        match act {
            Act::Frame(body) => server.step(Input::Received(id, &framed(body)), now, &mut out),
            Act::Bytes(bytes) => server.step(Input::Received(id, bytes), now, &mut out),
            Act::Wait(steps) => {
                now = now.after(std::time::Duration::from_millis(steps * 20));
                server.step(Input::Wake, now, &mut out);
            }
        }
        let said = out.iter().map(|it| if let Output::Send(_, bytes) = it { bytes.len() } else { 0 });
        assert!(said.sum::<usize>() <= MOST_SAID);
        if out.iter().any(|it| matches!(it, Output::Close(..))) {
            assert_eq!(server.connections(), 0);
            return;
        }
    }
    server.step(Input::Closed(id), now, &mut out);
    assert_eq!(server.connections(), 0);
}

/// Any file gives lines and a script, or an error; and the script plays to whoever recorded it.
pub fn recording(data: &[u8]) {
    let [flags, rest @ ..] = data else { return };
    let bytes = if flags & 1 == 0 { rest.to_vec() } else { built(*flags, rest) };
    let Ok(reader) = RecordingReader::new(&bytes[..]) else { return };
    let mut dialogue = Dialogue::default();
    let mut lines = 0;
    let mut count = |line: tradeport_fake_tws::record::Line| {
        lines += 1;
        for privacy in [Privacy::Kept, Privacy::Told] {
            assert!(!text(&line, privacy).contains(['\n', '\x1b']));
            assert!(json(&line, privacy).is_object());
        }
    };
    let mut client = Vec::new();
    for record in reader.flatten() {
        if let (1, Event::Sent(Side::Client, piece)) = (record.connection, &record.event) {
            client.push((record.at, piece.clone()));
        }
        dialogue.take(record, &mut count);
    }
    dialogue.finish(NOW, &mut count);
    let script = Script::read(RecordingReader::new(&bytes[..]).expect("as before")).0;
    let mut player = Player::new(Arc::new(script));
    let mut out = Vec::new();
    for (at, piece) in client {
        if player.receive(&piece, at, &mut out).is_err() {
            return;
        }
    }
    // Every wake brings something on: it ends.
    for _ in 0..100_000 {
        let Some(wake) = player.next_wake() else { return };
        if player.wake(wake, &mut out).is_err() {
            return;
        }
    }
    panic!("a script of {} bytes goes on for ever", bytes.len());
}

/// A recording whose checksums are right.
fn built(flags: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    let mut put = |at: u64, event| {
        let at = NOW.after(std::time::Duration::from_millis(at));
        put_record(&Record { at, connection: 1, event }, &mut bytes);
    };
    let protobuf = flags & 2 == 0;
    let [opening, start] = greeting(protobuf);
    put(0, Event::Connected);
    put(0, Event::Sent(Side::Client, opening));
    let version = if protobuf { &b"226\0t\0"[..] } else { b"200\0t\0" };
    put(1, Event::Sent(Side::Server, framed(version)));
    put(2, Event::Sent(Side::Client, start));
    let mut at = 2;
    for act in acts(data) {
        at += 1;
        let side = if at % 3 == 0 { Side::Client } else { Side::Server };
        match act {
            Act::Frame(body) => put(at, Event::Sent(side, framed(body))),
            Act::Bytes(bytes) => put(at, Event::Sent(side, bytes.to_vec())),
            Act::Wait(steps) => at += steps,
        }
    }
    put(at, Event::Closed(Side::Server, String::new()));
    bytes
}
