//! What an order would meet, were it sent now: validation, the risk gate, the broker's what-if, and what it would cost.
//!
//! Exit codes are those of sending it: 0 it would go; 2 validation would refuse it; 3 risk would; 1 the broker would, or could
//! not be asked.

mod view;

pub(super) use view::PreviewView;

use super::outcome::told;
use super::view::{named, order_words};
use super::worded::Worded;
use crate::Session;
use crate::exit::Exit;
use crate::fault::Fault;
use crate::wiring::Platform;
use tradeport_contracts::Contract;
use tradeport_orders::validation::validate;
use tradeport_orders::{OrderIntent, PreviewError};
use tradeport_risk::RiskVerdict;
use tradeport_trading::Previewed;

/// An order, and what it would meet.
pub(super) struct Preview {
    pub(super) view: PreviewView,
    fault: Option<Fault>,
}

/// Asks about an order as it was typed.
pub(super) async fn of_one(worded: &Worded, platform: &Platform) -> anyhow::Result<Preview> {
    let (intent, ordered) = worded.found(platform).await?;
    let words = words(&intent);
    of_intent(intent, &ordered.contract, &words, platform).await
}

/// `buy 10 AAPL LMT 187.25`.
pub(super) fn words(intent: &OrderIntent) -> String {
    order_words(intent.side(), &intent.size(), &named(intent), intent.kind())
}

/// Asks about an intent, which errors call by these words.
pub(super) async fn of_intent(
    intent: OrderIntent,
    contract: &Contract,
    words: &str,
    platform: &Platform,
) -> anyhow::Result<Preview> {
    let previewed = platform.desk().preview(intent.clone()).await?;
    let quote = platform.desk().last_quote(contract.symbol());
    let view = PreviewView::of(&intent, &previewed, contract, quote);
    let fault = fault_of(words, &previewed);
    Ok(Preview { view, fault })
}

/// A child that comes alive later: whether its words would be taken. What it costs then is not known now.
pub(super) fn of_child(intent: &OrderIntent, contract: &Contract, session: &Session) -> Preview {
    let validation = validate(intent, contract, session.clock().now());
    let view = PreviewView::of_child(intent, &validation);
    let fault = not_valid(&words(intent), &validation);
    Preview { view, fault }
}

/// Prints it.
pub(super) fn report(preview: &Preview, session: &Session) -> anyhow::Result<Exit> {
    let printed = if session.output().is_json() {
        session.output().document(&preview.view)
    } else {
        session.output().grid(&preview.view.facts())
    };
    preview.told(session).after(printed)
}

impl Preview {
    /// Says what is wrong, if something is; the exit code that follows.
    pub(super) fn told(&self, session: &Session) -> Exit {
        let fault = self.fault.as_ref();
        fault.map_or(Exit::Done, |fault| told(fault.again(), session))
    }
}

fn fault_of(words: &str, previewed: &Previewed) -> Option<Fault> {
    if let Some(fault) = not_valid(words, &previewed.validation) {
        return Some(fault);
    }
    if let RiskVerdict::Refused(refusal) = &previewed.verdict {
        return Some(Fault::new(
            Exit::RefusedByRisk,
            format!("{words} would be stopped by the risk gate: {refusal}"),
            "a smaller order, or another limit in [risk]: tradeport config show",
        ));
    }
    match &previewed.broker {
        Some(Err(PreviewError::Refused { reason })) => Some(Fault::failed(
            format!("the broker would refuse {words}: {reason}"),
            "correct what the broker names",
        )),
        Some(Err(error @ PreviewError::Unavailable(_))) => Some(Fault::failed(
            format!("what {words} would cost is not known: {error}"),
            "wait a moment, then again",
        )),
        // What a broker cannot tell beforehand is nothing that is wrong with the order.
        Some(Err(PreviewError::Unsupported(_)) | Ok(_)) | None => None,
    }
}

fn not_valid(words: &str, validation: &tradeport_orders::validation::Validation) -> Option<Fault> {
    let reasons: Vec<String> = validation.refusals().iter().map(ToString::to_string).collect();
    if reasons.is_empty() {
        return None;
    }
    let message = format!("{words} would not be taken: {}", reasons.join("; "));
    Some(Fault::usage(message, "correct what is named"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_orders::validation::Validation;

    #[test]
    fn a_broker_that_cannot_be_asked_leaves_the_cost_unknown() {
        let error = PreviewError::Unavailable("no link".into());
        let previewed = Previewed {
            verdict: RiskVerdict::Approved { findings: Vec::new(), beside: None },
            validation: Validation::default(),
            broker: Some(Err(error)),
        };
        let fault = fault_of("buy 10 AAPL MKT", &previewed).unwrap();
        let report = crate::fault::Report::of(&fault.into());
        let said = "what buy 10 AAPL MKT would cost is not known: the broker gave no preview";
        assert_eq!((report.message.as_str(), report.exit_code), (said, 1));
        assert_eq!(report.advice, "wait a moment, then again");
    }
}
