//! What the broker says that is gained and lost: of an account and of one position, today and since the beginning.
//!
//! These are the broker's own figures; ours are those of a [`Portfolio`](crate::Portfolio). Left out: when a broker's day
//! begins, which is the broker's matter: some have one for each market.

use serde::{Deserialize, Serialize};
use tradeport_kernel::{AccountId, ConnectionEpoch, Money, SignedQuantity, Symbol, Timestamp};

/// Gains and losses as the broker tells them; `None` for what it does not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gains {
    /// What the broker's day has brought so far, open and closed together.
    pub daily: Option<Money>,
    /// Of what is open, since it was opened, at market prices.
    pub unrealized: Option<Money>,
    /// Of what was closed since the broker's day began.
    pub realized: Option<Money>,
}

/// What one account has gained and lost, in its own currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountPnl {
    /// Whose.
    pub account: AccountId,
    /// As of when.
    pub at: Timestamp,
    /// How much.
    pub gains: Gains,
}

/// What one position has gained and lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PositionPnl {
    /// Whose.
    pub account: AccountId,
    /// Of what.
    pub symbol: Symbol,
    /// As of when.
    pub at: Timestamp,
    /// How much is held; zero for what is not.
    pub quantity: SignedQuantity,
    /// How much was gained.
    pub gains: Gains,
    /// What it is worth at the market's price.
    pub value: Option<Money>,
}

/// One thing that is said of gains and losses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PnlEvent<T> {
    /// How it stands.
    Stands(T),
    /// The link was lost; nothing more will follow. Ask again in the next epoch.
    EpochLost(ConnectionEpoch),
}
