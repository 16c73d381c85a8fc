//! Who is woken when TWS says something about orders: everybody who waits for an answer, and the task that keeps up.
//!
//! Whoever waits hears of it at once, and not through another task that must be woken first.

use futures::task::AtomicWaker;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

#[derive(Debug, Default)]
pub(super) struct Bell {
    keeper: AtomicWaker,
    askers: Mutex<Askers>,
}

#[derive(Debug, Default)]
struct Askers {
    last: u64,
    waiting: Vec<(u64, Waker)>,
}

impl Bell {
    /// The task that keeps up is woken from now on.
    pub(super) fn keep(&self, keeper: &Waker) {
        self.keeper.register(keeper);
    }

    /// The task that keeps up is awake, and looks again by itself.
    pub(super) fn keep_silent(&self) {
        drop(self.keeper.take());
    }

    /// There is more to take in than whoever looked wanted.
    pub(super) fn call_keeper(&self) {
        self.keeper.wake();
    }

    /// Somebody waits for an answer.
    pub(super) fn asker(&self) -> Asker<'_> {
        let mut askers = self.lock();
        askers.last += 1;
        Asker { bell: self, number: askers.last }
    }

    fn lock(&self) -> MutexGuard<'_, Askers> {
        // Every change is one entry.
        self.askers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        // Not under the lock: waking may run code that waits again.
        let waiting: Vec<Waker> = self.lock().waiting.iter().map(|(_, waker)| waker.clone()).collect();
        waiting.into_iter().for_each(Waker::wake);
        self.keeper.wake();
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.ring();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
    }
}

/// Woken until it is dropped.
pub(super) struct Asker<'a> {
    bell: &'a Bell,
    number: u64,
}

impl Asker<'_> {
    /// Wakes this one from now on.
    pub(super) fn listen(&self, waker: &Waker) {
        let mut askers = self.bell.lock();
        match askers.waiting.iter_mut().find(|(number, _)| *number == self.number) {
            Some((_, known)) => known.clone_from(waker),
            None => askers.waiting.push((self.number, waker.clone())),
        }
    }
}

impl Drop for Asker<'_> {
    fn drop(&mut self) {
        self.bell.lock().waiting.retain(|(number, _)| *number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::task::{ArcWake, waker};
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Woken(AtomicUsize);

    impl ArcWake for Woken {
        fn wake_by_ref(this: &Arc<Self>) {
            this.0.fetch_add(1, Ordering::AcqRel);
        }
    }

    #[test]
    fn everybody_is_woken_while_they_wait() {
        let (bell, keeper, one) =
            (Arc::new(Bell::default()), Arc::<Woken>::default(), Arc::<Woken>::default());
        let count = |woken: &Woken| woken.0.load(Ordering::Acquire);
        bell.keep(&waker(Arc::clone(&keeper)));
        let (asker, silent) = (bell.asker(), bell.asker());
        asker.listen(&waker(Arc::clone(&one)));
        asker.listen(&waker(Arc::clone(&one)));
        Waker::from(Arc::clone(&bell)).wake();
        assert_eq!((count(&keeper), count(&one)), (1, 1));
        drop((asker, silent));
        bell.keep(&waker(Arc::clone(&keeper)));
        Waker::from(Arc::clone(&bell)).wake();
        assert_eq!((count(&keeper), count(&one)), (2, 1));
        assert_eq!(bell.lock().waiting.len(), 0);
    }
}
