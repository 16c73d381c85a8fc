//! Every setter of Jefferies' algos: algos that trade along time or volume.

use super::{price, time};
use tradeport_kernel::Decimal;
use tradeport_orders::algo::jefferies::{
    Auctions, Benchmark, BuyBack, CloseUnit, Finale, Opener, Portfolio, PortfolioStyle, PortfolioUrgency,
    PriceLimitType, Tactic, TradingSession, Twap, Urgency, VolPart, Vwap, WowMode, WowReference, YesNo,
};
use tradeport_orders::algo::{Algo, AlgoRefusal};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] =
    &[vwap, twap, vol_part, opener, finale, portfolio];

fn vwap() -> Result<Algo, AlgoRefusal> {
    Vwap::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .max_volume_rate(10)
        .exclude_auctions(Auctions::IncludeBoth)
        .trigger_price(price("130"))
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .min_fill_size(100)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .is_buy_back(BuyBack::Zero)
        .build()
}

fn twap() -> Result<Algo, AlgoRefusal> {
    Twap::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .max_volume_rate(10)
        .exclude_auctions(Auctions::IncludeBoth)
        .trading_session(TradingSession::AfterHours)
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .min_fill_size(100)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .is_buy_back(BuyBack::Zero)
        .build()
}

fn vol_part() -> Result<Algo, AlgoRefusal> {
    VolPart::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .max_volume_rate(10)
        .dark_volume_rate(10)
        .exclude_auctions(Auctions::IncludeBoth)
        .trading_session(TradingSession::AfterHours)
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .min_fill_size(100)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .is_buy_back(BuyBack::Zero)
        .build()
}

fn opener() -> Result<Algo, AlgoRefusal> {
    Opener::new()
        .relative_limit(Decimal::new(-15, 1))
        .unit_for_open("12")
        .open_qty(10)
        .post_open_strategy(Tactic::Patience)
        .post_open_limit(Decimal::new(-15, 1))
        .post_open_benchmark(Benchmark::Open)
        .benchmark_offset(-3)
        .build()
}

fn finale() -> Result<Algo, AlgoRefusal> {
    Finale::new()
        .start_time(time("10:00:00 US/Eastern"))
        .urgency(Urgency::Aggressive)
        .unit_for_close(CloseUnit::PercentOfClose)
        .close_qty(10)
        .build()
}

fn portfolio() -> Result<Algo, AlgoRefusal> {
    Portfolio::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .max_volume_rate(10)
        .portfolio_id("12")
        .portfolio_limit(Decimal::new(-15, 1))
        .exclude_auctions(Auctions::IncludeBoth)
        .portfolio_urgency(PortfolioUrgency::Five)
        .style(PortfolioStyle::ExecBalance)
        .complete_by_eod(YesNo::No)
        .price_limit_type(PriceLimitType::Floating)
        .benchmark(Benchmark::Open)
        .benchmark_offset(-3)
        .tracking_index("12")
        .max_out_perform(-3)
        .min_out_perform(-3)
        .build()
}
