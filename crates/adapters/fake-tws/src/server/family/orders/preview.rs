//! What an order would do: a question that is answered with margins and a commission.
//!
//! The order is taken to trade in full, at the displayed price if it can, else at its own. Margins are the broker's
//! shares of what is held.

use super::held::PermId;
use super::place::Understood;
use crate::server::error::ApiError;
use crate::server::family::parts::Parts;
use crate::translate::number::to_float;
use crate::wire::proto;
use tradeport_fake_broker::commission::CommissionSchedule;
use tradeport_fake_broker::exchange::MarginRules;
use tradeport_kernel::Decimal;
use tradeport_orders::{OrderSize, Side};

/// The figures of an account that an order moves.
#[derive(Clone, Copy)]
struct Figures {
    initial: Decimal,
    maintenance: Decimal,
    equity: Decimal,
}

impl Parts<'_> {
    /// The answer to a question.
    pub(super) fn preview(
        &mut self,
        client_id: i32,
        id: i32,
        perm_id: PermId,
        it: &Understood,
    ) -> Result<proto::OpenOrder, ApiError> {
        self.world.list(&it.contract);
        self.world.refresh(&it.contract);
        let state = self.reckon(it).ok_or_else(|| {
            ApiError::invalid(id, "what the order would do cannot be reckoned without a price")
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
            order_state: Some(state),
        })
    }

    fn reckon(&self, it: &Understood) -> Option<proto::OrderState> {
        let (intent, rules) = (&it.wording.intent, MarginRules::default());
        let exchange = self.world.exchange();
        let summary = exchange.summary(intent.account())?.ok()?;
        let positions = exchange.positions(intent.account())?;
        let price = self.expected_price(it)?;
        let each = price.checked_mul(it.contract.multiplier())?;
        let quantity = match intent.size() {
            OrderSize::Units(quantity) => quantity.as_decimal(),
            OrderSize::Cash(cash) => cash.amount().checked_div(each)?.floor(),
            OrderSize::FollowsParent => Decimal::ZERO,
        };
        let value = quantity.checked_mul(each)?;
        let schedule = CommissionSchedule::ib_us_stocks_fixed();
        let cost =
            schedule.owed(intent.side(), quantity, value, schedule.by_tiers(Decimal::ZERO, quantity)?)?;
        let gross: Decimal = positions.iter().filter_map(|it| self.worth(it)).map(|it| it.abs()).sum();
        let held = positions.iter().find(|position| position.symbol() == it.contract.symbol());
        let held = held.map_or(Decimal::ZERO, |position| position.quantity().as_decimal());
        let after = if intent.side() == Side::Buy { held + quantity } else { held - quantity };
        let moved = after.abs().checked_sub(held.abs())?.checked_mul(each)?;
        let figures = |gross: Decimal, equity: Decimal| {
            let gross = gross.max(Decimal::ZERO);
            let (initial, maintenance) =
                (gross.checked_mul(rules.initial)?, gross.checked_mul(rules.maintenance)?);
            Some(Figures { initial, maintenance, equity })
        };
        let equity = summary.net_liquidation.amount();
        let before = figures(gross, equity)?;
        let after = figures(gross.checked_add(moved)?, equity.checked_sub(cost)?)?;
        Some(state(before, after, cost, &it.contract.currency().to_string()))
    }

    fn worth(&self, position: &tradeport_portfolio::Position) -> Option<Decimal> {
        let price = self.world.exchange().last_price(position.symbol())?;
        position.value_at(price).ok().map(|value| value.amount())
    }

    fn expected_price(&self, it: &Understood) -> Option<Decimal> {
        let (intent, quote) = (&it.wording.intent, self.world.quote(&it.contract));
        let opposite = quote.and_then(|quote| match intent.side() {
            Side::Buy => quote.ask(),
            Side::Sell => quote.bid(),
        });
        let shown = opposite.map(|level| level.price());
        let own = intent.kind().limit_price().or(intent.kind().trigger_price());
        let better = match (own, shown) {
            (Some(own), Some(shown)) if intent.side() == Side::Buy => Some(own.min(shown)),
            (Some(own), Some(shown)) => Some(own.max(shown)),
            (own, shown) => own.or(shown),
        };
        better.or_else(|| self.world.exchange().last_price(it.contract.symbol())).map(|it| it.as_decimal())
    }
}

fn state(before: Figures, after: Figures, cost: Decimal, currency: &str) -> proto::OrderState {
    let money = |amount: Decimal| Some(to_float(amount.round_dp(2)));
    proto::OrderState {
        status: Some("PreSubmitted".to_owned()),
        init_margin_before: money(before.initial),
        maint_margin_before: money(before.maintenance),
        equity_with_loan_before: money(before.equity),
        init_margin_change: money(after.initial - before.initial),
        maint_margin_change: money(after.maintenance - before.maintenance),
        equity_with_loan_change: money(after.equity - before.equity),
        init_margin_after: money(after.initial),
        maint_margin_after: money(after.maintenance),
        equity_with_loan_after: money(after.equity),
        commission_and_fees: Some(to_float(cost)),
        min_commission_and_fees: None,
        max_commission_and_fees: None,
        commission_and_fees_currency: Some(currency.to_owned()),
        margin_currency: Some(currency.to_owned()),
        ..proto::OrderState::default()
    }
}
