//! Orders that make themselves neutral: each trade of an option brings an order in what it is on, against its delta.
//!
//! The delta is the one that the contract names for this, else the model's. The order is for the units that were traded, times
//! multiplier and delta, in whole lots; on the other side for a call that was bought or a put that was sold. It is of the kind
//! that was asked for, names the option's order as its parent, and has no order id, as what a person enters.

use super::held::PermId;
use crate::server::family::parts::Parts;
use crate::server::lookup;
use crate::translate::number::to_float;
use crate::wire::proto;
use rust_decimal::prelude::FromPrimitive;
use tradeport_contracts::Contract;
use tradeport_kernel::Decimal;
use tradeport_orders::{DeltaNeutralKind, Side};

impl Parts<'_> {
    /// Some of an order has traded: what it moved is taken back, if the order says so.
    pub(super) fn neutralise(&mut self, perm_id: PermId, units: Decimal) -> Option<()> {
        let held = self.shared.orders.live(perm_id)?;
        let neutral = held.wording.intent.said()?.delta_neutral.clone()?;
        let (kind, limit, aux) = match neutral.kind {
            DeltaNeutralKind::None => return None,
            DeltaNeutralKind::Market => ("MKT", None, None),
            DeltaNeutralKind::MarketToLimit => ("MTL", None, None),
            DeltaNeutralKind::Limit { limit } => ("LMT", Some(to_float(limit)), None),
            DeltaNeutralKind::Relative { offset } => ("REL", None, Some(to_float(offset))),
        };
        let stock = self.neutral_in(&held.contract, neutral.contract)?;
        let named = held.asked.delta_neutral_contract.and_then(|it| it.delta).filter(|delta| *delta != 0.0);
        let delta = named.and_then(Decimal::from_f64).or_else(|| self.delta_of(&held.contract))?;
        let moved = units.checked_mul(held.contract.multiplier())?.checked_mul(delta)?;
        let lots = moved.abs().checked_div(stock.multiplier())?.checked_div(stock.lot())?.round();
        let quantity = lots.checked_mul(stock.lot()).filter(|quantity| !quantity.is_zero())?;
        let rises = (held.side() == Side::Buy) != moved.is_sign_negative();
        let order = proto::Order {
            action: Some(if rises { "SELL" } else { "BUY" }.to_owned()),
            order_type: Some(kind.to_owned()),
            lmt_price: limit,
            aux_price: aux,
            total_quantity: Some(super::tell::plain(quantity)),
            account: held.wording.wire.account.clone(),
            order_ref: held.wording.wire.order_ref.clone(),
            ..proto::Order::default()
        };
        let asked = lookup::contract_of(&stock);
        let beside = self.place_beside(perm_id, &order, &asked)?;
        self.send(beside);
        Some(())
    }

    /// What an order is made neutral in: the contract that it names, else what its own is on.
    fn neutral_in(&self, of: &Contract, named: Option<tradeport_contracts::ContractId>) -> Option<Contract> {
        let named = named.and_then(|id| i32::try_from(id.number()).ok()).filter(|number| *number != 0);
        match named {
            Some(number) => lookup::of_number(self.world, number),
            None => self.world.catalog().underlying(of),
        }
    }
}
