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
