//! When an instrument trades.
//!
//! Left out: where the times come from. Calendars, the broker's own hours or a recorded market give them.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tradeport_kernel::Timestamp;

/// One stretch of continuous trading, from `open` up to, but not including, `close`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Session {
    /// The first moment at which orders can trade.
    pub open: Timestamp,
    /// The first moment at which they no longer can.
    pub close: Timestamp,
}

/// All known sessions of an instrument, in order and apart from each other; cheap to clone.
///
/// ```
/// use tradeport_contracts::{Session, TradingSessions};
///
/// let morning = Session { open: "2026-11-23T00:00:00Z".parse()?, close: "2026-11-23T02:30:00Z".parse()? };
/// let afternoon = Session { open: "2026-11-23T03:30:00Z".parse()?, close: "2026-11-23T06:30:00Z".parse()? };
/// let tokyo = TradingSessions::new(vec![morning, afternoon])?;
/// assert!(tokyo.is_open(morning.open) && !tokyo.is_open(morning.close), "lunch");
/// assert_eq!(tokyo.next_after(morning.close), Some(afternoon));
///
/// let refused = TradingSessions::new(vec![afternoon, morning]).unwrap_err();
/// assert!(refused.to_string().ends_with("is empty or does not follow the one before it"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Session>", into = "Vec<Session>")]
pub struct TradingSessions(Arc<[Session]>);

/// The sessions are not in order, overlap, or one closes before it opens.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("session {index} ({open} to {close}) is empty or does not follow the one before it")]
pub struct NotSessions {
    index: usize,
    open: Timestamp,
    close: Timestamp,
}

impl TradingSessions {
    /// Refuses empty, overlapping and unordered sessions.
    pub fn new(sessions: Vec<Session>) -> Result<Self, NotSessions> {
        let mut free_from = Timestamp::MIN;
        for (index, session) in sessions.iter().enumerate() {
            if session.open < free_from || session.close <= session.open {
                return Err(NotSessions { index, open: session.open, close: session.close });
            }
            free_from = session.close;
        }
        Ok(Self(sessions.into()))
    }

    /// Trading at every moment: for simulated markets that never close.
    #[must_use]
    pub fn always() -> Self {
        Self(Arc::from([Session { open: Timestamp::MIN, close: Timestamp::MAX }]))
    }

    /// The sessions, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Session] {
        &self.0
    }

    /// The session that is open at `at`, if one is.
    #[must_use]
    pub fn session_at(&self, at: Timestamp) -> Option<Session> {
        self.0.get(self.ended_before(at)).copied().filter(|session| session.open <= at)
    }

    /// Can orders trade at `at`?
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.session_at(at).is_some()
    }

    /// The first session that opens after `at`, as far as they are known.
    #[must_use]
    pub fn next_after(&self, at: Timestamp) -> Option<Session> {
        self.0.get(self.0.partition_point(|session| session.open <= at)).copied()
    }

    /// The stretches during which both trade.
    #[must_use]
    pub fn shared_with(&self, other: &Self) -> Self {
        let (mut mine, mut theirs) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut shared = Vec::new();
        while let (Some(a), Some(b)) = (mine.peek(), theirs.peek()) {
            let both = Session { open: a.open.max(b.open), close: a.close.min(b.close) };
            if both.open < both.close {
                shared.push(both);
            }
            // What closes first meets nothing later.
            if a.close <= b.close {
                mine.next()
            } else {
                theirs.next()
            };
        }
        Self(shared.into())
    }

    fn ended_before(&self, at: Timestamp) -> usize {
        self.0.partition_point(|session| session.close <= at)
    }
}

impl TryFrom<Vec<Session>> for TradingSessions {
    type Error = NotSessions;
    fn try_from(sessions: Vec<Session>) -> Result<Self, Self::Error> {
        Self::new(sessions)
    }
}

impl From<TradingSessions> for Vec<Session> {
    fn from(sessions: TradingSessions) -> Self {
        sessions.0.to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(open: i64, close: i64) -> Session {
        Session { open: Timestamp::from_seconds(open), close: Timestamp::from_seconds(close) }
    }

    #[test]
    fn the_close_is_outside_and_the_open_inside() {
        let days = TradingSessions::new(vec![session(10, 20), session(30, 40)]).unwrap();
        let open_at = |second| days.is_open(Timestamp::from_seconds(second));
        assert_eq!(
            [9, 10, 19, 20, 29, 30, 39, 40].map(open_at),
            [false, true, true, false, false, true, true, false]
        );
        assert_eq!(days.next_after(Timestamp::from_seconds(10)), Some(session(30, 40)));
        assert_eq!(days.next_after(Timestamp::from_seconds(30)), None);
    }

    #[test]
    fn what_is_shared_is_open_exactly_when_both_are() {
        let one = TradingSessions::new(vec![session(0, 10), session(12, 20), session(20, 30)]).unwrap();
        let other = TradingSessions::new(vec![session(5, 12), session(14, 25), session(40, 50)]).unwrap();
        for (a, b) in [(&one, &other), (&other, &one), (&one, &TradingSessions::always())] {
            let shared = a.shared_with(b);
            assert!(TradingSessions::new(shared.as_slice().to_vec()).is_ok(), "{shared:?}");
            for at in (0..60).map(Timestamp::from_seconds) {
                assert_eq!(shared.is_open(at), a.is_open(at) && b.is_open(at), "at {at}");
            }
        }
    }

    #[test]
    fn disorder_is_refused() {
        for bad in [
            vec![session(10, 10)],
            vec![session(10, 20), session(15, 30)],
            vec![session(30, 40), session(10, 20)],
        ] {
            assert!(TradingSessions::new(bad).is_err());
        }
    }
}
