//! Algos that try for a price: of arrival, of the close, an average.

use super::words::{AdaptivePriority, RiskAversion, TwapStyle};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoProduct, AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider, Share};
use tradeport_kernel::Price;

algos! {
    Ib;

    /// Adaptive: works the order inside the quote for a better price, and hurries as much as it is told to.
    ///
    /// For stocks, options, futures and forex, with `MKT` and `LMT` orders.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::{Adaptive, AdaptivePriority};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Adaptive::new().priority(AdaptivePriority::Patient).build()?;
    /// assert_eq!(algo.to_string(), "ib Adaptive adaptivePriority=\"Patient\"");
    /// # Ok(())
    /// # }
    /// ```
    Adaptive = "Adaptive" "Adaptive" products(Stock Option Future Forex) kinds("MKT" "LMT") {
        /// How it weighs time against price.
        priority = "adaptivePriority": choice(AdaptivePriority),
    }

    /// Arrival price: tries for the middle of the quote at the time when the order arrives, weighing impact
    /// against risk.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::{ArrivalPx, RiskAversion};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = ArrivalPx::new()
    ///     .max_pct_vol(Share::percent(10))
    ///     .risk_aversion(RiskAversion::Aggressive)
    ///     .start_time("09:30:00 US/Eastern".parse()?)
    ///     .end_time("16:00:00 US/Eastern".parse()?)
    ///     .force_completion(true)
    ///     .build()?;
    /// assert_eq!(algo.params().len(), 5);
    /// # Ok(())
    /// # }
    /// ```
    ArrivalPx = "ArrivalPx" "Arrival Price" {
        /// The most of the market's volume that it trades. A fraction, 0.01 to 0.5.
        max_pct_vol = "maxPctVol": share,
        /// How much market risk it bears for less impact.
        risk_aversion = "riskAversion": choice(RiskAversion),
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// Is it to be done by the end, whatever that costs?
        force_completion = "forceCompletion": flag,
        /// May it go on after its end until it is done?
        allow_past_end_time = "allowPastEndTime": flag,
    }

    /// Close price: tries for the closing price, starting when the risk of waiting outweighs the impact of
    /// trading. It has no end: the close is its end.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::{ClosePx, RiskAversion};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = ClosePx::new()
    ///     .max_pct_vol(Share::percent(40))
    ///     .risk_aversion(RiskAversion::Neutral)
    ///     .start_time("20260926-18:30:00".parse()?) // UTC
    ///     .force_completion(true)
    ///     .build()?;
    /// assert_eq!(algo.strategy(), "ClosePx");
    /// # Ok(())
    /// # }
    /// ```
    ClosePx = "ClosePx" "Close Price" {
        /// The most of the market's volume that it trades. A fraction, 0.01 to 0.5.
        max_pct_vol = "maxPctVol": share,
        /// How much market risk it bears for less impact.
        risk_aversion = "riskAversion": choice(RiskAversion),
        /// When it starts.
        start_time = "startTime": time,
        /// Is it to be done by the end, whatever that costs?
        force_completion = "forceCompletion": flag,
    }

    /// Time-weighted average price: the same amount in each stretch of time.
    ///
    /// Not to be mistaken for `TWAP` of other providers.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::{Twap, TwapStyle};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Twap::new()
    ///     .strategy_type(TwapStyle::Marketable)
    ///     .start_time("09:30:00 US/Eastern".parse()?)
    ///     .end_time("16:00:00 US/Eastern".parse()?)
    ///     .allow_past_end_time(true)
    ///     .build()?;
    /// assert_eq!(algo.params()[0].name(), "strategyType");
    /// # Ok(())
    /// # }
    /// ```
    Twap = "Twap" "TWAP (IB)" {
        /// Where its small orders are priced.
        strategy_type = "strategyType": choice(TwapStyle),
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// May it go on after its end until it is done?
        allow_past_end_time = "allowPastEndTime": flag,
        /// After a late fill, are the next orders sent sooner?
        catch_up = "catchUp": flag,
        /// The price at or better than which it trades.
        conditional_price = "conditionalPrice": price,
    }

    /// Volume-weighted average price, as best it can: along the volume that the day is expected to have.
    ///
    /// Not to be mistaken for `VWAP` of other providers.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::Vwap;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = Vwap::new()
    ///     .max_pct_vol(Share::percent(20))
    ///     .start_time("09:30:00 US/Eastern".parse()?)
    ///     .end_time("16:00:00 US/Eastern".parse()?)
    ///     .allow_past_end_time(true)
    ///     .no_take_liq(true)
    ///     .build()?;
    /// assert_eq!(algo.params().len(), 5);
    /// # Ok(())
    /// # }
    /// ```
    Vwap = "Vwap" "VWAP best efforts (IB)" {
        /// The most of the market's volume that it trades. A fraction, 0.01 to 0.5.
        max_pct_vol = "maxPctVol": share,
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// May it go on after its end until it is done?
        allow_past_end_time = "allowPastEndTime": flag,
        /// Does it only rest in the book, and take nothing from it?
        no_take_liq = "noTakeLiq": flag,
        /// Does it hurry when the price is good?
        speed_up = "speedUp": flag,
    }

    /// Balance impact and risk, for options: weighs the impact of trading fast against the risk of trading
    /// slowly.
    ///
    /// For options.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::{BalanceImpactRisk, RiskAversion};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = BalanceImpactRisk::new()
    ///     .max_pct_vol(Share::percent(10))
    ///     .risk_aversion(RiskAversion::Aggressive)
    ///     .force_completion(true)
    ///     .build()?;
    /// assert_eq!(algo.spec().unwrap().products()[0].name(), "option");
    /// # Ok(())
    /// # }
    /// ```
    BalanceImpactRisk = "BalanceImpactRisk" "Balance Impact and Risk (options)" products(Option) {
        /// The most of the market's volume that it trades. A fraction, 0.01 to 0.5.
        max_pct_vol = "maxPctVol": share,
        /// How much market risk it bears for less impact.
        risk_aversion = "riskAversion": choice(RiskAversion),
        /// Is it to be done by the end, whatever that costs?
        force_completion = "forceCompletion": flag,
    }

    /// Minimise impact, for options: cuts the order into parts so as to match the average price.
    ///
    /// For options.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::MinImpact;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = MinImpact::new().max_pct_vol(Share::percent(30)).build()?;
    /// assert_eq!(algo.to_string(), "ib MinImpact maxPctVol=0.3");
    /// # Ok(())
    /// # }
    /// ```
    MinImpact = "MinImpact" "Minimise Impact (options)" products(Option) {
        /// The most of the market's volume that it trades. A fraction, 0.01 to 0.5.
        max_pct_vol = "maxPctVol": share,
    }
}
