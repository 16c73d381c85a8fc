//! What goes into an exchange and what comes out.

use crate::fault::Fault;
use serde::{Deserialize, Serialize};
use tradeport_contracts::{Contract, CorporateAction};
use tradeport_kernel::{
    AccountId, BrokerOrderId, Decimal, OrderKey, PermId, Price, Quantity, Symbol, Timestamp,
};
use tradeport_market_data::Quote;
use tradeport_orders::{BrokerStatus, Commission, Execution, OrderChange, OrderIntent, Side};
use tradeport_portfolio::Position;

/// One thing that happens to an exchange.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "input", rename_all = "snake_case")]
pub enum Input {
    /// A quote of the market around it: what orders trade against. One of a combo changes nothing: it follows from its
    /// legs.
    Quote {
        /// The quote.
        quote: Quote,
    },
    /// Time passes: sessions open and close, orders become active or run out.
    Advance,
    /// An order arrives. A second one of the same key is the same order.
    Submit {
        /// What is wanted.
        intent: OrderIntent,
    },
    /// An order of a family arrives, of which others follow: it waits here, asleep, and so do they. The one of them that
    /// is submitted is the last: with it all set out for the book. What never gets a last one runs out with nothing but
    /// a cancel.
    Hold {
        /// What is wanted.
        intent: OrderIntent,
    },
    /// An adviser's order arrives: one order, of which each of these accounts gets its share. Combos are not shared.
    SubmitShared {
        /// What is wanted; its account is one of those below.
        intent: OrderIntent,
        /// The accounts, each once, with their weights: zero or above, and not all zero.
        shares: Vec<(AccountId, Decimal)>,
    },
    /// A change of an order arrives.
    Change {
        /// Which order.
        key: OrderKey,
        /// What is to be different.
        change: Box<OrderChange>,
    },
    /// A cancel arrives.
    Cancel {
        /// Which order.
        key: OrderKey,
    },
    /// A contract begins to be traded; one that is traded already, by its symbol or by its id, changes nothing. A combo's
    /// legs are listed before it; it trades while all of them do, whatever its own hours say.
    List {
        /// Which.
        contract: Box<Contract>,
    },
    /// A split, in force once its time has come.
    Split {
        /// Which.
        action: CorporateAction,
    },
    /// Arms a fault.
    Fault {
        /// Which.
        fault: Fault,
    },
    /// Somebody trades with this one working order, at its limit or else at the last price, whatever is displayed and
    /// whoever stands ahead: a lever for scripts. Nothing happens to an order that is not working.
    Trade {
        /// Which order.
        key: OrderKey,
        /// How much; no more than is open is traded.
        quantity: Quantity,
    },
    /// The exchange corrects the price of an order's last execution.
    Correct {
        /// Which order.
        key: OrderKey,
        /// The right price.
        price: Price,
    },
    /// The exchange cancels an order's last execution, or all but `left` of it.
    ///
    /// What is left is a new revision with that quantity. An execution that is cancelled as a whole is among those
    /// reported no more, and no message says so: cash and position tell. What was cancelled is not traded again, and what
    /// it cost stays paid: such a refund comes with a statement.
    Bust {
        /// Which order.
        key: OrderKey,
        /// How much of it still counts, less than there was; `None` for nothing.
        left: Option<Quantity>,
    },
    /// The exchange reports an order's last execution once more.
    Repeat {
        /// Which order.
        key: OrderKey,
    },
    /// Options that an account holds end: they go, and what they are on comes, both as executions of this order, which
    /// the exchange need not know.
    Deliver {
        /// Under which key it is told.
        key: OrderKey,
        /// Whose.
        account: AccountId,
        /// Which options.
        symbol: Symbol,
        /// How many.
        quantity: Quantity,
        /// What each pays in cash, in price units; zero where something is delivered, and for what lapses.
        price: Price,
        /// What comes for them.
        delivered: Option<Delivered>,
    },
}

/// What comes for options that are exercised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivered {
    /// What.
    pub symbol: Symbol,
    /// Does it come, or does it go?
    pub side: Side,
    /// How much.
    pub quantity: Quantity,
    /// At which price: the strike.
    pub price: Price,
}

/// One thing that an exchange says, and when by its clock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// When.
    pub at: Timestamp,
    /// What.
    pub event: ExchangeEvent,
}

/// What an exchange says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum ExchangeEvent {
    /// An order was taken, or had been taken before under this key.
    Taken {
        /// Which.
        key: OrderKey,
        /// Its durable number.
        perm_id: PermId,
        /// Its number within the connection.
        broker_order_id: BrokerOrderId,
    },
    /// An order was not taken.
    Refused {
        /// Which.
        key: OrderKey,
        /// Why.
        reason: String,
    },
    /// A change was made.
    Changed {
        /// Of which order.
        key: OrderKey,
    },
    /// A change was not made; the order stands as it was.
    ChangeRefused {
        /// Of which order.
        key: OrderKey,
        /// Why.
        reason: String,
    },
    /// A cancel was taken; its end comes as a status.
    CancelTaken {
        /// Of which order.
        key: OrderKey,
    },
    /// There is no live order of this key.
    NoSuchOrder {
        /// Which key.
        key: OrderKey,
    },
    /// Where an order stands.
    Status {
        /// Which.
        key: OrderKey,
        /// Where.
        status: BrokerStatus,
    },
    /// Some of an order traded.
    Executed {
        /// What.
        execution: Execution,
    },
    /// An execution counts no more. For whoever keeps books of the exchange; no broker tells it.
    Busted {
        /// As it was.
        execution: Execution,
    },
    /// What an execution cost.
    Charged {
        /// Of which order.
        key: OrderKey,
        /// How much.
        commission: Commission,
    },
    /// An account holds something else now.
    Position {
        /// Whose.
        account: AccountId,
        /// What.
        position: Position,
    },
    /// A contract was not listed.
    NotListed {
        /// Which.
        symbol: Symbol,
        /// Why.
        reason: String,
    },
    /// Nothing was done: this instrument is not traded here.
    UnknownSymbol {
        /// Which.
        symbol: Symbol,
    },
}
