//! CSFB's algos, for US stocks. An order for one of them is routed to `CSFBALGO`; live accounts only, and the
//! route may no longer be served at all.
//!
//! The names `INLINE`, `BLAST` and `GUERRILLA` are certain; those of the others are their titles in capitals, which is
//! how the certain ones are made.

pub(super) mod liquidity;
pub(super) mod schedule;
mod words;

pub use liquidity::{
    Blast, Crossfinder, Float, FloatGuerrilla, Guerrilla, IWould, LightPool, Pathfinder, Reserve, Sniper,
};
pub use schedule::{AuctionOnly, BuyBack, Close, Inline, PrePost, Tex, Twap, VolumeInline, Vwap};
pub use words::{Auction, ExecStyle};
