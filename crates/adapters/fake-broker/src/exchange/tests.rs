//! Cases of the exchange, each a short script.

mod changes;
mod combo_triggers;
mod combos;
mod corrections;
mod families;
mod kinds;
mod liquidity;
mod listing;
mod money;
mod sessions;
mod shares;
mod sizes;
mod stage;
