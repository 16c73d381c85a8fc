//! What the rules found: every number beside its limit, and the first that is beyond it.

use crate::{Figure, Finding, RiskRefusal, Rule};
use tradeport_kernel::Decimal;

/// The findings so far.
#[derive(Default)]
pub(super) struct Record(Vec<Finding>);

impl Record {
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
        let finding = Finding { rule, number: number.into(), limit: limit.into() };
        if passes {
            self.0.push(finding);
            Ok(())
        } else {
            Err(finding.into())
        }
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.0
    }
}

/// A refusal for want of a number.
pub(super) fn missing(what: impl std::fmt::Display) -> RiskRefusal {
    let (rule, number) = (Rule::KnownInputs, format!("missing: {what}"));
    RiskRefusal { rule, number, limit: "every input known".to_owned() }
}

/// A product, or the word that it cannot be told.
pub(super) fn times(left: Decimal, right: Decimal) -> Result<Decimal, RiskRefusal> {
    left.checked_mul(right).ok_or_else(|| missing("a computable value"))
}
