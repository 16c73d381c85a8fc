//! Every setter of Quantitative Brokers' algos: the algos, all of them for futures.

use super::time;
use tradeport_orders::algo::quantitative_brokers::{
    Benchmark, Bolt, Closer, EventPause, Mode, Octane, Strobe, Urgency,
};
use tradeport_orders::algo::{Algo, AlgoRefusal, Share};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] = &[strobe, bolt, closer, octane];

fn strobe() -> Result<Algo, AlgoRefusal> {
    Strobe::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .duration(-99)
        .benchmark(Benchmark::Vwap)
        .percent_volume(Share::percent(5))
        .no_clean_up(true)
        .build()
}

fn bolt() -> Result<Algo, AlgoRefusal> {
    Bolt::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .duration(-99)
        .mode(Mode::Aggressive)
        .percent_volume(Share::percent(5))
        .event_pause(EventPause::TradeThrough)
        .no_clean_up(true)
        .liquidity_aggress_threshold(Share::percent(5))
        .build()
}

fn closer() -> Result<Algo, AlgoRefusal> {
    Closer::new().build()
}

fn octane() -> Result<Algo, AlgoRefusal> {
    Octane::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .duration(-99)
        .urgency(Urgency::UltraHigh)
        .build()
}
