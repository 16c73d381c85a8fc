//! How TWS has an order whose terms have become others by themselves.
//!
//! What one order of a group trades TWS takes off the others, and says so by their quantity alone; and the stop of what trails the
//! market is told where it stands by now. A change is the whole order once more: with what was ordered the one would grow back, and
//! could trade what the others have traded already, and the stop of the other would fall back to where it began.

use super::send::Fate;
use crate::broker::IbBroker;
use crate::session::Session;
use crate::translate::{OrderTerms, terms_from_ib, told_order};
use tradeport_orders::{OrderChange, OrderDraft, OrderIntent, OrderSize};

const UNKNOWN: &str = "how large TWS has it by now is not known: say the quantity that it is to have";

impl IbBroker {
    /// The order as it is at TWS now, in what the change does not name; asked for where that may be another than what was ordered.
    pub(super) async fn as_it_is_now(
        &self,
        session: &Session,
        number: i32,
        intent: OrderIntent,
        change: &OrderChange,
    ) -> Result<OrderIntent, Fate> {
        let (sized, moved) = (may_shrink(&intent, change), may_move(&intent, change));
        if !sized && !moved {
            return Ok(intent);
        }
        let row = self.open_row(session, number).await;
        let told = row.and_then(|row| terms_from_ib(&told_order(&row)).ok());
        if sized && told.as_ref().is_none_or(|told| told.quantity.is_none()) {
            return Err(Fate::Refused(UNKNOWN.to_owned()));
        }
        let Some(told) = told else { return Ok(intent) };
        as_told(&intent, change, &told).check().map_err(|error| Fate::Refused(error.to_string()))
    }
}

/// May other orders make it smaller?
fn may_shrink(intent: &OrderIntent, change: &OrderChange) -> bool {
    let is_of_others = intent.oca().is_some() || intent.parent().is_some();
    change.quantity.is_none() && is_of_others && intent.quantity().is_some()
}

/// Does its stop follow the market from a price that it names?
fn may_move(intent: &OrderIntent, change: &OrderChange) -> bool {
    let kind = intent.kind();
    change.kind.is_none() && kind.trail().is_some() && kind.trigger_price().is_some()
}

fn as_told(intent: &OrderIntent, change: &OrderChange, told: &OrderTerms) -> OrderDraft {
    let mut draft = intent.to_draft();
    if may_shrink(intent, change) {
        draft.size = told.quantity.map_or(draft.size, OrderSize::Units);
    }
    if may_move(intent, change) && intent.kind().without_start().is_told_as(&told.kind) {
        draft.kind = told.kind;
    }
    draft
}

#[cfg(test)]
mod tests {
    use super::*;
    use tradeport_kernel::Quantity;
    use tradeport_orders::{OrderKind, Side, TimeInForce, TrailBy};

    fn trailing(amount: &str, stop: Option<&str>) -> OrderKind {
        let by = TrailBy::Amount(amount.parse().unwrap());
        OrderKind::Trail { by, stop: stop.map(|it| it.parse().unwrap()) }
    }

    fn sell(kind: OrderKind) -> OrderDraft {
        let (key, account, symbol) = ("a".parse(), "DU1".parse(), "AAPL".parse());
        let ten: Quantity = "10".parse().unwrap();
        OrderDraft::new(key.unwrap(), account.unwrap(), symbol.unwrap(), Side::Sell, ten, kind)
    }

    fn now(intent: OrderDraft, change: &OrderChange, kind: OrderKind) -> (OrderSize, OrderKind) {
        let quantity = "6".parse().ok();
        let told = OrderTerms { quantity, kind, time_in_force: TimeInForce::Day, outside_sessions: false };
        let draft = as_told(&intent.check().unwrap(), change, &told);
        (draft.size, draft.kind)
    }

    #[test]
    fn a_change_tells_a_trailing_stop_where_it_stands() {
        let (began, stands) = (trailing("1", Some("95")), trailing("1", Some("105")));
        let longer = OrderChange::default().with_time_in_force(TimeInForce::GoodTillCancelled);
        let ten = sell(began).size;
        assert_eq!(now(sell(began), &longer, stands), (ten, stands), "it does not fall back");
        assert_eq!(
            now(sell(began), &OrderChange::to_kind(stands), stands),
            (ten, began),
            "the change says it"
        );
        let from_market = trailing("1", None);
        assert_eq!(now(sell(from_market), &longer, stands), (ten, from_market), "TWS keeps where it stands");
        let other = trailing("2", Some("105"));
        assert_eq!(now(sell(began), &longer, other), (ten, began), "somebody else has changed it");
    }

    #[test]
    fn only_what_others_make_smaller_has_another_size() {
        let (kind, longer) = (trailing("1", None), OrderChange::default().with_outside_sessions(true));
        let child = OrderDraft { parent: Some("p".parse().unwrap()), ..sell(kind) };
        let (ten, six) = (sell(kind).size, OrderSize::Units("6".parse().unwrap()));
        assert_eq!(now(sell(kind), &longer, kind).0, ten);
        assert_eq!(now(child.clone(), &longer, kind).0, six);
        let change = OrderChange::to_quantity("7".parse().unwrap());
        assert_eq!(now(child, &change, kind).0, ten, "the change says it");
    }
}
