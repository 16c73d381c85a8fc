//! An answer of many rows, read by whoever delivers them.
//!
//! The library's task hands out as many rows as the socket has before it lets anybody else run on its thread, which may be more
//! than a reader has room for: however often it is asked again, the same rows are lost. But it wakes the reader after each, so
//! this reader reads when it is woken, and not when its turn to run comes. Whoever asks does so on a thread of the runtime: rows
//! come as soon as the question is out, and another thread may have to wait for a core before it looks at the first.

use crate::runtime::free;
use futures::channel::oneshot;
use futures::{Stream, StreamExt};
use ibapi::subscriptions::SubscriptionItem;
use ibapi::{Error, Notice, SUBSCRIPTION_LAG_CODE};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use tokio::runtime::Handle;

type Item<T> = Result<SubscriptionItem<T>, Error>;
type Whole<S, R> = (S, Result<Vec<R>, Error>);

/// All rows of an answer up to its end marker, which `row` tells by `None`, and the stream that it came by. An answer that
/// stops before, or has lost rows on the way, is an error; what has lost rows is read to its end all the same. It is read from
/// now on, whether anybody waits for it yet or not, until what waits for it is dropped.
pub(crate) fn rows_until<S, T, R, F>(
    runtime: &Handle,
    answer: S,
    row: F,
) -> impl Future<Output = Result<Whole<S, R>, Error>> + Send + use<S, T, R, F>
where
    S: Stream<Item = Item<T>> + Unpin + Send + 'static,
    T: 'static,
    R: Send + 'static,
    F: FnMut(T) -> Option<R> + Send + 'static,
{
    let (told, whole) = oneshot::channel();
    let reading = Reading { answer, row, rows: Vec::new(), lag: None, told };
    let reader = Arc::new(Reader {
        reading: Mutex::new(Some(reading)),
        again: AtomicBool::new(true),
        runtime: runtime.clone(),
    });
    let stop = Stop(Arc::clone(&reader));
    reader.read_on();
    async move {
        let _stop = stop;
        whole.await.map_err(|_| Error::Shutdown)
    }
}

struct Reading<S, F, R> {
    answer: S,
    row: F,
    rows: Vec<R>,
    lag: Option<Notice>,
    told: oneshot::Sender<Whole<S, R>>,
}

/// Reads whenever it is woken.
struct Reader<S, F, R> {
    /// `None` when it is over: what the stream would wake holds the stream.
    reading: Mutex<Option<Reading<S, F, R>>>,
    /// There may be more than whoever reads at present has seen.
    again: AtomicBool,
    runtime: Handle,
}

/// Ends the reading when nobody waits for it any more.
struct Stop<S: Send + 'static, F: Send + 'static, R: Send + 'static>(Arc<Reader<S, F, R>>);

impl<S: Send + 'static, F: Send + 'static, R: Send + 'static> Drop for Stop<S, F, R> {
    fn drop(&mut self) {
        let left = self.0.reading.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(left);
    }
}

impl<S, T, F, R> Reader<S, F, R>
where
    S: Stream<Item = Item<T>> + Unpin + Send + 'static,
    T: 'static,
    R: Send + 'static,
    F: FnMut(T) -> Option<R> + Send + 'static,
{
    /// Reads what there is, unless somebody is at it: who is sees that there is more.
    fn read_on(self: &Arc<Self>) {
        let waker = Waker::from(Arc::clone(self));
        while let Some(mut reading) = free(&self.reading) {
            self.again.store(false, Ordering::Release);
            let over = match &mut *reading {
                Some(it) => it.poll(&mut Context::from_waker(&waker)),
                None => return,
            };
            if let Poll::Ready(result) = over {
                let whole = reading.take();
                drop(reading);
                return self.tell(whole, result);
            }
            drop(reading);
            if !self.again.load(Ordering::Acquire) {
                return;
            }
        }
    }

    fn tell(&self, whole: Option<Reading<S, F, R>>, result: Result<(), Error>) {
        let Some(Reading { answer, rows, lag, told, .. }) = whole else { return };
        let result = match (result, lag) {
            (Ok(()), Some(lag)) => Err(Error::Notice(lag)),
            (result, _) => result.map(|()| rows),
        };
        if let Err(left) = told.send((answer, result)) {
            // Nobody waits any more. Whoever delivers may hold what the end of a stream needs.
            self.runtime.spawn(async move { drop(left) });
        }
    }
}

impl<S, T, F, R> Reading<S, F, R>
where
    S: Stream<Item = Item<T>> + Unpin,
    F: FnMut(T) -> Option<R>,
{
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        loop {
            // Whoever delivers may have done much already: that is no reason to leave a row where it is.
            let next = pin!(tokio::task::unconstrained(poll_fn(|it| self.answer.poll_next_unpin(it))));
            let Some(item) = std::task::ready!(next.poll(context)) else {
                return Poll::Ready(Err(Error::UnexpectedEndOfStream));
            };
            match item? {
                SubscriptionItem::Notice(it) if it.code == SUBSCRIPTION_LAG_CODE => self.lag = Some(it),
                SubscriptionItem::Notice(it) => tracing::info!(code = it.code, text = %it.message),
                SubscriptionItem::Data(data) => match (self.row)(data) {
                    Some(row) => self.rows.push(row),
                    None => return Poll::Ready(Ok(())),
                },
            }
        }
    }
}

impl<S, T, F, R> Wake for Reader<S, F, R>
where
    S: Stream<Item = Item<T>> + Unpin + Send + 'static,
    T: 'static,
    R: Send + 'static,
    F: FnMut(T) -> Option<R> + Send + 'static,
{
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.again.store(true, Ordering::Release);
        self.read_on();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::stream::{BoxStream, unfold};
    use tokio::sync::broadcast::error::RecvError;
    use tokio::sync::broadcast::{Receiver, Sender, channel};

    const ROOM: usize = 4;

    /// What loses rows when more of them wait than there is room for.
    fn answer(rows: Receiver<Option<u32>>) -> BoxStream<'static, Item<Option<u32>>> {
        let next = async |mut rows: Receiver<_>| match rows.recv().await {
            Ok(row) => Some((Ok(SubscriptionItem::Data(row)), rows)),
            Err(RecvError::Lagged(many)) => Some((Err(Error::Simple(format!("{many} are lost"))), rows)),
            Err(RecvError::Closed) => None,
        };
        unfold(rows, next).boxed()
    }

    fn said(all: &Sender<Option<u32>>, rows: std::ops::Range<u32>) {
        rows.for_each(|row| drop(all.send(Some(row))));
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn rows_are_read_as_they_are_delivered_and_not_when_somebody_looks() {
        let (runtime, (all, rows)) = (runtime(), channel(ROOM));
        let mut whole = Box::pin(rows_until(runtime.handle(), answer(rows), |row| row));
        said(&all, 0..100);
        assert!(whole.as_mut().now_or_never().is_none(), "its end has not come");
        // Nor does it matter how much whoever delivers has done before it rests.
        runtime.block_on(async { said(&all, 100..1_000) });
        all.send(None).unwrap();
        let (_, rows) = whole.now_or_never().unwrap().unwrap();
        assert_eq!(rows.unwrap(), (0..1_000).collect::<Vec<_>>());
    }

    #[test]
    fn what_is_there_before_it_is_looked_at_is_part_of_it() {
        let (runtime, (all, rows)) = (runtime(), channel(ROOM));
        said(&all, 0..3);
        all.send(None).unwrap();
        let whole = rows_until(runtime.handle(), answer(rows), |row| row);
        let (_, rows) = whole.now_or_never().unwrap().unwrap();
        assert_eq!(rows.unwrap(), [0, 1, 2]);
    }

    #[test]
    fn an_answer_that_breaks_off_is_an_error() {
        let (runtime, (all, rows)) = (runtime(), channel(ROOM));
        let whole = rows_until(runtime.handle(), answer(rows), |row| row);
        said(&all, 0..2);
        drop(all);
        let (_, rows) = whole.now_or_never().unwrap().unwrap();
        assert!(matches!(rows, Err(Error::UnexpectedEndOfStream)), "{rows:?}");
    }

    #[test]
    fn nothing_is_left_of_an_answer_that_nobody_waits_for() {
        let (runtime, (all, rows)) = (runtime(), channel(ROOM));
        let whole = rows_until(runtime.handle(), answer(rows), |row| row);
        said(&all, 0..2);
        assert_eq!(all.receiver_count(), 1);
        drop(whole);
        assert_eq!(all.receiver_count(), 0);
        assert!(all.send(None).is_err());
    }

    #[test]
    fn rows_that_are_delivered_by_several_are_all_read() {
        let runtime = runtime();
        for _ in 0..200 {
            let (all, rows) = channel(4_096);
            let whole = rows_until(runtime.handle(), answer(rows), |row| row);
            std::thread::scope(|scope| {
                for first in [0, 1_000] {
                    let all = &all;
                    scope.spawn(move || said(all, first..first + 500));
                }
            });
            all.send(None).unwrap();
            let (_, rows) = whole.now_or_never().unwrap().unwrap();
            let mut rows = rows.unwrap();
            rows.sort_unstable();
            assert_eq!(rows, (0..500).chain(1_000..1_500).collect::<Vec<_>>());
        }
    }
}
