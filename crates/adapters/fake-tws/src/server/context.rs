//! What an answer is made with.

use super::error::ApiError;
use super::family::{Kept, Shared};
use super::outbox::Outbox;
use super::session::{Phase, Session, SessionId};
use super::settings::ServerSettings;
use super::world::World;
use crate::wire::Answer;
use std::collections::BTreeMap;

/// Everything that whoever answers a request may see and move.
pub(crate) struct Context<'a> {
    /// Who asks.
    pub(crate) id: SessionId,
    /// The version that it speaks.
    pub(crate) version: i32,
    pub(crate) settings: &'a ServerSettings,
    pub(crate) sessions: &'a mut BTreeMap<SessionId, Session>,
    pub(crate) shared: &'a mut Shared,
    pub(crate) world: &'a mut World,
    pub(crate) outbox: &'a mut Outbox,
}

impl Context<'_> {
    /// Answers who asked.
    pub(crate) fn say(&mut self, answer: impl Into<Answer>) {
        self.outbox.say(self.id, answer);
    }

    /// Tells who asked that it cannot be.
    pub(crate) fn refuse(&mut self, error: ApiError) {
        let message = error.message(self.world.now());
        self.outbox.say(self.id, message);
    }

    /// What the families keep of who asks.
    pub(crate) fn kept(&mut self) -> Option<&mut Kept> {
        self.sessions.get_mut(&self.id).map(|session| &mut session.kept)
    }

    /// The client id of who asks.
    pub(crate) fn client_id(&self) -> i32 {
        self.sessions.get(&self.id).and_then(Session::client_id).unwrap_or_default()
    }

    /// Has who asks said who it is?
    pub(crate) fn is_ready(&self) -> bool {
        self.sessions.get(&self.id).is_some_and(|it| matches!(it.phase, Phase::Ready { .. }))
    }
}
