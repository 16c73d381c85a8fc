//! What the desk does with one order: previews, changes, cancels, refuses, and sends it once.

use super::super::scenario::Halt;
use super::super::stage::Stage;
use super::kinds::open;
use super::words;
use tradeport_kernel::{Decimal, Price, Quantity};
use tradeport_orders::{CancelTag, OrderChange, OrderKind, OrderState, PreviewError, Side};
use tradeport_trading::ChangeOutcome;

const RESTS: [OrderState; 2] = [OrderState::Working, OrderState::Held];

pub(super) async fn what_if(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let draft = stage.far_below(&share)?;
    let key = draft.key.clone();
    let previewed = stage.desk().preview(draft.check()?).await?;
    match previewed.broker {
        Some(Ok(preview)) => {
            let after = preview.initial_margin.after;
            let text = after.map_or_else(|| "not told".to_owned(), |it| it.to_string());
            stage.check("the margin that it would take", text, after.is_some());
            let cost = preview.commission.expected.or(preview.commission.most);
            let text = cost.map_or_else(|| "not told".to_owned(), |it| it.to_string());
            // Brokers do not always reckon commissions beforehand: what they say is shown.
            stage.check("what it would cost, where the broker tells", text, true);
        }
        Some(Err(PreviewError::Unsupported(what))) => return Err(Halt::Skip(what.to_owned())),
        Some(Err(error)) => return Err(error.into()),
        None => {
            let reasons: Vec<String> =
                previewed.validation.refusals().iter().map(ToString::to_string).collect();
            stage.check("validation has nothing against it", reasons.join("; "), false);
        }
    }
    let (held, known) = (open(stage, &key).await?, stage.desk().order(&key).await.is_some());
    let seen = if known { "the desk has an order".to_owned() } else { words::held(held.as_ref()) };
    stage.check("nothing is placed", seen, held.is_none() && !known);
    Ok(())
}

pub(super) async fn modify(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let draft = stage.far_below(&share)?;
    let key = draft.key.clone();
    stage.place(draft).await?;
    stage.settled(&key, &RESTS).await?;
    let (lower, two): (Price, Quantity) = (share.times(75)?, Quantity::new(Decimal::TWO)?);
    let mut change = OrderChange::to_kind(OrderKind::Limit { limit: lower });
    change.quantity = Some(two);
    let changed = stage.desk().change(&key, change).await?;
    let seen = words::change(&changed.outcome);
    stage.check("the broker takes the change", seen, changed.outcome == ChangeOutcome::Made);
    let worded = async |stage: &Stage| {
        let order = stage.desk().order(&key).await;
        order.is_some_and(|it| it.kind().limit_price() == Some(lower) && it.quantity() == Some(two))
    };
    let ours = stage.until(worded).await?;
    let known = stage.desk().order(&key).await;
    let seen = known.map_or_else(
        || words::NOT_THERE.to_owned(),
        |it| format!("{} {}", it.size(), words::kind(Some(it.kind()))),
    );
    stage.check(format!("the order is for 2 at {lower}"), seen, ours);
    let held = open(stage, &key).await?;
    let seen = words::held(held.as_ref());
    let same = held.is_some_and(|it| {
        it.size == two.into() && it.kind.and_then(|kind| kind.limit_price()) == Some(lower)
    });
    stage.check("the broker holds the same", seen, same);
    Ok(())
}

pub(super) async fn cancel(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let draft = stage.far_below(&share)?;
    let key = draft.key.clone();
    stage.place(draft).await?;
    stage.settled(&key, &RESTS).await?;
    stage.desk().cancel(&key, CancelTag::default()).await?;
    let order = stage.settled(&key, &[OrderState::Cancelled]).await?;
    stage.check("it is cancelled", order.state(), order.state() == OrderState::Cancelled);
    stage.check("nothing of it traded", order.filled(), order.filled().is_zero());
    let again = stage.desk().cancel(&key, CancelTag::default()).await;
    let seen = again.as_ref().map_or_else(ToString::to_string, |_| "a cancel was sent".to_owned());
    stage.check("what has ended cannot be cancelled again", seen, again.is_err());
    Ok(())
}

pub(super) async fn cancel_all(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let mut keys = Vec::new();
    for _ in 0..3 {
        let draft = stage.far_below(&share)?;
        keys.push(draft.key.clone());
        stage.place(draft).await?;
    }
    for key in &keys {
        stage.settled(key, &RESTS).await?;
    }
    // Not every order of the account is ours to cancel: others may be working there.
    let others = stage.desk().orders().await;
    let foreign = others.iter().filter(|it| it.state().may_trade() && !stage.is_of_this_run(it)).count();
    if foreign > 0 {
        return Err(Halt::Skip(format!("{foreign} orders of somebody else would be cancelled too")));
    }
    let account = stage.account().clone();
    let asked = stage.desk().cancel_all(Some(&account), CancelTag::default()).await?;
    let passed = asked.iter().filter(|it| it.outcome.is_ok()).count();
    stage.check("three cancels get through", passed, passed == 3);
    let mut states = Vec::new();
    for key in &keys {
        states.push(stage.settled(key, &[OrderState::Cancelled]).await?.state());
    }
    let words: Vec<&str> = states.iter().map(|it| it.as_str()).collect();
    stage.check("all are cancelled", words.join(", "), states.iter().all(|it| *it == OrderState::Cancelled));
    Ok(())
}

pub(super) async fn refused(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let off_step = Price::new(share.times(80)?.as_decimal() + Decimal::new(3, 3))?;
    let draft = stage.draft(share.symbol(), Side::Buy, OrderKind::Limit { limit: off_step })?;
    let key = draft.key.clone();
    let placed = stage.desk().submit(draft.check()?).await?;
    let refused = placed.order.state() == OrderState::Refused;
    let reason = placed.order.reason().unwrap_or("no reason").to_owned();
    stage.check(format!("{off_step} is on no price step"), reason, refused && placed.invalid.is_some());
    let held = open(stage, &key).await?;
    stage.check("it never left", words::held(held.as_ref()), held.is_none());
    Ok(())
}

pub(super) async fn same_key(stage: &mut Stage) -> Result<(), Halt> {
    let share = stage.quoted().await?;
    let draft = stage.far_below(&share)?;
    let key = draft.key.clone();
    let first = stage.desk().submit(draft.clone().check()?).await?;
    let second = stage.desk().submit(draft.check()?).await?;
    let told = |repeat: bool| if repeat { "a repeat" } else { "new" };
    let seen = format!("{}, then {}", told(first.repeat), told(second.repeat));
    stage.check("the second is known as a repeat", seen, !first.repeat && second.repeat);
    stage.settled(&key, &RESTS).await?;
    let orders = stage.broker().gateway().open_orders().await?.into_rows();
    let held = orders.iter().filter(|it| it.key.as_ref() == Some(&key)).count();
    stage.check("the broker holds one", held, held == 1);
    Ok(())
}
