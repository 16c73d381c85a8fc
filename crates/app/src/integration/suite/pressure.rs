//! Much at once: brokers limit how many messages a second they take, and whoever sends more has to wait rather than fail.

use super::super::scenario::Halt;
use super::super::stage::{SHARE, Stage};
use super::words;
use futures::StreamExt;
use futures::future::join_all;
use tradeport_connection::LinkState;
use tradeport_orders::{CancelTag, OrderState};

/// Twice as many as a TWS takes in a second.
const QUESTIONS: usize = 100;
const ORDERS: usize = 20;

pub(super) async fn questions(stage: &mut Stage) -> Result<(), Halt> {
    let id = stage.broker().catalog().resolve(&SHARE.parse()?).await?.id();
    let catalog = stage.broker().catalog();
    let asked = (0..QUESTIONS).map(|_| catalog.by_id(id));
    let answers = futures::stream::iter(asked).buffer_unordered(QUESTIONS).collect::<Vec<_>>().await;
    let good = answers.iter().filter(|it| it.as_ref().is_ok_and(|it| it.id() == id)).count();
    stage.check(format!("{QUESTIONS} answers"), good, good == QUESTIONS);
    let state = stage.broker().link().state();
    stage.check("the link still stands", words::link(state), matches!(state, LinkState::Up { .. }));
    Ok(())
}

pub(super) async fn orders(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let mut keys = Vec::new();
    let mut intents = Vec::new();
    for _ in 0..ORDERS {
        let draft = stage.far_below(&share)?;
        keys.push(draft.key.clone());
        intents.push(draft.check()?);
    }
    let placed = join_all(intents.into_iter().map(|intent| stage.desk().submit(intent))).await;
    let taken = placed.into_iter().filter_map(Result::ok).filter(|it| it.order.state().may_trade()).count();
    stage.check(format!("{ORDERS} orders are taken"), taken, taken == ORDERS);
    for key in &keys {
        stage.settled(key, &[OrderState::Working, OrderState::Held]).await?;
    }
    let cancels = keys.iter().map(|key| stage.desk().cancel(key, CancelTag::default()));
    let passed = join_all(cancels).await.into_iter().filter(Result::is_ok).count();
    stage.check(format!("{ORDERS} cancels get through"), passed, passed == ORDERS);
    let mut gone = 0;
    for key in &keys {
        let order = stage.settled(key, &[OrderState::Cancelled]).await?;
        gone += usize::from(order.state() == OrderState::Cancelled);
    }
    stage.check(format!("{ORDERS} orders are cancelled"), gone, gone == ORDERS);
    Ok(())
}
