//! Which orders of a list belong together, where an order does not say it in words that hold by themselves.
//!
//! TWS names a parent by its durable number, or by nothing but the number that its client gave it; and a group by a name, of
//! which nobody says whether two clients share it.

use ibapi::orders::OrderData;
use std::collections::HashMap;
use tradeport_kernel::PermId;
use tradeport_orders::{BrokerOrder, OcaGroup};

/// What a list of orders says of those that others name.
pub(super) struct Families<'a> {
    /// The durable numbers, by client and its number; `None` where two orders bear it.
    numbers: HashMap<(i32, i32), Option<i64>>,
    /// Which client names a group; `None` where several do.
    groups: HashMap<&'a str, Option<i32>>,
}

impl<'a> Families<'a> {
    pub(super) fn of(orders: &'a [OrderData]) -> Self {
        let (mut numbers, mut groups) = (HashMap::new(), HashMap::new());
        for data in orders {
            let order = &data.order;
            // What a person orders in TWS has no number of a client.
            if data.order_id != 0 && order.perm_id != 0 {
                let known = numbers.entry((order.client_id, data.order_id)).or_insert(Some(order.perm_id));
                *known = known.filter(|known| *known == order.perm_id);
            }
            let client = groups.entry(order.oca_group.as_str()).or_insert(Some(order.client_id));
            *client = client.filter(|client| *client == order.client_id);
        }
        Self { numbers, groups }
    }

    /// The order with what only the list says; a group of several clients may be several: what it does is unsaid.
    pub(super) fn complete(&self, order: BrokerOrder, data: &OrderData) -> BrokerOrder {
        let named = (data.order.client_id, data.order.parent_id);
        let parent = || self.numbers.get(&named).copied().flatten().map(PermId::new);
        let is_of_one = self.groups.get(data.order.oca_group.as_str()).is_some_and(Option::is_some);
        let unsaid = |group: OcaGroup| if is_of_one { group } else { group.without_effect() };
        BrokerOrder { parent: order.parent.or_else(parent), group: order.group.map(unsaid), ..order }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::translate::broker_order_from_ib;
    use ibapi::orders::{OcaType, Order, OrderStatusKind};
    use tradeport_kernel::Symbol;
    use tradeport_orders::OcaEffect;

    fn row(client_id: i32, order_id: i32, perm_id: i64, parent_id: i32) -> OrderData {
        let order = Order {
            client_id,
            perm_id,
            parent_id,
            account: "DU1".to_owned(),
            total_quantity: 10.0,
            ..Order::default()
        };
        let mut data = OrderData { order_id, order, ..OrderData::default() };
        data.order_state.status = OrderStatusKind::Submitted;
        data
    }

    fn read(orders: &[OrderData]) -> Vec<BrokerOrder> {
        let families = Families::of(orders);
        let symbol = Symbol::new("AAPL").unwrap();
        let one = |data| families.complete(broker_order_from_ib(data, symbol, None).unwrap(), data);
        orders.iter().map(one).collect()
    }

    fn parents(orders: &[OrderData]) -> Vec<Option<i64>> {
        read(orders).iter().map(|it| it.parent.map(PermId::number)).collect()
    }

    #[test]
    fn a_parent_is_named_by_its_durable_number_or_by_that_of_its_client() {
        assert_eq!(parents(&[row(7, 1, 91, 0), row(7, 2, 92, 1)]), [None, Some(91)]);
        assert_eq!(parents(&[row(8, 1, 91, 0), row(7, 2, 92, 1)]), [None, None], "of another client");
        assert_eq!(parents(&[row(7, 2, 92, 1)]), [None], "it is not listed");
        let twice = [row(7, 1, 91, 0), row(7, 1, 93, 0), row(7, 2, 92, 1)];
        assert_eq!(parents(&twice), [None, None, None], "two bear the number");
        assert_eq!(parents(&[row(0, 0, 91, 0), row(0, 0, 92, 0)]), [None, None], "by hand, without numbers");
        let mut by_hand = row(0, 0, 92, 0);
        by_hand.order.parent_perm_id = Some(91);
        assert_eq!(parents(&[row(0, 0, 91, 0), by_hand.clone()]), [None, Some(91)]);
        by_hand.order.parent_perm_id = Some(0);
        assert_eq!(parents(&[row(0, 0, 91, 0), by_hand]), [None, None]);
    }

    #[test]
    fn a_group_of_which_two_clients_tell_says_no_effect() {
        let of = |client_id, name: &str, oca_type| {
            let mut data = row(client_id, 1, i64::from(client_id) + 90, 0);
            (data.order.oca_group, data.order.oca_type) = (name.to_owned(), oca_type);
            data
        };
        let told = |orders: &[OrderData]| -> Vec<Option<(String, Option<OcaEffect>)>> {
            let group = |it: &BrokerOrder| it.group.as_ref().map(|it| (it.name().to_owned(), it.effect()));
            read(orders).iter().map(group).collect()
        };
        let cancels = OcaType::CancelWithBlock;
        let said = |effect| Some(("g".to_owned(), effect));
        assert_eq!(told(&[of(7, "g", cancels)]), [said(Some(OcaEffect::CancelWithBlock))]);
        assert_eq!(told(&[of(7, "g", cancels), of(8, "g", cancels)]), [said(None), said(None)]);
        assert_eq!(told(&[of(7, "g", OcaType::None)]), [said(None)]);
        assert_eq!(told(&[of(7, "", cancels), of(8, "", cancels)]), [None, None], "in none");
        assert_eq!(told(&[of(7, "g", OcaType::Unknown(9))]), [None], "it counts by itself");
    }
}
