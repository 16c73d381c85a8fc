//! Algos that trade along time or volume.

use super::words::{
    Auctions, Benchmark, BuyBack, CloseUnit, PortfolioStyle, PortfolioUrgency, PriceLimitType, Tactic,
    TradingSession, Urgency, WowMode, WowReference, YesNo,
};
use crate::algo::builder::{Draft, algos};
use crate::algo::kinds::{argument, held, takes};
use crate::algo::spec::{AlgoSpec, ParamSpec};
use crate::algo::takes::{Range, Takes};
use crate::algo::value::ParamValue;
use crate::algo::{Algo, AlgoRefusal, AlgoTime, Provider};
use tradeport_kernel::{Decimal, Price};

algos! {
    Jefferies;

    /// Volume-weighted average price over the stated time.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{Auctions, Vwap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Vwap::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .exclude_auctions(Auctions::IncludeBoth)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies VWAP");
    /// # Ok(())
    /// # }
    /// ```
    Vwap = "VWAP" "VWAP" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// The auctions that it takes part in.
        exclude_auctions = "ExcludeAuctions": choice(Auctions),
        /// The price that wakes it. Above zero.
        trigger_price = "TriggerPrice": positive,
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
        /// Is it a company buying its own shares?
        is_buy_back = "IsBuyBack": choice(BuyBack),
    }

    /// Time-weighted average price over the stated time.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{Auctions, Twap};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Twap::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .exclude_auctions(Auctions::IncludeBoth)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies TWAP");
    /// # Ok(())
    /// # }
    /// ```
    Twap = "TWAP" "TWAP" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// The auctions that it takes part in.
        exclude_auctions = "ExcludeAuctions": choice(Auctions),
        /// The part of the day that it trades in.
        trading_session = "TradingSession": choice(TradingSession),
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
        /// Is it a company buying its own shares?
        is_buy_back = "IsBuyBack": choice(BuyBack),
    }

    /// Takes part in the volume at a stated rate.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::VolPart;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = VolPart::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .dark_volume_rate(10)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies VOLPART");
    /// # Ok(())
    /// # }
    /// ```
    VolPart = "VOLPART" "VolPart" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// The most of the volume of dark pools that it trades, in percent. Zero or above.
        dark_volume_rate = "DarkVolumeRate": amount,
        /// The auctions that it takes part in.
        exclude_auctions = "ExcludeAuctions": choice(Auctions),
        /// The part of the day that it trades in.
        trading_session = "TradingSession": choice(TradingSession),
        /// The "would or work" price: the price at which all the rest would be traded.
        wow_price = "WowPrice": price,
        /// What the "would or work" price is, when [`wow_price`](Self::wow_price) says none.
        wow_reference = "WowReference": choice(WowReference),
        /// The smallest fill taken, in shares.
        min_fill_size = "MinFillSize": count,
        /// How much of the order is traded at the "would or work" price, in percent.
        wow_order_pct = "WowOrderPct": count,
        /// What it turns to at the "would or work" price.
        wow_mode = "WowMode": choice(WowMode),
        /// Is it a company buying its own shares?
        is_buy_back = "IsBuyBack": choice(BuyBack),
    }

    /// Trades in the opening auction, and works what is left by another tactic.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{Benchmark, Opener, Tactic};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use tradeport_kernel::Decimal;
    /// let algo = Opener::new()
    ///     .open_qty(10)
    ///     .post_open_strategy(Tactic::Patience)
    ///     .post_open_limit(Decimal::new(-15, 1))
    ///     .post_open_benchmark(Benchmark::Open)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies OPENER");
    /// # Ok(())
    /// # }
    /// ```
    Opener = "OPENER" "Opener" {
        /// A limit that follows the market, as an offset from it; of either sign.
        relative_limit = "RelativeLimit": number,
        /// What the size meant for the opening auction is counted in, in the provider's words.
        unit_for_open = "UnitForOpen": text,
        /// The size meant for the opening auction, in [`unit_for_open`](Self::unit_for_open). Zero or above.
        open_qty = "OpenQty": amount,
        /// What it does with the rest.
        post_open_strategy = "PostOpenStrategy": choice(Tactic),
        /// The limit for the rest, in price units.
        post_open_limit = "PostOpenLimit": number,
        /// What the limit for the rest follows.
        post_open_benchmark = "PostOpenBenchmark": choice(Benchmark),
        /// How far the limit stays from its benchmark; of either sign.
        benchmark_offset = "BenchmarkOffset": whole,
    }

    /// Trades towards the closing price, in the auction and before it.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::{CloseUnit, Finale, Urgency};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Finale::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .urgency(Urgency::Aggressive)
    ///     .unit_for_close(CloseUnit::PercentOfClose)
    ///     .close_qty(10)
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies TOC");
    /// # Ok(())
    /// # }
    /// ```
    Finale = "TOC" "Finale" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// How much it hurries.
        urgency = "Urgency": choice(Urgency),
        /// What the size meant for the closing auction is counted in.
        unit_for_close = "UnitForClose": choice(CloseUnit),
        /// The size meant for the closing auction, in [`unit_for_close`](Self::unit_for_close). Zero or
        /// above.
        close_qty = "CloseQty": amount,
    }

    /// Works the orders of a portfolio together.
    ///
    /// ```
    /// use tradeport_orders::algo::jefferies::Portfolio;
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let algo = Portfolio::new()
    ///     .start_time("10:00:00 US/Eastern".parse()?)
    ///     .end_time("15:30:00 US/Eastern".parse()?)
    ///     .max_volume_rate(10)
    ///     .portfolio_id("basket-7")
    ///     .build()?;
    /// assert_eq!(algo.name(), "jefferies PORT");
    /// # Ok(())
    /// # }
    /// ```
    Portfolio = "PORT" "Portfolio" {
        /// When it starts.
        start_time = "StartTime": clock,
        /// When it ends.
        end_time = "EndTime": clock,
        /// The most of the volume that it trades, in percent. Zero or above.
        max_volume_rate = "MaxVolumeRate": amount,
        /// Which portfolio the order belongs to: the same text in all its orders.
        portfolio_id = "PortfolioId": text,
        /// The limit of the portfolio as a whole.
        portfolio_limit = "PortfolioLimit": number,
        /// The auctions that it takes part in.
        exclude_auctions = "ExcludeAuctions": choice(Auctions),
        /// How much the portfolio hurries.
        portfolio_urgency = "PortfolioUrgency": choice(PortfolioUrgency),
        /// What is kept in balance.
        style = "Style": choice(PortfolioStyle),
        /// Is it to be done by the end of the day?
        complete_by_eod = "CompleteByEOD": choice(YesNo),
        /// Does the limit follow its benchmark?
        price_limit_type = "PriceLimitType": choice(PriceLimitType),
        /// What the limit follows.
        benchmark = "Benchmark": choice(Benchmark),
        /// How far the limit stays from its benchmark; of either sign.
        benchmark_offset = "BenchmarkOffset": whole,
        /// The index that the portfolio is measured against.
        tracking_index = "TrackingIndex": text,
        /// The upper end of the band around the index, in basis points; of either sign.
        max_out_perform = "MaxOutPerform": whole,
        /// The lower end of the band around the index, in basis points; of either sign.
        min_out_perform = "MinOutPerform": whole,
    }
}
