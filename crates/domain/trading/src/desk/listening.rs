//! What the broker says, for whoever listens: one stream at a time, exchanged with each epoch.
//!
//! Nobody holds a lock while waiting: a desk that goes on within an epoch must not wait for a word that may never come.

use futures::future::poll_fn;
use futures::stream::StreamExt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tradeport_orders::{BrokerEvent, OrderEvents};

/// The stream that is listened to. One listener waits at a time; others may take what is there already.
pub(super) struct Ear(Mutex<Listening>);

struct Listening {
    /// `None` once the broker says no more.
    stream: Option<OrderEvents>,
    /// Whoever waits.
    waker: Option<Waker>,
}

impl Ear {
    pub(super) const fn new(stream: OrderEvents) -> Self {
        Self(Mutex::new(Listening { stream: Some(stream), waker: None }))
    }

    /// From now on this stream; whoever waits goes on with it.
    pub(super) fn exchange(&self, stream: OrderEvents) {
        let waker = {
            let mut listening = self.lock();
            listening.stream = Some(stream);
            listening.waker.take()
        };
        // Not under the lock: waking may run code that listens.
        waker.into_iter().for_each(Waker::wake);
    }

    /// What is there already, at most so many.
    pub(super) fn ready(&self, most: usize) -> Vec<BrokerEvent> {
        let mut listening = self.lock();
        // What comes after this look is for whoever waits, who must still be told of it.
        let waker = listening.waker.clone().unwrap_or_else(|| Waker::noop().clone());
        let mut context = Context::from_waker(&waker);
        let mut events = Vec::new();
        while events.len() < most {
            match listening.poll(&mut context) {
                Poll::Ready(Some(event)) => events.push(event),
                Poll::Ready(None) => {
                    waker.wake_by_ref();
                    break;
                }
                Poll::Pending => break,
            }
        }
        events
    }

    /// The next word; `None` when the broker says no more.
    pub(super) fn next(&self) -> impl Future<Output = Option<BrokerEvent>> + Send + '_ {
        poll_fn(|context| {
            let mut listening = self.lock();
            listening.waker = Some(context.waker().clone());
            listening.poll(context)
        })
    }

    /// The next word, of this stream or of one that follows it.
    pub(super) fn next_ever(&self) -> impl Future<Output = BrokerEvent> + Send + '_ {
        poll_fn(|context| {
            let mut listening = self.lock();
            listening.waker = Some(context.waker().clone());
            match listening.poll(context) {
                Poll::Ready(Some(event)) => Poll::Ready(event),
                Poll::Ready(None) | Poll::Pending => Poll::Pending,
            }
        })
    }

    fn lock(&self) -> MutexGuard<'_, Listening> {
        // Every change is whole before the lock is let go.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listening {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<BrokerEvent>> {
        let Some(stream) = &mut self.stream else { return Poll::Ready(None) };
        let polled = stream.poll_next_unpin(context);
        if matches!(polled, Poll::Ready(None)) {
            self.stream = None;
        }
        polled
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::channel::mpsc::unbounded;
    use futures::executor::LocalPool;
    use futures::stream;
    use futures::task::LocalSpawnExt;
    use std::cell::RefCell;
    use std::rc::Rc;
    use tradeport_kernel::{ConnectionEpoch, Currency, Decimal, Money, Timestamp};
    use tradeport_orders::{BrokerNews, Commission, ExecutionId};

    fn word(number: u64) -> BrokerEvent {
        let execution = ExecutionId::new(&number.to_string(), 0);
        let amount = Money::new(Decimal::ONE, Currency::USD);
        let news = BrokerNews::Charged(Commission { execution, amount });
        BrokerEvent { epoch: ConnectionEpoch::default(), at: Timestamp::EPOCH, key: None, news }
    }

    /// Somebody who waits for two words, and what was heard.
    fn listen(ear: &Rc<Ear>) -> (LocalPool, Rc<RefCell<Vec<BrokerEvent>>>) {
        let (pool, heard) = (LocalPool::new(), Rc::<RefCell<Vec<BrokerEvent>>>::default());
        let (ear, kept) = (Rc::clone(ear), Rc::clone(&heard));
        let run = async move {
            for _ in 0..2 {
                let word = ear.next_ever().await;
                RefCell::borrow_mut(&kept).push(word);
            }
        };
        pool.spawner().spawn_local(run).unwrap();
        (pool, heard)
    }

    #[test]
    fn who_waits_goes_on_with_the_stream_that_follows() {
        let ear = Rc::new(Ear::new(stream::pending().boxed()));
        let (mut pool, heard) = listen(&ear);
        for number in 1..=2 {
            pool.run_until_stalled();
            ear.exchange(stream::iter([word(number)]).boxed());
        }
        pool.run_until_stalled();
        assert_eq!(*heard.borrow(), [word(1), word(2)]);
        assert_eq!(futures::executor::block_on(ear.next()), None, "it says no more");
    }

    #[test]
    fn a_look_in_between_leaves_who_waits_awake() {
        let (sender, words) = unbounded();
        let ear = Rc::new(Ear::new(words.boxed()));
        let (mut pool, heard) = listen(&ear);
        pool.run_until_stalled();
        assert!(ear.ready(10).is_empty());
        sender.unbounded_send(word(1)).unwrap();
        sender.unbounded_send(word(2)).unwrap();
        sender.unbounded_send(word(3)).unwrap();
        pool.run_until_stalled();
        assert_eq!(*heard.borrow(), [word(1), word(2)]);
        assert_eq!(ear.ready(10), [word(3)]);
    }
}
