//! Children that TWS makes from its presets: a profit taker and a stop loss, each one percent away from its parent.

use super::held::PermId;
use super::place::{Understood, exchange_key};
use crate::server::family::parts::Parts;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_kernel::{Decimal, Price};
use tradeport_orders::Side;

/// How far away the children are, as a share of the parent's price.
const DISTANCE: (i64, u32) = (1, 2);

impl Parts<'_> {
    /// Makes the children that a request asks for. A parent whose price cannot be told gets none.
    pub(super) fn attach_presets(&mut self, parent: PermId, attached: Option<&proto::AttachedOrders>) {
        let Some(attached) = attached else { return };
        let wanted = |id: Option<i32>| id.filter(|id| *id > 0 && *id != i32::MAX);
        for (id, profit) in [(wanted(attached.pt_order_id), true), (wanted(attached.sl_order_id), false)] {
            if let Some(id) = id {
                self.attach(parent, id, profit);
            }
        }
    }

    fn attach(&mut self, parent: PermId, id: i32, profit: bool) -> Option<()> {
        let held = self.shared.orders.live(parent)?;
        let (client_id, buys) = (held.client_id, held.side() == Side::Buy);
        if self.shared.orders.was_used(client_id, id) {
            return None;
        }
        let quoted = self.world.quote(&held.contract).and_then(|quote| quote.mid());
        let around = held.wording.intent.kind().limit_price().or(quoted)?.as_decimal();
        let away = around.checked_mul(Decimal::new(DISTANCE.0, DISTANCE.1))?;
        let raw = if buys == profit { around + away } else { around - away };
        let step = held.contract.price_step_at(Price::new(raw.round_dp(8)).ok()?);
        let price = raw.checked_div(step)?.round().checked_mul(step)?;
        let of_parent = &held.wording.wire;
        let mut order = proto::Order {
            action: Some(if buys { "SELL" } else { "BUY" }.to_owned()),
            total_quantity: of_parent.total_quantity.clone(),
            account: of_parent.account.clone(),
            tif: Some("GTC".to_owned()),
            parent_id: Some(held.order_id),
            outside_rth: of_parent.outside_rth,
            ..proto::Order::default()
        };
        if profit {
            (order.order_type, order.lmt_price) = (Some("LMT".to_owned()), Some(to_float(price)));
        } else {
            (order.order_type, order.aux_price) = (Some("STP".to_owned()), Some(to_float(price)));
        }
        let asked = held.asked.clone();
        let perm_id = self.shared.orders.next_perm_id();
        let key = exchange_key(perm_id, 0);
        let child: Understood = self.understand(client_id, id, &order, &asked, None, &key).ok()?;
        self.shared.orders.use_id(client_id, id);
        let next = &mut self.shared.connection.next_order_id;
        *next = (*next).max(id.saturating_add(1));
        self.take_in(client_id, id, (perm_id, key), child);
        Some(())
    }
}
