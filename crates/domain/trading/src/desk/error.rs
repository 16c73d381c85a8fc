//! Why the desk did not do what it was asked.

use crate::reconciliation::{NoSuchBreak, Origin};
use tradeport_contracts::CatalogError;
use tradeport_contracts::futures::NotAMargin;
use tradeport_kernel::{AccountId, Cause, OrderKey, StoreError, Symbol};
use tradeport_orders::strategy::{NotACombo, NotAStrategy};
use tradeport_orders::{
    CancelError, ChangeRefusal, GatewayError, JournalError, NotAnIntent, NotCleared, OrphanEntry,
    PreviewError,
};
use tradeport_portfolio::{AccountFeedError, NotATarget, PortfolioError};
use tradeport_risk::ResumeError;

/// Nothing was sent, unless it is [`Self::AnswerNotKept`] or [`Self::Cancel`].
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The broker knows no such instrument. Check the symbol.
    #[error("no contract is known for {0}")]
    UnknownSymbol(Symbol),
    /// What is ordered would be held under another name: limits would not count it together. Order it by that name; an exchange
    /// is said by the order's route.
    #[error("what is ordered as {symbol} is held as {held_as}: order it by that name")]
    HeldAs {
        /// The order's.
        symbol: Symbol,
        /// The broker's.
        held_as: Symbol,
    },
    /// The account is not one of this connection.
    #[error("account {0} is not known here")]
    UnknownAccount(AccountId),
    /// The statement is of an account that is not one of this connection.
    #[error("the statement is of account {account}, and here is {here}")]
    StatementOfAnother {
        /// Whose it is.
        account: AccountId,
        /// The accounts of this connection.
        here: String,
    },
    /// The statement speaks of days that have not come yet: it is of another year, or no statement of the broker's.
    #[error("the statement ends on {to}, and today is {today}")]
    StatementOfLater {
        /// Its last day.
        to: time::Date,
        /// The day that it is now, in UTC: no day of the broker is later.
        today: time::Date,
    },
    /// There is no such order in the journal.
    #[error("no order has the key {0}")]
    UnknownOrder(OrderKey),
    /// The broker works such an order, and it is none of ours: only whoever placed it can cancel it, or a person in the
    /// broker's own program.
    #[error("{key} is an order of others at the broker ({origin}: {what}): it cannot be cancelled from here")]
    NotOurs {
        /// The broker's durable number, or what the order bears in the place of a key.
        key: OrderKey,
        /// Where it comes from.
        origin: Origin,
        /// Which way, how much and of what.
        what: String,
    },
    /// One key is one intent, for ever: use another key for another intent.
    #[error("the key {0} was used before for another intent")]
    KeyReused(OrderKey),
    /// What it says asks what it would cost: a broker would take it for an order. Ask by a preview.
    #[error("order {0} is a question: it is never placed")]
    Question(OrderKey),
    /// The order has ended; there is nothing left to cancel.
    #[error("order {key} has ended: it is {state}")]
    Ended {
        /// Which order.
        key: OrderKey,
        /// How it stands.
        state: tradeport_orders::OrderState,
    },
    /// The order may not be changed like this; nothing was asked of the broker.
    #[error("order {key} cannot be changed like this")]
    Change {
        /// Which order.
        key: OrderKey,
        /// Why not.
        #[source]
        cause: ChangeRefusal,
    },
    /// The orders do not belong together.
    #[error("these orders are no family")]
    Family(#[from] NotAFamily),
    /// The legs make no strategy.
    #[error("these legs make no strategy")]
    Legs(#[from] NotAStrategy),
    /// More than can be computed with.
    #[error("the quantity of order {0} is too large to compute with")]
    TooLarge(OrderKey),
    /// The strategy cannot be traded as one order.
    #[error("the strategy cannot be ordered")]
    Strategy(#[from] NotACombo),
    /// The order contradicts itself.
    #[error("the order would not do")]
    Wording(#[from] NotAnIntent),
    /// The broker would not say what the order takes.
    #[error("there is no preview")]
    Preview(#[from] PreviewError),
    /// The broker's preview says nothing of margins.
    #[error("the broker does not say what margin {0} takes")]
    NoMargin(Symbol),
    /// What the broker says is no margin of one contract.
    #[error("the broker's preview says nothing of one contract")]
    Margin(#[from] NotAMargin),
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
    /// What does not fit could not be kept.
    #[error("the breaks could not be kept")]
    Breaks(#[source] StoreError),
    /// No break of this name stands.
    #[error(transparent)]
    NoSuchBreak(#[from] NoSuchBreak),
    /// The kill switch could not be kept. This process obeys it all the same; others may not know of it.
    #[error("the kill switch could not be kept: it holds in this process alone")]
    SwitchNotKept(#[source] StoreError),
    /// The kill switch was not resumed: it stands as it stood.
    #[error("the kill switch was not resumed")]
    NotResumed(#[source] ResumeError),
    /// The broker did not answer a question.
    #[error("the broker did not answer")]
    Gateway(#[from] GatewayError),
    /// What was under way was called off before the broker had told everything; nothing is changed by it.
    #[error("it was called off before the broker had told everything")]
    CalledOff,
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

impl DeskError {
    /// The same for others whom the same append was for: what was wrong with the store is wrong for all of them.
    pub(super) fn again(&self) -> Self {
        let cause = |cause: &Cause| Cause::from(cause.to_string());
        let store = |error: &StoreError| match error {
            StoreError::Full(why) => StoreError::Full(cause(why)),
            StoreError::ReadOnly(why) => StoreError::ReadOnly(cause(why)),
            StoreError::Unavailable(why) => StoreError::Unavailable(cause(why)),
            StoreError::Corrupt(why) => StoreError::Corrupt(cause(why)),
            StoreError::Unsupported(what) => StoreError::Unsupported(what),
        };
        match self {
            Self::KeyReused(key) => Self::KeyReused(key.clone()),
            Self::Journal(JournalError::Store(error)) => Self::Journal(JournalError::Store(store(error))),
            Self::Journal(JournalError::Unsupported(what)) => Self::Journal(JournalError::Unsupported(what)),
            Self::Replay(orphan) => Self::Replay(orphan.clone()),
            other => {
                let why = StoreError::Unavailable(other.to_string().into());
                Self::Journal(JournalError::Store(why))
            }
        }
    }
}

/// Why orders are no family: a parent, and children that name it or each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAFamily {
    /// Nobody.
    #[error("a family has a parent: give one order at least")]
    Empty,
    /// The first is a child itself.
    #[error("the first order, {0}, is the parent of all: it cannot have a parent")]
    ParentWithParent(OrderKey),
    /// A child of somebody else.
    #[error("order {0} names no parent among the orders before it")]
    Stranger(OrderKey),
    /// One key, two members.
    #[error("the key {0} is given twice")]
    KeyTwice(OrderKey),
    /// A member of another account.
    #[error("order {0} is for another account than its parent")]
    OtherAccount(OrderKey),
    /// A member of another strategy.
    #[error("order {0} is of another strategy than its parent")]
    OtherStrategy(OrderKey),
}
