//! How fast we may speak: every message to TWS needs leave of the pacing budget, and what it opens there is counted for as
//! long as it is open.
//!
//! The budget may be shared with other connections to the same TWS. A question that would wait longer than whoever asks is
//! willing to is not even put: the error names the limit, what of it is in use, and when there is room. Orders and cancels
//! wait for nothing but their turn.
//!
//! Left out: every limit and every priority, which are the budget's.

use crate::session::Tools;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tradeport_connection::pacing::{
    CallerId, Class, ConnectionId, ExpectedWait, Limits, Obstacle, PacingBudget, Priority, QueueSettings,
    Refused, Request, RetrySettings, Rule,
};
use tradeport_connection::{NotPaced, Pacer, Permit};
use tradeport_kernel::{Cause, Clock};

/// Nobody who could have less at once waits longer.
const SOON: Duration = Duration::from_secs(1);

/// A budget of an adapter's own, with the standard limits.
pub(crate) fn own_pacer(clock: &Arc<dyn Clock>) -> Pacer {
    let budget = PacingBudget::new(Limits::default(), QueueSettings::default(), RetrySettings::default());
    Pacer::new(budget, Arc::clone(clock))
}

/// One connection's share of the budget.
pub(crate) struct Pace {
    pacer: Pacer,
    connection: ConnectionId,
    caller: CallerId,
    clock: Arc<dyn Clock>,
    sent: Arc<AtomicU64>,
}

/// Why something never left.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsent {
    /// The connection ended first.
    #[error("the connection to TWS ended before it could be sent")]
    Lost,
    /// A limit stands in the way.
    #[error(transparent)]
    NotNow(NotNow),
}

/// A limit of TWS is reached, as we count.
#[derive(Debug, thiserror::Error)]
#[error("TWS is not asked for more than it allows{}", .obstacle.map(|it| format!(": {it}")).unwrap_or_default())]
pub(crate) struct NotNow {
    obstacle: Option<Obstacle>,
    #[source]
    source: Option<Cause>,
}

impl Pace {
    /// Of one more connection, whose handshake is counted.
    pub(crate) fn open(tools: &Tools, client_id: i32) -> Result<Self, Refused> {
        let connection = tools.pacer.connect()?;
        let pace = Self {
            pacer: tools.pacer.clone(),
            connection,
            caller: CallerId::new(client_id.unsigned_abs()),
            clock: Arc::clone(&tools.clock),
            sent: Arc::clone(&tools.sent),
        };
        // Who we are is a message, too.
        pace.pacer.note(connection);
        Ok(pace)
    }

    /// Waits for leave to send one message now, at most so long.
    pub(crate) async fn ask(&self, class: Class, patience: Duration) -> Result<Permit, Unsent> {
        let request = self.request(class).by(self.clock.now().after(patience));
        if class.may_repeat() && self.is_hopeless(&request, patience) {
            return Err(Unsent::NotNow(self.not_now(&request, None)));
        }
        match self.pacer.ask(request).await {
            Ok(permit) => {
                self.sent.fetch_add(1, Ordering::Relaxed);
                Ok(permit)
            }
            Err(NotPaced::Lost | NotPaced::Refused(Refused::NoConnection)) => Err(Unsent::Lost),
            Err(cause) => Err(Unsent::NotNow(self.not_now(&request, Some(Box::new(cause))))),
        }
    }

    /// Waits for leave to end something at TWS; `false` when the connection ended first.
    pub(crate) async fn ask_to_end(&self) -> bool {
        loop {
            let leave = self.pacer.ask(self.request(Class::Message)).await;
            match leave {
                Ok(permit) => {
                    self.sent.fetch_add(1, Ordering::Relaxed);
                    permit.done();
                    return true;
                }
                // What is full gets room: there is no other way to end what TWS sends.
                Err(NotPaced::Refused(Refused::QueueIsFull { .. } | Refused::CallerIsFull { .. })) => {
                    self.clock.sleep_until(self.clock.now().after(Duration::from_secs(1))).await;
                }
                Err(_) => return false,
            }
        }
    }

    /// Is there no room for another tick-by-tick stream of this class soon?
    pub(crate) fn lacks_ticks(&self, class: Class) -> bool {
        let obstacle = self.pacer.obstacle(&self.request(class)).ok().flatten();
        obstacle.is_some_and(|it| {
            matches!(it.rule, Rule::TickByTick | Rule::TickByTickAgain) && !it.wait.is_within(SOON)
        })
    }

    /// Counts what is open at TWS already; `None` when it is counted.
    pub(crate) fn adopt(&self, class: Class) -> Option<Permit> {
        self.pacer.adopt(self.request(class)).ok()
    }

    /// The connection is over: whoever waits is told.
    pub(crate) fn close(&self) {
        self.pacer.disconnect(self.connection);
    }

    fn request(&self, class: Class) -> Request {
        Request::new(self.connection, self.caller, class)
    }

    /// A line may be open for days, so nobody waits for one. What is open of the past ends soon.
    fn is_hopeless(&self, request: &Request, patience: Duration) -> bool {
        match self.pacer.expected_wait(request) {
            Ok(ExpectedWait::About(wait)) => wait > patience,
            Ok(ExpectedWait::UntilOthersEnd) => request.priority() == Priority::Live,
            Err(_) => false,
        }
    }

    fn not_now(&self, request: &Request, source: Option<Cause>) -> NotNow {
        NotNow { obstacle: self.pacer.obstacle(request).ok().flatten(), source }
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        self.close();
    }
}
