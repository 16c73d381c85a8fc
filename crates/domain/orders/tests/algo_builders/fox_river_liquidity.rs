//! Every setter of Fox River's algos: algos that look for liquidity.

use super::{price, time};
use tradeport_orders::algo::fox_river::{
    DarkAttack, EndTimeBehavior, FoxAlpha, FoxBlaster, FoxDarkAttack, FoxDarkSweep, FoxSmartRouter,
    FoxSpotlight, Level, SweepType,
};
use tradeport_orders::algo::{Algo, AlgoRefusal, Share};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] =
    &[fox_alpha, fox_blaster, fox_dark_attack, fox_dark_sweep, fox_smart_router, fox_spotlight];

fn fox_alpha() -> Result<Algo, AlgoRefusal> {
    FoxAlpha::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .part_rate_limit(Share::percent(5))
        .end_time_behavior(EndTimeBehavior::CancelBalance)
        .part_rate_target(Share::percent(5))
        .elasticity(Level::High)
        .aggressiveness(Level::High)
        .dark_attack(DarkAttack::Most)
        .i_would_dark(true)
        .sweep_price(price("40.25"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn fox_blaster() -> Result<Algo, AlgoRefusal> {
    FoxBlaster::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .aggressiveness(Level::High)
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn fox_dark_attack() -> Result<Algo, AlgoRefusal> {
    FoxDarkAttack::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .dark_min_fill_qty(10)
        .dark_attack(DarkAttack::Most)
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn fox_dark_sweep() -> Result<Algo, AlgoRefusal> {
    FoxDarkSweep::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn fox_smart_router() -> Result<Algo, AlgoRefusal> {
    FoxSmartRouter::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .sweep_type(SweepType::Flashpoint)
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn fox_spotlight() -> Result<Algo, AlgoRefusal> {
    FoxSpotlight::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}
