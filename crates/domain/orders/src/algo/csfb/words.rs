//! The words that CSFB's algos take.

use crate::algo::builder::choices;

choices! {
    /// How much an algo hurries.
    ExecStyle {
        /// Not at all.
        Patient = "Patient",
        /// Somewhat.
        Normal = "Normal",
        /// Very much.
        Aggressive = "Aggressive",
    }

    /// Which auctions an algo takes part in.
    Auction {
        /// Those that the provider thinks best.
        Default = "Default",
        /// All.
        IncludeAll = "Include_All",
        /// The opening one.
        IncludeOpenOnly = "Include_Open_Only",
        /// The closing one.
        IncludeCloseOnly = "Include_Close_Only",
        /// None.
        ExcludeAll = "Exclude_All",
        /// Those with an imbalance on the other side.
        ImbalanceOnly = "Imbalance_Only",
    }
}
