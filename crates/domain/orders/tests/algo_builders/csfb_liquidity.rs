//! Every setter of CSFB's algos: algos that look for liquidity.

use super::{price, time};
use tradeport_orders::algo::csfb::{
    Blast, Crossfinder, ExecStyle, Float, FloatGuerrilla, Guerrilla, IWould, LightPool, Pathfinder, Reserve,
    Sniper,
};
use tradeport_orders::algo::{Algo, AlgoRefusal};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] = &[
    pathfinder,
    blast,
    guerrilla,
    sniper,
    crossfinder,
    i_would,
    float_guerrilla,
    reserve,
    float,
    light_pool,
];

fn pathfinder() -> Result<Algo, AlgoRefusal> {
    Pathfinder::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .display_size(100)
        .build()
}

fn blast() -> Result<Algo, AlgoRefusal> {
    Blast::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .display_size(100)
        .build()
}

fn guerrilla() -> Result<Algo, AlgoRefusal> {
    Guerrilla::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .min_percent("12")
        .max_percent(20)
        .display_size(100)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price("40.25"))
        .build()
}

fn sniper() -> Result<Algo, AlgoRefusal> {
    Sniper::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .max_percent(20)
        .display_size(100)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .build()
}

fn crossfinder() -> Result<Algo, AlgoRefusal> {
    Crossfinder::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .max_percent(20)
        .display_size(100)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .build()
}

fn i_would() -> Result<Algo, AlgoRefusal> {
    IWould::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .min_percent("12")
        .max_percent(20)
        .display_size(100)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .build()
}

fn float_guerrilla() -> Result<Algo, AlgoRefusal> {
    FloatGuerrilla::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .min_percent("12")
        .max_percent(20)
        .display_size(100)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price("40.25"))
        .build()
}

fn reserve() -> Result<Algo, AlgoRefusal> {
    Reserve::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .max_percent(20)
        .display_size(100)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .build()
}

fn float() -> Result<Algo, AlgoRefusal> {
    Float::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .max_percent(20)
        .display_size(100)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .build()
}

fn light_pool() -> Result<Algo, AlgoRefusal> {
    LightPool::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .display_size(100)
        .build()
}
