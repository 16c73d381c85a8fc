//! What is meant by an order or a subscription, before any broker was asked.
//!
//! One type a kind of instrument, each with constructors that keep the simple calls simple and refuse what no broker
//! would take. All share [`Description`], the sum of what can be said; [`Instrument`] is any of them. The text form is
//! explained at [`Instrument`].
//!
//! Left out: what the broker knows of it ([`crate::Contract`]) and how it is ordered.

mod combo;
mod derivative;
mod description;
mod event;
mod expiry_check;
mod forex;
mod future;
mod kind;
mod listed;
mod notation;
mod numbered;
mod orderable;
mod plain;
mod price_sign;
mod refusal;
mod symbol;

pub use combo::{Combo, ComboLeg, DeltaNeutral, LegAction, LegEffect, NotALeg, ShortSale};
pub use derivative::{FuturesOption, OptionContract, StructuredProduct, Warrant};
pub use description::Description;
pub use event::EventContract;
pub use forex::Forex;
pub use future::{AnyFuture, ContinuousFuture, Forward, Future};
pub use kind::InstrumentKind;
pub use numbered::{ById, Identified, Issued};
pub use orderable::NotOrderable;
pub use plain::{
    Basket, Bill, Bond, Cfd, Commodity, Crypto, FixedIncome, Fund, Ics, Icu, Index, NewsFeed,
    SecuritiesLending, Stock, StockBorrow,
};
pub use refusal::NotAnInstrument;

use description::Naming;
use listed::Facts;
use serde::{Deserialize, Serialize};

/// Defines [`Instrument`] and its ways to and from its kinds.
macro_rules! instrument {
    (docs { $(#[$doc:meta])* } $($(#[$about:meta])* $variant:ident($name:ident) = $naming:pat => $word:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub enum Instrument {
            $($(#[$about])* $variant($name)),+
        }

        impl Instrument {
            /// The instrument of checked facts.
            fn from_facts(naming: Naming, facts: Facts) -> Self {
                match naming {
                    $($naming => Self::$variant($name(facts))),+
                }
            }

            fn facts(&self) -> &Facts {
                match self {
                    $(Self::$variant(it) => &it.0),+
                }
            }
        }

        $(
            impl From<$name> for Instrument {
                fn from(it: $name) -> Self {
                    Self::$variant(it)
                }
            }

            impl TryFrom<Instrument> for $name {
                type Error = NotAnInstrument;
                fn try_from(instrument: Instrument) -> Result<Self, Self::Error> {
                    match instrument {
                        Instrument::$variant(it) => Ok(it),
                        other => Err(NotAnInstrument::OtherKind { expected: $word, given: other.to_string() }),
                    }
                }
            }
        )+
    };
}

instrument! {
    docs {
    /// Something that can be traded, quoted or asked for.
    ///
    /// # Notation
    ///
    /// An instrument is written as one line that reads back as the same instrument ([`Display`] and [`FromStr`]):
    /// `[kind:]what[@exchange[:primary]][/currency][;key=value…]`. What a kind usually has is left out.
    ///
    /// | text | meaning |
    /// | --- | --- |
    /// | `AAPL` | the stock, in US dollars, routed by the broker (`SMART`) |
    /// | `VOD@LSE/GBP` | a stock on one exchange, in another currency |
    /// | `BMW@SMART:IBIS/EUR` | routed by the broker, listed at `IBIS` |
    /// | `AAPL 20250117C150` | the call on `AAPL` that expires on 2025-01-17, strike 150 |
    /// | `ES 202503@CME` | the future of March 2025; a day (`20250321`) does as well |
    /// | `DAX 202303x1@EUREX/EUR` | the future with a multiplier of 1 |
    /// | `EUR.USD` | the pair: euros priced in dollars; `EUR.USD@FXCONV` converts without a position |
    /// | `futopt:GBL 20230224C138x1000@EUREX/EUR` | an option on a future |
    /// | `warrant:`, `structured:`, `event:`, `forward:` | the same form for these |
    /// | `event:GCE 20251231C40500` | yes, at 40500 |
    /// | `option:FISV *` | all options on `FISV`; `option:FISV 202501`, `option:FISV *C`, `option:FISV 202501*150`: those of a month, the calls, those at a strike |
    /// | `continuous:ES@CME`, `futures:GBL@EUREX` | the continuous future; it and all others |
    /// | `cfd:IBM`, `bond:IBM`, `bill:`, `fund:`, `commodity:`, `crypto:BTC`, `index:DAX@EUREX/EUR`, … | by symbol |
    /// | `news:BRF:BRF_ALL@BRF`, `news:*@BRFG` | a feed; all feeds of a provider |
    /// | `borrow:IBM` | borrowing shares ahead of a short sale |
    /// | `id:265598` | by the broker's number |
    /// | `isin:US0378331005`, `cusip:…`, `sedol:…`, `figi:…`, `ric:…` | by a public number |
    /// | `issuer:e1453318` | all bonds of an issuer |
    /// | `combo:IBKR,MCD;leg=+1x43645865@SMART;leg=-1x9408@SMART` | several contracts; `+` buys, `-` sells, `!` sells short |
    ///
    /// Keys: `local`, `class`, `id`, `isin` and the other schemes, `issuer`, `expired=yes` (ended contracts too); for
    /// kinds without terms beside the symbol also `expiry` and `multiplier`; for numbers also `kind` and `symbol`; for
    /// combos `leg` and `neutral=id:delta[:price]`. `*` stands for what is not said beside the symbol, `-` for no exchange or
    /// currency. The characters `% @ / ; = # * |` inside a text are written as `%` and two hexadecimal digits.
    ///
    /// [`Display`]: std::fmt::Display
    /// [`FromStr`]: std::str::FromStr
    ///
    /// ```
    /// use tradeport_contracts::{Instrument, Right, Stock};
    /// let vodafone: Instrument = Stock::new("VOD")?.on("LSE")?.in_currency("GBP".parse().unwrap()).into();
    /// assert_eq!(vodafone.to_string(), "VOD@LSE/GBP");
    /// assert_eq!("VOD@LSE/GBP".parse(), Ok(vodafone));
    /// let call: Instrument = "AAPL 20250117C150".parse()?;
    /// assert_eq!(call.description().right, Some(Right::Call));
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    }
    /// Shares of a company or of a fund traded like one.
    Stock(Stock) = Naming::Kind(InstrumentKind::Stock) => "stock",
    /// An option on a stock or an index.
    Option(OptionContract) = Naming::Kind(InstrumentKind::Option) => "option",
    /// A future.
    Future(Future) = Naming::Kind(InstrumentKind::Future) => "future",
    /// The front future, whichever that is.
    ContinuousFuture(ContinuousFuture) = Naming::Kind(InstrumentKind::ContinuousFuture) => "continuous future",
    /// All futures of a product.
    AnyFuture(AnyFuture) = Naming::Kind(InstrumentKind::AnyFuture) => "query for futures",
    /// An option on a future.
    FuturesOption(FuturesOption) = Naming::Kind(InstrumentKind::FuturesOption) => "futures option",
    /// A pair of currencies.
    Forex(Forex) = Naming::Kind(InstrumentKind::Forex) => "currency pair",
    /// A contract for difference.
    Cfd(Cfd) = Naming::Kind(InstrumentKind::Cfd) => "contract for difference",
    /// A bond.
    Bond(Bond) = Naming::Kind(InstrumentKind::Bond) => "bond",
    /// A treasury bill.
    Bill(Bill) = Naming::Kind(InstrumentKind::Bill) => "bill",
    /// Fixed income of other sorts.
    FixedIncome(FixedIncome) = Naming::Kind(InstrumentKind::FixedIncome) => "fixed income security",
    /// A mutual fund.
    Fund(Fund) = Naming::Kind(InstrumentKind::Fund) => "fund",
    /// A commodity at its spot price.
    Commodity(Commodity) = Naming::Kind(InstrumentKind::Commodity) => "commodity",
    /// A cryptocurrency.
    Crypto(Crypto) = Naming::Kind(InstrumentKind::Crypto) => "crypto",
    /// An index.
    Index(Index) = Naming::Kind(InstrumentKind::Index) => "index",
    /// A warrant.
    Warrant(Warrant) = Naming::Kind(InstrumentKind::Warrant) => "warrant",
    /// A structured product.
    StructuredProduct(StructuredProduct) = Naming::Kind(InstrumentKind::StructuredProduct) => "structured product",
    /// A yes-or-no contract.
    EventContract(EventContract) = Naming::Kind(InstrumentKind::EventContract) => "event contract",
    /// The borrowing of shares.
    StockBorrow(StockBorrow) = Naming::Kind(InstrumentKind::StockBorrow) => "stock borrow",
    /// The lending of shares.
    SecuritiesLending(SecuritiesLending) = Naming::Kind(InstrumentKind::SecuritiesLending) => "securities loan",
    /// A forward.
    Forward(Forward) = Naming::Kind(InstrumentKind::Forward) => "forward",
    /// A basket.
    Basket(Basket) = Naming::Kind(InstrumentKind::Basket) => "basket",
    /// Listed by the broker as `ICU`, without a description.
    Icu(Icu) = Naming::Kind(InstrumentKind::Icu) => "icu",
    /// Listed by the broker as `ICS`, without a description.
    Ics(Ics) = Naming::Kind(InstrumentKind::Ics) => "ics",
    /// Several contracts in one order.
    Combo(Combo) = Naming::Kind(InstrumentKind::Combo) => "combo",
    /// A feed of news.
    NewsFeed(NewsFeed) = Naming::Kind(InstrumentKind::NewsFeed) => "news feed",
    /// By the broker's number alone.
    ById(ById) = Naming::Id => "contract by its id",
    /// By a public number alone.
    Identified(Identified) = Naming::Identifier => "security by its identifier",
    /// All that one issuer issued.
    Issued(Issued) = Naming::Issuer => "issuer's securities",
}

impl Instrument {
    /// What it is; `None` where only a number says which one is meant.
    #[must_use]
    pub fn kind(&self) -> Option<InstrumentKind> {
        self.description().kind
    }

    /// All that is said of it.
    #[must_use]
    pub fn description(&self) -> &Description {
        self.facts().description()
    }

    /// The same, routed to one exchange: what it is stays the same, and so does what is held of it.
    ///
    /// ```
    /// use tradeport_contracts::Instrument;
    /// let share: Instrument = "VOD@LSE/GBP".parse()?;
    /// assert_eq!(share.routed_to("CHIX")?.to_string(), "VOD@CHIX/GBP");
    /// assert!(share.routed_to("no exchange").is_err());
    /// # Ok::<(), tradeport_contracts::NotAnInstrument>(())
    /// ```
    ///
    /// # Errors
    /// When no exchange can have that code.
    pub fn routed_to(&self, exchange: &str) -> Result<Self, NotAnInstrument> {
        Description { exchange: Some(exchange.to_owned()), ..self.description().clone() }.check()
    }

    /// How it names what is meant.
    fn naming(&self) -> Naming {
        self.description().naming().expect("an instrument was checked")
    }
}
