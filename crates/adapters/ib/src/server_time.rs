//! The time that TWS tells, and what it proves: TWS answers in order, so whoever is told the time has heard what TWS had to
//! say of everything that was asked before.
//!
//! The answers have no numbers, and the library gives the first that comes to all who wait. It may be the answer to a
//! question of long before, which proves nothing of what came after it. So one question is out at a time, and is waited for
//! though nobody waits any more; those who come meanwhile share the next one.

use crate::answers::Turn;
use crate::session::{Lack, Session};
use futures::lock::Mutex;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;
use time::OffsetDateTime;
use tradeport_connection::pacing::Class;

/// The questions for the time of one connection.
#[derive(Default)]
pub(crate) struct TimeTold {
    turn: Arc<Mutex<()>>,
    told: std::sync::Mutex<Told>,
}

#[derive(Clone, Copy, Default)]
struct Told {
    /// So many questions have left.
    asked: u64,
    /// Which of them was answered last, and how.
    last: Option<(u64, OffsetDateTime)>,
}

impl TimeTold {
    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn leaves(&self) -> u64 {
        let mut told = self.told();
        told.asked += 1;
        told.asked
    }

    fn answered(&self, number: u64, time: OffsetDateTime) {
        self.told().last = Some((number, time));
    }

    /// The answer to a question that left after this many others.
    fn since(&self, before: u64) -> Option<OffsetDateTime> {
        self.told().last.filter(|(number, _)| *number > before).map(|(_, time)| time)
    }
}

impl Session {
    /// The time of TWS, by an answer to a question that leaves from now on. Whoever is told has heard what TWS said of
    /// everything that was asked before.
    pub(crate) async fn server_time(self: &Arc<Self>, limit: Duration) -> Result<OffsetDateTime, Lack> {
        let before = self.time.told().asked;
        let turn = self.turn(&self.time.turn, limit).await?;
        if let Some(time) = self.time.since(before) {
            return Ok(time);
        }
        self.ask(Class::Message, limit, async || self.ask_for_time(&turn, limit).await).await
    }

    async fn ask_for_time(
        self: &Arc<Self>,
        turn: &Turn,
        limit: Duration,
    ) -> Result<OffsetDateTime, ibapi::Error> {
        let (turn, session) = (turn.take().await, Arc::clone(self));
        self.read_in_turn(turn, limit, |told| async move {
            let number = session.time.leaves();
            let answer = session.client.server_time().await;
            if let Ok(time) = &answer {
                session.time.answered(number, *time);
            }
            // Nobody waits any more when whoever asked has gone.
            drop(told.send(answer));
        })
        .await
    }
}
