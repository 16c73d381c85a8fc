//! The meanings that a code can have.

use tradeport_connection::NoticeClass;

macro_rules! meanings {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal => $class:ident),+ $(,)?) => {
        /// What a code means to this adapter.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Meaning {
            $($(#[doc = $doc])+ $variant),+
        }

        impl Meaning {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it is written in a table.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// What it is to the rest of the platform.
            #[must_use]
            pub const fn class(self) -> NoticeClass {
                match self {
                    $(Self::$variant => NoticeClass::$class),+
                }
            }
        }
    };
}

meanings! {
    /// Nothing is wrong.
    Information = "information" => Information,
    /// The question is refused.
    Refused = "refused" => Refused,
    /// A new order is refused; of one that works, the change.
    OrderRefused = "order_refused" => Refused,
    /// The order is cancelled.
    OrderCancelled = "order_cancelled" => Information,
    /// The order lives; a person should read this.
    OrderWarning = "order_warning" => Information,
    /// The change is refused, and the order stands as it was.
    ChangeRefused = "change_refused" => Refused,
    /// The cancel is refused: where the order stands does not allow it.
    CancelRefused = "cancel_refused" => Refused,
    /// There is no order of this number.
    NoSuchOrder = "no_such_order" => Refused,
    /// No contract fits.
    UnknownContract = "unknown_contract" => Refused,
    /// Several contracts fit.
    AmbiguousContract = "ambiguous_contract" => Refused,
    /// There is none of the data that was asked for.
    NoData = "no_data" => Information,
    /// The account may not see the data.
    NoPermission = "no_permission" => Refused,
    /// Delayed data comes instead, or part of the data is missing.
    Delayed = "delayed" => Delayed,
    /// Too fast: wait and ask again.
    Pacing = "pacing" => Throttle,
    /// No line for another stream is left.
    Lines = "lines" => Throttle,
    /// A stream has ended; ask for it again.
    StreamEnded = "stream_ended" => Resubscribe,
    /// One of the broker's data servers is down.
    FarmDown = "farm_down" => BrokerOffline,
    /// One of the broker's data servers is being connected to.
    FarmConnecting = "farm_connecting" => Information,
    /// One of the broker's data servers is up.
    FarmUp = "farm_up" => BrokerOnline,
    /// One of the broker's data servers sleeps until it is needed.
    FarmIdle = "farm_idle" => Information,
    /// TWS has lost the broker's servers.
    BrokerOffline = "broker_offline" => BrokerOffline,
    /// TWS has found the broker's servers again; every stream goes on.
    BrokerBack = "broker_back" => BrokerOnline,
    /// TWS has found the broker's servers again; streams of market data are lost.
    BrokerBackDataLost = "broker_back_data_lost" => Resubscribe,
    /// This connection is about to end.
    SessionEnds = "session_ends" => BrokerOffline,
    /// Another connection has our client id.
    ClientIdTaken = "client_id_taken" => Refused,
    /// Client libraries say this themselves; TWS never does.
    ClientSide = "client_side" => Refused,
    /// In no table.
    Unknown = "unknown" => Unknown,
}

impl Meaning {
    /// The meaning of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.as_str() == name)
    }

    /// Does it end the order, or the wish about it, that it speaks of?
    #[must_use]
    pub const fn refuses_order(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::OrderRefused
                | Self::ChangeRefused
                | Self::UnknownContract
                | Self::AmbiguousContract
                | Self::NoPermission
                | Self::Pacing
        )
    }
}
