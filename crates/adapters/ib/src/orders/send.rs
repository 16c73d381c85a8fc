//! Sending: from an intent to a message, and from the message to an answer.

use super::wish::{Answer, Terms, Wish};
use crate::broker::IbBroker;
use crate::directory::Known;
use crate::runtime::within;
use crate::session::Session;
use crate::translate::{IbOrder, Surroundings, WrittenTime, cancel_to_ib, order_to_ib, terms_from_ib};
use futures::channel::oneshot;
use futures::future::{Either, select};
use ibapi::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tradeport_contracts::CatalogError;
use tradeport_kernel::{Cause, OrderKey, PermId, Symbol};
use tradeport_orders::{ClearedCancel, ClearedChange, OrderIntent};

/// A new order, or a question about one.
#[derive(Clone, Copy)]
pub(super) enum ToSend<'a> {
    New(&'a OrderIntent),
    Preview(&'a OrderIntent),
}

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
}

impl IbBroker {
    /// Sends a new order or asks about one, and waits for the first word.
    pub(super) async fn send(&self, session: &Session, what: ToSend<'_>) -> Fate {
        let (ToSend::New(intent) | ToSend::Preview(intent)) = what;
        let known = match self.orderable(session, intent).await {
            Ok(known) => known,
            Err(fate) => return fate,
        };
        if let Err(error) = self.sync_orders(session).await {
            return Fate::NotSent(Box::new(error));
        }
        let desk = &self.inner.desk;
        let turn = desk.sending.lock().await;
        let number = match what {
            ToSend::Preview(_) => Some(desk.lock().book.new_number()),
            ToSend::New(_) => desk.lock().book.enter(intent),
        };
        let Some(number) = number else {
            return Fate::Refused(format!("an order with the key {} was sent before", intent.key()));
        };
        let mut order = match desk.word(intent, &known, number) {
            Ok(worded) => worded.order,
            Err(reason) => {
                desk.lock().book.withdraw(number);
                return Fate::Refused(reason);
            }
        };
        order.what_if = matches!(what, ToSend::Preview(_));
        let wish = if order.what_if { Wish::Preview } else { Wish::Submit };
        let (id, answer) = desk.wish(number, wish);
        let sent = self.pass_on(session, session.client.submit_order(number, &known.wire, &order)).await;
        drop(turn);
        let fate = match sent {
            Ok(()) => self.answered(number, id, answer).await,
            Err(fate) => {
                desk.give_up(number, id);
                fate
            }
        };
        // A question leaves nothing; what never left was never there.
        if order.what_if || matches!(fate, Fate::NotSent(_)) {
            desk.lock().book.withdraw(number);
        }
        fate
    }

    /// Sends an order of ours again, with other terms.
    pub(super) async fn send_change(&self, session: &Session, change: &ClearedChange) -> Fate {
        let (number, intent) = match self.ours(session, change.key()).await {
            Ok(found) => found,
            Err(Fate::NoSuchOrder) => return Fate::Refused("there is no such order".to_owned()),
            Err(fate) => return fate,
        };
        let Some(intent) = intent else {
            return Fate::Refused(
                "what the order says is not known here: cancel it and place another".to_owned(),
            );
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
        let order = match desk.word(&changed, &known, number) {
            Ok(worded) => worded.order,
            Err(reason) => return Fate::Refused(reason),
        };
        let terms = match terms_from_ib(&order) {
            Ok(terms) => Terms::from(terms),
            Err(error) => return Fate::Refused(error.to_string()),
        };
        let (id, answer) = desk.wish(number, Wish::Change(Box::new(terms)));
        let fate = match self.pass_on(session, session.client.submit_order(number, &known.wire, &order)).await
        {
            Ok(()) => self.answered(number, id, answer).await,
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
        let desk = &self.inner.desk;
        let (id, answer) = desk.wish(number, Wish::Cancel);
        let sent = async {
            let told = session.client.cancel_order(number, &words.manual_order_cancel_time).await?;
            // The stream of all orders tells the same.
            drop(told);
            Ok(())
        };
        match self.pass_on_first(session, sent).await {
            Ok(()) => self.answered(number, id, answer).await,
            Err(fate) => {
                desk.give_up(number, id);
                fate
            }
        }
    }

    /// Asks TWS to cancel every order of the login, whoever placed it; the answers come as events. For emergencies: it goes
    /// past the desk.
    pub async fn cancel_everything(&self) -> Result<(), Cause> {
        let session = self.session()?;
        match self.pass_on_first(&session, session.client.global_cancel()).await {
            Err(Fate::NotSent(cause) | Fate::Unknown(cause)) => Err(cause),
            _ => Ok(()),
        }
    }

    /// The number of an order of ours that TWS may hold, and what it says.
    async fn ours(&self, session: &Session, key: &OrderKey) -> Result<(i32, Option<OrderIntent>), Fate> {
        if let Err(error) = self.sync_orders(session).await {
            return Err(Fate::NotSent(Box::new(error)));
        }
        let desk = &self.inner.desk;
        desk.take_in(None).is_ready();
        let (found, is_elsewhere) = {
            let state = desk.lock();
            let found = state.book.find(key);
            let said = found.and_then(|(number, _)| state.book.intent(number).cloned());
            (found.map(|(number, ended)| (number, ended, said)), state.book.knows(key))
        };
        match found {
            Some((_, true, _)) => Err(Fate::NoSuchOrder),
            Some((number, false, Some(intent))) => Ok((number, Some(intent))),
            Some((number, false, None)) => Ok((number, self.read_open(session, number).await)),
            None if is_elsewhere => match self.is_open_elsewhere(session, key).await {
                Ok(true) => Err(Fate::Refused("the order belongs to another client of TWS".to_owned())),
                Ok(false) => Err(Fate::NoSuchOrder),
                Err(cause) => Err(Fate::NotSent(cause)),
            },
            None => Err(Fate::NoSuchOrder),
        }
    }

    async fn orderable(&self, session: &Session, intent: &OrderIntent) -> Result<Arc<Known>, Fate> {
        let said = intent.instrument();
        self.contract_of(session, intent.symbol(), said.as_ref()).await.map_err(|error| match error {
            CatalogError::NotFound(_) | CatalogError::Ambiguous { .. } => Fate::Refused(error.to_string()),
            error => Fate::NotSent(Box::new(error)),
        })
    }

    /// Passes a message on, once there is room for it.
    async fn pass_on(
        &self,
        session: &Session,
        message: impl Future<Output = Result<(), Error>>,
    ) -> Result<(), Fate> {
        session.tools.budget.take().await;
        sent(session, message).await
    }

    /// The same for a cancel, which goes before whatever waits.
    async fn pass_on_first(
        &self,
        session: &Session,
        message: impl Future<Output = Result<(), Error>>,
    ) -> Result<(), Fate> {
        session.tools.budget.take_first().await;
        sent(session, message).await
    }

    /// Waits for the first word about what was sent.
    async fn answered(&self, number: i32, id: super::WishId, answer: oneshot::Receiver<Answer>) -> Fate {
        let desk = &self.inner.desk;
        let limit = self.inner.settings.waits().order;
        let deadline = desk.clock.now().after(limit);
        desk.take_in(None).is_ready();
        match select(answer, pin!(desk.clock.sleep_until(deadline))).await {
            Either::Left((Ok(answer), _)) => Fate::Answered(number, answer),
            Either::Left((Err(_), _)) => Fate::Answered(number, Answer::Lost),
            Either::Right(((), _)) => {
                desk.give_up(number, id);
                Fate::Unknown(Box::new(NoAnswer(limit)))
            }
        }
    }
}
