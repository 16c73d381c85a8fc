//! Algos that trade along time or volume.

use super::words::{DarkAttack, EndTimeBehavior, Level};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider, Share};
use tradeport_kernel::{Decimal, Price};

algos! {
    FoxRiver;

    /// Time-weighted average price that may leave its schedule for a better price.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{EndTimeBehavior, FoxTwap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = FoxTwap::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .part_rate_limit(Share::percent(5))
    ///     .end_time_behavior(EndTimeBehavior::CancelBalance)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxTWAP");
    /// # Ok(())
    /// # }
    /// ```
    FoxTwap = "FoxTWAP" "FoxTwap" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The most of the volume that it trades. A fraction, 0 to 1.
        part_rate_limit = "PartRateLimit": fraction,
        /// What happens to the rest at the end.
        end_time_behavior = "EndTimeBehavior": choice(EndTimeBehavior),
        /// How far it may leave its schedule.
        elasticity = "Elasticity": choice(Level),
        /// How much it favours dark pools.
        dark_attack = "DarkAttack": choice(DarkAttack),
        /// Does it look for a price of its liking in dark pools only?
        i_would_dark = "IWouldDark": flag,
        /// The price at or better than which it takes all that is shown.
        sweep_price = "SweepPrice": price,
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }

    /// Volume-weighted average price that may leave its schedule for a better price.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{EndTimeBehavior, FoxVwap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = FoxVwap::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .part_rate_limit(Share::percent(5))
    ///     .end_time_behavior(EndTimeBehavior::CancelBalance)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxVWAP");
    /// # Ok(())
    /// # }
    /// ```
    FoxVwap = "FoxVWAP" "FoxVwap" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The most of the volume that it trades. A fraction, 0 to 1.
        part_rate_limit = "PartRateLimit": fraction,
        /// What happens to the rest at the end.
        end_time_behavior = "EndTimeBehavior": choice(EndTimeBehavior),
        /// How far it may leave its schedule.
        elasticity = "Elasticity": choice(Level),
        /// How much it favours dark pools.
        dark_attack = "DarkAttack": choice(DarkAttack),
        /// Does it look for a price of its liking in dark pools only?
        i_would_dark = "IWouldDark": flag,
        /// The price at or better than which it takes all that is shown.
        sweep_price = "SweepPrice": price,
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
        /// Is it a company buying its own shares?
        corp_buy_back = "CorpBuyBack": flag,
    }

    /// A stated share of the volume.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{EndTimeBehavior, Pov};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = Pov::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .end_time_behavior(EndTimeBehavior::CancelBalance)
    ///     .pov_rate(Share::percent(5))
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river POV");
    /// # Ok(())
    /// # }
    /// ```
    Pov = "POV" "PercentageOfVolume" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// What happens to the rest at the end.
        end_time_behavior = "EndTimeBehavior": choice(EndTimeBehavior),
        /// The part of the volume that it trades. A fraction, 0 to 1.
        pov_rate = "POVRate": fraction,
        /// How much it favours dark pools.
        dark_attack = "DarkAttack": choice(DarkAttack),
        /// Does it look for a price of its liking in dark pools only?
        i_would_dark = "IWouldDark": flag,
        /// The price at or better than which it takes all that is shown.
        sweep_price = "SweepPrice": price,
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }

    /// Time-weighted average price over the stated time.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{EndTimeBehavior, Twap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = Twap::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .part_rate_limit(Share::percent(5))
    ///     .end_time_behavior(EndTimeBehavior::CancelBalance)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river TWAP");
    /// # Ok(())
    /// # }
    /// ```
    Twap = "TWAP" "TwapFoxRiver" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The most of the volume that it trades. A fraction, 0 to 1.
        part_rate_limit = "PartRateLimit": fraction,
        /// What happens to the rest at the end.
        end_time_behavior = "EndTimeBehavior": choice(EndTimeBehavior),
        /// How much it favours dark pools.
        dark_attack = "DarkAttack": choice(DarkAttack),
        /// Does it look for a price of its liking in dark pools only?
        i_would_dark = "IWouldDark": flag,
        /// The price at or better than which it takes all that is shown.
        sweep_price = "SweepPrice": price,
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }

    /// Volume-weighted average price over the stated time.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{EndTimeBehavior, Vwap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = Vwap::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .part_rate_limit(Share::percent(5))
    ///     .end_time_behavior(EndTimeBehavior::CancelBalance)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river VWAP");
    /// # Ok(())
    /// # }
    /// ```
    Vwap = "VWAP" "VwapFoxRiver" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The most of the volume that it trades. A fraction, 0 to 1.
        part_rate_limit = "PartRateLimit": fraction,
        /// What happens to the rest at the end.
        end_time_behavior = "EndTimeBehavior": choice(EndTimeBehavior),
        /// How much it favours dark pools.
        dark_attack = "DarkAttack": choice(DarkAttack),
        /// Does it look for a price of its liking in dark pools only?
        i_would_dark = "IWouldDark": flag,
        /// The price at or better than which it takes all that is shown.
        sweep_price = "SweepPrice": price,
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
        /// Is it a company buying its own shares?
        corp_buy_back = "CorpBuyBack": flag,
    }
}
