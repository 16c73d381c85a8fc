//! The server without sockets: bytes of each connection and the time go in, bytes for each connection come out.
//!
//! It is one single-threaded state machine. The same settings and the same inputs give the same bytes. Whoever owns the
//! sockets calls [`Server::step`] for what arrives, and at [`Server::next_wake`] at the latest.
//!
//! | part | knows |
//! | --- | --- |
//! | [`World`] | the exchange, what it lists, its prices |
//! | `session` | one connection: its bytes, its version, its client id |
//! | `chaos` | what goes wrong, when a scenario is played |
//! | `family` | the requests, one module for each family of the API, with what they keep |
//! | [`Outbox`] | who is told what, in order |
//!
//! Left out: sockets, threads and clocks.

mod board;
mod chaos;
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
mod terms;
mod world;

pub use error::{ApiError, Code};
pub use limits::{Limits, PacingRules};
pub use outbox::Outbox;
pub use permissions::Permissions;
pub use rate::RateLimit;
pub use served::{SERVED, Served, Truth, served};
pub use session::SessionId;
pub use settings::{Prices, ServerSettings};
pub use table::served_table;
pub use terms::{Carried, TERMS, Terms, terms_table};
pub use world::World;

use crate::chaos::{Act, Scenario};
use crate::wire::{Codec, Request, proto};
use chaos::Chaos;
use context::Context;
use rate::Judgement;
use session::{Hold, Phase, Session};
use std::collections::BTreeMap;
use tradeport_fake_broker::ConfigError;
use tradeport_kernel::Timestamp;

/// So many bytes of a client wait while nothing is read; then its connection is closed.
const MOST_UNREAD: usize = 1 << 20;
/// So often what the exchange says makes it say more before anybody else has a turn.
const MOST_ROUNDS: usize = 1_000;

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
    chaos: Chaos,
    frames_read: u64,
}

impl Server {
    /// A server that nobody has connected to.
    pub fn new(settings: ServerSettings, now: Timestamp) -> Result<Self, ConfigError> {
        let world = World::new(&settings, now)?;
        let mut shared = family::Shared::default();
        shared.orders.master = settings.master_client_id;
        let chaos = Chaos::new(settings.seed, &settings.scenario, now);
        let (sessions, outbox) = (BTreeMap::new(), Outbox::default());
        let mut server = Self { settings, world, sessions, shared, outbox, chaos, frames_read: 0 };
        server.chaos_rests();
        Ok(server)
    }

    /// Takes one input in and appends what is to be done.
    pub fn step(&mut self, input: Input<'_>, now: Timestamp, out: &mut Vec<Output>) {
        self.advance(now);
        match input {
            Input::Connected(id) => {
                if self.admits(id) {
                    self.sessions.insert(id, Session::new(id));
                }
            }
            Input::Received(id, bytes) => self.receive(id, bytes),
            Input::Closed(id) => {
                self.forget(id);
                self.resume();
            }
            Input::Wake => {}
        }
        self.flush(out);
    }

    /// When it wants to be called again, if nothing arrives before.
    #[must_use]
    pub fn next_wake(&self) -> Option<Timestamp> {
        let market = family::next_wake(&self.sessions, &self.shared, &self.world);
        let holds = self.sessions.values().filter_map(|it| it.hold.as_ref()).map(Hold::until).min();
        [self.world.next_timer(), market, holds, self.chaos.next_due()].into_iter().flatten().min()
    }

    /// Plays a scenario, which begins now, beside what is played already.
    pub fn play(&mut self, scenario: &Scenario) {
        self.chaos.play(scenario, self.world.now());
        self.chaos_rests();
    }

    /// Does an act at the next step: to all connections, or to the newest order. Acts on a message or a request need a rule
    /// that says which: alone they do nothing.
    pub fn act(&mut self, act: Act) {
        self.chaos.act(act, self.world.now());
        self.chaos_rests();
    }

    /// Does the port take connections? Whoever owns it shuts it while it does not.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.chaos.listens()
    }

    /// Is a scenario being played?
    #[must_use]
    pub const fn is_played_with(&self) -> bool {
        !self.chaos.is_quiet()
    }

    /// Has a connection been sent only a part of a frame? Then nothing else may be sent on it.
    #[must_use]
    pub fn is_torn(&self, id: SessionId) -> bool {
        self.chaos.is_torn(id)
    }

    /// Its time: that of the last input, or of the last thing that was due before it.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.world.now()
    }

    /// Does anybody have a stream of market data?
    #[must_use]
    pub fn is_streaming(&self) -> bool {
        family::market_data::is_watched(&self.sessions)
    }

    /// How many connections stand, started or not.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.sessions.len()
    }

    /// How many frames of clients it has read: whoever moves its time waits until it has read what was sent.
    #[must_use]
    pub const fn frames_read(&self) -> u64 {
        self.frames_read
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

    #[cfg(test)]
    fn kept_of_orders(&self) -> [usize; 7] {
        self.shared.orders.kept()
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
        let entered = self.parts().enter(contract, order);
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
        self.resume();
        self.settle();
        self.chaos_on_time();
    }

    /// Reads on where a connection was not read for a while.
    fn resume(&mut self) {
        let held: Vec<SessionId> =
            self.sessions.values().filter(|it| it.hold.is_some()).map(|it| it.id).collect();
        for id in held {
            let Some(session) = self.sessions.get_mut(&id) else { continue };
            match session.hold.clone() {
                // It looks itself whether the time is over.
                Some(Hold::Start(start, _)) => {
                    if let Some(codec) = session.codec() {
                        self.answer_and_note(id, codec, start.into());
                    }
                }
                Some(Hold::Pace(until)) if until <= self.world.now() => session.hold = None,
                _ => {}
            }
            self.read(id);
        }
    }

    fn parts(&mut self) -> family::parts::Parts<'_> {
        family::parts::Parts {
            sessions: &mut self.sessions,
            shared: &mut self.shared,
            world: &mut self.world,
            outbox: &mut self.outbox,
        }
    }

    /// What the exchange has said since the last time goes to those whom it concerns, unless it is out of reach.
    fn tell_effects(&mut self) {
        if self.chaos.is_offline() {
            return;
        }
        // What is told may give the exchange something to do, which is told as well.
        for _ in 0..MOST_ROUNDS {
            let effects = self.world.take_effects();
            if effects.is_empty() {
                return;
            }
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
        let Some(session) = self.sessions.get_mut(&id).filter(|_| !self.chaos.is_deaf(id)) else { return };
        session.buffer.push(bytes);
        self.read(id);
    }

    /// Answers what has arrived of a connection, as far as it may be read now.
    fn read(&mut self, id: SessionId) {
        // Taken out while it works, so that the rest can be lent to whoever answers.
        while let Some(session) = self.sessions.get_mut(&id) {
            if self.outbox.closes(id) || self.chaos.closes(id) {
                return;
            }
            let is_still = self.chaos.is_still(id);
            if is_still || is_held(session, &self.settings, self.world.now()) {
                if session.buffer.waiting().len() > MOST_UNREAD {
                    self.cut(id);
                }
                return;
            }
            let body = match session.buffer.next_frame() {
                Ok(Some(body)) => body.to_vec(),
                Ok(None) => return,
                Err(error) => return self.outbox.close(id, error.to_string()),
            };
            self.frames_read += 1;
            if let Err(reason) = self.frame(id, &body) {
                return self.outbox.close(id, reason);
            }
            self.tell_effects();
            self.settle();
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
                        self.asked(id, codec, request);
                    }
                    Ok(())
                }
                Err(error) if matches!(session.phase, Phase::Ready { .. }) => {
                    if self.may_ask(id) {
                        dispatch::unreadable(&mut self.outbox, id, &error, self.world.now());
                    }
                    Ok(())
                }
                Err(error) => Err(error.to_string()),
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
        self.chaos.forget(id);
    }

    /// Encodes what is to be said, each for its connection.
    fn flush(&mut self, out: &mut Vec<Output>) {
        self.settle();
        self.chaos.hand_over(&mut self.outbox);
        let before = out.len();
        self.outbox.flush(&self.sessions, out);
        for output in out.iter().skip(before) {
            if let Output::Close(id, _) = output {
                self.sessions.remove(id);
                self.chaos.forget(*id);
            }
        }
        self.chaos_rests();
    }
}

/// Is a connection not to be read now?
fn is_held(session: &mut Session, settings: &ServerSettings, now: Timestamp) -> bool {
    if session.hold.is_none()
        && session.is_paced
        && session.client_id().is_some()
        && let Some(limit) = settings.message_rate
    {
        session.hold = session.rate.free_at(limit, now).map(Hold::Pace);
    }
    session.hold.is_some()
}

#[cfg(test)]
pub(crate) mod desk;
#[cfg(test)]
mod growth_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
