//! Algos that trade a share of the volume.

use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider, Share};

algos! {
    Ib;

    /// Percentage of volume: trades along with the market, at a fixed share of its volume.
    ///
    /// ```
    /// use tradeport_orders::algo::ib::PctVol;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_orders::algo::Share;
    /// let algo = PctVol::new().pct_vol(Share::percent(5)).no_take_liq(true).build()?;
    /// assert_eq!(algo.to_string(), "ib PctVol pctVol=0.05 noTakeLiq=yes");
    /// let refused = PctVol::new().pct_vol(Share::percent(60)).build().unwrap_err();
    /// assert_eq!(refused.to_string(), "ib PctVol: pctVol is 0.6, expected a number from 0.01 to 0.5");
    /// # Ok(())
    /// # }
    /// ```
    PctVol = "PctVol" "Percentage of Volume" {
        /// The share of the market's volume that it trades. A fraction, 0.01 to 0.5.
        pct_vol = "pctVol": share,
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// Does it only rest in the book, and take nothing from it?
        no_take_liq = "noTakeLiq": flag,
    }

    /// Percentage of volume that grows as the price gets better and shrinks as it gets worse.
    PctVolPx = "PctVolPx" "Price Variant Percentage of Volume" {
        /// The share of the market's volume that it trades. A fraction, 0.01 to 0.5.
        pct_vol = "pctVol": share,
        /// How much the share changes as the price moves. A fraction, 0.01 to 0.5.
        delta_pct_vol = "deltaPctVol": share,
        /// The least share, however bad the price. A fraction, 0.01 to 0.5.
        min_pct_vol4_px = "minPctVol4Px": share,
        /// The greatest share, however good the price; not below the least. A fraction, 0.01 to 0.5.
        max_pct_vol4_px = "maxPctVol4Px": share,
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// Does it only rest in the book, and take nothing from it?
        no_take_liq = "noTakeLiq": flag,
    }

    /// Percentage of volume that goes from a first share to a last one as the order is filled.
    PctVolSz = "PctVolSz" "Size Variant Percentage of Volume" {
        /// The share of the volume at the start. A fraction, 0.01 to 0.5.
        start_pct_vol = "startPctVol": share,
        /// The share of the volume at the end. A fraction, 0.01 to 0.5.
        end_pct_vol = "endPctVol": share,
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// Does it only rest in the book, and take nothing from it?
        no_take_liq = "noTakeLiq": flag,
    }

    /// Percentage of volume that goes from a first share to a last one as time passes.
    PctVolTm = "PctVolTm" "Time Variant Percentage of Volume" {
        /// The share of the volume at the start. A fraction, 0.01 to 0.5.
        start_pct_vol = "startPctVol": share,
        /// The share of the volume at the end. A fraction, 0.01 to 0.5.
        end_pct_vol = "endPctVol": share,
        /// When it starts.
        start_time = "startTime": time,
        /// When it ends.
        end_time = "endTime": time,
        /// Does it only rest in the book, and take nothing from it?
        no_take_liq = "noTakeLiq": flag,
    }
}
