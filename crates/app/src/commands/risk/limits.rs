//! The limits of an account, each with its use as far as the databases tell it.
//!
//! What is held and worth comes from the last snapshot of the portfolio: looking asks no broker, so it works beside a
//! service. Limits of single orders have no use between orders.

use super::verdicts::Sent;
use serde::Serialize;
use tradeport_kernel::{Decimal, StrategyId, Timestamp};
use tradeport_portfolio::PortfolioSnapshot;
use tradeport_risk::{Equity, PolicyDraft, Rule, Tighter};

/// A limit and its use.
#[derive(Clone, Debug, Serialize)]
pub(super) struct LimitRow {
    pub(super) rule: Rule,
    /// The strategy whose limit it is; `None` for one of every order.
    pub(super) strategy: Option<StrategyId>,
    pub(super) limit: String,
    /// `None` where it is a limit of single orders, or nothing is known.
    pub(super) used: Option<String>,
    /// By what it is used, where that is one instrument.
    pub(super) by: Option<String>,
}

/// What limits are used by.
pub(super) struct Use<'a> {
    pub(super) now: Timestamp,
    pub(super) sent: Sent,
    pub(super) equity: Equity,
    pub(super) last: Option<&'a PortfolioSnapshot>,
}

impl Use<'_> {
    /// The largest position by a measure, and its name.
    fn largest(
        &self,
        of: impl Fn(&PortfolioSnapshot, usize) -> Option<Decimal>,
    ) -> (Option<Decimal>, Option<String>) {
        let Some(last) = self.last else { return (None, None) };
        let all = (0..last.positions.len())
            .filter_map(|at| Some((of(last, at)?.abs(), last.positions[at].symbol.to_string())));
        match all.max_by(|one, other| one.0.cmp(&other.0)) {
            Some((number, symbol)) => (Some(number), Some(symbol)),
            None => (Some(Decimal::ZERO), None),
        }
    }

    fn share(last: &PortfolioSnapshot, value: Decimal) -> Option<Decimal> {
        let total = last.total_value.amount();
        (total > Decimal::ZERO).then(|| value.checked_div(total)).flatten()
    }

    fn gross(&self) -> Option<Decimal> {
        let last = self.last?;
        Self::share(last, last.positions.iter().map(|it| it.value.amount().abs()).sum())
    }

    fn lost(&self) -> Option<Decimal> {
        self.equity.lost_today(self.now, self.last?.total_value).map(|lost| lost.max(Decimal::ZERO))
    }

    fn lost_share(&self) -> Option<Decimal> {
        let opened = self.equity.opened(self.now, self.last?.total_value).filter(|it| *it > Decimal::ZERO)?;
        self.lost()?.checked_div(opened)
    }
}

/// Every limit that is set.
pub(super) fn of(limits: &PolicyDraft, used: &Use<'_>) -> Vec<LimitRow> {
    let mut rows = Vec::new();
    let mut row = |rule, limit: Option<String>, used: Option<String>, by: Option<String>| {
        rows.extend(limit.map(|limit| LimitRow { rule, strategy: None, limit, used, by }));
    };
    let number = |number: Decimal| number.round_dp(6).normalize().to_string();
    let whole = |count: u32| Some(count.to_string());
    row(Rule::MaxDailyTrades, whole(limits.max_daily_trades), whole(used.sent.today), None);
    let minute = limits.max_orders_per_minute.map(|it| it.to_string());
    row(Rule::MaxOrdersPerMinute, minute, whole(used.sent.last_minute), None);
    let window = limits.duplicate_window_seconds.map(|it| it.to_string());
    row(Rule::DuplicateWindow, window, None, None);
    row(Rule::MaxDailyLoss, limits.max_daily_loss.map(number), used.lost().map(number), None);
    row(
        Rule::MaxDailyLossShare,
        limits.max_daily_loss_share.map(number),
        used.lost_share().map(number),
        None,
    );
    let fallen = used.last.and_then(|last| used.equity.fallen(last.total_value));
    row(Rule::MaxDrawdown, limits.max_drawdown.map(number), fallen.map(number), None);
    row(Rule::MaxOrderQuantity, limits.max_order_quantity.map(number), None, None);
    row(Rule::MaxOrderValue, limits.max_order_value.map(number), None, None);
    row(Rule::PriceCollar, limits.price_collar.map(number), None, None);
    let (units, by) = used.largest(|last, at| Some(last.positions[at].quantity.as_decimal()));
    row(Rule::MaxPositionQuantity, limits.max_position_quantity.map(number), units.map(number), by);
    let (share, by) = used.largest(|last, at| Use::share(last, last.positions[at].value.amount()));
    row(Rule::MaxPositionShare, Some(number(limits.max_position_share)), share.map(number), by);
    row(Rule::MaxGrossShare, limits.max_gross_share.map(number), used.gross().map(number), None);
    let stressed = used.gross().and_then(|gross| gross.checked_mul(limits.stress_move));
    row(Rule::MaxPortfolioRisk, limits.max_portfolio_risk.map(number), stressed.map(number), None);
    // What is tied up now only the broker knows.
    row(Rule::MaxMarginShare, limits.max_margin_share.map(number), None, None);
    row(Rule::MinExcessLiquidity, limits.min_excess_liquidity.map(number), None, None);
    rows
}

/// The limits that a strategy has of its own.
pub(super) fn of_strategy(strategy: &StrategyId, limits: &Tighter, sent: Sent) -> Vec<LimitRow> {
    let amount = |limit: Option<Decimal>| limit.map(|limit| limit.normalize().to_string());
    let count = |limit: Option<u32>| limit.map(|limit| limit.to_string());
    let rows = [
        (Rule::MaxDailyTrades, count(limits.max_daily_trades), Some(sent.today)),
        (Rule::MaxOrdersPerMinute, count(limits.max_orders_per_minute), Some(sent.last_minute)),
        (Rule::MaxOrderQuantity, amount(limits.max_order_quantity), None),
        (Rule::MaxOrderValue, amount(limits.max_order_value), None),
        (Rule::PriceCollar, amount(limits.price_collar), None),
        (Rule::MaxPositionQuantity, amount(limits.max_position_quantity), None),
        (Rule::MaxPositionShare, amount(limits.max_position_share), None),
    ];
    let row = |(rule, limit, used): (Rule, Option<String>, Option<u32>)| {
        let used = used.map(|used| used.to_string());
        Some(LimitRow { rule, strategy: Some(strategy.clone()), limit: limit?, used, by: None })
    };
    rows.into_iter().filter_map(row).collect()
}
