//! Judging an order before anything is kept or sent: is it wise (risk), and would the broker take it (validation)?
//!
//! Left out: what follows from it, which each use case says itself.

use super::exposure::Supposing;
use super::pricing::Prices;
use super::viewing::Asked;
use super::{DeskError, DeskState, OrderDesk};
use crate::reconciliation::Break;
use foldhash::HashMap;
use futures::lock::MutexGuard;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tradeport_contracts::calendar::Hours;
use tradeport_contracts::{Contract, ContractId};
use tradeport_kernel::{Decimal, OrderKey, Symbol, Timestamp};
use tradeport_orders::validation::{MarketHours, Refusals, Validation, Validator, Warning};
use tradeport_orders::{
    BrokenRule, JournalEntry, OrderInput, OrderIntent, PreviewedMargin, RefusedBy, RiskFinding, Venue,
};
use tradeport_risk::{Finding, RiskPolicy, RiskRefusal, RiskVerdict, RiskView, Rule, Switch, judge};

/// What an order is for, as far as it matters to whoever judges one.
pub(super) struct Described {
    pub(super) contract: Contract,
    legs: Vec<Contract>,
    hours: MarketHours,
    /// The name under which the broker tells what is held of it.
    held_as: Symbol,
}

impl Described {
    /// The hours are the contract's own; where it knows none, those of the calendar that its instrument follows.
    fn new(contract: Contract, legs: Vec<Contract>, held_as: Symbol) -> Self {
        let own = MarketHours::of(&contract);
        let calendar = || contract.instrument().calendar().ok().map(MarketHours::of_calendar);
        let hours = if own.are_known(Hours::Regular) { own } else { calendar().unwrap_or(own) };
        Self { contract, legs, hours, held_as }
    }

    /// How long the regular session goes on; `None` when it is closed or its hours are not known.
    pub(super) fn session_ends_in(&self, now: Timestamp) -> Option<Duration> {
        self.hours.closes(Hours::Regular, now).map(|close| close.since(now))
    }

    /// Limits and positions would count what is ordered under another name by itself.
    pub(super) fn check_name(&self, symbol: Symbol) -> Result<(), DeskError> {
        let held_as = self.held_as;
        if held_as == symbol { Ok(()) } else { Err(DeskError::HeldAs { symbol, held_as }) }
    }

    pub(super) fn validate(&self, intent: &OrderIntent, now: Timestamp) -> Validation {
        let validator = Validator::by(&self.contract, &self.hours).with_legs(&self.legs);
        validator.check(intent, now)
    }
}

/// What orders are judged by, put together once for each instrument. Whoever asks need not wait for the state.
#[derive(Clone, Default)]
pub(super) struct Descriptions(Arc<Mutex<HashMap<Symbol, Routed>>>);

/// Each way that an instrument was ordered: few, and nearly always one.
type Routed = Vec<(Option<Venue>, Arc<Described>)>;

impl Descriptions {
    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<Symbol, Routed>> {
        // Each is put in whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What an order of a symbol is for that goes this way.
    pub(super) fn of(&self, symbol: Symbol, route: Option<Venue>) -> Option<Arc<Described>> {
        let known = self.known();
        let found = known.get(&symbol)?.iter().find(|(known, _)| *known == route);
        found.map(|(_, described)| Arc::clone(described))
    }

    fn note(&self, symbol: Symbol, route: Option<Venue>, described: Arc<Described>) {
        let mut known = self.known();
        let routed = known.entry(symbol).or_default();
        routed.retain(|(known, _)| *known != route);
        routed.push((route, described));
    }

    /// Of a newer contract they are put together anew.
    pub(super) fn forget(&self, symbol: Symbol) {
        self.known().remove(&symbol);
    }
}

/// Why an order may not go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    Risk(RiskRefusal),
    Validation(Refusals),
}

/// What was found about an order.
pub(super) struct Judgement {
    /// What the rules of risk found, where none stopped it.
    pub(super) findings: Vec<Finding>,
    pub(super) stop: Option<Stop>,
    pub(super) warnings: Vec<Warning>,
    /// What it takes of the margins, if the broker was asked.
    margin: Option<PreviewedMargin>,
}

impl Judgement {
    /// What the journal keeps of it, of an order.
    pub(super) fn inputs(&self) -> Vec<OrderInput> {
        let mut inputs: Vec<_> =
            self.margin.map(|margin| OrderInput::Previewed { margin }).into_iter().collect();
        inputs.push(self.verdict());
        if let Some(Stop::Validation(refusals)) = &self.stop {
            inputs.push(OrderInput::ValidationRefused { broken: BrokenRule::all_of(refusals) });
        }
        inputs
    }

    /// The same, of a change that was asked for: what stops it leaves the order as it was.
    pub(super) fn inputs_of_change(&self) -> Vec<OrderInput> {
        let mut inputs = vec![self.verdict()];
        if let Some(stop @ Stop::Validation(_)) = &self.stop {
            let reason = format!("it was stopped here: {}", stop.words());
            inputs.push(OrderInput::ChangeRefused { reason, by: RefusedBy::Us });
        }
        inputs
    }

    /// What the risk gate said.
    fn verdict(&self) -> OrderInput {
        match &self.stop {
            Some(Stop::Risk(refusal)) => {
                let RiskRefusal { number, limit, .. } = refusal;
                let (rule, number, limit) = (refusal.setting().into_owned(), number.clone(), limit.clone());
                OrderInput::RiskRefused { rule, number, limit }
            }
            Some(Stop::Validation(_)) | None => {
                OrderInput::RiskApproved { findings: self.findings.iter().map(kept).collect() }
            }
        }
    }
}

impl Stop {
    /// What the audit log keeps of it: which rule, what was given, what would be accepted.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Risk(refusal) => refusal.to_string(),
            Self::Validation(refusals) => {
                let broken = refusals.as_slice().iter().map(|one| format!("{}: {one}", one.rule()));
                broken.collect::<Vec<_>>().join("; ")
            }
        }
    }

    pub(super) fn into_parts(self) -> (Option<RiskRefusal>, Option<Refusals>) {
        match self {
            Self::Risk(refusal) => (Some(refusal), None),
            Self::Validation(refusals) => (None, Some(refusals)),
        }
    }
}

fn kept(finding: &Finding) -> RiskFinding {
    let Finding { number, limit, .. } = finding;
    RiskFinding { rule: finding.setting(), number: number.clone(), limit: limit.clone() }
}

pub(super) fn entries(key: &OrderKey, inputs: Vec<OrderInput>, at: Timestamp) -> Vec<JournalEntry> {
    inputs.into_iter().map(|input| JournalEntry::happened(key.clone(), input, at)).collect()
}

impl OrderDesk {
    /// What new orders are for; `None` when they were placed before. The catalog is asked of what nobody has ordered yet, and
    /// what was placed has its answer whatever the catalog says now, if it says anything. Errors: one is not named as it would
    /// be held.
    pub(super) async fn describe_new(
        &self,
        intents: &[OrderIntent],
    ) -> Result<Option<Vec<Arc<Described>>>, DeskError> {
        let known = |intent: &OrderIntent| {
            let described = self.described.of(intent.symbol(), intent.route())?;
            described.check_name(intent.symbol()).is_ok().then_some(described)
        };
        if let Some(all) = intents.iter().map(known).collect() {
            return Ok(Some(all));
        }
        if self.were_placed(intents).await? {
            return Ok(None);
        }
        let mut all = Vec::with_capacity(intents.len());
        for intent in intents {
            let described = self.describe(intent).await?;
            described.check_name(intent.symbol())?;
            all.push(described);
        }
        Ok(Some(all))
    }

    /// What an order is for, asked of the catalog once.
    pub(super) async fn describe(&self, intent: &OrderIntent) -> Result<Arc<Described>, DeskError> {
        let (symbol, route) = (intent.symbol(), intent.route());
        if let Some(described) = self.described.of(symbol, route) {
            return Ok(described);
        }
        let mut contract = self.contract_of(intent).await?;
        if let Some(routed) = intent.ordered().filter(|_| route.is_some()) {
            // An exchange has steps and rules of its own; what is held is of the symbol all the same.
            contract = self.resolve(&routed).await?;
        }
        let mut legs = Vec::new();
        for leg in &contract.instrument().description().legs {
            // A leg that nobody knows is told by validation as a warning, and by risk as a missing price.
            legs.extend(self.leg(leg.contract()).await);
        }
        // What a combo is made of is held, and a catalog that knows no number knows no other name either.
        let named = if legs.is_empty() { self.ports.catalog.by_id(contract.id()).await.ok() } else { None };
        let held_as = named.map_or(symbol, |contract| contract.symbol());
        let described = Arc::new(Described::new(contract, legs, held_as));
        self.described.note(symbol, route, described.clone());
        Ok(described)
    }

    async fn leg(&self, id: ContractId) -> Option<Contract> {
        if let Some(known) = self.state().await.contract_by_id(id) {
            return Some(known.clone());
        }
        let contract = self.ports.catalog.by_id(id).await.ok()?;
        self.state().await.know(contract.clone());
        Some(contract)
    }

    /// The state, with the sums over it up to date: whoever judges more than once does not add everything up each time.
    /// Nothing is judged by what is not proven.
    pub(super) async fn to_judge(&self) -> MutexGuard<'_, DeskState> {
        self.settling.over().await;
        let mut state = self.state().await;
        self.add_up(&mut state);
        state
    }

    /// Brings the sums over the state up to date.
    pub(super) fn add_up(&self, state: &mut DeskState) {
        self.hold_worth(state);
        if state.is_touched() {
            self.quotes(|quotes| quotes.follow(state));
        }
    }

    /// What the risk gate says of an order, on the book as it would be.
    pub(super) fn verdict(
        &self,
        state: &DeskState,
        intent: &OrderIntent,
        now: Timestamp,
        supposing: Supposing<'_>,
        switch: &Switch,
    ) -> RiskVerdict {
        match self.weigh(state, intent, now, supposing, switch) {
            Ok((policy, view)) => match judge(&policy, &view, intent) {
                RiskVerdict::Refused(refusal) => RiskVerdict::Refused(state.with_others(refusal, intent)),
                approved => approved,
            },
            Err(refusal) => RiskVerdict::Refused(refusal),
        }
    }

    /// What an order is judged by, and on. Errors: it is stopped before any limit is looked at.
    pub(super) fn weigh(
        &self,
        state: &DeskState,
        intent: &OrderIntent,
        now: Timestamp,
        supposing: Supposing<'_>,
        switch: &Switch,
    ) -> Result<(Arc<RiskPolicy>, RiskView), RiskRefusal> {
        switch.check()?;
        if let Some(found) = state.register.blocking(intent.account(), intent.symbol()) {
            return Err(by_break(found));
        }
        let policy = self.policy();
        let limit = policy.max_quote_age();
        let asked = Asked::by(&policy, intent);
        let mut view = self.quotes(|quotes| {
            let (board, sums) = quotes.at(state, now, limit);
            let prices = Prices { board, state, now, limit };
            state.view(intent, supposing, asked, &prices, Some(sums))
        });
        if policy.limits_of(intent.account()).wants_preview() {
            view.preview = self.previews.seen(state, intent, supposing, policy.max_preview_age(), now);
        }
        Ok((policy, view))
    }

    /// Risk, then validation: what risk stops is not asked about any further.
    pub(super) fn judge(
        &self,
        state: &DeskState,
        intent: &OrderIntent,
        described: &Described,
        now: Timestamp,
        supposing: Supposing<'_>,
        switch: &Switch,
    ) -> Judgement {
        let mut judgement = match self.verdict(state, intent, now, supposing, switch) {
            RiskVerdict::Approved { findings, beside } => {
                let mut judgement = valid(described, intent, now, findings);
                judgement.warnings.extend(turning(intent, beside));
                judgement
            }
            RiskVerdict::Refused(refusal) => stopped(refusal),
        };
        // Nobody was asked where the policy does not want it.
        judgement.margin = self.previews.margin_of(intent);
        judgement
    }
}

fn by_break(found: &Break) -> RiskRefusal {
    let number = format!("{}, {}: break {}", found.subject(), found.cause(), found.id());
    RiskRefusal::new(Rule::UnsolvedBreak, number, "")
}

/// What the limits allow, and hardly anybody wants: an exit beside exits that are left.
pub(super) fn turning(intent: &OrderIntent, beside: Option<Decimal>) -> Option<Warning> {
    beside.map(|beside| Warning::Turns { beside, side: intent.side(), symbol: intent.symbol() })
}

/// What the risk gate has stopped is not looked at any further.
pub(super) const fn stopped(refusal: RiskRefusal) -> Judgement {
    Judgement { findings: Vec::new(), stop: Some(Stop::Risk(refusal)), warnings: Vec::new(), margin: None }
}

/// Validation alone, of an order that risk has nothing against.
pub(super) fn valid(
    described: &Described,
    intent: &OrderIntent,
    now: Timestamp,
    findings: Vec<Finding>,
) -> Judgement {
    let found = described.validate(intent, now);
    let warnings = found.warnings().to_vec();
    Judgement { findings, stop: found.verdict().err().map(Stop::Validation), warnings, margin: None }
}
