//! One order of the book: where it stands, and what is wished of it.

use super::Effect;
use crate::notices::{Meaning, Said};
use crate::orders::wish::{Answer, Wish, WishId};
use std::collections::BTreeMap;
use tradeport_kernel::{OrderKey, Timestamp};
use tradeport_orders::{BrokerNews, BrokerPhase, BrokerStatus, OrderIntent};

/// One order under a number of ours.
#[derive(Debug, Default)]
pub(super) struct Entry {
    pub(super) intent: Option<OrderIntent>,
    pub(super) told: Option<BrokerStatus>,
    /// It has ended beyond doubt.
    pub(super) is_over: bool,
    /// By the last word of where it stands it is being cancelled.
    pub(super) is_ending: bool,
    /// The broker's last words about it.
    pub(super) words: Option<String>,
    pub(super) wishes: BTreeMap<WishId, Wish>,
    /// A change was sent, and nobody waits for its answer any more.
    pub(super) open_change: bool,
    /// A change was granted. TWS describes what it was sent before its server or the exchange has taken it, and may refuse it yet.
    pub(super) has_changed: bool,
    pub(super) last_at: Option<Timestamp>,
}

impl Entry {
    pub(super) fn is_final(&self) -> bool {
        self.told.as_ref().is_some_and(|told| is_final(told.phase))
    }

    /// TWS calls it inactive and has not said why: it does not work, and may come alive.
    pub(super) fn may_revive(&self) -> bool {
        self.is_final() && !self.is_over
    }

    /// Notes where TWS says that it stands.
    pub(super) fn note(&mut self, status: &BrokerStatus) {
        let silent = status.phase == BrokerPhase::Refused && status.reason.is_none();
        self.is_over |= is_final(status.phase) && !silent;
        self.told = Some(status.clone());
    }

    /// Moments of one order never go back.
    pub(super) fn moment(&mut self, at: Timestamp) -> Timestamp {
        let at = self.last_at.map_or(at, |last| last.max(at));
        self.last_at = Some(at);
        at
    }

    /// Ends the wishes that `answer` has an answer for.
    pub(super) fn settle(&mut self, out: &mut Vec<Effect>, mut answer: impl FnMut(&Wish) -> Option<Answer>) {
        self.wishes.retain(|id, wish| match answer(wish) {
            Some(answer) => {
                out.push(Effect::Answer(*id, answer));
                false
            }
            None => true,
        });
    }

    /// An order ends by a notice, unless its end was told.
    pub(super) fn end(
        &mut self,
        key: Option<OrderKey>,
        phase: BrokerPhase,
        said: &Said,
        at: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        if self.is_final() && !self.may_revive() {
            return;
        }
        let (filled, perm_id) =
            self.told.as_ref().map_or_else(Default::default, |told| (told.filled, told.perm_id));
        let status = BrokerStatus { phase, filled, perm_id, reason: Some(said.to_string()) };
        self.note(&status);
        let at = self.moment(at);
        out.push(Effect::Tell { key, at, news: BrokerNews::Status(status) });
    }

    /// A refusal is about what is wished for; of a change whose answer nobody waits for, or that was granted, about that; else about
    /// the order. Where it does end an order whose change was granted, the order's state says so.
    pub(super) fn refuse(
        &mut self,
        key: Option<OrderKey>,
        said: &Said,
        at: Timestamp,
        out: &mut Vec<Effect>,
    ) {
        let before = self.wishes.len();
        let mut is_new = false;
        self.settle(out, |wish| match wish {
            Wish::Submit => {
                is_new = true;
                Some(Answer::Refused(said.to_string()))
            }
            Wish::Preview | Wish::Change(_) => Some(Answer::Refused(said.to_string())),
            Wish::Cancel => None,
        });
        let answered = self.wishes.len() < before;
        let is_of_change = self.open_change || self.has_changed && !self.is_final();
        if !answered && is_of_change {
            (self.open_change, self.has_changed) = (false, false);
            tracing::warn!(?key, %said, "a change was refused after it had been sent or granted: the order stands as it was");
        } else if is_new || !answered && said.meaning != Meaning::ChangeRefused {
            self.end(key, BrokerPhase::Refused, said, at, out);
        }
    }
}

pub(crate) const fn is_final(phase: BrokerPhase) -> bool {
    matches!(
        phase,
        BrokerPhase::Filled | BrokerPhase::Cancelled | BrokerPhase::Expired | BrokerPhase::Refused
    )
}
