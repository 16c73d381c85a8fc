//! The rules, by the name under which their limit is set.

use serde::{Deserialize, Serialize};
use std::fmt;

/// One rule of the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The kill switch: nothing passes while it is killed.
    KillSwitch,
    /// A break that a person has to end keeps the contract's orders back.
    UnsolvedBreak,
    /// A number is missing.
    KnownInputs,
    /// Strategies that orders may name.
    Strategies,
    /// Names that may be traded.
    Symbols,
    /// Names that may not.
    NotSymbols,
    /// Kinds of instrument that may be traded.
    Instruments,
    /// Currencies that instruments may trade in.
    Currencies,
    /// Kinds of order that may be used.
    OrderKinds,
    /// How long orders may stand.
    TimesInForce,
    /// May an order trade outside of regular sessions?
    OutsideSessions,
    /// May a position be short?
    ShortSales,
    /// May a position be held overnight?
    Overnight,
    /// Most orders in one day.
    MaxDailyTrades,
    /// Most orders in one minute.
    MaxOrdersPerMinute,
    /// The same order again too soon, under another key.
    DuplicateWindow,
    /// Most money lost in one day.
    MaxDailyLoss,
    /// Largest share of the portfolio lost in one day.
    MaxDailyLossShare,
    /// Largest fall from the highest value.
    MaxDrawdown,
    /// Most units in one order.
    MaxOrderQuantity,
    /// Most value of one order.
    MaxOrderValue,
    /// How far a limit may lie beyond the market.
    PriceCollar,
    /// Most units of one instrument.
    MaxPositionQuantity,
    /// Largest share of the portfolio in one instrument.
    MaxPositionShare,
    /// Largest sum of all positions, as a share of the portfolio.
    MaxGrossShare,
    /// Largest loss under stress.
    MaxPortfolioRisk,
    /// What the broker says when it is asked before the order is sent.
    Preview,
    /// Largest share of the portfolio tied up by the initial margin.
    MaxMarginShare,
    /// Least that equity must be above the maintenance margin.
    MinExcessLiquidity,
}

impl Rule {
    /// As it is written in a policy.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KillSwitch => "kill_switch",
            Self::UnsolvedBreak => "unsolved_break",
            Self::KnownInputs => "known_inputs",
            Self::Strategies => "strategies",
            Self::Symbols => "symbols",
            Self::NotSymbols => "not_symbols",
            Self::Instruments => "instruments",
            Self::Currencies => "currencies",
            Self::OrderKinds => "order_kinds",
            Self::TimesInForce => "times_in_force",
            Self::OutsideSessions => "outside_sessions",
            Self::ShortSales => "short_sales",
            Self::Overnight => "overnight",
            Self::MaxDailyTrades => "max_daily_trades",
            Self::MaxOrdersPerMinute => "max_orders_per_minute",
            Self::DuplicateWindow => "duplicate_window_seconds",
            Self::MaxDailyLoss => "max_daily_loss",
            Self::MaxDailyLossShare => "max_daily_loss_share",
            Self::MaxDrawdown => "max_drawdown",
            Self::MaxOrderQuantity => "max_order_quantity",
            Self::MaxOrderValue => "max_order_value",
            Self::PriceCollar => "price_collar",
            Self::MaxPositionQuantity => "max_position_quantity",
            Self::MaxPositionShare => "max_position_share",
            Self::MaxGrossShare => "max_gross_share",
            Self::MaxPortfolioRisk => "max_portfolio_risk",
            Self::Preview => "preview",
            Self::MaxMarginShare => "max_margin_share",
            Self::MinExcessLiquidity => "min_excess_liquidity",
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
