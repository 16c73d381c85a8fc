//! Work that is done one piece after the other.

use futures::future::BoxFuture;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

/// A queue of work, of which one piece at a time is under way. It is never finished: without work it waits.
pub(super) struct Lane<T> {
    running: Option<BoxFuture<'static, T>>,
    waiting: VecDeque<BoxFuture<'static, T>>,
}

impl<T> Lane<T> {
    pub(super) const fn new() -> Self {
        Self { running: None, waiting: VecDeque::new() }
    }

    pub(super) fn push(&mut self, work: BoxFuture<'static, T>) {
        self.waiting.push_back(work);
    }

    /// Drops what waits and what is under way.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
        self.running = None;
    }

    pub(super) fn next(&mut self) -> Next<'_, T> {
        Next(self)
    }
}

/// The end of the next piece.
pub(super) struct Next<'a, T>(&'a mut Lane<T>);

impl<T> Future for Next<'_, T> {
    type Output = T;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<T> {
        let lane = &mut *self.0;
        if lane.running.is_none() {
            lane.running = lane.waiting.pop_front();
        }
        let Some(running) = &mut lane.running else { return Poll::Pending };
        match running.as_mut().poll(context) {
            Poll::Ready(done) => {
                lane.running = None;
                Poll::Ready(done)
            }
            Poll::Pending => Poll::Pending,
        }
    }
}
