//! The task that owns the server.

use super::connection::{Connection, read};
use crate::server::{Input, Output, Server, SessionId};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tradeport_kernel::{Clock, Timestamp};

/// So many commands may wait for the server; then readers wait.
pub(super) const COMMANDS: usize = 1_024;

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
pub(super) struct Driver {
    server: Server,
    clock: Arc<dyn Clock>,
    commands: mpsc::Sender<Command>,
    connections: BTreeMap<SessionId, Connection>,
    next_id: u64,
    queue: usize,
    out: Vec<Output>,
}

impl Driver {
    pub(super) fn new(
        server: Server,
        clock: Arc<dyn Clock>,
        commands: mpsc::Sender<Command>,
        queue: usize,
    ) -> Self {
        let (connections, out) = (BTreeMap::new(), Vec::new());
        Self { server, clock, commands, connections, next_id: 1, queue, out }
    }

    pub(super) async fn run(mut self, mut inbox: mpsc::Receiver<Command>) {
        let clock = Arc::clone(&self.clock);
        loop {
            let wake = self.server.next_wake();
            let due = async {
                match wake {
                    Some(wake) => clock.sleep_until(wake).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                command = inbox.recv() => match command {
                    Some(command) => self.take(command),
                    None => return,
                },
                () = due => self.step(Input::Wake),
            }
        }
    }

    fn take(&mut self, command: Command) {
        match command {
            Command::Accepted(stream) => self.accept(stream),
            Command::Received(id, bytes) => self.step(Input::Received(id, &bytes)),
            Command::Closed(id) => {
                self.connections.remove(&id);
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
        let connection = Connection::new(writer, reader, Arc::clone(&self.clock), self.queue);
        self.connections.insert(id, connection);
        self.step(Input::Connected(id));
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn step(&mut self, input: Input<'_>) {
        let now = self.now();
        let mut out = std::mem::take(&mut self.out);
        self.server.step(input, now, &mut out);
        let mut dropped = Vec::new();
        for output in out.drain(..) {
            match output {
                Output::Send(id, bytes) => {
                    let Some(connection) = self.connections.get(&id) else { continue };
                    connection.fill_with(|| self.server.filler(id));
                    if let Err(waiting) = connection.send(bytes) {
                        tracing::warn!(session = id.0, waiting, "a client that does not read is dropped");
                        dropped.push(id);
                    }
                }
                Output::Close(id, reason) => {
                    tracing::info!(session = id.0, %reason, "a connection is closed");
                    self.connections.remove(&id);
                }
            }
        }
        self.out = out;
        for id in dropped {
            if let Some(connection) = self.connections.remove(&id) {
                connection.cut();
            }
            self.step(Input::Closed(id));
        }
    }
}
