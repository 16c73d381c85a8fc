//! How much of an order has traded and could still trade, as far as that is known.

use super::Order;
use crate::{Execution, Twin};
use tradeport_kernel::{Decimal, Money, PermId, Price};

impl Order {
    /// How much has traded, by the executions that fill the order.
    #[must_use]
    pub fn filled(&self) -> Decimal {
        self.fills.quantity()
    }

    /// How much the broker says has traded; more than [`Self::filled`] while executions are missing.
    #[must_use]
    pub fn reported_filled(&self) -> Decimal {
        self.reported_filled + self.twins.reported_filled()
    }

    /// How much has traded by the executions or by the broker's count, whichever is more: either may be late.
    #[must_use]
    pub fn most_filled(&self) -> Decimal {
        self.filled().max(self.reported_filled())
    }

    /// Has some of it traded, by either count, and not all that is ordered?
    #[must_use]
    pub fn has_traded_in_part(&self) -> bool {
        let traded = self.most_filled();
        traded > Decimal::ZERO && self.quantity().is_none_or(|units| traded < units.as_decimal())
    }

    /// Other orders that the broker has under this key, by their durable numbers: mostly none.
    pub fn twins(&self) -> impl Iterator<Item = (PermId, &Twin)> {
        self.twins.iter()
    }

    /// Could several orders at the broker trade for this one intent?
    #[must_use]
    pub fn has_live_twin(&self) -> bool {
        self.twins.any_live()
    }

    /// How much more has traded than was ordered, by the larger wording while a change is under way; `None` when it is not
    /// more, or when nobody said how many units it is for.
    #[must_use]
    pub fn overfilled(&self) -> Option<Decimal> {
        let asked = self.asked_units();
        let ordered = self.intent.quantity().and(self.wording().quantity())?;
        let over = self.filled() - asked.map_or(ordered, |asked| asked.max(ordered)).as_decimal();
        (over > Decimal::ZERO).then_some(over)
    }

    /// How much could still trade, by the larger wording while a change is under way: zero once the order has ended, `None` while nobody knows how many units it is for.
    #[must_use]
    pub fn open_quantity(&self) -> Option<Decimal> {
        if self.state.is_final() {
            return Some(Decimal::ZERO);
        }
        let here = (self.most_units()?.as_decimal() - self.filled_here()).max(Decimal::ZERO);
        self.twins.live().try_fold(here, |sum, (number, twin)| {
            let rest = twin.units()?.as_decimal() - self.fills.quantity_of(number);
            sum.checked_add(rest.max(Decimal::ZERO))
        })
    }

    /// How much of it will trade at least if all of it does, by the smaller wording while a change is under way: so much may be counted
    /// on. Zero once the order has ended, `None` while nobody knows how many units it is for.
    #[must_use]
    pub fn least_open_quantity(&self) -> Option<Decimal> {
        if self.state.is_final() {
            return Some(Decimal::ZERO);
        }
        let units = self.units?;
        let least = self.asked_units().map_or(units, |asked| asked.min(units));
        Some((least.as_decimal() - self.filled_here()).max(Decimal::ZERO))
    }

    /// The average price of what has traded, rounded to 12 places; `None` while nothing has.
    #[must_use]
    pub fn average_price(&self) -> Option<Price> {
        self.fills.average_price()
    }

    /// The executions that count, in the order in which they arrived, the legs of combos among them.
    pub fn executions(&self) -> impl Iterator<Item = &Execution> {
        self.fills.executions()
    }

    /// What the executions cost, as far as it was told; of a combo those of its legs.
    pub fn commissions(&self) -> impl Iterator<Item = Money> {
        self.fills.commissions()
    }

    /// The executions of which it was told what they cost, each with its cost.
    pub fn charged_executions(&self) -> impl Iterator<Item = (&Execution, Money)> {
        self.fills.charged()
    }
}
