//! Sending and cancelling orders, through the desk and nowhere else.

use super::view::OrderView;
use crate::Session;
use crate::cli::{OrderArgs, TargetArgs};
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::wiring::Platform;
use serde::Serialize;
use std::time::Duration;
use tradeport_kernel::{AccountId, OrderKey};
use tradeport_orders::{
    CancelError, JournalEvent, Order, OrderDraft, OrderInput, OrderJournal, OrderKind, OrderState, Side,
};
use tradeport_risk::RiskRefusal;
use tradeport_trading::{DeskError, Placed};

/// So long an order that should trade at once is watched before it is reported as it stands.
const PATIENCE: Duration = Duration::from_secs(2);
/// Random characters of a key that nobody chose.
const KEY_CHANCE: usize = 8;

#[derive(Serialize)]
struct Answer<'a> {
    order: Option<OrderView>,
    repeat: bool,
    refusal: Option<&'a RiskRefusal>,
}

/// Buys or sells.
pub(super) async fn trade(side: Side, order: OrderArgs, session: &Session) -> anyhow::Result<Exit> {
    let usage = |problem: String| Fault::usage(problem, format!("tradeport order {side} --help"));
    let kind = order.terms.order_kind().map_err(usage)?;
    let key = order.options.key.unwrap_or_else(|| new_key(session));
    let account = account(order.options.account, session);
    let mut draft = OrderDraft::new(key.clone(), account, order.symbol.symbol(), side, order.quantity, kind);
    draft.time_in_force = order.terms.tif.0;
    // What is wrong in itself is told before anything is opened.
    draft.clone().check().map_err(|error| usage(error.to_string()))?;
    let platform = Platform::open(session).await?;
    let (draft, platform) = match platform.list(order.symbol.instrument()).await {
        Ok(contract) => (OrderDraft { symbol: contract.symbol(), ..draft }, platform),
        Err(error) => return Err(after_closing(error, platform).await),
    };
    let intent = draft.check().map_err(|error| usage(error.to_string()))?;
    let placed = platform.desk().submit(intent).await;
    conclude(placed.map(Some), &key, platform, session).await
}

/// Trades until an instrument is a share of the portfolio.
pub(super) async fn target(target: TargetArgs, session: &Session) -> anyhow::Result<Exit> {
    let platform = Platform::open(session).await?;
    let key = target.options.key.unwrap_or_else(|| new_key(session));
    let account = account(target.options.account, session);
    let (symbol, platform) = match platform.list(target.symbol.instrument()).await {
        Ok(contract) => (contract.symbol(), platform),
        Err(error) => return Err(after_closing(error, platform).await),
    };
    let desk = platform.desk();
    // What the target comes to changes with the market; what was placed under this key does not.
    let placed = match desk.order(&key).await {
        Some(order) if order.intent().symbol() == symbol && *order.intent().account() == account => {
            Ok(Some(Placed { order, repeat: true, refusal: None }))
        }
        Some(_) => Err(DeskError::KeyReused(key.clone())),
        None => {
            let rules = &session.config().targets;
            desk.target(key.clone(), &account, symbol, target.fraction, rules).await
        }
    };
    conclude(placed, &key, platform, session).await
}

/// Nothing was sent; what traded while nobody looked is kept all the same.
async fn after_closing(error: anyhow::Error, platform: Platform) -> anyhow::Error {
    if let Err(closing) = platform.close().await {
        tracing::warn!(error = format!("{closing:#}"), "the platform did not close in good order");
    }
    error
}

/// Cancels an order.
pub(super) async fn cancel(key: &OrderKey, session: &Session) -> anyhow::Result<Exit> {
    let platform = Platform::open(session).await?;
    let cancelled = platform.desk().cancel(key).await;
    let order = match cancelled {
        Ok(order) => settled(order, &platform, session).await,
        Err(error @ DeskError::Cancel(CancelError::OutcomeUnknown(_))) => {
            Err(cancel_unknown(key, error).into())
        }
        Err(error) => Err(error.into()),
    };
    platform.close().await?;
    let view = OrderView::of(&order?);
    if session.output().is_json() {
        session.output().document(&Answer { order: Some(view), repeat: false, refusal: None })?;
    } else {
        session.output().grid(&view.facts())?;
    }
    Ok(Exit::Done)
}

fn account(given: Option<AccountId>, session: &Session) -> AccountId {
    given.unwrap_or_else(|| session.config().account().clone())
}

/// A key that nobody chose: the time, so that keys sort, and chance, so that two of one moment differ. It is said before
/// anything is sent: whatever happens then, the order can be asked for.
fn new_key(session: &Session) -> OrderKey {
    const LETTERS: &[u8] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let now = session.clock().now().to_utc();
    let chance: String =
        (0..KEY_CHANCE).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect();
    let (date, time) = (now.date(), now.time());
    let moment = format!(
        "{:04}{:02}{:02}-{:02}{:02}{:02}",
        date.year(),
        u8::from(date.month()),
        date.day(),
        time.hour(),
        time.minute(),
        time.second()
    );
    let key =
        OrderKey::new(&format!("{moment}-{chance}")).expect("digits, small letters and hyphens make a key");
    session.output().say(&format!("key {key}"));
    key
}

/// Waits for what comes at once, saves the broker's state, and reports.
async fn conclude(
    placed: Result<Option<Placed>, DeskError>,
    key: &OrderKey,
    platform: Platform,
    session: &Session,
) -> anyhow::Result<Exit> {
    let settled = match placed {
        Ok(Some(placed)) => {
            let order = settled(placed.order.clone(), &platform, session).await;
            order.map(|order| Some(Placed { order, ..placed }))
        }
        Ok(None) => Ok(None),
        Err(error) => Err(error.into()),
    };
    let settled = match settled {
        Err(error) => Err(outcome_of_failing(error, key, &platform).await),
        settled => settled,
    };
    let stopped_by_risk = match &settled {
        Ok(Some(placed)) => placed.refusal.is_some() || was_stopped_by_risk(placed, &platform).await,
        _ => false,
    };
    // From here on nothing may hide what became of the order.
    // While an order's outcome is unknown, so is what the portfolio is worth.
    if let Ok(Some(Placed { repeat: false, order, .. })) = &settled
        && order.state() != OrderState::Unknown
        && let Err(error) = platform.keep_value().await
    {
        tracing::warn!(error = format!("{error:#}"), "what the portfolio is worth was not kept");
    }
    if let Err(error) = platform.close().await {
        tracing::warn!(error = format!("{error:#}"), "the platform did not close in good order");
    }
    match settled? {
        Some(placed) => report(&placed, stopped_by_risk, session),
        None => nothing_to_do(session),
    }
}

/// A failure after the order had left is not a failure of the order: what became of it has to be asked.
async fn outcome_of_failing(error: anyhow::Error, key: &OrderKey, platform: &Platform) -> anyhow::Error {
    let before_anything = match error.downcast_ref::<DeskError>() {
        Some(
            DeskError::AnswerNotKept { .. }
            | DeskError::Journal(_)
            | DeskError::Audit(_)
            | DeskError::Replay(_)
            | DeskError::Portfolio(_)
            | DeskError::Gateway(_)
            | DeskError::NotCleared(_),
        )
        | None => false,
        Some(_) => true,
    };
    let order = platform.desk().order(key).await.filter(|_| !before_anything);
    let dead = [OrderState::Recorded, OrderState::Refused, OrderState::NotSent];
    match order.filter(|order| !dead.contains(&order.state())) {
        Some(order) => unknown(&OrderView::of(&order).words(), key, "what became of it could not be kept")
            .because(error)
            .into(),
        None => error,
    }
}

fn unknown(words: &str, key: &OrderKey, reason: &str) -> Fault {
    Fault::new(
        Exit::OutcomeUnknown,
        format!("the broker may or may not hold {words}: {reason}"),
        format!("tradeport order show {key}; do not send it under another key"),
    )
}

fn cancel_unknown(key: &OrderKey, cause: DeskError) -> Fault {
    let message = format!("the broker may or may not have got the cancel of {key}");
    let advice = format!("tradeport order show {key}; if it still works, cancel it again");
    Fault::new(Exit::OutcomeUnknown, message, advice).because(cause)
}

async fn settled(mut order: Order, platform: &Platform, session: &Session) -> anyhow::Result<Order> {
    let clock = session.clock();
    let deadline = clock.now().after(PATIENCE);
    platform.take_in().await?;
    loop {
        if let Some(now) = platform.desk().order(order.intent().key()).await {
            order = now;
        }
        let waits = match order.state() {
            OrderState::CancelPending => true,
            OrderState::Working => *order.kind() == OrderKind::Market,
            _ => false,
        };
        if !waits || clock.now() >= deadline || session.stop().is_asked() {
            return Ok(order);
        }
        platform.next_tick().await?;
    }
}

/// A repeat gives the first answer, its exit code included.
async fn was_stopped_by_risk(placed: &Placed, platform: &Platform) -> bool {
    let stopped = |event: &JournalEvent| matches!(event, JournalEvent::Happened { input } if matches!(**input, OrderInput::RiskRefused { .. }));
    placed.order.state() == OrderState::Refused
        && match platform.stores().journal().of(placed.order.intent().key()).await {
            Ok(records) => records.iter().any(|record| stopped(&record.entry.event)),
            Err(error) => {
                tracing::warn!(%error, "who refused the order cannot be read");
                false
            }
        }
}

fn report(placed: &Placed, stopped_by_risk: bool, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let view = OrderView::of(&placed.order);
    let words = view.words();
    let state = placed.order.state();
    if output.is_json() {
        let refusal = placed.refusal.as_ref();
        output.document(&Answer { order: Some(view), repeat: placed.repeat, refusal })?;
    } else {
        if placed.repeat {
            output.say("this key was placed before: nothing was sent, this is what became of it");
        }
        output.grid(&view.facts())?;
    }
    let reason = placed.order.reason().unwrap_or("no reason was given");
    let fault = match state {
        OrderState::Refused if stopped_by_risk => Fault::new(
            Exit::RefusedByRisk,
            format!("{words} was stopped by the risk gate: {reason}"),
            "a smaller order, or another limit in [risk]: tradeport config show",
        ),
        OrderState::Unknown => unknown(&words, placed.order.intent().key(), reason),
        OrderState::Refused => Fault::failed(
            format!("the broker refused {words}: {reason}"),
            "correct what the broker names, then send it under another key",
        ),
        OrderState::NotSent => Fault::failed(
            format!("{words} was not sent: {reason}"),
            "send it under another key once the broker can be reached",
        ),
        _ => return Ok(Exit::Done),
    };
    let report = Report::of(&fault.into());
    output.fault(&report);
    Ok(report.exit())
}

fn nothing_to_do(session: &Session) -> anyhow::Result<Exit> {
    if session.output().is_json() {
        session.output().document(&Answer { order: None, repeat: false, refusal: None })?;
    } else {
        let least = session.config().targets.minimum_trade_value;
        session.output().text(&format!("nothing to do: the trade would be worth less than {least}"))?;
    }
    Ok(Exit::Done)
}
