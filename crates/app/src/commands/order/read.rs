//! Looking at orders.
//!
//! The journal is brought up to date with the broker first, unless there is nothing that the broker could add, another
//! process is at work on it, or it may not be written: then it is shown as it stands. A broker that cannot be asked, or a service
//! that hangs, hides nothing of what the journal knows: that is shown, and said to be of before, with exit code 1.

use super::by_service::Serving;
use super::outcome::told;
use super::timeline::{Moment, drawn, timeline_of};
use super::view::{OrderView, table};
use crate::Session;
use crate::commands::status::silence;
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::output::Output;
use crate::wiring::{self, Platform};
use serde::Serialize;
use tradeport_kernel::{OrderKey, Timestamp};
use tradeport_orders::{Order, OrderBook, OrderJournal};
use tradeport_sqlite::OpenError;

/// So many records are read in one go.
const PAGE: usize = 10_000;

/// Prints the orders that can still trade, or all of them.
pub(super) async fn list(all: bool, session: &Session) -> anyhow::Result<Exit> {
    let known = known(session).await?;
    let orders = known.orders.iter();
    let views: Vec<_> = orders.filter(|order| all || order.state().may_trade()).map(OrderView::of).collect();
    let printed = if session.output().is_json() {
        session.output().document(&views)
    } else if views.is_empty() {
        session.output().say(if all {
            "no orders"
        } else {
            "no open orders; --all prints those that have ended"
        });
        Ok(())
    } else {
        session.output().grid(&table(&views))
    };
    known.told(session).after(printed)
}

/// An order, and how it came to be what it is.
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    order: OrderView,
    timeline: Vec<Moment>,
}

/// Prints one order with its life.
pub(super) async fn show(key: &OrderKey, session: &Session) -> anyhow::Result<Exit> {
    let known = known(session).await?;
    let order = known.orders.iter().find(|order| order.intent().key() == key).ok_or_else(|| {
        Fault::failed(format!("no order has the key {key}"), "tradeport order list --all prints the keys")
    })?;
    let view = OrderView::of(order);
    let stores = wiring::read_orders(session)?;
    let records = match stores {
        Some(stores) => stores.journal().of(key).await?,
        None => Vec::new(),
    };
    let shown = Shown { order: view, timeline: timeline_of(&records) };
    let output = session.output();
    let printed = if output.is_json() { output.document(&shown) } else { print(&shown, output) };
    known.told(session).after(printed)
}

fn print(shown: &Shown, output: &Output) -> anyhow::Result<()> {
    output.grid(&shown.order.facts())?;
    output.text("")?;
    output.grid(&drawn(&shown.timeline))?;
    let executions = shown.order.executions();
    if executions.is_empty() {
        return Ok(());
    }
    output.text("")?;
    output.grid(&executions)
}

/// What is known of orders.
struct Known {
    orders: Vec<Order>,
    /// Of when the last word on any of them is.
    at: Option<Timestamp>,
    /// Why the broker could not be asked, where it should have been.
    unasked: Option<anyhow::Error>,
}

impl Known {
    /// Says that what was shown is of before, if it is.
    fn told(self, session: &Session) -> Exit {
        let Some(error) = self.unasked else { return Exit::Done };
        let advice = Report::of(&error).advice;
        let of = self.at.map_or_else(String::new, |at| format!("as of {at}: "));
        told(Fault::failed(format!("{of}the broker could not be asked"), advice).because(error), session)
    }
}

async fn known(session: &Session) -> anyhow::Result<Known> {
    let Some(stores) = wiring::read_orders(session)? else {
        return Ok(Known { orders: Vec::new(), at: None, unasked: None });
    };
    let unasked = if wiring::broker_has_news(session)? { ask(session).await.err() } else { None };
    let unasked = match unasked {
        Some(error) if elsewhere(&error) => {
            // A service keeps it up to date by itself, unless it hangs.
            if Serving::of(session)?.is_none() {
                tracing::info!(reason = %error, "the journal is shown as it stands");
            }
            None
        }
        // Whoever asks in a wrong way is told that alone.
        Some(error) if Report::of(&error).exit() == Exit::Usage => return Err(error),
        unasked => unasked,
    };
    let unasked = match unasked {
        None => silence(session)?.map(Into::into),
        unasked => unasked,
    };
    // The desk has those in memory that matter now; the journal has all of them.
    let (orders, at) = replayed(&stores.journal()).await?;
    match unasked {
        // Nothing was ever written down: there is nothing to show in its place.
        Some(error) if at.is_none() => Err(error),
        unasked => Ok(Known { orders, at, unasked }),
    }
}

/// Brings the journal up to date with the broker.
async fn ask(session: &Session) -> anyhow::Result<()> {
    Platform::open(session).await?.close().await
}

/// Has another process the journal, or may nobody write it?
fn elsewhere(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::InUse { .. } | OpenError::ReadOnly { .. }))
}

/// The orders, and of when the last word on any of them is.
async fn replayed(journal: &dyn OrderJournal) -> anyhow::Result<(Vec<Order>, Option<Timestamp>)> {
    let mut book = OrderBook::default();
    let (mut after, mut at) = (0, None);
    loop {
        let page = journal.read(after, PAGE).await?;
        for record in &page {
            book.apply(&record.entry)?;
            after = record.sequence;
            at = Some(record.entry.at);
        }
        if page.len() < PAGE {
            return Ok((book.iter().cloned().collect(), at));
        }
    }
}

#[cfg(test)]
mod tests;
