//! The words that Quantitative Brokers' algos take.

use crate::algo::builder::choices;

choices! {
    /// The average that Strobe is measured against.
    Benchmark {
        /// By time.
        Twap = "TWAP",
        /// By volume.
        Vwap = "VWAP",
    }

    /// How much Bolt hurries.
    Mode {
        /// Not at all.
        Passive = "Passive",
        /// Somewhat.
        Normal = "Normal",
        /// Very much.
        Aggressive = "Aggressive",
    }

    /// What Bolt does around an economic event.
    EventPause {
        /// Tries to be done before it.
        AttemptToComplete = "Attempt_To_Complete",
        /// Waits until it is over.
        PauseTrading = "Pause_Trading",
        /// Goes on.
        TradeThrough = "Trade_Through",
    }

    /// How much Octane hurries.
    Urgency {
        /// Much.
        High = "High",
        /// As much as can be.
        UltraHigh = "Ultra_High",
    }
}
