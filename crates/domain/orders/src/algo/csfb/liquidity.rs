//! Algos that look for liquidity.

use super::words::ExecStyle;
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider};
use tradeport_kernel::Price;

algos! {
    Csfb;

    /// Routes to where the order is likely to be filled.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::Pathfinder;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Pathfinder::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .display_size(100)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb PATHFINDER");
    /// # Ok(())
    /// # }
    /// ```
    Pathfinder = "PATHFINDER" "Pathfinder" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
    }

    /// Sweeps what is shown on many venues at once.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{Blast, ExecStyle};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Blast::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .display_size(100)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb BLAST");
    /// # Ok(())
    /// # }
    /// ```
    Blast = "BLAST" "Blast" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
    }

    /// Trades without being seen, in small orders at the right moments.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Guerrilla};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Guerrilla::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .min_percent("12")
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb GUERRILLA");
    /// # Ok(())
    /// # }
    /// ```
    Guerrilla = "GUERRILLA" "Guerrilla" {
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

    /// Waits unseen, and takes liquidity when it appears.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Sniper};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Sniper::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .max_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb SNIPER");
    /// # Ok(())
    /// # }
    /// ```
    Sniper = "SNIPER" "Sniper" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
    }

    /// Trades in the provider's dark pool.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{Crossfinder, ExecStyle};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Crossfinder::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .max_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb CROSSFINDER");
    /// # Ok(())
    /// # }
    /// ```
    Crossfinder = "CROSSFINDER" "Crossfinder" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
    }

    /// Would trade at a price, and trades more the better it gets.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, IWould};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = IWould::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .min_percent("12")
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb IWOULD");
    /// # Ok(())
    /// # }
    /// ```
    IWould = "IWOULD" "I Would" {
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
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
    }

    /// Rests like Float, and takes like Guerrilla.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, FloatGuerrilla};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = FloatGuerrilla::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .min_percent("12")
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb FLOAT GUERRILLA");
    /// # Ok(())
    /// # }
    /// ```
    FloatGuerrilla = "FLOAT GUERRILLA" "Float Guerrilla" {
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

    /// Shows a part of the order, and keeps the rest in reserve.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Reserve};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Reserve::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .max_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb RESERVE");
    /// # Ok(())
    /// # }
    /// ```
    Reserve = "RESERVE" "Reserve" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
    }

    /// Rests in the book, and follows the quote.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, Float};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Float::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .max_percent(20)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb FLOAT");
    /// # Ok(())
    /// # }
    /// ```
    Float = "FLOAT" "Float" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// The most of the volume that it trades, in percent. 0 to 99.
        max_percent = "MaxPercent": percent,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// Does it look for blocks?
        block_finder = "BlockFinder": flag,
        /// The worst price of a block.
        block_price = "BlockPrice": price,
        /// The smallest block, in shares; not above the largest.
        min_block_size = "MinBlockSize": count,
        /// The largest block, in shares.
        max_block_size = "MaxBlockSize": count,
    }

    /// Trades in the provider's own lit book.
    ///
    /// ```
    /// use tradeport_orders::algo::csfb::{ExecStyle, LightPool};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = LightPool::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exec_style(ExecStyle::Aggressive)
    ///     .display_size(100)
    ///     .build()?;
    /// assert_eq!(algo.name(), "csfb LIGHTPOOL");
    /// # Ok(())
    /// # }
    /// ```
    LightPool = "LIGHTPOOL" "LightPool" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How much it hurries.
        exec_style = "ExecStyle": choice(ExecStyle),
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
    }
}
