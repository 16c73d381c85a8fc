//! Orders that belong together: brackets, groups, and the legs of a spread.

use super::super::scenario::Halt;
use super::super::stage::Stage;
use super::kinds::open;
use super::quotes::around;
use super::words;
use tradeport_contracts::Right;
use tradeport_kernel::{Decimal, OrderKey, Price, Quantity};
use tradeport_orders::{Bracket, CancelTag, OcaGroup, OrderKind, OrderState, Side};
use tradeport_trading::VerticalSpread;

const RESTS: [OrderState; 2] = [OrderState::Working, OrderState::Held];

pub(super) async fn bracket(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let entry = stage.far_below(&share)?;
    let orders = Bracket::around(entry).target(share.times(110)?).stop(share.times(70)?).build()?;
    let keys: Vec<OrderKey> = orders.iter().map(|it| it.key().clone()).collect();
    let placed = stage.desk().submit_family(orders).await?;
    let whole = placed.called_off.is_none() && placed.members.len() == 3;
    stage.check("an entry and two exits go out as one", format!("{} orders", placed.members.len()), whole);
    let mut held = 0;
    for key in &keys {
        let order = stage.settled(key, &RESTS).await?;
        stage.check(format!("{key} rests"), order.state(), RESTS.contains(&order.state()));
        held += usize::from(open(stage, key).await?.is_some());
    }
    stage.check("the broker holds all three", held, held == 3);
    stage.desk().cancel(&keys[0], CancelTag::default()).await?;
    let mut ended = Vec::new();
    for key in &keys {
        ended.push(stage.settled(key, &[OrderState::Cancelled]).await?.state());
    }
    let words: Vec<&str> = ended.iter().map(|it| it.as_str()).collect();
    let gone = ended.iter().all(|it| *it == OrderState::Cancelled);
    stage.check("with the entry its exits are cancelled", words.join(", "), gone);
    Ok(())
}

pub(super) async fn group(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let group = OcaGroup::new(stage.key()?);
    let mut keys = Vec::new();
    for hundredths in [80, 75] {
        let kind = OrderKind::Limit { limit: share.times(hundredths)? };
        let draft = stage.draft(share.symbol(), Side::Buy, kind)?.in_group(group.clone());
        keys.push(draft.key.clone());
        stage.place(draft).await?;
    }
    for key in &keys {
        let order = stage.settled(key, &RESTS).await?;
        stage.check(format!("{key} rests beside the other"), order.state(), RESTS.contains(&order.state()));
    }
    stage.desk().cancel(&keys[0], CancelTag::default()).await?;
    let order = stage.settled(&keys[0], &[OrderState::Cancelled]).await?;
    stage.check("one of them can be cancelled", order.state(), order.state() == OrderState::Cancelled);
    Ok(())
}

pub(super) async fn vertical(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let chains = stage.broker().catalog().option_chains(share.contract.instrument()).await?;
    let chain = chains.iter().find(|it| it.exchange() == "SMART").or(chains.first());
    let Some(chain) = chain else {
        return Err(Halt::Skip("the share has no options here".to_owned()));
    };
    let legs = around(stage, chain, &share, 2).await?;
    let (long, short) = (legs[0].instrument().description(), legs[1].instrument().description());
    for leg in &legs {
        stage.platform().list(leg.instrument()).await.map_err(super::super::stage::not_permitted)?;
    }
    let (Some(expiry), Some(low), Some(high)) =
        (long.expiry.and_then(|it| it.day()), long.strike, short.strike)
    else {
        return Err(Halt::Skip("its options have no day of expiry".to_owned()));
    };
    let key = stage.key()?;
    // Far below what any spread of calls is worth.
    let order = VerticalSpread {
        key: key.clone(),
        account: stage.account().clone(),
        symbol: share.symbol(),
        expiry,
        right: Right::Call,
        long_strike: Price::new(low)?,
        short_strike: Price::new(high)?,
        quantity: Quantity::new(Decimal::ONE)?,
        limit: Price::new(Decimal::new(5, 2))?,
    }
    .into_order()?;
    let intent = stage.desk().strategy_intent(&order).await?;
    let combo = stage.desk().contract(intent.symbol()).await?;
    stage.platform().list(combo.instrument()).await.map_err(super::super::stage::not_permitted)?;
    let placed = stage.desk().submit(intent).await?;
    stage.taken(placed)?;
    let order = stage.settled(&key, &RESTS).await?;
    stage.check("the spread rests as one order", order.state(), RESTS.contains(&order.state()));
    let held = open(stage, &key).await?;
    let seen = words::held(held.as_ref());
    let same =
        held.is_some_and(|it| it.kind.as_ref() == Some(order.kind()) && it.symbol == order.intent().symbol());
    stage.check(format!("the broker holds {}", order.intent().symbol()), seen, same);
    stage.desk().cancel(&key, CancelTag::default()).await?;
    let order = stage.settled(&key, &[OrderState::Cancelled]).await?;
    stage.check("it can be cancelled", order.state(), order.state() == OrderState::Cancelled);
    Ok(())
}
