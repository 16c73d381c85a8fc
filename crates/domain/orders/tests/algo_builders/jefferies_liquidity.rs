//! Every setter of Jefferies' algos: algos that look for liquidity.

use super::{price, time};
use tradeport_kernel::Decimal;
use tradeport_orders::algo::jefferies::{
    Auctions, Blitz, BuyBack, DarkSeek, MultiScale, Patience, Post, Seek, SeekUrgency, Strike, Tactic,
    Trader, TraderAction, TradingSession, TradingStyle, Urgency, WowMode, WowReference,
};
use tradeport_orders::algo::{Algo, AlgoRefusal};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] =
    &[blitz, strike, seek, dark_seek, post, multi_scale, patience, trader];

fn blitz() -> Result<Algo, AlgoRefusal> {
    Blitz::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .display_size(100)
        .trading_style(TradingStyle::NoPost)
        .is_buy_back(BuyBack::Zero)
        .trading_session(TradingSession::AfterHours)
        .build()
}

fn strike() -> Result<Algo, AlgoRefusal> {
    Strike::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .max_volume_rate(10)
        .urgency(Urgency::Aggressive)
        .exclude_auctions(Auctions::IncludeBoth)
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .min_fill_size(100)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .build()
}

fn seek() -> Result<Algo, AlgoRefusal> {
    Seek::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .exclude_auctions(Auctions::IncludeBoth)
        .urgency(SeekUrgency::Aggressive)
        .max_volume_rate(10)
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .min_fill_size(100)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .build()
}

fn dark_seek() -> Result<Algo, AlgoRefusal> {
    DarkSeek::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .urgency(SeekUrgency::Aggressive)
        .min_take_size(100)
        .min_fill_size(100)
        .is_buy_back(BuyBack::Zero)
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .build()
}

fn post() -> Result<Algo, AlgoRefusal> {
    Post::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .relative_limit(Decimal::new(-15, 1))
        .max_volume_rate(10)
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .min_take_size(100)
        .min_fill_size(100)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .build()
}

fn multi_scale() -> Result<Algo, AlgoRefusal> {
    MultiScale::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .algo1(Tactic::Patience)
        .max_qty1(100)
        .price2(price("40.25"))
        .algo2(Tactic::Patience)
        .max_qty2(100)
        .price3("12")
        .algo3(Tactic::Patience)
        .build()
}

fn patience() -> Result<Algo, AlgoRefusal> {
    Patience::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .max_volume_rate(10)
        .style(true)
        .wow_price(price("40.25"))
        .wow_reference(WowReference::Midpoint)
        .min_take_size(100)
        .min_fill_size(100)
        .wow_order_pct(100)
        .wow_mode(WowMode::Patience)
        .build()
}

fn trader() -> Result<Algo, AlgoRefusal> {
    Trader::new()
        .strategy_intent(Tactic::Patience)
        .action_type(TraderAction::TakeOrHit)
        .action_qty(100)
        .action_price(price("40.25"))
        .build()
}
