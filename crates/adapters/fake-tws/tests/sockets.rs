//! Connections over loopback: how they begin, end, and what becomes of those that do not behave.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tradeport_fake_tws::FakeTws;
use tradeport_fake_tws::wire::proto::{CurrentTimeRequest, StartApiRequest};
use tradeport_fake_tws::wire::{Answer, Codec, FrameBuffer, Request};
use tradeport_kernel::Timestamp;
use tradeport_memory::VirtualClock;

struct Client {
    stream: TcpStream,
    codec: Codec,
    buffer: FrameBuffer,
}

impl Client {
    async fn connect(tws: &FakeTws) -> Self {
        let mut stream = TcpStream::connect(tws.address()).await.unwrap();
        stream.write_all(b"API\0\0\0\0\x09v157..226").await.unwrap();
        let mut answer = [0; 128];
        let read = stream.read(&mut answer).await.unwrap();
        assert_eq!(&answer[4..8], b"226\0");
        assert_eq!(read, 4 + usize::from(answer[3]), "the answer comes alone and whole");
        Self { stream, codec: Codec::new(226), buffer: FrameBuffer::opened() }
    }

    async fn ask(&mut self, request: impl Into<Request>) {
        let mut bytes = Vec::new();
        self.codec.put_request(&request.into(), &mut bytes).unwrap();
        self.stream.write_all(&bytes).await.unwrap();
    }

    /// The next answer; `None` when the connection has ended.
    async fn answer(&mut self) -> Option<Answer> {
        loop {
            if let Some(frame) = self.buffer.next_frame().unwrap() {
                return Some(self.codec.answer(frame).unwrap());
            }
            let mut bytes = [0; 4_096];
            match self.stream.read(&mut bytes).await {
                Ok(0) | Err(_) => return None,
                Ok(read) => self.buffer.push(&bytes[..read]),
            }
        }
    }
}

fn start(client_id: i32) -> StartApiRequest {
    StartApiRequest { client_id: Some(client_id), optional_capabilities: None }
}

async fn server() -> FakeTws {
    let clock = VirtualClock::new(Timestamp::from_seconds(1_767_366_245));
    FakeTws::builder().start(Arc::new(clock)).await.unwrap()
}

#[tokio::test]
async fn a_client_connects_starts_and_asks_for_the_time() {
    let tws = server().await;
    let mut client = Client::connect(&tws).await;
    client.ask(start(1)).await;
    for expected in ["MANAGED_ACCTS", "NEXT_VALID_ID", "ERR_MSG", "ERR_MSG", "ERR_MSG"] {
        assert_eq!(client.answer().await.unwrap().name(), expected);
    }
    client.ask(CurrentTimeRequest {}).await;
    assert_eq!(client.answer().await.unwrap().name(), "CURRENT_TIME");
    assert_eq!(tws.connections().await.unwrap(), 1);
}

#[tokio::test]
async fn a_second_client_of_the_same_id_is_told_and_closed() {
    let clock = Arc::new(VirtualClock::new(Timestamp::from_seconds(1_767_366_245)));
    let tws = FakeTws::builder().start(clock.clone()).await.unwrap();
    let mut first = Client::connect(&tws).await;
    first.ask(start(1)).await;
    assert!(first.answer().await.is_some());
    let mut second = Client::connect(&tws).await;
    second.ask(start(1)).await;
    // Half a second is given to the first to go.
    let time = async {
        loop {
            clock.advance(Duration::from_millis(50));
            tokio::task::yield_now().await;
        }
    };
    let answer = tokio::select! {
        answer = second.answer() => answer,
        () = time => None,
    };
    let Some(Answer::ErrorMessage(error)) = answer else { panic!("an error, not {answer:?}") };
    assert_eq!(error.error_code, Some(326));
    assert_eq!(second.answer().await, None);
}

#[tokio::test]
async fn strangers_and_garbage_are_closed_and_others_go_on() {
    let tws = server().await;
    let mut good = Client::connect(&tws).await;
    for bytes in [
        &b"GET / HTTP/1.1\r\n\r\n"[..],
        b"API\0\xff\xff\xff\xff",
        b"API\0\0\0\0\x04vv..",
        b"API\0\0\0\0\x07v1..100",
    ] {
        let mut stranger = TcpStream::connect(tws.address()).await.unwrap();
        stranger.write_all(bytes).await.unwrap();
        let mut rest = Vec::new();
        // A reset is an end, too.
        let read = stranger.read_to_end(&mut rest).await.unwrap_or(0);
        assert_eq!(read, 0, "{bytes:02x?} was answered with {rest:02x?}");
    }
    good.ask(start(1)).await;
    assert!(good.answer().await.is_some());
}

#[tokio::test]
async fn more_messages_a_second_than_are_allowed_are_refused() {
    let tws = server().await;
    let mut client = Client::connect(&tws).await;
    client.ask(start(1)).await;
    for _ in 0..60 {
        client.ask(CurrentTimeRequest {}).await;
    }
    let (mut times, mut refused) = (0, 0);
    for _ in 0..65 {
        match client.answer().await.unwrap() {
            Answer::CurrentTime(_) => times += 1,
            Answer::ErrorMessage(error) if error.error_code == Some(100) => refused += 1,
            _ => {}
        }
    }
    // The start counts, too.
    assert_eq!((times, refused), (49, 11));
}
