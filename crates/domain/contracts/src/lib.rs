//! What can be traded, and when: instruments, the broker's description of them, trading sessions, splits.
//!
//! An [`Instrument`] says what is meant; a [`Contract`] is what the broker's catalog answers: its id, price step, lot,
//! currency and hours. The rest of the platform names an instrument by its `Symbol`.
//!
//! Left out: prices (`market-data`) and how to order (`orders`).

mod contract;
mod corporate_action;
mod instrument;
mod ports;
mod sessions;

pub use contract::{Contract, ContractDraft, ContractId, NotAContract};
pub use corporate_action::{CorporateAction, NotACorporateAction};
pub use instrument::{Instrument, NotAnInstrument, Stock};
pub use ports::{CatalogError, ContractCatalog};
pub use sessions::{NotSessions, Session, TradingSessions};
