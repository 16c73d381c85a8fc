//! What became of an order, as it is told: the order, what stopped it, and the exit code that follows.

use super::view::OrderView;
use crate::Session;
use crate::exit::Exit;
use crate::fault::{Fault, Report};
use crate::output::Grid;
use crate::wiring::Platform;
use serde::Serialize;
use tradeport_kernel::OrderKey;
use tradeport_orders::validation::{Refusals, Warning};
use tradeport_orders::{BrokenRule, JournalEvent, JournalRecord, OrderInput, OrderJournal, OrderState};
use tradeport_risk::{RiskRefusal, Rule};
use tradeport_trading::Placed;

/// Who stopped an order before it left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stopper {
    /// The risk gate.
    Risk,
    /// Validation: the broker would not have taken it.
    Validation,
}

/// What became of an order, for JSON.
#[derive(Serialize)]
pub(super) struct Answer<'a> {
    order: Option<OrderView>,
    repeat: bool,
    refusal: Option<&'a RiskRefusal>,
    invalid: Vec<BrokenRule>,
    warnings: Vec<String>,
}

impl<'a> Answer<'a> {
    pub(super) fn of(placed: &'a Placed) -> Self {
        Self {
            order: Some(OrderView::of(&placed.order)),
            repeat: placed.repeat,
            refusal: placed.refusal.as_ref(),
            invalid: broken(placed.invalid.as_ref()),
            warnings: words(&placed.warnings),
        }
    }

    /// The order's names and values, one a line.
    pub(super) fn facts(&self) -> Grid {
        self.order.as_ref().map_or_else(Grid::facts, OrderView::facts)
    }

    pub(super) const fn about(order: OrderView) -> Self {
        Self { order: Some(order), repeat: false, refusal: None, invalid: Vec::new(), warnings: Vec::new() }
    }

    /// The same with something that a person should know.
    pub(super) fn warned(mut self, words: Vec<String>) -> Self {
        self.warnings.extend(words);
        self
    }
}

pub(super) fn broken(refusals: Option<&Refusals>) -> Vec<BrokenRule> {
    refusals.map(BrokenRule::all_of).unwrap_or_default()
}

pub(super) fn words(warnings: &[Warning]) -> Vec<String> {
    warnings.iter().map(ToString::to_string).collect()
}

impl Stopper {
    /// A repeat gives the first answer, its exit code included: the journal knows who refused.
    pub(super) async fn of(placed: &Placed, platform: &Platform) -> Option<Self> {
        let is_told = placed.refusal.is_some() || placed.invalid.is_some();
        if is_told || placed.order.state() != OrderState::Refused {
            return Self::by(placed, &[]);
        }
        let records = platform.stores().journal().of(placed.order.intent().key()).await;
        let records = records.unwrap_or_else(|error| {
            tracing::warn!(%error, "who refused the order cannot be read");
            Vec::new()
        });
        Self::by(placed, &records)
    }

    /// The same by what the journal has of the order.
    pub(super) fn by(placed: &Placed, records: &[JournalRecord]) -> Option<Self> {
        if placed.refusal.is_some() {
            return Some(Self::Risk);
        }
        if placed.invalid.is_some() {
            return Some(Self::Validation);
        }
        if placed.order.state() != OrderState::Refused {
            return None;
        }
        let inputs = records.iter().filter_map(|record| match &record.entry.event {
            JournalEvent::Happened { input } => Some(&**input),
            _ => None,
        });
        // After it was sent, verdicts are on changes of it.
        let mut unsent = inputs.take_while(|input| !matches!(input, OrderInput::Sent));
        unsent.find_map(|input| match input {
            OrderInput::RiskRefused { .. } => Some(Self::Risk),
            OrderInput::ValidationRefused { .. } => Some(Self::Validation),
            _ => None,
        })
    }
}

/// Prints an order with what became of it.
pub(super) fn report(placed: &Placed, stopper: Option<Stopper>, session: &Session) -> anyhow::Result<Exit> {
    let output = session.output();
    let printed = if output.is_json() {
        output.document(&Answer::of(placed))
    } else {
        if placed.repeat {
            output.say("this key was placed before: nothing was sent, this is what became of it");
        }
        let printed = output.grid(&OrderView::of(&placed.order).facts());
        words(&placed.warnings).iter().for_each(|warning| output.say(&format!("note: {warning}")));
        printed
    };
    let words = OrderView::of(&placed.order).words();
    let exit = fault_of(&words, placed, stopper).map_or(Exit::Done, |fault| told(fault, session));
    exit.after(printed)
}

/// Shows an error beside a result that was printed.
pub(super) fn told(fault: Fault, session: &Session) -> Exit {
    let report = Report::of(&fault.into());
    session.output().fault(&report);
    report.exit()
}

/// What was wrong with an order that did not get through.
pub(super) fn fault_of(words: &str, placed: &Placed, stopper: Option<Stopper>) -> Option<Fault> {
    // What was said first tells more than what the journal keeps of it: what else counted beside the order.
    let said = placed.refusal.as_ref().map(ToString::to_string);
    let reason = said.as_deref().or_else(|| placed.order.reason()).unwrap_or("no reason was given");
    match (placed.order.state(), stopper) {
        (OrderState::Refused | OrderState::NotSent, Some(Stopper::Risk)) => Some(Fault::new(
            Exit::RefusedByRisk,
            format!("{words} was stopped by the risk gate: {reason}"),
            advice_of_risk(reason),
        )),
        (OrderState::Refused, Some(Stopper::Validation)) => Some(Fault::usage(
            format!("{words} would not be taken: {reason}"),
            "correct what is named, then send it under another key",
        )),
        (OrderState::Refused, None) => Some(Fault::failed(
            format!("the broker refused {words}: {reason}"),
            "correct what the broker names, then send it under another key",
        )),
        (OrderState::Unknown, _) => Some(unknown(words, placed.order.intent().key(), reason)),
        (OrderState::NotSent, _) => Some(Fault::failed(
            format!("{words} was not sent: {reason}"),
            "send it under another key once the broker can be reached",
        )),
        _ => None,
    }
}

/// What helps where a rule of the risk gate is in the way.
pub(super) fn advice_of_risk(reason: &str) -> &'static str {
    let rule = rule_of(reason);
    let is_one_of = |rules: &[Rule]| rules.iter().any(|it| rule == it.as_str());
    // A limit may be a share: `max_daily_loss_share`.
    let is_of_losses = [Rule::MaxDailyLoss, Rule::MaxDrawdown].iter().any(|it| rule.starts_with(it.as_str()));
    if is_one_of(&[Rule::KillSwitch]) {
        "tradeport risk show; once it is clear what went wrong: tradeport risk resume --reason TEXT"
    } else if is_one_of(&[Rule::KnownInputs]) {
        "nothing is wrong with the order: what is missing must be known first; then another --key. tradeport status"
    } else if is_one_of(&[Rule::DuplicateWindow]) {
        "is it wanted twice? tradeport order list --all; if so, again under another key once the window is over"
    } else if is_of_losses {
        "only what leaves a position passes now; another limit in [risk] is a decision: tradeport risk show"
    } else if is_one_of(&[Rule::MaxDailyTrades, Rule::MaxOrdersPerMinute]) {
        "later, under another key; or another limit in [risk]: tradeport risk show"
    } else {
        "a smaller order, or another limit in [risk]: tradeport config show"
    }
}

/// The rule of a reason, without whose limit it is: `max_daily_trades` of `strategies.pairs.max_daily_trades: …`.
fn rule_of(reason: &str) -> &str {
    let setting = reason.split(':').next().unwrap_or(reason);
    setting.rsplit('.').next().unwrap_or(setting)
}

/// An order that the broker may or may not hold.
pub(super) fn unknown(words: &str, key: &OrderKey, reason: &str) -> Fault {
    Fault::new(
        Exit::OutcomeUnknown,
        format!("the broker may or may not hold {words}: {reason}"),
        format!("tradeport order show {key}; do not send it under another key"),
    )
}

/// A target that is reached already, or will be by what these open orders may trade.
pub(super) fn report_nothing(open: &[String], session: &Session) -> anyhow::Result<Exit> {
    let open: Vec<String> = open.iter().map(|order| format!("counted as done: {order}")).collect();
    if session.output().is_json() {
        let invalid = Vec::new();
        let nothing = Answer { order: None, repeat: false, refusal: None, invalid, warnings: open };
        session.output().document(&nothing)?;
    } else {
        let least = session.config().targets.minimum_trade_value;
        session.output().text(&format!(
            "nothing to do: beside what open orders may still trade, it would be worth less than {least}"
        ))?;
        open.iter().try_for_each(|line| session.output().text(line))?;
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_kernel::Timestamp;
    use tradeport_orders::{Order, OrderDraft, OrderKind, Side};

    /// What is said of an order to which this happened: message, advice, exit code.
    fn said(input: &OrderInput) -> (String, String, u8) {
        stopped(input, None)
    }

    fn stopped(input: &OrderInput, stopper: Option<Stopper>) -> (String, String, u8) {
        refused(input, stopper, None)
    }

    fn refused(
        input: &OrderInput,
        stopper: Option<Stopper>,
        refusal: Option<RiskRefusal>,
    ) -> (String, String, u8) {
        let (key, account) = ("k".parse().unwrap(), "DU1".parse().unwrap());
        let size = "10".parse::<tradeport_kernel::Quantity>().unwrap();
        let kind = OrderKind::Market;
        let intent = OrderDraft::new(key, account, "AAPL".parse().unwrap(), Side::Buy, size, kind).check();
        let mut order = Order::open(intent.unwrap(), Timestamp::EPOCH);
        order.apply(input, Timestamp::EPOCH);
        let placed = Placed { order, repeat: false, refusal, invalid: None, warnings: Vec::new() };
        let fault = fault_of("buy 10 AAPL MKT", &placed, stopper).unwrap();
        let report = Report::of(&fault.into());
        (report.message, report.advice, report.exit_code)
    }

    #[test]
    fn an_order_that_never_left_may_be_sent_again() {
        let (message, advice, code) = said(&OrderInput::NotSent { reason: "no link".to_owned() });
        assert_eq!(message, "buy 10 AAPL MKT was not sent: no link");
        assert_eq!(advice, "send it under another key once the broker can be reached");
        assert_eq!(code, 1);
    }

    /// The journal keeps the rule, its number and its limit; what counted beside the order is said once.
    #[test]
    fn a_refusal_says_what_counted_beside_the_order() {
        let (rule, number, limit) = ("short_sales".to_owned(), "-1".to_owned(), "0".to_owned());
        let input = OrderInput::RiskRefused { rule, number, limit };
        let refusal = RiskRefusal {
            beside: Some(10.into()),
            others: Some(8.into()),
            ..RiskRefusal::new(Rule::ShortSales, "-1", "0")
        };
        let (message, advice, code) = refused(&input, Some(Stopper::Risk), Some(refusal));
        for words in ["short_sales: -1 against a limit of 0", "this counts 8 that", "still take 10 out of"] {
            assert!(message.contains(words), "{message}");
        }
        assert_eq!(
            (advice.as_str(), code),
            ("a smaller order, or another limit in [risk]: tradeport config show", 3)
        );
    }

    #[test]
    fn what_to_do_about_a_limit_follows_from_the_rule() {
        let cases = [
            (
                "duplicate_window_seconds: the same order 2 s ago against a limit of 30 s",
                "is it wanted twice?",
            ),
            ("max_daily_loss: 5001 against a limit of 5000", "only what leaves a position passes"),
            ("max_daily_loss_share: 0.03 against a limit of 0.02", "only what leaves a position passes"),
            ("accounts.DU1.max_drawdown: 0.2 against a limit of 0.1", "only what leaves a position passes"),
            ("strategies.pairs.max_daily_trades: 10 against a limit of 10", "later, under another key"),
            ("max_orders_per_minute: 20 against a limit of 20", "later, under another key"),
            ("max_order_value: 6000 against a limit of 5000", "a smaller order"),
        ];
        for (reason, advice) in cases {
            assert!(advice_of_risk(reason).starts_with(advice), "{reason}");
        }
    }

    #[test]
    fn whoever_refused_an_order_is_named_and_what_to_do_about_it() {
        let input = OrderInput::Refused { reason: "too much".to_owned() };
        let cases = [
            (
                Some(Stopper::Risk),
                "buy 10 AAPL MKT was stopped by the risk gate: too much",
                "a smaller order, or another limit in [risk]: tradeport config show",
            ),
            (
                Some(Stopper::Validation),
                "buy 10 AAPL MKT would not be taken: too much",
                "correct what is named, then send it under another key",
            ),
            (
                None,
                "the broker refused buy 10 AAPL MKT: too much",
                "correct what the broker names, then send it under another key",
            ),
        ];
        for (stopper, message, advice) in cases {
            let (said, advised, _) = stopped(&input, stopper);
            assert_eq!((said.as_str(), advised.as_str()), (message, advice));
        }
    }
}
