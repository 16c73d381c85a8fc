//! Every setter of Fox River's algos: the algo whose rates change with the price.

use super::{price, time};
use tradeport_orders::algo::fox_river::{DarkAttack, EndTimeBehavior, FoxPyramid, Level, PyramidStrategy};
use tradeport_orders::algo::{Algo, AlgoRefusal, Share};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] = &[fox_pyramid];

fn fox_pyramid() -> Result<Algo, AlgoRefusal> {
    FoxPyramid::new()
        .effective_time(time("10:00:00 US/Eastern"))
        .expire_time(time("10:00:00 US/Eastern"))
        .part_rate_limit(Share::percent(5))
        .end_time_behavior(EndTimeBehavior::CancelBalance)
        .part_rate_target(Share::percent(5))
        .aggressiveness(Level::High)
        .dark_min_fill_qty(10)
        .dark_attack(DarkAttack::Most)
        .i_would_dark(true)
        .price_level1(price("40.25"))
        .pov_rate1(Share::percent(5))
        .i_would_dark1(true)
        .price_level2(price("40.25"))
        .pov_rate2(Share::percent(5))
        .i_would_dark2(true)
        .price_level3(price("40.25"))
        .pov_rate3(Share::percent(5))
        .i_would_dark3(true)
        .pyramid_strategy(PyramidStrategy::Alpha)
        .dollar_certain_limit(price("40.25"))
        .dollar_certain_commission(10)
        .dollar_certain_execution(true)
        .build()
}
