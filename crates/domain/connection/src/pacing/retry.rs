//! What becomes of a request that the broker did not serve: by the class of the notice it goes again, later each time, or it
//! has ended.
//!
//! Left out: orders. Whether the first one arrived is not known, so the budget never sends one twice.

use super::budget::{HasEnded, PacingBudget};
use super::charge::Kind;
use super::tickets::{State, Ticket};
use crate::{NoticeClass, Remedy};
use std::time::Duration;
use tradeport_kernel::Timestamp;

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It goes again with a step at or after that moment, under the same ticket.
    Again {
        /// The earliest moment.
        at: Timestamp,
        /// How often it has failed.
        failures: u32,
    },
    /// It is over: the ticket has ended.
    Final,
}

impl PacingBudget {
    /// A request that went has failed, with a notice of this class. "Too fast" also lets requests like it rest for a
    /// while, but never orders or cancels.
    pub fn failed(
        &mut self,
        ticket: Ticket,
        class: NoticeClass,
        now: Timestamp,
    ) -> Result<Failure, HasEnded> {
        let now = self.advance(now);
        let place = self.tickets.find(ticket).ok_or(HasEnded)?;
        let entry = self.tickets.at_mut(place);
        entry.attempts = entry.attempts.saturating_add(1);
        let (request, failures, sent) = (entry.request, entry.attempts, entry.state == State::Sent);
        if class == NoticeClass::Throttle {
            self.cool_down(place, now);
        }
        let at = now.after(self.retry.pause(failures));
        let in_time = request.deadline().is_none_or(|deadline| at <= deadline);
        let again =
            sent && goes_again(class) && request.class().may_repeat() && failures < self.retry.attempts;
        if again && in_time {
            self.wait_again(place, at);
            self.counters.repeated += 1;
            return Ok(Failure::Again { at, failures });
        }
        self.counters.failed += 1;
        self.end(place);
        Ok(Failure::Final)
    }

    fn cool_down(&mut self, place: u32, now: Timestamp) {
        let until = now.after(Duration::from_millis(self.retry.cool_down_ms));
        let request = self.tickets.at(place).request;
        match Kind::of(request.class()) {
            Kind::Order => {}
            Kind::Plain => self.connections.cool(request.connection().place, until),
            Kind::SmallOnce | Kind::SmallTwice => {
                self.meters.cool(Kind::SmallOnce, until);
                self.meters.cool(Kind::SmallTwice, until);
            }
            kind => self.meters.cool(kind, until),
        }
    }
}

/// Does it help to ask again, on the same connection? What was lost is asked for again by whoever keeps streams and
/// connections, once.
const fn goes_again(class: NoticeClass) -> bool {
    matches!(class.remedy(), Remedy::ThrottleAndRetry | Remedy::Wait)
}
