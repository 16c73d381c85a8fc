//! What history is asked of: trades, sides of quotes, volatilities; and which contracts have which.

use crate::server::family::market_data::security_type;
use tradeport_contracts::Contract;

/// What a series of history shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Show {
    Trades,
    MidPoint,
    Bid,
    Ask,
    BidAsk,
    AdjustedLast,
    HistoricalVolatility,
    ImpliedVolatility,
    FeeRate,
    YieldBid,
    YieldAsk,
    YieldBidAsk,
    YieldLast,
    Schedule,
    AggregateTrades,
}

/// By name, with how errors say it.
const ALL: [(&str, Show, &str); 15] = [
    ("TRADES", Show::Trades, "Trades"),
    ("MIDPOINT", Show::MidPoint, "Midpoint"),
    ("BID", Show::Bid, "Bid"),
    ("ASK", Show::Ask, "Ask"),
    ("BID_ASK", Show::BidAsk, "BidAsk"),
    ("ADJUSTED_LAST", Show::AdjustedLast, "AdjustedLast"),
    ("HISTORICAL_VOLATILITY", Show::HistoricalVolatility, "HistoricalVolatility"),
    ("OPTION_IMPLIED_VOLATILITY", Show::ImpliedVolatility, "OptionImpliedVolatility"),
    ("FEE_RATE", Show::FeeRate, "FeeRate"),
    ("YIELD_BID", Show::YieldBid, "YieldBid"),
    ("YIELD_ASK", Show::YieldAsk, "YieldAsk"),
    ("YIELD_BID_ASK", Show::YieldBidAsk, "YieldBidAsk"),
    ("YIELD_LAST", Show::YieldLast, "YieldLast"),
    ("SCHEDULE", Show::Schedule, "Schedule"),
    ("AGGTRADES", Show::AggregateTrades, "AggTrades"),
];

impl Show {
    /// By the API's name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        ALL.iter().find(|(known, ..)| *known == name).map(|(_, show, _)| *show)
    }

    /// As errors say it.
    pub(crate) fn said(self) -> &'static str {
        ALL.iter().find(|(_, show, _)| *show == self).map_or("", |(.., said)| said)
    }

    /// Can bars of it be had while they come to be?
    pub(crate) const fn is_real_time(self) -> bool {
        matches!(self, Self::Trades | Self::MidPoint | Self::Bid | Self::Ask | Self::AggregateTrades)
    }

    /// Are there volumes with it?
    pub(crate) const fn is_trades(self) -> bool {
        matches!(self, Self::Trades | Self::AdjustedLast | Self::AggregateTrades)
    }

    /// Does a contract of this kind have it?
    pub(crate) fn is_of(self, contract: &Contract) -> bool {
        let quotes = matches!(self, Self::MidPoint | Self::Bid | Self::Ask | Self::BidAsk);
        let volatility = matches!(self, Self::HistoricalVolatility | Self::ImpliedVolatility);
        let schedule = self == Self::Schedule;
        match security_type(contract) {
            "STK" => {
                quotes
                    || volatility
                    || schedule
                    || matches!(self, Self::Trades | Self::AdjustedLast | Self::FeeRate)
            }
            "OPT" => quotes || matches!(self, Self::Trades | Self::AdjustedLast),
            "FUT" | "CONTFUT" => quotes || schedule || self == Self::Trades,
            "FOP" => quotes || self == Self::Trades,
            "CASH" | "CMDTY" | "FUND" | "CFD" => quotes || schedule,
            "IND" => volatility || schedule || self == Self::Trades,
            "CRYPTO" => quotes || schedule || matches!(self, Self::Trades | Self::AggregateTrades),
            "BOND" => {
                let is_yield =
                    matches!(self, Self::YieldBid | Self::YieldAsk | Self::YieldBidAsk | Self::YieldLast);
                quotes || schedule || is_yield || self == Self::Trades
            }
            // A combo's history is that of its legs.
            "BAG" => false,
            _ => quotes || self == Self::Trades,
        }
    }
}
