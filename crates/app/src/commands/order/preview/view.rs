//! A preview as it is printed.

use super::super::view::{at_route, order_words};
use crate::output::Grid;
use serde::Serialize;
use tradeport_contracts::{Contract, InstrumentKind};
use tradeport_kernel::{AccountId, Decimal, Money, Price, Symbol, Timestamp};
use tradeport_market_data::Quote;
use tradeport_orders::validation::{Validation, Warning};
use tradeport_orders::{
    AccountEffect, BrokenRule, CommissionPreview, OrderIntent, OrderKind, OrderPreview, OrderSize, Side,
    Venue,
};
use tradeport_risk::RiskVerdict;
use tradeport_trading::Previewed;

/// What an order would meet, for JSON and for a table.
#[derive(Serialize)]
pub(in super::super) struct PreviewView {
    pub(in super::super) order: IntentView,
    /// Nobody who was asked has anything against it.
    pub(in super::super) would_go: bool,
    risk: Option<RiskVerdict>,
    validation: ValidationView,
    broker: Option<BrokerView>,
    cost: Option<CostView>,
}

/// An order that is not sent.
#[derive(Serialize)]
pub(in super::super) struct IntentView {
    account: AccountId,
    symbol: Symbol,
    route: Option<Venue>,
    side: Side,
    quantity: Option<Decimal>,
    size: OrderSize,
    #[serde(rename = "type")]
    type_name: &'static str,
    kind: OrderKind,
    time_in_force: &'static str,
    good_till: Option<Timestamp>,
}

#[derive(Serialize)]
struct ValidationView {
    accepted: bool,
    refusals: Vec<BrokenRule>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct BrokerView {
    would_take: bool,
    error: Option<String>,
    what_if: Option<OrderPreview>,
}

/// What it would come to at a price.
#[derive(Serialize)]
struct CostView {
    price: Price,
    /// `limit`, `ask`, `bid`, `mid` or `trigger`.
    price_from: &'static str,
    /// Price times size times multiplier; below zero for what is received for a combo.
    worth: Money,
    /// The most that the broker says.
    commission: Option<Money>,
    /// To pay when bought, to receive when sold, with commission; nothing for what only takes margin.
    total: Option<Money>,
}

impl IntentView {
    fn of(intent: &OrderIntent) -> Self {
        Self {
            account: intent.account().clone(),
            symbol: intent.symbol(),
            route: intent.route(),
            side: intent.side(),
            quantity: intent.quantity().map(|quantity| quantity.as_decimal()),
            size: intent.size(),
            type_name: intent.kind().name(),
            kind: *intent.kind(),
            time_in_force: intent.time_in_force().name(),
            good_till: intent.time_in_force().end(),
        }
    }

    pub(in super::super) fn words(&self) -> String {
        order_words(self.side, &self.size, &at_route(self.symbol, self.route), &self.kind)
    }
}

impl ValidationView {
    fn of(validation: &Validation, warnings: &[Warning]) -> Self {
        let broken = |one: &tradeport_orders::validation::Refusal| BrokenRule {
            rule: one.rule().to_string(),
            words: one.to_string(),
        };
        Self {
            accepted: validation.is_accepted(),
            refusals: validation.refusals().iter().map(broken).collect(),
            warnings: warnings.iter().map(ToString::to_string).collect(),
        }
    }
}

impl PreviewView {
    pub(super) fn of(
        intent: &OrderIntent,
        previewed: &Previewed,
        contract: &Contract,
        quote: Option<Quote>,
    ) -> Self {
        let broker = previewed.broker.as_ref().map(|answer| BrokerView {
            would_take: answer.is_ok(),
            error: answer.as_ref().err().map(ToString::to_string),
            what_if: answer.as_ref().ok().cloned(),
        });
        let commission = match &previewed.broker {
            Some(Ok(what_if)) => most(&what_if.commission),
            _ => None,
        };
        Self {
            order: IntentView::of(intent),
            would_go: previewed.would_go(),
            risk: Some(previewed.verdict.clone()),
            validation: ValidationView::of(&previewed.validation, &previewed.warnings(intent)),
            broker,
            cost: CostView::of(intent, contract, quote, commission),
        }
    }

    pub(super) fn of_child(intent: &OrderIntent, validation: &Validation) -> Self {
        Self {
            order: IntentView::of(intent),
            would_go: validation.is_accepted(),
            risk: None,
            validation: ValidationView::of(validation, validation.warnings()),
            broker: None,
            cost: None,
        }
    }

    /// Names and values, one a line.
    pub(in super::super) fn facts(&self) -> Grid {
        let mut grid = Grid::facts();
        grid.fact("order", self.order.words());
        self.add_to(&mut grid);
        grid
    }

    /// Why an exit would not be taken, if it would not.
    pub(in super::super) fn add_refusals_to(&self, grid: &mut Grid, role: &str) {
        for (index, broken) in self.validation.refusals.iter().enumerate() {
            let name = if index == 0 { format!("validation of {role}") } else { String::new() };
            grid.fact(&name, broken.words.as_str());
        }
    }

    /// The same without the order itself.
    pub(in super::super) fn add_to(&self, grid: &mut Grid) {
        let until = self.order.good_till.map(|moment| format!(" {moment}")).unwrap_or_default();
        grid.fact("time in force", format!("{}{until}", self.order.time_in_force));
        if let Some(cost) = &self.cost {
            cost.add_to(grid, self.order.side);
        }
        if let Some(BrokerView { what_if: Some(what_if), .. }) = &self.broker {
            add_what_if(grid, what_if);
        }
        if let Some(risk) = &self.risk {
            match risk {
                RiskVerdict::Approved { findings, .. } => {
                    let words: Vec<_> = findings.iter().map(ToString::to_string).collect();
                    grid.fact("risk", format!("approved: {}", words.first().map_or("", String::as_str)));
                    words.iter().skip(1).for_each(|finding| grid.fact("", finding.as_str()));
                }
                RiskVerdict::Refused(refusal) => {
                    grid.fact("risk", format!("would refuse it: {refusal}"));
                }
            }
        }
        let accepted = self.validation.accepted;
        grid.fact("validation", if accepted { "nothing is wrong" } else { "would refuse it" });
        self.validation.refusals.iter().for_each(|broken| grid.fact("", broken.words.as_str()));
        self.validation.warnings.iter().for_each(|warning| grid.fact("note", warning.as_str()));
        if self.risk.is_some() {
            let said = match &self.broker {
                None => "not asked".to_owned(),
                Some(BrokerView { error: Some(error), .. }) => error.clone(),
                Some(BrokerView { .. }) => "would take it".to_owned(),
            };
            grid.fact("broker", said);
        }
    }
}

impl CostView {
    fn of(
        intent: &OrderIntent,
        contract: &Contract,
        quote: Option<Quote>,
        commission: Option<Money>,
    ) -> Option<Self> {
        let (price, price_from) = price_of(intent, quote)?;
        let quantity = intent.quantity()?.as_decimal();
        let worth = Money::of(price, quantity, contract.multiplier(), contract.currency()).ok()?;
        let only_margin = matches!(
            contract.instrument().kind(),
            Some(InstrumentKind::Future | InstrumentKind::ContinuousFuture | InstrumentKind::Cfd)
        );
        let with = |charged: Money| match intent.side() {
            Side::Buy => worth.plus(charged).ok(),
            Side::Sell => worth.minus(charged).ok(),
        };
        let total = if only_margin { None } else { commission.map_or(Some(worth), with) };
        Some(Self { price, price_from, worth, commission, total })
    }

    fn add_to(&self, grid: &mut Grid, side: Side) {
        let whence = match self.price_from {
            "limit" => "the limit",
            "trigger" => "the price that wakes it",
            "ask" => "the ask",
            "bid" => "the bid",
            _ => "the middle of the quote",
        };
        grid.fact("price", format!("{}, {whence}", self.price.as_decimal().normalize()));
        grid.fact("worth", self.worth.to_string());
        if let Some(total) = self.total {
            let paid = (side == Side::Buy) == (total.amount() >= Decimal::ZERO);
            let amount = Money::new(total.amount().abs(), total.currency());
            grid.fact("total", format!("{amount} to {}", if paid { "pay" } else { "receive" }));
        }
    }
}

/// At which price it would trade, as far as that is known before.
fn price_of(intent: &OrderIntent, quote: Option<Quote>) -> Option<(Price, &'static str)> {
    if let Some(limit) = intent.kind().limit_price() {
        return Some((limit, "limit"));
    }
    if let Some(trigger) = intent.kind().trigger_price() {
        return Some((trigger, "trigger"));
    }
    let quote = quote?;
    let side = match intent.side() {
        Side::Buy => quote.ask().map(|level| (level.price(), "ask")),
        Side::Sell => quote.bid().map(|level| (level.price(), "bid")),
    };
    side.or_else(|| quote.mid().map(|mid| (mid, "mid")))
}

fn most(commission: &CommissionPreview) -> Option<Money> {
    commission.expected.or(commission.most)
}

fn add_what_if(grid: &mut Grid, what_if: &OrderPreview) {
    let CommissionPreview { expected, least, most } = what_if.commission;
    let commission = match (expected, least, most) {
        (Some(expected), ..) => Some(expected.to_string()),
        (None, Some(least), Some(most)) => Some(format!("{least} to {most}")),
        (None, None, Some(most)) => Some(format!("at most {most}")),
        (None, Some(least), None) => Some(format!("at least {least}")),
        (None, None, None) => None,
    };
    if let Some(commission) = commission {
        grid.fact("commission", commission);
    }
    let effects = [
        ("initial margin", &what_if.initial_margin),
        ("maintenance margin", &what_if.maintenance_margin),
        ("equity with loan", &what_if.equity_with_loan),
    ];
    for (name, effect) in effects {
        if let Some(words) = effect_words(effect) {
            grid.fact(name, words);
        }
    }
    if let Some(size) = what_if.suggested_size {
        grid.fact("suggested size", size.to_string());
    }
    if let Some(warning) = &what_if.warning {
        grid.fact("broker's note", warning.as_str());
    }
}

/// `100.00 USD now, 250.00 USD after (+150.00 USD)`.
fn effect_words(effect: &AccountEffect) -> Option<String> {
    let parts = [
        effect.before.map(|before| format!("{before} now")),
        effect.after.map(|after| format!("{after} after")),
        effect.change.map(|change| {
            let sign = if change.amount() >= Decimal::ZERO { "+" } else { "" };
            format!("{sign}{change}")
        }),
    ];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}
