//! What an order would do: a question that is answered with margins and a commission.
//!
//! The exchange reckons it, with the same admission, commissions and margins that the order would meet: what the question
//! is answered with then happens.

use super::held::PermId;
use super::place::Understood;
use super::send;
use crate::server::error::{ApiError, Code};
use crate::server::family::parts::Parts;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_kernel::Money;
use tradeport_orders::{
    AccountEffect, Attributes, OrderDraft, OrderIntent, OrderKind, OrderPreview, TimeInForce,
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
        let preview = self.world.exchange().preview(&asked).map_err(|reason| {
            ApiError::about(id, Code::OrderRefused, format!("Order rejected - reason:{reason}"))
        })?;
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
            order_state: Some(state(preview)),
        })
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
            time_in_force: send::traded_time(intent.time_in_force()).unwrap_or(TimeInForce::Day),
            attributes: Attributes::NONE,
            ..intent.to_draft()
        };
        draft.check().ok()
    }
}

fn state(preview: OrderPreview) -> proto::OrderState {
    let money = |amount: Option<Money>| amount.map(|it| to_float(it.amount().round_dp(2)));
    let exact = |amount: Option<Money>| amount.map(|it| to_float(it.amount()));
    let currency = |of: &AccountEffect| of.before.map(|it| it.currency().to_string());
    let OrderPreview { commission, initial_margin, maintenance_margin, equity_with_loan, .. } = preview;
    let known = commission.expected.is_some();
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
        min_commission_and_fees: exact(commission.least.filter(|_| !known)),
        max_commission_and_fees: exact(commission.most.filter(|_| !known)),
        commission_and_fees_currency: currency(&equity_with_loan),
        margin_currency: currency(&equity_with_loan),
        warning_text: preview.warning,
        ..proto::OrderState::default()
    }
}
