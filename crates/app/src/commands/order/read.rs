//! Looking at orders.
//!
//! The journal is brought up to date with the broker first, unless there is nothing that the broker could add, another
//! process is at work on it, or it may not be written: then it is shown as it stands.

use super::timeline::{Moment, drawn, timeline_of};
use super::view::{OrderView, table};
use crate::Session;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::wiring::{self, Platform};
use serde::Serialize;
use tradeport_kernel::OrderKey;
use tradeport_orders::{Order, OrderBook, OrderJournal};
use tradeport_sqlite::OpenError;

/// So many records are read in one go.
const PAGE: usize = 10_000;

/// Prints the orders that can still trade, or all of them.
pub(super) async fn list(all: bool, session: &Session) -> anyhow::Result<Exit> {
    let orders = orders(session).await?;
    let views: Vec<_> =
        orders.iter().filter(|order| all || order.state().may_trade()).map(OrderView::of).collect();
    if session.output().is_json() {
        session.output().document(&views)?;
    } else if views.is_empty() {
        session.output().say(if all {
            "no orders"
        } else {
            "no open orders; --all prints those that have ended"
        });
    } else {
        session.output().grid(&table(&views))?;
    }
    Ok(Exit::Done)
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
    let orders = orders(session).await?;
    let order = orders.iter().find(|order| order.intent().key() == key).ok_or_else(|| {
        Fault::failed(format!("no order has the key {key}"), "tradeport order list --all prints the keys")
    })?;
    let view = OrderView::of(order);
    let stores = wiring::read_stores(session.config(), session.clock())?;
    let records = match stores {
        Some(stores) => stores.journal().of(key).await?,
        None => Vec::new(),
    };
    let timeline = timeline_of(&records);
    if session.output().is_json() {
        session.output().document(&Shown { order: view, timeline })?;
    } else {
        session.output().grid(&view.facts())?;
        session.output().text("")?;
        session.output().grid(&drawn(&timeline))?;
        let executions = view.executions();
        if !executions.is_empty() {
            session.output().text("")?;
            session.output().grid(&executions)?;
        }
    }
    Ok(Exit::Done)
}

async fn orders(session: &Session) -> anyhow::Result<Vec<Order>> {
    let Some(stores) = wiring::read_stores(session.config(), session.clock())? else { return Ok(Vec::new()) };
    if !wiring::broker_has_news(session)? {
        return replayed(&stores.journal()).await;
    }
    match Platform::open(session).await {
        Ok(platform) => {
            platform.close().await?;
            // The desk has those in memory that matter now; the journal has all of them.
            replayed(&stores.journal()).await
        }
        Err(error) if elsewhere(&error) => {
            tracing::info!(reason = %error, "the journal is shown as it stands");
            replayed(&stores.journal()).await
        }
        Err(error) => Err(error),
    }
}

fn elsewhere(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::InUse { .. } | OpenError::ReadOnly { .. }))
}

async fn replayed(journal: &dyn OrderJournal) -> anyhow::Result<Vec<Order>> {
    let mut book = OrderBook::default();
    let mut after = 0;
    loop {
        let page = journal.read(after, PAGE).await?;
        for record in &page {
            book.apply(&record.entry)?;
            after = record.sequence;
        }
        if page.len() < PAGE {
            return Ok(book.iter().cloned().collect());
        }
    }
}
