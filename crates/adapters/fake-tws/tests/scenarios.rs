//! Scenarios over loopback: what a restart, a torn frame and a half-open link are for a socket.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::chaos::{Act, Event, Port, Restart, Scenario, Split};
use tradeport_fake_tws::wire::proto::{CurrentTimeRequest, StartApiRequest};
use tradeport_fake_tws::wire::{Answer, AnswerKind, Codec, FrameBuffer, Request};
use tradeport_kernel::Timestamp;
use tradeport_memory::VirtualClock;

struct Client {
    stream: TcpStream,
    codec: Codec,
    buffer: FrameBuffer,
}

impl Client {
    /// Connects and starts; `None` when the port or the server does not let it.
    async fn connect(tws: &FakeTws) -> Option<Self> {
        let mut stream = TcpStream::connect(tws.address()).await.ok()?;
        stream.write_all(b"API\0\0\0\0\x09v226..226").await.ok()?;
        let mut client = Self { stream, codec: Codec::new(226), buffer: FrameBuffer::opened() };
        client.frame().await?;
        client.ask(StartApiRequest { client_id: Some(1), optional_capabilities: None }).await;
        while client.answer().await?.kind() != AnswerKind::NextValidId {}
        Some(client)
    }

    async fn ask(&mut self, request: impl Into<Request>) {
        let mut bytes = Vec::new();
        self.codec.put_request(&request.into(), &mut bytes).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    async fn answer(&mut self) -> Option<Answer> {
        let frame = self.frame().await?;
        Some(self.codec.answer(&frame).unwrap())
    }

    /// The next frame; `None` when the connection has ended.
    async fn frame(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(frame) = self.buffer.next_frame().unwrap() {
                return Some(frame.to_vec());
            }
            let mut bytes = [0; 4_096];
            match self.stream.read(&mut bytes).await {
                Ok(0) | Err(_) => return None,
                Ok(read) => self.buffer.push(&bytes[..read]),
            }
        }
    }

    /// Reads until the connection ends.
    async fn drain(&mut self) {
        while self.frame().await.is_some() {}
    }
}

async fn server(scenario: Scenario) -> (FakeTws, VirtualClock) {
    let clock = VirtualClock::new(Timestamp::from_seconds(1_767_366_245));
    let tws = FakeTws::builder().scenario(scenario).start(Arc::new(clock.clone())).await.unwrap();
    (tws, clock)
}

/// Time passes, and the server has seen it.
async fn pass(tws: &FakeTws, clock: &VirtualClock, by: Duration) {
    clock.advance(by);
    tws.connections().await.unwrap();
}

#[tokio::test]
async fn while_it_restarts_nobody_listens_and_then_the_same_port_takes_connections_again() {
    let (tws, clock) = server(Scenario::default()).await;
    let mut client = Client::connect(&tws).await.unwrap();
    tws.act(Act::Restart(Restart { down: Duration::from_secs(60), ..Restart::default() })).await.unwrap();
    client.drain().await;
    while TcpStream::connect(tws.address()).await.is_ok() {
        tokio::task::yield_now().await;
    }
    pass(&tws, &clock, Duration::from_secs(60)).await;
    let mut again = loop {
        match Client::connect(&tws).await {
            Some(client) => break client,
            None => tokio::task::yield_now().await,
        }
    };
    again.ask(CurrentTimeRequest {}).await;
    while again.answer().await.unwrap().kind() != AnswerKind::CurrentTime {}
}

#[tokio::test]
async fn a_port_that_is_silent_takes_connections_and_closes_them_when_it_is_over() {
    let (tws, clock) = server(Scenario::default()).await;
    let down = Restart { port: Port::Silent, ..Restart::default() };
    tws.act(Act::Restart(down)).await.unwrap();
    let mut stream = TcpStream::connect(tws.address()).await.unwrap();
    stream.write_all(b"API\0\0\0\0\x09v226..226").await.unwrap();
    while tws.connections().await.unwrap() == 0 {
        tokio::task::yield_now().await;
    }
    pass(&tws, &clock, Duration::from_secs(60)).await;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.unwrap_or_default();
    assert!(bytes.is_empty());
    assert!(Client::connect(&tws).await.is_some());
}

#[tokio::test]
async fn a_frame_in_pieces_arrives_whole() {
    let split = Split { pieces: 4, pause: Duration::from_millis(10) };
    let scenario =
        Scenario::new().on(Event::sending(AnswerKind::CurrentTime)).act(Act::Split(split)).done().unwrap();
    let (tws, clock) = server(scenario).await;
    let mut client = Client::connect(&tws).await.unwrap();
    client.ask(CurrentTimeRequest {}).await;
    let reading =
        tokio::spawn(
            async move { while client.answer().await.unwrap().kind() != AnswerKind::CurrentTime {} },
        );
    while !reading.is_finished() {
        pass(&tws, &clock, Duration::from_millis(10)).await;
        tokio::task::yield_now().await;
    }
    reading.await.unwrap();
}

#[tokio::test]
async fn a_half_open_link_stays_and_hears_nothing() {
    let (tws, clock) = server(Scenario::default()).await;
    let mut client = Client::connect(&tws).await.unwrap();
    tws.act(Act::HalfOpen).await.unwrap();
    client.ask(CurrentTimeRequest {}).await;
    pass(&tws, &clock, Duration::from_secs(3_600)).await;
    assert_eq!(tws.connections().await.unwrap(), 1);
    // Whatever was sent before is read; then the first thing that comes is the end, when the server is dropped.
    drop(tws);
    while let Some(answer) = client.answer().await {
        assert_eq!(answer.kind(), AnswerKind::ErrorMessage);
    }
}
