//! The kill switch: everything stops at once, and goes on only when somebody says so.

use super::super::scenario::Halt;
use super::super::stage::{Quoted, SUITE, Stage};
use super::words;
use tradeport_kernel::OrderKey;
use tradeport_orders::{CancelTag, OrderState};
use tradeport_risk::{Rule, Switch, SwitchReason};

const RESTS: [OrderState; 2] = [OrderState::Working, OrderState::Held];

pub(super) async fn kill(stage: &mut Stage) -> Result<(), Halt> {
    if let Switch::Killed(kill) = stage.desk().switch().await {
        return Err(Halt::Skip(format!("the switch of this folder is killed already: {kill}")));
    }
    let others = stage.desk().orders().await;
    let foreign = others.iter().filter(|it| it.state().may_trade() && !stage.is_of_this_run(it)).count();
    if foreign > 0 {
        return Err(Halt::Skip(format!("{foreign} orders of somebody else would be cancelled too")));
    }
    let share = stage.quoted().await?;
    let keys = rest(stage, &share).await?;
    stage.desk().kill(SUITE, SwitchReason::of_words("to see that everything stops")).await?;
    let stopped = stops(stage, &share, &keys).await;
    // Whatever was seen: who comes after must be able to trade.
    stage.desk().resume_switch(SUITE, SwitchReason::of_words("it was seen")).await?;
    stopped?;
    let draft = stage.far_below(&share)?;
    let key = draft.key.clone();
    stage.place(draft).await?;
    let order = stage.settled(&key, &RESTS).await?;
    stage.check("after a resume an order leaves again", order.state(), RESTS.contains(&order.state()));
    stage.desk().cancel(&key, CancelTag::default()).await?;
    stage.settled(&key, &[OrderState::Cancelled]).await?;
    Ok(())
}

async fn rest(stage: &mut Stage, share: &Quoted) -> Result<Vec<OrderKey>, Halt> {
    let mut keys = Vec::new();
    for _ in 0..3 {
        let draft = stage.far_below(share)?;
        keys.push(draft.key.clone());
        stage.place(draft).await?;
    }
    for key in &keys {
        stage.settled(key, &RESTS).await?;
    }
    Ok(keys)
}

async fn stops(stage: &mut Stage, share: &Quoted, keys: &[OrderKey]) -> Result<(), Halt> {
    let draft = stage.far_below(share)?;
    let placed = stage.desk().submit(draft.check()?).await?;
    let rule = placed.refusal.map(|refusal| refusal.rule);
    let seen = rule.map_or_else(|| "nothing stops it".to_owned(), |rule| rule.to_string());
    stage.check("an order is refused by the switch", seen, rule == Some(Rule::KillSwitch));
    let ended = async |stage: &Stage| {
        stage.desk().tend_switch().await;
        states(stage, keys).await.iter().all(|state| *state == OrderState::Cancelled)
    };
    let all = stage.until(ended).await?;
    stage.check("all that worked is cancelled", words::listed(states(stage, keys).await), all);
    let open = stage.broker().gateway().open_orders().await?.into_rows();
    let held = open.iter().filter(|it| it.key.as_ref().is_some_and(|key| keys.contains(key))).count();
    stage.check("the broker holds none of it", held, held == 0);
    Ok(())
}

async fn states(stage: &Stage, keys: &[OrderKey]) -> Vec<OrderState> {
    let mut states = Vec::new();
    for key in keys {
        states.extend(stage.desk().order(key).await.map(|order| order.state()));
    }
    states
}
