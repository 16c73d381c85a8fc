//! Orders: the book of what we know of them, and the shell that moves TWS's words into it.
//!
//! One stream of the library tells of every order of this client. Whoever looks takes in what has arrived: a task that does
//! nothing else, every reader of events, and every port before it answers. So nobody who has an answer is behind it, and
//! nothing waits for a reader. What readers have not read is kept for them, however much it is.

mod bell;
mod book;
mod by_now;
mod families;
mod gateway;
mod places;
mod send;
mod snapshots;
mod wish;

use crate::directory::Directory;
use crate::notices::{Meaning, NoticeTable, Said};
use crate::runtime::free;
use crate::session::{Tools, ends_session};
use crate::translate::{
    commission_from_ib, execution_from_ib, key_from_ib, phase_from_ib, status_from_ib, terms_from_ib,
    told_order,
};
use bell::Bell;
use book::{Book, Described, Effect, is_final};
use foldhash::HashMap;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::channel::oneshot;
use futures::{Stream, StreamExt};
use ibapi::contracts::SecurityType;
use ibapi::orders::{ExecutionData, Order, OrderData, OrderUpdate};
use ibapi::subscriptions::{Subscription, SubscriptionItem};
use ibapi::{Error, Notice, SUBSCRIPTION_LAG_CODE};
use places::Places;
use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use tradeport_connection::NoticeClass;
use tradeport_contracts::Instrument;
use tradeport_kernel::{Clock, ConnectionEpoch};
use tradeport_orders::{BrokerEvent, BrokerNews, ExecutedPart, Execution};
use wish::{Answer, Terms, Wish, WishId};

type Updates = Subscription<OrderUpdate>;

/// Everything about orders, over all connections.
pub(crate) struct Desk {
    /// What TWS says, and who takes it in; locked before the state. Reading takes its time, and nobody who only wants to know
    /// something waits for that.
    updates: Mutex<Option<Updates>>,
    state: Mutex<State>,
    bell: Arc<Bell>,
    clock: Arc<dyn Clock>,
    notices: Arc<NoticeTable>,
    directory: Arc<Directory>,
    /// What is being sent: numbers reach TWS in their order. It has its place here, since it is large, and whoever sends is to
    /// take no more room than the allocator has at hand.
    sending: futures::lock::Mutex<Option<Order>>,
    /// In which connection TWS was asked what it has of us. Held while it is asked.
    synced: futures::lock::Mutex<Option<ConnectionEpoch>>,
    /// Answers about orders have no numbers: one question at a time.
    asking: Arc<futures::lock::Mutex<()>>,
}

#[derive(Default)]
struct State {
    book: Book,
    epoch: ConnectionEpoch,
    /// Is there anything more to come?
    is_told: bool,
    /// Why they ended, unless the connection did.
    end: Option<String>,
    waiting: HashMap<WishId, oneshot::Sender<Answer>>,
    readers: Vec<UnboundedSender<BrokerEvent>>,
    /// Whom what TWS says of the whole connection is told, though it says it of an order.
    of_link: Option<UnboundedSender<Said>>,
    /// Orders that have traded as combos, by the broker's numbers.
    combos: BTreeSet<i64>,
    /// What open orders take at TWS.
    places: Places,
}

impl Desk {
    pub(crate) fn new(tools: &Tools, directory: Arc<Directory>) -> Self {
        Self {
            updates: Mutex::default(),
            state: Mutex::default(),
            bell: Arc::default(),
            clock: Arc::clone(&tools.clock),
            notices: Arc::clone(&tools.notices),
            directory,
            sending: futures::lock::Mutex::new(None),
            synced: futures::lock::Mutex::new(None),
            asking: Arc::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The book is whole between two words of TWS.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn updates(&self) -> MutexGuard<'_, Option<Updates>> {
        // A stream is there or not.
        self.updates.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection begins. What is said of an order and holds for all of them comes out of the returned end: at most one
    /// word for an order that was sent.
    pub(crate) fn open(
        &self,
        epoch: ConnectionEpoch,
        updates: Updates,
        first_order: i32,
    ) -> UnboundedReceiver<Said> {
        let (of_link, heard) = unbounded();
        let mut told = self.updates();
        let mut state = self.lock();
        state.of_link = Some(of_link);
        state.epoch = epoch;
        state.is_told = true;
        *told = Some(updates);
        state.end = None;
        state.book.begin_at(first_order);
        heard
    }

    /// See [`Book::wants_numbers`].
    pub(crate) fn wants_numbers(&self, kept: bool) -> Option<i32> {
        self.lock().book.wants_numbers(kept)
    }

    /// See [`Book::numbers_set_aside`].
    pub(crate) fn numbers_set_aside(&self, first: i32, until: i32) {
        self.lock().book.numbers_set_aside(first, until);
    }

    /// A connection is over: streams end, and who waits is told.
    pub(crate) fn close(&self, epoch: ConnectionEpoch) {
        self.take_in().is_ready();
        let mut told = self.updates();
        let mut state = self.lock();
        if state.epoch != epoch {
            return;
        }
        let mut effects = Vec::new();
        state.book.lose(&mut effects);
        state.carry_out(effects);
        state.is_told = false;
        *told = None;
        state.of_link = None;
        state.readers.clear();
    }

    /// Takes in what arrives, until the stream or the connection ends; says why it did.
    pub(crate) async fn keep_up(&self, epoch: ConnectionEpoch) -> String {
        loop {
            let is_busy = std::future::poll_fn(|context| {
                self.bell.keep(context.waker());
                let Some(updates) = free(&self.updates) else { return Poll::Ready(true) };
                if self.lock().epoch != epoch {
                    return Poll::Ready(false);
                }
                self.take_from(updates, |_| false).map(|()| false)
            })
            .await;
            if !is_busy {
                break;
            }
            // Somebody takes in what they wait for, and leaves the rest. They are not to wait for this task as well, neither to
            // let it in nor to wake it.
            self.bell.keep_silent();
            tokio::task::yield_now().await;
        }
        self.lock().end.take().unwrap_or_else(|| "the socket was closed".to_owned())
    }

    /// Takes in what has arrived. Ready when nothing more will.
    fn take_in(&self) -> Poll<()> {
        self.take_from(self.updates(), |_| false)
    }

    /// Takes in what has arrived up to an answer; the keeper takes the rest. Nothing, where somebody is at it already.
    fn take_in_until_answered(&self, id: WishId) {
        if let Some(updates) = free(&self.updates) {
            self.take_from(updates, |state| !state.waiting.contains_key(&id)).is_ready();
        }
    }

    fn take_from(
        &self,
        mut updates: MutexGuard<'_, Option<Updates>>,
        is_enough: impl Fn(&State) -> bool,
    ) -> Poll<()> {
        // Everybody who waits is woken for what comes next, whoever looks now.
        let waker = Waker::from(Arc::clone(&self.bell));
        let mut context = Context::from_waker(&waker);
        loop {
            let Some(told) = &mut *updates else { return Poll::Ready(()) };
            let said = std::task::ready!(told.poll_next_unpin(&mut context));
            let mut state = self.lock();
            let end = match said {
                Some(Ok(SubscriptionItem::Data(update))) => self.hear(&mut state, &update),
                Some(Ok(SubscriptionItem::Notice(notice))) => self.notice(&mut state, &notice),
                Some(Err(error)) => Err(error),
                None => Err(Error::UnexpectedEndOfStream),
            };
            if let Err(error) = end {
                // Of a connection that ended, the link tells.
                state.end = if ends_session(&error) {
                    tracing::debug!(%error, "the stream of orders has ended with its connection");
                    None
                } else {
                    tracing::warn!(%error, "the stream of orders is broken");
                    // Words about orders are missing from here on: only a new connection makes that good.
                    Some(format!("the stream of orders is broken: {error}"))
                };
                state.is_told = false;
                *updates = None;
                drop((state, updates));
                waker.wake_by_ref();
                // It tells the link, and that answers whoever waits.
                self.bell.call_keeper();
                return Poll::Ready(());
            }
            if is_enough(&state) {
                self.bell.owe_keeper();
                return Poll::Pending;
            }
        }
    }

    fn hear(&self, state: &mut State, update: &OrderUpdate) -> Result<(), Error> {
        let now = self.clock.now();
        let mut effects = Vec::new();
        if let OrderUpdate::ExecutionData(data) = update {
            // No number that ever traded is used again, whatever TWS says is next.
            let number = Some(data.execution.order_id).filter(|number| *number < FIRST_REQUEST);
            state.book.begin_at(number.map_or(1, |number| number.saturating_add(1)));
        }
        match update {
            OrderUpdate::OpenOrder(data) => describe(&mut state.book, data, &mut effects),
            OrderUpdate::OrderStatus(status) => match status_from_ib(status) {
                Ok(Some(told)) => state.book.stands(status.order_id, None, told, now, &mut effects),
                Ok(None) => tracing::error!(?status.status, "a status that is not known: it changes nothing"),
                Err(error) => tracing::error!(%error, "a status cannot be read"),
            },
            OrderUpdate::ExecutionData(data) => match self.execution(state, data) {
                // An answer to a question is no news.
                Ok(execution) if data.request_id >= FIRST_REQUEST => state.book.saw(&execution),
                Ok(execution) => state.book.executed(data.execution.order_id, execution, &mut effects),
                // Whoever asked names it among what cannot be read: the stream has lost nothing by it.
                Err(_) if data.request_id >= FIRST_REQUEST => {}
                // Ours carry our key: this one is a stranger's, such as an adviser's for a group. What it did to positions
                // they tell, and the list of executions names it.
                Err(error) if key_from_ib(&data.execution.order_reference).is_none() => {
                    tracing::error!(%error, "an execution of a stranger's order cannot be read");
                }
                Err(error) => {
                    tracing::error!(%error, "an execution cannot be read: the stream of orders ends");
                    return Err(Error::Simple(error.to_string()));
                }
            },
            OrderUpdate::CommissionReport(report) => match commission_from_ib(report) {
                Ok(commission) => state.book.charged(commission, now, &mut effects),
                Err(error) => tracing::error!(%error, "the cost of an execution cannot be read"),
            },
            OrderUpdate::OrderBound(_) => {}
        }
        state.carry_out(effects);
        Ok(())
    }

    fn notice(&self, state: &mut State, notice: &Notice) -> Result<(), Error> {
        if notice.code == SUBSCRIPTION_LAG_CODE {
            return Err(Error::Notice(notice.clone()));
        }
        let Some(number) = notice.request_id else { return Ok(()) };
        let said = self.notices.said(notice.code, &notice.message);
        let (code, meaning, text) = (said.code, said.meaning, &said.text);
        if meaning == Meaning::OrderCancelled {
            // Where the order stands says it, and mostly it was asked for.
            tracing::debug!(number, code, meaning = meaning.as_str(), %text, "of an order");
        } else {
            tracing::info!(number, code, meaning = meaning.as_str(), %text, "of an order");
        }
        if said.class() == NoticeClass::ReadOnly
            && let Some(of_link) = &state.of_link
        {
            // Its end is gone only when the connection is.
            of_link.unbounded_send(said.clone()).unwrap_or_default();
        }
        let mut effects = Vec::new();
        state.book.said(number, &said, self.clock.now(), &mut effects);
        state.carry_out(effects);
        Ok(())
    }

    /// An execution, of the order that it names.
    fn execution(
        &self,
        state: &mut State,
        data: &ExecutionData,
    ) -> Result<Execution, crate::translate::FromIbError> {
        let it = &data.execution;
        let key = key_from_ib(&it.order_reference);
        let number = key.as_ref().and_then(|key| state.book.numbers().number(key));
        let intent = number.and_then(|number| state.book.intent(number));
        let of_combo = intent.is_some_and(|intent| matches!(intent.instrument(), Some(Instrument::Combo(_))));
        let is_combo = data.contract.security_type == SecurityType::Spread;
        let part = match (is_combo, of_combo || state.combos.contains(&it.perm_id)) {
            (true, _) => ExecutedPart::Combo,
            (false, true) => ExecutedPart::Leg,
            (false, false) => ExecutedPart::Whole,
        };
        let symbol = match intent.filter(|_| part != ExecutedPart::Leg) {
            Some(intent) => intent.symbol(),
            None => self.directory.name(&data.contract)?.symbol,
        };
        if is_combo {
            state.combos.insert(it.perm_id);
        }
        execution_from_ib(data, symbol, key, part, Some(self.clock.now()))
    }

    /// Somebody listens from now on.
    fn listen(self: &Arc<Self>) -> Events {
        self.take_in().is_ready();
        let (reader, told) = unbounded();
        let mut state = self.lock();
        if state.is_told {
            state.readers.push(reader);
        }
        Events { told, desk: Arc::clone(self) }
    }

    /// Begins to wait for an answer.
    fn wish(&self, number: i32, wish: Wish) -> (WishId, oneshot::Receiver<Answer>) {
        let (sender, answer) = oneshot::channel();
        let mut state = self.lock();
        let id = state.book.wish(number, wish);
        state.waiting.insert(id, sender);
        (id, answer)
    }

    fn give_up(&self, number: i32, id: WishId) {
        let mut state = self.lock();
        state.waiting.remove(&id);
        state.book.give_up(number, id);
    }
}

/// The library numbers its requests from here on, and orders below.
const FIRST_REQUEST: i32 = 1_500_000_000;

impl State {
    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Tell { key, at, news } => {
                    if let (Some(key), BrokerNews::Status(status)) = (&key, &news)
                        && is_final(status.phase)
                    {
                        self.places.end(key);
                    }
                    self.tell(&BrokerEvent { epoch: self.epoch, at, key, news })
                }
                Effect::Answer(id, answer) => {
                    // Nobody waits any more when whoever asked was dropped.
                    self.waiting.remove(&id).and_then(|waiting| waiting.send(answer).err());
                }
            }
        }
    }

    fn tell(&mut self, event: &BrokerEvent) {
        self.readers.retain(|reader| reader.unbounded_send(event.clone()).is_ok());
    }
}

fn describe(book: &mut Book, data: &OrderData, effects: &mut Vec<Effect>) {
    let order = &data.order;
    let key = key_from_ib(&order.order_ref);
    // They are read where somebody wants to know them.
    let is_compared = book.awaits_terms(data.order_id);
    let terms = is_compared.then(|| terms_from_ib(&told_order(data)).ok().map(Terms::from)).flatten();
    let described = Described {
        number: data.order_id,
        key: key.as_ref(),
        phase: phase_from_ib(&data.order_state.status),
        terms: terms.as_ref(),
        what_if: order.what_if.then_some(&data.order_state),
    };
    book.described(described, effects);
}

/// What is told of orders, from one moment on.
struct Events {
    told: UnboundedReceiver<BrokerEvent>,
    desk: Arc<Desk>,
}

impl Stream for Events {
    type Item = BrokerEvent;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<BrokerEvent>> {
        // Its end is told by the keeper; here only what has arrived counts.
        self.desk.take_in().is_ready();
        self.told.poll_next_unpin(context)
    }
}
