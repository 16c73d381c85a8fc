//! The algos, all of them for futures.

use super::words::{Benchmark, EventPause, Mode, Urgency};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider, Share};
use tradeport_kernel::Decimal;

algos! {
    QuantitativeBrokers;

    /// Time- or volume-weighted average price of a future.
    ///
    /// ```
    /// use tradeport_orders::algo::quantitative_brokers::{Benchmark, Strobe};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = Strobe::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .benchmark(Benchmark::Vwap)
    ///     .percent_volume(Share::percent(5))
    ///     .build()?;
    /// assert_eq!(algo.name(), "quantitative-brokers STROBE");
    /// # Ok(())
    /// # }
    /// ```
    Strobe = "STROBE" "Strobe" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends; counts more than [`duration`](Self::duration).
        end_time = "EndTime": clock,
        /// For how many minutes; -99 stands for until the exchange closes.
        duration = "Duration": minutes,
        /// The average that it is measured against.
        benchmark = "Benchmark": choice(Benchmark),
        /// The most of the volume that it trades. A fraction, 0 to 1.
        percent_volume = "PercentVolume": fraction,
        /// Is what is left at the end left alone?
        no_clean_up = "NoCleanUp": flag,
    }

    /// Tries for the price at arrival, with as little impact as it can.
    ///
    /// ```
    /// use tradeport_orders::algo::quantitative_brokers::{Bolt, Mode};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = Bolt::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .mode(Mode::Aggressive)
    ///     .percent_volume(Share::percent(5))
    ///     .build()?;
    /// assert_eq!(algo.name(), "quantitative-brokers BOLT");
    /// # Ok(())
    /// # }
    /// ```
    Bolt = "BOLT" "Bolt" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends; counts more than [`duration`](Self::duration).
        end_time = "EndTime": clock,
        /// For how many minutes; -99 stands for until the exchange closes.
        duration = "Duration": minutes,
        /// How much it hurries.
        mode = "Mode": choice(Mode),
        /// The most of the volume that it trades. A fraction, 0 to 1.
        percent_volume = "PercentVolume": fraction,
        /// What it does around economic events.
        event_pause = "EventPause": choice(EventPause),
        /// Is what is left at the end left alone?
        no_clean_up = "NoCleanUp": flag,
        /// From which part of the usual liquidity on it takes instead of resting. A fraction, 0 to 1.
        liquidity_aggress_threshold = "LiquidityAggressThreshold": fraction,
    }

    /// Tries for the settlement price.
    Closer = "CLOSER" "Closer" {}

    /// Takes liquidity fast, and rests where that costs no time.
    ///
    /// ```
    /// use tradeport_orders::algo::quantitative_brokers::{Octane, Urgency};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Octane::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .urgency(Urgency::UltraHigh)
    ///     .build()?;
    /// assert_eq!(algo.name(), "quantitative-brokers Octane");
    /// # Ok(())
    /// # }
    /// ```
    Octane = "Octane" "Octane" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends; counts more than [`duration`](Self::duration).
        end_time = "EndTime": clock,
        /// For how many minutes; -99 stands for until the exchange closes.
        duration = "Duration": minutes,
        /// How much it hurries.
        urgency = "Urgency": choice(Urgency),
    }
}
