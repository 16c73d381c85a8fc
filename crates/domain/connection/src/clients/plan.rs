//! Which client ids are whose.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The service: orders, accounts, quotes for both.
    Interactive,
    /// Recording streams.
    Recorder,
    /// Asking for the past.
    GapFiller,
    /// One command, beside a running service.
    CommandLine,
    /// Stopping everything when the service hangs or dies: no command may have taken its place by then.
    Guard,
}

impl Purpose {
    /// Every one.
    pub const ALL: [Self; 5] =
        [Self::Interactive, Self::Recorder, Self::GapFiller, Self::CommandLine, Self::Guard];

    pub(super) const fn place(self) -> usize {
        match self {
            Self::Interactive => 0,
            Self::Recorder => 1,
            Self::GapFiller => 2,
            Self::CommandLine => 3,
            Self::Guard => 4,
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Interactive => "interactive",
            Self::Recorder => "recorder",
            Self::GapFiller => "gap filler",
            Self::CommandLine => "command line",
            Self::Guard => "guard",
        })
    }
}

/// Client ids in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdRange {
    first: i32,
    count: u16,
}

/// The ranges cannot be shared out so.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlan {
    /// Ids are zero or above, and below two thousand million.
    #[error("client ids from {first} on, {count} of them, are no range: they must be zero or above")]
    NoRange {
        /// The first.
        first: i32,
        /// How many.
        count: u16,
    },
    /// An id would have two purposes.
    #[error("client ids of {one} and of {other} overlap")]
    Overlap {
        /// The one purpose.
        one: Purpose,
        /// The other.
        other: Purpose,
    },
    /// The broker's program lets in no more.
    #[error("{wanted} connections are planned, and the broker's program lets {most} in")]
    TooMany {
        /// How many.
        wanted: usize,
        /// The limit.
        most: usize,
    },
}

impl IdRange {
    /// `count` ids from `first` on.
    pub fn new(first: i32, count: u16) -> Result<Self, NotAPlan> {
        let refuse = NotAPlan::NoRange { first, count };
        let last = first.checked_add(i32::from(count));
        if first < 0 || count == 0 || last.is_none() { Err(refuse) } else { Ok(Self { first, count }) }
    }

    /// How many.
    #[must_use]
    pub const fn count(self) -> u16 {
        self.count
    }

    /// Each of them.
    pub fn ids(self) -> impl Iterator<Item = i32> {
        (0..i32::from(self.count)).map(move |offset| self.first + offset)
    }

    fn overlaps(self, other: Self) -> bool {
        self.first < other.first + i32::from(other.count) && other.first < self.first + i32::from(self.count)
    }
}

/// The ranges of all purposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientPlan([IdRange; Purpose::ALL.len()]);

impl ClientPlan {
    /// So many clients TWS and IB Gateway let in at once, as Interactive Brokers documents.
    pub const MOST_CLIENTS: usize = 32;

    /// These ranges, for interactive use, recorders, gap fillers, commands and guards.
    pub fn new(ranges: [IdRange; Purpose::ALL.len()]) -> Result<Self, NotAPlan> {
        for one in Purpose::ALL {
            for other in Purpose::ALL.into_iter().filter(|other| *other > one) {
                if ranges[one.place()].overlaps(ranges[other.place()]) {
                    return Err(NotAPlan::Overlap { one, other });
                }
            }
        }
        let wanted = ranges.iter().map(|it| usize::from(it.count)).sum();
        if wanted > Self::MOST_CLIENTS {
            return Err(NotAPlan::TooMany { wanted, most: Self::MOST_CLIENTS });
        }
        Ok(Self(ranges))
    }

    /// From the client id that a user configures: interactive use has it alone; ten above follow recorders, then gap
    /// fillers, commands and guards.
    pub fn from_base(base: i32) -> Result<Self, NotAPlan> {
        let range = |offset: i32, count| {
            let first = base.checked_add(offset).ok_or(NotAPlan::NoRange { first: base, count })?;
            IdRange::new(first, count)
        };
        Self::new([range(0, 1)?, range(10, 4)?, range(20, 4)?, range(30, 8)?, range(40, 2)?])
    }

    /// The ids for a purpose.
    #[must_use]
    pub const fn range(&self, purpose: Purpose) -> IdRange {
        self.0[purpose.place()]
    }
}
