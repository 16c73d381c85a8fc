//! The words that Jefferies' algos take.

use crate::algo::builder::choices;

choices! {
    /// Which auctions an algo takes part in.
    Auctions {
        /// None.
        ExcludeBoth = "Exclude_Both",
        /// The opening one.
        IncludeOpen = "Include_Open",
        /// The closing one.
        IncludeClose = "Include_Close",
        /// Both.
        IncludeBoth = "Include_Both",
    }

    /// What the "would or work" price is, where no number is given.
    WowReference {
        /// The market.
        Market = "Market",
        /// The best quote of all exchanges.
        InsideQuote = "Inside_NBBO_Price",
        /// The price when the order arrived.
        ArrivalPrice = "Arrival Price",
        /// The close of the session before.
        PriorClose = "PNC",
        /// The opening price.
        Open = "Open",
        /// The price when the order arrived, in basis points.
        ArrivalBps = "BPS_Arrival",
        /// A fixed price.
        Price = "Price",
        /// The other side of the quote.
        OtherSide = "OPP",
        /// The middle of the quote.
        Midpoint = "Midpoint",
    }

    /// What an algo turns to once the "would or work" price is reached.
    WowMode {
        /// Sweeps what is shown.
        Blitz = "BLITZ",
        /// Dark pools only.
        DarkSeek = "DARKSeek",
        /// Seeks liquidity, in no hurry.
        SeekPassive = "Seek_Passive",
        /// Seeks liquidity.
        SeekActive = "Seek_Active",
        /// Seeks liquidity, in a hurry.
        SeekAggressive = "Seek_Aggressive",
        /// A tenth of the volume.
        Volume10 = "Volume_10%",
        /// A fifth of the volume.
        Volume20 = "Volume_20%",
        /// Three tenths of the volume.
        Volume30 = "Volume_30%",
        /// Along the volume of the day.
        VwapDay = "VWAP_Day",
        /// Waits for the price.
        Patience = "Patience",
    }

    /// Is it a company buying its own shares, under the rule for such? The provider's manual writes `Yes` and `No`, the
    /// broker's sample program `1` and `0`.
    BuyBack {
        /// It is.
        Yes = "Yes",
        /// It is not.
        No = "No",
        /// It is, as the sample program writes it.
        One = "1",
        /// It is not, as the sample program writes it.
        Zero = "0",
    }

    /// Which part of the day is traded.
    TradingSession {
        /// The regular session.
        Day = "DAY",
        /// Before it.
        PreOpen = "PRE-OPEN",
        /// After it.
        AfterHours = "AFTER-HOURS",
    }

    /// How Blitz takes liquidity.
    TradingStyle {
        /// Tries for a better price first.
        PriceImprovement = "Price Improvement",
        /// Takes what is good.
        Opportunistic = "Opportunistic",
        /// Takes all it can.
        GetItDone = "Get-It-Done",
        /// Never rests in a book.
        NoPost = "No_Post",
    }

    /// How much an algo hurries.
    Urgency {
        /// Not at all.
        Passive = "Passive",
        /// Somewhat.
        Active = "Active",
        /// Very much.
        Aggressive = "Aggressive",
    }

    /// How much a search for liquidity hurries.
    SeekUrgency {
        /// Even less than passive.
        PassiveMinus = "Passive_Minus",
        /// Not at all.
        Passive = "Passive",
        /// Somewhat.
        Active = "Active",
        /// More than active.
        ActivePlus = "Active_Plus",
        /// Very much.
        Aggressive = "Aggressive",
    }

    /// What an algo of several stages does in one of them.
    Tactic {
        /// Five hundredths of the volume.
        Volume5 = "Volume_5%",
        /// A tenth of the volume.
        Volume10 = "Volume_10%",
        /// Fifteen hundredths of the volume.
        Volume15 = "Volume_15%",
        /// A fifth of the volume.
        Volume20 = "Volume_20%",
        /// A quarter of the volume.
        Volume25 = "Volume_25%",
        /// Three tenths of the volume.
        Volume30 = "Volume_30%",
        /// Dark pools only.
        DarkSeek = "DARKSeek",
        /// Seeks liquidity, in no hurry.
        SeekPassive = "Seek_Passive",
        /// Seeks liquidity.
        SeekActive = "Seek_Active",
        /// Seeks liquidity, in a hurry.
        SeekAggressive = "Seek_Aggressive",
        /// Sweeps what is shown.
        Blitz = "BLITZ",
        /// Along the volume of the day.
        VwapDay = "VWAP_Day",
        /// In steps of quantity.
        QtyScale = "Qty_Scale",
        /// Waits for the price.
        Patience = "Patience",
    }

    /// The price that a limit follows.
    Benchmark {
        /// The best quote of all exchanges.
        InsideQuote = "Inside_NBBO_Price",
        /// The price when the order arrived.
        ArrivalPrice = "Arrival_Price",
        /// The close of the session before.
        PriorClose = "PNC",
        /// The opening price.
        Open = "Open",
    }

    /// What the size meant for the closing auction is counted in.
    CloseUnit {
        /// Shares.
        Shares = "Shares",
        /// Percent of the order.
        PercentOfOrder = "%_of_Order",
        /// Percent of an average day's volume.
        PercentOfAdv = "%_of_ADV",
        /// Percent of the volume expected in the auction.
        PercentOfClose = "%_of_Expected_Close",
    }

    /// How much a portfolio's trading hurries, from 1 (least) to 5.
    PortfolioUrgency {
        /// Least.
        One = "1",
        /// Second.
        Two = "2",
        /// Third.
        Three = "3",
        /// Fourth.
        Four = "4",
        /// Most.
        Five = "5",
    }

    /// What is kept in balance while a portfolio trades.
    PortfolioStyle {
        /// Money bought and sold.
        CashBalance = "Cash_Balance",
        /// Exposure to the market.
        BetaNeutral = "Beta_Neutral",
        /// Implementation shortfall.
        Shortfall = "IS",
        /// Nothing; dark pools only.
        DarkOnly = "Dark_Only",
        /// Parts done of each order.
        ExecBalance = "Exec_Balance",
    }

    /// Yes or no, in words.
    YesNo {
        /// Yes.
        Yes = "Yes",
        /// No.
        No = "No",
    }

    /// Does a limit follow its benchmark?
    PriceLimitType {
        /// It stays.
        Fixed = "Fixed",
        /// It follows.
        Floating = "Floating",
    }

    /// What is kept in balance between the two legs of a pair.
    PairBalance {
        /// Shares.
        Share = "Share_Balanced",
        /// Money.
        Cash = "Cash_Balanced",
        /// The ratio.
        Ratio = "Ratio_Balanced",
    }

    /// How the legs of a pair are worked.
    PairStyle {
        /// With some hurry.
        Active = "Active",
        /// Evenly over time.
        Twap = "TWAP",
        /// With much hurry.
        Aggressive = "Aggressive",
        /// As agreed with the provider.
        Custom = "Custom",
    }

    /// The prices from which a pair's returns are measured.
    PairBenchmark {
        /// The closes of the session before.
        PriorClose = "PNC",
        /// The opening prices.
        Open = "Open",
        /// The prices when the order arrived.
        ArrivalPrice = "Arrival_Price",
    }

    /// On which side of the stated spread a pair trades.
    SpreadOperator {
        /// At the spread or below.
        AtMost = "<=",
        /// At the spread or above.
        AtLeast = ">=",
    }

    /// What a merger pair is traded for.
    PairObjective {
        /// To open it.
        Setup = "Setup",
        /// To close it.
        Unwind = "Unwind",
        /// To turn it round.
        Reverse = "Reverse",
    }

    /// What a Trader order is told to do.
    TraderAction {
        /// Stop.
        Halt = "Halt",
        /// Go on.
        Resume = "Resume",
        /// Look into dark pools.
        CheckDark = "Check_Dark",
        /// Trade with the other side of the quote.
        TakeOrHit = "Take/Hit",
    }
}
