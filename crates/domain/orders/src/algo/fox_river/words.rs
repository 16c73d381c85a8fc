//! The words that Fox River's algos take.

use crate::algo::builder::choices;

choices! {
    /// What happens to the rest when the time is over.
    EndTimeBehavior {
        /// What the provider thinks best.
        Unstated = "",
        /// It is done by then.
        HardEndTime = "Hard_EndTime",
        /// It is cancelled.
        CancelBalance = "Cancel_balance",
    }

    /// A level of three.
    Level {
        /// Low.
        Low = "Low",
        /// Middle.
        Medium = "Medium",
        /// High.
        High = "High",
    }

    /// How much dark pools are favoured, from 0 (not) to 10 (most).
    DarkAttack {
        /// Not at all.
        NotFavoured = "0-Do_not_favor_dark_pools",
        /// Least.
        Least = "1-Least_aggressive",
        /// Level 2 of 10.
        Two = "2",
        /// Level 3 of 10.
        Three = "3",
        /// Level 4 of 10.
        Four = "4",
        /// Level 5 of 10.
        Five = "5",
        /// Level 6 of 10.
        Six = "6",
        /// Level 7 of 10.
        Seven = "7",
        /// Level 8 of 10.
        Eight = "8",
        /// Level 9 of 10.
        Nine = "9",
        /// Most.
        Most = "10-Most_aggressive",
    }

    /// What a pyramid is built on.
    PyramidStrategy {
        /// A part of the volume.
        Pov = "POV",
        /// Evenly over time.
        Twap = "TWAP",
        /// Along the volume of the day.
        Vwap = "VWAP",
        /// Dark pools.
        DarkAttack = "Dark_Attack",
        /// FoxAlpha.
        Alpha = "Alpha",
    }

    /// How the smart router sweeps.
    SweepType {
        /// Takes what is shown.
        Sweep = "Sweep",
        /// Takes what is shown, then rests.
        SweepPost = "Sweep-Post",
        /// Looks for hidden orders.
        Flashlight = "Flashlight",
        /// Looks for hidden orders, then rests.
        FlashlightPost = "Flashlight-Post",
        /// Looks for hidden orders at one price.
        Flashpoint = "Flashpoint",
    }
}
