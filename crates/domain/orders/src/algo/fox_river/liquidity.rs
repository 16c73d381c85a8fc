//! Algos that look for liquidity.

use super::words::{DarkAttack, EndTimeBehavior, Level, SweepType};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider, Share};
use tradeport_kernel::{Decimal, Price};

algos! {
    FoxRiver;

    /// Takes part in the volume around a target rate, hurrying with the price.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{EndTimeBehavior, FoxAlpha};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = FoxAlpha::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .part_rate_limit(Share::percent(5))
    ///     .end_time_behavior(EndTimeBehavior::CancelBalance)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxAlpha");
    /// # Ok(())
    /// # }
    /// ```
    FoxAlpha = "FoxAlpha" "FoxAlpha" {
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
        /// How far it may leave its schedule.
        elasticity = "Elasticity": choice(Level),
        /// How much it hurries.
        aggressiveness = "Aggressiveness": choice(Level),
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

    /// Sweeps what is shown on many venues at once.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{FoxBlaster, Level};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = FoxBlaster::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .aggressiveness(Level::High)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxBlaster");
    /// # Ok(())
    /// # }
    /// ```
    FoxBlaster = "FoxBlaster" "FoxBlaster" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// How much it hurries.
        aggressiveness = "Aggressiveness": choice(Level),
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }

    /// Trades in dark pools.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{DarkAttack, FoxDarkAttack};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = FoxDarkAttack::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .dark_min_fill_qty(10)
    ///     .dark_attack(DarkAttack::Most)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxDarkAttack");
    /// # Ok(())
    /// # }
    /// ```
    FoxDarkAttack = "FoxDarkAttack" "FoxDarkAttack" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The smallest fill taken in a dark pool, in shares. Zero or above.
        dark_min_fill_qty = "DarkMinFillQty": amount,
        /// How much it favours dark pools.
        dark_attack = "DarkAttack": choice(DarkAttack),
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }

    /// Sweeps dark pools.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::FoxDarkSweep;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = FoxDarkSweep::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .dollar_certain_limit("40.25".parse()?)
    ///     .dollar_certain_commission(10)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river DarkSweep");
    /// # Ok(())
    /// # }
    /// ```
    FoxDarkSweep = "DarkSweep" "FoxDarkSweep" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }

    /// Routes to where the order is filled best.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::{FoxSmartRouter, SweepType};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = FoxSmartRouter::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .sweep_type(SweepType::Flashpoint)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxSmartRouter");
    /// # Ok(())
    /// # }
    /// ```
    FoxSmartRouter = "FoxSmartRouter" "FoxSmartRouter" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// How it sweeps.
        sweep_type = "SweepType": choice(SweepType),
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }

    /// Looks for hidden liquidity inside the quote.
    ///
    /// ```
    /// use tradeport_orders::algo::fox_river::FoxSpotlight;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = FoxSpotlight::new()
    ///     .effective_time("10:00:00 US/Eastern".parse()?)
    ///     .expire_time("15:30:00 US/Eastern".parse()?)
    ///     .dollar_certain_limit("40.25".parse()?)
    ///     .dollar_certain_commission(10)
    ///     .build()?;
    /// assert_eq!(algo.name(), "fox-river FoxSpotlight");
    /// # Ok(())
    /// # }
    /// ```
    FoxSpotlight = "FoxSpotlight" "FoxSpotlight" {
        /// When it starts.
        effective_time = "EffectiveTime": clock,
        /// When it ends.
        expire_time = "ExpireTime": clock,
        /// The worst price of an order for a certain sum of money.
        dollar_certain_limit = "DollarCertainLimit": price,
        /// The commission that is part of a certain sum of money, in US dollars. Zero or above.
        dollar_certain_commission = "DollarCertainCommission": amount,
        /// Is the order for a certain sum of money, not a number of shares?
        dollar_certain_execution = "DollarCertainExecution": flag,
    }
}
