//! What can be traded, and when: instruments, the broker's description of them, trading sessions, splits.
//!
//! An [`Instrument`] says what is meant; a [`Contract`] is what the broker's catalog answers: its id, price step, lot,
//! currency and hours. The rest of the platform names an instrument by its `Symbol`.
//!
//! Left out: prices (`market-data`) and how to order (`orders`).

pub mod calendar;
mod combo_terms;
mod contract;
mod corporate_action;
mod details;
mod expiry;
pub mod futures;
mod identifier;
mod instrument;
mod option_chain;
mod ports;
mod right;
mod sessions;

pub use combo_terms::{ComboTerms, LegTerms, UnfitLegs};
pub use contract::{Contract, ContractDraft, ContractId, NotAContract};
pub use corporate_action::{CorporateAction, NotACorporateAction};
pub use details::{ContractDetails, PriceBand};
pub use expiry::{Expiry, NotAnExpiry};
pub use identifier::{Cusip, Figi, Identifier, Isin, NotAnIdentifier, Ric, Scheme, Sedol};
/// An option on a stock or an index, under its everyday name: write `contracts::Option::new(…)`.
pub use instrument::OptionContract as Option;
pub use instrument::{
    AnyFuture, Basket, Bill, Bond, ById, Cfd, Combo, ComboLeg, Commodity, ContinuousFuture, Crypto,
    DeltaNeutral, Description, EventContract, FixedIncome, Forex, Forward, Fund, Future, FuturesOption, Ics,
    Icu, Identified, Index, Instrument, InstrumentKind, Issued, LegAction, LegEffect, NewsFeed, NotALeg,
    NotAnInstrument, NotOrderable, OptionContract, SecuritiesLending, ShortSale, Stock, StockBorrow,
    StructuredProduct, Warrant,
};
pub use option_chain::{NotAnOptionChain, OptionChain, OptionChainDraft};
pub use ports::{CatalogError, ContractCatalog};
pub use right::{NotARight, Right};
pub use sessions::{NotSessions, Session, TradingSessions};
