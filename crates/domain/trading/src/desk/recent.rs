//! Orders that were sent lately: how many in a minute, and whether one of them is alike.
//!
//! It is a projection of the journal: replaying it after a restart gives the same.

use std::collections::VecDeque;
use std::time::Duration;
use tradeport_kernel::{AccountId, OrderKey, Timestamp};
use tradeport_orders::OrderIntent;
use tradeport_risk::PolicyDraft;

const MINUTE: Duration = Duration::from_secs(60);
/// No policy looks back further.
const KEPT: Duration = Duration::from_secs(PolicyDraft::LONGEST_WINDOW as u64);

/// Orders of the last hour, in the order in which they were sent.
#[derive(Default)]
pub(super) struct Recent(VecDeque<(Timestamp, OrderIntent)>);

impl Recent {
    pub(super) fn note(&mut self, intent: &OrderIntent, at: Timestamp) {
        let horizon = at.before(KEPT);
        while self.0.front().is_some_and(|(sent, _)| *sent < horizon) {
            self.0.pop_front();
        }
        self.0.push_back((at, intent.clone()));
    }

    /// How many of an account were sent within the last minute, without one of them.
    pub(super) fn of_minute(&self, account: &AccountId, now: Timestamp, without: Option<&OrderKey>) -> u32 {
        let horizon = now.before(MINUTE);
        let lately = self.0.iter().rev().take_while(|(sent, _)| *sent > horizon);
        let counted = lately.filter(|(_, one)| one.account() == account && Some(one.key()) != without);
        u32::try_from(counted.count()).unwrap_or(u32::MAX)
    }

    /// How long ago the last order was sent that wants the same under another key.
    pub(super) fn alike(&self, intent: &OrderIntent, now: Timestamp) -> Option<Duration> {
        let horizon = now.before(KEPT);
        let mut lately = self.0.iter().rev().take_while(|(sent, _)| *sent >= horizon);
        lately.find(|(_, other)| wants_the_same(other, intent)).map(|(sent, _)| now.since(*sent))
    }
}

fn wants_the_same(one: &OrderIntent, other: &OrderIntent) -> bool {
    one.key() != other.key()
        && one.symbol() == other.symbol()
        && one.side() == other.side()
        && one.size() == other.size()
        && one.kind() == other.kind()
        && one.account() == other.account()
}
