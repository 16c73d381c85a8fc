//! The kinds of instruments, and what can be said of each.

use serde::{Deserialize, Serialize};
use std::fmt;
use tradeport_kernel::Currency;

/// What sort of thing an instrument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InstrumentKind {
    /// Shares, or units of a fund traded like them.
    Stock,
    /// An option on a stock or an index.
    Option,
    /// A future of one expiry.
    Future,
    /// The front future of a product, whichever that is.
    ContinuousFuture,
    /// All futures of a product, the continuous one with them.
    AnyFuture,
    /// An option on a future.
    FuturesOption,
    /// A pair of currencies.
    Forex,
    /// A contract for difference.
    Cfd,
    /// A bond.
    Bond,
    /// A treasury bill.
    Bill,
    /// Fixed income of other sorts.
    FixedIncome,
    /// A mutual fund.
    Fund,
    /// A metal or another commodity, at its spot price.
    Commodity,
    /// A cryptocurrency.
    Crypto,
    /// An index: quoted, not traded.
    Index,
    /// A warrant.
    Warrant,
    /// A structured product, such as a turbo or a Dutch warrant.
    StructuredProduct,
    /// A yes-or-no contract on an event.
    EventContract,
    /// The borrowing of shares ahead of a short sale.
    StockBorrow,
    /// The lending of shares.
    SecuritiesLending,
    /// A forward.
    Forward,
    /// A basket.
    Basket,
    /// Listed by the broker as `ICU`, without a description.
    Icu,
    /// Listed by the broker as `ICS`, without a description.
    Ics,
    /// Several contracts in one order.
    Combo,
    /// A feed of news.
    NewsFeed,
}

/// Which strikes a kind knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strikes {
    /// None at all.
    None,
    /// Above zero.
    Positive,
    /// Zero or above: an event may turn on whether a number is above zero.
    NotNegative,
}

impl InstrumentKind {
    /// All of them.
    pub const ALL: [Self; 26] = [
        Self::Stock,
        Self::Option,
        Self::Future,
        Self::ContinuousFuture,
        Self::AnyFuture,
        Self::FuturesOption,
        Self::Forex,
        Self::Cfd,
        Self::Bond,
        Self::Bill,
        Self::FixedIncome,
        Self::Fund,
        Self::Commodity,
        Self::Crypto,
        Self::Index,
        Self::Warrant,
        Self::StructuredProduct,
        Self::EventContract,
        Self::StockBorrow,
        Self::SecuritiesLending,
        Self::Forward,
        Self::Basket,
        Self::Icu,
        Self::Ics,
        Self::Combo,
        Self::NewsFeed,
    ];

    /// Its word in the notation of instruments: `future`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Option => "option",
            Self::Future => "future",
            Self::ContinuousFuture => "continuous",
            Self::AnyFuture => "futures",
            Self::FuturesOption => "futopt",
            Self::Forex => "forex",
            Self::Cfd => "cfd",
            Self::Bond => "bond",
            Self::Bill => "bill",
            Self::FixedIncome => "fixed",
            Self::Fund => "fund",
            Self::Commodity => "commodity",
            Self::Crypto => "crypto",
            Self::Index => "index",
            Self::Warrant => "warrant",
            Self::StructuredProduct => "structured",
            Self::EventContract => "event",
            Self::StockBorrow => "borrow",
            Self::SecuritiesLending => "lending",
            Self::Forward => "forward",
            Self::Basket => "basket",
            Self::Icu => "icu",
            Self::Ics => "ics",
            Self::Combo => "combo",
            Self::NewsFeed => "news",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Its name for people, in the singular: `stock`, `futures option`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ContinuousFuture => "continuous future",
            Self::AnyFuture => "query for futures",
            Self::FuturesOption => "futures option",
            Self::Cfd => "contract for difference",
            Self::Forex => "currency pair",
            Self::StructuredProduct => "structured product",
            Self::EventContract => "event contract",
            Self::StockBorrow => "stock borrow",
            Self::SecuritiesLending => "securities loan",
            Self::FixedIncome => "fixed income security",
            Self::NewsFeed => "news feed",
            _ => self.word(),
        }
    }

    /// `a` or `an`, as its name wants it.
    pub(super) fn article(self) -> &'static str {
        article(self.name())
    }

    /// Whether expiry, strike and right stand beside the symbol in its notation.
    pub(super) const fn has_terms(self) -> bool {
        matches!(
            self,
            Self::Option
                | Self::Future
                | Self::FuturesOption
                | Self::Warrant
                | Self::StructuredProduct
                | Self::EventContract
                | Self::Forward
        )
    }

    /// Whether it may end.
    pub(super) const fn has_expiry(self) -> bool {
        self.has_terms()
            || matches!(self, Self::Bond | Self::Bill | Self::FixedIncome | Self::Icu | Self::Ics)
    }

    /// Whether it ends on a day on which exchanges trade.
    pub(super) const fn ends_on_weekdays(self) -> bool {
        self.has_terms() && !matches!(self, Self::EventContract | Self::Forward)
    }

    /// Which strikes it knows; a right goes with them.
    pub(super) const fn strikes(self) -> Strikes {
        match self {
            Self::Option | Self::FuturesOption | Self::Warrant | Self::StructuredProduct => Strikes::Positive,
            Self::EventContract => Strikes::NotNegative,
            _ => Strikes::None,
        }
    }

    /// Where it is routed when nothing else is said; `None` where that must be said.
    #[must_use]
    pub const fn usual_exchange(self) -> Option<&'static str> {
        match self {
            Self::Stock
            | Self::Option
            | Self::Cfd
            | Self::Bond
            | Self::Bill
            | Self::Commodity
            | Self::Combo => Some("SMART"),
            Self::Forex => Some("IDEALPRO"),
            Self::Crypto => Some("PAXOS"),
            Self::Fund => Some("FUNDSERV"),
            Self::StockBorrow => Some("PREBORROW"),
            Self::EventContract => Some("FORECASTX"),
            _ => None,
        }
    }

    /// Its currency when nothing else is said.
    #[must_use]
    pub const fn usual_currency(self) -> Option<Currency> {
        match self {
            Self::NewsFeed | Self::AnyFuture | Self::Forex => None,
            _ => Some(Currency::USD),
        }
    }
}

impl fmt::Display for InstrumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// `a` or `an`, as the word wants it.
pub(super) fn article(word: &str) -> &'static str {
    if word.starts_with(['e', 'i', 'o']) { "an" } else { "a" }
}
