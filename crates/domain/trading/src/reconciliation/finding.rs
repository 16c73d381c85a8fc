//! One difference between what we know and what the broker tells.

use super::scope::{Looked, Scope};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use tradeport_kernel::{AccountId, Currency, Decimal, OrderKey, PermId, Symbol};

/// What a difference is about. With its [`Cause`] it is the identity of a break: the same fact is the same break, however
/// often it is found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "subject", rename_all = "snake_case")]
pub enum Subject {
    /// An order of ours.
    Order {
        /// Its key.
        key: OrderKey,
        /// Whose.
        account: AccountId,
        /// Of what.
        symbol: Symbol,
    },
    /// An order at the broker that is none of ours.
    BrokerOrder {
        /// The broker's durable number.
        perm_id: PermId,
        /// Whose.
        account: AccountId,
        /// Of what.
        symbol: Symbol,
    },
    /// What an account holds of an instrument.
    Position {
        /// Whose.
        account: AccountId,
        /// Of what.
        symbol: Symbol,
    },
    /// A row of a list of the broker's, whosever it is.
    Row {
        /// In which list.
        list: List,
        /// As people find it in the broker's own program.
        name: String,
    },
    /// What an account has in cash.
    Cash {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
    },
    /// A trade in a statement, or one that should be in it.
    Trade {
        /// Whose.
        account: AccountId,
        /// The execution's root, or the statement's own number of the trade.
        id: String,
        /// Which statement, by its days.
        statement: String,
    },
    /// A position in a statement of an instrument that we cannot name.
    Listed {
        /// Whose.
        account: AccountId,
        /// As the statement names it.
        name: String,
    },
    /// What a statement says an account holds of an instrument.
    StatedPosition {
        /// Whose.
        account: AccountId,
        /// Of what.
        symbol: Symbol,
    },
    /// What a statement says an account has in cash.
    StatedCash {
        /// Whose.
        account: AccountId,
        /// In which currency.
        currency: Currency,
    },
}

/// A list of the broker's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum List {
    /// Orders that could still trade.
    OpenOrders,
    /// Orders that have ended.
    CompletedOrders,
    /// Executions.
    Executions,
}

impl List {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OpenOrders => "open orders",
            Self::CompletedOrders => "orders that have ended",
            Self::Executions => "executions",
        }
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why there is a break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The broker works an order that came the way ours come, and the journal knows nothing of it.
    OrphanOrder,
    /// The broker works several orders under one key.
    SeveralOrders,
    /// More has traded than was ordered.
    Overfilled,
    /// The order has ended here, and the broker works it.
    EndedHere,
    /// The order lives here, and the broker tells neither of it nor of its end.
    GoneThere,
    /// Both know the order, and do not agree on what it says: whose and of what it is, which way, how much, and at which price where it
    /// is a limit or a stop and nothing else.
    OtherTerms,
    /// The broker tells of something that nobody here can read.
    Unread,
    /// The broker says that more of the order has traded than its executions add up to.
    ExecutionMissing,
    /// The broker's list of open orders says that less of the order has traded than its executions add up to: one of them may
    /// have been told under several numbers.
    FilledLessThere,
    /// The account holds another quantity than everything that was told adds up to.
    PositionMoved,
    /// The account has other cash than everything that was told adds up to.
    CashMoved,
    /// The statement has a trade that the journal does not have.
    TradeNotHere,
    /// The journal has a trade within the statement's time that the statement does not have.
    TradeNotStated,
    /// Both have the trade, and do not agree on what it says.
    OtherTrade,
    /// The statement holds another quantity.
    StatedPosition,
    /// The statement has other cash.
    StatedCash,
    /// The statement holds something that nothing here can name.
    UnknownInstrument,
}

impl Cause {
    /// Every cause.
    pub const ALL: [Self; 17] = [
        Self::OrphanOrder,
        Self::SeveralOrders,
        Self::Overfilled,
        Self::EndedHere,
        Self::GoneThere,
        Self::OtherTerms,
        Self::Unread,
        Self::ExecutionMissing,
        Self::FilledLessThere,
        Self::PositionMoved,
        Self::CashMoved,
        Self::TradeNotHere,
        Self::TradeNotStated,
        Self::OtherTrade,
        Self::StatedPosition,
        Self::StatedCash,
        Self::UnknownInstrument,
    ];

    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OrphanOrder => "orphan order",
            Self::SeveralOrders => "several orders under one key",
            Self::Overfilled => "more filled than ordered",
            Self::EndedHere => "ended here, open there",
            Self::GoneThere => "open here, gone there",
            Self::OtherTerms => "other terms",
            Self::Unread => "cannot be read",
            Self::ExecutionMissing => "execution missing",
            Self::FilledLessThere => "filled less there",
            Self::PositionMoved => "position break",
            Self::CashMoved => "cash break",
            Self::TradeNotHere => "trade not here",
            Self::TradeNotStated => "trade not in the statement",
            Self::OtherTrade => "trade told otherwise",
            Self::StatedPosition => "position of the statement",
            Self::StatedCash => "cash of the statement",
            Self::UnknownInstrument => "unknown instrument",
        }
    }

    /// What a person does about it.
    #[must_use]
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::OrphanOrder => "look at it in the broker's program; cancel it there if nobody wants it",
            Self::SeveralOrders => {
                "cancel the order until none of them is open, or all but one in the broker's program"
            }
            Self::Overfilled => {
                "hold the position against what you want, trade the difference by hand, then solve the break"
            }
            Self::EndedHere => "cancel it: tradeport order cancel, or in the broker's program",
            Self::GoneThere => {
                "look the order up in a statement, then end the break: until then it counts as working"
            }
            Self::OtherTerms => "look at the order in the broker's program: what it says there counts",
            Self::Unread => {
                "look at it in the broker's program; until it can be read, nothing is taken for gone that the list does not show"
            }
            Self::ExecutionMissing | Self::PositionMoved => "look the missing trade up in a statement",
            Self::FilledLessThere => {
                "look the order's trades up in the broker's program: one of them may have been told twice"
            }
            Self::CashMoved => {
                "look it up in a statement: interest, dividends, fees and transfers are told nowhere else"
            }
            Self::TradeNotHere => {
                "it was made elsewhere or never told: see that the position is what you want"
            }
            Self::TradeNotStated => "ask the broker; a trade of late in the day is in the next statement",
            Self::OtherTrade => "the statement counts: ask the broker where it does not",
            Self::StatedPosition => "look for a trade, a transfer or a corporate action that was never told",
            Self::StatedCash => "look for interest, dividends, fees and transfers in the statement",
            Self::UnknownInstrument => {
                "look the instrument up with tradeport contract show, then reconcile again"
            }
        }
    }

    /// Does it keep new orders of the contract from leaving?
    #[must_use]
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Overfilled | Self::SeveralOrders | Self::FilledLessThere)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Subject {
    /// Whose it is, where that is known.
    #[must_use]
    pub const fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Row { .. } => None,
            Self::Order { account, .. }
            | Self::BrokerOrder { account, .. }
            | Self::Position { account, .. }
            | Self::Cash { account, .. }
            | Self::Trade { account, .. }
            | Self::Listed { account, .. }
            | Self::StatedPosition { account, .. }
            | Self::StatedCash { account, .. } => Some(account),
        }
    }

    /// Of which instrument, where it is of one.
    #[must_use]
    pub const fn symbol(&self) -> Option<Symbol> {
        match self {
            Self::Order { symbol, .. }
            | Self::BrokerOrder { symbol, .. }
            | Self::Position { symbol, .. }
            | Self::StatedPosition { symbol, .. } => Some(*symbol),
            _ => None,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order { key, .. } => write!(f, "order {key}"),
            Self::Row { list, name } => write!(f, "{name} among the {list}"),
            Self::BrokerOrder { perm_id, account, symbol } => {
                write!(f, "broker's order {perm_id}, {account} {symbol}")
            }
            Self::Position { account, symbol } | Self::StatedPosition { account, symbol } => {
                write!(f, "{account} {symbol}")
            }
            Self::Cash { account, currency } | Self::StatedCash { account, currency } => {
                write!(f, "{account} cash in {currency}")
            }
            Self::Trade { account, id, .. } => write!(f, "{account} trade {id}"),
            Self::Listed { account, name } => write!(f, "{account} {name}"),
        }
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Finding {
    /// About what.
    pub subject: Subject,
    /// Why.
    pub cause: Cause,
    /// What we have.
    pub ours: String,
    /// What the broker says.
    pub broker: String,
    /// By how much the broker's number is larger, where both are numbers.
    pub difference: Option<Decimal>,
    /// By what it is found, and ended.
    pub scope: Scope,
}

/// Every difference, and what was looked at as a whole: what was not may hide more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    found: Vec<Finding>,
    looked: Looked,
    /// What could not be compared, and why.
    open_questions: BTreeSet<String>,
}

impl Findings {
    /// The differences, in the order of their subjects.
    #[must_use]
    pub fn found(&self) -> &[Finding] {
        &self.found
    }

    /// What was looked at as a whole.
    #[must_use]
    pub const fn looked(&self) -> &Looked {
        &self.looked
    }

    /// What could not be compared, and why.
    pub fn open_questions(&self) -> impl Iterator<Item = &str> {
        self.open_questions.iter().map(String::as_str)
    }

    pub(crate) fn add(&mut self, finding: Finding) {
        self.found.push(finding);
    }

    pub(super) fn looked_at(&mut self, scope: Scope) {
        self.looked.add(scope);
    }

    pub(super) fn by_login(&mut self, accounts: &BTreeSet<AccountId>) {
        self.looked.by_login(accounts);
    }

    pub(super) fn cannot_tell(&mut self, why: String) {
        self.open_questions.insert(why);
    }

    pub(super) fn sort(&mut self) {
        self.found.sort();
        self.found.dedup();
    }
}
