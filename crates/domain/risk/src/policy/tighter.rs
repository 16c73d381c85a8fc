//! Limits of one account or strategy, tighter than those of all.

use super::PolicyDraft;
use crate::{NotAPolicy, Rule};
use serde::{Deserialize, Serialize};
use tradeport_kernel::Decimal;

/// Limits of one account, or of one strategy; what is absent is as for all. None may be wider than that of all: it would
/// never bind.
///
/// A strategy has none of those that need to know what it is worth by itself, or what all its positions come to: nobody
/// reckons that, and a limit that nobody holds anything against would protect from nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tighter {
    /// Most units in one order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_order_quantity: Option<Decimal>,
    /// Most value of one order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_order_value: Option<Decimal>,
    /// Most units of one instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_position_quantity: Option<Decimal>,
    /// Largest share of the portfolio in one instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_position_share: Option<Decimal>,
    /// Largest sum of all positions, as a share of the portfolio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_gross_share: Option<Decimal>,
    /// Largest share of the portfolio lost under stress.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_portfolio_risk: Option<Decimal>,
    /// How far a limit may lie beyond the market.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_collar: Option<Decimal>,
    /// Most money lost in one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_daily_loss: Option<Decimal>,
    /// Largest share of the portfolio lost in one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_daily_loss_share: Option<Decimal>,
    /// Largest fall from the highest value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_drawdown: Option<Decimal>,
    /// Largest share of the portfolio tied up by the initial margin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_margin_share: Option<Decimal>,
    /// Least that equity must be above the maintenance margin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_excess_liquidity: Option<Decimal>,
    /// Most orders in one day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_daily_trades: Option<u32>,
    /// Most orders in one minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_orders_per_minute: Option<u32>,
}

impl Tighter {
    /// Does it stop after losses?
    pub(super) const fn limits_losses(&self) -> bool {
        self.max_daily_loss.is_some() || self.max_daily_loss_share.is_some() || self.max_drawdown.is_some()
    }

    /// Is the limit of this rule among them?
    pub(crate) const fn sets(&self, rule: Rule) -> bool {
        match rule {
            Rule::MaxOrderQuantity => self.max_order_quantity.is_some(),
            Rule::MaxOrderValue => self.max_order_value.is_some(),
            Rule::MaxPositionQuantity => self.max_position_quantity.is_some(),
            Rule::MaxPositionShare => self.max_position_share.is_some(),
            Rule::MaxGrossShare => self.max_gross_share.is_some(),
            Rule::MaxPortfolioRisk => self.max_portfolio_risk.is_some(),
            Rule::PriceCollar => self.price_collar.is_some(),
            Rule::MaxDailyLoss => self.max_daily_loss.is_some(),
            Rule::MaxDailyLossShare => self.max_daily_loss_share.is_some(),
            Rule::MaxDrawdown => self.max_drawdown.is_some(),
            Rule::MaxMarginShare => self.max_margin_share.is_some(),
            Rule::MinExcessLiquidity => self.min_excess_liquidity.is_some(),
            Rule::MaxDailyTrades => self.max_daily_trades.is_some(),
            Rule::MaxOrdersPerMinute => self.max_orders_per_minute.is_some(),
            _ => false,
        }
    }

    /// Refuses what a strategy cannot be held against, what is wider than for all orders, and what never binds. What holds for
    /// all is not the strategy's: that its own limits are reached before that is why it has them.
    pub(super) fn check_of_strategy(&self, all: &PolicyDraft) -> Result<(), NotAPolicy> {
        self.check_reckoned()?;
        let limits = self.over(all, "as for all orders")?;
        limits.check_numbers()?;
        let (max_order_quantity, max_orders_per_minute) =
            (self.max_order_quantity, self.max_orders_per_minute);
        PolicyDraft { max_order_quantity, max_orders_per_minute, ..limits }.check_dead()
    }

    fn check_reckoned(&self) -> Result<(), NotAPolicy> {
        const NO_EQUITY: &str = "absent, or a limit of accounts: a strategy has no equity of its own";
        const NO_PORTFOLIO: &str = "absent, or a limit of accounts: a strategy's positions are not added up";
        const NO_MARGIN: &str = "absent, or a limit of accounts: a strategy has no margin of its own";
        let cannot = [
            ("max_daily_loss", self.max_daily_loss, NO_EQUITY),
            ("max_daily_loss_share", self.max_daily_loss_share, NO_EQUITY),
            ("max_drawdown", self.max_drawdown, NO_EQUITY),
            ("max_gross_share", self.max_gross_share, NO_PORTFOLIO),
            ("max_portfolio_risk", self.max_portfolio_risk, NO_PORTFOLIO),
            ("max_margin_share", self.max_margin_share, NO_MARGIN),
            ("min_excess_liquidity", self.min_excess_liquidity, NO_MARGIN),
        ];
        match cannot.into_iter().find_map(|(limit, value, why)| Some((limit, value?, why))) {
            Some((limit, value, why)) => Err(NotAPolicy::new(limit, value.to_string(), why)),
            None => Ok(()),
        }
    }

    /// The limits of all with these laid over them, if they make sense together.
    pub(super) fn checked_over(&self, all: &PolicyDraft) -> Result<PolicyDraft, NotAPolicy> {
        let limits = self.over(all, "as for all accounts")?;
        limits.check_numbers()?;
        limits.check_dead()?;
        Ok(limits)
    }

    /// The limits of all with these laid over them; `whose` says whose those are.
    fn over(&self, all: &PolicyDraft, whose: &str) -> Result<PolicyDraft, NotAPolicy> {
        let mut limits =
            PolicyDraft { accounts: Default::default(), strategies: Default::default(), ..all.clone() };
        let amounts = [
            ("max_order_quantity", self.max_order_quantity, &mut limits.max_order_quantity),
            ("max_order_value", self.max_order_value, &mut limits.max_order_value),
            ("max_position_quantity", self.max_position_quantity, &mut limits.max_position_quantity),
            ("max_gross_share", self.max_gross_share, &mut limits.max_gross_share),
            ("max_portfolio_risk", self.max_portfolio_risk, &mut limits.max_portfolio_risk),
            ("price_collar", self.price_collar, &mut limits.price_collar),
            ("max_daily_loss", self.max_daily_loss, &mut limits.max_daily_loss),
            ("max_daily_loss_share", self.max_daily_loss_share, &mut limits.max_daily_loss_share),
            ("max_drawdown", self.max_drawdown, &mut limits.max_drawdown),
            ("max_margin_share", self.max_margin_share, &mut limits.max_margin_share),
        ];
        for (limit, own, wide) in amounts {
            lay(limit, own, wide, whose)?;
        }
        if let Some(own) = self.min_excess_liquidity {
            if let Some(all) = limits.min_excess_liquidity.filter(|all| own < *all) {
                let expected = format!("at least {all}, {whose}: it would never bind");
                return Err(NotAPolicy::new("min_excess_liquidity", own.to_string(), expected));
            }
            limits.min_excess_liquidity = Some(own);
        }
        let mut share = Some(limits.max_position_share);
        lay("max_position_share", self.max_position_share, &mut share, whose)?;
        limits.max_position_share = share.unwrap_or(limits.max_position_share);
        let mut trades = Some(limits.max_daily_trades);
        lay("max_daily_trades", self.max_daily_trades, &mut trades, whose)?;
        limits.max_daily_trades = trades.unwrap_or(limits.max_daily_trades);
        lay("max_orders_per_minute", self.max_orders_per_minute, &mut limits.max_orders_per_minute, whose)?;
        Ok(limits)
    }
}

fn lay<T: PartialOrd + Copy + ToString>(
    limit: &'static str,
    own: Option<T>,
    wide: &mut Option<T>,
    whose: &str,
) -> Result<(), NotAPolicy> {
    match (own, *wide) {
        (Some(own), Some(all)) if own > all => {
            let expected = format!("at most {}, {whose}: it would never bind", all.to_string());
            Err(NotAPolicy::new(limit, own.to_string(), expected))
        }
        (Some(own), _) => {
            *wide = Some(own);
            Ok(())
        }
        (None, _) => Ok(()),
    }
}
