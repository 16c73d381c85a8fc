//! How large TWS has an order that others make smaller.
//!
//! What one order of a group trades TWS takes off the others, and says so by their quantity alone. A change is the whole order
//! once more: with the quantity that was ordered it would grow back, and could trade what the others have traded already.

use super::send::Fate;
use crate::broker::IbBroker;
use crate::session::Session;
use crate::translate::{terms_from_ib, told_order};
use tradeport_orders::{OrderDraft, OrderIntent, OrderSize};

const UNKNOWN: &str = "how large TWS has it by now is not known: say the quantity that it is to have";

impl IbBroker {
    /// The order with the quantity that it has at TWS now; asked for where another order may make it smaller.
    pub(super) async fn as_large_as_it_is(
        &self,
        session: &Session,
        number: i32,
        intent: OrderIntent,
    ) -> Result<OrderIntent, Fate> {
        let is_of_others = intent.oca().is_some() || intent.parent().is_some();
        if !is_of_others || intent.quantity().is_none() {
            return Ok(intent);
        }
        let row = self.open_row(session, number).await;
        let terms = row.and_then(|row| terms_from_ib(&told_order(&row)).ok());
        let there = terms.and_then(|terms| terms.quantity);
        let there = there.ok_or_else(|| Fate::Refused(UNKNOWN.to_owned()))?;
        let draft = OrderDraft { size: OrderSize::Units(there), ..intent.to_draft() };
        draft.check().map_err(|error| Fate::Refused(error.to_string()))
    }
}
