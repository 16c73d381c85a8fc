//! When the simulated market is open.

use serde::{Deserialize, Serialize};

/// When the simulated market is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FakeHours {
    /// At every moment.
    #[default]
    Always,
    /// As the real markets are: for US stocks 9:30 to 16:00 in New York, on their trading days; for every other contract
    /// the regular hours of its own market.
    UsStocks,
}
