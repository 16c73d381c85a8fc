//! Every setter of Jefferies' algos: algos that trade two stocks against each other.

use super::time;
use tradeport_kernel::Decimal;
use tradeport_orders::algo::jefferies::{
    PairArb, PairBalance, PairBenchmark, PairNetReturn, PairObjective, PairRatio, PairStyle, SpreadOperator,
};
use tradeport_orders::algo::{Algo, AlgoRefusal};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] = &[pair_ratio, pair_net_return, pair_arb];

fn pair_ratio() -> Result<Algo, AlgoRefusal> {
    PairRatio::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .max_volume_rate(10)
        .pair_id("12")
        .balance(PairBalance::Ratio)
        .execution_style(PairStyle::Custom)
        .leg_threshold(Decimal::new(-15, 1))
        .pair_ratio(Decimal::new(-15, 1))
        .pair_spread(Decimal::new(-15, 1))
        .pair_spread_operator(SpreadOperator::AtLeast)
        .build()
}

fn pair_net_return() -> Result<Algo, AlgoRefusal> {
    PairNetReturn::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .max_volume_rate(10)
        .pair_id("12")
        .balance(PairBalance::Ratio)
        .execution_style(PairStyle::Custom)
        .leg_threshold(Decimal::new(-15, 1))
        .pair_benchmark(PairBenchmark::ArrivalPrice)
        .pair_spread(Decimal::new(-15, 1))
        .pair_spread_operator(SpreadOperator::AtLeast)
        .build()
}

fn pair_arb() -> Result<Algo, AlgoRefusal> {
    PairArb::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .max_volume_rate(10)
        .execution_style(PairStyle::Custom)
        .leg_threshold(Decimal::new(-15, 1))
        .pair_id("12")
        .pair_objective(PairObjective::Reverse)
        .pair_ratio(Decimal::new(-15, 1))
        .pair_cash(Decimal::new(-15, 1))
        .pair_spread(Decimal::new(-15, 1))
        .pair_spread_operator(SpreadOperator::AtLeast)
        .build()
}
