//! Every setter of the broker's own algos: algos that cut an order into small ones.

use super::time;
use tradeport_kernel::Decimal;
use tradeport_orders::algo::ib::{AccuDistr, AccumulateDistribute, DarkIce, RouteOrderType};
use tradeport_orders::algo::{Algo, AlgoRefusal, Zone};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] = &[dark_ice, accumulate_distribute, accu_distr];

fn dark_ice() -> Result<Algo, AlgoRefusal> {
    DarkIce::new()
        .display_size(100)
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .allow_past_end_time(true)
        .build()
}

fn accumulate_distribute() -> Result<Algo, AlgoRefusal> {
    AccumulateDistribute::new()
        .component_size(100)
        .time_between_orders(100)
        .randomize_time20(true)
        .randomize_size55(true)
        .give_up(100)
        .catch_up(true)
        .wait_for_fill(true)
        .active_time_start(time("09:30:00 US/Eastern"))
        .active_time_end(time("16:00:00 US/Eastern"))
        .build()
}

fn accu_distr() -> Result<Algo, AlgoRefusal> {
    AccuDistr::new()
        .component_size(100)
        .time_between_orders(100)
        .randomize_time20(true)
        .randomize_size55(true)
        .route_order_type(RouteOrderType::Relative)
        .route_percent_offset(Decimal::new(-15, 1))
        .route_offset(Decimal::new(-15, 1))
        .catch_up(true)
        .wait_for_fill(true)
        .active_time_start(time("09:30:00 US/Eastern"))
        .active_time_end(time("16:00:00 US/Eastern"))
        .active_time_tz(Zone::new("US/Eastern").unwrap())
        .build()
}
