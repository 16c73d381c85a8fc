//! The server's parts that a family works with, whether somebody asked or the exchange spoke.

use super::Shared;
use crate::server::context::Context;
use crate::server::error::ApiError;
use crate::server::outbox::Outbox;
use crate::server::session::{Session, SessionId};
use crate::server::world::World;
use crate::wire::Answer;
use std::collections::BTreeMap;

/// What a family moves and whom it tells.
pub(crate) struct Parts<'a> {
    pub(crate) sessions: &'a mut BTreeMap<SessionId, Session>,
    pub(crate) shared: &'a mut Shared,
    pub(crate) world: &'a mut World,
    pub(crate) outbox: &'a mut Outbox,
}

impl Context<'_> {
    /// The parts, without who asks.
    pub(crate) fn parts(&mut self) -> Parts<'_> {
        Parts { sessions: self.sessions, shared: self.shared, world: self.world, outbox: self.outbox }
    }
}

impl Parts<'_> {
    /// The connection of a client id, if it is there.
    pub(crate) fn session_of(&self, client_id: i32) -> Option<SessionId> {
        self.sessions.values().find(|it| it.client_id() == Some(client_id)).map(|it| it.id)
    }

    /// Says the same on several connections.
    pub(crate) fn say(&mut self, to: &[SessionId], answer: impl Into<Answer>) {
        let answer = answer.into();
        for id in to {
            self.outbox.say(*id, answer.clone());
        }
    }

    /// Tells several connections that something cannot be, or is so.
    pub(crate) fn refuse(&mut self, to: &[SessionId], error: ApiError) {
        let message = error.message(self.world.now());
        self.say(to, message);
    }
}
