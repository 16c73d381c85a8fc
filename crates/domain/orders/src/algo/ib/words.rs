//! The words that the broker's own algos take.

use crate::algo::builder::choices;

choices! {
    /// How an adaptive order weighs time against price.
    AdaptivePriority {
        /// Filled soon rather than well.
        Urgent = "Urgent",
        /// Between the two; the default.
        Normal = "Normal",
        /// Filled well rather than soon.
        Patient = "Patient",
    }

    /// How much market risk is borne for less market impact.
    RiskAversion {
        /// Done as fast as can be.
        GetDone = "Get Done",
        /// Fast, at the cost of impact.
        Aggressive = "Aggressive",
        /// Between the two.
        Neutral = "Neutral",
        /// Slow, at the risk that the market moves.
        Passive = "Passive",
    }

    /// The kind of the small orders that a large one is cut into.
    RouteOrderType {
        /// Limit orders.
        Limit = "LMT",
        /// Market orders.
        Market = "MKT",
        /// Relative orders, pegged to the near side of the quote.
        Relative = "REL",
    }

    /// Where the small orders of a TWAP are priced.
    TwapStyle {
        /// Through the other side of the quote.
        Marketable = "Marketable",
        /// At the middle of the quote.
        MatchingMidpoint = "Matching Midpoint",
        /// At the own side of the quote.
        MatchingSameSide = "Matching Same Side",
        /// At the last trade.
        MatchingLast = "Matching Last",
    }
}
