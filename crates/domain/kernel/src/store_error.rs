//! How every store fails: one set of outcomes, since every caller does the same about each.

use crate::Cause;

/// Why a store did not do what it was asked. What it acknowledged before is safe in every case.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No room: free some, then try again. Nothing of this call was kept.
    #[error("the store is full")]
    Full(#[source] Cause),
    /// The store may not be written to.
    #[error("the store is read-only")]
    ReadOnly(#[source] Cause),
    /// Busy or out of reach for now; try again. Nothing of this call was kept.
    #[error("the store cannot be reached")]
    Unavailable(#[source] Cause),
    /// What is kept cannot be read: stop and look.
    #[error("the store holds what it cannot read")]
    Corrupt(#[source] Cause),
    /// This adapter does not do that.
    #[error("this store does not support {0}")]
    Unsupported(&'static str),
}
