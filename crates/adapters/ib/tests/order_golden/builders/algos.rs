//! Limit orders that an algo works.

use crate::hand::{buy, limit, one, price};
use tradeport_orders::OrderIntent;
use tradeport_orders::algo::ib::{
    AccumulateDistribute, Adaptive, AdaptivePriority, ArrivalPx, BalanceImpactRisk, ClosePx, DarkIce,
    MinImpact, PctVol, PctVolSz, PctVolTm, RiskAversion, Twap, TwapStyle, Vwap,
};
use tradeport_orders::algo::{Algo, AlgoRefusal, AlgoTime, Share, csfb, jefferies};

type Orders = Vec<OrderIntent>;

fn worked(algo: Result<Algo, AlgoRefusal>) -> Orders {
    one(buy("1000", limit("1")).worked_by(algo.unwrap()))
}

fn at(text: &str) -> AlgoTime {
    text.parse().unwrap()
}

pub(crate) fn arrival_price() -> Orders {
    worked(
        ArrivalPx::new()
            .max_pct_vol(Share::percent(10))
            .risk_aversion(RiskAversion::Aggressive)
            .start_time(at("09:00:00 US/Eastern"))
            .end_time(at("16:00:00 US/Eastern"))
            .force_completion(true)
            .allow_past_end_time(true)
            .build(),
    )
}

pub(crate) fn dark_ice() -> Orders {
    worked(
        DarkIce::new()
            .display_size(10)
            .start_time(at("09:00:00 US/Eastern"))
            .end_time(at("16:00:00 US/Eastern"))
            .allow_past_end_time(true)
            .build(),
    )
}

pub(crate) fn accumulate_distribute() -> Orders {
    worked(
        AccumulateDistribute::new()
            .component_size(10)
            .time_between_orders(60)
            .randomize_time20(true)
            .randomize_size55(true)
            .give_up(1)
            .catch_up(true)
            .wait_for_fill(true)
            .active_time_start(AlgoTime::in_login_zone(12, 0, 0).unwrap())
            .active_time_end(AlgoTime::in_login_zone(16, 0, 0).unwrap())
            .build(),
    )
}

pub(crate) fn twap() -> Orders {
    worked(
        Twap::new()
            .strategy_type(TwapStyle::Marketable)
            .start_time(at("09:00:00 US/Eastern"))
            .end_time(at("16:00:00 US/Eastern"))
            .allow_past_end_time(true)
            .build(),
    )
}

pub(crate) fn vwap() -> Orders {
    worked(
        Vwap::new()
            .max_pct_vol(Share::percent(20))
            .start_time(at("09:00:00 US/Eastern"))
            .end_time(at("16:00:00 US/Eastern"))
            .allow_past_end_time(true)
            .no_take_liq(true)
            .build(),
    )
}

pub(crate) fn balance_impact_risk() -> Orders {
    worked(
        BalanceImpactRisk::new()
            .max_pct_vol(Share::percent(10))
            .risk_aversion(RiskAversion::Aggressive)
            .force_completion(true)
            .build(),
    )
}

pub(crate) fn close_price() -> Orders {
    worked(
        ClosePx::new()
            .max_pct_vol(Share::percent(40))
            .risk_aversion(RiskAversion::Neutral)
            .start_time(AlgoTime::utc("2018-09-26T06:06:49Z".parse().unwrap()))
            .force_completion(true)
            .build(),
    )
}

pub(crate) fn percent_of_volume() -> Orders {
    worked(
        PctVol::new()
            .pct_vol(Share::percent(50))
            .start_time(at("12:00:00 US/Eastern"))
            .end_time(at("14:00:00 US/Eastern"))
            .no_take_liq(true)
            .build(),
    )
}

pub(crate) fn percent_of_volume_by_size() -> Orders {
    worked(
        PctVolSz::new()
            .start_pct_vol(Share::percent(20))
            .end_pct_vol(Share::percent(40))
            .start_time(at("12:00:00 US/Eastern"))
            .end_time(at("14:00:00 US/Eastern"))
            .no_take_liq(true)
            .build(),
    )
}

pub(crate) fn percent_of_volume_by_time() -> Orders {
    worked(
        PctVolTm::new()
            .start_pct_vol(Share::percent(20))
            .end_pct_vol(Share::percent(40))
            .start_time(at("12:00:00 US/Eastern"))
            .end_time(at("14:00:00 US/Eastern"))
            .no_take_liq(true)
            .build(),
    )
}

pub(crate) fn jefferies_vwap() -> Orders {
    worked(
        jefferies::Vwap::new()
            .start_time(at("10:00:00 US/Eastern"))
            .end_time(at("16:00:00 US/Eastern"))
            .relative_limit(10)
            .max_volume_rate(10)
            .exclude_auctions(jefferies::Auctions::ExcludeBoth)
            .trigger_price(price("130"))
            .wow_price(price("135"))
            .min_fill_size(1)
            .wow_order_pct(10)
            .wow_mode(jefferies::WowMode::Patience)
            .is_buy_back(jefferies::BuyBack::Zero)
            .wow_reference(jefferies::WowReference::Midpoint)
            .build(),
    )
}

pub(crate) fn csfb_inline() -> Orders {
    worked(
        csfb::Inline::new()
            .start_time(at("10:00:00 US/Eastern"))
            .end_time(at("16:00:00 US/Eastern"))
            .exec_style(csfb::ExecStyle::Patient)
            .min_percent(10)
            .max_percent(20)
            .display_size(100)
            .auction(csfb::Auction::Default)
            .block_finder(false)
            .block_price(price("40"))
            .min_block_size(100)
            .max_block_size(100)
            .i_would_price(price("35"))
            .build(),
    )
}

pub(crate) fn min_impact() -> Orders {
    worked(MinImpact::new().max_pct_vol(Share::percent(30)).build())
}

pub(crate) fn adaptive() -> Orders {
    worked(Adaptive::new().priority(AdaptivePriority::Normal).build())
}
