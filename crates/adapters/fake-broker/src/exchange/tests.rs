//! Cases of the exchange, each a short script.

mod corrections;
mod families;
mod kinds;
mod liquidity;
mod money;
mod sessions;
mod stage;
