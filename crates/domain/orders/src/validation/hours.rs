//! When a market trades, as far as it is known.

use tradeport_contracts::calendar::{Calendar, Hours, Schedule};
use tradeport_contracts::{Contract, TradingSessions};
use tradeport_kernel::{TimeRange, Timestamp};

/// What a market does at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Orders can trade.
    Open,
    /// They cannot until it opens again; `None` when it is not known when that is.
    Closed(Option<Timestamp>),
    /// Its hours at that moment are not known, which is not the same as closed.
    Unknown,
}

/// When a market trades: in regular hours, around them, and overnight; each as far as it is known.
///
/// ```
/// use tradeport_contracts::calendar::{Calendar, Hours};
/// use tradeport_orders::validation::{MarketHours, Phase};
///
/// let hours = MarketHours::of_calendar(Calendar::named("XNYS")?);
/// let evening = "2024-12-26T22:00:00Z".parse()?;
/// assert_eq!(hours.at(Hours::Regular, evening), Phase::Closed(Some("2024-12-27T14:30:00Z".parse()?)));
/// assert_eq!(hours.at(Hours::Extended, evening), Phase::Open);
/// let noon = "2024-12-26T17:00:00Z".parse()?;
/// assert_eq!(hours.closes(Hours::Regular, noon), Some("2024-12-26T21:00:00Z".parse()?));
/// assert_eq!(MarketHours::UNKNOWN.at(Hours::Regular, evening), Phase::Unknown);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketHours {
    /// The first source that reaches to a moment is believed.
    regular: [Option<Known>; 2],
    extended: Option<Known>,
    overnight: Option<Known>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Known {
    sessions: TradingSessions,
    range: TimeRange,
}

impl MarketHours {
    /// Nothing is known.
    pub const UNKNOWN: Self = Self { regular: [None, None], extended: None, overnight: None };

    /// Those that a contract knows of itself: the broker's hours where it sent some that can be read, and the contract's
    /// sessions beyond them, as regular hours.
    #[must_use]
    pub fn of(contract: &Contract) -> Self {
        let sessions = Known::of_sessions(contract.sessions());
        let details = contract.details();
        let broker = details.time_zone.as_deref().and_then(|zone| {
            let (trading, liquid) = (&details.trading_hours, &details.liquid_hours);
            Calendar::from_broker(contract.symbol().as_str(), trading, liquid, zone).ok()
        });
        match broker {
            Some(calendar) => {
                let mut hours = Self::of_calendar(&calendar);
                hours.regular[1] = sessions;
                hours
            }
            None => Self { regular: [sessions, None], ..Self::UNKNOWN },
        }
    }

    /// Those of a calendar.
    #[must_use]
    pub fn of_calendar(calendar: &Calendar) -> Self {
        let known = |hours| calendar.hours(hours).ok().map(Known::of_schedule);
        Self {
            regular: [known(Hours::Regular), None],
            extended: known(Hours::Extended),
            overnight: known(Hours::Overnight),
        }
    }

    /// Regular sessions alone; known from the first open to the last close.
    #[must_use]
    pub fn regular(sessions: &TradingSessions) -> Self {
        Self { regular: [Known::of_sessions(sessions), None], ..Self::UNKNOWN }
    }

    /// With extended sessions, which hold the regular ones; known from the first open to the last close.
    #[must_use]
    pub fn with_extended(mut self, sessions: &TradingSessions) -> Self {
        self.extended = Known::of_sessions(sessions);
        self
    }

    /// Is anything known of hours of this sort?
    #[must_use]
    pub fn are_known(&self, hours: Hours) -> bool {
        match hours {
            Hours::Regular => self.regular.iter().any(Option::is_some),
            Hours::Extended => self.extended.is_some(),
            Hours::Overnight => self.overnight.is_some(),
        }
    }

    /// When the session of a moment ends, in hours of one sort; `None` when none is open then, or when that is not known.
    #[must_use]
    pub fn closes(&self, hours: Hours, at: Timestamp) -> Option<Timestamp> {
        let mut sources = match hours {
            Hours::Regular => self.regular.iter(),
            Hours::Extended => std::slice::from_ref(&self.extended).iter(),
            Hours::Overnight => std::slice::from_ref(&self.overnight).iter(),
        };
        let known = sources.find_map(|known| known.as_ref().filter(|known| known.range.contains(at)))?;
        known.sessions.session_at(at).map(|session| session.close)
    }

    /// What the market does at a moment, in hours of one sort.
    #[must_use]
    pub fn at(&self, hours: Hours, at: Timestamp) -> Phase {
        match hours {
            Hours::Regular => phase(self.regular.iter().flatten(), at),
            Hours::Extended => phase(self.extended.iter(), at),
            Hours::Overnight => phase(self.overnight.iter(), at),
        }
    }
}

/// By the first source that reaches to `at`; the next open may be told by a later one.
fn phase<'a>(sources: impl Iterator<Item = &'a Known>, at: Timestamp) -> Phase {
    let mut reaching = sources.skip_while(|known| !known.range.contains(at)).peekable();
    match reaching.peek() {
        None => Phase::Unknown,
        Some(known) if known.sessions.is_open(at) => Phase::Open,
        Some(_) => {
            Phase::Closed(reaching.find_map(|known| known.sessions.next_after(at)).map(|next| next.open))
        }
    }
}

impl Known {
    fn of_schedule(schedule: &Schedule) -> Self {
        Self { sessions: schedule.sessions(), range: schedule.known() }
    }

    fn of_sessions(sessions: &TradingSessions) -> Option<Self> {
        let (first, last) = (sessions.as_slice().first()?, sessions.as_slice().last()?);
        Some(Self { sessions: sessions.clone(), range: TimeRange::new(first.open, last.close) })
    }
}
