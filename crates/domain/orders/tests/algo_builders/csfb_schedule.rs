//! Every setter of CSFB's algos: algos that trade along time or volume.

use super::{price, time};
use tradeport_orders::algo::csfb::{
    Auction, AuctionOnly, BuyBack, Close, ExecStyle, Inline, PrePost, Tex, Twap, VolumeInline, Vwap,
};
use tradeport_orders::algo::{Algo, AlgoRefusal};

/// One of each, with everything set.
pub(crate) const BUILT: &[fn() -> Result<Algo, AlgoRefusal>] =
    &[inline, volume_inline, vwap, twap, pre_post, close, tex, buy_back, auction_only];

fn inline() -> Result<Algo, AlgoRefusal> {
    Inline::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .min_percent(20)
        .max_percent(20)
        .display_size(100)
        .auction(Auction::ImbalanceOnly)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price("40.25"))
        .build()
}

fn volume_inline() -> Result<Algo, AlgoRefusal> {
    VolumeInline::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .min_percent("12")
        .max_percent(20)
        .display_size(100)
        .auction(Auction::ImbalanceOnly)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price("40.25"))
        .build()
}

fn vwap() -> Result<Algo, AlgoRefusal> {
    Vwap::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .max_percent(20)
        .auction(Auction::ImbalanceOnly)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price("40.25"))
        .build()
}

fn twap() -> Result<Algo, AlgoRefusal> {
    Twap::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .max_percent(20)
        .auction(Auction::ImbalanceOnly)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price("40.25"))
        .build()
}

fn pre_post() -> Result<Algo, AlgoRefusal> {
    PrePost::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .display_size(100)
        .build()
}

fn close() -> Result<Algo, AlgoRefusal> {
    Close::new().start_time(time("10:00:00 US/Eastern")).end_time(time("10:00:00 US/Eastern")).build()
}

fn tex() -> Result<Algo, AlgoRefusal> {
    Tex::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .exec_style(ExecStyle::Aggressive)
        .min_percent(20)
        .max_percent(20)
        .display_size(100)
        .auction(Auction::ImbalanceOnly)
        .block_finder(true)
        .block_price(price("40.25"))
        .min_block_size(100)
        .max_block_size(100)
        .i_would_price(price("40.25"))
        .build()
}

fn buy_back() -> Result<Algo, AlgoRefusal> {
    BuyBack::new()
        .start_time(time("10:00:00 US/Eastern"))
        .end_time(time("10:00:00 US/Eastern"))
        .max_percent(20)
        .build()
}

fn auction_only() -> Result<Algo, AlgoRefusal> {
    AuctionOnly::new().exec_style(ExecStyle::Aggressive).display_size(100).build()
}
