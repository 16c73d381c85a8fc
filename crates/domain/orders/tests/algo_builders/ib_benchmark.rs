//! Every setter of the broker's own algos: algos that try for a price: of arrival, of the close, an average.

use super::{price, time};
use tradeport_orders::algo::ib::{
    Adaptive, AdaptivePriority, ArrivalPx, BalanceImpactRisk, ClosePx, MinImpact, RiskAversion, Twap,
    TwapStyle, Vwap,
};
use tradeport_orders::algo::{Algo, AlgoRefusal, Share};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] =
    &[adaptive, arrival_px, close_px, twap, vwap, balance_impact_risk, min_impact];

fn adaptive() -> Result<Algo, AlgoRefusal> {
    Adaptive::new().priority(AdaptivePriority::Patient).build()
}

fn arrival_px() -> Result<Algo, AlgoRefusal> {
    ArrivalPx::new()
        .max_pct_vol(Share::percent(20))
        .risk_aversion(RiskAversion::Passive)
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .force_completion(true)
        .allow_past_end_time(true)
        .build()
}

fn close_px() -> Result<Algo, AlgoRefusal> {
    ClosePx::new()
        .max_pct_vol(Share::percent(20))
        .risk_aversion(RiskAversion::Passive)
        .start_time(time("09:30:00 US/Eastern"))
        .force_completion(true)
        .build()
}

fn twap() -> Result<Algo, AlgoRefusal> {
    Twap::new()
        .strategy_type(TwapStyle::MatchingLast)
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .allow_past_end_time(true)
        .catch_up(true)
        .conditional_price(price("40.25"))
        .build()
}

fn vwap() -> Result<Algo, AlgoRefusal> {
    Vwap::new()
        .max_pct_vol(Share::percent(20))
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .allow_past_end_time(true)
        .no_take_liq(true)
        .speed_up(true)
        .build()
}

fn balance_impact_risk() -> Result<Algo, AlgoRefusal> {
    BalanceImpactRisk::new()
        .max_pct_vol(Share::percent(20))
        .risk_aversion(RiskAversion::Passive)
        .force_completion(true)
        .build()
}

fn min_impact() -> Result<Algo, AlgoRefusal> {
    MinImpact::new().max_pct_vol(Share::percent(20)).build()
}
