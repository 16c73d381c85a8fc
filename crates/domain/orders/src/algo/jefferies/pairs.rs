//! Algos that trade two stocks against each other.

use super::words::{PairBalance, PairBenchmark, PairObjective, PairStyle, SpreadOperator};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider};
use tradeport_kernel::Decimal;

algos! {
    Jefferies;

    /// Trades two stocks against each other at a ratio of their prices.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::PairRatio;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = PairRatio::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .pair_id("basket-7")
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies RATIO");
    /// # Ok(())
    /// # }
    /// ```
    PairRatio = "RATIO" "Pairs - Ratio" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// Which pair the order belongs to: the same text in both its orders.
        pair_id = "PairID": text,
        /// What is kept in balance between the legs.
        balance = "Balance": choice(PairBalance),
        /// How the legs are worked.
        execution_style = "ExecutionStyle": choice(PairStyle),
        /// How far one leg may run ahead of the other.
        leg_threshold = "LegThreshold": number,
        /// How many shares of the second leg there are for one of the first.
        pair_ratio = "PairRatio": number,
        /// The spread at which the pair trades.
        pair_spread = "PairSpread": number,
        /// On which side of the spread it trades.
        pair_spread_operator = "PairSpreadOperator": choice(SpreadOperator),
    }

    /// Trades two stocks against each other at a difference of their returns.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::PairNetReturn;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = PairNetReturn::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .pair_id("basket-7")
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies TR");
    /// # Ok(())
    /// # }
    /// ```
    PairNetReturn = "TR" "Pairs - Net Return" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// Which pair the order belongs to: the same text in both its orders.
        pair_id = "PairID": text,
        /// What is kept in balance between the legs.
        balance = "Balance": choice(PairBalance),
        /// How the legs are worked.
        execution_style = "ExecutionStyle": choice(PairStyle),
        /// How far one leg may run ahead of the other.
        leg_threshold = "LegThreshold": number,
        /// What the returns are measured from.
        pair_benchmark = "PairBenchmark": choice(PairBenchmark),
        /// The spread at which the pair trades.
        pair_spread = "PairSpread": number,
        /// On which side of the spread it trades.
        pair_spread_operator = "PairSpreadOperator": choice(SpreadOperator),
    }

    /// Trades two stocks of a merger against each other.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{PairArb, PairStyle};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = PairArb::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .execution_style(PairStyle::Custom)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies ARB");
    /// # Ok(())
    /// # }
    /// ```
    PairArb = "ARB" "Pairs - Arb" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// How the legs are worked.
        execution_style = "ExecutionStyle": choice(PairStyle),
        /// How far one leg may run ahead of the other.
        leg_threshold = "LegThreshold": number,
        /// Which pair the order belongs to: the same text in both its orders.
        pair_id = "PairID": text,
        /// What the pair is traded for.
        pair_objective = "PairObjective": choice(PairObjective),
        /// How many shares of the second leg there are for one of the first.
        pair_ratio = "PairRatio": number,
        /// The money that a share of the target brings in the merger, in its currency.
        pair_cash = "PairCash": number,
        /// The spread at which the pair trades.
        pair_spread = "PairSpread": number,
        /// On which side of the spread it trades.
        pair_spread_operator = "PairSpreadOperator": choice(SpreadOperator),
    }
}
