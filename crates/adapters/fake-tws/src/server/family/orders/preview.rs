//! What an order would do: a question that is answered with margins and a commission.
//!
//! What a shared order would do is the sum of what its parts would do to their accounts.
//!
//! The exchange reckons it, with the same admission, commissions and margins that the order would meet: what the question
//! is answered with then happens.

use super::held::PermId;
use super::place::Understood;
use super::send;
use super::tell::plain;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_fake_broker::exchange::share_out;
use tradeport_kernel::{AccountId, Decimal, Money, Quantity};
use tradeport_orders::{
    AccountEffect, Attributes, CommissionPreview, OrderDraft, OrderIntent, OrderKind, OrderPreview, Side,
};

impl Parts<'_> {
    /// The answer to a question. Errors: 201 for what would be refused; 321 for what the exchange cannot reckon.
    pub(super) fn preview(
        &mut self,
        client_id: i32,
        id: i32,
        perm_id: PermId,
        it: &Understood,
    ) -> Result<proto::OpenOrder, ApiError> {
        self.world.list(&it.contract);
        self.world.refresh(&it.contract);
        let asked = self.asked(it).ok_or_else(|| {
            ApiError::invalid(id, "what the order would do cannot be reckoned without a price and a size")
        })?;
        let refused = |reason: String| {
            ApiError::about(id, Code::OrderRefused, format!("Order rejected - reason:{reason}"))
        };
        let (preview, order_allocations) = if it.shares.is_empty() {
            (self.world.exchange().preview(&asked).map_err(refused)?, Vec::new())
        } else {
            self.preview_shares(&asked, it).map_err(refused)?
        };
        let order = proto::Order {
            client_id: Some(client_id),
            order_id: Some(id),
            perm_id: Some(perm_id.0),
            what_if: Some(true),
            ..it.wording.wire.clone()
        };
        Ok(proto::OpenOrder {
            order_id: Some(id),
            contract: Some(it.asked.clone()),
            order: Some(order),
            order_state: Some(proto::OrderState { order_allocations, ..state(preview) }),
        })
    }

    /// The parts of a shared order, each as an order of its account, and what they come to together.
    fn preview_shares(
        &self,
        asked: &OrderIntent,
        it: &Understood,
    ) -> Result<(OrderPreview, Vec<proto::OrderAllocation>), String> {
        let cannot = || "how the order would be shared out cannot be reckoned".to_owned();
        let quantity = asked.quantity().ok_or_else(cannot)?.as_decimal();
        let weights: Vec<Decimal> = it.shares.iter().map(|(_, weight)| *weight).collect();
        let none = vec![Decimal::ZERO; weights.len()];
        let parts = share_out(&weights, &none, quantity, it.contract.lot()).ok_or_else(cannot)?;
        let (mut whole, mut told) = (None, Vec::new());
        for ((account, _), units) in it.shares.iter().zip(parts) {
            told.push(self.allocation(account, units, it));
            let Ok(units) = Quantity::new(units) else { continue };
            let draft = OrderDraft { account: account.clone(), size: units.into(), ..asked.to_draft() };
            let part = draft.check().map_err(|error| error.to_string())?;
            let part = self.world.exchange().preview(&part)?;
            whole = Some(match whole {
                None => part,
                Some(whole) => together(whole, part),
            });
        }
        Ok((whole.ok_or_else(cannot)?, told))
    }

    fn allocation(&self, account: &AccountId, units: Decimal, it: &Understood) -> proto::OrderAllocation {
        let held = self.world.exchange().positions(account).unwrap_or_default();
        let held = held.iter().find(|position| position.symbol() == it.contract.symbol());
        let held = held.map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
        let moved = if it.wording.intent.side() == Side::Buy { held + units } else { held - units };
        proto::OrderAllocation {
            account: Some(account.as_str().to_owned()),
            position: Some(plain(held)),
            position_desired: Some(plain(moved)),
            position_after: Some(plain(moved)),
            desired_alloc_qty: Some(plain(units)),
            allowed_alloc_qty: Some(plain(units)),
            is_monetary: Some(false),
        }
    }

    /// The order as the exchange would get it if nothing held it back; of a kind that it does not trade the nearest.
    fn asked(&self, it: &Understood) -> Option<OrderIntent> {
        let intent = &it.wording.intent;
        let kind = send::kind_now(intent, &it.contract, self.world).unwrap_or_else(|| {
            intent.kind().limit_price().map_or(OrderKind::Market, |limit| OrderKind::Limit { limit })
        });
        let draft = OrderDraft {
            parent: None,
            oca: None,
            kind,
            time_in_force: send::traded_time(intent.time_in_force(), self.world.now()),
            attributes: Attributes::NONE,
            ..intent.to_draft()
        };
        draft.check().ok()
    }
}

/// Two previews of parts of one order. What one of them does not know, the whole does not know.
fn together(a: OrderPreview, b: OrderPreview) -> OrderPreview {
    let sum = |a: Option<Money>, b: Option<Money>| a?.plus(b?).ok();
    let effect = |a: AccountEffect, b: AccountEffect| AccountEffect {
        before: sum(a.before, b.before),
        change: sum(a.change, b.change),
        after: sum(a.after, b.after),
    };
    OrderPreview {
        commission: CommissionPreview {
            expected: sum(a.commission.expected, b.commission.expected),
            least: sum(a.commission.least, b.commission.least),
            most: sum(a.commission.most, b.commission.most),
        },
        initial_margin: effect(a.initial_margin, b.initial_margin),
        maintenance_margin: effect(a.maintenance_margin, b.maintenance_margin),
        equity_with_loan: effect(a.equity_with_loan, b.equity_with_loan),
        ..a
    }
}

fn state(preview: OrderPreview) -> proto::OrderState {
    let money = |amount: Option<Money>| amount.map(|it| to_float(it.amount().round_dp(2)));
    let exact = |amount: Option<Money>| amount.map(|it| to_float(it.amount()));
    let currency = |of: &AccountEffect| of.before.map(|it| it.currency().to_string());
    let OrderPreview { commission, initial_margin, maintenance_margin, equity_with_loan, .. } = preview;
    let charged = commission.expected.or(commission.least).or(commission.most);
    proto::OrderState {
        status: Some("PreSubmitted".to_owned()),
        init_margin_before: money(initial_margin.before),
        maint_margin_before: money(maintenance_margin.before),
        equity_with_loan_before: money(equity_with_loan.before),
        init_margin_change: money(initial_margin.change),
        maint_margin_change: money(maintenance_margin.change),
        equity_with_loan_change: money(equity_with_loan.change),
        init_margin_after: money(initial_margin.after),
        maint_margin_after: money(maintenance_margin.after),
        equity_with_loan_after: money(equity_with_loan.after),
        commission_and_fees: exact(commission.expected),
        min_commission_and_fees: exact(commission.least),
        max_commission_and_fees: exact(commission.most),
        // In the currency of what is traded; margins in the account's.
        commission_and_fees_currency: charged
            .map_or_else(|| currency(&equity_with_loan), |charged| Some(charged.currency().to_string())),
        margin_currency: currency(&equity_with_loan),
        warning_text: preview.warning,
        ..proto::OrderState::default()
    }
}
