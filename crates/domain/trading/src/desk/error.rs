//! Why the desk did not do what it was asked.

use tradeport_contracts::CatalogError;
use tradeport_kernel::{AccountId, Decimal, OrderKey, StoreError, Symbol};
use tradeport_orders::{CancelError, GatewayError, JournalError, NotCleared, OrphanEntry};
use tradeport_portfolio::{AccountFeedError, NotATarget, PortfolioError};

/// Nothing was sent, unless it is [`Self::AnswerNotKept`] or [`Self::Cancel`].
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The broker knows no such instrument. Check the symbol.
    #[error("no contract is known for {0}")]
    UnknownSymbol(Symbol),
    /// The account is not one of this connection.
    #[error("account {0} is not known here")]
    UnknownAccount(AccountId),
    /// There is no such order in the journal.
    #[error("no order has the key {0}")]
    UnknownOrder(OrderKey),
    /// One key is one intent, for ever: use another key for another intent.
    #[error("the key {0} was used before for another intent")]
    KeyReused(OrderKey),
    /// The order has ended; there is nothing left to cancel.
    #[error("order {key} has ended: it is {state}")]
    Ended {
        /// Which order.
        key: OrderKey,
        /// How it stands.
        state: tradeport_orders::OrderState,
    },
    /// The price is not a whole number of steps.
    #[error("a price of {price} does not fit {symbol}: its smallest step is {step}")]
    PriceStep {
        /// Of what.
        symbol: Symbol,
        /// The price given.
        price: Decimal,
        /// The step it must be a multiple of.
        step: Decimal,
    },
    /// The quantity is not a whole number of lots.
    #[error("a quantity of {quantity} does not fit {symbol}: its smallest step is {lot}")]
    Lot {
        /// Of what.
        symbol: Symbol,
        /// The quantity given.
        quantity: Decimal,
        /// The lot it must be a multiple of.
        lot: Decimal,
    },
    /// A price of zero or below, for an instrument that does not trade there.
    #[error("a price of {price} for {symbol} is not above zero")]
    PriceNotPositive {
        /// Of what.
        symbol: Symbol,
        /// The price given.
        price: Decimal,
    },
    /// No price to reckon a target with.
    #[error("the target cannot be reckoned: {0}")]
    NoPrice(String),
    /// There is no trade that reaches the target.
    #[error("the target cannot be reached")]
    Target(#[from] NotATarget),
    /// The catalog failed.
    #[error("the contract could not be looked up")]
    Catalog(#[source] CatalogError),
    /// The journal failed: nothing was sent that is not in it.
    #[error("the order journal failed")]
    Journal(#[from] JournalError),
    /// The order left, and what the broker answered could not be kept: what became of it is unknown until the desk is
    /// opened again and asks.
    #[error("order {key} was sent, but what became of it could not be kept")]
    AnswerNotKept {
        /// Which order.
        key: OrderKey,
        /// Why it could not be kept.
        #[source]
        cause: Box<DeskError>,
    },
    /// The journal contradicts itself.
    #[error("the order journal contradicts itself")]
    Replay(#[from] OrphanEntry),
    /// The audit log failed.
    #[error("the audit log failed")]
    Audit(#[source] StoreError),
    /// The broker did not answer a question.
    #[error("the broker did not answer")]
    Gateway(#[from] GatewayError),
    /// The broker said nothing about the accounts.
    #[error("the accounts could not be read")]
    Accounts(#[from] AccountFeedError),
    /// The cancel did not get through; the order's state says what is known.
    #[error("the order was not cancelled")]
    Cancel(#[from] CancelError),
    /// The portfolio cannot be computed.
    #[error("the portfolio cannot be computed")]
    Portfolio(#[from] PortfolioError),
    /// A bug of ours: the receipt is another order's.
    #[error("the order was not cleared")]
    NotCleared(#[from] NotCleared),
}
