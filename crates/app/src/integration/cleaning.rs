//! Putting everything back: orders are cancelled, what was bought is sold again.
//!
//! What the suite placed is known by its keys, which travel with the orders: so an interrupted run is cleared away by
//! the next one, whatever became of the process.

use super::stage::{PREFIX, SUITE, Stage};
use std::collections::BTreeMap;
use tradeport_connection::LinkState;
use tradeport_kernel::{Decimal, Quantity, Symbol};
use tradeport_orders::{CancelTag, Order, OrderDraft, OrderKind, OrderState, Side};
use tradeport_risk::SwitchReason;

/// Clears away whatever is left of the suite's orders. Errors: something could not be cleared away, in words.
pub(super) async fn clear(stage: &mut Stage) -> anyhow::Result<()> {
    if stage.broker().link().state() == LinkState::Down {
        stage.levers().bring_up().await?;
        stage.platform().reconnect().await?;
    }
    stage.platform().take_in().await?;
    cancel_all(stage).await?;
    release(stage).await?;
    close_positions(stage).await?;
    strangers(stage).await
}

/// Cancels every order of the suite that can still trade.
async fn cancel_all(stage: &Stage) -> anyhow::Result<()> {
    let mut failed = Vec::new();
    for order in stage.orders().await.iter().filter(|order| order.state().may_trade()) {
        let key = order.intent().key();
        if let Err(error) = stage.desk().cancel(key, CancelTag::default()).await {
            failed.push(format!("{key}: {error:#}"));
        }
    }
    let ended = async |stage: &Stage| stage.orders().await.iter().all(|order| !order.state().may_trade());
    if stage.until(ended).await? {
        return Ok(());
    }
    let left = stage.orders().await;
    let left: Vec<String> = left
        .iter()
        .filter(|order| order.state().may_trade())
        .map(|order| format!("{} is {}", order.intent().key(), order.state()))
        .collect();
    anyhow::bail!("not cancelled: {}; {}", left.join(", "), failed.join(", "))
}

/// A kill of the suite that was cut off in the middle must not keep anybody from trading.
async fn release(stage: &Stage) -> anyhow::Result<()> {
    if stage.desk().switch().await.kill().is_some_and(|kill| kill.by == SUITE) {
        let reason = SwitchReason::of_words("the scenario that killed it did not end");
        stage.desk().resume_switch(SUITE, reason).await?;
    }
    Ok(())
}

/// Trades back what orders of this run have traded.
async fn close_positions(stage: &mut Stage) -> anyhow::Result<()> {
    for (symbol, held) in traded(stage).await {
        let side = if held > Decimal::ZERO { Side::Sell } else { Side::Buy };
        let (key, account) = (stage.key()?, stage.account().clone());
        let quantity = Quantity::new(held.abs())?;
        let draft = OrderDraft::new(key.clone(), account, symbol, side, quantity, OrderKind::Market);
        stage.desk().submit(draft.check()?).await?;
        let order = stage.settled(&key, &[OrderState::Filled, OrderState::Refused]).await?;
        if order.state() != OrderState::Filled {
            let reason = order.reason().unwrap_or("its market may be closed");
            anyhow::bail!("{held} {symbol} of this run are still held: {key} is {}, {reason}", order.state());
        }
    }
    Ok(())
}

/// What the orders of this run have bought, less what they have sold. Combos rest far from their market and are not
/// traded back as one: their legs are named when one of them trades.
async fn traded(stage: &Stage) -> BTreeMap<Symbol, Decimal> {
    let mut held: BTreeMap<Symbol, Decimal> = BTreeMap::new();
    for order in stage.orders().await.iter().filter(|order| stage.is_of_this_run(order)) {
        for execution in order.executions().filter(|execution| execution.part.moves_position()) {
            let units = execution.quantity.as_decimal();
            let signed = if execution.side == Side::Buy { units } else { -units };
            *held.entry(execution.symbol).or_default() += signed;
        }
    }
    held.retain(|_, units| !units.is_zero());
    held
}

/// Orders with keys of the suite that the journal here does not know, since another folder has it.
async fn strangers(stage: &Stage) -> anyhow::Result<()> {
    let open = stage.broker().gateway().open_orders().await?;
    let known: Vec<Order> = stage.orders().await;
    let unknown: Vec<String> = open
        .rows()
        .iter()
        .map(|order| &order.key)
        .chain(open.unread().iter().map(|row| &row.key))
        .flatten()
        .filter(|key| key.as_str().starts_with(PREFIX))
        .filter(|key| known.iter().all(|order| order.intent().key() != *key))
        .map(ToString::to_string)
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    anyhow::bail!(
        "orders of a run elsewhere are still open: {}; cancel them at the broker, or run it with the report folder of \
         that run",
        unknown.join(", ")
    )
}
