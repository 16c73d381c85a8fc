//! What one connection is still to be sent: bytes, in two pieces of memory that take turns.
//!
//! Whoever speaks appends to one of them while the other is written. Nothing is set aside for a single message.
//!
//! Left out: the socket, and how much may wait.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use tokio::sync::Notify;

/// Memory beyond this is given back when its bytes are written: a burst should not be remembered for good.
const KEEP: usize = 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct Queue {
    inner: Mutex<Inner>,
    /// Something is there, or nothing will be any more.
    ready: Notify,
    /// So many bytes were pushed and are not written.
    waiting: AtomicUsize,
    /// So many bytes were written in all.
    written: AtomicU64,
    /// A small frame that says nothing new, once the connection speaks a version.
    filler: OnceLock<Vec<u8>>,
}

#[derive(Debug, Default)]
struct Inner {
    bytes: Vec<u8>,
    is_closed: bool,
    /// Was the last of it only a part of a frame, so that nothing may come between it and the rest?
    is_torn: bool,
}

impl Queue {
    /// Takes bytes in; `is_torn` when they end within a frame.
    pub(super) fn push(&self, bytes: &[u8], is_torn: bool) {
        let mut inner = self.lock();
        if inner.is_closed {
            return;
        }
        inner.bytes.extend_from_slice(bytes);
        inner.is_torn = is_torn;
        self.waiting.fetch_add(bytes.len(), Ordering::Relaxed);
        drop(inner);
        self.ready.notify_one();
    }

    /// Nothing comes any more: what is there is still to be written.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.ready.notify_one();
    }

    /// Nobody can be written to any more: the reader finds that, too.
    pub(super) fn give_up(&self) {
        let mut inner = self.lock();
        inner.is_closed = true;
        inner.bytes = Vec::new();
        self.waiting.store(0, Ordering::Relaxed);
    }

    /// Waits for something, and gives all that is there in place of what was given before; `false` when nothing comes any
    /// more.
    pub(super) async fn take(&self, bytes: &mut Vec<u8>) -> bool {
        bytes.clear();
        bytes.shrink_to(KEEP);
        loop {
            {
                let mut inner = self.lock();
                if !inner.bytes.is_empty() {
                    std::mem::swap(&mut inner.bytes, bytes);
                    return true;
                }
                if inner.is_closed {
                    return false;
                }
            }
            self.ready.notified().await;
        }
    }

    /// Is there nothing, and may something be said?
    pub(super) fn is_empty(&self) -> bool {
        let inner = self.lock();
        inner.bytes.is_empty() && !inner.is_torn
    }

    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(super) fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    /// So many of the bytes are written.
    pub(super) fn count(&self, bytes: usize) {
        self.waiting.fetch_sub(bytes, Ordering::Relaxed);
        self.written.fetch_add(u64::try_from(bytes).unwrap_or(0), Ordering::Relaxed);
    }

    pub(super) fn fill_with(&self, frame: impl FnOnce() -> Option<Vec<u8>>) {
        if self.filler.get().is_none()
            && let Some(frame) = frame()
        {
            self.filler.get_or_init(|| frame);
        }
    }

    /// What may be sent where nothing waits; nothing within a frame.
    pub(super) fn filler(&self) -> Option<&[u8]> {
        let inner = self.lock();
        let is_between = inner.bytes.is_empty() && !inner.is_torn;
        is_between.then(|| self.filler.get().map(Vec::as_slice)).flatten()
    }

    /// What is inside stays sound when somebody panics who holds it: it is bytes and a flag.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
