//! The server without sockets: bytes of each connection and the time go in, bytes for each connection come out.
//!
//! It is one single-threaded state machine. The same settings and the same inputs give the same bytes. Whoever owns the
//! sockets calls [`Server::step`] for what arrives, and at [`Server::next_wake`] at the latest.
//!
//! | part | knows |
//! | --- | --- |
//! | [`World`] | the exchange, what it lists, its prices |
//! | `session` | one connection: its bytes, its version, its client id |
//! | `family` | the requests, one module for each family of the API, with what they keep |
//! | [`Outbox`] | who is told what, in order |
//!
//! Left out: sockets, threads and clocks.

mod board;
mod context;
mod dispatch;
mod error;
mod family;
mod limits;
mod lookup;
mod market_hours;
mod outbox;
mod permissions;
mod rate;
mod served;
mod session;
mod settings;
mod table;
mod world;

pub use error::{ApiError, Code};
pub use limits::{Limits, PacingRules};
pub use outbox::Outbox;
pub use permissions::Permissions;
pub use rate::RateLimit;
pub use served::{SERVED, Served, Truth, served};
pub use session::SessionId;
pub use settings::ServerSettings;
pub use table::served_table;
pub use world::World;

use crate::wire::{Codec, Request, proto};
use context::Context;
use rate::Judgement;
use session::{Phase, Session};
use std::collections::BTreeMap;
use tradeport_fake_broker::ConfigError;
use tradeport_kernel::Timestamp;

/// One thing that happens to the server.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// Somebody connects.
    Connected(SessionId),
    /// Bytes arrive.
    Received(SessionId, &'a [u8]),
    /// A connection has ended on the other side.
    Closed(SessionId),
    /// Time passes.
    Wake,
}

/// One thing that the server wants done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send these bytes, whole and in one go.
    Send(SessionId, Vec<u8>),
    /// Close a connection, once what was to be sent is sent.
    Close(SessionId, String),
}

/// A TWS without sockets.
#[derive(Debug)]
pub struct Server {
    settings: ServerSettings,
    world: World,
    sessions: BTreeMap<SessionId, Session>,
    shared: family::Shared,
    outbox: Outbox,
}

impl Server {
    /// A server that nobody has connected to.
    pub fn new(settings: ServerSettings, now: Timestamp) -> Result<Self, ConfigError> {
        let world = World::new(&settings, now)?;
        let mut shared = family::Shared::default();
        shared.orders.master = settings.master_client_id;
        Ok(Self { settings, world, sessions: BTreeMap::new(), shared, outbox: Outbox::default() })
    }

    /// Takes one input in and appends what is to be done.
    pub fn step(&mut self, input: Input<'_>, now: Timestamp, out: &mut Vec<Output>) {
        self.advance(now);
        match input {
            Input::Connected(id) => {
                self.sessions.insert(id, Session::new(id));
            }
            Input::Received(id, bytes) => self.receive(id, bytes),
            Input::Closed(id) => self.forget(id),
            Input::Wake => {}
        }
        self.flush(out);
    }

    /// When it wants to be called again, if nothing arrives before.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        let market = family::next_wake(&self.sessions, &self.shared, &self.world);
        [self.world.next_timer(), market].into_iter().flatten().min()
    }

    /// How many connections stand, started or not.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.sessions.len()
    }

    /// A small frame that says nothing new to a client that has started: for whoever must not be silent now.
    #[must_use]
    pub fn filler(&self, id: SessionId) -> Option<Vec<u8>> {
        let Phase::Ready { codec, .. } = self.sessions.get(&id)?.phase else { return None };
        let mut frame = Vec::new();
        let notice = family::connection::filler().message(self.world.now());
        codec.put_answer(notice.into(), &mut frame).ok()?;
        Some(frame)
    }

    /// The world behind it: scripts publish quotes and move the exchange there.
    pub fn world_mut(&mut self) -> &mut World {
        &mut self.world
    }

    /// Enters an order by hand, as a person does at the window of TWS: it belongs to client 0, without a number until that
    /// client binds it. Gives its durable number. Errors: as a client would be told.
    pub fn enter_by_hand(
        &mut self,
        contract: &proto::Contract,
        order: &proto::Order,
        now: Timestamp,
        out: &mut Vec<Output>,
    ) -> Result<i64, ApiError> {
        self.advance(now);
        let parts = &mut family::parts::Parts {
            sessions: &mut self.sessions,
            shared: &mut self.shared,
            world: &mut self.world,
            outbox: &mut self.outbox,
        };
        let entered = parts.enter(contract, order);
        self.tell_effects();
        self.flush(out);
        entered
    }

    /// Empties every client's books of depth and builds them anew, as TWS does when its own feed was interrupted.
    pub fn reset_depth(&mut self, out: &mut Vec<Output>) {
        for session in self.sessions.values_mut() {
            family::market_data::depth::reset(session, &mut self.world, &mut self.outbox);
        }
        self.flush(out);
    }

    /// Lets everything happen that is due until `now`, in the order of the moments.
    fn advance(&mut self, now: Timestamp) {
        while let Some(due) = self.next_wake().filter(|due| *due <= now) {
            self.world.advance(due);
            self.on_time();
        }
        self.world.advance(now);
        self.tell_effects();
    }

    fn on_time(&mut self) {
        family::on_time(&mut self.sessions, &mut self.shared, &mut self.world, &mut self.outbox);
        self.tell_effects();
    }

    /// What the exchange has said since the last time goes to those whom it concerns.
    fn tell_effects(&mut self) {
        let effects = self.world.take_effects();
        if !effects.is_empty() {
            family::on_effects(
                &effects,
                &mut self.sessions,
                &mut self.shared,
                &mut self.world,
                &mut self.outbox,
            );
        }
    }

    fn receive(&mut self, id: SessionId, bytes: &[u8]) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.buffer.push(bytes);
        // Taken out while it works, so that the rest can be lent to whoever answers.
        while let Some(session) = self.sessions.get_mut(&id) {
            let body = match session.buffer.next_frame() {
                Ok(Some(body)) => body.to_vec(),
                Ok(None) => return,
                Err(error) => return self.outbox.close(id, error.to_string()),
            };
            if let Err(reason) = self.frame(id, &body) {
                return self.outbox.close(id, reason);
            }
            self.tell_effects();
            if self.outbox.closes(id) {
                return;
            }
        }
    }

    /// One frame of a connection; an error is the reason to close it.
    fn frame(&mut self, id: SessionId, body: &[u8]) -> Result<(), String> {
        let Some(session) = self.sessions.get_mut(&id) else { return Ok(()) };
        match session.phase {
            Phase::Opening => {
                let greeting = session.open(body, &self.settings, self.world.now())?;
                self.outbox.raw(id, greeting);
                Ok(())
            }
            Phase::Starting(codec) | Phase::Ready { codec, .. } => match codec.request(body) {
                Ok(request) => {
                    if self.may_ask(id) {
                        self.answer(id, codec, request);
                    }
                    Ok(())
                }
                Err(error) => dispatch::unreadable(&mut self.outbox, id, &error),
            },
        }
    }

    /// Counts a message against the limit; the excess is refused, and ends the session when it goes on.
    fn may_ask(&mut self, id: SessionId) -> bool {
        let Some(limit) = self.settings.message_rate else { return true };
        let now = self.world.now();
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        let (received, breach, ends) = match session.rate.judge(limit, now) {
            Judgement::Pass => return true,
            Judgement::Refuse { received, breach } => (received, breach, false),
            Judgement::Close { received, breach } => (received, breach, true),
        };
        let most = limit.per_second;
        let text = format!(
            "Max rate of messages per second has been exceeded: max={most} rec={received} ({breach})"
        );
        self.outbox.say(id, ApiError::notice(Code::TooManyMessages, text).message(now));
        if ends {
            self.outbox.close(id, format!("more than {most} messages a second, {breach} times"));
        }
        false
    }

    fn answer(&mut self, id: SessionId, codec: Codec, request: Request) {
        let mut context = Context {
            id,
            version: codec.version(),
            settings: &self.settings,
            sessions: &mut self.sessions,
            shared: &mut self.shared,
            world: &mut self.world,
            outbox: &mut self.outbox,
        };
        dispatch::answer(&mut context, request);
    }

    fn forget(&mut self, id: SessionId) {
        self.sessions.remove(&id);
        self.outbox.forget(id);
    }

    /// Encodes what is to be said, each for its connection.
    fn flush(&mut self, out: &mut Vec<Output>) {
        self.outbox.flush(&self.sessions, out);
        for output in out.iter() {
            if let Output::Close(id, _) = output {
                self.sessions.remove(id);
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod desk;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
