//! Every setter of the broker's own algos: algos that trade a share of the volume.

use super::time;
use tradeport_orders::algo::ib::{PctVol, PctVolPx, PctVolSz, PctVolTm};
use tradeport_orders::algo::{Algo, AlgoRefusal, Share};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] = &[pct_vol, pct_vol_px, pct_vol_sz, pct_vol_tm];

fn pct_vol() -> Result<Algo, AlgoRefusal> {
    PctVol::new()
        .pct_vol(Share::percent(20))
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .no_take_liq(true)
        .build()
}

fn pct_vol_px() -> Result<Algo, AlgoRefusal> {
    PctVolPx::new()
        .pct_vol(Share::percent(20))
        .delta_pct_vol(Share::percent(20))
        .min_pct_vol4_px(Share::percent(20))
        .max_pct_vol4_px(Share::percent(20))
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .no_take_liq(true)
        .build()
}

fn pct_vol_sz() -> Result<Algo, AlgoRefusal> {
    PctVolSz::new()
        .start_pct_vol(Share::percent(20))
        .end_pct_vol(Share::percent(20))
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .no_take_liq(true)
        .build()
}

fn pct_vol_tm() -> Result<Algo, AlgoRefusal> {
    PctVolTm::new()
        .start_pct_vol(Share::percent(20))
        .end_pct_vol(Share::percent(20))
        .start_time(time("09:30:00 US/Eastern"))
        .end_time(time("16:00:00 US/Eastern"))
        .no_take_liq(true)
        .build()
}
