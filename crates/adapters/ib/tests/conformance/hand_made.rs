//! A TWS made by hand: it greets and goes on as a test says, in as many pieces as it likes, and hears who comes.
//!
//! Left out: answers to anything; whoever wants those takes a fake TWS.

use crate::stand::on_runtime;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tradeport_fake_tws::wire::proto::{ManagedAccounts, NextValidId};
use tradeport_fake_tws::wire::{Answer, Codec};

/// What it says, and how.
#[derive(Clone, Default)]
pub(crate) struct Says {
    pub(crate) greeting: Vec<u8>,
    /// Once it has heard who comes.
    pub(crate) then: Vec<u8>,
    /// All of it byte by byte.
    pub(crate) in_bytes: bool,
}

/// Where it listens, and what it knows.
pub(crate) struct HandMade {
    pub(crate) port: u16,
    pub(crate) open: Arc<AtomicUsize>,
    /// The first that each connection said.
    pub(crate) heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Says {
    /// A greeting of this version and time, then an account and the number of the next order.
    pub(crate) fn usual(version: u32, time: &str) -> Self {
        let then = [account(), next_number(38_103)].concat();
        Self { greeting: greeting(version, time), then, in_bytes: false }
    }
}

pub(crate) fn greeting(version: u32, time: &str) -> Vec<u8> {
    let body = format!("{version}\0{time}\0");
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&length[..], body.as_bytes()].concat()
}

fn frame(answer: Answer) -> Vec<u8> {
    let mut frame = Vec::new();
    Codec::new(226).put_answer(answer, &mut frame).unwrap();
    frame
}

pub(crate) fn account() -> Vec<u8> {
    let accounts = ManagedAccounts { accounts_list: Some("DU1234567".to_owned()) };
    frame(accounts.into())
}

pub(crate) fn next_number(number: i32) -> Vec<u8> {
    frame(NextValidId { order_id: Some(number) }.into())
}

pub(crate) async fn hand_made(says: Says) -> HandMade {
    let (open, heard) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<Vec<Vec<u8>>>>::default());
    let (counted, kept) = (Arc::clone(&open), Arc::clone(&heard));
    let port = on_runtime(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (says, counted, kept) = (says.clone(), Arc::clone(&counted), Arc::clone(&kept));
                tokio::spawn(async move {
                    counted.fetch_add(1, Ordering::AcqRel);
                    speak(stream, &says, &kept).await;
                    counted.fetch_sub(1, Ordering::AcqRel);
                });
            }
        });
        port
    })
    .await;
    HandMade { port, open, heard }
}

/// Until the other end goes.
async fn speak(mut stream: TcpStream, says: &Says, kept: &Mutex<Vec<Vec<u8>>>) {
    stream.set_nodelay(true).unwrap();
    let mut heard = vec![0; 4_096];
    let first = stream.read(&mut heard).await.unwrap_or(0);
    kept.lock().unwrap().push(heard[..first].to_vec());
    say(&mut stream, &says.greeting, says.in_bytes).await;
    if stream.read(&mut heard).await.unwrap_or(0) == 0 {
        return;
    }
    say(&mut stream, &says.then, says.in_bytes).await;
    while stream.read(&mut heard).await.unwrap_or(0) > 0 {}
}

async fn say(stream: &mut TcpStream, what: &[u8], in_bytes: bool) {
    let pieces = if in_bytes { what.chunks(1) } else { what.chunks(what.len().max(1)) };
    for piece in pieces {
        // Whoever has heard enough is gone.
        if stream.write_all(piece).await.is_err() {
            return;
        }
        for _ in 0..4 {
            tokio::task::yield_now().await;
        }
    }
}
