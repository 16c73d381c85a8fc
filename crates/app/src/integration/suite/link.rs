//! The link: its health, and orders that outlive it.

use super::super::scenario::Halt;
use super::super::stage::Stage;
use super::words;
use std::time::Duration;
use tradeport_connection::LinkState;
use tradeport_kernel::OrderKey;
use tradeport_orders::OrderState;

const RESTS: [OrderState; 2] = [OrderState::Working, OrderState::Held];
/// So far two clocks may be apart before nobody can tell when something happened.
const MOST_APART: Duration = Duration::from_secs(60);

pub(super) async fn health(stage: &mut Stage) -> Result<(), Halt> {
    let link = stage.broker().link();
    let state = link.state();
    let theirs = link.probe(Duration::from_secs(10)).await?;
    let ours = stage.now();
    let apart = theirs.since(ours).max(ours.since(theirs));
    stage.check("the link is up", words::link(state), matches!(state, LinkState::Up { .. }));
    let seen = format!("{theirs}, {} s apart", apart.as_secs());
    stage.check(format!("the broker's time is within a minute of {ours}"), seen, apart <= MOST_APART);
    Ok(())
}

pub(super) async fn reconnect(stage: &mut Stage) -> Result<(), Halt> {
    let key = resting(stage).await?;
    let before = epoch(stage);
    stage.broker().link().disconnect().await?;
    let down = stage.broker().link().state();
    stage.check("the link is down once it was ended", words::link(down), down == LinkState::Down);
    stage.platform().reconnect().await?;
    let after = epoch(stage);
    let told = |epoch: Option<u64>| epoch.map_or_else(|| "none".to_owned(), |it| it.to_string());
    stage.check("a new epoch", format!("{}, then {}", told(before), told(after)), after > before);
    still_rests(stage, &key).await
}

pub(super) async fn cut(stage: &mut Stage) -> Result<(), Halt> {
    let key = resting(stage).await?;
    stage.levers().cut_link().await?;
    let noticed = stage.until(async |stage| stage.broker().link().state() == LinkState::Down).await?;
    stage.check("the lost link is noticed", words::link(stage.broker().link().state()), noticed);
    stage.platform().reconnect().await?;
    still_rests(stage, &key).await
}

pub(super) async fn restart(stage: &mut Stage) -> Result<(), Halt> {
    let key = resting(stage).await?;
    stage.levers().take_down().await?;
    stage.until(async |stage| stage.broker().link().state() == LinkState::Down).await?;
    let refused = stage.broker().link().connect().await;
    stage.check(
        "nobody can connect while it is down",
        refused
            .as_ref()
            .map_or_else(ToString::to_string, |epoch| format!("connected, epoch {}", epoch.number())),
        refused.is_err(),
    );
    stage.levers().bring_up().await?;
    stage.platform().reconnect().await?;
    still_rests(stage, &key).await
}

/// An order that rests.
async fn resting(stage: &mut Stage) -> Result<OrderKey, Halt> {
    let share = stage.quoted().await?;
    let draft = stage.far_below(&share)?;
    let key = draft.key.clone();
    stage.place(draft).await?;
    let order = stage.settled(&key, &RESTS).await?;
    stage.check("the order rests", order.state(), RESTS.contains(&order.state()));
    Ok(key)
}

/// It is there as before, and can be cancelled.
async fn still_rests(stage: &mut Stage, key: &OrderKey) -> Result<(), Halt> {
    let order = stage.settled(key, &RESTS).await?;
    stage.check("the order still rests", order.state(), RESTS.contains(&order.state()));
    stage.desk().cancel(key, tradeport_orders::CancelTag::default()).await?;
    let order = stage.settled(key, &[OrderState::Cancelled]).await?;
    stage.check("it can be cancelled", order.state(), order.state() == OrderState::Cancelled);
    Ok(())
}

fn epoch(stage: &Stage) -> Option<u64> {
    match stage.broker().link().state() {
        LinkState::Up { epoch } => Some(epoch.number()),
        LinkState::Down => None,
    }
}
