//! Every setter of Fox River's algos: algos that trade along time or volume.

use super::{price, time};
use tradeport_orders::algo::fox_river::{
    DarkAttack, EndTimeBehavior, FoxTwap, FoxVwap, Level, Pov, Twap, Vwap,
};
use tradeport_orders::algo::{Algo, AlgoRefusal, Share};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] = &[fox_twap, fox_vwap, pov, twap, vwap];

fn fox_twap() -> Result<Algo, AlgoRefusal> {
    FoxTwap::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .part_rate_limit(Share::percent(5))
        .end_time_behavior(EndTimeBehavior::CancelBalance)
        .elasticity(Level::High)
        .dark_attack(DarkAttack::Most)
        .i_would_dark(true)
        .sweep_price(price("40.25"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn fox_vwap() -> Result<Algo, AlgoRefusal> {
    FoxVwap::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .part_rate_limit(Share::percent(5))
        .end_time_behavior(EndTimeBehavior::CancelBalance)
        .elasticity(Level::High)
        .dark_attack(DarkAttack::Most)
        .i_would_dark(true)
        .sweep_price(price("40.25"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .corp_buy_back(true)
        .build()
}

fn pov() -> Result<Algo, AlgoRefusal> {
    Pov::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .end_time_behavior(EndTimeBehavior::CancelBalance)
        .pov_rate(Share::percent(5))
        .dark_attack(DarkAttack::Most)
        .i_would_dark(true)
        .sweep_price(price("40.25"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn twap() -> Result<Algo, AlgoRefusal> {
    Twap::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .part_rate_limit(Share::percent(5))
        .end_time_behavior(EndTimeBehavior::CancelBalance)
        .dark_attack(DarkAttack::Most)
        .i_would_dark(true)
        .sweep_price(price("40.25"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}

fn vwap() -> Result<Algo, AlgoRefusal> {
    Vwap::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .part_rate_limit(Share::percent(5))
        .end_time_behavior(EndTimeBehavior::CancelBalance)
        .dark_attack(DarkAttack::Most)
        .i_would_dark(true)
        .sweep_price(price("40.25"))
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .corp_buy_back(true)
        .build()
}
