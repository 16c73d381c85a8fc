//! Where quotes come from: bars that are turned into quotes, a random walk, and the merging of several such sources.
//!
//! Every source is an iterator of quotes, pure and seeded: the same seed gives the same quotes. Left out: reading files
//! and databases, and publishing, which is [`FakeBroker::replay`](crate::FakeBroker::replay).

mod bars;
mod merge;
mod synthetic;

pub use bars::{BarPath, FirstExtreme, NoPath};
pub use merge::{Merge, merge};
pub use synthetic::{NotAWalk, RandomWalk, WalkConfig};

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tradeport_kernel::{Decimal, Symbol, fnv1a};

/// Chance for one symbol and one moment, the same whatever was drawn elsewhere before.
fn chance(seed: u64, symbol: Symbol, moment: i64) -> ChaCha8Rng {
    // Only the mixing matters, and it must never change.
    let mixed = fnv1a(symbol.as_str().bytes().chain(moment.to_le_bytes()));
    ChaCha8Rng::seed_from_u64(seed ^ mixed)
}

/// A number from 0 up to, but not including, 1.
fn share(chance: &mut impl Rng) -> Decimal {
    Decimal::new(chance.random_range(0..1_000_000_i64), 6)
}

/// The nearest whole number of steps; `None` when it cannot be computed.
fn on_step(value: Decimal, step: Decimal) -> Option<Decimal> {
    value.checked_div(step)?.round_dp(0).checked_mul(step)
}
