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
    Pathfinder = "PATHFINDER" "Pathfinder" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
    }

    /// Sweeps what is shown on many venues at once.
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
