//! The task that owns the server.

use super::connection::{Connection, read};
use crate::record::{Event, RecorderHandle, Side};
use crate::server::{Input, Output, Server, SessionId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::{Notify, mpsc, watch};
use tradeport_kernel::{Clock, Timestamp};

/// So many commands may wait for the server; then readers wait.
pub(super) const COMMANDS: usize = 1_024;

/// So many moments of the market at most are done at once, and no more of them when so many bytes are said.
const MOMENTS: usize = 1_024;
const STRIDE: usize = 128 * 1024;
/// So often at most that is done before somebody who waits is heard. Nine hours of ticks, when few look at them.
const STRIDES: usize = 128;
/// Whoever has more than this still to read is waited for, when the market runs as fast as its clients read.
const MARK: usize = 1024 * 1024;
/// So long.
const STALL: Duration = Duration::from_secs(5);

/// What the server's task is asked to do.
pub(super) enum Command {
    /// Take a connection in.
    Accepted(TcpStream),
    /// Bytes have arrived.
    Received(SessionId, Vec<u8>),
    /// A connection has ended.
    Closed(SessionId),
    /// Do something with the server.
    Work(Box<dyn FnOnce(&mut Server) + Send>),
}

impl std::fmt::Debug for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Accepted(_) => "Accepted",
            Self::Received(..) => "Received",
            Self::Closed(_) => "Closed",
            Self::Work(_) => "Work",
        })
    }
}

/// Moves the server and routes what it says.
///
/// The server's time is the clock's, as long as it can follow. A clock that runs faster than that is followed as fast as can
/// be: what has come due is done in small pieces, between which others are heard, and the server's time falls behind.
pub(super) struct Driver {
    server: Server,
    clock: Arc<dyn Clock>,
    commands: mpsc::Sender<Command>,
    connections: BTreeMap<SessionId, Connection>,
    next_id: u64,
    aside: Aside,
    out: Vec<Output>,
    /// So far the market has run away from the clock by that.
    ahead: Duration,
    /// Hears whenever a connection has written something.
    room: Arc<Notify>,
}

/// What goes on beside the server.
pub(super) struct Aside {
    /// So many bytes may wait for a connection.
    pub(super) queue: usize,
    /// Is told whether the port takes connections.
    pub(super) open: watch::Sender<bool>,
    /// Where every connection is recorded.
    pub(super) recording: Option<RecorderHandle>,
    /// Does the market run as fast as its clients read?
    pub(super) as_read: bool,
}

/// What the server waits for.
#[derive(Clone, Copy, Debug)]
enum Next {
    Nothing,
    /// A moment of the clock.
    At(Timestamp),
    /// Its clients.
    Room,
    /// Nobody but those who want to be heard first.
    Turn,
}

impl Driver {
    pub(super) fn new(
        server: Server,
        clock: Arc<dyn Clock>,
        commands: mpsc::Sender<Command>,
        aside: Aside,
    ) -> Self {
        Self {
            server,
            clock,
            commands,
            connections: BTreeMap::new(),
            next_id: 1,
            aside,
            out: Vec::new(),
            ahead: Duration::ZERO,
            room: Arc::default(),
        }
    }

    /// Tells the recording, if there is one.
    fn note(&self, id: SessionId, event: impl FnOnce() -> Event) {
        if let Some(recording) = &self.aside.recording {
            recording.note(self.now(), id.0, event());
        }
    }

    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        let (clock, room) = (Arc::clone(&self.clock), Arc::clone(&self.room));
        loop {
            let next = self.next();
            tokio::select! {
                command = inbox.recv() => match command {
                    Some(command) => self.take(command),
                    None => return,
                },
                () = wait(next, clock.as_ref(), &room) => self.go_on(next),
            }
        }
    }

    fn next(&mut self) -> Next {
        let Some(wake) = self.server.next_wake() else { return Next::Nothing };
        if !self.aside.as_read || !self.server.is_streaming() {
            return Next::At(wake.before(self.ahead));
        }
        let (now, mark) = (self.clock.now(), self.mark());
        let mut next = Next::Turn;
        for connection in self.connections.values_mut().filter(|it| it.waiting() > mark) {
            // From now on others wait for it.
            connection.stalled_since(now);
            next = Next::Room;
        }
        next
    }

    /// So much may wait for a connection when the market goes on.
    fn mark(&self) -> usize {
        (self.aside.queue / 4).min(MARK)
    }

    fn go_on(&mut self, next: Next) {
        match next {
            Next::Nothing => {}
            Next::At(_) => {
                self.stride(self.now());
            }
            Next::Room => self.drop_stalled(),
            Next::Turn => {
                self.stride(Timestamp::MAX);
                self.ahead += self.server.now().since(self.now());
            }
        }
    }

    fn take(&mut self, command: Command) {
        match command {
            Command::Accepted(stream) => self.accept(stream),
            Command::Received(id, bytes) => {
                self.note(id, || Event::Sent(Side::Client, bytes.clone()));
                self.step(Input::Received(id, &bytes));
            }
            Command::Closed(id) => {
                if self.connections.remove(&id).is_some() {
                    self.note(id, || Event::Closed(Side::Client, String::new()));
                }
                self.step(Input::Closed(id));
            }
            Command::Work(work) => {
                self.step(Input::Wake);
                work(&mut self.server);
                self.step(Input::Wake);
            }
        }
    }

    fn accept(&mut self, stream: TcpStream) {
        let id = SessionId(self.next_id);
        self.next_id += 1;
        if let Err(error) = stream.set_nodelay(true) {
            tracing::warn!(%error, "a connection answers late: its socket cannot be set up");
        }
        let (reader, writer) = stream.into_split();
        let reader = tokio::spawn(read(id, reader, self.commands.clone()));
        let (clock, room) = (Arc::clone(&self.clock), Arc::clone(&self.room));
        self.connections.insert(id, Connection::new(writer, reader, clock, self.aside.queue, room));
        self.note(id, || Event::Connected);
        self.step(Input::Connected(id));
    }

    fn now(&self) -> Timestamp {
        self.clock.now().after(self.ahead)
    }

    /// Does a little of what is due until a moment; says whether nothing is left.
    fn stride(&mut self, until: Timestamp) -> bool {
        let mut out = std::mem::take(&mut self.out);
        let (mut is_done, mut bytes, mut counted) = (false, 0, 0);
        for _ in 0..MOMENTS {
            let Some(due) = self.server.next_wake().filter(|due| *due <= until) else {
                is_done = true;
                break;
            };
            self.server.step(Input::Wake, due, &mut out);
            if self.server.is_played_with() {
                // Frames may be torn, and the port shut, from one moment to the next.
                self.deliver(std::mem::take(&mut out));
                counted = 0;
                continue;
            }
            bytes += out.iter().skip(counted).map(size).sum::<usize>();
            counted = out.len();
            if bytes > STRIDE {
                break;
            }
        }
        self.deliver(out);
        is_done
    }

    /// One input, at the clock's time: or at the time to which the server has come, when it cannot follow.
    fn step(&mut self, input: Input<'_>) {
        let now = self.now();
        let is_there = (0..STRIDES).any(|_| self.stride(now));
        let now = if is_there { now } else { self.server.now() };
        let mut out = std::mem::take(&mut self.out);
        self.server.step(input, now, &mut out);
        self.deliver(out);
    }

    fn deliver(&mut self, mut out: Vec<Output>) {
        let listens = self.server.listens();
        self.aside.open.send_if_modified(|open| std::mem::replace(open, listens) != listens);
        let mut dropped = Vec::new();
        for output in out.drain(..) {
            match output {
                // Who is to be dropped hears nothing more, so that what it has heard has no gaps.
                Output::Send(id, _) if dropped.contains(&id) => {}
                Output::Send(id, bytes) => {
                    let Some(connection) = self.connections.get(&id) else { continue };
                    connection.fill_with(|| self.server.filler(id));
                    self.note(id, || Event::Sent(Side::Server, bytes.clone()));
                    let is_torn = self.server.is_torn(id);
                    if let Err(waiting) = connection.send(&bytes, is_torn) {
                        tracing::warn!(session = id.0, waiting, "a client that does not read is dropped");
                        dropped.push(id);
                    }
                }
                Output::Close(id, reason) => {
                    tracing::info!(session = id.0, %reason, "a connection is closed");
                    if self.connections.remove(&id).is_some() {
                        self.note(id, || Event::Closed(Side::Server, reason));
                    }
                }
            }
        }
        self.out = out;
        dropped.into_iter().for_each(|id| self.drop_client(id));
    }

    fn drop_client(&mut self, id: SessionId) {
        if let Some(connection) = self.connections.remove(&id) {
            connection.cut();
            self.note(id, || Event::Closed(Side::Server, "it does not read".to_owned()));
            self.step(Input::Closed(id));
        }
    }

    /// Drops those that all others have waited for too long.
    fn drop_stalled(&mut self) {
        let (now, mark) = (self.clock.now(), self.mark());
        let mut stalled = Vec::new();
        for (id, connection) in &mut self.connections {
            if connection.waiting() > mark && now.since(connection.stalled_since(now)) >= STALL {
                tracing::warn!(session = id.0, "a client that has stopped reading is dropped");
                stalled.push(*id);
            }
        }
        stalled.into_iter().for_each(|id| self.drop_client(id));
    }
}

async fn wait(next: Next, clock: &dyn Clock, room: &Notify) {
    match next {
        Next::Nothing => std::future::pending().await,
        Next::At(moment) => clock.sleep_until(moment).await,
        Next::Room => {
            let end = clock.now().after(STALL);
            tokio::select! {
                () = room.notified() => {}
                () = clock.sleep_until(end) => {}
            }
        }
        Next::Turn => tokio::task::yield_now().await,
    }
}

fn size(output: &Output) -> usize {
    match output {
        Output::Send(_, bytes) => bytes.len(),
        Output::Close(..) => 0,
    }
}
