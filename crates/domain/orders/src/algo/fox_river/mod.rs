//! Fox River's algos, for US stocks. An order for one of them is routed to `FOXRIVER`; live accounts only.

pub(super) mod liquidity;
pub(super) mod pyramid;
pub(super) mod schedule;
mod words;

pub use liquidity::{FoxAlpha, FoxBlaster, FoxDarkAttack, FoxDarkSweep, FoxSmartRouter, FoxSpotlight};
pub use pyramid::FoxPyramid;
pub use schedule::{FoxTwap, FoxVwap, Pov, Twap, Vwap};
pub use words::{DarkAttack, EndTimeBehavior, Level, PyramidStrategy, SweepType};
