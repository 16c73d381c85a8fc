//! Algos that look for liquidity.

use super::words::{
    Auctions, BuyBack, SeekUrgency, Tactic, TraderAction, TradingSession, TradingStyle, Urgency, WowMode,
    WowReference,
};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider};
use tradeport_kernel::{Decimal, Price};

algos! {
    Jefferies;

    /// Sweeps shown and hidden liquidity on many venues at once.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{Blitz, TradingStyle};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Blitz::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .display_size(100)
    ///     .trading_style(TradingStyle::NoPost)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies BLITZ");
    /// # Ok(())
    /// # }
    /// ```
    Blitz = "BLITZ" "Blitz" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// How many shares are shown at a time.
        display_size = "DisplaySize": count,
        /// How it takes liquidity.
        trading_style = "TradingStyle": choice(TradingStyle),
        /// Is it a company buying its own shares?
        is_buy_back = "IsBuyBack": choice(BuyBack),
        /// The part of the day that it trades in.
        trading_session = "TradingSession": choice(TradingSession),
    }

    /// Tries for the price at arrival, weighing impact against risk.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{Strike, Urgency};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Strike::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .urgency(Urgency::Aggressive)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies STRIKE");
    /// # Ok(())
    /// # }
    /// ```
    Strike = "STRIKE" "Strike" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// How much it hurries.
        urgency = "Urgency": choice(Urgency),
        /// The auctions that it takes part in.
        exclude_auctions = "ExcludeAuctions": choice(Auctions),
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
    }

    /// Seeks liquidity, shown and dark, with as little trace as it can.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{Auctions, Seek, SeekUrgency};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Seek::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .exclude_auctions(Auctions::IncludeBoth)
    ///     .urgency(SeekUrgency::Aggressive)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies SEEK");
    /// # Ok(())
    /// # }
    /// ```
    Seek = "SEEK" "Seek" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// The auctions that it takes part in.
        exclude_auctions = "ExcludeAuctions": choice(Auctions),
        /// How much it hurries.
        urgency = "Urgency": choice(SeekUrgency),
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
    }

    /// Seeks liquidity in dark pools only.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{DarkSeek, SeekUrgency};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = DarkSeek::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .urgency(SeekUrgency::Aggressive)
    ///     .min_take_size(100)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies DS");
    /// # Ok(())
    /// # }
    /// ```
    DarkSeek = "DS" "Darkseek" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// How much it hurries.
        urgency = "Urgency": choice(SeekUrgency),
        /// The smallest order of others that it takes, in shares.
        min_take_size = "MinTakeSize": count,
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// Is it a company buying its own shares?
        is_buy_back = "IsBuyBack": choice(BuyBack),
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
    }

    /// Rests in the books and takes when the price is right.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::Post;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Post::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .wow_price("40.25".parse()?)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies POST");
    /// # Ok(())
    /// # }
    /// ```
    Post = "POST" "Post" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// The smallest order of others that it takes, in shares.
        min_take_size = "MinTakeSize": count,
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
    }

    /// Turns from one tactic to the next as the price passes levels.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{MultiScale, Tactic};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = MultiScale::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .algo1(Tactic::Patience)
    ///     .max_qty1(100)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies MS");
    /// # Ok(())
    /// # }
    /// ```
    MultiScale = "MS" "MultiScale" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// What it does before the second price.
        algo1 = "Algo1": choice(Tactic),
        /// The most traded before the second price, in shares.
        max_qty1 = "MaxQty1": count,
        /// The second price. The provider spells this parameter with a space.
        price2 = "Price 2": price,
        /// What it does from the second price.
        algo2 = "Algo2": choice(Tactic),
        /// The most traded between the second and the third price, in shares.
        max_qty2 = "MaxQty2": count,
        /// The third price. The provider takes it as text.
        price3 = "Price3": text,
        /// What it does from the third price.
        algo3 = "Algo3": choice(Tactic),
    }

    /// Waits for its price, and trades little before it.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::Patience;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Patience::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .style(true)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies PATIENCE");
    /// # Ok(())
    /// # }
    /// ```
    Patience = "PATIENCE" "Patience" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// Is it worked in its second style?
        style = "Style": flag,
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// The smallest order of others that it takes, in shares.
        min_take_size = "MinTakeSize": count,
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
    }

    /// An order under the hand of its trader, who tells it what to do.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{Tactic, Trader, TraderAction};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Trader::new()
    ///     .strategy_intent(Tactic::Patience)
    ///     .action_type(TraderAction::TakeOrHit)
    ///     .action_qty(100)
    ///     .action_price("40.25".parse()?)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies TRADER");
    /// # Ok(())
    /// # }
    /// ```
    Trader = "TRADER" "Trader" {
        /// What it does when told nothing else.
        strategy_intent = "StrategyIntent": choice(Tactic),
        /// What it is told to do.
        action_type = "ActionType": choice(TraderAction),
        /// How many shares that is about.
        action_qty = "ActionQty": count,
        /// At which price.
        action_price = "ActionPrice": price,
    }
}
