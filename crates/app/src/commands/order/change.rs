//! `tradeport order change`: other prices, another size or time for an order that still works.

use super::outcome::{broken, told, words};
use super::settle::{after_closing, close, settled};
use super::view::OrderView;
use super::worded::{known, usage};
use crate::Session;
use crate::cli::ChangeArgs;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::wiring::Platform;
use serde::Serialize;
use tradeport_orders::{BrokenRule, OrderChange};
use tradeport_risk::RiskRefusal;
use tradeport_trading::{ChangeOutcome, Changed, DeskError};

/// What became of a change, for JSON.
#[derive(Serialize)]
struct Answer<'a> {
    order: OrderView,
    /// `made`, `stopped_by_risk`, `invalid`, `refused`, `not_sent` or `unknown`.
    change: &'static str,
    reason: Option<&'a str>,
    refusal: Option<&'a RiskRefusal>,
    invalid: Vec<BrokenRule>,
    warnings: Vec<String>,
}

/// Changes an order.
pub(super) async fn run(arguments: ChangeArgs, session: &Session) -> anyhow::Result<Exit> {
    let platform = Platform::open(session).await?;
    let changed = match changed(&arguments, &platform, session).await {
        Ok(changed) => changed,
        Err(error) => return Err(after_closing(error, platform).await),
    };
    close(platform).await;
    report(&changed, session)
}

async fn changed(arguments: &ChangeArgs, platform: &Platform, session: &Session) -> anyhow::Result<Changed> {
    let (key, desk) = (&arguments.key, platform.desk());
    let order = desk.order(key).await.ok_or_else(|| DeskError::UnknownOrder(key.clone()))?;
    if let Ok(contract) = desk.contract_of(order.intent()).await {
        platform.note_rate(contract.currency()).await;
    }
    let known = known(arguments.conditions.specs(), platform).await?;
    let change = arguments.change(order.kind(), &known).map_err(|problem| usage(problem, "order change"))?;
    if change == OrderChange::default() {
        let problem =
            "nothing is to be changed: give prices, a quantity, a time in force, sessions or conditions";
        return Err(usage(problem.to_owned(), "order change").into());
    }
    let changed = desk.change(key, change).await?;
    let order = settled(changed.order.clone(), platform, session).await?;
    Ok(Changed { order, ..changed })
}

fn report(changed: &Changed, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let view = OrderView::of(&changed.order);
    let outcome = &changed.outcome;
    let printed = if output.is_json() {
        output.document(&Answer {
            order: view,
            change: word(outcome),
            reason: reason(outcome),
            refusal: if let ChangeOutcome::StoppedByRisk(refusal) = outcome { Some(refusal) } else { None },
            invalid: broken(if let ChangeOutcome::Invalid(refusals) = outcome {
                Some(refusals)
            } else {
                None
            }),
            warnings: words(&changed.warnings),
        })
    } else {
        let printed = output.grid(&view.facts());
        words(&changed.warnings).iter().for_each(|warning| output.say(&format!("note: {warning}")));
        printed
    };
    fault_of(changed).map_or(Exit::Done, |fault| told(fault, session)).after(printed)
}

const fn word(outcome: &ChangeOutcome) -> &'static str {
    match outcome {
        ChangeOutcome::Made => "made",
        ChangeOutcome::StoppedByRisk(_) => "stopped_by_risk",
        ChangeOutcome::Invalid(_) => "invalid",
        ChangeOutcome::Refused { .. } => "refused",
        ChangeOutcome::NotSent { .. } => "not_sent",
        ChangeOutcome::Unknown { .. } => "unknown",
    }
}

fn reason(outcome: &ChangeOutcome) -> Option<&str> {
    match outcome {
        ChangeOutcome::Refused { reason }
        | ChangeOutcome::NotSent { reason }
        | ChangeOutcome::Unknown { reason } => Some(reason),
        _ => None,
    }
}

fn fault_of(changed: &Changed) -> Option<Fault> {
    let key = changed.order.intent().key();
    let stands = "the order stands as it was";
    match &changed.outcome {
        ChangeOutcome::Made => None,
        ChangeOutcome::StoppedByRisk(refusal) => Some(Fault::new(
            Exit::RefusedByRisk,
            format!("the change of {key} was stopped by the risk gate: {refusal}; {stands}"),
            "a smaller change, or another limit in [risk]: tradeport config show",
        )),
        ChangeOutcome::Invalid(refusals) => Some(Fault::usage(
            format!("the change of {key} would not be taken: {refusals}; {stands}"),
            "correct what is named, then change it again",
        )),
        ChangeOutcome::Refused { reason } => Some(Fault::failed(
            format!("the broker refused the change of {key}: {reason}; {stands}"),
            "correct what the broker names, then change it again",
        )),
        ChangeOutcome::NotSent { reason } => Some(Fault::failed(
            format!("the change of {key} was not sent: {reason}; {stands}"),
            "change it again once the broker can be reached",
        )),
        ChangeOutcome::Unknown { reason } => Some(Fault::new(
            Exit::OutcomeUnknown,
            format!("the broker may or may not have got the change of {key}: {reason}"),
            format!("tradeport order show {key} tells once the broker can be asked"),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_kernel::Timestamp;
    use tradeport_orders::{Order, OrderDraft, OrderKind, Side};

    /// What is said of a change that came to this: message and advice.
    fn said(outcome: ChangeOutcome) -> (String, String, u8) {
        let (key, account) = ("k".parse().unwrap(), "DU1".parse().unwrap());
        let size = "10".parse::<tradeport_kernel::Quantity>().unwrap();
        let kind = OrderKind::Limit { limit: "50".parse().unwrap() };
        let intent = OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, size, kind).check();
        let order = Order::open(intent.unwrap(), Timestamp::EPOCH);
        let fault = fault_of(&Changed { order, outcome, warnings: Vec::new() }).unwrap();
        let report = crate::fault::Report::of(&fault.into());
        (report.message, report.advice, report.exit_code)
    }

    #[test]
    fn a_change_that_did_not_get_through_says_that_the_order_stands() {
        let reason = || "no".to_owned();
        let refused = "the broker refused the change of k: no; the order stands as it was";
        let advice = "correct what the broker names, then change it again";
        assert_eq!(
            said(ChangeOutcome::Refused { reason: reason() }),
            (refused.to_owned(), advice.to_owned(), 1)
        );
        let unsent = "the change of k was not sent: no; the order stands as it was";
        let advice = "change it again once the broker can be reached";
        assert_eq!(
            said(ChangeOutcome::NotSent { reason: reason() }),
            (unsent.to_owned(), advice.to_owned(), 1)
        );
        let unknown = "the broker may or may not have got the change of k: no";
        let advice = "tradeport order show k tells once the broker can be asked";
        assert_eq!(
            said(ChangeOutcome::Unknown { reason: reason() }),
            (unknown.to_owned(), advice.to_owned(), 4)
        );
    }
}
