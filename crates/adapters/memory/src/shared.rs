//! What the handles of one store share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A value behind one lock. Clones mean the same value.
#[derive(Debug, Default)]
pub(crate) struct Shared<T>(Arc<Mutex<T>>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Shared<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(value)))
    }

    /// The value, for a moment; never held across an await. Every call leaves the value whole before it can panic, so
    /// a poisoned lock guards nothing broken.
    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
