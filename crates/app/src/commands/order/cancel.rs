//! `tradeport order cancel` and `cancel-all`: by a desk of its own, or by the service that has the orders.

use super::bare::{Family, left_bare};
use super::by_service::Serving;
use super::outcome::{Answer, told};
use super::settle::{after_closing, close, settled};
use super::view::{OrderView, table};
use crate::Session;
use crate::asking::{Which, cancel_all};
use crate::cli::CancelAllArgs;
use crate::exit::Exit;
use crate::fault::{Fault, Report, cancel_failed};
use crate::wiring::Platform;
use anyhow::Context;
use serde::Serialize;
use tradeport_kernel::OrderKey;
use tradeport_orders::{CancelTag, Order, OrderState};
use tradeport_trading::Cancelled;

/// Cancels an order.
pub(super) async fn one(key: &OrderKey, session: &Session) -> anyhow::Result<Exit> {
    if let Some(service) = Serving::of(session)? {
        let asked = service.cancel(Which::One(key.clone()), session).await?;
        let one = asked.into_iter().next().context("the service says nothing of the order")?;
        let families = vec![one.family.clone()];
        let order = service.settled(one, session).await?;
        let bare = service.left_bare(std::slice::from_ref(key), &families, session).await;
        return told_of(&order, bare, session);
    }
    let platform = Platform::open(session).await?;
    let order = cancelled(key, &platform, session).await;
    let bare = match &order {
        Ok(_) => bare_after(std::slice::from_ref(key), &platform, session).await,
        Err(_) => Vec::new(),
    };
    platform.close().await?;
    told_of(&order?, bare, session)
}

/// What the cancels of these orders have left without its stop.
async fn bare_after(cancelled: &[OrderKey], platform: &Platform, session: &Session) -> Vec<String> {
    let look = async || Ok(Family::all_of(cancelled, platform.desk().orders().await));
    left_bare(cancelled, session, look, async || platform.next_tick().await).await
}

fn told_of(order: &Order, bare: Vec<String>, session: &Session) -> anyhow::Result<Exit> {
    let view = OrderView::of(order);
    bare.iter().for_each(|words| session.output().say(&format!("note: {words}")));
    let printed = if session.output().is_json() {
        session.output().document(&Answer::about(view).warned(bare))
    } else {
        session.output().grid(&view.facts())
    };
    not_cancelled(order).map_or(Exit::Done, |fault| told(fault, session)).after(printed)
}

/// What is wrong with an order whose cancel got through and that is not cancelled: whoever asked takes 0 for dead.
fn not_cancelled(order: &Order) -> Option<Fault> {
    let key = order.intent().key();
    match order.state() {
        OrderState::Filled => {
            let message = format!("{key} was traded in full before its cancel took effect");
            Some(Fault::failed(message, format!("tradeport order show {key}")))
        }
        state if state.is_final() => None,
        _ => {
            let message = format!("the broker has not confirmed the cancel of {key} yet: it may still trade");
            let advice = format!("tradeport order show {key}; if it still works, cancel it again");
            Some(Fault::new(Exit::OutcomeUnknown, message, advice))
        }
    }
}

async fn cancelled(key: &OrderKey, platform: &Platform, session: &Session) -> anyhow::Result<Order> {
    match platform.desk().cancel(key, CancelTag::default()).await {
        Ok(order) => settled(order, platform, session).await,
        Err(error) => Err(cancel_failed(key, error)),
    }
}

/// What became of all cancels, for JSON.
#[derive(Serialize)]
struct Answers {
    cancelled: Vec<OrderView>,
    failed: Vec<Failed>,
    /// What is without its stop now.
    warnings: Vec<String>,
}

/// A cancel that did not get through.
#[derive(Serialize)]
struct Failed {
    key: OrderKey,
    error: Report,
}

/// Cancels every order that can still trade: all of them are asked for before any answer is waited for.
pub(super) async fn all(arguments: &CancelAllArgs, session: &Session) -> anyhow::Result<Exit> {
    let mut outcomes = Vec::new();
    if let Some(service) = Serving::of(session)? {
        let account = arguments.account.clone();
        let instrument = arguments.symbol.as_ref().map(|spec| spec.instrument().clone());
        let mut families = Vec::new();
        for mut asked in service.cancel(Which::All { account, instrument }, session).await? {
            families.push(std::mem::take(&mut asked.family));
            outcomes.push((asked.key.clone(), service.settled(asked, session).await));
        }
        let bare = service.left_bare(&keys_of(&outcomes), &families, session).await;
        return told_of_all(outcomes, bare, session);
    }
    let platform = Platform::open(session).await?;
    let asked = match ask(arguments, &platform).await {
        Ok(asked) => asked,
        Err(error) => return Err(after_closing(error, platform).await),
    };
    let awake = platform.desk().awake_orders().await;
    for Cancelled { key, outcome } in asked {
        let is_awake = awake.iter().any(|order| order.intent().key() == &key);
        let order = match outcome {
            Ok(order) => settled(order, &platform, session).await,
            // A child goes with its parent: it may be gone by now.
            Err(error) => match platform.desk().order(&key).await {
                Some(order) if order.state() == OrderState::Cancelled && !is_awake => Ok(order),
                _ => Err(cancel_failed(&key, error)),
            },
        };
        outcomes.push((key, order));
    }
    let bare = bare_after(&keys_of(&outcomes), &platform, session).await;
    close(platform).await;
    told_of_all(outcomes, bare, session)
}

fn keys_of(outcomes: &[(OrderKey, anyhow::Result<Order>)]) -> Vec<OrderKey> {
    outcomes.iter().map(|(key, _)| key.clone()).collect()
}

fn told_of_all(
    outcomes: Vec<(OrderKey, anyhow::Result<Order>)>,
    warnings: Vec<String>,
    session: &Session,
) -> anyhow::Result<Exit> {
    let mut answers = Answers { cancelled: Vec::new(), failed: Vec::new(), warnings };
    let mut exit = Exit::Done;
    for (key, order) in outcomes {
        let order =
            order.and_then(|order| not_cancelled(&order).map_or(Ok(order), |fault| Err(fault.into())));
        match order {
            Ok(order) => answers.cancelled.push(OrderView::of(&order)),
            Err(error) => {
                let error = Report::of(&error);
                exit = if exit == Exit::OutcomeUnknown { exit } else { error.exit() };
                answers.failed.push(Failed { key, error });
            }
        }
    }
    exit.after(show(&answers, exit, session))
}

async fn ask(arguments: &CancelAllArgs, platform: &Platform) -> anyhow::Result<Vec<Cancelled>> {
    let symbol = match &arguments.symbol {
        Some(spec) => Some(platform.find(spec.instrument()).await?.symbol()),
        None => None,
    };
    Ok(cancel_all(platform.desk(), arguments.account.as_ref(), symbol).await?)
}

fn show(answers: &Answers, exit: Exit, session: &Session) -> anyhow::Result<()> {
    let output = session.output();
    answers.warnings.iter().for_each(|words| output.say(&format!("note: {words}")));
    if output.is_json() {
        let printed = output.document(answers);
        if let Some(failed) = answers.failed.first() {
            let (left, all) = (answers.failed.len(), answers.failed.len() + answers.cancelled.len());
            let message = format!("{left} of {all} orders were not cancelled: {}", failed.error.message);
            told(Fault::new(exit, message, failed.error.advice.clone()), session);
        }
        return printed;
    }
    if answers.cancelled.is_empty() && answers.failed.is_empty() {
        output.say("nothing to cancel: no order can still trade");
    }
    let printed = if answers.cancelled.is_empty() { Ok(()) } else { output.grid(&table(&answers.cancelled)) };
    for failed in &answers.failed {
        let Failed { key, error } = failed;
        let fault = Fault::failed(format!("{key}: {}", error.message), error.advice.clone());
        let because = error.causes.join(": ");
        told(if because.is_empty() { fault } else { fault.because(anyhow::anyhow!(because)) }, session);
    }
    printed
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_kernel::{Decimal, PermId, Quantity, Timestamp};
    use tradeport_orders::{
        BrokerPhase, BrokerStatus, ExecutedPart, Execution, ExecutionId, OrderDraft, OrderInput, OrderKind,
        RefusedBy, Side,
    };

    fn order() -> Order {
        let (key, account) = ("k".parse().unwrap(), "DU1".parse().unwrap());
        let (size, kind) = ("10".parse::<Quantity>().unwrap(), OrderKind::Market);
        let intent = OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, size, kind).check();
        let mut order = Order::open(intent.unwrap(), Timestamp::EPOCH);
        let accepted = OrderInput::Accepted { perm_id: None, broker_order_id: None };
        for input in [OrderInput::Sent, accepted, OrderInput::CancelRequested { tag: CancelTag::default() }] {
            order.apply(&input, Timestamp::EPOCH);
        }
        order
    }

    fn traded(quantity: &str) -> OrderInput {
        let execution = Execution {
            id: ExecutionId::new("e", 1),
            key: None,
            perm_id: PermId::new(7),
            account: "DU1".parse().unwrap(),
            symbol: "AAPL".parse().unwrap(),
            side: Side::Buy,
            quantity: quantity.parse().unwrap(),
            price: "10".parse().unwrap(),
            at: Timestamp::EPOCH,
            part: ExecutedPart::Whole,
        };
        OrderInput::Executed { execution }
    }

    fn status(phase: BrokerPhase) -> OrderInput {
        OrderInput::Status {
            status: BrokerStatus { phase, filled: Decimal::ZERO, perm_id: None, reason: None },
        }
    }

    /// The exit code of a cancel after which this happened.
    fn code_after(inputs: &[OrderInput]) -> u8 {
        let mut order = order();
        inputs.iter().for_each(|input| drop(order.apply(input, Timestamp::EPOCH)));
        not_cancelled(&order).map_or(0, |fault| Report::of(&fault.into()).exit_code)
    }

    #[test]
    fn only_a_cancel_that_is_confirmed_is_done() {
        assert_eq!(code_after(&[]), 4, "the broker has not said that it is dead");
        assert_eq!(code_after(&[traded("4")]), 4, "the rest may still trade");
        assert_eq!(code_after(&[status(BrokerPhase::Cancelled)]), 0);
        assert_eq!(code_after(&[traded("4"), status(BrokerPhase::Cancelled)]), 0);
        assert_eq!(code_after(&[traded("10")]), 1, "it is not cancelled: it traded");
        assert_eq!(
            code_after(&[OrderInput::CancelRefused { reason: "too late".to_owned(), by: RefusedBy::Broker }]),
            4
        );
    }
}
