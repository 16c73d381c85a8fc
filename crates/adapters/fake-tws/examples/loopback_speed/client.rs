//! A client that does as little as a client can: it asks, and counts what comes.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use tradeport_fake_tws::wire::proto::{Contract, MarketDataRequest, StartApiRequest};
use tradeport_fake_tws::wire::{Answer, Codec, FrameBuffer, Request};

/// So much is read at once.
const READ: usize = 256 * 1024;

/// An era by the newest version of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Era {
    pub(crate) name: &'static str,
    range: &'static str,
    version: i32,
}

pub(crate) const PROTOBUF: Era = Era { name: "protobuf", range: "v213..226", version: 226 };
pub(crate) const TEXT: Era = Era { name: "text", range: "v157..200", version: 200 };

pub(crate) struct Client {
    stream: TcpStream,
    codec: Codec,
    buffer: FrameBuffer,
    bytes: Vec<u8>,
}

impl Client {
    /// Connects and starts; it is ready when it knows its accounts and its next order's number.
    pub(crate) fn connect(address: SocketAddr, id: i32, era: Era) -> Self {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut opening = b"API\0".to_vec();
        opening.extend_from_slice(&u32::try_from(era.range.len()).unwrap().to_be_bytes());
        opening.extend_from_slice(era.range.as_bytes());
        stream.write_all(&opening).unwrap();
        let mut client = Self {
            stream,
            codec: Codec::new(era.version),
            buffer: FrameBuffer::opened(),
            bytes: vec![0; READ],
        };
        client.next_frame(|frame| assert!(frame.starts_with(era.version.to_string().as_bytes())));
        client.ask(StartApiRequest { client_id: Some(id), optional_capabilities: None });
        let (mut accounts, mut order_id) = (false, false);
        while !(accounts && order_id) {
            match client.answer() {
                Answer::ManagedAccounts(_) => accounts = true,
                Answer::NextValidId(_) => order_id = true,
                _ => {}
            }
        }
        client
    }

    pub(crate) fn ask(&mut self, request: impl Into<Request>) {
        let mut bytes = Vec::new();
        self.codec.put_request(&request.into(), &mut bytes).unwrap();
        self.stream.write_all(&bytes).unwrap();
    }

    /// Subscribes to quotes, and waits until every line has told a price.
    pub(crate) fn subscribe(&mut self, count: i32) {
        for id in 0..count {
            let request =
                MarketDataRequest { req_id: Some(id), contract: Some(share(id)), ..Default::default() };
            self.ask(request);
        }
        let mut silent: std::collections::BTreeSet<i32> = (0..count).collect();
        while !silent.is_empty() {
            match self.answer() {
                Answer::TickPrice(tick) => {
                    silent.remove(&tick.req_id.unwrap_or_default());
                }
                Answer::ErrorMessage(error) => assert!(error.id.is_none_or(|id| id < 0), "{error:?}"),
                _ => {}
            }
        }
    }

    pub(crate) fn answer(&mut self) -> Answer {
        let codec = self.codec;
        self.next_frame(|frame| codec.answer(frame).unwrap())
    }

    fn next_frame<T>(&mut self, take: impl FnOnce(&[u8]) -> T) -> T {
        loop {
            if let Some(frame) = self.buffer.next_frame().unwrap() {
                return take(frame);
            }
            self.read();
        }
    }

    fn read(&mut self) {
        let read = self.stream.read(&mut self.bytes).unwrap();
        assert!(read > 0, "the server has closed the connection");
        self.buffer.push(&self.bytes[..read]);
    }

    /// How many ticks are there, after one more look at the socket.
    pub(crate) fn count(&mut self) -> u64 {
        self.read();
        let mut ticks = 0;
        while let Some(frame) = self.buffer.next_frame().unwrap() {
            ticks += u64::from(is_tick(frame));
        }
        ticks
    }
}

/// Prices, sizes, values and texts of streams: 1, 2, 45 and 46, as text or with the 200 that protobuf adds.
fn is_tick(frame: &[u8]) -> bool {
    matches!(frame, [0, 0, 0, 201 | 202 | 245 | 246, ..] | [b'1' | b'2', 0, ..] | [b'4', b'5' | b'6', 0, ..])
}

/// One of the shares and funds that are listed.
pub(crate) fn share(number: i32) -> Contract {
    let mut all = (1_001..1_030).chain(2_001..2_027).cycle();
    let con_id = all.nth(usize::try_from(number).unwrap());
    Contract { con_id, exchange: Some("SMART".to_owned()), ..Contract::default() }
}
