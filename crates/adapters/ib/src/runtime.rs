//! The runtime that the library needs, whoever polls.
//!
//! The library's futures expect a tokio runtime around them. Ports are polled by any executor, so its futures run within
//! the runtime that the adapter was made on, without a task of their own: dropping one cancels it.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::task::{Context, Poll};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A future that finds the runtime around it.
pub(crate) struct Within<F> {
    runtime: Handle,
    inner: Pin<Box<F>>,
}

pub(crate) fn within<F: Future>(runtime: &Handle, inner: F) -> Within<F> {
    Within { runtime: runtime.clone(), inner: Box::pin(inner) }
}

impl<F: Future> Future for Within<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let runtime = self.runtime.clone();
        let _entered = runtime.enter();
        self.inner.as_mut().poll(context)
    }
}

/// What a lock holds, unless somebody is at it. It is for values that are sound between any two steps.
pub(crate) fn free<T>(of: &Mutex<T>) -> Option<MutexGuard<'_, T>> {
    match of.try_lock() {
        Ok(held) => Some(held),
        Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// A task that ends when this is dropped.
pub(crate) struct Owned(JoinHandle<()>);

impl Owned {
    pub(crate) fn spawn(runtime: &Handle, task: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(runtime.spawn(task))
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        self.0.abort();
    }
}
