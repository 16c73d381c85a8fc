//! Adding up what live orders of one side may still trade.
//!
//! Of a group the largest counts. What a parent still brings in is its children's to take out, all of them together: not every
//! broker ends one when another one fills.

use super::plus;
use std::collections::BTreeMap;
use tradeport_kernel::Decimal;

/// Units of one order, or of the largest of a group, and the parent that brings in so many for them, by whatever identifies it.
#[derive(Clone, Copy, Debug)]
pub(in crate::desk) struct Share<P> {
    pub(in crate::desk) units: Option<Decimal>,
    pub(in crate::desk) parent: Option<(P, Decimal)>,
}

/// What was added so far.
#[derive(Debug)]
pub(in crate::desk) struct Adding<'a, P> {
    /// What nobody brings in for them.
    alone: Option<Decimal>,
    groups: BTreeMap<&'a str, Share<P>>,
    /// What children take out of what a parent brings in, and how much that is.
    children: BTreeMap<P, (Option<Decimal>, Decimal)>,
}

impl<'a, P: Copy + Ord> Adding<'a, P> {
    pub(in crate::desk) const fn nothing() -> Self {
        Self { alone: Some(Decimal::ZERO), groups: BTreeMap::new(), children: BTreeMap::new() }
    }

    /// Adds an order, alone or of a group.
    pub(in crate::desk) fn add(&mut self, share: Share<P>, group: Option<&'a str>) {
        let Some(name) = group else { return self.add_one(share) };
        let largest = self.groups.entry(name).or_insert(share);
        largest.units = largest.units.zip(share.units).map(|(one, other)| one.max(other));
        if largest.parent != share.parent {
            // Nobody can say whose rest the one of them that fills takes out.
            largest.parent = None;
        }
    }

    fn add_one(&mut self, share: Share<P>) {
        match share.parent {
            None => self.alone = plus(self.alone, share.units),
            Some((parent, brings)) => {
                let (sum, _) = self.children.entry(parent).or_insert((Some(Decimal::ZERO), brings));
                *sum = plus(*sum, share.units);
            }
        }
    }

    /// The sum; `None` when an order is among them of which nobody knows how many units it is for.
    pub(in crate::desk) fn sum(mut self) -> Option<Decimal> {
        for largest in std::mem::take(&mut self.groups).into_values() {
            self.add_one(largest);
        }
        let beyond = |(units, brings): (Option<Decimal>, Decimal)| {
            units.and_then(|units| units.checked_sub(brings)).map(|more| more.max(Decimal::ZERO))
        };
        self.children.into_values().fold(self.alone, |sum, taken| plus(sum, beyond(taken)))
    }
}
