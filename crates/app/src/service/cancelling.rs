//! Cancels that commands ask of the service.

use super::Service;
use crate::asking::{Asked, Told, Which, Wish};
use crate::fault::{cancel_failed, not_one_contract};
use tradeport_kernel::OrderKey;
use tradeport_orders::{CancelTag, Order};
use tradeport_trading::{AuditEntry, AuditLog, OrderDesk};

/// What is asked for, in the audit log.
const CANCEL_ASKED: &str = "cancel asked";

/// Cancels, once it is written down who wanted it.
pub(super) async fn cancel(
    which: &Which,
    wish: &Wish,
    desk: &OrderDesk,
    service: &Service,
) -> anyhow::Result<Vec<Asked>> {
    let (subject, detail) = match which {
        Which::One(key) => (key.to_string(), String::new()),
        Which::All { account, instrument } => {
            let account = account.as_ref().map(|it| format!("account={it}"));
            let instrument = instrument.as_ref().map(|it| format!("instrument={it}"));
            ("all".to_owned(), account.into_iter().chain(instrument).collect::<Vec<_>>().join(" "))
        }
    };
    let (at, actor) = (service.session.clock().now(), wish.by.clone());
    let entry = AuditEntry { at, actor, action: CANCEL_ASKED.to_owned(), subject, detail };
    // Who wanted it is durable before anything leaves.
    service.plant.stores.audit().append(&[entry]).await?;
    cancelled(which, desk, service).await
}

async fn cancelled(which: &Which, desk: &OrderDesk, service: &Service) -> anyhow::Result<Vec<Asked>> {
    let done = match which {
        Which::One(key) => {
            let outcome = desk.cancel(key, CancelTag::default()).await;
            outcome.map_err(|error| cancel_failed(key, error))?;
            let family = family_of(key, &desk.orders().await);
            return Ok(vec![Asked { key: key.clone(), error: None, family, is_awake: false }]);
        }
        Which::All { account, instrument } => {
            let symbol = match instrument {
                Some(instrument) => {
                    let catalog = &service.lines[0].ports.catalog;
                    let found = catalog.resolve(instrument).await;
                    let found = found.map_err(|error| not_one_contract(error, instrument, None))?;
                    // By the name under which it is ordered.
                    Some(catalog.by_id(found.id()).await?.symbol())
                }
                None => None,
            };
            crate::asking::cancel_all(desk, account.as_ref(), symbol).await?
        }
    };
    let (orders, awake) = (desk.orders().await, desk.awake_orders().await);
    let asked = done.into_iter().map(|it| {
        let error = it.outcome.err().map(|error| Told::from(&cancel_failed(&it.key, error)));
        let family = family_of(&it.key, &orders);
        let is_awake = awake.iter().any(|order| order.intent().key() == &it.key);
        Asked { key: it.key, error, family, is_awake }
    });
    Ok(asked.collect())
}

/// The orders of an entry and its children, of which this is one.
fn family_of(key: &OrderKey, orders: &[Order]) -> Vec<OrderKey> {
    let parent = orders.iter().find(|order| order.intent().key() == key).and_then(|it| it.intent().parent());
    let entry = Some(parent.unwrap_or(key));
    let intents = orders.iter().map(Order::intent);
    let members = intents.filter(|it| Some(it.key()) == entry || it.parent() == entry);
    members.map(|it| it.key().clone()).collect()
}
