//! The algo whose rates change with the price.

use super::words::{DarkAttack, EndTimeBehavior, Level, PyramidStrategy};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider, Share};
use tradeport_kernel::{Decimal, Price};

algos! {
    FoxRiver;

    /// Trades at rates that change as the price passes up to three levels.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{EndTimeBehavior, FoxPyramid};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = FoxPyramid::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .part_rate_limit(Share::percent(5))
    ///     .end_time_behavior(EndTimeBehavior::CancelBalance)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxPyramid");
    /// # Ok(())
    /// # }
    /// ```
    FoxPyramid = "FoxPyramid" "FoxRiverPyramid" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The most of the volume that it trades. A fraction, 0 to 1.
        part_rate_limit = "PartRateLimit": fraction,
        /// What happens to the rest at the end.
        end_time_behavior = "EndTimeBehavior": choice(EndTimeBehavior),
        /// The part of the volume that it aims at. A fraction, 0 to 1.
        part_rate_target = "PartRateTarget": fraction,
        /// How much it hurries.
        aggressiveness = "Aggressiveness": choice(Level),
        /// The smallest fill taken in a dark pool, in shares. Zero or above.
        dark_min_fill_qty = "DarkMinFillQty": amount,
        /// How much it favours dark pools.
        dark_attack = "DarkAttack": choice(DarkAttack),
        /// Does it look for a price of its liking in dark pools only?
        i_would_dark = "IWouldDark": flag,
        /// The first price level.
        price_level1 = "PriceLevel1": price,
        /// The part of the volume traded beyond the first level. A fraction, 0 to 1.
        pov_rate1 = "POVRate1": fraction,
        /// Beyond the first level, does it trade in dark pools only?
        i_would_dark1 = "IWouldDark1": flag,
        /// The second price level.
        price_level2 = "PriceLevel2": price,
        /// The part of the volume traded beyond the second level. A fraction, 0 to 1.
        pov_rate2 = "POVRate2": fraction,
        /// Beyond the second level, does it trade in dark pools only?
        i_would_dark2 = "IWouldDark2": flag,
        /// The third price level.
        price_level3 = "PriceLevel3": price,
        /// The part of the volume traded beyond the third level. A fraction, 0 to 1.
        pov_rate3 = "POVRate3": fraction,
        /// Beyond the third level, does it trade in dark pools only?
        i_would_dark3 = "IWouldDark3": flag,
        /// What the rates build on.
        pyramid_strategy = "PyramidStrategy": choice(PyramidStrategy),
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }
}
