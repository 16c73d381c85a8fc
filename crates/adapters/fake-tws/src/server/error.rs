//! Errors as the API tells them: a code, a text, and what they are about.

use crate::wire::proto::ErrorMessage;
use tradeport_kernel::Timestamp;

/// What an error's id says when it is about no request.
pub(crate) const NO_REQUEST: i32 = -1;

macro_rules! codes {
    ($($(#[$about:meta])* $name:ident = $code:literal;)*) => {
        /// The codes that the server sends.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$about])* $name,)*
        }

        impl Code {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its number.
            #[must_use]
            pub const fn number(self) -> i32 {
                match self { $(Self::$name => $code,)* }
            }
        }
    };
}

codes! {
    /// More messages a second than are allowed.
    TooManyMessages = 100;
    /// More market-data lines than are allowed.
    TooManyLines = 101;
    /// An order id that was used.
    DuplicateOrderId = 103;
    /// No such order to change.
    CannotChangeFilled = 104;
    /// A change that would make another order of it.
    ModifyMismatch = 105;
    /// A price between two price steps.
    PriceVariation = 110;
    /// A change that failed; the order stands as it was.
    CannotModify = 134;
    /// No such order to cancel.
    NoOrderToCancel = 135;
    /// A cancel of an order that is being cancelled.
    NotCancellable = 161;
    /// A history that cannot be had, or was asked for too fast.
    Historical = 162;
    /// No such contract.
    NoContract = 200;
    /// An order that was refused.
    OrderRefused = 201;
    /// An order that was cancelled.
    OrderCancelled = 202;
    /// No such subscription.
    NoSubscription = 300;
    /// More depth subscriptions than are allowed.
    TooMuchDepth = 309;
    /// No such depth subscription.
    NoDepthSubscription = 310;
    /// A book that must be built anew.
    DepthReset = 317;
    /// Shares of a group that do not add up to the order.
    OtherSizeThanShares = 144;
    /// A group without anybody.
    NoAllocation = 424;
    /// Percentages of a group that do not add up.
    BadPercentages = 10012;
    /// A fraction of a unit for a group.
    NoFractionsToShare = 10251;
    /// Money of a group that does not add up to the order's.
    OtherCashThanShares = 10294;
    /// A request that cannot be read.
    Unreadable = 320;
    /// A request that makes no sense.
    BadRequest = 321;
    /// A request that could not be done.
    Processing = 322;
    /// A client id that is taken.
    ClientIdInUse = 326;
    /// Only client 0 binds what persons enter.
    CannotBind = 327;
    /// A change into a kind of order that it cannot become.
    CannotChangeType = 329;
    /// A word about an order that lives.
    OrderMessage = 399;
    /// An order for nothing.
    ZeroSize = 434;
    /// An order that must name its account.
    NeedsAccount = 435;
    /// A child whose parent is not there.
    MissingParent = 10006;
    /// A cancel of an order that nobody knows.
    UnknownOrderToCancel = 10147;
    /// A cancel of an order that has ended.
    CannotCancelEnded = 10148;
    /// A cancel under a number that is none.
    InvalidOrderId = 10149;
    /// A change of the group that an order belongs to.
    GroupChanged = 10326;
    /// A change of the order that an order hangs on.
    ParentChanged = 10341;
    /// A sale of an event contract.
    EventNotSold = 10343;
    /// A price that an event contract cannot have.
    EventPrice = 10344;
    /// An order got its time in force from the presets.
    TimeFromPreset = 10349;
    /// No such scan.
    NoScanner = 365;
    /// The request id of a scan that runs.
    ScannerInUse = 385;
    /// No permission for this market data.
    NoMarketData = 354;
    /// No such historical request.
    NoHistoricalRequest = 366;
    /// The id of a historical request that is still open.
    DuplicateHistorical = 386;
    /// A stream of bars or ticks that cannot be had.
    RealTimeQuery = 420;
    /// A contract that is not allowed for this request.
    NotForContract = 10089;
    /// Some of the data needs a subscription.
    PartlySubscribed = 10090;
    /// No depth for this contract.
    NoDepth = 10092;
    /// Delayed data instead of live data.
    DelayedInstead = 10167;
    /// No permission for historical ticks.
    NoHistoricalTicks = 10187;
    /// No tick-by-tick data for this contract.
    NoTickByTick = 10189;
    /// More tick-by-tick requests than are allowed.
    TooMuchTickByTick = 10190;
    /// An article that cannot be had.
    NoNewsArticle = 10172;
    /// Groups of an advisor that name accounts of others.
    InvalidAccounts = 10231;
    /// Events are asked for before their kinds.
    WshMetaFirst = 10282;
    /// A question for events that makes no sense.
    WshEventInvalid = 10309;
    /// Fundamentals are not given.
    NoFundamentals = 10358;
    /// Another kind of data must be asked for.
    OtherData = 10299;
    /// A date and time that cannot be read.
    BadDateTime = 10314;
    /// A continuous future has no history that ends in the past.
    ContinuousEnd = 10339;
    /// The server has lost its own connection.
    ConnectivityLost = 1100;
    /// It is back, and subscriptions are lost.
    RestoredDataLost = 1101;
    /// It is back, and subscriptions stand.
    RestoredDataKept = 1102;
    /// Which exchanges a smart book is made of.
    SmartDepthVenues = 2152;
    /// A market-data farm is connected.
    FarmConnected = 2104;
    /// A history farm is connected.
    HistoryFarmConnected = 2106;
    /// The farm for contract data is connected.
    DefinitionsConnected = 2158;
}

/// An error as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// About which request or order; -1 for none.
    pub id: i32,
    /// Which.
    pub code: Code,
    /// What it says.
    pub text: String,
}

impl ApiError {
    /// One about a request or an order.
    #[must_use]
    pub fn about(id: i32, code: Code, text: impl Into<String>) -> Self {
        Self { id, code, text: text.into() }
    }

    /// One about the connection.
    #[must_use]
    pub fn notice(code: Code, text: impl Into<String>) -> Self {
        Self::about(NO_REQUEST, code, text)
    }

    /// A request that cannot be understood, and why: 321.
    #[must_use]
    pub fn invalid(id: i32, cause: impl std::fmt::Display) -> Self {
        Self::about(id, Code::BadRequest, format!("Error validating request.-'bO' : cause - {cause}"))
    }

    /// As it goes over the wire.
    #[must_use]
    pub fn message(self, now: Timestamp) -> ErrorMessage {
        ErrorMessage {
            id: Some(self.id),
            error_time: Some(now.nanos() / 1_000_000),
            error_code: Some(self.code.number()),
            error_msg: Some(self.text),
            advanced_order_reject_json: None,
        }
    }
}
