//! Algos that cut an order into small ones.

use super::words::RouteOrderType;
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider, Zone};
use tradeport_kernel::Decimal;

algos! {
    Ib;

    /// Dark ice: shows a little of the order at a time, in sizes that vary, and hides the rest.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::DarkIce;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = DarkIce::new().display_size(100).allow_past_end_time(true).build()?;
    /// assert_eq!(algo.to_string(), "ib DarkIce displaySize=100 allowPastEndTime=yes");
    /// # Ok(())
    /// # }
    /// ```
    DarkIce = "DarkIce" "Dark Ice" {
        /// How many units are shown at a time, give or take a half at random.
        display_size = "displaySize": count,
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// May it go on after its end until it is done?
        allow_past_end_time = "allowPastEndTime": flag,
    }

    /// Accumulate/distribute: cuts the order into small ones, sent at intervals, both at random if wished.
    ///
    /// Servers before 971 called the last two parameters `startTime` and `endTime`.
    ///
    /// With `LMT`, `MKT` and `REL` orders.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::AccumulateDistribute;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = AccumulateDistribute::new()
    ///     .component_size(10)
    ///     .time_between_orders(60)
    ///     .randomize_time20(true)
    ///     .randomize_size55(true)
    ///     .catch_up(true)
    ///     .wait_for_fill(true)
    ///     .active_time_start("20260926-12:00:00 US/Eastern".parse()?)
    ///     .active_time_end("20260926-16:00:00 US/Eastern".parse()?)
    ///     .build()?;
    /// assert_eq!(algo.strategy(), "AD");
    /// # Ok(())
    /// # }
    /// ```
    AccumulateDistribute = "AD" "Accumulate/Distribute" kinds("LMT" "MKT" "REL") {
        /// The size of each small order, in units; not above the order's size.
        component_size = "componentSize": count,
        /// From one small order to the next, in seconds.
        time_between_orders = "timeBetweenOrders": count,
        /// Is the time between orders varied by up to 20 % at random?
        randomize_time20 = "randomizeTime20": flag,
        /// Is the size of orders varied by up to 55 % at random?
        randomize_size55 = "randomizeSize55": flag,
        /// The clearing number of whom the trades are given up to. [`blank`](Self::blank) it for nobody.
        give_up = "giveUp": count,
        /// After a late fill, are the next orders sent sooner?
        catch_up = "catchUp": flag,
        /// Does the next order wait until this one is filled?
        wait_for_fill = "waitForFill": flag,
        /// When it starts.
        active_time_start = "activeTimeStart": time,
        /// When it ends.
        active_time_end = "activeTimeEnd": time,
    }

    /// Accumulate/distribute in its second form, in which the kind of the small orders can be chosen. The
    /// broker's support sends it; the broker's manual does not list it.
    AccuDistr = "AccuDistr" "Accumulate/Distribute (second form)" {
        /// The size of each small order, in units; not above the order's size.
        component_size = "componentSize": count,
        /// From one small order to the next, in seconds.
        time_between_orders = "timeBetweenOrders": count,
        /// Is the time between orders varied by up to 20 % at random?
        randomize_time20 = "randomizeTime20": flag,
        /// Is the size of orders varied by up to 55 % at random?
        randomize_size55 = "randomizeSize55": flag,
        /// The kind of the small orders.
        route_order_type = "routeOrderType": choice(RouteOrderType),
        /// How far relative orders stay from the quote, as a fraction of the price.
        route_percent_offset = "routePercentOffset": number,
        /// How far relative orders stay from the quote, in price units.
        route_offset = "routeOffset": number,
        /// After a late fill, are the next orders sent sooner?
        catch_up = "catchUp": flag,
        /// Does the next order wait until this one is filled?
        wait_for_fill = "waitForFill": flag,
        /// When it starts.
        active_time_start = "activeTimeStart": time,
        /// When it ends.
        active_time_end = "activeTimeEnd": time,
        /// The zone of the two times. How the broker spells this parameter is not documented.
        active_time_tz = "activeTimeTZ": zone,
    }
}
