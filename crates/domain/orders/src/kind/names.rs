//! The short names of kinds as traders write them.

use super::{OrderKind, VolatilityPeg};

impl OrderKind {
    /// Short name as traders write it: `MKT`, `LMT`, `STP LMT`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Market => "MKT",
            Self::MarketProtected => "MKT PRT",
            Self::MarketToLimit { .. } => "MTL",
            Self::Limit { .. } | Self::LimitPerLeg => "LMT",
            Self::Stop { .. } => "STP",
            Self::StopProtected { .. } => "STP PRT",
            Self::StopLimit { .. } => "STP LMT",
            Self::Trail { .. } => "TRAIL",
            Self::TrailLimit { .. } | Self::TrailLimitFrom { .. } => "TRAIL LIMIT",
            Self::MarketOnClose => "MOC",
            Self::LimitOnClose { .. } => "LOC",
            Self::MarketOnOpen => "MOO",
            Self::LimitOnOpen { .. } => "LOO",
            Self::MarketIfTouched { .. } => "MIT",
            Self::LimitIfTouched { .. } => "LIT",
            Self::TrailMarketIfTouched { .. } => "TRAIL MIT",
            Self::TrailLimitIfTouched { .. } => "TRAIL LIT",
            Self::Relative { .. } => "REL",
            Self::PassiveRelative { .. } => "PASSV REL",
            Self::PegMarket { .. } => "PEG MKT",
            Self::PegPrimary { .. } => "PEG PRIM",
            Self::PegMid { .. } => "PEG MID",
            Self::PegBest { .. } => "PEG BEST",
            Self::PegStock(_) => "PEG STK",
            Self::PegBenchmark(_) => "PEG BENCH",
            Self::FixPegged { .. } => "FIX PEGGED",
            Self::SnapMid { .. } => "SNAP MID",
            Self::SnapMarket { .. } => "SNAP MKT",
            Self::SnapPrimary { .. } => "SNAP PRIM",
            Self::MidPrice { .. } => "MIDPRICE",
            Self::BoxTop => "BOX TOP",
            Self::Vwap => "VWAP",
            Self::Quote => "QUOTE",
            Self::Volatility(_) => "VOL",
            Self::PegVolatility { to: VolatilityPeg::Primary, .. } => "PPV",
            Self::PegVolatility { to: VolatilityPeg::Midpoint, .. } => "PDV",
            Self::PegVolatility { to: VolatilityPeg::Market, .. } => "PMV",
            Self::PegVolatility { to: VolatilityPeg::Surface, .. } => "PSV",
            Self::LimitPlusMarket { .. } => "LMT + MKT",
            Self::RelativePlusLimit { .. } => "REL + LMT",
            Self::RelativePlusMarket { .. } => "REL + MKT",
            Self::TrailLimitPlusMarket { .. } => "TRAIL LMT + MKT",
            Self::TrailRelativePlusMarket { .. } => "TRAIL REL + MKT",
        }
    }
}
