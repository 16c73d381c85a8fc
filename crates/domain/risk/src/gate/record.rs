//! What the rules found: every number beside its limit, and the first that is beyond it.

use crate::{Figure, Finding, LimitOf, RiskPolicy, RiskRefusal, Rule, Tighter};
use tradeport_kernel::{AccountId, Decimal, StrategyId};

/// So many rules look at an order of a policy with a few limits.
const USUAL: usize = 16;

/// The findings so far, and whose limits are being looked at.
pub(super) struct Record<'a> {
    findings: Vec<Finding>,
    /// The account that has limits of its own.
    account: Option<(&'a AccountId, &'a Tighter)>,
    /// The strategy, once its limits are looked at.
    strategy: Option<&'a StrategyId>,
}

impl<'a> Record<'a> {
    /// Nothing found, of an order for this account.
    pub(super) fn of(policy: &'a RiskPolicy, account: &'a AccountId) -> Self {
        let own = policy.of_account(account);
        Self { findings: Vec::with_capacity(USUAL), account: own.map(|own| (account, own)), strategy: None }
    }

    /// From here on the limits are those of a strategy, or of none any more.
    pub(super) const fn turn_to(&mut self, strategy: Option<&'a StrategyId>) {
        self.strategy = strategy;
    }

    fn whose(&self, rule: Rule) -> LimitOf {
        match (self.strategy, self.account) {
            (Some(strategy), _) => LimitOf::Strategy(strategy.clone()),
            (None, Some((account, own))) if own.sets(rule) => LimitOf::Account(account.clone()),
            (None, _) => LimitOf::All,
        }
    }

    /// A number against the most that it may be; where there is no limit nothing is found.
    pub(super) fn at_most<T>(&mut self, rule: Rule, number: T, limit: Option<T>) -> Result<(), RiskRefusal>
    where
        T: PartialOrd + Into<Figure>,
    {
        match limit {
            Some(limit) => {
                let passes = number <= limit;
                self.found(rule, number, limit, passes)
            }
            None => Ok(()),
        }
    }

    /// A count against the count at which the next one is too many.
    pub(super) fn below(&mut self, rule: Rule, count: u32, limit: Option<u32>) -> Result<(), RiskRefusal> {
        limit.map_or(Ok(()), |limit| self.found(rule, count, limit, count < limit))
    }

    /// A number, its limit, and whether it passes.
    pub(super) fn found(
        &mut self,
        rule: Rule,
        number: impl Into<Figure>,
        limit: impl Into<Figure>,
        passes: bool,
    ) -> Result<(), RiskRefusal> {
        let finding = Finding { rule, number: number.into(), limit: limit.into(), of: self.whose(rule) };
        if passes {
            self.findings.push(finding);
            Ok(())
        } else {
            Err(finding.into())
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}

/// A refusal for want of a number.
pub(super) fn missing(what: impl std::fmt::Display) -> RiskRefusal {
    RiskRefusal::new(Rule::KnownInputs, format!("missing: {what}"), "every input known")
}

/// A product, or the word that it cannot be told.
pub(super) fn times(left: Decimal, right: Decimal) -> Result<Decimal, RiskRefusal> {
    left.checked_mul(right).ok_or_else(|| missing("a computable value"))
}
