//! Orders that trade: executions, what they cost, and what is held and earned for it.

use super::super::scenario::Halt;
use super::super::stage::{Quoted, Stage};
use tradeport_kernel::{Decimal, Money, OrderKey, Symbol};
use tradeport_orders::{Order, OrderKind, OrderState, Side};
use tradeport_portfolio::{AccountEvent, PnlEvent, PnlStream, PositionPnl, TargetPercent, TargetRules};

pub(super) async fn market(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let before = held(stage, share.symbol()).await?;
    let bought = trade(stage, &share, Side::Buy).await?;
    costs_something(stage, &bought).await?;
    let after = held_once(stage, share.symbol(), before + Decimal::ONE).await?;
    stage.same("the broker holds one more", &(before + Decimal::ONE), &after);
    let desk = stage.desk().portfolio(stage.account()).await;
    let ours = desk.and_then(|it| it.position(share.symbol()).map(|it| it.quantity().as_decimal()));
    stage.same("the desk holds the same", &after, &ours.unwrap_or_default());
    let sold = trade(stage, &share, Side::Sell).await?;
    costs_something(stage, &sold).await?;
    let end = held_once(stage, share.symbol(), before).await?;
    stage.same("sold again, it is as before", &before, &end);
    Ok(())
}

/// Buys or sells one share at the market.
async fn trade(stage: &mut Stage, share: &Quoted, side: Side) -> Result<Order, Halt> {
    let draft = stage.draft(share.symbol(), side, OrderKind::Market)?;
    let key = draft.key.clone();
    stage.place(draft).await?;
    filled(stage, &key).await
}

async fn filled(stage: &mut Stage, key: &OrderKey) -> Result<Order, Halt> {
    let order = stage.settled(key, &[OrderState::Filled]).await?;
    let price = order.average_price().map_or_else(|| "no price".to_owned(), |it| it.to_string());
    let seen = format!("{}, {} at {price}", order.state(), order.filled());
    stage.check("all of it trades", seen, order.state() == OrderState::Filled);
    let sum: Decimal =
        order.executions().filter(|it| it.part.fills_order()).map(|it| it.quantity.as_decimal()).sum();
    stage.same("its executions add up to it", &order.filled(), &sum);
    Ok(order)
}

/// Every execution is charged for, sooner or later.
async fn costs_something(stage: &mut Stage, order: &Order) -> Result<(), Halt> {
    let key = order.intent().key().clone();
    let all = async |stage: &Stage| {
        stage.desk().order(&key).await.is_some_and(|it| it.commissions().count() == it.executions().count())
    };
    let charged = stage.until(all).await?;
    let order = stage.order(&key).await?;
    let costs: Vec<String> = order.commissions().map(|it| it.to_string()).collect();
    stage.check("each execution has its commission", costs.join(", "), charged);
    Ok(())
}

async fn held(stage: &Stage, symbol: Symbol) -> Result<Decimal, Halt> {
    let positions = stage.broker().accounts().positions(stage.account()).await?;
    let held = positions.rows().iter().find(|it| it.symbol() == symbol);
    Ok(held.map_or(Decimal::ZERO, |it| it.quantity().as_decimal()))
}

/// What is held once it is so much, or what is held when it is not in time.
async fn held_once(stage: &Stage, symbol: Symbol, wanted: Decimal) -> Result<Decimal, Halt> {
    stage.until(async |stage| held(stage, symbol).await.is_ok_and(|it| it == wanted)).await?;
    held(stage, symbol).await
}

pub(super) async fn target(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let before = held(stage, share.symbol()).await?;
    let summary = stage.broker().accounts().summary(stage.account()).await?;
    let worth = summary.net_liquidation.amount();
    // As much as one more share is of the portfolio, and a little, so that it is not rounded away.
    let one_more = (before + Decimal::new(15, 1)) * share.mid / worth;
    let target = TargetPercent::new(one_more.round_dp(10))?;
    let rules = TargetRules { minimum_trade_value: Decimal::ONE };
    let (key, account) = (stage.key()?, stage.account().clone());
    let placed = stage.desk().target(key.clone(), &account, share.symbol(), target, &rules).await?;
    let Some(placed) = placed else {
        stage.check("an order that reaches the target", "no order", false);
        return Ok(());
    };
    stage.taken(placed)?;
    let order = filled(stage, &key).await?;
    let after = held_once(stage, share.symbol(), before + order.filled()).await?;
    let share_now = after * share.mid / worth;
    let near = (share_now - target.fraction()).abs() * worth <= share.mid;
    let seen = format!("{} of the portfolio", share_now.round_dp(6));
    stage.check(format!("within a share of {}", target.fraction().round_dp(6)), seen, near);
    Ok(())
}

pub(super) async fn news(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let mut events = stage.broker().accounts().events().await?;
    let before = held(stage, share.symbol()).await?;
    trade(stage, &share, Side::Buy).await?;
    let (mut position, mut figures) = (None, None);
    while position.is_none() || figures.is_none() {
        match stage.next(&mut events).await? {
            Some(AccountEvent::Summary(summary)) => figures = Some(summary.net_liquidation),
            Some(AccountEvent::Position { position: it, .. }) if it.symbol() == share.symbol() => {
                position = Some(it.quantity().as_decimal()).filter(|it| *it == before + Decimal::ONE);
            }
            Some(AccountEvent::Position { .. }) => {}
            None => break,
        }
    }
    let seen = position.map_or_else(|| "none".to_owned(), |it| it.to_string());
    stage.check("the new position is told", seen, position.is_some());
    let seen = figures.map_or_else(|| "none".to_owned(), |it| it.to_string());
    stage.check("new figures are told", seen, figures.is_some());
    Ok(())
}

/// What the broker says of a position's gains, once it holds so much.
async fn told_of(
    stage: &Stage,
    stream: &mut PnlStream<PositionPnl>,
    wanted: Decimal,
) -> Result<Option<PositionPnl>, Halt> {
    let mut last = None;
    while let Some(PnlEvent::Stands(told)) = stage.next(stream).await? {
        let there = told.quantity.as_decimal() == wanted;
        last = Some(told);
        if there {
            break;
        }
    }
    Ok(last)
}

pub(super) async fn gains(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let before = held(stage, share.symbol()).await?;
    let mut stream = stage.broker().gains().of_position(stage.account(), share.symbol()).await?;
    let bought = trade(stage, &share, Side::Buy).await?;
    let Some(told) = told_of(stage, &mut stream, before + Decimal::ONE).await? else {
        return Err(anyhow::anyhow!("the broker tells nothing of the position's gains").into());
    };
    stage.same("it holds one more", &(before + Decimal::ONE), &told.quantity.as_decimal());
    let wanted = share.mid * told.quantity.as_decimal();
    let text = |amount: Option<Money>| amount.map_or_else(|| "not told".to_owned(), |it| it.to_string());
    let near = told.value.is_some_and(|it| (it.amount() - wanted).abs() <= wanted.abs() / Decimal::TEN);
    stage.check(format!("it is worth about {}", wanted.round_dp(2)), text(told.value), near);
    stage.check("what it has gained", text(told.gains.unrealized), told.gains.unrealized.is_some());
    let sold = trade(stage, &share, Side::Sell).await?;
    let told = told_of(stage, &mut stream, before).await?;
    let quantity = told.as_ref().map_or(Decimal::MAX, |it| it.quantity.as_decimal());
    stage.same("sold again, it is as before", &before, &quantity);
    let paid = |order: &Order| order.average_price().map_or(Decimal::ZERO, |it| it.as_decimal());
    let realized = told.and_then(|it| it.gains.realized);
    // Commissions are in it, or are not: brokers differ.
    let near = |it: Money| before.is_zero().then(|| (it.amount() - (paid(&sold) - paid(&bought))).abs());
    let held = realized.is_some_and(|it| near(it).is_none_or(|apart| apart <= share.mid / Decimal::TEN));
    stage.check("what was gained by it is realized", text(realized), held);
    Ok(())
}
