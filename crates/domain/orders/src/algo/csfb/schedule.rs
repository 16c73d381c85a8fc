//! Algos that trade along time or volume.

use super::words::{Auction, ExecStyle};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider};
use tradeport_kernel::Price;

algos! {
    Csfb;

    /// Takes part in the volume between two rates, hurrying as it is told to.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Inline};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Inline::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .min_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb INLINE");
    /// # Ok(())
    /// # }
    /// ```
    Inline = "INLINE" "Inline" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The least of the volume that it trades, in percent; not above the most. 0 to 99.
        min_percent = "MinPercent": percent,
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// The auctions that it takes part in.
        auction = "Auction": choice(Auction),
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
        /// The price at or better than which it would trade all.
        i_would_price = "IWouldPrice": price,
    }

    /// Takes part in the volume at a rate that stays between two bounds.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, VolumeInline};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = VolumeInline::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .min_percent("12")
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb VOLUME INLINE");
    /// # Ok(())
    /// # }
    /// ```
    VolumeInline = "VOLUME INLINE" "Volume Inline" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The least of the volume that it trades, in percent; not above the most.
        min_percent = "MinPercent": text,
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// The auctions that it takes part in.
        auction = "Auction": choice(Auction),
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
        /// The price at or better than which it would trade all.
        i_would_price = "IWouldPrice": price,
    }

    /// Volume-weighted average price over the stated time.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Vwap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Vwap::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .max_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb VWAP");
    /// # Ok(())
    /// # }
    /// ```
    Vwap = "VWAP" "VWAP" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// The auctions that it takes part in.
        auction = "Auction": choice(Auction),
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
        /// The price at or better than which it would trade all.
        i_would_price = "IWouldPrice": price,
    }

    /// Time-weighted average price over the stated time.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Twap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Twap::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .max_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb TWAP");
    /// # Ok(())
    /// # }
    /// ```
    Twap = "TWAP" "TWAP" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// The auctions that it takes part in.
        auction = "Auction": choice(Auction),
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
        /// The price at or better than which it would trade all.
        i_would_price = "IWouldPrice": price,
    }

    /// Trades before the session and after it.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::PrePost;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = PrePost::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .display_size(100)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb PRE/POST");
    /// # Ok(())
    /// # }
    /// ```
    PrePost = "PRE/POST" "Pre/Post" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
    }

    /// Trades towards the closing price.
    Close = "CLOSE" "Close" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
    }

    /// Chooses among the other tactics by what the market does.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Tex};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Tex::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .min_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb TEX");
    /// # Ok(())
    /// # }
    /// ```
    Tex = "TEX" "Tex" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The least of the volume that it trades, in percent; not above the most. 0 to 99.
        min_percent = "MinPercent": percent,
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// The auctions that it takes part in.
        auction = "Auction": choice(Auction),
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
        /// The price at or better than which it would trade all.
        i_would_price = "IWouldPrice": price,
    }

    /// A company's purchase of its own shares, within rule 10b-18 of the US Securities and Exchange
    /// Commission.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::BuyBack;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = BuyBack::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb 10B-18");
    /// # Ok(())
    /// # }
    /// ```
    BuyBack = "10B-18" "10b-18" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
    }

    /// Trades in auctions.
    AuctionOnly = "AUCTION" "Auction Algo" {
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
    }
}
