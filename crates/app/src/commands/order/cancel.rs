//! `tradeport order cancel` and `cancel-all`.

use super::outcome::{Answer, told};
use super::settle::{after_closing, close, settled};
use super::view::{OrderView, table};
use crate::Session;
use crate::cli::CancelAllArgs;
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::wiring::Platform;
use serde::Serialize;
use tradeport_kernel::OrderKey;
use tradeport_orders::{CancelError, CancelTag, Order, OrderState};
use tradeport_trading::{Cancelled, DeskError};

/// Cancels an order.
pub(super) async fn one(key: &OrderKey, session: &Session) -> anyhow::Result<Exit> {
    let platform = Platform::open(session).await?;
    let order = cancelled(key, &platform, session).await;
    platform.close().await?;
    let view = OrderView::of(&order?);
    if session.output().is_json() {
        session.output().document(&Answer::about(view))?;
    } else {
        session.output().grid(&view.facts())?;
    }
    Ok(Exit::Done)
}

async fn cancelled(key: &OrderKey, platform: &Platform, session: &Session) -> anyhow::Result<Order> {
    match platform.desk().cancel(key, CancelTag::default()).await {
        Ok(order) => settled(order, platform, session).await,
        Err(error) => Err(failed(key, error)),
    }
}

fn failed(key: &OrderKey, cause: DeskError) -> anyhow::Error {
    if !matches!(cause, DeskError::Cancel(CancelError::OutcomeUnknown(_))) {
        return cause.into();
    }
    let message = format!("the broker may or may not have got the cancel of {key}");
    let advice = format!("tradeport order show {key}; if it still works, cancel it again");
    Fault::new(Exit::OutcomeUnknown, message, advice).because(cause).into()
}

/// What became of all cancels, for JSON.
#[derive(Serialize)]
struct Answers {
    cancelled: Vec<OrderView>,
    failed: Vec<Failed>,
}

/// A cancel that did not get through.
#[derive(Serialize)]
struct Failed {
    key: OrderKey,
    error: Report,
}

/// Cancels every order that can still trade: all of them are asked for before any answer is waited for.
pub(super) async fn all(arguments: &CancelAllArgs, session: &Session) -> anyhow::Result<Exit> {
    let platform = Platform::open(session).await?;
    let asked = match ask(arguments, &platform).await {
        Ok(asked) => asked,
        Err(error) => return Err(after_closing(error, platform).await),
    };
    let mut answers = Answers { cancelled: Vec::new(), failed: Vec::new() };
    let mut exit = Exit::Done;
    for Cancelled { key, outcome } in asked {
        let order = match outcome {
            Ok(order) => settled(order, &platform, session).await,
            // A child goes with its parent: it may be gone by now.
            Err(error) => match platform.desk().order(&key).await {
                Some(order) if order.state() == OrderState::Cancelled => Ok(order),
                _ => Err(failed(&key, error)),
            },
        };
        match order {
            Ok(order) => answers.cancelled.push(OrderView::of(&order)),
            Err(error) => {
                let error = Report::of(&error);
                exit = if exit == Exit::OutcomeUnknown { exit } else { error.exit() };
                answers.failed.push(Failed { key, error });
            }
        }
    }
    close(platform).await;
    show(&answers, session)?;
    Ok(exit)
}

async fn ask(arguments: &CancelAllArgs, platform: &Platform) -> anyhow::Result<Vec<Cancelled>> {
    let desk = platform.desk();
    let Some(spec) = &arguments.symbol else {
        return Ok(desk.cancel_all(arguments.account.as_ref(), CancelTag::default()).await?);
    };
    let symbol = platform.find(spec.instrument()).await?.symbol();
    let mut asked = Vec::new();
    for order in desk.live_orders().await {
        let intent = order.intent();
        let of_account = arguments.account.as_ref().is_none_or(|account| account == intent.account());
        if intent.symbol() == symbol && of_account {
            let key = intent.key().clone();
            let outcome = desk.cancel(&key, CancelTag::default()).await;
            asked.push(Cancelled { key, outcome });
        }
    }
    Ok(asked)
}

fn show(answers: &Answers, session: &Session) -> anyhow::Result<()> {
    let output = session.output();
    if output.is_json() {
        return output.document(answers);
    }
    if answers.cancelled.is_empty() && answers.failed.is_empty() {
        output.say("nothing to cancel: no order can still trade");
    }
    if !answers.cancelled.is_empty() {
        output.grid(&table(&answers.cancelled))?;
    }
    for failed in &answers.failed {
        let Failed { key, error } = failed;
        told(Fault::failed(format!("{key}: {}", error.message), error.advice.clone()), session);
    }
    Ok(())
}
