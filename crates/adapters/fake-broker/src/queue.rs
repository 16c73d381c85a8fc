//! Queues from the broker to its subscribers: filled during the call that causes an event, read at any pace.
//!
//! A queue itself never drops anything; who fills it asks first whether there is room, and may leave a late word that
//! is read before anything that is put in after it. Left out: what is worth dropping, which only a feed knows.

use futures::Stream;
use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

struct Shared<T> {
    items: VecDeque<T>,
    late: Vec<T>,
    ended: bool,
    reader_gone: bool,
    reader: Option<Waker>,
    writers: Vec<Waker>,
}

/// The broker's end of a queue.
pub(crate) struct Sender<T>(Arc<Mutex<Shared<T>>>);

/// The subscriber's end of a queue; dropping it ends the subscription.
pub(crate) struct Receiver<T>(Arc<Mutex<Shared<T>>>);

/// Waits until a queue holds fewer than so many items, or nobody reads it any more.
pub(crate) struct Room<T>(Arc<Mutex<Shared<T>>>, usize);

pub(crate) fn queue<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Arc::new(Mutex::new(Shared {
        items: VecDeque::new(),
        late: Vec::new(),
        ended: false,
        reader_gone: false,
        reader: None,
        writers: Vec::new(),
    }));
    (Sender(shared.clone()), Receiver(shared))
}

fn lock<T>(shared: &Mutex<Shared<T>>) -> MutexGuard<'_, Shared<T>> {
    // Every change is a single push or pop, so a panic elsewhere leaves nothing half done.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Sender<T> {
    /// Puts an item in, after what was left as late words.
    pub(crate) fn push(&self, item: T) {
        let mut shared = lock(&self.0);
        if shared.reader_gone || shared.ended {
            return;
        }
        let late = std::mem::take(&mut shared.late);
        shared.items.extend(late);
        shared.items.push_back(item);
        wake_reader(shared);
    }

    /// Puts an item in, in place of everything that was not read yet.
    pub(crate) fn replace(&self, item: T) {
        let mut shared = lock(&self.0);
        if shared.reader_gone || shared.ended {
            return;
        }
        shared.items.clear();
        shared.items.push_back(item);
        wake_reader(shared);
    }

    /// Changes the words that the reader gets before the next item, or once it has read all items.
    pub(crate) fn leave_word(&self, change: impl FnOnce(&mut Vec<T>)) {
        let mut shared = lock(&self.0);
        change(&mut shared.late);
        wake_reader(shared);
    }

    /// Throws away what was not read, and ends the queue with a last item.
    pub(crate) fn cut(&self, last: Option<T>) {
        let mut shared = lock(&self.0);
        shared.items.clear();
        shared.late.clear();
        shared.items.extend(last);
        shared.ended = true;
        for writer in std::mem::take(&mut shared.writers) {
            writer.wake();
        }
        wake_reader(shared);
    }

    pub(crate) fn len(&self) -> usize {
        lock(&self.0).items.len()
    }

    pub(crate) fn is_read(&self) -> bool {
        let shared = lock(&self.0);
        !shared.reader_gone && !shared.ended
    }

    pub(crate) fn room(&self, capacity: usize) -> Room<T> {
        Room(self.0.clone(), capacity)
    }
}

fn wake_reader<T>(mut shared: MutexGuard<'_, Shared<T>>) {
    if let Some(reader) = shared.reader.take() {
        drop(shared);
        reader.wake();
    }
}

impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        let mut shared = lock(&self.0);
        let item = match shared.items.pop_front() {
            None if !shared.late.is_empty() => Some(shared.late.remove(0)),
            item => item,
        };
        if item.is_some() {
            for writer in std::mem::take(&mut shared.writers) {
                writer.wake();
            }
            return Poll::Ready(item);
        }
        if shared.ended {
            return Poll::Ready(None);
        }
        shared.reader = Some(context.waker().clone());
        Poll::Pending
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        let mut shared = lock(&self.0);
        shared.reader_gone = true;
        shared.items.clear();
        shared.late.clear();
        for writer in std::mem::take(&mut shared.writers) {
            writer.wake();
        }
    }
}

impl<T> Future for Room<T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut shared = lock(&self.0);
        if shared.items.len() < self.1 || shared.reader_gone || shared.ended {
            return Poll::Ready(());
        }
        if !shared.writers.iter().any(|writer| writer.will_wake(context.waker())) {
            shared.writers.push(context.waker().clone());
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{FutureExt, StreamExt};

    #[test]
    fn late_words_come_before_the_next_item_and_at_the_end_of_all() {
        let (sender, mut reader) = queue();
        sender.push(1);
        sender.leave_word(|late| late.push(2));
        sender.push(3);
        sender.leave_word(|late| late.push(4));
        let mut read = || reader.next().now_or_never();
        assert_eq!(
            [read(), read(), read(), read()],
            [Some(Some(1)), Some(Some(2)), Some(Some(3)), Some(Some(4))]
        );
        assert_eq!(read(), None, "nothing more for now");
        sender.push(5);
        sender.cut(Some(6));
        assert_eq!([read(), read()], [Some(Some(6)), Some(None)]);
    }

    #[test]
    fn what_was_not_read_is_replaced() {
        let (sender, mut reader) = queue();
        (1..=3).for_each(|item| sender.replace(item));
        let mut read = || reader.next().now_or_never();
        assert_eq!([read(), read()], [Some(Some(3)), None]);
        sender.replace(4);
        sender.cut(Some(5));
        sender.replace(6);
        assert_eq!([read(), read()], [Some(Some(5)), Some(None)]);
    }

    #[test]
    fn room_comes_with_reading_and_with_leaving() {
        let (sender, mut reader) = queue();
        sender.push(1);
        assert!(sender.room(1).now_or_never().is_none());
        assert_eq!(reader.next().now_or_never(), Some(Some(1)));
        assert!(sender.room(1).now_or_never().is_some());
        sender.push(2);
        drop(reader);
        assert!(sender.room(1).now_or_never().is_some());
        assert!(!sender.is_read());
    }
}
