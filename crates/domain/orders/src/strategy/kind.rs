//! Which strategies have a name.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Which strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StrategyKind {
    /// Two strikes of one right and expiry, one bought and one sold.
    Vertical,
    /// One strike, two expiries: the far one bought, the near one sold.
    Calendar,
    /// Two strikes and two expiries: the far one bought, the near one sold.
    Diagonal,
    /// Call and put of one strike, both bought.
    Straddle,
    /// A put below and a call above, both bought.
    Strangle,
    /// One below and one above bought, two in the middle sold; the wings are equally wide.
    Butterfly,
    /// A put spread below and a call spread above, both sold for a credit, their outer wings bought.
    IronCondor,
    /// An iron condor whose inner strikes are one.
    IronButterfly,
    /// Shares, a put bought below and a call sold above.
    Collar,
    /// Shares, and a call sold against them.
    CoveredCall,
    /// Any other legs.
    Custom,
}

impl StrategyKind {
    /// Every kind, in the order of the manual.
    pub const ALL: [Self; 11] = [
        Self::Vertical,
        Self::Calendar,
        Self::Diagonal,
        Self::Straddle,
        Self::Strangle,
        Self::Butterfly,
        Self::IronCondor,
        Self::IronButterfly,
        Self::Collar,
        Self::CoveredCall,
        Self::Custom,
    ];

    /// Its name as it is typed: `iron-condor`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Vertical => "vertical",
            Self::Calendar => "calendar",
            Self::Diagonal => "diagonal",
            Self::Straddle => "straddle",
            Self::Strangle => "strangle",
            Self::Butterfly => "butterfly",
            Self::IronCondor => "iron-condor",
            Self::IronButterfly => "iron-butterfly",
            Self::Collar => "collar",
            Self::CoveredCall => "covered-call",
            Self::Custom => "custom",
        }
    }
}

impl fmt::Display for StrategyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
