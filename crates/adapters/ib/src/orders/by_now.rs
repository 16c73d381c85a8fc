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

const UNKNOWN_SIZE: &str = "how large TWS has it by now is not known: say the quantity that it is to have";
const UNKNOWN_STOP: &str =
    "where its stop stands at TWS by now is not known: try again, or say where it is to stand";

impl IbBroker {
    /// The order as it is at TWS now, in what the change does not name; asked for where that may be another than what was ordered.
    pub(super) async fn as_it_is_now(
        &self,
        session: &Session,
        number: i32,
        intent: OrderIntent,
        change: &OrderChange,
    ) -> Result<OrderIntent, Fate> {
        if !may_shrink(&intent, change) && !may_move(&intent, change) {
            return Ok(intent);
        }
        let row = self.open_row(session, number).await;
        let told = row.and_then(|row| terms_from_ib(&told_order(&row)).ok());
        let draft =
            by_now(&intent, change, told.as_ref()).map_err(|reason| Fate::Refused(reason.to_owned()))?;
        draft.check().map_err(|error| Fate::Refused(error.to_string()))
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

/// The order in what TWS tells of it; where that is not known, why it cannot be changed like this.
fn by_now(
    intent: &OrderIntent,
    change: &OrderChange,
    told: Option<&OrderTerms>,
) -> Result<OrderDraft, &'static str> {
    let (sized, moved) = (may_shrink(intent, change), may_move(intent, change));
    match told {
        _ if sized && told.is_none_or(|told| told.quantity.is_none()) => Err(UNKNOWN_SIZE),
        None if moved => Err(UNKNOWN_STOP),
        None => Ok(intent.to_draft()),
        Some(told) => Ok(as_told(intent, change, told)),
    }
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
    fn what_nobody_knows_is_asked_for_and_not_told_as_it_was() {
        let (began, longer) = (
            trailing("1", Some("95")),
            OrderChange::default().with_time_in_force(TimeInForce::GoodTillCancelled),
        );
        let refused = |intent: OrderDraft, told: Option<OrderTerms>| {
            let now = by_now(&intent.check().unwrap(), &longer, told.as_ref());
            now.err().unwrap_or_default().to_owned()
        };
        assert!(refused(sell(began), None).contains("where its stop stands"), "it would fall back");
        let child = |kind| OrderDraft { parent: Some("p".parse().unwrap()), ..sell(kind) };
        assert!(refused(child(trailing("1", None)), None).contains("the quantity"));
        let time_in_force = TimeInForce::Day;
        let told = |quantity| OrderTerms { quantity, kind: began, time_in_force, outside_sessions: false };
        assert!(refused(child(began), Some(told(None))).contains("the quantity"));
        assert_eq!(refused(child(began), Some(told("6".parse().ok()))), "");
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
