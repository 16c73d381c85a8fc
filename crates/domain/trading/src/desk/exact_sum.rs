//! Sums that are kept up to date: each is what adding everything up gives, or it is not told.

use tradeport_kernel::Decimal;

/// An exact sum of what is known, and how many are not.
#[derive(Debug, Default)]
pub(super) struct Sum {
    total: Decimal,
    unknown: usize,
    /// A digit was lost, or the sum does not fit.
    inexact: bool,
}

/// The sum is not told: it is to be added up.
#[derive(Debug)]
pub(super) struct Unsummed;

impl Sum {
    /// One of its parts becomes another.
    pub(super) fn exchange(&mut self, before: Option<Decimal>, now: Option<Decimal>) {
        self.unknown = self.unknown + usize::from(now.is_none()) - usize::from(before.is_none());
        let less = plus_exactly(self.total, -before.unwrap_or_default());
        match less.and_then(|less| plus_exactly(less, now.unwrap_or_default())) {
            Some(total) => self.total = total,
            None => self.inexact = true,
        }
    }

    pub(super) fn told(&self) -> Result<Option<Decimal>, Unsummed> {
        self.told_without(std::iter::empty())
    }

    /// The total, when nothing is unknown but what is among these parts.
    pub(super) fn told_without(
        &self,
        parts: impl Iterator<Item = Option<Decimal>>,
    ) -> Result<Option<Decimal>, Unsummed> {
        if self.inexact {
            return Err(Unsummed);
        }
        let unknown = parts.filter(Option::is_none).count();
        Ok((self.unknown <= unknown).then_some(self.total))
    }
}

/// The sum, if it has every digit of both.
pub(super) fn plus_exactly(one: Decimal, other: Decimal) -> Option<Decimal> {
    let sum = one.checked_add(other)?;
    let is_exact = sum.checked_sub(one)? == other && sum.checked_sub(other)? == one;
    is_exact.then_some(sum)
}
