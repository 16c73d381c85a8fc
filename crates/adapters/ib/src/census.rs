//! Counts what is alive: whatever is made holds a [`Count`], and its drop takes it off again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How much of an adapter is alive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Alive {
    /// Connections to TWS.
    pub sessions: usize,
    /// Tasks.
    pub tasks: usize,
    /// Streams that TWS sends.
    pub streams: usize,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Census {
    sessions: Arc<AtomicUsize>,
    tasks: Arc<AtomicUsize>,
    streams: Arc<AtomicUsize>,
}

/// One that is alive, as long as this is.
#[derive(Debug)]
pub(crate) struct Count(Arc<AtomicUsize>);

impl Count {
    fn one_of(all: &Arc<AtomicUsize>) -> Self {
        all.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(all))
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Census {
    pub(crate) fn session(&self) -> Count {
        Count::one_of(&self.sessions)
    }

    pub(crate) fn task(&self) -> Count {
        Count::one_of(&self.tasks)
    }

    pub(crate) fn stream(&self) -> Count {
        Count::one_of(&self.streams)
    }

    pub(crate) fn alive(&self) -> Alive {
        let count = |it: &AtomicUsize| it.load(Ordering::Acquire);
        Alive { sessions: count(&self.sessions), tasks: count(&self.tasks), streams: count(&self.streams) }
    }
}
