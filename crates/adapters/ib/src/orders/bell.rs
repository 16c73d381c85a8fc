//! Who is woken when TWS says something about orders: everybody who waits for an answer, or the task that keeps up.
//!
//! Whoever waits hears of it at once, and not through another task that must be woken first. The task that keeps up is woken
//! when they have gone: TWS says much of an order after the first word, and what nobody waits for is taken in behind what
//! somebody does. A future that nobody polls would so keep all others from hearing anything: who has waited for long is woken
//! together with the task that keeps up.

use futures::task::AtomicWaker;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

#[derive(Debug, Default)]
pub(super) struct Bell {
    keeper: AtomicWaker,
    /// Has the keeper been spared, and is there something to take in?
    is_owed: AtomicBool,
    /// Will somebody see who has waited for long?
    is_watched: AtomicBool,
    askers: Mutex<Askers>,
}

#[derive(Debug, Default)]
struct Askers {
    last: u64,
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    waker: Option<Waker>,
    /// Does it look at once, so that the keeper need not?
    spares_keeper: bool,
}

impl Bell {
    /// The task that keeps up is woken from now on, and takes in what there is.
    pub(super) fn keep(&self, keeper: &Waker) {
        self.keeper.register(keeper);
        self.is_owed.store(false, Ordering::Release);
    }

    /// The task that keeps up is awake, and looks again by itself.
    pub(super) fn keep_silent(&self) {
        drop(self.keeper.take());
    }

    /// Wakes the task that keeps up, whoever else looks.
    pub(super) fn call_keeper(&self) {
        self.keeper.wake();
    }

    /// There is more to take in than whoever looked wanted: the task that keeps up is woken when they have gone.
    pub(super) fn owe_keeper(&self) {
        self.is_owed.store(true, Ordering::Release);
    }

    /// Somebody waits for an answer. What `watch` is given is to be woken when they have waited for long: the task that keeps up
    /// looks as well from then on.
    pub(super) fn asker(self: &Arc<Self>, watch: impl FnOnce(Waker)) -> Asker<'_> {
        let number = {
            let mut askers = self.lock();
            askers.last += 1;
            let number = askers.last;
            askers.waiting.push(Waiting { number, waker: None, spares_keeper: true });
            number
        };
        // One watch for all that come until it is over.
        if !self.is_watched.swap(true, Ordering::AcqRel) {
            watch(Waker::from(Arc::new(Watch(Arc::clone(self)))));
        }
        Asker { bell: self, number }
    }

    fn lock(&self) -> MutexGuard<'_, Askers> {
        // Every change is one entry.
        self.askers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ring(&self) {
        let (waiting, is_spared) = {
            let askers = self.lock();
            let listening = || askers.waiting.iter().filter_map(|it| Some((it, it.waker.as_ref()?)));
            let waiting: Vec<Waker> = listening().map(|(_, waker)| waker.clone()).collect();
            let is_spared = listening().any(|(it, _)| it.spares_keeper);
            if is_spared {
                // Under the lock: whoever goes away looks at this behind it.
                self.owe_keeper();
            }
            (waiting, is_spared)
        };
        // Not under the lock: waking may run code that waits again.
        if !is_spared {
            self.call_keeper();
        }
        waiting.into_iter().for_each(Waker::wake);
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

/// Sees who has waited for long.
struct Watch(Arc<Bell>);

impl Wake for Watch {
    fn wake(self: Arc<Self>) {
        let Self(bell) = &*self;
        // Before: who comes from now on needs another.
        bell.is_watched.store(false, Ordering::Release);
        bell.lock().waiting.iter_mut().for_each(|it| it.spares_keeper = false);
        bell.call_keeper();
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
        if let Some(it) = askers.waiting.iter_mut().find(|it| it.number == self.number) {
            match &mut it.waker {
                Some(known) => known.clone_from(waker),
                none => *none = Some(waker.clone()),
            }
        }
    }
}

impl Drop for Asker<'_> {
    fn drop(&mut self) {
        self.bell.lock().waiting.retain(|it| it.number != self.number);
        // Behind the lock, so that nothing that rang for this one is missed.
        if self.bell.is_owed.swap(false, Ordering::AcqRel) {
            self.bell.call_keeper();
        }
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

    fn count(woken: &Woken) -> usize {
        woken.0.load(Ordering::Acquire)
    }

    #[test]
    fn who_waits_is_woken_and_the_keeper_when_they_have_gone() {
        let (bell, keeper, one) =
            (Arc::new(Bell::default()), Arc::<Woken>::default(), Arc::<Woken>::default());
        bell.keep(&waker(Arc::clone(&keeper)));
        let (asker, silent) = (bell.asker(drop), bell.asker(drop));
        asker.listen(&waker(Arc::clone(&one)));
        asker.listen(&waker(Arc::clone(&one)));
        Waker::from(Arc::clone(&bell)).wake();
        assert_eq!((count(&keeper), count(&one)), (0, 1));
        drop(asker);
        assert_eq!((count(&keeper), count(&one)), (1, 1));
        // Who has not listened looks after nothing.
        bell.keep(&waker(Arc::clone(&keeper)));
        Waker::from(Arc::clone(&bell)).wake();
        assert_eq!((count(&keeper), count(&one)), (2, 1));
        // The keeper has looked, and is owed nothing.
        bell.keep(&waker(Arc::clone(&keeper)));
        drop(silent);
        assert_eq!((count(&keeper), bell.lock().waiting.len()), (2, 0));
    }

    #[test]
    fn what_an_answer_leaves_to_be_taken_in_is_the_keepers() {
        let (bell, keeper) = (Arc::new(Bell::default()), Arc::<Woken>::default());
        bell.keep(&waker(Arc::clone(&keeper)));
        let asker = bell.asker(drop);
        bell.owe_keeper();
        assert_eq!(count(&keeper), 0);
        drop(asker);
        assert_eq!(count(&keeper), 1);
    }

    #[test]
    fn who_has_waited_for_long_keeps_nobody_from_hearing() {
        let (bell, keeper, one) =
            (Arc::new(Bell::default()), Arc::<Woken>::default(), Arc::<Woken>::default());
        let keep = || bell.keep(&waker(Arc::clone(&keeper)));
        keep();
        let mut watch = None;
        let asker = bell.asker(|it| watch = Some(it));
        asker.listen(&waker(Arc::clone(&one)));
        let beside = bell.asker(|_| panic!("one watch is enough"));
        drop(beside);
        watch.expect("somebody watches").wake();
        assert_eq!((count(&keeper), count(&one)), (1, 0));
        keep();
        Waker::from(Arc::clone(&bell)).wake();
        assert_eq!((count(&keeper), count(&one)), (2, 1));
        // Another that waits with it, and looks, is enough.
        keep();
        let mut watch = None;
        let other = bell.asker(|it| watch = Some(it));
        assert!(watch.is_some(), "the first watch is over");
        other.listen(&waker(Arc::clone(&one)));
        Waker::from(Arc::clone(&bell)).wake();
        assert_eq!((count(&keeper), count(&one)), (2, 3));
    }
}
