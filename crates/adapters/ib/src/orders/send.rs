//! Sending: from an intent to a message, and from the message to an answer.

use super::places::{change_of, class_of};
use super::wish::{Answer, Terms, Wish};
use crate::broker::IbBroker;
use crate::directory::Known;
use crate::numbers::provide;
use crate::runtime::within;
use crate::session::Session;
use crate::translate::{IbOrder, Surroundings, WrittenTime, cancel_to_ib, order_to_ib, terms_from_ib};
use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::{Either, select};
use ibapi::Error;
use ibapi::orders::Order;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tradeport_connection::Permit;
use tradeport_connection::pacing::Class;
use tradeport_contracts::{CatalogError, Instrument};
use tradeport_kernel::{Cause, OrderKey, PermId, Symbol};
use tradeport_orders::{ClearedCancel, ClearedChange, OrderIntent};

/// A new order, or a question about one.
#[derive(Clone, Copy)]
pub(super) enum ToSend<'a> {
    New(&'a OrderIntent),
    /// One that TWS holds until the last of its family is there.
    Held(&'a OrderIntent),
    Preview(&'a OrderIntent),
}

impl<'a> ToSend<'a> {
    const fn intent(self) -> &'a OrderIntent {
        let (Self::New(intent) | Self::Held(intent) | Self::Preview(intent)) = self;
        intent
    }

    const fn is_question(self) -> bool {
        matches!(self, Self::Preview(_))
    }
}

/// TWS may say nothing of an order that it holds back, or no more than that it is inactive: after so long it is looked for
/// among the open ones.
const HELD_PATIENCE: Duration = Duration::from_secs(1);

/// TWS is asked about one order in a minute: who asks about another waits for its turn, and gives up sooner if they want to.
const PREVIEW_TURN: Duration = Duration::from_secs(120);

/// Who has waited so long for an answer is perhaps not polled at all, and looks no more for others than for itself.
const LATE: Duration = Duration::from_millis(100);

/// What became of something that was to be sent.
pub(super) enum Fate {
    /// TWS has answered about the order of this number.
    Answered(i32, Answer),
    /// It would be refused, or is already: nothing was sent.
    Refused(String),
    /// There is nothing to send it about.
    NoSuchOrder,
    /// Certain: it never left.
    NotSent(Cause),
    /// It left, and nobody knows more.
    Unknown(Cause),
}

/// No answer about an order in time.
#[derive(Debug, thiserror::Error)]
#[error("TWS said nothing about the order within {} ms", .0.as_millis())]
struct NoAnswer(Duration);

async fn sent(session: &Session, message: impl Future<Output = Result<(), Error>>) -> Result<(), Fate> {
    within(&session.tools.runtime, message).await.map_err(|error| match error {
        // The system took some of it, and says no more.
        Error::Io(error) => Fate::Unknown(Box::new(error)),
        error => Fate::NotSent(Box::new(error)),
    })
}

impl super::Desk {
    /// The broker's number of an order, if it was told.
    pub(super) fn perm_id(&self, number: i32) -> Option<PermId> {
        self.lock().book.perm_id(number)
    }

    /// What the order of a key is of, if the order is ours.
    pub(super) fn symbol_of(&self, key: &OrderKey) -> Option<Symbol> {
        let state = self.lock();
        let (number, _) = state.book.find(key)?;
        state.book.intent(number).map(OrderIntent::symbol)
    }

    /// The library's order of an intent, under a number.
    fn word(&self, intent: &OrderIntent, known: &Known, number: i32) -> Result<IbOrder, String> {
        let state = self.lock();
        let around = Surroundings {
            numbers: state.book.numbers(),
            times: WrittenTime::Utc,
            symbol: intent.symbol(),
            instrument: None,
            currency: known.contract.currency(),
            route: known.wire.exchange.as_str(),
        };
        let mut worded = order_to_ib(intent, &around).map_err(|error| error.to_string())?;
        let cannot_say = worded.cannot_say();
        if !cannot_say.is_empty() {
            return Err(format!("the client library cannot send all of it: {}", cannot_say.join(", ")));
        }
        worded.order.order_id = number;
        Ok(worded)
    }

    /// Takes an order in under a new number, worded for the wire; what was held back for it goes with it.
    fn enter<'a>(
        &self,
        what: ToSend<'_>,
        known: &Known,
        sending: &'a mut Option<Order>,
    ) -> Result<Entered<'a>, Fate> {
        let intent = what.intent();
        let number = match what {
            ToSend::Preview(_) => Some(self.lock().book.new_number()),
            ToSend::New(_) | ToSend::Held(_) => self.lock().book.enter(intent),
        };
        let number = number.ok_or_else(|| used(intent))?;
        let mut order = match self.word(intent, known, number) {
            Ok(worded) => worded.order,
            Err(reason) => {
                self.lock().book.withdraw(number);
                return Err(Fate::Refused(reason));
            }
        };
        order.what_if = what.is_question();
        order.transmit = !matches!(what, ToSend::Held(_));
        // Before it leaves: what TWS says from then on is about orders that nothing holds back.
        let released = match what {
            ToSend::New(_) => self.lock().book.release(number),
            ToSend::Held(_) => {
                self.lock().book.hold(&[number]);
                Vec::new()
            }
            ToSend::Preview(_) => Vec::new(),
        };
        Ok(Entered { number, order: sending.insert(order), released })
    }

    /// A question leaves nothing; what never left was never there, and what it would have released is held back still.
    fn leave_behind(&self, what: ToSend<'_>, number: i32, fate: &Fate, released: &[i32]) {
        let never_left = matches!(fate, Fate::NotSent(_));
        if !never_left && !what.is_question() {
            return;
        }
        let mut state = self.lock();
        if never_left {
            state.book.hold(released);
        }
        state.book.withdraw(number);
        if never_left && !what.is_question() {
            state.places.end(what.intent().key());
        }
    }
}

/// An order that has its number and its words.
struct Entered<'a> {
    number: i32,
    order: &'a Order,
    /// Orders that were held back until this one.
    released: Vec<i32>,
}

fn of_another_client(client: i32, own: i32) -> String {
    format!("the order belongs to client {client} of TWS, and this is client {own}")
}

fn used(intent: &OrderIntent) -> Fate {
    Fate::Refused(format!("an order with the key {} was sent before", intent.key()))
}

impl IbBroker {
    /// Sends a new order or asks about one, and waits for the first word.
    pub(super) async fn send(&self, session: &Session, what: ToSend<'_>) -> Fate {
        let intent = what.intent();
        let known = match self.orderable(session, intent).await {
            Ok(known) => known,
            Err(fate) => return fate,
        };
        if let Err(error) = self.sync_orders(session).await {
            return Fate::NotSent(Box::new(error));
        }
        let desk = &self.inner.desk;
        if !what.is_question() && desk.lock().book.knows(intent.key()) {
            return used(intent);
        }
        let class = if what.is_question() { Class::Preview } else { class_of(intent, &known.wire) };
        let permit = match self.leave(session, class).await {
            Ok(permit) => permit,
            Err(fate) => return fate,
        };
        let mut sending = desk.sending.lock().await;
        if let Err(cause) = provide(&session.tools, desk).await {
            return Fate::NotSent(cause);
        }
        let Entered { number, order, released } = match desk.enter(what, &known, &mut sending) {
            Ok(entered) => entered,
            Err(fate) => return fate,
        };
        let wish = if what.is_question() { Wish::Preview } else { Wish::Submit };
        let (id, answer) = desk.wish(number, wish);
        if what.is_question() {
            permit.done();
        } else {
            // It may end before we know that it is there.
            desk.lock().places.keep(intent.key(), permit, session.epoch);
        }
        let sent = sent(session, session.client.submit_order(number, &known.wire, order)).await;
        // While TWS works, and not when it has answered.
        *sending = None;
        drop(sending);
        let fate = match sent {
            Ok(()) if matches!(what, ToSend::Held(_)) => {
                Box::pin(self.held(session, number, id, answer)).await
            }
            Ok(()) => match self.answered(session, number, id, answer, self.patience()).await {
                // It has the order, and calls it inactive without a word why: neither refused nor unknown.
                Fate::Unknown(_) if self.inner.desk.lock().book.is_inactive(number) => {
                    Fate::Answered(number, Answer::Taken)
                }
                fate => fate,
            },
            Err(fate) => {
                desk.give_up(number, id);
                fate
            }
        };
        desk.leave_behind(what, number, &fate, &released);
        fate
    }

    /// Sends an order of ours again, with other terms.
    pub(super) async fn send_change(&self, session: &Session, change: &ClearedChange) -> Fate {
        let (number, intent) = match self.ours(session, change.key()).await {
            Ok((number, None)) => (number, self.said(session, number, change.wording()).await),
            Ok(found) => found,
            Err(Fate::NoSuchOrder) => return Fate::Refused("there is no such order".to_owned()),
            Err(fate) => return fate,
        };
        let Some(intent) = intent else {
            return Fate::Refused(
                "what the order says is not known here: cancel it and place another".to_owned(),
            );
        };
        let intent = match self.as_it_is_now(session, number, intent, change.change()).await {
            Ok(intent) => intent,
            Err(fate) => return fate,
        };
        let changed = match change.change().onto(intent.to_draft()).check() {
            Ok(changed) => changed,
            Err(error) => return Fate::Refused(error.to_string()),
        };
        let known = match self.orderable(session, &changed).await {
            Ok(known) => known,
            Err(fate) => return fate,
        };
        let desk = &self.inner.desk;
        let mut order = match desk.word(&changed, &known, number) {
            Ok(worded) => worded.order,
            Err(reason) => return Fate::Refused(reason),
        };
        order.transmit = !desk.lock().book.is_held(number);
        let terms = match terms_from_ib(&order) {
            Ok(terms) => Terms::from(terms),
            Err(error) => return Fate::Refused(error.to_string()),
        };
        let permit = match self.leave(session, change_of(change.key())).await {
            Ok(permit) => permit,
            Err(fate) => return fate,
        };
        let (id, answer) = desk.wish(number, Wish::Change(Box::new(terms)));
        let sent = sent(session, session.client.submit_order(number, &known.wire, &order)).await;
        permit.done();
        let fate = match sent {
            Ok(()) => self.answered(session, number, id, answer, self.patience()).await,
            Err(fate) => {
                desk.give_up(number, id);
                fate
            }
        };
        if matches!(fate, Fate::Answered(_, Answer::Taken)) {
            desk.lock().book.reword(number, changed);
        }
        fate
    }

    /// Asks TWS to cancel an order of ours.
    pub(super) async fn send_cancel(&self, session: &Session, cancel: &ClearedCancel) -> Fate {
        let number = match self.ours(session, cancel.key()).await {
            Ok((number, _)) => number,
            Err(fate) => return fate,
        };
        let words = cancel_to_ib(cancel.tag());
        if !words.ext_operator.is_empty() || words.manual_order_indicator.is_some() {
            tracing::warn!(key = %cancel.key(), "the client library sends a cancel without who asked for it");
        }
        let permit = match self.leave(session, Class::CancelOrder).await {
            Ok(permit) => permit,
            Err(fate) => return fate,
        };
        let desk = &self.inner.desk;
        let (id, answer) = desk.wish(number, Wish::Cancel);
        let told = async {
            let told = session.client.cancel_order(number, &words.manual_order_cancel_time).await?;
            // The stream of all orders tells the same.
            drop(told);
            Ok(())
        };
        let sent = sent(session, told).await;
        permit.done();
        match sent {
            Ok(()) => self.answered(session, number, id, answer, self.patience()).await,
            Err(fate) => {
                desk.give_up(number, id);
                fate
            }
        }
    }

    /// Asks TWS to cancel every order of the login, whoever placed it; the answers come as events.
    pub(super) async fn send_cancel_everything(&self, session: &Session) -> Result<(), Fate> {
        let permit = self.leave(session, Class::CancelOrder).await?;
        let sent = sent(session, session.client.global_cancel()).await;
        permit.done();
        sent
    }

    /// The number of an order of ours that TWS may hold, and what it says, if this process knows.
    async fn ours(&self, session: &Session, key: &OrderKey) -> Result<(i32, Option<OrderIntent>), Fate> {
        if let Err(error) = self.sync_orders(session).await {
            return Err(Fate::NotSent(Box::new(error)));
        }
        let desk = &self.inner.desk;
        desk.take_in().is_ready();
        let (found, is_elsewhere) = {
            let state = desk.lock();
            let found = state.book.find(key);
            let said = found.and_then(|(number, _)| state.book.intent(number).cloned());
            (found.map(|(number, ended)| (number, ended, said)), state.book.knows(key))
        };
        match found {
            Some((_, true, _)) => Err(Fate::NoSuchOrder),
            Some((number, false, Some(intent))) => Ok((number, Some(intent))),
            Some((number, false, None)) => Ok((number, None)),
            None if is_elsewhere => match self.open_elsewhere(session, key).await {
                Ok(Some(client)) => Err(Fate::Refused(of_another_client(client, session.client.client_id()))),
                Ok(None) => Err(Fate::NoSuchOrder),
                Err(cause) => Err(Fate::NotSent(cause)),
            },
            None => Err(Fate::NoSuchOrder),
        }
    }

    /// What an order of an earlier process says: by the desk's word, or by TWS's where the desk has none.
    async fn said(
        &self,
        session: &Session,
        number: i32,
        wording: Option<&OrderIntent>,
    ) -> Option<OrderIntent> {
        let row = self.open_row(session, number).await?;
        if let Some(intent) = wording {
            let mut state = self.inner.desk.lock();
            // Its parent may have traded weeks ago, and TWS names it by nothing but its number.
            if let Some(parent) = intent.parent() {
                state.book.listed(Some(row.order.parent_id), parent);
            }
            if intent.parent().is_none_or(|parent| state.book.numbers().number(parent).is_some()) {
                return Some(intent.clone());
            }
        }
        self.read_open(&row)
    }

    async fn orderable(&self, session: &Session, intent: &OrderIntent) -> Result<Arc<Known>, Fate> {
        let routed = intent.route().and_then(|_| intent.ordered());
        let symbol = routed.as_ref().map_or_else(|| intent.symbol(), Instrument::symbol);
        // Nearly always it was looked up before: what else may happen is kept out of the way of an order.
        if let Some(known) = self.inner.directory.known(symbol) {
            return Ok(known);
        }
        let said = routed.or_else(|| intent.instrument());
        let found = Box::pin(self.contract_of(session, symbol, said.as_ref())).await;
        found.map_err(|error| match error {
            CatalogError::NotFound(_) | CatalogError::Ambiguous { .. } => Fate::Refused(error.to_string()),
            error => Fate::NotSent(Box::new(error)),
        })
    }

    /// Waits for leave to send something about an order.
    async fn leave(&self, session: &Session, class: Class) -> Result<Permit, Fate> {
        let patience =
            if class == Class::Preview { self.patience().max(PREVIEW_TURN) } else { self.patience() };
        session.pace.ask(class, patience).await.map_err(|unsent| Fate::NotSent(Box::new(unsent)))
    }

    /// Waits for the first word about an order that is held back; without one, TWS has it if it lists it.
    async fn held(
        &self,
        session: &Session,
        number: i32,
        id: super::WishId,
        answer: oneshot::Receiver<Answer>,
    ) -> Fate {
        let limit = self.patience().min(HELD_PATIENCE);
        match self.answered(session, number, id, answer, limit).await {
            Fate::Unknown(cause) => match self.is_listed(session, number).await {
                Ok(true) => Fate::Answered(number, Answer::Taken),
                _ => Fate::Unknown(cause),
            },
            fate => fate,
        }
    }

    /// How long TWS may say nothing about an order.
    fn patience(&self) -> Duration {
        self.inner.settings.waits().order
    }

    /// Waits for the first word about what was sent.
    async fn answered(
        &self,
        session: &Session,
        number: i32,
        id: super::WishId,
        answer: oneshot::Receiver<Answer>,
        limit: Duration,
    ) -> Fate {
        let desk = &self.inner.desk;
        let (now, deadlines) = (desk.clock.now(), &session.tools.deadlines);
        let deadline = now.after(limit);
        let asker = desk.bell.asker(|watch| deadlines.call(now.after(LATE), watch));
        let mut answer = answer;
        let heard = poll_fn(|context| {
            // The keeper may have taken it in: what comes after it is not this one's to read.
            if let Poll::Ready(heard) = answer.poll_unpin(context) {
                return Poll::Ready(heard);
            }
            asker.listen(context.waker());
            desk.take_in_until_answered(id);
            answer.poll_unpin(context)
        });
        match select(heard, deadlines.until(deadline)).await {
            Either::Left((Ok(answer), _)) => Fate::Answered(number, answer),
            Either::Left((Err(_), _)) => Fate::Answered(number, Answer::Lost),
            Either::Right(((), _)) => {
                desk.give_up(number, id);
                Fate::Unknown(Box::new(NoAnswer(limit)))
            }
        }
    }
}
